"""The order of the pending queue: priority, then age, and no wait without end."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.queue.ordering import PATIENCE_MS, Item, ordered, overtakes_after_ms, rank

NOON, MINUTE, HOUR = 1_700_000_000_000, 60_000, 3_600_000

since = st.integers(NOON, NOON + 6 * HOUR)
streams = st.lists(st.tuples(st.integers(1, 5), since), max_size=40).map(
    lambda rows: [Item(f"i{number:02}", priority, at) for number, (priority, at) in enumerate(rows)]
)


def test_among_those_that_came_together_the_most_urgent_is_first():
    """Priority, then age."""
    items = [Item(str(priority), priority, NOON) for priority in (5, 3, 1, 4, 2)]
    assert [item.priority for item in ordered(items)] == [1, 2, 3, 4, 5]
    assert [item.id for item in ordered([Item("b", 3, NOON + 1), Item("a", 3, NOON)])] == ["a", "b"]


@given(streams, st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_depend_on_how_items_came(items, dice):
    """Whatever the order in which items are given, one order comes out; equals go by id."""
    shuffled = list(items)
    dice.shuffle(shuffled)
    assert ordered(shuffled) == ordered(items)
    assert len({rank(item) for item in items}) == len(items)


@given(streams)
def test_priority_1_stands_on_top_by_age(items):
    """No patience of others brings anything before a priority 1."""
    found = ordered(items)
    top = [item for item in found if item.priority == 1]
    assert found[: len(top)] == top
    assert top == sorted(top, key=lambda item: (item.since, item.id))


@given(streams, st.integers(2, 5), since)
def test_what_comes_later_than_its_patience_never_ranks_before_an_item(items, priority, at):
    """The bound on a rank: before an item stand only priority 1 and what came within its patience, whatever comes."""
    mine = Item("mine", priority, at)
    before = ordered([*items, mine])[: ordered([*items, mine]).index(mine)]
    for item in before:
        assert item.priority == 1 or item.since <= mine.since + PATIENCE_MS[priority]
    late = [Item(f"late{n}", 2, at + PATIENCE_MS[priority] + 1 + n) for n in range(200)]
    again = ordered([*items, *late, mine])
    assert again.index(mine) <= len(items)  # two hundred more urgent arrivals have not moved it


@given(streams, streams)
def test_between_two_that_wait_the_order_never_changes(items, more):
    """Nothing jumps: what else comes or goes changes no one's place towards another."""
    more = [item._replace(id=f"x{item.id}") for item in more]
    kept = [item for item in ordered([*items, *more]) if item in items]
    assert kept == ordered(items)


@pytest.mark.parametrize(("priority", "other"), list(itertools.product(range(1, 6), repeat=2)))
def test_an_item_overtakes_after_the_time_that_is_stated(priority, other):
    """Older by that much and a millisecond it ranks first, by one less it does not, for every pair of priorities."""
    after = overtakes_after_ms(priority, other)
    newer = Item("a", other, NOON)
    if after is None:
        assert ordered([Item("b", priority, NOON - 1000 * HOUR), newer])[0] == newer
        return
    if priority == 1 and other > 1:
        assert ordered([Item("b", priority, NOON + 1000 * HOUR), newer])[0].id == "b"
    if priority > 1 or other == 1:
        assert ordered([Item("b", priority, NOON - after - 1), newer])[0].id == "b"
    if priority > 1:
        assert ordered([Item("b", priority, NOON - after + 1), newer])[0] == newer

"""Belief over two times: what a ledger says of position P and time T equals a slow reading of the same lines."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.adapters.ledgers import SqlLedger, open_database
from redstick.kernel.envelope import Envelope
from redstick.kernel.errors import Corruption
from redstick.kernel.fold import Fact
from redstick.kernel.ledgers import FOREVER, Column, Kind, Mark, Plan, Put, Revise, Table
from redstick.kernel.values import Event, event

FEW, MANY = settings(max_examples=30), settings(max_examples=300)
TIMES = range(8)
NAMES = ("a", "b")
WHOLE = Table("whole", "Rows that are put and revised.", (Column("name"),), (Column("x"), Column("y")))
MARKED = Table("marked", "Rows that are put and marked.", (Column("name"),), (Column("x"), Column("y")))


class Said(msgspec.Struct, frozen=True):
    """One change, as an event can carry it."""

    how: str
    table: str
    name: str
    values: dict[str, str]
    since: int | None


@event("test.spoken")
class Spoken(Event, frozen=True):
    """A line that brings some changes."""

    said: list[Said]


def project_spoken(happened, envelope, known):
    """The changes as they are told."""
    make = {"put": Put, "revise": Revise, "mark": Mark}
    return [make[one.how](one.table, (one.name,), one.values, one.since) for one in happened.said]


PLAN = Plan("test", 1, (WHOLE, MARKED), {Spoken: project_spoken})

columns = st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from("123"), min_size=1)
times = st.sampled_from(TIMES)
changes = st.sampled_from([("put", "whole"), ("revise", "whole"), ("put", "marked"), ("mark", "marked")]).flatmap(
    lambda kind: st.builds(Said, st.just(kind[0]), st.just(kind[1]), st.sampled_from(NAMES), columns, st.none() | times)
)
lines = st.lists(st.tuples(times, st.lists(changes, max_size=3)), max_size=12)
CUTS = st.lists(st.integers(0, 12), max_size=4)


def facts_of(told, hash_of=lambda position: bytes([position]) * 32):
    """Lines as facts: the line at position p is recorded at 100 p."""
    made = []
    for position, (at, said) in enumerate(told, start=1):
        envelope = Envelope(position, 100 * position, at, "test.spoken", 1, f"actor {position}", "c", "d", b"{}")
        made.append(Fact(envelope, Spoken(said), hash_of(position)))
    return made


def read_slowly(facts, table, name, position, about):
    """The row at time `about` as the lines up to `position` tell it, by a function over all times."""
    held = dict.fromkeys(TIMES)
    begun = set()
    for fact in facts[:position]:
        for one in fact.event.said:
            if (one.table, one.name) != (table, name):
                continue
            since = fact.envelope.at if one.since is None else one.since
            row = {"x": None, "y": None} | one.values
            until = min((when for when in begun if when > since), default=len(TIMES))
            if one.how == "put":
                held = {when: row if when >= since else None for when in TIMES}
                begun = {since}
            elif one.how == "mark":
                held |= dict.fromkeys(range(since, until), row)
                begun.add(since)
            else:
                held |= {when: held[when] | one.values for when in TIMES if when >= since and held[when] is not None}
    return held[about]


def shown(rows):
    """The row of a name, or None."""
    return {row["name"]: {"x": row["x"], "y": row["y"]} for row in rows}


@FEW
@given(lines, CUTS)
def test_belief_at_any_position_about_any_time(told, cuts):
    """For every position, every recorded time and every valid time, a row is what a slow reading of the lines says."""
    ledger, facts = SqlLedger(open_database(None), PLAN), facts_of(told)
    bounds = sorted({0, len(facts), *(cut for cut in cuts if cut < len(facts))})
    for start, end in pairwise(bounds):
        ledger.apply(facts[start:end])
    for position in range(len(facts) + 1):
        for about in TIMES:
            for table in ("whole", "marked"):
                slow = {name: row for name in NAMES if (row := read_slowly(facts, table, name, position, about))}
                assert shown(ledger.rows(table, about=about, position=position)) == slow
                assert shown(ledger.rows(table, about=about, recorded_at=100 * position + 99)) == slow


@FEW
@given(lines)
def test_how_lines_are_cut_into_batches_does_not_matter(told):
    """Every version is the same, whether the lines came one by one or all at once."""
    facts = facts_of(told)
    ledgers = [SqlLedger(open_database(None), PLAN) for _ in range(2)]
    ledgers[0].apply(facts)
    for fact in facts:
        ledgers[1].apply([fact])
    for table in ("whole", "marked"):
        assert ledgers[0].history(table) == ledgers[1].history(table)


@FEW
@given(lines)
def test_nothing_is_overwritten(told):
    """A version, once there, stays as it is but for the end of the belief in it, which comes once."""
    ledger, seen = SqlLedger(open_database(None), PLAN), {}
    for fact in facts_of(told):
        ledger.apply([fact])
        now = {
            (table, row["name"], row["valid_from"], row["position_from"]): row
            for table in ("whole", "marked")
            for row in ledger.history(table)
        }
        for place, row in seen.items():
            ends = {"position_to", "recorded_to"}
            assert {k: v for k, v in row.items() if k not in ends} == {
                k: v for k, v in now[place].items() if k not in ends
            }
            assert row["position_to"] in (FOREVER, now[place]["position_to"])
        seen = now


@pytest.mark.slow
@MANY
@given(lines, CUTS)
def test_all_three_hold_over_many_more(told, cuts):
    """The same, at length."""
    test_belief_at_any_position_about_any_time.hypothesis.inner_test(told, cuts)
    test_how_lines_are_cut_into_batches_does_not_matter.hypothesis.inner_test(told)
    test_nothing_is_overwritten.hypothesis.inner_test(told)


def test_a_version_says_who_wrote_it_and_when():
    """Actor, position and recorded time of its line; open ends are the last millisecond of the year 9999."""
    ledger = SqlLedger(open_database(None), PLAN)
    ledger.apply(facts_of([(3, [Said("put", "whole", "a", {"x": "1"}, None)])]))
    [row] = ledger.rows("whole")
    assert row == {
        "name": "a",
        "x": "1",
        "y": None,
        "valid_from": 3,
        "valid_to": 253_402_300_799_999,
        "recorded_from": 100,
        "recorded_to": 253_402_300_799_999,
        "position_from": 1,
        "position_to": 253_402_300_799_999,
        "recorded_by": "actor 1",
    }


def test_a_column_that_is_not_declared_is_refused():
    """A projection that names a stranger, or half a key, is a fault of its own: nothing of the batch is kept."""
    ledger = SqlLedger(open_database(None), PLAN)
    for said in (Said("put", "whole", "a", {"z": "1"}, None), Said("revise", "whole", "a", {"z": "1"}, None)):
        facts = facts_of([(1, [Said("put", "whole", "a", {"x": "1"}, None)]), (2, [said])])
        with pytest.raises(Corruption, match=r"position 2: test\.spoken .* no column"):
            ledger.apply(facts)
        assert ledger.rows("whole") == []
        assert ledger.standing().position == 0
    with pytest.raises(ValueError, match="stands twice"):
        Table("t", "", (Column("valid_to", Kind.INSTANT),), ())


@pytest.mark.parametrize("value", [2**63, -(2**63), 10**40, "a\x00b"])
def test_what_no_column_can_hold_stops_nothing(value):
    """A number beyond 64 bits is left empty, a NUL in a text is shown by its symbol: the journal has both."""
    plan = Plan(
        "odd",
        1,
        (Table("odd", "", (Column("name"),), (Column("x", Kind.INTEGER), Column("y"))),),
        {Spoken: lambda happened, envelope, known: [Put("odd", ("n\x00",), {"x": number, "y": text})]},
    )
    number, text = (value, None) if isinstance(value, int) else (None, value)
    ledger = SqlLedger(open_database(None), plan)
    ledger.apply(facts_of([(2**70, [])]))
    [row] = ledger.rows("odd", {"name": "n\x00"})
    assert (row["x"], row["y"]) == (None, text and "a␀b")

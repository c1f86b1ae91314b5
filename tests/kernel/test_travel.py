"""The house as it was, at every position and moment; and two journals that hold each other."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.adapters.memory import MemoryJournal
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Executor
from redstick.kernel.snapshots import written_snapshot
from redstick.kernel.travel import at_moment, at_position
from redstick.kernel.values import Request
from redstick.server.audiences import Audiences
from redstick.simulation.world import proving
from redstick.simulation.world.proving import AUDIENCES, BoxView, OpenBox, Put, SetAlarm

NOON = 1_700_000_000_000
DOMAINS = [proving.domain]
acts = st.lists(
    st.tuples(st.sampled_from([OpenBox("x"), Put("x", 7), Put("x", 3), SetAlarm("x", 90)]), st.integers(0, 99))
)


def lived(acts):
    """A driver that has lived through acts, what it was behind each line, and when; snapshots on the way."""
    driver = SynchronousDriver(Executor(DOMAINS), MemoryJournal())
    was, snapshots, now = {0: written_snapshot(driver.executor.snapshot())}, [], NOON
    for count, (act, wait) in enumerate(acts):
        now += wait
        driver.executor.submit(Request(f"r{count}", act, "t"))
        while driver.executor.decide(now, 1):
            driver.commit()
            was[driver.executor.durable.position] = written_snapshot(driver.executor.snapshot())
        if count % 3 == 0:
            snapshots.append(driver.executor.snapshot())
    return driver, was, snapshots


@settings(max_examples=40)
@given(acts)
def test_any_position_is_rebuilt_as_it_was(acts):
    """Byte for byte, from the first line or from a snapshot on the way."""
    driver, was, snapshots = lived(acts)
    for position, then in was.items():
        assert written_snapshot(at_position(DOMAINS, driver.journal, position).snapshot()) == then
        assert written_snapshot(at_position(DOMAINS, driver.journal, position, snapshots).snapshot()) == then


@settings(max_examples=40)
@given(acts)
def test_any_moment_is_rebuilt_as_it_was(acts):
    """What had been recorded by then, and nothing later."""
    driver, was, snapshots = lived(acts)
    moments = [(NOON - 1, 0), *((opened(line).recorded_at, opened(line).position) for line in driver.journal.read())]
    for (moment, position), (later, _) in pairwise([*moments, (NOON + 10**9, 0)]):
        if later > moment:
            found = at_moment(DOMAINS, driver.journal, moment, snapshots)
            assert found.durable.position == position
            assert written_snapshot(found.snapshot()) == was[position]


def test_a_seat_is_rebuilt_with_its_state():
    """The rows that an audience saw at a position are drawn again from the state of that position."""
    driver = SynchronousDriver(Executor(DOMAINS), MemoryJournal())
    audiences = Audiences(BoxView(), AUDIENCES, driver.executor.committed, 0, NOON)
    driver.listen(lambda facts: audiences.note(driver.executor.committed, facts))
    seen = {}
    for count, act in enumerate([OpenBox("x", "a note"), Put("x", 7), OpenBox("y"), Put("y", 1)]):
        driver.run([Request(f"r{count}", act, "t")], NOON)
        position = driver.executor.durable.position
        audiences.publish(driver.executor.committed, position, NOON)
        seen[position] = {name: board.snapshot().rows for name, board in audiences.boards.items()}
    for position, rows in seen.items():
        then = at_position(DOMAINS, driver.journal, position)
        again = Audiences(BoxView(), AUDIENCES, then.committed, position, NOON)
        assert {name: board.snapshot().rows for name, board in again.boards.items()} == rows


def test_two_journals_hold_each_others_heads():
    """Each writes down where the other stands; the newest is kept, and a head that goes back is refused."""
    one, other = (SynchronousDriver(Executor(DOMAINS), MemoryJournal()) for _ in range(2))
    for count in range(3):
        one.run([Request(f"r{count}", OpenBox(f"x{count}"), "t")], NOON)
        other.executor.anchor("one", one.executor.durable)
        one.executor.anchor("other", other.executor.durable)
        other.commit()
        one.commit()
    position, held = other.executor.committed["kernel"].anchors["one"]
    line = next(iter(one.journal.read(position - 1)))
    assert line[:64].decode() == held
    other.executor.anchor("one", type(one.executor.durable)(2, b"x" * 32))
    other.commit()
    assert opened(list(other.journal.read())[-1]).kind == "kernel.rejected"

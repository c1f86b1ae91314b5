"""Timers, reactions and recalls: what happens by itself happens once, whatever is restarted in between."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.adapters.memory import MemoryJournal
from redstick.kernel.domain import Domain
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Executor, Lane, Limits
from redstick.kernel.reactions import Reaction
from redstick.kernel.recall import RetirementsInMemory
from redstick.kernel.snapshots import read_snapshot, written_snapshot
from redstick.kernel.system import ResumeDomain
from redstick.kernel.timers import Start, Stop, Timers
from redstick.kernel.values import Request
from redstick.simulation.world import proving
from redstick.simulation.world.proving import (
    CloseBox,
    OpenBox,
    Put,
    ReopenBox,
    RetireBox,
    RingAlarm,
    SetAlarm,
    StopAlarm,
    Transfer,
)

NOON = 1_700_000_000_000


class Desk:
    """The proving ground on a journal in memory, restarted at will."""

    def __init__(self):
        self.journal, self.count = MemoryJournal(), 0
        self.restart()

    def restart(self, snapshot=None, retired=None):
        """A new process on the same journal."""
        executor = Executor([proving.domain, proving.fragile])
        if retired is not None:
            executor.retired = retired
        self.driver = SynchronousDriver(executor, self.journal, snapshot=snapshot)

    def ask(self, command, now=NOON, **more):
        """The outcome of one command."""
        self.count += 1
        [outcome] = self.driver.run([Request(f"c{self.count}", command, "tester", **more)], now)
        return outcome

    @property
    def boxes(self):
        """The committed boxes."""
        return self.driver.executor.committed["proving"].boxes

    def kinds(self):
        """Kinds of all lines, without their domain."""
        return [opened(line).kind.partition(".")[2] for line in self.journal.read()]

    def causes(self):
        """Causes of all lines."""
        return [opened(line).cause for line in self.journal.read()]


@pytest.fixture
def desk():
    desk = Desk()
    desk.ask(OpenBox("x"))
    return desk


def test_a_timer_fires_when_it_is_due_and_not_before(desk):
    """Nothing happens a millisecond early; at the millisecond it does, under an id made of key and position."""
    desk.ask(SetAlarm("x", 500))
    desk.driver.drain(NOON + 499)
    assert desk.boxes["x"].rung == 0
    assert desk.driver.executor.next_due() == NOON + 500
    desk.driver.drain(NOON + 500)
    assert desk.boxes["x"].rung == 1
    assert desk.causes()[-1] == "timer:alarm:x:2"
    desk.driver.drain(NOON + 5_000)
    assert desk.boxes["x"].rung == 1
    assert desk.driver.executor.next_due() is None


def test_a_timer_set_anew_fires_once_at_its_new_time(desk):
    """The same key again replaces the timer; the old moment passes in silence."""
    desk.ask(SetAlarm("x", 500))
    desk.ask(SetAlarm("x", 900))
    desk.driver.drain(NOON + 899)
    assert desk.boxes["x"].rung == 0
    desk.driver.drain(NOON + 10_000)
    assert desk.boxes["x"].rung == 1


def test_a_stopped_timer_is_silent(desk):
    """Stopping is an event like any other, and final."""
    desk.ask(SetAlarm("x", 500))
    desk.ask(StopAlarm("x"))
    desk.driver.drain(NOON + 10_000)
    assert desk.boxes["x"].rung == 0


def test_a_card_entered_late_starts_its_timers_now(desk):
    """Timers follow the time of recording: an event from an hour ago does not ring at once."""
    desk.ask(SetAlarm("x", 500), at=NOON - 3_600_000)
    desk.driver.drain(NOON + 499)
    assert desk.boxes["x"].rung == 0
    desk.driver.drain(NOON + 500)
    assert desk.boxes["x"].rung == 1


def test_a_restart_neither_loses_nor_doubles_a_timer(desk):
    """Set before a restart, it fires behind it; fired before a restart, it does not fire again."""
    desk.ask(SetAlarm("x", 500))
    desk.restart()
    desk.driver.drain(NOON + 600)
    desk.restart()
    desk.driver.drain(NOON + 700)
    assert desk.boxes["x"].rung == 1
    assert desk.kinds().count("alarm_rang") == 1


def test_a_refused_timer_is_an_event_and_is_over(desk):
    """The box is gone when its alarm is due: the refusal is written down once."""
    desk.ask(SetAlarm("x", 10_000))
    desk.ask(CloseBox("x"))
    desk.driver.drain(NOON + 3_000)
    assert "x" not in desk.boxes
    desk.driver.drain(NOON + 20_000)
    assert desk.kinds()[-1] == "rejected"
    count = len(desk.kinds())
    desk.driver.drain(NOON + 30_000)
    assert len(desk.kinds()) == count


def test_timers_due_together_fire_by_key(desk):
    """A tie has one order, so that the same seed gives the same bytes."""
    timers = Timers()
    timers.change([Start(key, 5, RingAlarm(key)) for key in "cab"], 1)
    timers.change([Stop("c"), Start("d", 4, RingAlarm("d"))], 2)
    order = []
    while (timer := timers.next()) is not None:
        order.append(timer.key)
        timers.end(timer.id)
    assert order == ["d", "a", "b"]


def test_what_was_asked_by_a_reaction_has_one_answer(desk):
    """Seven divides the total: the stamp follows under an id made of the reaction's name and the event's position."""
    desk.ask(Put("x", 14))
    assert desk.boxes["x"].stamps == 1
    assert desk.causes()[-1] == "reaction:stamping:2:0"


def test_a_reaction_that_was_not_answered_is_owed_behind_a_restart(desk):
    """The process ends between the event and its reaction: the next one asks what is owed, and only once."""
    executor = desk.driver.executor
    executor.submit(Request("put", Put("x", 7), "tester"))
    executor.decide(NOON)
    desk.driver.commit()
    assert desk.boxes["x"].stamps == 0
    for _ in range(3):
        desk.restart()
        desk.driver.drain(NOON)
    assert desk.boxes["x"].stamps == 1
    assert desk.kinds().count("stamped") == 1


def test_a_reaction_whose_code_fails_is_written_down():
    """What it would have asked, a person must see to; the event stands, the domain goes on."""
    failing = Reaction("failing", proving.AmountPut, lambda state, happened, envelope: 1 // 0)
    domain = Domain("proving", proving.Proving, proving.domain.deciders, proving.domain.appliers, reactions=(failing,))
    journal = MemoryJournal()
    driver = SynchronousDriver(Executor([domain]), journal)
    driver.run([Request("a", OpenBox("x"), "t"), Request("b", Put("x", 1), "t")], NOON)
    assert [opened(line).kind for line in journal.read()][-1] == "kernel.reaction_failed"
    assert driver.run([Request("c", Put("x", 1), "t")], NOON)[0].accepted


def test_a_closed_thing_leaves_the_live_state_and_comes_back_for_a_command(desk):
    """Retired after its while; a command on it brings it back first, as it was."""
    desk.ask(Put("x", 3))
    desk.ask(CloseBox("x"))
    desk.driver.drain(NOON + proving.RETIRE_MS)
    assert desk.boxes == {}
    assert desk.ask(ReopenBox("x"), NOON + 9_000).accepted
    assert (desk.boxes["x"].amount, desk.boxes["x"].closed) == (3, False)
    assert desk.kinds()[-2:] == ["box_recalled", "box_reopened"]


def test_an_id_is_not_used_twice_because_its_thing_was_retired(desk):
    """Making a box of a retired one's name is refused as if it stood there, which it then does."""
    desk.ask(CloseBox("x"))
    desk.driver.drain(NOON + proving.RETIRE_MS)
    assert desk.ask(OpenBox("x"), NOON + 9_000).rejection.code == "box_known"


def test_a_thing_whose_retirement_is_still_in_flight_comes_back(desk):
    """No index knows a line that is not durable yet; the executor does."""
    desk.ask(CloseBox("x"))
    executor = desk.driver.executor
    executor.decide(NOON + proving.RETIRE_MS)
    executor.submit(Request("reopen", ReopenBox("x"), "t"))
    executor.decide(NOON + proving.RETIRE_MS)
    [outcome] = desk.driver.commit()
    assert outcome.accepted
    assert "x" in desk.boxes


def test_an_index_that_names_the_wrong_line_is_refused_by_name(desk):
    """A damaged index of retired things brings nothing back in another's place."""
    wrong = RetirementsInMemory()
    wrong.note(1, ["y"])
    desk.driver.executor.retired = wrong
    assert desk.ask(Put("y", 1)).rejection.code == "not_recalled"


def test_what_only_the_kernel_asks_nobody_else_may(desk):
    """A seat cannot ring an alarm or forge a record."""
    for command in (RingAlarm("x"), RetireBox("x"), proving.RecallBox("y", "{}")):
        assert desk.ask(command).rejection.code == "not_permitted"


def test_a_guard_that_fails_forbids():
    """Whatever authority's code raises is no permission; the refusal is recorded."""
    journal = MemoryJournal()
    driver = SynchronousDriver(Executor([proving.domain], guard=lambda states, request: 1 // 0), journal)
    assert driver.run([Request("a", OpenBox("x"), "t")], NOON)[0].rejection.code == "not_permitted"
    assert [opened(line).kind for line in journal.read()] == ["kernel.rejected"]


def test_timers_of_a_suspended_domain_are_held(desk):
    """They fire when the domain is resumed, and meanwhile those of the others do."""
    desk.ask(SetAlarm("x", 500))
    assert desk.ask(proving.Break()).rejection.code == "domain_suspended"
    assert desk.driver.executor.suspended == {"fragile": "RuntimeError: this domain's code has a fault"}
    desk.driver.drain(NOON + 500)
    assert desk.boxes["x"].rung == 1


def test_a_timer_that_is_held_is_due_to_nobody(desk):
    """Whoever sleeps until the next timer does not wake at once, again and again, for one that may not fire."""
    desk.ask(SetAlarm("x", 500))
    faulty = replace(proving.domain, deciders={**proving.domain.deciders, CloseBox: lambda *_: 1 // 0})
    desk.driver = SynchronousDriver(Executor([faulty]), desk.journal)
    executor = desk.driver.executor
    assert executor.next_due() == NOON + 500
    assert desk.ask(CloseBox("x")).rejection.code == "domain_suspended"
    assert executor.next_due() is None
    assert desk.ask(ResumeDomain("proving")).rejection is None
    assert executor.next_due() == NOON + 500


steps = st.lists(
    st.tuples(
        st.sampled_from([
            OpenBox("x"), OpenBox("y"), Put("x", 7), Put("y", 3), Put("x", -5), Transfer("x", "y", 2), CloseBox("x"),
            CloseBox("y"), ReopenBox("x"), ReopenBox("y"), SetAlarm("x", 400), SetAlarm("y", 9_000), StopAlarm("x"),
            proving.Break(),
        ]),
        st.integers(0, 2_500),
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=60)
@given(steps, st.integers(0, 30), st.integers(1, 5))
def test_a_snapshot_equals_the_fold_byte_for_byte(steps, cut, batch):
    """A fold from nothing, and one from a snapshot taken anywhere and the lines behind it, are the same bytes."""
    desk, now, kept = Desk(), NOON, None
    desk.driver.executor.limits = Limits(batch=batch)
    for i, (command, wait) in enumerate(steps):
        now += wait
        desk.ask(command, now)
        if i == cut and not desk.driver.executor.suspended:
            index = RetirementsInMemory()
            for subject, position in desk.driver.executor.retired.known().items():
                index.note(position, [subject])
            kept = written_snapshot(desk.driver.executor.snapshot()), index
    live = written_snapshot(desk.driver.executor.snapshot())
    desk.restart()
    assert written_snapshot(desk.driver.executor.snapshot()) == live
    if kept is not None:
        desk.restart(read_snapshot(kept[0]), kept[1])
        assert written_snapshot(desk.driver.executor.snapshot()) == live
        assert desk.driver.executor._decided.stored() == desk.driver.executor._committed.stored()


def test_an_emergency_goes_before_timers_and_reactions_and_they_before_the_rest(desk):
    """One order for everything that waits."""
    desk.ask(SetAlarm("x", 500))
    executor = desk.driver.executor
    executor.submit(Request("bulk", Put("x", 1), "t"), Lane.BULK)
    executor.submit(Request("ordinary", Put("x", 1), "t"), Lane.ORDINARY)
    executor.submit(Request("emergency", Put("x", 1), "t"), Lane.EMERGENCY)
    desk.driver.drain(NOON + 500)
    assert desk.causes()[-4:] == ["emergency", "timer:alarm:x:2", "ordinary", "bulk"]

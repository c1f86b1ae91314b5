"""What is shown is what is done, over whole random shifts; a world that has changed is shown again, not acted upon."""

import random

import msgspec
import pytest
from hypothesis import example, given, settings
from tests.dispatch.shifts import Maker, WholeShift, steps

from redstick.dispatch.bar.dry_run import dry_run, settled
from redstick.dispatch.bar.grammar import read
from redstick.dispatch.bar.reading import NEW, Answers
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.units import ReportStatus
from redstick.kernel.envelope import fingerprint, opened
from redstick.kernel.ids import make_id

from .desk import Bar

LINES = (
    "d {i} {u}", "d {i} {u} {v} despite so be it", "d {i} rec", "{u} {s}", "{u} {s} leaves", "{u} release",
    "{u} release {i} cancelled", "{i} n smoke shows", "{i} p{d}", "{i} type fall", "{i} at 1 main st",
    "{i} hold 20 none free", "{i} unhold one is free", "{i} close done", "{i} cancel a mistake", "{i} reopen again",
    "merge {i} {j}", "split {j} two after all", "link {i} {j}", "unlink {i} {j}", "i 5 oak st, fall, n it burns",
    "i 1 main st, structure fire", "em {u} shots", "em {u} ack", "em {u} clear is safe", "mayday {u} roof",
    "par {i}", "par {i} roll", "par {i} {u} 4", "par {i} end", "ts {u} i-10 mm 155 abc123 la", "check {u} ok",
    "{u} endstop warned", "mv {u} S{d} two are out", "answer", "hold", "resume", "end", "attach {i}", "cb", "ack all",
    "ack {i}", "on fire ems", "combine fire ems", "uncombine fire", "{u} +training", "{u} -training", "stack {i} {u}",
    "reserve {i} {u}", "{u} unreserve enough", "swap {i} {u} {v}", "{u} primary {i}", "{i} mark water on fire",
    "{i} tg", "free tac1", "{i} waive medic fire is out", "bolo 8 grey van", "tow tow {i}", "tow tow accepted",
    "{i} case brpd", "voice {u}", "voiced {u} by radio", "undo", "undo", "undo", "redo",
)  # fmt: skip


def typed(rng, state):
    """A line about what is there, or nearly."""
    known = sorted(state.incidents) or ["none"]
    statuses = ("ons", "enr", "on scene", "aq", "oos", "on radio", "clear", "AR", "available")
    return rng.choice(LINES).format(
        i=f"#{rng.choice(known)}", j=f"#{rng.choice(known)}", u=rng.choice(sorted(state.units)),
        v=rng.choice(sorted(state.units)), s=rng.choice(statuses), d=rng.randint(1, 3),
    )  # fmt: skip


def lived(numbers):
    """A shift with a bar beside it, before which each of these numbers makes one step and types one line."""
    shift = WholeShift()
    shift.begin()
    return shift, Bar(shift), [random.Random(number) for number in numbers]


@settings(max_examples=25)
@given(steps(10, 30))
@example([0, 0, 0, 0, 0, 0, 0, 231, 35_768, 95])  # two units are sent again, of which the second is the last one
def test_what_is_shown_is_what_is_done(numbers):
    """The commands in the journal are those of the reading, and their events those of the dry run."""
    shift, bar, rngs = lived(numbers)
    for number, rng in zip(numbers, rngs, strict=True):
        shift.step(number)
        text = typed(rng, shift.state)
        shown = bar.read(text)
        if not shown.plan:
            continue
        before = len(list(shift.journal.read()))
        foretold = dry_run(shift.state, shown.commands, shift.now)
        outcomes = bar.enter(text, shown)
        assert outcomes is not None, text
        lines = [one for one in map(opened, list(shift.journal.read())[before:]) if one.cause.startswith("bar-")]
        asked = {one.cause: one.digest for one in lines}
        assert len(asked) == len(outcomes)
        for command, outcome in zip(shown.commands, outcomes, strict=False):
            body = msgspec.json.encode(command)
            if NEW.encode() not in body:  # what the act names itself is another in each
                assert asked[outcome.request] == fingerprint(command.command_kind, body, bar.person, None, None)
        for outcome, events in zip(outcomes, foretold.events, strict=False):
            if outcome.accepted and events:
                told = [named(event) for event in outcome.events]
                assert told == [named(event) for event in events], text
        assert outcomes[0].accepted, (text, outcomes[0].rejection)


def named(event):
    """An event as it can be foretold: without what moves by itself, and with ids of new things left out."""
    kind, content = type(event).__name__, msgspec.json.encode(settled(event)).decode()
    return kind if NEW in content or "_0" in content else (kind, content)


@settings(max_examples=25)
@given(steps(10, 30))
def test_a_world_that_has_changed_is_never_acted_upon(numbers):
    """Whatever happened in between: either all that was shown rests as it was, or nothing is asked."""
    shift, bar, rngs = lived(numbers)
    for number, rng in zip(numbers, rngs, strict=True):
        text = typed(rng, shift.state)
        shown = bar.read(text)
        stood = concerned(shift.state, shown.commands)
        shift.step(number)
        if not shown.plan:
            continue
        fresh = bar.read(text)
        before, before_state = len(list(shift.journal.read())), copied(shift.state)
        outcomes = bar.enter(text, shown)
        if outcomes is None:
            assert len(list(shift.journal.read())) == before
            assert fresh.plan != shown.plan
        else:
            assert fresh.plan == shown.plan
            assert concerned(before_state, shown.commands) == stood
            assert [settled(one) for one in fresh.commands] == [settled(one) for one in shown.commands]


@settings(max_examples=25)
@given(steps(10, 25))
def test_an_undo_that_is_shown_is_done_whole(numbers):
    """Behind any act, at any moment: it says why not, or takes back all that it says; and then redo stands."""
    shift, bar, rngs = lived(numbers)
    for number, rng in zip(numbers, rngs, strict=True):
        shift.step(number)
        text = typed(rng, shift.state)
        shown = bar.read(text)
        if shown.plan and text not in ("undo", "redo"):
            bar.enter(text, shown)
        undo = bar.read("undo")
        assert bool(undo.plan) != bool(undo.problems)
        if undo.plan:
            outcomes = bar.enter("undo", undo)
            assert outcomes is not None
            assert all(one.accepted for one in outcomes), (text, outcomes)
            assert bar.read("redo").problems[:1] != ["nothing_to_redo"]


def copied(state):
    """The state as it stands now."""
    return msgspec.json.decode(msgspec.json.encode(state), type=type(state))


def concerned(state, commands):
    """How the units and open incidents stand that commands name, told without any help of the bar's."""
    names = {
        name
        for command in commands
        for value in msgspec.to_builtins(command).values()
        for name in (value if isinstance(value, list) else [value])
        if isinstance(name, str)
    }
    units = [(one.id, one.status, tuple(one.work), one.emergency is None) for one in state.units.values()]
    incidents = [
        (one.id, one.kind, one.priority, one.place, one.closed_at, one.replaced_by, one.held is None)
        for one in state.incidents.values()
    ]
    return [one for one in (*units, *incidents) if one[0] in names]


@settings(max_examples=15)
@given(steps(10, 20))
def test_reading_writes_nothing_and_changes_nothing(numbers):
    """A dry run, as often as one likes: the journal and the state are as they were, byte for byte."""
    shift, bar, rngs = lived(numbers)
    for number in numbers:
        shift.step(number)
    lines, state = list(shift.journal.read()), msgspec.json.encode(shift.state)
    for rng in rngs:
        bar.read(typed(rng, shift.state))
    assert list(shift.journal.read()) == lines
    assert msgspec.json.encode(shift.state) == state


@settings(max_examples=25)
@given(steps(5, 25))
def test_what_a_unit_did_changed_and_the_plan_with_it(numbers):
    """Any change of a named unit or incident gives another plan: nothing that was shown rests on an older one."""
    shift, bar, rngs = lived(numbers)
    rng = rngs[0]
    free = [unit.id for unit in shift.state.units.values() if unit.available]
    shown = bar.read(f"d #i1 {free[0]}")
    if shown.plan:
        other = rng.choice([ReportStatus(free[0], "AR"), ReportStatus(free[0], "OOS"), AssignUnits("i2", [free[0]])])
        assert shift.ask(other).accepted
        assert bar.read(f"d #i1 {free[0]}").plan != shown.plan
        assert bar.enter(f"d #i1 {free[0]}", shown) is None


def test_a_reading_and_its_act_have_one_plan_though_the_act_gives_ids():
    """What stands for a new id in the reading counts as the id in the act."""
    shift = WholeShift()
    shift.begin()
    bar = Bar(shift)
    text = "i 5 oak st, fall, n two floors"
    plans = {
        read(text, shift.state, bar.asked(act), Answers({}, {}, {})).plan
        for act in ("", make_id("act", shift.now, 1), make_id("act", shift.now, 2))
    }
    assert len(plans) == 1
    assert plans != {""}


def test_random_commands_do_not_make_it_raise():
    """On the states of a shift in which everybody errs and lies."""
    shift = WholeShift(0.2)
    shift.live([random.Random(3).getrandbits(60) for _ in range(60)])
    bar, rng = Bar(shift), random.Random(5)
    assert Maker(rng, shift.state, shift.now)
    for _ in range(400):
        bar.read(typed(rng, shift.state))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(150))
def test_over_many_shifts_all_of_it_holds(seed):
    """The same four promises on shifts that nobody has shrunk."""
    rng = random.Random(seed)
    numbers = [rng.getrandbits(62) for _ in range(25)]
    for promise in (
        test_what_is_shown_is_what_is_done,
        test_a_world_that_has_changed_is_never_acted_upon,
        test_an_undo_that_is_shown_is_done_whole,
        test_reading_writes_nothing_and_changes_nothing,
    ):
        promise.hypothesis.inner_test(numbers)

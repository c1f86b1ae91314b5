"""Undo and redo at the bar: what has not left is as it was before; what has left says so, and what can be done."""

import msgspec
import pytest
from tests.dispatch.live_desk import LiveDesk
from tests.dispatch.shifts import WholeShift, asked

from redstick.dispatch.bar.history import prefix_of
from redstick.dispatch.place import Place
from redstick.dispatch.rules.alerts import ReportReceipt
from redstick.dispatch.rules.incidents import MoveIncident, OpenIncident
from redstick.dispatch.rules.units import ReportStatus
from redstick.kernel.values import Request

from .desk import Bar


@pytest.fixture
def desk():
    """Two units on duty and two incidents; nobody is enrolled to be alerted."""
    desk = LiveDesk()
    for unit, kind in (("E1", "ENGINE"), ("M1", "MEDIC")):
        desk.run(asked("EnrollUnit", unit=unit, kind=kind, station="S1"), ReportStatus(unit, "AQ"))
    desk.run(OpenIncident("i1", "12", "FIRE", place=Place("1 MAIN ST", 0, 0), zones={"beat": "a"}))
    desk.run(OpenIncident("i2", "14", "MEDICAL"))
    return desk


def test_units_that_no_alert_has_reached_are_as_they_were(desk):
    """Sent, undone: not on the incident, in quarters again; redone, they are sent again; undone, not."""
    bar = Bar(desk)
    bar.do("d #12 e1 m1")
    bar.do("undo")
    assert [(one.status, one.work) for one in desk.state.units.values()] == [("AQ", []), ("AQ", [])]
    bar.do("redo")
    assert [(one.status, one.work) for one in desk.state.units.values()] == [("DSP", ["i1"]), ("DSP", ["i1"])]
    bar.do("undo")
    assert [one.work for one in desk.state.units.values()] == [[], []]


def told(look, desk):
    """What stands there now, apart from the state that goes on."""
    return msgspec.to_builtins(look(desk.state))


@pytest.mark.parametrize(
    ("line", "look"),
    [
        ("#12 p1", lambda state: state.incidents["i1"].priority),
        ("#12 type fall", lambda state: state.incidents["i1"].kind),
        ("#12 at 9 oak st", lambda state: (state.incidents["i1"].place, state.incidents["i1"].zones)),
        ("#12 hold 20 no engine", lambda state: state.incidents["i1"].held),
        ("e1 on radio", lambda state: state.units["E1"].status),
        ("e1 +training", lambda state: state.units["E1"].added),
        ("merge #12 #14", lambda state: (state.incidents["i2"].replaced_by, state.incidents["i2"].closed_at)),
        ("link #12 #14", lambda state: state.incidents["i1"].links),
        ("stack #14 e1", lambda state: state.incidents["i2"].stacked),
        ("reserve #14 m1", lambda state: state.reservations),
        ("#12 mark water on fire", lambda state: [one.taken_back == "" for one in state.incidents["i1"].marks]),
        ("crew k1 m1 e1", lambda state: state.crews),
    ],
)
def test_what_is_undone_is_as_it_was_and_redone_as_it_became(desk, line, look):
    """Each of these restores what it says that it restores."""
    bar = Bar(desk)
    if line.startswith("stack"):
        bar.do("d #12 e1")
    before = told(look, desk)
    bar.do(line)
    after = told(look, desk)
    assert after != before
    bar.do("undo")
    if line.startswith("#12 mark"):  # the mark stays, with why it was not reached
        assert look(desk.state) == [False]
        return
    assert told(look, desk) == before
    bar.do("redo")
    assert told(look, desk) != before


def test_a_unit_that_knows_is_not_unsent_but_cancelled_with_receipts(desk):
    """It has said that it drives: the line that cancels it is offered, under that name."""
    bar = Bar(desk)
    bar.do("d #12 e1")
    desk.run(ReportStatus("E1", "ENR"))
    shown = bar.read("undo")
    assert (shown.plan, [one.code for one in shown.problems]) == ("", ["cannot_be_undone"])
    assert "with receipts" in shown.problems[0].words
    bar.do(shown.candidates[0].line)
    assert desk.state.incidents["i1"].assignments["E1"].ending == "cancelled"


def test_an_alert_that_has_left_is_not_taken_back():
    """A receipt says that the station has it."""
    shift = WholeShift()
    shift.live([])
    bar = Bar(shift)
    bar.do("d #i1 e1")
    assert bar.read("undo").plan
    alert = next(one for one in shift.state.incidents["i1"].alerts.values() if one.unit == "E1")
    shift.ask(ReportReceipt("i1", alert.id, alert.attempts[0].key, "sent"))
    assert "has left" in bar.read("undo").problems[0].words


def test_an_undone_dispatch_chases_nobody():
    """Withdrawn before it left: no alert is waited for, and no cancel is sent."""
    shift = WholeShift()
    shift.live([])
    bar = Bar(shift)
    bar.do("d #i1 e1")
    bar.do("undo")
    alerts = shift.state.incidents["i1"].alerts.values()
    assert not any(one.chased for one in alerts)
    assert not any(one.purpose == "cancel" for one in alerts)


def test_what_a_seat_watched_before_it_watches_again():
    """Other groups, then nothing: each is taken back to what stood before."""
    shift = WholeShift()
    shift.begin()
    bar = Bar(shift)
    bar.do("on all fire ems")
    bar.do("undo")
    assert shift.state.seats["s1"].groups == ["fire", "ems"]
    bar.do("off despite nobody has come")
    bar.do("undo")
    assert shift.state.seats["s1"].groups == ["fire", "ems"]


def test_a_lookout_is_cancelled_with_receipts(desk):
    """Everyone on duty has it by then: the line that cancels it is offered."""
    bar = Bar(desk)
    bar.do("bolo 8 grey van")
    shown = bar.read("undo")
    assert "with receipts" in shown.problems[0].words
    bar.do(shown.candidates[0].line + " found")


def test_what_somebody_went_on_from_stays(desk):
    """The place was changed again by another: taking the first change back would undo theirs."""
    bar = Bar(desk)
    bar.do("#12 at 9 oak st")
    desk.run(MoveIncident("i1", Place("11 OAK ST")))
    assert "gone on" in bar.read("undo").problems[0].words


def test_a_seat_takes_back_its_own_acts_alone_and_in_order(desk):
    """Two seats, two piles; each undo takes the last of its own that stands."""
    one, two = Bar(desk), Bar(desk, "s2", "A. Roe")
    one.do("#12 p1")
    two.do("#14 p2")
    one.do("#12 p5")
    one.do("undo")
    assert (desk.state.incidents["i1"].priority, desk.state.incidents["i2"].priority) == (1, 2)
    one.do("undo")
    assert (desk.state.incidents["i1"].priority, desk.state.incidents["i2"].priority) == (3, 2)
    assert one.read("undo").problems[0].code == "nothing_to_undo"
    two.do("undo")
    assert desk.state.incidents["i2"].priority == 3


def test_a_new_act_leaves_nothing_to_redo(desk):
    """As in any editor."""
    bar = Bar(desk)
    bar.do("#12 p1")
    bar.do("undo")
    bar.do("#12 p2")
    assert bar.read("redo").problems[0].code == "nothing_to_redo"


def test_an_id_that_only_looks_like_the_bars_is_passed_over(desk):
    """Whoever asks a command may name it as they like: no seat's pile is broken by it."""
    bar = Bar(desk)
    bar.do("#12 p1")
    for name in ("x", "", "a0", "a0of0_", "aof_" + "0" * 26, "a" + "9" * 5_000 + "of1_" + "0" * 26):
        desk.driver.run([Request(prefix_of("s1") + name, ReportStatus("E1", "AR"), "A. Roe")], desk.now)
    bar.do("undo")
    assert desk.state.incidents["i1"].priority == 3


def test_what_can_be_undone_survives_a_restart(desk):
    """It follows from the journal."""
    bar = Bar(desk)
    bar.do("#12 p1")
    desk.restart()
    bar.do("undo")
    assert desk.state.incidents["i1"].priority == 3


def test_a_note_and_an_emergency_are_never_taken_back(desk):
    """The narrative keeps every line; a danger is ended by name, with a reason."""
    bar = Bar(desk)
    bar.do("#12 n door is locked")
    assert bar.read("undo").problems[0].code == "cannot_be_undone"
    bar.do("em e1 shots fired")
    assert bar.read("undo").candidates[0].line == "em E1 clear "

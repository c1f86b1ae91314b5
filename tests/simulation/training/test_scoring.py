"""Scoring from the journal alone: every error that a trainee can make is planted, and seen to be scored."""

import pytest

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live
from redstick.dispatch.alerting.paths import Path, PathKind
from redstick.dispatch.place import Place
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.recommendation.question import Policy
from redstick.dispatch.recommendation.straight_line import StraightLine
from redstick.dispatch.rules.alerts import TakeVoice
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.calls import AnswerCall, AttachCall, ReceiveCall
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.incidents import MoveIncident, OpenIncident
from redstick.dispatch.rules.links import MergeIncidents
from redstick.dispatch.rules.locations import ReadBackAddress
from redstick.dispatch.rules.needs import SetNeeds
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.seats import SignOn
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request
from redstick.simulation.training.page import page
from redstick.simulation.training.scoring import Scoring
from redstick.simulation.training.sheet import Kind, as_text

SECOND, MINUTE = 1_000, 60_000
TRAINEE, ROBOT = "visitor.ab", "robot.dispatch.1"
HERE = (-911_500_000, 304_500_000)
MEDICS = {"M1": 0.010, "M2": 0.012, "M3": 0.09}  # degrees east of the scene: M2 is as good as M1, M3 far away
E7 = 10_000_000


def at(east=0.0, text="1600 Elm Street"):
    """A place so many degrees east of the scene."""
    return Place(text, HERE[0] + round(east * E7), HERE[1], quality="rooftop", source="caller", in_geofile=True)


class Shift:
    """A floor with three medics and an engine; the trainee holds one seat."""

    def __init__(self, seat="dispatch:2", group="ems"):
        self.driver = SynchronousDriver(Executor([live]), MemoryJournal())
        self.now, self.count, self.seat = 1_795_200_000_000, 0, seat
        self.ask(DefineGroup("ems", ["ems"]), DefineGroup("calls", ["calls"]))
        for name, east in MEDICS.items():
            self.enrol(name, "medic", east)
        self.enrol("E1", "engine", 0.02)
        self.ask(SignOn(seat, TRAINEE, [group]))

    def enrol(self, name, kind, east):
        """A unit at its place, available."""
        where = at(east)
        self.ask(
            EnrollUnit(name, kind, "EMS", "S1", []),
            EnrollRecipient(f"crew of {name}", name, [Path(PathKind.MOBILE, name)]),
        )
        self.ask(ReportStatus(name, "LOG", x=where.x, y=where.y), ReportStatus(name, "AR", x=where.x, y=where.y))

    def ask(self, *commands, by="demo"):
        """Commands that must be accepted."""
        for command in commands:
            self.count += 1
            name = f"c{self.count}"
            outcomes = self.driver.run([Request(name, command, by)], self.now)
            outcome = next(one for one in outcomes if one.request == name)
            assert outcome.accepted, (command, outcome.rejection)

    def wait(self, ms):
        """Let time pass; timers fire at its end."""
        self.now += ms
        self.driver.drain(self.now)

    def call(self, name="call_1", place=None, by=TRAINEE, after_s=4):
        """A call that rings, and is answered so long after."""
        self.ask(ReceiveCall(name, "voice", f"225555{self.count:04d}", place or at()), by="telephone")
        self.wait(after_s * SECOND)
        self.ask(AnswerCall(name, self.seat), by=by)

    def incident(self, name="inc_1", call="", by=ROBOT, place=None, needs=("medic",), kind="Chest pain"):
        """An incident with what it needs."""
        number = name.removeprefix("inc_")
        opened = OpenIncident(name, number, kind, "ems", 2, place or at(), call=call)
        wanted = [Requirement(one, (one,)) for one in needs]
        self.ask(opened, SetNeeds(name, wanted, "plan", "rule"), by=by)

    def sheet(self, seat=None):
        """What came of it."""
        scoring = Scoring(seat or self.seat, StraightLine(Policy()), {"S1": HERE}, Policy())
        scoring.read(self.driver.journal.read(0))
        return scoring.sheet()


@pytest.fixture
def shift():
    """A dispatcher's."""
    return Shift()


@pytest.fixture
def phones():
    """A call taker's."""
    return Shift("calls:1", "calls")


def kinds(sheet):
    """What there is to talk about."""
    return [str(item.kind) for item in sheet.items]


def times(sheet, name):
    """One interval."""
    return next(one for one in sheet.times if one.name == name)


# Times


def test_times_are_those_of_the_trainee_with_their_number_and_the_standards(phones):
    """Ringing to answer, and answer to incident; a robot's call counts for nobody."""
    phones.call("call_1", after_s=4)
    phones.wait(30 * SECOND)
    phones.incident("inc_1", "call_1", by=TRAINEE)
    phones.call("call_2", by="robot.calls.2", after_s=50)
    sheet = phones.sheet()
    answer, entry = times(sheet, "answer"), times(sheet, "entry")
    assert (answer.n, answer.median_s, answer.p90_s) == (1, 4.0, 4.0)
    assert (entry.n, entry.median_s) == (1, 30.0)
    assert [(one.percent, one.within_s, one.met) for one in answer.standards if "020" in one.standard] == [
        (90, 15, True), (95, 20, True),
    ]  # fmt: skip


def test_a_call_that_rings_too_long_is_told_with_its_call_and_its_moment(phones):
    """Sixteen seconds are one too many; fifteen are not."""
    phones.call("call_1", after_s=15)
    phones.call("call_2", after_s=16)
    sheet = phones.sheet()
    [item] = [one for one in sheet.items if one.kind is Kind.LATE_ANSWER]
    assert (item.call, item.at, item.seconds) == ("call_2", phones.now, 16)


def test_a_first_unit_that_is_late_is_told(shift):
    """From the answer of the call, whoever answered it, to the first unit that the trainee sent."""
    shift.call("call_1", by="robot.calls.1")
    shift.incident("inc_1", "call_1")
    shift.wait(90 * SECOND)
    shift.ask(AssignUnits("inc_1", ["M1"]), by=TRAINEE)
    sheet = shift.sheet()
    assert kinds(sheet) == ["late_processing"]
    assert (sheet.items[0].call, sheet.items[0].incident, sheet.items[0].seconds) == ("call_1", "inc_1", 90)
    assert times(sheet, "sending").median_s == 90.0


# Right units


def test_the_recommended_units_are_right(shift):
    """Nothing to talk about; and another that is there as soon is as good."""
    shift.incident("inc_1")
    shift.ask(AssignUnits("inc_1", ["M1"]), by=TRAINEE)
    shift.incident("inc_2", place=at(0.1, "900 Oak Street"), kind="Fall")
    shift.ask(AssignUnits("inc_2", ["M3"]), by=TRAINEE)
    sheet = shift.sheet()
    assert (sheet.units.incidents, sheet.units.right, sheet.units.regret_s) == (2, 2, 0)
    as_good = Shift()
    as_good.incident("inc_1")
    as_good.ask(AssignUnits("inc_1", ["M2"]), by=TRAINEE)
    assert as_good.sheet().units.right == 1


def test_a_unit_that_is_later_is_told_with_how_much(shift):
    """Another of its kind went, from far away: who should have gone, and the seconds that it cost."""
    shift.incident("inc_1")
    shift.ask(AssignUnits("inc_1", ["M3"]), by=TRAINEE)
    sheet = shift.sheet()
    assert kinds(sheet) == ["other_units"]
    assert "M3 went" in sheet.items[0].words
    assert "later than M1" in sheet.items[0].words
    assert sheet.units.right == 0
    assert sheet.units.regret_s == sheet.items[0].seconds > 300


def test_a_unit_that_should_have_gone_too_is_told(shift):
    """An engine was needed besides; one that follows within a minute is part of the same sending."""
    shift.incident("inc_1", needs=("medic", "engine"))
    shift.ask(AssignUnits("inc_1", ["M1"]), by=TRAINEE)
    assert kinds(shift.sheet()) == ["units_missing"]
    shift.wait(20 * SECOND)
    shift.ask(AssignUnits("inc_1", ["E1"]), by=TRAINEE)
    assert kinds(shift.sheet()) == []


def test_what_is_recommended_knows_no_more_than_the_trainee_could(shift):
    """The nearest was taken when the trainee sent; that it is free a minute later changes nothing."""
    shift.incident("inc_0", place=at(0.01, "1700 Elm Street"), kind="Fall")
    shift.ask(AssignUnits("inc_0", ["M1"]), by=ROBOT)
    shift.incident("inc_1")
    shift.ask(AssignUnits("inc_1", ["M2"]), by=TRAINEE)
    shift.ask(ReportStatus("M1", "AR", "inc_0", leaves=True), by="unit.m1")
    assert shift.sheet().units.right == 1


def test_what_robots_sent_is_not_the_trainees(shift):
    """A wrong unit that a robot sent stands in no sheet."""
    shift.incident("inc_1")
    shift.ask(AssignUnits("inc_1", ["M3"]), by=ROBOT)
    sheet = shift.sheet()
    assert (sheet.units.incidents, kinds(sheet)) == (0, [])


# Duplicates


def two_calls(phones, *, kind="Chest pain"):
    """The same thing told by two callers; the trainee enters both."""
    phones.incident("inc_1", by=ROBOT)
    phones.wait(MINUTE)
    phones.call("call_2")
    phones.incident("inc_2", "call_2", by=TRAINEE, kind=kind)
    phones.ask(ReadBackAddress("inc_2", at().text, at().text), by=TRAINEE)


def test_a_duplicate_that_was_entered_is_told(phones):
    """Same address, same kind, a minute later: an incident of its own was one too many."""
    two_calls(phones)
    sheet = phones.sheet()
    assert kinds(sheet) == ["missed_duplicate"]
    assert (sheet.items[0].incident, sheet.items[0].call) == ("inc_2", "call_2")
    assert "the same as 1" in sheet.items[0].words


def test_a_duplicate_that_was_joined_afterwards_is_forgiven(phones):
    """Merged, by whomever."""
    two_calls(phones)
    phones.ask(MergeIncidents("inc_1", "inc_2", "same thing"), by=ROBOT)
    assert kinds(phones.sheet()) == []


def test_a_call_that_is_attached_is_no_duplicate(phones):
    """Nothing was entered twice."""
    phones.incident("inc_1", by=ROBOT)
    phones.call("call_2")
    phones.ask(AttachCall("call_2", "inc_1"), by=TRAINEE)
    assert kinds(phones.sheet()) == []


# Addresses


def test_an_address_that_was_wrong_is_told_when_it_is_moved(phones):
    """By whomever: how far off it was, and for how long units were on their way there."""
    phones.call()
    phones.incident("inc_1", "call_1", by=TRAINEE)
    phones.ask(ReadBackAddress("inc_1", at().text, at().text), by=TRAINEE)
    phones.wait(2 * MINUTE)
    phones.ask(MoveIncident("inc_1", at(0.01, "2600 Elm Street")), by=ROBOT)
    [item] = phones.sheet().items
    assert (item.kind, item.seconds) == (Kind.ADDRESS_ERROR, 120)
    assert "m from where it is" in item.words


def test_an_address_that_was_only_made_more_exact_is_no_error(phones):
    """Within a hundred metres."""
    phones.call()
    phones.incident("inc_1", "call_1", by=TRAINEE)
    phones.ask(ReadBackAddress("inc_1", at().text, at().text), by=TRAINEE)
    phones.ask(MoveIncident("inc_1", at(0.0005, "1604 Elm Street")), by=ROBOT)
    assert kinds(phones.sheet()) == []


def test_an_incident_without_a_position_and_one_not_read_back_are_told(phones):
    """Both of the same incident here."""
    phones.call()
    phones.incident("inc_1", "call_1", by=TRAINEE, place=Place("the old mill"))
    assert sorted(kinds(phones.sheet())) == ["address_error", "not_read_back"]


# Alerts


def silent(shift):
    """A medic is sent, and no device of its answers until a person is asked to voice it; the alert."""
    shift.incident("inc_1")
    shift.ask(AssignUnits("inc_1", ["M1"]), by=TRAINEE)
    state = shift.driver.executor.committed["dispatch"]
    for _ in range(600):
        shift.wait(SECOND)
        alerts = state.incidents["inc_1"].alerts
        if any(line.kind == "dispatch.voice_needed" for line in map(opened, shift.driver.journal.read(0))):
            return next(iter(alerts))
    raise AssertionError("nobody was asked to voice it")


def test_an_alert_that_nobody_voices_is_told(shift):
    """As it stands, and with how late it was once somebody did."""
    alert = silent(shift)
    assert kinds(shift.sheet()) == []
    shift.wait(45 * SECOND)
    shift.ask(ReceiveCall("call_9", "voice"), by="telephone")  # the journal knows how late it is
    assert kinds(shift.sheet()) == ["alert_unacknowledged"]
    shift.ask(TakeVoice("inc_1", alert, "Trainee"), by=TRAINEE)
    [item] = shift.sheet().items
    assert (item.kind, item.seconds, item.incident) == (Kind.ALERT_UNACKNOWLEDGED, 45, "inc_1")


def test_an_alert_that_is_voiced_at_once_is_no_error(shift):
    """Within half a minute."""
    alert = silent(shift)
    shift.wait(10 * SECOND)
    shift.ask(TakeVoice("inc_1", alert, "Trainee"), by=TRAINEE)
    shift.wait(MINUTE)
    assert kinds(shift.sheet()) == []


# The sheet


def test_a_seat_that_only_robots_held_has_no_persons(shift):
    """Nobody to score."""
    assert shift.sheet("dispatch:9").persons == []


def test_the_same_journal_gives_the_same_sheet_in_one_go_and_in_parts(shift):
    """Scored at any time, it is what it would have been."""
    shift.incident("inc_1", needs=("medic", "engine"))
    shift.ask(AssignUnits("inc_1", ["M3"]), by=TRAINEE)
    lines = list(shift.driver.journal.read(0))
    parted = Scoring(shift.seat, StraightLine(Policy()), {"S1": HERE}, Policy())
    for k in range(0, len(lines), 7):
        parted.read(lines[k : k + 7])
    assert parted.sheet() == shift.sheet()


def test_page_and_text_name_every_thing_with_its_moment(shift):
    """What is in the sheet is on the page and in the lines, escaped."""
    shift.incident("inc_<b>", needs=("medic", "engine"))
    shift.ask(AssignUnits("inc_<b>", ["M3"]), by=TRAINEE)
    sheet = shift.sheet()
    drawn = page(sheet, "Storm, seed 7", lambda moment: f"t{moment}").render()
    text = as_text(sheet, {item.at: f"t{item.at}" for item in sheet.items})
    assert len(sheet.items) == 2
    for item in sheet.items:
        assert item.words in text
        assert item.words in drawn
        assert f"t{item.at}" in drawn
    assert "<b>" not in drawn

"""Error discovery: each test states one fact."""

import pytest
from tests.dispatch.rules.conftest import Desk
from tests.dispatch.rules.test_retirement import LiveDesk

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live
from redstick.dispatch.discovery.evidence import Case, gather
from redstick.dispatch.discovery.signals import Signal, Verdict
from redstick.dispatch.discovery.suspects import MINUTE, Margins, published, suspicions
from redstick.dispatch.place import Place
from redstick.dispatch.relations import Relation
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.calls import ReceiveCall
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.links import LinkIncidents, MergeIncidents
from redstick.dispatch.rules.retirement import RETIRE_AFTER_MS
from redstick.dispatch.rules.reviews import ReviewSuspect
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.house import House
from redstick.kernel.ledgers import facts_behind
from redstick.simulation.misplaced import ENDS, Misplacing

HOUSE = House([live])
OAK = Place("12 Oak Street", -911_000_000, 304_000_000, quality="rooftop")
FAR = Place("12 Oak Avenue", -911_000_000, 304_090_000, quality="rooftop")  # a kilometre north

SEEN = {
    "edited": Signal.MOVED_AFTER_DISPATCH,
    "found": Signal.ON_SCENE_ELSEWHERE,
    "called_again": Signal.SAME_NUMBER,
    "redispatched": Signal.NO_ARRIVAL,
    "read_back": Signal.READ_BACK_DIFFERS,
}


def signals(month, incident: str = "i") -> set[Signal]:
    """What is suspected of an incident."""
    return {one.signal for one in suspicions(gather(month.facts)) if one.incident == incident}


def known_position(monkeypatch):
    """Every report on scene comes with a position."""
    monkeypatch.setattr("redstick.simulation.misplaced.POSITION_KNOWN", 1.0)


@pytest.mark.parametrize("how", SEEN)
@pytest.mark.parametrize("seed", range(5))
def test_each_planted_error_is_found_by_its_signal(monkeypatch, how, seed):
    """However it comes to light."""
    known_position(monkeypatch)
    misplacing = Misplacing(seed)
    misplacing.wrong("i", how)
    assert SEEN[how] in signals(misplacing.month)


@pytest.mark.parametrize("oddity", ["quiet", "refined", "cancelled"])
@pytest.mark.parametrize("seed", range(5))
def test_what_is_right_and_ordinary_is_not_suspected(monkeypatch, oddity, seed):
    """A quiet call, an apartment added to the address, a unit called off on its way."""
    known_position(monkeypatch)
    misplacing = Misplacing(seed)
    misplacing.right("i", oddity)
    assert signals(misplacing.month) == set()


def test_an_error_that_leaves_no_trace_is_not_found():
    """Nothing is claimed that the record does not say."""
    misplacing = Misplacing(1)
    misplacing.wrong("i", "silent")
    assert signals(misplacing.month) == set()


@pytest.fixture(scope="module")
def month():
    """Ten days' incidents with a few dozen errors."""
    return Misplacing(3).live(1500)


def test_a_month_is_searched_far_better_than_blindly(month):
    """Two errors of three are found, by suspects of whom one in four is right; blindly it would be one in 16."""
    suspects = {one.incident for one in suspicions(gather(month.facts))}
    hits = suspects & set(month.wrong)
    assert len(month.wrong) / month.incidents < 0.06
    assert len(hits) / len(month.wrong) > 2 / 3
    assert len(hits) / len(suspects) > 1 / 4


def test_every_way_but_the_silent_one_is_found_in_a_month(month):
    """Each at least once."""
    suspects = {one.incident for one in suspicions(gather(month.facts))}
    assert {month.wrong[name] for name in suspects & set(month.wrong)} == set(ENDS) - {"silent"}


def test_the_same_record_gives_the_same_list(month):
    """Pure: twice the same, in the order of time."""
    first, again = (suspicions(gather(month.facts)) for _ in range(2))
    assert first == again == sorted(first, key=lambda one: (one.at, one.incident, one.signal))


@pytest.fixture
def desk():
    """Two incidents a kilometre apart, each with an engine."""
    desk = Desk()
    for number, (name, place) in enumerate((("i", OAK), ("j", FAR))):
        desk.run(EnrollUnit(f"E{number}", agency=name))
        desk.run(ReportStatus(f"E{number}", "AQ"))
        desk.run(ReceiveCall(f"c{number}", "911", "555-0100" if number else "", place))
        desk.run(OpenIncident(name, place=place, call=f"c{number}"))
        desk.run(AssignUnits(name, [f"E{number}"]))
    return desk


def told(desk) -> list[tuple[str, Signal]]:
    found = suspicions(gather(facts_behind(desk.journal, HOUSE)))
    return [(one.incident, one.signal) for one in found]


@pytest.mark.parametrize("join", [MergeIncidents("i", "j"), LinkIncidents("j", "i", Relation.RELATED)])
def test_units_sent_to_two_places_for_one_thing_are_suspected(desk, join):
    """Found when the two are merged or linked; two fires that have nothing to do with each other are none."""
    assert told(desk) == []
    desk.run(join)
    assert told(desk) == [("j", Signal.SENT_ELSEWHERE)]


def test_a_costly_override_is_suspected_from_the_margin_on():
    """The regret is an input: without a recommendation there is none."""
    case = Case("i", 0, [(0, OAK)], regret_s=180)
    assert [one.signal for one in suspicions({"i": case})] == [Signal.COSTLY_OVERRIDE]
    assert suspicions({"i": case}, Margins(regret_s=181)) == []


@pytest.mark.parametrize(("minutes", "suspected"), [(30, True), (31, False)])
def test_the_same_number_is_suspected_for_half_an_hour(minutes, suspected):
    """Of the first incident; withheld numbers are nobody's."""
    first = Case("i", 0, [(0, OAK)], numbers=["5550100"])
    second = Case("j", minutes * MINUTE, [(0, FAR)], numbers=["5550100"])
    assert [one.incident for one in suspicions({"i": first, "j": second})] == (["i"] if suspected else [])
    assert suspicions({"i": Case("i", 0, [(0, OAK)]), "j": Case("j", 1, [(0, FAR)])}) == []


def test_each_suspect_is_reviewed_to_a_verdict_by_name_and_counted():
    """Also of an incident that has long left the live state; another verdict replaces the first."""
    desk = LiveDesk()
    desk.run(OpenIncident("i", place=OAK))
    assert desk.ask(ReviewSuspect("i", Signal.SAME_NUMBER, Verdict.CONFIRMED, " ")).rejection.code == "name_needed"
    desk.run(ReviewSuspect("i", Signal.SAME_NUMBER, Verdict.UNDECIDED, "Ada"))
    desk.run(ReviewSuspect("i", Signal.SAME_NUMBER, Verdict.CONFIRMED, "Ada", "heard the tape"))
    assert desk.state.incidents["i"].reviews[Signal.SAME_NUMBER].verdict == "confirmed"
    cases = gather(facts_behind(desk.journal, HOUSE))
    cases["i"].numbers = ["1"]
    cases["j"] = Case("j", cases["i"].opened_at + MINUTE, [(0, FAR)], numbers=["1"], heard=[("a", "b")])
    accounts = published(cases, suspicions(cases))
    assert {name: (one.suspects, one.reviewed, one.confirmed) for name, one in accounts.items()} == {
        "all": (2, 1, 1),
        Signal.SAME_NUMBER: (1, 1, 1),
        Signal.READ_BACK_DIFFERS: (1, 0, 0),
    }


def test_a_retired_incident_is_reviewed_too():
    """It comes back for it."""
    desk = LiveDesk()
    desk.run(OpenIncident("i", place=OAK), CloseIncident("i", "done"))
    desk.wait(RETIRE_AFTER_MS)
    assert "i" not in desk.state.incidents
    desk.run(ReviewSuspect("i", Signal.SAME_NUMBER, Verdict.DISMISSED, "Ada"))
    assert desk.state.incidents["i"].reviews[Signal.SAME_NUMBER].by == "Ada"


def test_a_record_without_incidents_has_no_suspects():
    """Nothing in, nothing out."""
    driver = SynchronousDriver(Executor([live]), MemoryJournal())
    assert suspicions(gather(facts_behind(driver.journal, HOUSE))) == []

"""A live city's past lived again under something else: both lives by one rule, and what lies between them."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.live_desk import DAY, HOUR, MINUTE, NOON, LiveDesk

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import domain, live
from redstick.dispatch.lookback.another import Ground
from redstick.dispatch.lookback.desk import LookbackDesk
from redstick.dispatch.lookback.questions import UnderAnother, heard, packed
from redstick.dispatch.place import Place
from redstick.dispatch.reads.seats import VIEWS
from redstick.dispatch.recommendation.question import Policy
from redstick.dispatch.recommendation.straight_line import StraightLine
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Rejection

WEST, EAST = (-911_500_000, 304_500_000), (-910_500_000, 304_500_000)  # about 9.6 km apart
STATIONS = {"1": WEST, "2": EAST}


class Journal:
    """The journal of a live desk, read up to a position."""

    def __init__(self, desk):
        self.desk, self.until, self.gaps = desk, 0, ()

    def read(self, after=0):
        """Lines behind a position."""
        return iter(list(self.desk.journal.read(after))[: max(0, self.until - after)])


class Floor:
    """Two engines at the two ends of a city, and a desk that looks back on what they did."""

    def __init__(self, ground=None):
        self.shift, self.count = LiveDesk(), 0
        for unit, station in (("E1", "1"), ("E2", "2")):
            self.shift.run(EnrollUnit(unit, "ENGINE", station=station), ReportStatus(unit, "AQ"))
        city = Ground(STATIONS, StraightLine(Policy()), None, anew) if ground is None else ground()
        views = {view.name: view for view in VIEWS}
        self.desk = LookbackDesk([live], Journal(self.shift), views, "UTC", None, lambda: city)

    def fire(self, where, unit, drive_ms=4 * MINUTE):
        """A call at a place, worked by a unit from the ring to the closing."""
        self.count += 1
        name, call = f"i{self.count}", f"c{self.count}"
        place = Place("somewhere", *where, in_geofile=True)
        for step, then in (
            ([ReceiveCall(call, "trunk", place=place)], 5_000),
            ([AnswerCall(call, "T1"), OpenIncident(name, kind="Fire", priority=2, place=place, call=call)], 20_000),
            ([AssignUnits(name, [unit])], MINUTE),
            ([ReportStatus(unit, "ENR")], drive_ms),
            ([ReportStatus(unit, "ONS")], 10 * MINUTE),
            ([ReportStatus(unit, "AR"), ReleaseUnit(name, unit), EndCall(call), CloseIncident(name, "out")], HOUR),
        ):
            self.shift.run(*step)
            self.shift.wait(then)

    def ask(self, **what):
        """The comparison, or its refusal's code."""
        now, position = self.shift.now, self.shift.driver.executor.durable.position
        whole = UnderAnother(**{"begun": NOON, "ended": now, "now": now, "until": position} | what)
        told = heard(self.desk.answer(packed(whole)))
        return told.code if isinstance(told, Rejection) else msgspec.json.decode(told)


def anew():
    """A city without a past."""
    return SynchronousDriver(Executor([domain]), MemoryJournal())


@pytest.fixture
def floor():
    """Fires at both ends, each answered by the engine of the other."""
    floor = Floor()
    for _ in range(3):
        floor.fire(EAST, "E1")
        floor.fire(WEST, "E2")
    return floor


def p50(told, which, interval="response"):
    """The median of an interval."""
    return next(one["p50_s"] for one in told[which] if one["interval"] == interval)


def test_a_unit_less_is_felt_where_it_stood(floor):
    """Without the eastern engine the western one goes everywhere, and the east waits longer; each call says so."""
    told = floor.ask(without=("E2",))
    assert (told["incidents"], told["left_out"]) == (6, 0)
    assert told["tried"] == ["Out of service: E2."]
    assert [one["n_used"] for one in told["today"] if one["interval"] == "response"] == [6]
    assert {one["incident"] for one in told["differing"]} == {"i1", "i3", "i5"}
    assert all((one["today_units"], one["other_units"]) == (["E2"], ["E1"]) for one in told["differing"])
    assert all(one["other_s"] > one["today_s"] for one in told["differing"])
    assert (told["n_slower"], told["n_quicker"], told["n_other_units"]) == (3, 0, 3)


def test_a_unit_more_goes_like_the_others_of_its_kind():
    """In the place of the eastern engine another one is driven as far and as quickly."""
    floor = Floor()
    floor.fire(EAST, "E2")
    told = floor.ask(without=("E2",), more=(("ENGINE", "2"),))
    assert [one["other_units"] for one in told["differing"]] == [["+1"]]
    assert (told["n_slower"], told["n_quicker"]) == (0, 0)


def test_another_post_moves_a_unit(floor):
    """With both engines in the west the east waits longer."""
    told = floor.ask(moved=(("E2", "1"),))
    assert told["tried"] == ["E2 moves to station 1."]
    assert told["n_slower"] == 3


def test_both_lives_are_by_the_same_rule_and_the_record_stands_beside(floor):
    """The record sent the far engine each time; today's plan lived again sends the near one, and is compared."""
    told = floor.ask(without=("E2",))
    assert {one["interval"] for one in told["recorded"]} == {"response", "travel", "processing"}
    assert p50(told, "today", "travel") < p50(told, "other", "travel") or told["n_slower"] == 3
    change = next(one for one in told["changes"] if (one["interval"], one["percent"]) == ("response", 90))
    assert change["low_s"] <= change["difference_s"] <= change["high_s"]
    assert change["n_drawn"] == 6
    assert told["drawn_over"] == "incidents"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([WEST, EAST]), st.sampled_from(["E1", "E2"])), min_size=1, max_size=5))
def test_nothing_changed_changes_nothing(fires):
    """Whatever the night, without a change both lives are one: no call differs, every difference is nought."""
    floor = Floor()
    for where, unit in fires:
        floor.fire(where, unit)
    told = floor.ask()
    assert (told["differing"], told["n_quicker"], told["n_slower"]) == ([], 0, 0)
    assert told["today"] == told["other"]
    assert all((one["difference_s"], one["real"]) == (0, False) for one in told["changes"])


def test_what_is_open_still_is_left_out_and_said_so(floor):
    """Its work has no end to live again."""
    floor.shift.run(OpenIncident("open", kind="Fire", place=Place("here", *WEST)))
    floor.shift.wait(MINUTE)
    told = floor.ask(without=("E2",))
    assert (told["incidents"], told["left_out"]) == (6, 1)


def test_times_are_the_roads_own_until_there_are_drives_enough(floor):
    """Six drives are too few to fit, and it says so."""
    told = floor.ask(without=("E2",))
    assert (told["timed_by"], told["drives"]) == ("predicted", 6)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"without": ("E9",)}, "what_if_unreadable"),
        ({"moved": (("E9", "1"),)}, "what_if_unreadable"),
        ({"moved": (("E1", "9"),)}, "what_if_unreadable"),
        ({"more": (("TRAM", "1"),)}, "what_if_unreadable"),
        ({"rule": "by lot"}, "what_if_unreadable"),
        ({"plan": "never drafted"}, "plan_unknown"),
        ({"begun": NOON, "ended": NOON}, "span_unreadable"),
        ({"begun": NOON - 30 * DAY}, "span_unreadable"),
        ({"begun": NOON - 2 * DAY, "ended": NOON - DAY}, "nothing_there"),
    ],
)
def test_what_cannot_be_lived_is_refused(floor, what, code):
    """Each with its own code."""
    assert floor.ask(**what) == code


def test_without_a_city_nothing_is_lived_again():
    """Roads are what a life is lived on."""
    floor = Floor(ground=lambda: None)
    floor.fire(WEST, "E1")
    assert floor.ask() == "city_needed"

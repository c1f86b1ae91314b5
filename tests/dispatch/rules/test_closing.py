"""Closing, codes and places as facts: each test states one fact."""

import pytest

from redstick.dispatch.codes.table import CodeTable, DispositionCode, TypeCode
from redstick.dispatch.place import Extent, Place
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.closing import disposition_of
from redstick.dispatch.rules.codes import AdoptCodes
from redstick.dispatch.rules.extents import AdoptExtent
from redstick.dispatch.rules.incidents import (
    ChangePriority,
    CloseIncident,
    MoveIncident,
    OpenIncident,
    ReopenIncident,
    RetypeIncident,
)
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

TABLE = CodeTable((TypeCode("Structure Fire", "FSTRU", "fire", 1),), (DispositionCode("report", "01"),))
PARISH = Extent((-920_000_000, 300_000_000, -900_000_000, 310_000_000), ((
    -910_000_000, 304_000_000, -909_000_000, 304_000_000, -909_000_000, 305_000_000, -910_000_000, 305_000_000,
    -910_000_000, 304_000_000,
),))  # fmt: skip
RIVER, MARKET = Place("river", -909_500_000, 304_500_000), Place("market", -915_000_000, 304_500_000)


@pytest.fixture
def crash(desk):
    """A crash that a fire and a police unit worked and have left."""
    desk.run(OpenIncident("i", kind="crash", priority=4))
    for unit, agency in (("E1", "fire"), ("P1", "police")):
        desk.run(EnrollUnit(unit, agency=agency))
        desk.run(ReportStatus(unit, "AQ"))
        desk.run(AssignUnits("i", [unit]))
        desk.run(ReleaseUnit("i", unit))
    return desk


def test_every_agency_that_took_part_ends_with_a_disposition(crash):
    """Who is without one is named; with one for each, none is needed for the whole."""
    refused = crash.ask(CloseIncident("i", dispositions={"police": "arrest"})).rejection
    assert (refused.code, refused.data["agencies"]) == ("disposition_needed", ["fire"])
    crash.run(CloseIncident("i", dispositions={"police": "arrest", "fire": "no fire"}))
    incident = crash.state.incidents["i"]
    assert (incident.disposition, disposition_of(incident, "police")) == ("no fire", "arrest")


def test_one_disposition_holds_for_all_that_have_none_of_their_own(crash):
    """As it always did."""
    crash.run(CloseIncident("i", "report", dispositions={"police": "arrest"}))
    incident = crash.state.incidents["i"]
    assert [disposition_of(incident, agency) for agency in ("fire", "police")] == ["report", "arrest"]


def test_original_current_and_final_priority_are_kept(crash):
    """The final one is that of the closing; while it is open there is none."""
    crash.run(ChangePriority("i", 2))
    crash.run(CloseIncident("i", "done"))
    incident = crash.state.incidents["i"]
    assert (incident.original_priority, incident.priority, incident.final_priority) == (4, 2, 2)
    crash.run(ReopenIncident("i", "again"))
    assert crash.state.incidents["i"].final_priority is None


def test_an_unknown_word_is_a_fact_of_a_person_and_a_fault_of_a_machine(crash):
    """Said by a person it is kept and flagged until a known word is said; a machine is refused with the reason."""
    crash.run(AdoptCodes(TABLE, "Ada"))
    assert crash.ask(OpenIncident("m", kind="krash", by_machine=True)).rejection.code == "kind_unknown"
    assert "m" not in crash.state.incidents
    assert crash.refused(RetypeIncident("i", "krash", by_machine=True)) == "kind_unknown"
    crash.run(RetypeIncident("i", "krash"))
    assert crash.state.incidents["i"].flags == ["kind_unmapped"]
    crash.run(RetypeIncident("i", "structure  FIRE", by_machine=True))
    assert crash.state.incidents["i"].flags == []
    assert crash.refused(CloseIncident("i", "gone", by_machine=True)) == "disposition_unknown"
    crash.run(CloseIncident("i", "gone"))
    assert crash.state.incidents["i"].flags == ["disposition_unmapped"]


def test_without_a_table_no_word_is_judged(desk):
    """A replay of another city's year is not flooded with flags."""
    desk.run(OpenIncident("i", kind="whatever", by_machine=True))
    assert desk.state.incidents["i"].flags == []


def test_a_table_that_is_not_total_is_not_adopted(desk):
    """Every word in use that it does not map is named, and every code that the standard does not have."""
    refused = desk.ask(AdoptCodes(TABLE, "Ada", ["FVEH"], ["01"], ["structure fire", "crash"], ["gone"])).rejection
    wrong = [(one["code"], one["word"]) for one in refused.data["findings"]]
    assert wrong == [("common_unknown", "Structure Fire"), ("type_unmapped", "crash"), ("disposition_unmapped", "gone")]
    assert desk.refused(AdoptCodes(TABLE, " ")) == "name_needed"


@pytest.mark.parametrize(
    ("x", "y", "why"),
    [
        (-909_500_000, 304_500_000, "in_water"),
        (-909_500_000, 404_500_000, "outside_city"),
        (304_500_000, -909_500_000, "coordinates_swapped"),
        (0, 0, "null_island"),
        (-1_909_500_000, 304_500_000, "not_on_earth"),
    ],
)
def test_an_impossible_place_is_a_fact_of_a_person_and_a_fault_of_a_machine(desk, x, y, why):
    """Said by a person it is kept and flagged until a better one is; of a machine it is refused with the reason."""
    desk.run(AdoptExtent(PARISH, "Ada"))
    place = Place("there", x, y)
    assert desk.ask(OpenIncident("m", place=place, by_machine=True)).rejection.data == {"why": why}
    desk.run(OpenIncident("i", place=place))
    assert (desk.state.incidents["i"].place, desk.state.incidents["i"].flags) == (place, [f"place_{why}"])
    desk.run(MoveIncident("i", MARKET, by_machine=True))
    assert desk.state.incidents["i"].flags == []
    assert desk.refused(MoveIncident("i", place, by_machine=True)) == "place_impossible"


def test_a_place_within_the_extent_carries_no_flag(desk):
    """Beside the water and on the border of the box too; and a place without a position is not impossible."""
    desk.run(AdoptExtent(PARISH, "Ada"))
    for number, place in enumerate((MARKET, Place("edge", *PARISH.box[:2]), Place("somewhere"))):
        desk.run(OpenIncident(f"i{number}", place=place, by_machine=True))


def test_an_extent_that_is_none_is_not_adopted(desk):
    """An empty box, a water that is no closed ring, nobody's name."""
    assert desk.refused(AdoptExtent(Extent((5, 0, 5, 9)), "Ada")) == "extent_empty"
    assert desk.refused(AdoptExtent(Extent((0, 0, 9, 9), ((1, 1, 2, 2, 3, 1, 2, 1),)), "Ada")) == "ring_open"
    assert desk.refused(AdoptExtent(PARISH, "")) == "name_needed"

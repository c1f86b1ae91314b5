"""Planted faults of names, address points, stations, units and closures."""

import pytest

from redstick.geo.city import Closure, Unit
from redstick.geo.importers.addresses import AddressDraft, addresses_of
from redstick.geo.linter import Severity
from redstick.geo.linter.names import street_key

X, Y, STEP = -911_000_000, 304_000_000, 10_000


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("GOVERNMENT ST", "GOVERNMENT AVE", "NAME_SUFFIX_ONLY"),
        ("GOVERNMENT ST", "GOVERNMENT STREET", "NAME_SPELLING"),
        ("WILLARD NORTH", "WILLARDNORTH", "NAME_SPELLING"),
        ("O'FARRELL ST", "OFARRELL ST", "NAME_SPELLING"),
        ("GOVERNMENT ST", "GOVERMENT ST", "NAME_ONE_LETTER"),
        ("ACADIAN THWY", "ACADAIN THWY", "NAME_ONE_LETTER"),
        ("02ND STREET WEST", "03RD STREET WEST", None),
        ("AVENUE B", "AVENUE C", None),
        ("OAK ST", "ELM ST", None),
        ("PERKINS RD", "HIGHLAND RD", None),
    ],
)
def test_names_that_will_be_mixed_up_are_found(found, street, one, other, code):
    """Another suffix, another spelling, one letter: each has its code; numbered and lettered streets are meant so."""
    row = [street("1", (0, 0), (1, 0), name=one), street("2", (1, 0), (2, 0), name=other)]
    assert set(found(row)) == ({code} if code else set())


def test_a_street_is_what_the_geocoder_reads():
    """Case, points, spaces and the form of a suffix do not count; a name in another script stays itself."""
    assert street_key("Rev. M.L.  King, Jr. blvd") == street_key("REV ML KING JR BOULEVARD")
    assert street_key("02ND ST") == street_key("2nd Street")
    assert street_key("проспект Мира") != street_key("улица Мира")


def address(number, column, row, street="MAIN ST", area="", unit=""):
    """An address point at a place in steps."""
    return AddressDraft(X + round(column * STEP), Y + round(row * STEP), number, "", street, unit, area)


def test_one_address_in_two_places_is_an_error(found, sound):
    """The same number 100 m apart; two doors of one plot and two flats of one house are no fault."""
    findings = found(sound, addresses=addresses_of([address(5, 0, 0), address(5, 1, 0)]))["ADDRESS_REPEATED"]
    assert findings[0].severity is Severity.ERROR
    assert "2 points up to 96 m apart" in findings[0].found
    doors = addresses_of([address(5, 0, 0), address(5, 0.1, 0), address(7, 0, 0, unit="A"), address(7, 1, 0, unit="B")])
    assert found(sound, addresses=doors) == {}


def test_one_address_in_two_municipalities_is_a_warning(found, sound):
    """5 MAIN ST in two towns is right, and call-takers must ask."""
    both = addresses_of([address(5, 0, 0, area="VILLE"), address(5, 1, 0, area="BOURG")])
    findings = found(sound, addresses=both)
    assert set(findings) == {"ADDRESS_IN_TWO_COMMUNITIES"}
    assert findings["ADDRESS_IN_TWO_COMMUNITIES"][0].found == "it stands in BOURG, VILLE"


def test_addresses_on_a_street_that_does_not_exist_are_found(found, sound):
    """A street spelt otherwise than the roads; a suffix written out is the same street."""
    points = addresses_of([address(5, 0, 0, "MIAN ST"), address(7, 0, 0, "MIAN ST"), address(9, 0, 0, "Main Street")])
    findings = found(sound, addresses=points)
    assert [finding.found for finding in findings["ADDRESS_STREET_UNKNOWN"]] == [
        "no road is called 'MIAN ST'; addresses on it: 2"
    ]


def test_a_station_away_from_every_road_is_an_error(found, sound, station):
    """300 m from the nearest road; a station 50 m back from the street is on it."""
    findings = found(sound, stations=(station("1", 1, 0.5), station("2", 1, 5)))
    assert [(finding.code, finding.place) for finding in findings["STATION_OFF_NETWORK"]] == [
        ("STATION_OFF_NETWORK", "station 2")
    ]


def test_units_need_a_station_that_exists(found, sound, station):
    """Without one a warning, with an unknown one an error; a station without units is worth a look."""
    units = (Unit("E1", "engine", "1"), Unit("E2", "engine"), Unit("E3", "engine", "33"))
    findings = found(sound, stations=(station("1", 1, 0), station("2", 2, 0)), units=units)
    assert [finding.place for finding in findings["UNIT_WITHOUT_STATION"]] == ["unit E2"]
    assert findings["UNIT_STATION_UNKNOWN"][0].severity is Severity.ERROR
    assert [finding.place for finding in findings["STATION_EMPTY"]] == ["station 2"]


def test_a_closure_of_nothing_is_an_error(found, sound):
    """A closure names segments by the source's ids; one that is not there closes nothing."""
    findings = found(sound, closures=(Closure("c1", ("1", "no such")), Closure("c2", ("2",))))
    assert [finding.found for finding in findings["CLOSURE_UNKNOWN"]] == [
        "it closes segments that do not exist: no such"
    ]


def test_a_city_without_roads_says_so(found):
    """Nothing at all is one error, not a crash."""
    assert set(found([])) == {"NO_ROADS"}

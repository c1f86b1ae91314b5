"""A city folder to compute with: closures and zones go by the time that is asked of, and damage is said in words."""

from dataclasses import replace

import numpy as np
import pytest
from tests import small_town

from redstick.adapters.city_folder import CityGround, UnusableCity, read_city
from redstick.dispatch.computing.questions import WhereIs
from redstick.geo.city import Closure, Zone, save_city
from redstick.geo.importers.gather import Sources, gather

BEGIN, END = 1_700_000_000_000, 1_700_003_600_000


def corner(column, row):
    """A corner of the town in 1e-7 degrees."""
    return tuple(round(value * 1e7) for value in small_town.degrees(column, row))


def square(west, south, east, north):
    """One polygon over corners."""
    places = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return ((np.array([corner(*place) for place in places], np.int32),),)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The town with two beats that meet in the middle, and the whole of 11th Street closed for an hour."""
    folder = small_town.write(tmp_path_factory.mktemp("town"))
    city, _ = gather(Sources(folder / "roads.geojson", time_zone="America/Chicago"))
    street = [name for i, name in enumerate(city.roads.segment_id) if city.roads.names[city.roads.name[i]] == "11TH ST"]
    closed = Closure("works", tuple(street), "works", BEGIN, END)
    beats = (
        Zone("west", "West", "beat", "beat", square(-1, -1, 5, 11)),
        Zone("east", "East", "beat", "beat", square(5, -1, 11, 11)),
    )
    saved = save_city(folder / "city", replace(city, closures=(closed,), zones=beats))
    return CityGround(folder / "city", saved)


def seconds(ground, when):
    """From one corner of 11th Street to the next but three, along it."""
    [(found, _)] = ground.roads(when).seconds_to(corner(4, 0), [corner(1, 0)])
    return found


def test_a_closure_counts_from_its_beginning_until_its_end(opened):
    """Before, during and after, asked in any order; the roads are named differently while it holds."""
    before, name = seconds(opened, BEGIN - 1), opened.roads(BEGIN - 1).version
    during = seconds(opened, BEGIN)
    assert opened.closures(BEGIN) == ("works",)
    assert during is None or during > before
    assert opened.roads(BEGIN).version != name
    assert seconds(opened, END) == before
    assert (opened.closures(END), opened.roads(END).version) == ((), name)
    assert seconds(opened, END - 1) == during


def test_a_candidate_comes_with_the_place_and_the_zones_that_a_command_takes(opened):
    """A corner in the west lies in the west; the position is the candidate's own."""
    found = opened.places(WhereIs("13TH ST & BLDER AVE", at=BEGIN))
    [candidate] = found.candidates
    assert (found.kind, found.zones, candidate.zones) == ("unique", {"beat": "west"}, {"beat": "west"})
    assert (found.place.x, found.place.y) == pytest.approx(corner(1, 2), abs=20)
    assert found.place.in_geofile
    assert [within.zone for within in opened.zones(corner(9, 2), BEGIN)] == ["east"]


def test_on_the_border_every_zone_counts(opened):
    """Both beats, so that a rule for either is looked at."""
    assert {within.zone for within in opened.zones(corner(5, 2), BEGIN)} == {"west", "east"}


def test_a_folder_that_is_no_city_is_said_in_words(tmp_path):
    """And so is one whose files have been altered."""
    with pytest.raises(UnusableCity, match="cannot be read"):
        read_city(tmp_path)

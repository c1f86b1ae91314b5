"""Where things happen: each test states one fact."""

from collections import Counter

import numpy as np
import pytest

from redstick.geo.city import City, Zone
from redstick.simulation.city.arrivals.grounds import Grounds
from redstick.simulation.city.dice import Dice
from redstick.simulation.city.scenarios import Where


@pytest.fixture(scope="module")
def grounds(parish):
    """Of the small parish, which knows no census."""
    return Grounds(parish.city)


@pytest.fixture(scope="module")
def halves(parish):
    """The same parish with two blocks, west and east: nine in ten live in the west, nine in ten work in the east."""
    city, x, y = parish.city, parish.city.addresses.x, parish.city.addresses.y
    middle = int(np.median(x))

    def block(key, west, east, residents, by_day):
        south, north = int(y.min()) - 10, int(y.max()) + 10
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        people = {"population": str(residents), "daytime_population": str(by_day)}
        ring = np.array(corners, np.int32)
        return Zone(key, key, "census_block", "census_block", ((ring,),), attributes=people)

    zones = (block("W", int(x.min()) - 10, middle, 900, 100), block("E", middle, int(x.max()) + 10, 100, 900))
    parts = {name: getattr(city, name) for name in City.__dataclass_fields__}
    return Grounds(City(**{**parts, "zones": zones})), middle


@pytest.mark.parametrize("where", list(Where))
def test_every_kind_of_place_is_somewhere(grounds, where):
    """With words and a position, in the geofile or on a named road."""
    dice = Dice(1, where)
    for _ in range(50):
        place = grounds.draw(where, dice)
        assert place.text
        assert place.located


@pytest.mark.parametrize(("where", "share"), [(Where.HOMES, 0.9), (Where.WORK, 0.1)])
def test_more_calls_come_from_where_more_people_are(halves, where, share):
    """By night where they live, by day where they work: nine in ten, within four standard errors."""
    grounds, middle = halves
    dice = Dice(3)
    west = Counter(grounds.draw(where, dice).x < middle for _ in range(2_000))[True]
    assert west / 2_000 == pytest.approx(share, abs=0.03)


def test_a_wrong_number_is_a_door_of_the_same_street(grounds):
    """Another house of the street, near by; a corner is mistaken for another corner."""
    dice = Dice(5)
    other = 0
    for _ in range(60):
        place = grounds.draw(Where.HOMES, dice)
        wrong = grounds.another_number(place, dice)
        assert wrong.text.partition(" ")[2] == place.text.partition(" ")[2]
        other += wrong.text != place.text
    assert other > 40


def test_a_telephone_tells_a_position_and_no_words(grounds):
    """Within the reach that it is sure of."""
    place = grounds.draw(Where.HOMES, Dice(6))
    told = grounds.beside(place, Dice(7), 90)
    assert told.text == ""
    assert told.uncertainty_m == 90
    assert abs(told.x - place.x) <= 90 * 90
    assert abs(told.y - place.y) <= 90 * 90

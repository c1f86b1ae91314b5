"""Streets as drawn become a road network: each test states one fact."""

import numpy as np
import pytest

from redstick.geo.roads import FORWARD_ONLY, ROAD_CLASSES
from redstick.simulation.parish.network import build_roads, to_degrees_e7
from redstick.simulation.parish.plan import RAISED, Line


def street(name, *points, road_class="residential", **options):
    return Line(np.array(points, float), name, road_class, 40, **options)


def block(side=400.0):
    """Four streets around a square, each reaching a little over its corners."""
    over = -0.5, side + 0.5
    return [
        street("South Street", (over[0], 0), (over[1], 0), road_class="tertiary"),
        street("North Street", (over[0], side), (over[1], side), road_class="tertiary"),
        street("West Street", (0, over[0]), (0, over[1]), road_class="tertiary"),
        street("East Street", (side, over[0]), (side, over[1]), road_class="tertiary"),
    ]


def built(*more):
    """Roads of the square and of more lines."""
    return build_roads([*block(), *more], "Town", "made by a test")


def segments_of(roads, name):
    """Indices of the segments of a street."""
    return [i for i in range(roads.segments) if roads.name[i] >= 0 and roads.names[roads.name[i]] == name]


def test_streets_are_cut_where_they_meet():
    """A street across the square makes two junctions, and two blocks of each street that it meets."""
    roads = built(street("Middle Street", (200, -0.5), (200, 400.5)))
    assert roads.nodes == 6
    assert roads.segments == 7
    assert [len(segments_of(roads, name)) for name in ("South Street", "Middle Street", "West Street")] == [2, 1, 1]


def test_levels_do_not_meet():
    """A motorway over the square joins nothing; without ramps it cannot be reached and is left out."""
    roads = built(street("I-18", (200, -300), (200, 700), road_class="motorway", level=RAISED, one_way=True))
    assert roads.segments == 4


def test_ramps_join_what_they_name_whatever_its_level():
    """A loop on the upper level is reached by its two ramps alone."""
    loop = street("I-18", (60, 100), (340, 100), (340, 300), (60, 300), (60, 100),
                  road_class="motorway", level=RAISED, one_way=True)  # fmt: skip
    up = street("", (200, 0), (200, 100), road_class="ramp", level=RAISED, one_way=True, ends_meet=(0, 4))
    down = street("", (200, 300), (200, 400), road_class="ramp", level=RAISED, one_way=True, ends_meet=(4, 1))
    roads = built(loop, up, down)
    classes = [ROAD_CLASSES[index] for index in roads.road_class]
    assert classes.count("ramp") == 2
    assert classes.count("motorway") >= 2
    assert all(roads.direction[i] == FORWARD_ONLY for i in segments_of(roads, "I-18"))


def test_a_dead_end_is_kept_and_a_scrap_is_not():
    """Forty-five metres make a street; less is what a cut left over."""
    roads = built(street("Long Court", (100, -0.5), (100, 90)), street("Scrap Court", (300, -0.5), (300, 30)))
    assert segments_of(roads, "Long Court")
    assert not segments_of(roads, "Scrap Court")


def test_a_street_drawn_twice_stands_once():
    """Out of one junction in nearly one direction: the lesser of the two goes."""
    double = street("Echo Lane", (0, 0), (190, 30), (200, 400.5))
    assert not segments_of(built(double), "Echo Lane")


def test_an_end_that_nearly_touches_is_no_street():
    """A dead end five metres short of another street would be taken for a junction."""
    assert not segments_of(built(street("Short Court", (200, -0.5), (200, 370), (380, 370), (392, 200))), "Short Court")


@pytest.mark.parametrize("way", [((100, 200), (300, 200)), ((100, 100), (300, 320))])
def test_what_cannot_be_reached_is_left_out(way):
    """A street that meets none is no part of the network."""
    assert not segments_of(built(street("Lonely Lane", *way)), "Lonely Lane")


def test_a_one_way_that_leads_nowhere_is_left_out():
    """Every street can be come back from."""
    roads = built(street("Trap Lane", (200, -0.5), (200, 200), one_way=True))
    assert not segments_of(roads, "Trap Lane")


def test_house_numbers_are_odd_on_the_left_and_a_hundred_to_a_block():
    """Block one begins at 101 and 102, block two at 201 and 202; no number stands on both."""
    roads = built(street("Middle Street", (200, -0.5), (200, 400.5)))
    first, second = segments_of(roads, "South Street")
    assert (roads.left_from[first], roads.right_from[first]) == (101, 102)
    assert (roads.left_from[second], roads.right_from[second]) == (201, 202)
    for segment in (first, second):
        assert roads.left_to[segment] % 2 == 1
        assert roads.right_to[segment] % 2 == 0
        assert roads.left_to[segment] < roads.left_from[first] + 100 * (segment - first + 1)


def test_a_ramp_has_no_house_numbers():
    """Nobody lives on the interstate."""
    roads = built(street("I-18", (0, 0), (400, 400), road_class="motorway"))
    [segment] = segments_of(roads, "I-18")
    assert roads.left_from[segment] == roads.right_to[segment] == 0


def test_lengths_are_those_on_the_ground():
    """A street drawn 400 metres long is so on the ellipsoid, within one in a thousand."""
    roads = built()
    assert roads.length_m == pytest.approx([400] * 4, rel=1e-3)


def test_metres_become_degrees_within_a_centimetre():
    """Back and forth, in the middle of the plan."""
    there = to_degrees_e7(np.array([[1234.56, 6543.21]]))[0]
    back = (there - to_degrees_e7(np.array([0.0, 0.0]))[0]) / 1e7 * (98_931.0, 110_786.0)
    assert back == pytest.approx([1234.56, 6543.21], abs=0.011)

"""What stands in the parish: each test states one fact."""

import numpy as np
import shapely

from redstick.geo.zones import LocalMetres
from redstick.simulation.parish.furniture import PATROLS_PER_BEAT, SETBACK_M


def grounds(city, layer):
    """The polygons of a layer."""
    return [shapely.Polygon(zone.polygons[0][0]) for zone in city.zones if zone.layer == layer]


def test_every_unit_has_a_station_that_is_there(parish):
    """And no id stands twice."""
    city = parish.city
    assert {unit.station for unit in city.units} <= {station.id for station in city.stations}
    assert len({unit.id for unit in city.units}) == len(city.units)


def test_every_beat_has_its_patrols(parish):
    """Two to a beat."""
    patrols = [unit for unit in parish.city.units if unit.kind == "patrol"]
    assert len(patrols) == PATROLS_PER_BEAT * len(grounds(parish.city, "beat"))


def test_beats_and_districts_cover_the_parish_without_overlap(parish):
    """The areas of a layer add up to that of their union, and every address lies in exactly one of them."""
    doors = np.column_stack([parish.city.addresses.x, parish.city.addresses.y])
    for layer in ("beat", "fire_district"):
        shapes = grounds(parish.city, layer)
        whole = shapely.unary_union(shapes)
        assert abs(sum(shape.area for shape in shapes) / whole.area - 1) < 1e-6
        inside = np.array([shapely.contains_xy(shape, doors) for shape in shapes])
        assert np.all(inside.sum(axis=0) == 1)


def test_front_doors_stand_beside_their_own_street(parish):
    """Each address is one setback from a street of its name, odd to the left, its number in the range of that side."""
    city, roads = parish.city, parish.city.roads
    plane = LocalMetres.around(np.column_stack([roads.node_x, roads.node_y]))
    metres = plane.project(roads.xy)
    lines = shapely.linestrings(metres, indices=np.repeat(np.arange(roads.segments), np.diff(roads.start)))
    doors = plane.project(np.column_stack([city.addresses.x, city.addresses.y]))
    of_street = {}
    for segment in range(roads.segments):
        of_street.setdefault(int(roads.name[segment]), []).append(segment)
    for i in range(0, len(city.addresses), 97):
        number = int(city.addresses.number[i])
        low, high = (roads.left_from, roads.left_to) if number % 2 else (roads.right_from, roads.right_to)
        own = [s for s in of_street[int(city.addresses.street[i])] if low[s] <= number <= high[s]]
        assert len(own) == 1
        line, door = lines[own[0]], shapely.Point(doors[i])
        assert abs(door.distance(line) - SETBACK_M) < 1.0
        at_m = line.project(door)
        behind, ahead = line.interpolate(max(at_m - 1, 0)), line.interpolate(at_m + 1)
        left = (ahead.x - behind.x) * (door.y - behind.y) - (ahead.y - behind.y) * (door.x - behind.x) > 0
        assert left == (number % 2 == 1)


def test_no_address_stands_twice(parish):
    """A number and a street name one door."""
    known = parish.city.addresses
    assert len(set(zip(known.number.tolist(), known.street.tolist(), strict=True))) == len(known)

"""The parish at full size: each test states one fact."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from redstick.geo.city import load_city, save_city
from redstick.geo.linter import lint
from redstick.geo.linter.finding import Severity
from redstick.geo.linter.sites import check_sites
from redstick.geo.linter.zone_shapes import check_zones
from redstick.geo.roads import BACKWARD_ONLY, FORWARD_ONLY, ROAD_CLASSES
from redstick.simulation.parish.furniture import SETBACK_M
from redstick.simulation.parish.metropolis.addressing import line_of, metres
from redstick.simulation.parish.metropolis.census import BY_DAY, POPULATION

# What `redstick city generate --seed 7` prints. It changes when the generator is changed on purpose, and never else.
DIGEST_OF_SEED_7 = "5c077b5cb2de79d8f681fa876ab26fe15e14820b7a160f8b6e8d664883aba395"
LAYERS = {
    "municipality",
    "beat",
    "police_district",
    "fire_district",
    "ems_district",
    "council_district",
    "census_block",
}
PLANTED = (
    "ADDRESS_IN_TWO_COMMUNITIES"  # streets of one name and number in several municipalities, as real parishes have
)


def test_the_same_seed_gives_the_same_bytes(city):
    """On every machine and with every hash seed of the interpreter: the process that drew it had one of its own."""
    assert city.digest == DIGEST_OF_SEED_7


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["1", "271828"])
def test_another_process_with_another_hash_seed_gives_the_same_bytes(hash_seed):
    """Nothing hangs on the order of a set; another seed gives another parish."""
    code = "from redstick.simulation.parish import generate; print(*(generate(s, 'full').city.digest for s in (7, 8)))"
    told = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, check=True
    ).stdout.decode()
    seven, eight = told.split()
    assert seven == DIGEST_OF_SEED_7 != eight


def test_the_linter_finds_what_was_planted_and_nothing_else(city):
    """No error; the only warning is that some addresses stand in two municipalities, and it is there."""
    graver = Counter((found.severity, found.code) for found in lint(city) if found.severity < Severity.NOTICE)
    assert set(graver) == {(Severity.WARNING, PLANTED)}


def test_it_is_as_large_as_a_city_parish(city):
    """Thirty to sixty thousand segments, of every class."""
    assert 30_000 <= city.roads.segments <= 60_000
    assert {ROAD_CLASSES[i] for i in city.roads.road_class.tolist()} == set(ROAD_CLASSES) - {"unknown"}
    assert len(city.addresses) > 200_000


def test_every_street_can_be_driven_to_and_come_back_from(city):
    """One strong component holds every node, where 99.5 % would do."""
    roads = city.roads
    ahead, back = roads.direction != BACKWARD_ONLY, roads.direction != FORWARD_ONLY
    start, stop = np.r_[roads.tail[ahead], roads.head[back]], np.r_[roads.head[ahead], roads.tail[back]]
    graph = coo_matrix((np.ones(len(start)), (start, stop)), shape=(roads.nodes, roads.nodes))
    _, label = connected_components(graph, directed=True, connection="strong")
    assert np.bincount(label).max() == roads.nodes


def test_one_way_streets_run_both_ways_of_their_numbers(city):
    """Downtown some rise with the traffic and some against it."""
    local = city.roads.road_class == ROAD_CLASSES.index("residential")
    assert {FORWARD_ONLY, BACKWARD_ONLY} <= set(city.roads.direction[local].tolist())


def test_odd_is_left_and_even_is_right(city):
    """On every segment with numbers; interstates and ramps have none."""
    roads = city.roads
    numbered = roads.left_from > 0
    assert np.all(roads.left_from[numbered] % 2 == 1)
    assert np.all(roads.left_to[numbered] % 2 == 1)
    assert np.all(roads.right_from[numbered] % 2 == 0)
    assert np.all(roads.right_to[numbered] % 2 == 0)
    assert np.all(roads.left_from[numbered] // 100 == roads.left_to[numbered] // 100)
    assert not np.any(numbered & np.isin(roads.road_class, [ROAD_CLASSES.index(n) for n in ("motorway", "ramp")]))


def test_every_address_lies_on_its_side_within_its_range(city):
    """One setback from the one segment of its street, municipality and number, odd to the left."""
    roads, known = city.roads, city.addresses
    of_street = {}
    for segment, name in enumerate(roads.name.tolist()):
        of_street.setdefault(name, []).append(segment)
    doors = metres(np.column_stack([known.x, known.y]))
    for i in range(0, len(known), 211):
        number, area = int(known.number[i]), int(known.area[i])
        odd = number % 2 == 1
        low, high, side = (
            (roads.left_from, roads.left_to, roads.left_area) if odd
            else (roads.right_from, roads.right_to, roads.right_area)
        )  # fmt: skip
        own = [s for s in of_street[int(known.street[i])] if low[s] <= number <= high[s] and side[s] == area]
        assert len(own) == 1
        line, door = line_of(roads, own[0]), shapely.Point(doors[i])
        assert door.distance(line) <= SETBACK_M + 0.1
        at_m = line.project(door)
        behind, ahead = line.interpolate(max(at_m - 1, 0)), line.interpolate(at_m + 1)
        left = (ahead.x - behind.x) * (door.y - behind.y) - (ahead.y - behind.y) * (door.x - behind.x) > 0
        assert left == odd


def test_zones_of_every_layer_tile_the_parish(city):
    """The linter of real cities sees no gap, no overlap, no sliver, no street outside; all layers cover one area."""
    assert list(check_zones(city)) == []
    area = Counter()
    for zone in city.zones:
        area[zone.layer] += sum(shapely.Polygon(rings[0], rings[1:]).area for rings in zone.polygons)
    assert set(area) == LAYERS
    assert max(area.values()) / min(area.values()) - 1 < 1e-9


def test_a_block_that_is_taken_away_is_a_gap(city):
    """So the check of tiling can fail."""
    blocks = [zone for zone in city.zones if zone.layer == "census_block"]
    amid = len(blocks) // 2
    torn = replace(city, zones=tuple(zone for zone in blocks if zone is not blocks[amid]))
    assert {found.code for found in check_zones(torn)} & {"ZONE_GAP", "ZONE_UNCOVERED_STREETS"}


def test_every_station_stands_on_the_network(city):
    """At a junction of its streets, with units; the linter of real cities agrees."""
    nodes = set(zip(city.roads.node_x.tolist(), city.roads.node_y.tolist(), strict=True))
    assert all((station.x, station.y) in nodes for station in city.stations)
    assert list(check_sites(city)) == []
    assert len([station for station in city.stations if station.id.startswith("ST")]) == 30


def test_streets_of_one_name_stand_in_several_municipalities(city):
    """With the same numbers, so that name and number alone do not tell where to go."""
    known = city.addresses
    where = {}
    for number, street, area in zip(known.number.tolist(), known.street.tolist(), known.area.tolist(), strict=True):
        where.setdefault((number, street), set()).add(area)
    assert sum(len(areas) > 1 for areas in where.values()) > 100
    assert len({street for (_, street), areas in where.items() if len(areas) > 2}) >= 5


def test_people_add_up(city):
    """450,000 live in every layer together, and more are there by day."""
    for layer in LAYERS:
        zones = [zone for zone in city.zones if zone.layer == layer]
        assert sum(int(zone.attributes["population"]) for zone in zones) == POPULATION
        assert sum(int(zone.attributes["daytime_population"]) for zone in zones) == BY_DAY


def test_council_districts_are_of_nearly_equal_population(city):
    """Within five in a hundred of a twelfth."""
    people = [int(zone.attributes["population"]) for zone in city.zones if zone.layer == "council_district"]
    assert len(people) == 12
    assert max(abs(count * 12 / POPULATION - 1) for count in people) < 0.05


def test_every_unit_has_a_station_and_a_crew(whole, city):
    """Three patrols to a beat, an engine to a fire station; ids stand once."""
    assert [crew.unit for crew in whole.crews] == [unit.id for unit in city.units]
    assert all(crew.seats and crew.platoons for crew in whole.crews)
    assert len({unit.id for unit in city.units}) == len(city.units)
    kinds = Counter(unit.kind for unit in city.units)
    assert kinds["engine"] == 30
    assert kinds["patrol"] == 3 * sum(zone.layer == "beat" for zone in city.zones)


def test_three_hundred_cameras_look_somewhere(whole):
    """Each with its place and a bearing in whole degrees; no two are one."""
    assert len({(camera.x, camera.y, camera.bearing_deg) for camera in whole.cameras}) == 300
    assert all(0 <= camera.bearing_deg < 360 for camera in whole.cameras)


def test_few_streets_cross_the_river(city):
    """Bridges are few: two to six names."""
    roads = city.roads
    river = shapely.Polygon(next(item for item in city.ground if item.name == "Tallow River").polygons[0][0])
    owner = np.repeat(np.arange(roads.segments), np.diff(roads.start))
    over = shapely.STRtree(shapely.linestrings(roads.xy, indices=owner)).query(river, predicate="intersects")
    assert 2 <= len({int(roads.name[i]) for i in over.tolist()}) <= 6


def test_it_is_a_city_like_any_other(city, tmp_path):
    """Saved and read again it is the same, by its digest."""
    save_city(tmp_path / "city", city)
    assert load_city(tmp_path / "city").digest == city.digest

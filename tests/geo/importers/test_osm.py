"""OpenStreetMap extracts: what Manhattan and Liechtenstein hold, and every rule on an extract of our own."""

import osmium
import pytest

from redstick.geo.importers import osm_tags
from redstick.geo.importers.fault import InputFault
from redstick.geo.importers.osm import import_osm
from redstick.geo.importers.osm_areas import import_osm_areas
from redstick.geo.roads import ROAD_CLASSES


@pytest.fixture
def extract(tmp_path):
    """Writes nodes {id: (lon, lat) or (lon, lat, tags)} and ways [(id, nodes, tags)] as a .pbf file."""

    def write(nodes, ways, name="town.osm.pbf"):
        path = tmp_path / name
        with osmium.SimpleWriter(str(path)) as out:
            for id_, (lon, lat, *tags) in nodes.items():
                out.add_node(osmium.osm.mutable.Node(id=id_, location=(lon, lat), tags=tags[0] if tags else {}))
            for id_, refs, tags in ways:
                out.add_way(osmium.osm.mutable.Way(id=id_, nodes=refs, tags=tags))
        return path

    return write


GRID = {i: (-91.1 + 0.001 * i, 30.4) for i in range(10)} | {20 + i: (-91.1 + 0.001 * i, 30.401) for i in range(10)}


def test_manhattan_has_its_published_numbers(third_party):
    """16,384 highway ways, 10,002 of them one-way counting reversed, 14,550 named (domain/geo.md section 6)."""
    extract = import_osm(third_party("roads/manhattan_2019.osm.pbf"))
    counts = extract.counts
    assert (counts["highway_ways"], counts["one_way"], counts["named"]) == (16_384, 10_002, 14_550)
    assert counts["with_speed"] == 3_204
    roads = extract.roads
    assert roads.segments > 25_000
    assert int((roads.direction != 0).sum()) > 15_000
    assert len(set(roads.segment_id)) == roads.segments


def test_liechtenstein_has_its_published_numbers(third_party):
    """4,660 highway ways, 1,933 named, 337 with a speed limit; its eleven municipalities; its addresses."""
    path = third_party("roads/liechtenstein.osm.pbf")
    extract = import_osm(path)
    counts = extract.counts
    assert (counts["highway_ways"], counts["named"], counts["with_speed"]) == (4_660, 1_933, 337)
    assert len(extract.addresses) == extract.intakes[1].taken > 900
    assert any(place.name == "Landesspital" or place.kind == "hospital" for place in extract.places)
    zones, ground, _ = import_osm_areas(path)
    names = {zone.name for zone in zones}
    assert names == {
        "Balzers", "Eschen", "Gamprin", "Mauren", "Planken", "Ruggell", "Schaan", "Schellenberg", "Triesen",
        "Triesenberg", "Vaduz",
    }  # fmt: skip
    assert {piece.kind for piece in ground} == {"water", "park"}


def test_ways_are_cut_where_they_meet(extract):
    """A way is cut at a node that another shares, and at one that it visits twice; elsewhere it stays whole."""
    path = extract(
        GRID,
        [(1, [0, 1, 2, 3], {"highway": "residential", "name": "Main"}), (2, [2, 22], {"highway": "service"}),
         (3, [22, 23, 24, 22, 25], {"highway": "residential"})],
    )  # fmt: skip
    roads = import_osm(path).roads
    assert roads.segment_id == ["1.0", "1.1", "2", "3.0", "3.1"]
    assert roads.nodes == 5
    assert roads.tail[3] == roads.head[3]


def test_a_way_that_leaves_the_extract_is_cut_there(extract):
    """Nodes without a position end a segment; the road does not jump over them."""
    path = extract(GRID, [(1, [0, 1, 99, 3, 4, 98], {"highway": "residential"})])
    result = import_osm(path)
    assert result.roads.segment_id == ["1.0", "1.1"]
    assert result.roads.nodes == 4
    assert result.intakes[0].skipped == {"nodes that lie outside the extract": 2}


def test_a_bollard_cuts_a_road_and_a_gate_does_not(extract):
    """The pieces at a bollard do not meet; crews open a gate; a bollard marked for emergencies lets them through."""
    nodes = GRID | {
        1: (-91.099, 30.4, {"barrier": "bollard"}),
        2: (-91.098, 30.4, {"barrier": "gate"}),
        3: (-91.097, 30.4, {"barrier": "bollard", "emergency": "yes"}),
    }
    roads = import_osm(extract(nodes, [(1, [0, 1, 2, 3, 4], {"highway": "residential"})])).roads
    assert roads.segments == 2
    assert roads.head[0] != roads.tail[1]


def test_what_a_way_says_reaches_the_segment(extract):
    """Class, direction, speed in km/h, level, aliases split from their list, postcodes of the Census import."""
    tags = {
        "highway": "primary", "name": "Florida Blvd", "ref": "US 190;LA 73", "oneway": "-1", "maxspeed": "45 mph",
        "bridge": "yes", "tiger:zip_left": "70802", "alt_name": "Florida Street",
    }  # fmt: skip
    roads = import_osm(extract(GRID, [(1, [0, 1], tags)])).roads
    assert ROAD_CLASSES[roads.road_class[0]] == "primary"
    assert (roads.direction[0], roads.speed_kmh[0], roads.level[0]) == (-1, 72, 1)
    assert [roads.names[name] for _, name in roads.aliases] == ["Florida Street", "US 190", "LA 73"]
    assert roads.postcodes == ["70802"]


def test_addresses_come_from_nodes_and_buildings(extract):
    """A building's address stands in its middle; `12-16` is three addresses; one without a street is counted."""
    nodes = GRID | {
        50: (-91.1, 30.41, {"addr:housenumber": "7a", "addr:street": "Main", "addr:unit": "2", "addr:city": "Ville"}),
        51: (-91.1, 30.42, {"addr:housenumber": "9"}),
    }
    ways = [
        (1, [0, 1], {"highway": "residential", "name": "Main"}),
        (2, [0, 2, 22, 20, 0], {"building": "yes", "addr:housenumber": "12-16", "addr:street": "Main",
                                "amenity": "cafe", "name": "Café Main"}),
    ]  # fmt: skip
    result = import_osm(extract(nodes, ways))
    assert [(row.number, row.suffix, row.unit) for row in sorted(result.addresses, key=lambda row: row.number)] == [
        (7, "A", "2"), (12, "", ""), (14, "", ""), (16, "", ""),
    ]  # fmt: skip
    middle = next(row for row in result.addresses if row.number == 12)
    assert (abs(middle.x + 910_990_000) <= 1, abs(middle.y - 304_005_000) <= 1) == (True, True)
    assert [(place.name, place.kind, place.address) for place in result.places] == [("Café Main", "cafe", "12-16 Main")]
    assert result.intakes[1].skipped == {"a house number without a street": 1}


def test_numbered_exits_are_posts_of_their_route(extract):
    """Exit 155B where I 10 passes is measure 155, label B; the ramp that starts there adds none."""
    junction = {"highway": "motorway_junction"}
    nodes = GRID | {
        1: (-91.099, 30.4, junction | {"ref": "155B"}),
        2: (-91.098, 30.4, junction | {"ref": "Louise St"}),
    }
    ways = [
        (1, [0, 1, 2], {"highway": "motorway", "ref": "I 10;US 61"}),
        (2, [1, 21], {"highway": "motorway_link", "ref": "LA 73"}),
    ]
    result = import_osm(extract(nodes, ways))
    assert [(post.route, post.measure_milli, post.label, post.exit) for post in result.mileposts] == [
        ("I 10", 155_000, "B", True),
        ("US 61", 155_000, "B", True),
    ]
    assert result.intakes[3].skipped == {"an exit number that cannot be read": 1}


@pytest.mark.parametrize(
    ("tags", "taken"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "residential", "access": "private"}, True),
        ({"highway": "residential", "access": "no"}, False),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, True),
        ({"highway": "residential", "access": "yes", "motor_vehicle": "no"}, False),
        ({"highway": "residential", "motor_vehicle": "no", "emergency": "yes"}, True),
        ({"highway": "footway"}, False),
        ({"highway": "footway", "emergency": "designated"}, True),
        ({"highway": "track"}, False),
        ({"highway": "track", "tracktype": "grade1"}, True),
        ({"highway": "track", "tracktype": "grade1", "motor_vehicle": "no"}, False),
        ({"highway": "service", "area": "yes"}, False),
        ({"highway": "construction"}, False),
        ({"highway": "busway"}, True),
    ],
)
def test_which_ways_are_driven(tags, taken):
    """Private roads and bus roads are; closed ones are not unless for emergencies; paths only where it is said."""
    index, refusal = osm_tags.road_class(tags)
    assert (index >= 0) is taken
    assert bool(refusal) is not taken


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({"highway": "residential"}, 0),
        ({"highway": "residential", "oneway": "yes"}, 1),
        ({"highway": "residential", "oneway": "-1"}, -1),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
        ({"highway": "residential", "junction": "roundabout"}, 1),
        ({"highway": "residential", "junction": "roundabout", "oneway": "-1"}, -1),
        ({"highway": "motorway", "oneway": "reversible"}, 0),
    ],
)
def test_one_way_is_said_or_implied(tags, direction):
    """Motorways and roundabouts are one-way unless they say otherwise; -1 runs against the line."""
    assert osm_tags.direction(tags) == direction


@pytest.mark.parametrize(
    ("maxspeed", "speed_kmh"),
    [("50", 50), ("25 mph", 40), ("25mph", 40), ("30;50", 30), ("walk", 0), ("none", 0), ("RO:urban", 0), ("", 0)],
)
def test_speed_limits_are_kilometres_per_hour(maxspeed, speed_kmh):
    """Miles are converted; words that are no number are unknown."""
    assert osm_tags.speed_kmh({"maxspeed": maxspeed}) == speed_kmh


def test_a_pbf_cut_in_half_is_refused(third_party, tmp_path):
    """Half an extract is an error that names the file, not half a city."""
    whole = third_party("roads/liechtenstein.osm.pbf").read_bytes()
    path = tmp_path / "half.osm.pbf"
    path.write_bytes(whole[: len(whole) // 2])
    for read in (import_osm, import_osm_areas):
        with pytest.raises(InputFault, match=r"half\.osm\.pbf: it is torn or no extract"):
            read(path)


@pytest.mark.parametrize("content", [b"", b"not a pbf at all, only text", bytes(1000)])
def test_what_is_no_extract_is_refused(tmp_path, content):
    """An empty file, text, zeros."""
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(InputFault, match=r"town\.osm\.pbf"):
        import_osm(path)


def test_an_extract_without_roads_is_refused(extract):
    """Footpaths alone make no network."""
    with pytest.raises(InputFault, match="no driven road"):
        import_osm(extract(GRID, [(1, [0, 1], {"highway": "footway"})]))

"""OpenStreetMap extracts (`.osm.pbf`): roads, addresses, common places. Read by osmium in one pass.

What is taken and what is not is stated in `osm_tags`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from osmium.filter import KeyFilter
from osmium.osm import NODE, WAY

from redstick.geo.city import Milepost, Place
from redstick.geo.importers import osm_tags
from redstick.geo.importers.addresses import AddressDraft
from redstick.geo.importers.assemble import assemble
from redstick.geo.importers.fault import InputFault, Intake
from redstick.geo.importers.house_numbers import house_numbers
from redstick.geo.importers.osm_network import RoadWay, segments_of
from redstick.geo.importers.osm_tags import Tags
from redstick.geo.importers.sites import milepost_order
from redstick.geo.roads import I32, Roads

_EXIT = re.compile(r"^(\d{1,4})\s*-?\s*([A-Za-z]{0,3})$")
ATTRIBUTION = "© OpenStreetMap contributors (ODbL 1.0)"


@dataclass(frozen=True)
class OsmExtract:
    """What one extract gives. `counts` are of all highway ways in the file, driven or not."""

    roads: Roads
    addresses: tuple[AddressDraft, ...]
    places: tuple[Place, ...]
    mileposts: tuple[Milepost, ...]
    counts: dict[str, int]
    intakes: tuple[Intake, ...]


@dataclass
class _Seen:
    ways: list[RoadWay] = field(default_factory=list)
    barriers: set[int] = field(default_factory=set)
    addresses: list[AddressDraft] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    exits: dict[int, tuple[str, tuple[int, int]]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


def import_osm(path: Path) -> OsmExtract:
    """Read an extract. Raises InputFault for a file that is absent, torn, no PBF, or without a driven road."""
    path = Path(path)
    if not path.is_file() or path.stat().st_size == 0:
        raise InputFault(path, "", "the file is absent or empty", "an OpenStreetMap extract (.osm.pbf)")
    intakes = tuple(Intake(what, str(path)) for what in ("roads", "addresses", "places", "mileposts"))
    seen = _Seen()
    try:
        for entity, tags in _entities(path):
            if entity.is_node():
                _take_node(entity, tags, seen, intakes)
            else:
                _take_way(entity, tags, seen, intakes)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise InputFault(path, "", f"it is torn or no extract ({str(error)[:120]})", "a whole .osm.pbf file") from error
    if not seen.ways:
        raise InputFault(path, "", "it holds no driven road", "ways with a highway tag, and the nodes that they use")
    roads, _ = assemble(segments_of(seen.ways, seen.barriers), ATTRIBUTION)
    addresses = tuple(sorted(set(seen.addresses)))
    places = tuple(sorted(seen.places, key=lambda place: place.id))
    mileposts = _exits(seen, intakes[3])
    for intake, count in zip(intakes, (roads.segments, len(addresses), len(places), len(mileposts)), strict=True):
        intake.taken = count
    _note(intakes[0], seen)
    return OsmExtract(roads, addresses, places, mileposts, dict(sorted(seen.counts.items())), intakes)


def _entities(path: Path) -> Iterator[tuple[Any, Tags]]:
    wanted = KeyFilter("highway", "addr:housenumber", "barrier", "name", "addr:interpolation")
    for entity in osmium.FileProcessor(str(path), NODE | WAY).with_locations().with_filter(wanted):
        yield entity, {tag.k: tag.v for tag in entity.tags}


def _note(intake: Intake, seen: _Seen) -> None:
    counts = seen.counts
    intake.notes.append(
        f"{counts['highway_ways']:,} highway ways in the file, {counts['one_way']:,} marked one-way, "
        f"{counts['named']:,} named, {counts['with_speed']:,} with a speed limit; {counts['driven']:,} are driven"
    )
    if counts["barriers"]:
        intake.notes.append(f"{counts['barriers']:,} bollards and blocks; those on a road cut it")
    if counts["reversible"]:
        intake.notes.append(f"{counts['reversible']:,} ways change direction by the hour: taken as two-way")


def _take_node(node: Any, tags: Tags, seen: _Seen, intakes: tuple[Intake, ...]) -> None:
    if osm_tags.blocks(tags):
        seen.barriers.add(node.id)
        seen.counts["barriers"] += 1
    if not node.location.valid():
        return
    if tags.get("highway") == "motorway_junction" and tags.get("ref"):
        seen.exits[node.id] = (tags["ref"], (node.location.x, node.location.y))
    _take_point(f"n{node.id}", tags, (node.location.x, node.location.y), seen, intakes)


def _take_way(way: Any, tags: Tags, seen: _Seen, intakes: tuple[Intake, ...]) -> None:
    if "highway" in tags:
        _take_road(way, tags, seen, intakes[0])
        return
    if "addr:interpolation" in tags:
        intakes[1].skip("interpolation lines: positions along them are guesses, and streets carry ranges")
        return
    if "addr:housenumber" not in tags and not osm_tags.place_kind(tags):
        return
    points = [(node.location.x, node.location.y) for node in way.nodes if node.location.valid()]
    if points:
        _take_point(f"w{way.id}", tags, _middle(np.array(points, np.int64)), seen, intakes)


def _take_road(way: Any, tags: Tags, seen: _Seen, intake: Intake) -> None:
    counts = seen.counts
    counts["highway_ways"] += 1
    counts["named"] += "name" in tags
    counts["one_way"] += tags.get("oneway") in {"yes", "true", "1", "-1", "reverse"}
    counts["with_speed"] += "maxspeed" in tags
    counts["reversible"] += tags.get("oneway") in {"reversible", "alternating"}
    road_class, refusal = osm_tags.road_class(tags)
    if road_class < 0:
        intake.skip(refusal)
        return
    known = 0
    for inside, run in groupby(way.nodes, key=lambda node: node.location.valid()):
        nodes = [(node.ref, node.location.x, node.location.y) for node in run]
        if not inside:
            intake.skip("nodes that lie outside the extract", len(nodes))
        elif len(nodes) > 1:
            known += 1
            points: I32 = np.array([position[1:] for position in nodes], np.int32)
            seen.ways.append(RoadWay(way.id, tags, road_class, [position[0] for position in nodes], points))
    if not known:
        intake.skip("fewer than two nodes in the extract")
    counts["driven"] += known > 0


def _exits(seen: _Seen, intake: Intake) -> tuple[Milepost, ...]:
    """Numbered exits as posts of the routes that their node lies on: `155A` on I 10 is measure 155, label A."""
    posts: set[Milepost] = set()
    for way in seen.ways:
        routes = [] if osm_tags.is_ramp(way.road_class) else osm_tags.routes(way.tags)
        for node in sorted(set(way.nodes) & seen.exits.keys()) if routes else ():
            written, position = seen.exits[node]
            match = _EXIT.match(written)
            if match is None:
                intake.skip("an exit number that cannot be read")
                continue
            milli, label = int(match[1]) * 1000, match[2].upper()
            posts.update(Milepost(route, "", milli, *position, label, exit=True) for route in routes)
    return tuple(sorted(posts, key=milepost_order))


def _take_point(id_: str, tags: Tags, position: tuple[int, int], seen: _Seen, intakes: tuple[Intake, ...]) -> None:
    street = tags.get("addr:street") or tags.get("addr:place", "")
    area = tags.get("addr:city", "")
    written = tags.get("addr:housenumber", "")
    if written:
        numbers = house_numbers(written) if street else []
        for number, suffix in numbers:
            unit, postcode = tags.get("addr:unit", ""), tags.get("addr:postcode", "")
            seen.addresses.append(AddressDraft(*position, number, suffix, street, unit, area, postcode))
        if not numbers:
            intakes[1].skip("a house number that cannot be read" if street else "a house number without a street")
    kind = osm_tags.place_kind(tags)
    if kind:
        address = f"{written} {street}".strip()
        aliases = osm_tags.aliases(tags)
        seen.places.append(Place(id_, tags["name"], *position, kind, aliases, address, area))


def _middle(points: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[int, int]:
    """Centroid of the area within a closed line, the mean of an open one."""
    base = points[0]
    x, y = (points - base).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    doubled = int(cross.sum())
    if len(points) < 4 or doubled == 0 or (points[0] != points[-1]).any():
        return int(points[:, 0].mean()), int(points[:, 1].mean())
    middle_x = int(((x[:-1] + x[1:]) * cross).sum()) // (3 * doubled)
    middle_y = int(((y[:-1] + y[1:]) * cross).sum()) // (3 * doubled)
    return int(base[0]) + middle_x, int(base[1]) + middle_y

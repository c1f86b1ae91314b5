"""The index: one SQLite file, made from roads, address points and places; the same input gives the same bytes.

It can be thrown away and made again at any time. It is written beside and renamed, so a reader sees a whole one.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from redstick.geo.city.model import Addresses, Place
from redstick.geo.geocoder.mileposts import Milepost, route_lines
from redstick.geo.geocoder.words import StreetName, clean, read_street, squashed
from redstick.geo.roads import Roads

FORMAT = 1
FILE_NAME = "geocoder.sqlite"  # its name in a city folder

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE street (id INTEGER PRIMARY KEY, pre TEXT, base TEXT, suffix TEXT, post TEXT, spelled TEXT);
CREATE TABLE area (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE postcode (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE segment (id INTEGER PRIMARY KEY, source TEXT NOT NULL, line BLOB NOT NULL,
    area INTEGER NOT NULL, postcode INTEGER NOT NULL);
CREATE TABLE street_segment (street INTEGER, segment INTEGER, PRIMARY KEY (street, segment)) WITHOUT ROWID;
CREATE TABLE span (street INTEGER, low INTEGER, high INTEGER, segment INTEGER, side INTEGER, first INTEGER,
    last INTEGER, area INTEGER, postcode INTEGER, PRIMARY KEY (street, low, high, segment, side)) WITHOUT ROWID;
CREATE TABLE node (id INTEGER PRIMARY KEY, x INTEGER NOT NULL, y INTEGER NOT NULL);
CREATE TABLE street_node (street INTEGER, node INTEGER, area INTEGER, postcode INTEGER,
    PRIMARY KEY (street, node, area, postcode)) WITHOUT ROWID;
CREATE TABLE address (street INTEGER, number INTEGER, suffix TEXT, unit TEXT, x INTEGER, y INTEGER, area INTEGER,
    postcode INTEGER, id INTEGER, PRIMARY KEY (street, number, id)) WITHOUT ROWID;
CREATE TABLE place (id INTEGER PRIMARY KEY, source TEXT, name TEXT, kind TEXT, address TEXT, area TEXT, x INTEGER,
    y INTEGER);
CREATE TABLE place_name (key TEXT, place INTEGER, spelled TEXT, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE route (route TEXT, direction TEXT, low REAL, high REAL, line BLOB,
    PRIMARY KEY (route, direction, low)) WITHOUT ROWID;
CREATE TABLE post (route TEXT, direction TEXT, measure REAL, label TEXT, is_exit INTEGER, x INTEGER, y INTEGER,
    PRIMARY KEY (route, direction, is_exit, measure, label)) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class BuildSummary:
    """How much an index holds."""

    path: Path
    streets: int
    segments: int
    ranges: int
    addresses: int
    places: int
    nodes: int
    mileposts: int

    def as_json(self) -> dict[str, Any]:
        """The summary as plain values."""
        return {**asdict(self), "path": str(self.path)}


def build(
    roads: Roads,
    addresses: Addresses,
    places: Sequence[Place],
    path: Path,
    *,
    mileposts: Sequence[Milepost] = (),
    digest: str = "",
) -> BuildSummary:
    """Make the index at `path`, whole or not at all; replaces an older one. `digest` names its city."""
    path = Path(path)
    draft = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        connection = sqlite3.connect(draft)
        try:
            summary = _fill(connection, _Names(roads, addresses), roads, addresses, places, mileposts, path)
            connection.execute("INSERT INTO meta VALUES ('digest', ?)", (digest,))
            connection.commit()
            connection.execute("VACUUM")
        finally:
            connection.close()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return summary


def digest_of(path: Path) -> str | None:
    """The digest of the city that an index was made from; None where there is no readable index of this format."""
    if not path.is_file():
        return None
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            meta = dict(connection.execute("SELECT key, value FROM meta"))
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return None
    return str(meta["digest"]) if meta.get("format") == str(FORMAT) and "digest" in meta else None


class _Names:
    """Streets, municipalities and postcodes, each once, numbered in the order of their text."""

    def __init__(self, roads: Roads, addresses: Addresses) -> None:
        self.of_roads = [read_street(name) for name in roads.names]
        self.of_addresses = [read_street(name) for name in addresses.streets]
        spelled: dict[StreetName, str] = {}
        for name, text in zip([*self.of_roads, *self.of_addresses], [*roads.names, *addresses.streets], strict=True):
            spelled.setdefault(name, text)
        self.streets = sorted((n for n in spelled if n.base), key=lambda n: (n.key, n.base, n.pre, n.suffix, n.post))
        self.spelled = spelled
        self.street_id = {name: i for i, name in enumerate(self.streets)}
        self.areas = sorted({*roads.areas, *addresses.areas})
        self.postcodes = sorted({*roads.postcodes, *addresses.postcodes})
        area_id = {text: i for i, text in enumerate(self.areas)}
        postcode_id = {text: i for i, text in enumerate(self.postcodes)}
        self.road_area = [area_id[text] for text in roads.areas]
        self.road_postcode = [postcode_id[text] for text in roads.postcodes]
        self.address_area = [area_id[text] for text in addresses.areas]
        self.address_postcode = [postcode_id[text] for text in addresses.postcodes]

    def streets_of_segments(self, roads: Roads) -> list[list[int]]:
        """For each segment its streets, by all of its names."""
        found: list[set[int]] = [set() for _ in range(roads.segments)]
        own = [(segment, int(name)) for segment, name in enumerate(roads.name) if name >= 0]
        for segment, name in [*own, *roads.aliases]:
            street = self.street_id.get(self.of_roads[name])
            if street is not None:
                found[segment].add(street)
        return [sorted(streets) for streets in found]


def _at(table: list[int], index: int) -> int:
    return table[index] if index >= 0 else -1


def _fill(
    connection: sqlite3.Connection,
    names: _Names,
    roads: Roads,
    addresses: Addresses,
    places: Sequence[Place],
    mileposts: Sequence[Milepost],
    path: Path,
) -> BuildSummary:
    for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "encoding = 'UTF-8'"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(_SCHEMA)
    streets = names.streets_of_segments(roads)
    spans = sorted(_spans(names, roads, streets))

    def put(table: str, rows: Iterable[tuple[Any, ...]], columns: int) -> None:
        connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({','.join('?' * columns)})", rows)  # noqa: S608  (our own names)

    put("meta", [("attribution", roads.attribution), ("bounds", _bounds(roads, addresses)), ("format", str(FORMAT))], 2)
    put("street", _street_rows(names), 6)
    put("area", enumerate(names.areas), 2)
    put("postcode", enumerate(names.postcodes), 2)
    put("segment", _segment_rows(names, roads, streets), 5)
    put("street_segment", sorted((s, i) for i, own in enumerate(streets) for s in own), 2)
    put("span", spans, 9)
    put("node", ((i, int(x), int(y)) for i, (x, y) in enumerate(zip(roads.node_x, roads.node_y, strict=True))), 3)
    put("street_node", sorted(_node_rows(names, roads, streets)), 4)
    put("address", _address_rows(names, addresses), 9)
    ordered = sorted(places, key=lambda place: (place.name, place.id))
    put("place", ((i, p.id, p.name, p.kind, p.address, p.area, p.x, p.y) for i, p in enumerate(ordered)), 8)
    put("place_name", sorted(_place_names(ordered)), 3)
    put("route", sorted(_route_rows(roads, mileposts)), 5)
    put(
        "post",
        sorted((_route_key(p.route), p.direction, p.measure, p.label, int(p.exit), p.x, p.y) for p in mileposts),
        7,
    )
    connection.commit()
    connection.execute("ANALYZE")
    return BuildSummary(
        path=path, streets=len(names.streets), segments=roads.segments, ranges=len(spans), addresses=len(addresses),
        places=len(ordered), nodes=roads.nodes, mileposts=len(mileposts),
    )  # fmt: skip


def _bounds(roads: Roads, addresses: Addresses) -> str:
    """West, south, east, north of everything, as text; empty for an empty city."""
    x, y = np.concatenate([roads.xy[:, 0], addresses.x]), np.concatenate([roads.xy[:, 1], addresses.y])
    return f"{x.min()} {y.min()} {x.max()} {y.max()}" if len(x) else ""


def _street_rows(names: _Names) -> Iterator[tuple[Any, ...]]:
    for i, name in enumerate(names.streets):
        yield i, name.pre, name.base, name.suffix, name.post, names.spelled[name]


def _segment_rows(names: _Names, roads: Roads, streets: list[list[int]]) -> Iterator[tuple[Any, ...]]:
    for i, own in enumerate(streets):
        if own:
            line = roads.xy[roads.start[i] : roads.start[i + 1]].astype("<i4").tobytes()
            area = max(int(roads.left_area[i]), int(roads.right_area[i]))
            postcode = max(int(roads.left_postcode[i]), int(roads.right_postcode[i]))
            yield i, roads.segment_id[i], line, _at(names.road_area, area), _at(names.road_postcode, postcode)


def _spans(names: _Names, roads: Roads, streets: list[list[int]]) -> Iterator[tuple[int, ...]]:
    """One row for each side that has a range, for each street of the segment; side 0 is left, 1 right."""
    sides = (
        (0, roads.left_from, roads.left_to, roads.left_area, roads.left_postcode),
        (1, roads.right_from, roads.right_to, roads.right_area, roads.right_postcode),
    )
    for side, firsts, lasts, areas, postcodes in sides:
        for i in np.flatnonzero((firsts > 0) | (lasts > 0)).tolist():
            first, last = int(firsts[i]), int(lasts[i])
            area, postcode = _at(names.road_area, int(areas[i])), _at(names.road_postcode, int(postcodes[i]))
            for street in streets[i]:
                yield street, min(first, last), max(first, last), i, side, first, last, area, postcode


def _node_rows(names: _Names, roads: Roads, streets: list[list[int]]) -> set[tuple[int, int, int, int]]:
    rows = set()
    for i, own in enumerate(streets):
        sides = {
            (_at(names.road_area, int(a)), _at(names.road_postcode, int(p)))
            for a, p in ((roads.left_area[i], roads.left_postcode[i]), (roads.right_area[i], roads.right_postcode[i]))
        }
        for street in own:
            for node in (int(roads.tail[i]), int(roads.head[i])):
                rows |= {(street, node, area, postcode) for area, postcode in sides}
    return rows


def _address_rows(names: _Names, addresses: Addresses) -> Iterator[tuple[Any, ...]]:
    suffixes = [clean(text) for text in addresses.number_suffix]
    for i in range(len(addresses)):
        index = int(addresses.street[i])
        street = names.street_id.get(names.of_addresses[index]) if index >= 0 else None
        if street is not None and addresses.number[i] >= 0:
            yield (
                street, int(addresses.number[i]), suffixes[i], clean(addresses.unit[i]), int(addresses.x[i]),
                int(addresses.y[i]), _at(names.address_area, int(addresses.area[i])),
                _at(names.address_postcode, int(addresses.postcode[i])), i,
            )  # fmt: skip


def _place_names(places: Sequence[Place]) -> set[tuple[str, int, str]]:
    rows: dict[tuple[str, int], str] = {}
    for i, place in enumerate(places):
        for text in (place.name, *place.aliases):
            if key := squashed(text):
                rows.setdefault((key, i), text)
    return {(key, i, text) for (key, i), text in rows.items()}


def _route_key(route: str) -> str:
    return read_street(route).key


def _route_rows(roads: Roads, mileposts: Sequence[Milepost]) -> Iterator[tuple[Any, ...]]:
    for a, b, line in route_lines(roads, mileposts):
        yield _route_key(a.route), a.direction, a.measure, b.measure, line.astype("<i4").tobytes()

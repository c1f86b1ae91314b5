"""The index as the geocoder reads it: names in memory, ranges, points and geometry from SQLite, read only."""

import sqlite3
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from redstick.geo.geocoder.build import FORMAT
from redstick.geo.geocoder.vocabulary import SUFFIXES
from redstick.geo.geocoder.words import StreetName, clean, squashed

Line = list[tuple[int, int]]


class UnreadableIndex(Exception):  # noqa: N818  (named for what is the matter)
    """The file is not an index of this version: build it again."""


class Street(NamedTuple):
    """A street of the index: its number, its name in parts, and its name as the source spells it."""

    id: int
    name: StreetName
    spelled: str


class Span(NamedTuple):
    """A house-number range on one side of a segment (0 left, 1 right); `first` to `last` runs along the line."""

    street: int
    low: int
    high: int
    segment: int
    side: int
    first: int
    last: int
    area: int
    postcode: int

    def takes(self, number: int) -> bool:
        """Whether the number is of the range's parity; a range whose ends differ in parity takes both."""
        return (self.first - self.last) % 2 == 1 or number % 2 == self.first % 2


class Point(NamedTuple):
    """An address point."""

    street: int
    number: int
    suffix: str
    unit: str
    x: int
    y: int
    area: int
    postcode: int
    id: int


class PlaceRow(NamedTuple):
    """A common place."""

    id: int
    source: str
    name: str
    kind: str
    address: str
    area: str
    x: int
    y: int


class NodeAt(NamedTuple):
    """A node of a street, with the municipality and postcode of one of the street's sides there."""

    node: int
    x: int
    y: int
    area: int
    postcode: int


class Index:
    """Read-only access to one index file. Raises UnreadableIndex where it is missing or of another format."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise UnreadableIndex(f"{path}: there is no such index; it is made by building the city's geocoder")
        try:
            self._db = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            meta = dict(self._db.execute("SELECT key, value FROM meta"))
            self._load()
        except sqlite3.DatabaseError as error:
            raise UnreadableIndex(f"{path}: it is not a geocoder index ({error}); build it again") from error
        if meta.get("format") != str(FORMAT):
            raise UnreadableIndex(f"{path}: it has format {meta.get('format')}, expected {FORMAT}; build it again")
        self.bounds = tuple(int(value) for value in meta["bounds"].split())
        self.line = lru_cache(maxsize=20_000)(self._line)

    def _load(self) -> None:
        db = self._db
        self.streets = [
            Street(i, StreetName(pre, base, suffix, post), spelled)
            for i, pre, base, suffix, post, spelled in db.execute("SELECT * FROM street ORDER BY id")
        ]
        self.by_key: dict[str, list[tuple[StreetName, Street]]] = {}
        for street in self.streets:
            for name in _spellings(street):
                self.by_key.setdefault(name.key, []).append((name, street))
        self.areas = [name for (name,) in db.execute("SELECT name FROM area ORDER BY id")]
        self.area_keys: dict[str, set[int]] = defaultdict(set)
        for i, name in enumerate(self.areas):
            self.area_keys[squashed(name)].add(i)
        self.postcodes = [name for (name,) in db.execute("SELECT name FROM postcode ORDER BY id")]
        self.full_names = [str(street.name) for street in self.streets]
        names = db.execute("SELECT key, place, spelled FROM place_name ORDER BY key, place").fetchall()
        self.place_keys = [key for key, _, _ in names]
        self.place_of_key = [place for _, place, _ in names]
        self.place_spelled = [spelled for _, _, spelled in names]

    def spans_of(self, street: int, number: int) -> list[Span]:
        """Ranges of a street that span a number, whatever its parity."""
        rows = self._db.execute(
            "SELECT * FROM span WHERE street = ? AND low <= ? AND high >= ? ORDER BY segment, side",
            (street, number, number),
        )
        return [Span(*row) for row in rows]

    def spans_within(self, street: int, low: int, high: int) -> list[Span]:
        """Ranges of a street that have a number from `low` to `high`."""
        rows = self._db.execute(
            "SELECT * FROM span WHERE street = ? AND low <= ? AND high >= ? ORDER BY segment, side",
            (street, high, low),
        )
        return [Span(*row) for row in rows]

    def nearest_spans(self, street: int, number: int) -> list[Span]:
        """Of the ranges that do not span a number, those that come closest to it."""
        below = self._db.execute(
            "SELECT * FROM span WHERE street = ? AND high < ? ORDER BY high DESC, segment, side LIMIT 3",
            (street, number),
        )
        above = self._db.execute(
            "SELECT * FROM span WHERE street = ? AND low > ? ORDER BY low, segment, side LIMIT 3", (street, number)
        )
        found = [Span(*row) for row in (*below, *above)]
        return sorted(found, key=lambda s: (min(abs(s.low - number), abs(s.high - number)), s.segment, s.side))[:2]

    def points_of(self, street: int, number: int) -> list[Point]:
        """Address points of a number on a street, its units among them."""
        rows = self._db.execute("SELECT * FROM address WHERE street = ? AND number = ? ORDER BY id", (street, number))
        return [Point(*row) for row in rows]

    def points_within(self, street: int, low: int, high: int) -> list[Point]:
        """Address points of a street from one number to another."""
        rows = self._db.execute(
            "SELECT * FROM address WHERE street = ? AND number BETWEEN ? AND ? ORDER BY number, id LIMIT 500",
            (street, low, high),
        )
        return [Point(*row) for row in rows]

    def nearest_points(self, street: int, number: int) -> list[Point]:
        """The address points with the next lower and the next higher number."""
        below = self._db.execute(
            "SELECT * FROM address WHERE street = ? AND number < ? ORDER BY number DESC, id LIMIT 1", (street, number)
        )
        above = self._db.execute(
            "SELECT * FROM address WHERE street = ? AND number > ? ORDER BY number, id LIMIT 1", (street, number)
        )
        return sorted((Point(*row) for row in (*below, *above)), key=lambda p: (abs(p.number - number), p.id))

    def segments_of(self, street: int) -> list[tuple[int, int, int]]:
        """A street's segments, each with its municipality and postcode."""
        return self._db.execute(
            "SELECT s.id, s.area, s.postcode FROM street_segment t JOIN segment s ON s.id = t.segment "
            "WHERE t.street = ? ORDER BY s.id",
            (street,),
        ).fetchall()

    def source_of(self, segment: int) -> str:
        """The source's own id of a segment."""
        row = self._db.execute("SELECT source FROM segment WHERE id = ?", (segment,)).fetchone()
        return str(row[0])

    def _line(self, segment: int) -> Line:
        (blob,) = self._db.execute("SELECT line FROM segment WHERE id = ?", (segment,)).fetchone()
        return line_of(blob)

    def nodes_of(self, street: int) -> list[NodeAt]:
        """Nodes at which a segment of the street begins or ends."""
        rows = self._db.execute(
            "SELECT n.id, n.x, n.y, t.area, t.postcode FROM street_node t JOIN node n ON n.id = t.node "
            "WHERE t.street = ? ORDER BY n.id, t.area, t.postcode",
            (street,),
        )
        return [NodeAt(*row) for row in rows]

    def place(self, id_: int) -> PlaceRow:
        """One place."""
        return PlaceRow(*self._db.execute("SELECT * FROM place WHERE id = ?", (id_,)).fetchone())

    def places_named(self, key: str) -> list[PlaceRow]:
        """Places with a name or alias of this key."""
        rows = self._db.execute(
            "SELECT p.* FROM place_name n JOIN place p ON p.id = n.place WHERE n.key = ? ORDER BY p.id", (key,)
        )
        return [PlaceRow(*row) for row in rows]

    def route_spans(self, route: str, measure: float) -> list[tuple[str, float, float, Line]]:
        """Lines between two posts of a route that hold a measure: direction, low, high, line."""
        rows = self._db.execute(
            "SELECT direction, low, high, line FROM route WHERE route = ? AND low <= ? AND high >= ? "
            "ORDER BY direction, low",
            (route, measure, measure),
        )
        return [(direction, low, high, line_of(line)) for direction, low, high, line in rows]

    def posts(self, route: str, *, is_exit: bool) -> list[tuple[str, float, str, int, int]]:
        """Posts or exits of a route: direction, measure, label, position."""
        return self._db.execute(
            "SELECT direction, measure, label, x, y FROM post WHERE route = ? AND is_exit = ? "
            "ORDER BY direction, measure",
            (route, int(is_exit)),
        ).fetchall()

    def routes(self) -> list[str]:
        """Every route that has posts."""
        return [route for (route,) in self._db.execute("SELECT DISTINCT route FROM post ORDER BY route")]

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _spellings(street: Street) -> list[StreetName]:
    """A street's name, and the same with its suffix as the last word of the base: `CLINTON PARK`, `MAINST`."""
    name = street.name
    if not name.suffix:
        return [name]
    words = sorted(
        {name.suffix, *(word for word in clean(street.spelled).split() if SUFFIXES.get(word) == name.suffix)}
    )
    return [name, *(StreetName(name.pre, f"{name.base} {word}", "", name.post) for word in words)]


def line_of(blob: bytes) -> Line:
    """A stored line as points."""
    return [(int(x), int(y)) for x, y in np.frombuffer(blob, "<i4").reshape(-1, 2)]

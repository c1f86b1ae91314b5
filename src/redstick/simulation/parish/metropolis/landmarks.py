"""Common places: what callers name instead of an address."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator
from shapely import Point

from redstick.geo.city import Place
from redstick.geo.roads import Roads
from redstick.simulation.parish.metropolis.census import I64, Census
from redstick.simulation.parish.metropolis.drawing import Drawing
from redstick.simulation.parish.metropolis.sites import Corners
from redstick.simulation.parish.metropolis.terrain import CENTRE
from redstick.simulation.parish.names import STEMS

V0 = CENTRE[1]
# Kind, how many, and what the name ends in; they stand where people live, or where they work.
MANY: tuple[tuple[str, int, tuple[str, ...], bool], ...] = (
    ("school", 62, ("Elementary",), False), ("school", 18, ("Middle School",), False),
    ("school", 13, ("High School",), False),
    ("church", 118, ("Chapel", "Street Church", "Tabernacle", "Fellowship", "Cathedral"), False),
    ("library", 12, ("Library",), False), ("nursing home", 21, ("Manor", "Care Center"), False),
    ("shops", 34, ("Plaza", "Market", "Square"), True), ("hotel", 16, ("Inn", "Lodge", "Suites"), True),
    ("clinic", 18, ("Clinic",), True), ("fuel", 30, ("Fuel Stop",), True),
)  # fmt: skip
# The only one of its kind: name, kind, place on the straightened plane, further names.
SINGLE: tuple[tuple[str, str, float, float, tuple[str, ...]], ...] = (
    ("Courthouse", "government", 700.0, V0 - 150, ("Parish Courthouse",)),
    ("City Hall", "government", 900.0, V0 + 260, ()), ("Public Safety Complex", "government", 1250.0, V0 - 420, ()),
    ("Emergency Operations Center", "government", 4100.0, V0 - 1000, ("EOC",)),
    ("Ferry Landing", "landing", 60.0, V0 + 900, ()), ("River Center Arena", "arena", 420.0, V0 - 620, ("The Arena",)),
    ("Riverside Stadium", "stadium", 1700.0, V0 - 4300, ("The Stadium",)),
    ("Tallow River University", "campus", 1950.0, V0 - 3800, ("TRU", "The Campus")),
    ("Tallow River Refinery", "industry", 760.0, V0 + 4200, ("The Refinery",)),
    ("Portage Regional Airport", "airport", 3400.0, V0 + 6000, ("The Airport",)),
    ("Port of Portage", "industry", 600.0, V0 - 9300, ("The Port",)),
    ("Grain Elevator", "industry", 500.0, V0 - 8600, ()),
    ("Galleria Mall", "mall", 7900.0, V0 - 3900, ("The Mall",)), ("Catalpa Crossing", "mall", 10_200.0, V0 + 900, ()),
    ("Lagoon Town Center", "mall", 12_900.0, V0 - 6300, ()), ("Union Depot", "station", 520.0, V0 + 420, ()),
    ("Parish Prison", "jail", 3900.0, V0 + 8600, ()), ("Fairgrounds", "fairgrounds", 13_000.0, V0 - 8700, ()),
)  # fmt: skip


def landmarks(
    rng: Generator, drawing: Drawing, roads: Roads, corners: Corners, census: Census, hospitals: tuple[Place, ...]
) -> tuple[Place, ...]:
    """Hospitals first, then what there is one of, then parks, then the many. Names are given once."""
    made = [*hospitals]
    at = _Nearest(roads, corners)
    where = drawing.terrain.bend(np.array([u for _, _, u, _, _ in SINGLE]), np.array([v for *_, v, _ in SINGLE]))
    for (name, kind, *_, aliases), xy in zip(SINGLE, where.tolist(), strict=True):
        made.append(at.place(len(made), name, kind, xy, aliases))
    for name, shape in drawing.parks:
        middle: Point = shape.centroid
        made.append(at.place(len(made), name, "park", [middle.x, middle.y]))
    stems = [STEMS[i] for i in rng.permutation(len(STEMS)).tolist()]
    place = 0
    for kind, count, endings, working in MANY:
        blocks = _drawn(rng, census.by_day if working else census.residents, count)
        for k, block in enumerate(blocks):
            name = f"{stems[place % len(stems)]} {endings[k % len(endings)]}"
            made.append(at.place(len(made), name, kind, census.middle[block].tolist()))
            place += 1
    return tuple(_once(made))


def _drawn(rng: Generator, weight: I64, count: int) -> list[int]:
    """Blocks drawn by weight, evenly spread over its sum: whole numbers, so that every machine draws the same."""
    reached = np.cumsum(weight)
    step = int(reached[-1]) // count
    picks = np.arange(count) * step + rng.integers(0, step, count)
    return [int(i) for i in np.searchsorted(reached, picks, side="right")]


def _once(places: list[Place]) -> Iterator[Place]:
    seen: set[str] = set()
    for place in places:
        if place.name not in seen:
            seen.add(place.name)
            yield place


class _Nearest:
    def __init__(self, roads: Roads, corners: Corners) -> None:
        self._roads, self._corners = roads, corners

    def place(self, number: int, name: str, kind: str, xy: list[float], aliases: tuple[str, ...] = ()) -> Place:
        """A place at the corner that is nearest to where it was wanted; ties to the lower corner."""
        away = np.rint(np.hypot(self._corners.xy[:, 0] - xy[0], self._corners.xy[:, 1] - xy[1]))
        corner = int(np.argmin(away))
        node = int(self._corners.node[corner])
        x, y = int(self._roads.node_x[node]), int(self._roads.node_y[node])
        return Place(f"P{number:03d}", name, x, y, kind, aliases, self._corners.name(corner))

"""How each kind of ground is built: blocks after the war, bent suburbs with dead ends, country roads, works and campus.

Each plan gets a piece of ground between through roads (`ground`), what of it may be built on (`built`), and gives lines
without a district; the caller knows whose they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from redstick.simulation.parish.metropolis.frames import Frame, halves, pieces
from redstick.simulation.parish.metropolis.naming import Names
from redstick.simulation.parish.plan import Line

OVER_M = 0.6  # a street that meets another is drawn this far over it, so that they truly cross
INSET_M = 46.0  # streets inside a subdivision keep this from the roads around it
SUBDIVISION_M2 = 420_000.0  # larger ground is halved by a collector
QUARTER_M2 = 900_000.0  # the same for blocks


@dataclass(frozen=True)
class Site:
    """Ground to build on, in metres: all of it, what streets may lie on, and where collectors may, over streams too."""

    ground: Polygon
    built: BaseGeometry
    crossed: BaseGeometry

    def part(self, ground: Polygon) -> "Site":
        """A piece of it."""
        return Site(ground, self.built, self.crossed)


def street(xy: np.ndarray, name: str, kind: str = "residential", kmh: int = 40) -> Line:
    """A two-way street on the ground."""
    return Line(xy, name, kind, kmh)


def blocks(rng: Generator, site: Site, names: Names, town: str = "") -> Iterator[Line]:
    """Streets at right angles in an orientation of their own; in a `town` with the names that every town has."""
    if site.ground.area > QUARTER_M2 and not town:
        yield from _halved(rng, site, names, blocks)
        return
    short_m, long_m = (112.0, 168.0) if town else (rng.uniform(84, 104), rng.uniform(190, 290))
    turn = float(rng.normal(0, 0.03)) + (float(rng.uniform(0.3, 0.6)) if rng.uniform() < 0.12 and not town else 0.0)
    sway = 0.0 if town else float(rng.choice([0.0, 0.0, 14.0, 30.0]))
    frame = Frame(site.ground, turn, sway, float(rng.uniform(420, 800)), float(rng.uniform(0, 6)))
    reach, edge = frame.reach, site.ground.intersection(site.built).buffer(OVER_M)
    broken = 0.0 if town else 0.16
    for spacing, draw in ((short_m, frame.row), (long_m, frame.rung)):
        count = int(2 * reach / spacing) + 1
        for k in range(count):
            name = ""
            for xy in pieces(draw(-reach + (k + 0.43) * spacing, -reach, reach), edge):
                if rng.uniform() > broken * (draw == frame.rung):
                    name = name or (names.common(town) if town else names.new("block"))
                    yield street(xy, name)


def subdivision(rng: Generator, site: Site, names: Names) -> Iterator[Line]:
    """Bent rows between a few spines, their ends dead, courts in deep gaps; large ground is halved by collectors."""
    if site.ground.area > SUBDIVISION_M2:
        yield from _halved(rng, site, names, subdivision)
        return
    sway, over, phase = rng.uniform(26, 74), rng.uniform(140, 300), rng.uniform(0, 6)
    frame = Frame(site.ground, float(rng.normal(0, 0.12)), float(sway), float(over), float(phase))
    inside = site.ground.buffer(-INSET_M).intersection(site.built)
    if inside.is_empty or inside.area < 15_000:
        return
    spines = _spines(rng, frame)
    t, rows = -frame.half_t, []
    while t < frame.half_t:
        deep = rng.uniform() < 0.42
        rows.append((t, deep))
        t += rng.uniform(176, 205) if deep else rng.uniform(98, 116)
    for t, deep in rows:
        yield from _row(rng, frame, t, deep, spines, inside, names)
    edge = site.ground.intersection(site.built).buffer(OVER_M)
    for s in spines:
        open_low, open_high = rng.uniform(size=2) < 0.72
        name = ""
        reach = frame.reach
        for xy in pieces(
            frame.rung(s, -reach if open_low or not open_high else rows[0][0] - 1, reach if open_high else t), edge
        ):
            name = name or names.new("spine")
            yield street(xy, name, kmh=48)


def _spines(rng: Generator, frame: Frame) -> list[float]:
    count = max(2, round(2 * frame.half_s / rng.uniform(270, 390)))
    step = 2 * frame.half_s / count
    return [-frame.half_s + (k + 0.5) * step + float(rng.uniform(-0.13, 0.13)) * step for k in range(count)]


def _row(
    rng: Generator, frame: Frame, t: float, deep: bool, spines: list[float], inside: BaseGeometry, names: Names
) -> Iterator[Line]:
    """One row: through from a first spine to a last, beyond them dead ends; courts reach into a deep gap beside it."""
    first, last = spines[0] - float(rng.uniform(70, 190)), spines[-1] + float(rng.uniform(70, 190))
    gap = int(rng.integers(0, len(spines) - 1)) if len(spines) > 2 and rng.uniform() < 0.4 else -1
    spans = [(first, last)]
    if gap >= 0:  # two dead ends that do not meet between two spines
        middle = (spines[gap] + spines[gap + 1]) / 2
        spans = [(first, middle - 38), (middle + 38, last)]
    for low, high in spans:
        name = ""
        for xy in pieces(frame.row(t, low, high), inside):
            name = name or names.new("row")
            yield street(xy, name)
        if deep:
            s = low + float(rng.uniform(50, 90))
            while s < high - 40:
                if min(abs(s - spine) for spine in spines) > 48:
                    court = frame.rung(s, t - OVER_M, t + float(rng.uniform(84, 108)))
                    for xy in pieces(court, inside):
                        if LineString(xy).distance(shapely.Point(frame.points(np.array([s]), np.array([t]))[0])) < 2:
                            yield street(xy, names.new("stub"))
                s += float(rng.uniform(84, 112))


def _halved(rng: Generator, site: Site, names: Names, plan: object) -> Iterator[Line]:
    """A collector across the longer side, and each half built by the same plan."""
    halves_, cut = halves(
        site.ground, float(rng.uniform(0.42, 0.58)), float(rng.uniform(15, 60)), float(rng.uniform(0, 6))
    )
    name = ""
    for xy in pieces(cut, site.ground.intersection(site.crossed).buffer(OVER_M)):
        name = name or names.new("collector")
        yield street(xy, name, "tertiary", 56)
    for half in halves_:
        if half.area > 12_000:
            yield from plan(rng, site.part(half), names)  # type: ignore[operator]  # one of the two plans above


def country(rng: Generator, site: Site, names: Names) -> Iterator[Line]:
    """A few winding roads, some of them ending in a field, lanes off them."""
    frame = Frame(
        site.ground,
        float(rng.normal(0, 0.15)),
        float(rng.uniform(60, 150)),
        float(rng.uniform(500, 900)),
        float(rng.uniform(0, 6)),
    )
    reach, edge = frame.reach, site.ground.intersection(site.built).buffer(OVER_M)
    for spacing, draw, share in ((1050.0, frame.row, 0.85), (1350.0, frame.rung, 0.6)):
        for k in range(int(2 * reach / spacing) + 1):
            if rng.uniform() > share:
                continue
            at = -reach + (k + 0.5 + float(rng.uniform(-0.2, 0.2))) * spacing
            name = ""
            for xy in pieces(draw(at, -reach, reach), edge, 220.0):
                name = name or names.new("rural")
                yield street(xy, name, "tertiary" if rng.uniform() < 0.3 else "residential", 72)
            for _ in range(int(rng.integers(2, 6))):
                where = float(rng.uniform(-reach, reach))
                far = at + float(rng.choice([-1.0, 1.0])) * float(rng.uniform(180, 420))
                lane = frame.rung(where, at, far) if draw == frame.row else frame.row(where, at, far)
                for xy in pieces(lane, edge, 120.0):
                    yield street(xy, names.new("rural"), kmh=48)


def works(rng: Generator, site: Site, names: Names) -> Iterator[Line]:
    """Service roads of a refinery, a port, an airport, a campus: wide meshes, few gates."""
    frame = Frame(site.ground, 0.0)
    reach, edge = frame.reach, site.ground.intersection(site.built).buffer(OVER_M)
    for spacing, draw in ((310.0, frame.row), (390.0, frame.rung)):
        for k in range(int(2 * reach / spacing) + 1):
            if rng.uniform() < 0.75:
                name = ""
                for xy in pieces(draw(-reach + (k + 0.5) * spacing, -reach, reach), edge, 120.0):
                    name = name or names.new("service")
                    yield street(xy, name, "service", 32)

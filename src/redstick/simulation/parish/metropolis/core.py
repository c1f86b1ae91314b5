"""The old city: one grid that follows the river, finer downtown, numbered streets split into north and south."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from redstick.simulation.parish.metropolis.arteries import ACROSS_V, ALONG_U
from redstick.simulation.parish.metropolis.frames import pieces
from redstick.simulation.parish.metropolis.naming import Names
from redstick.simulation.parish.metropolis.neighbourhoods import OVER_M
from redstick.simulation.parish.metropolis.terrain import CENTRE, F64, Terrain
from redstick.simulation.parish.names import ordinal
from redstick.simulation.parish.plan import Line

BLOCK_U, BLOCK_V = 112.0, 104.0
ONE_WAY_EVERY = 3


def old_city(
    terrain: Terrain, downtown: BaseGeometry, around: BaseGeometry, names: Names, district: str
) -> Iterator[Line]:
    """Streets of `downtown` and of the older quarters `around` it, both without what may not be built on."""
    yield from _numbered(terrain, downtown, around)
    yield from _crossing(terrain, downtown, around, names, district)


def _numbered(terrain: Terrain, downtown: BaseGeometry, around: BaseGeometry) -> Iterator[Line]:
    """Streets along the river: 1st Street is the nearest to it; downtown has them all, the rest every other one."""
    number = 0
    for low, high in pairwise((0.0, *ALONG_U[:5])):
        count = round((high - low) / BLOCK_U)
        for k in range(1, count):
            number += 1
            for side, far in (("North", 6500.0), ("South", -6500.0)):
                v = np.arange(CENTRE[1], CENTRE[1] + far, np.sign(far) * 40.0)
                line = LineString(terrain.bend(np.full(len(v), low + (high - low) * k / count), v))
                name = f"{side} {ordinal(number)} Street"
                yield from _laid(line, downtown, around if k % 2 == 0 else None, name, number, side == "North")


def _crossing(
    terrain: Terrain, downtown: BaseGeometry, around: BaseGeometry, names: Names, district: str
) -> Iterator[Line]:
    """Streets away from the river."""
    whole = shapely.union(downtown, around)
    for order, (low, high) in enumerate(pairwise((ACROSS_V[2], *ACROSS_V[3:13]))):
        breaks = (low, CENTRE[1], high) if low < CENTRE[1] < high else (low, high)
        for start, stop in pairwise(breaks):
            count = round((stop - start) / BLOCK_V)
            for k in range(1, count):
                u = np.arange(-30.0, 9000.0, 40.0)
                line = LineString(terrain.bend(u, np.full(len(u), start + (stop - start) * k / count)))
                if line.intersects(whole):
                    # Streets of downtown proper have the names that every town of the parish has too.
                    name = names.common(district) if line.intersects(downtown) else names.new("block")
                    yield from _laid(line, downtown, around, name, k + order, True)


def _laid(
    line: LineString, downtown: BaseGeometry, around: BaseGeometry | None, name: str, turn: int, forward: bool
) -> Iterator[Line]:
    """A street's pieces from its beginning on; downtown one in `ONE_WAY_EVERY` is driven one way."""
    found: list[tuple[float, F64, bool]] = []
    for inside, central in ((downtown, True), (around, False)):
        if inside is not None:
            laid = pieces(line, inside.buffer(OVER_M))
            found += [(line.project(shapely.Point(xy[0])), xy, central) for xy in laid]
    for _, xy, central in sorted(found, key=lambda piece: piece[0]):
        one_way = central and turn % ONE_WAY_EVERY != 0
        yield Line(xy, name, "residential", 40, one_way=one_way, against=one_way and forward == bool(turn % 2))

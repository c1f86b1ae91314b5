"""The ground of the night shift: a town of a few miles without roads, since a fault run needs acts and no routes.

Units drive straight and fast. Places are corners of a grid, so that callers who speak of the same thing name it alike.
"""

from dataclasses import dataclass
from math import hypot
from random import Random

from redstick.dispatch.place import Extent, Place
from redstick.dispatch.plans.requirement import Requirement

WEST, SOUTH, STEP = -911_900_000, 304_000_000, 15_000  # 1e-7 degrees; a step of the grid is about 150 m
SIDE = 8
DEGREES_A_MS = 4  # how far a unit comes in a millisecond (1e-7 degrees): about 150 km/h, so that a shift is short
EXTENT = Extent(  # a receiver that leaps stays within it: that is another lie than to be on the high seas
    (WEST - STEP * 900, SOUTH - STEP * 900, WEST + STEP * 900, SOUTH + STEP * 900)
)  # fmt: skip

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rostered:
    """A unit of the town: what it is, whose, and where it stands when nobody needs it."""

    id: str
    kind: str
    agency: str
    home: Point


@dataclass(frozen=True, slots=True)
class Nature:
    """One kind of trouble and what it needs; `scene_ms` is the middle time on scene."""

    kind: str
    group: str
    priority: int
    needs: tuple[Requirement, ...]
    scene_ms: int
    carries: bool = False


def _need(kind: str, agency: str, count: int = 1) -> Requirement:
    return Requirement(kind.lower(), (kind,), count=count, agency=agency)


ENGINE, MEDIC, PATROL = _need("ENGINE", "fire"), _need("MEDIC", "ems"), _need("PATROL", "police")
NATURES = (
    Nature("SICK PERSON", "ems", 3, (MEDIC,), 60_000, carries=True),
    Nature("CARDIAC ARREST", "ems", 1, (MEDIC, ENGINE), 90_000, carries=True),
    Nature("CRASH", "police", 2, (PATROL, MEDIC), 80_000),
    Nature("DISTURBANCE", "police", 2, (_need("PATROL", "police", 2),), 60_000),
    Nature("ALARM", "police", 4, (PATROL,), 40_000),
    Nature("FIRE", "fire", 1, (_need("ENGINE", "fire", 2), MEDIC), 120_000),
    Nature("SMOKE", "fire", 2, (ENGINE,), 50_000),
)
GROUPS = {"fire": ("fire",), "ems": ("ems",), "police": ("police",), "supervisors": ()}
SEATS = {
    "calls:1": (), "calls:2": (), "calls:3": (), "dispatch:1": ("fire", "ems"), "dispatch:2": ("police",),
    "supervisor:1": ("supervisors",),
}  # fmt: skip


def corner(number: int) -> Place:
    """A corner of the grid, by number."""
    column, row = number % SIDE, number // SIDE % SIDE
    return Place(
        f"{column + 1}ST ST / {row + 1}TH AVE", WEST + column * STEP, SOUTH + row * STEP, quality="corner",
        source="caller", in_geofile=True,
    )  # fmt: skip


def roster() -> list[Rostered]:
    """Everything that can be sent: by agency, each at a corner of its own."""
    wanted = (("ENGINE", "fire", "E", 7), ("MEDIC", "ems", "M", 7), ("PATROL", "police", "P", 8))
    units = [(f"{letter}{n + 1}", kind, agency) for kind, agency, letter, count in wanted for n in range(count)]
    spread = [(WEST + (i * 3 % SIDE) * STEP, SOUTH + (i * 5 % SIDE) * STEP) for i in range(len(units))]
    return [Rostered(name, kind, agency, home) for (name, kind, agency), home in zip(units, spread, strict=True)]


def drive_ms(one: Point, other: Point) -> int:
    """How long a unit takes from one point to another."""
    return 3_000 + round(hypot(one[0] - other[0], one[1] - other[1]) / DEGREES_A_MS)


def about(random: Random, middle_ms: int) -> int:
    """A time around a middle one."""
    return round(middle_ms * random.uniform(0.6, 1.5))

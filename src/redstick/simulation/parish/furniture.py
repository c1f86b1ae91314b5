"""What stands in the parish: addresses, stations with their units, places people name, beats and fire districts."""

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import MultiPoint, Point, Polygon

from redstick.geo.city import Addresses, Ground, Place, Station, Unit, Zone
from redstick.geo.roads import Roads
from redstick.simulation.parish.network import METRES_PER_DEGREE, ORIGIN, to_degrees_e7
from redstick.simulation.parish.plan import Plan

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]

SETBACK_M = 15.0  # of a front door from the middle of the street
FIRE, POLICE, MEDICAL = "Fire", "Police", "EMS"

# Wanted position in the plan, in metres; a station stands on the street nearest to it.
STATIONS = (
    ("ST1", "Station 1, Ferry Street", 2900, 3500),
    ("ST2", "Station 2, Cane Mill Road", 4400, 1500),
    ("ST3", "Station 3, Lock Road", 3600, 6000),
    ("ST4", "Station 4, Airline Road", 5700, 3900),
    ("ST5", "Station 5, Depot Road South", 6200, 900),
    ("HQ", "Police Headquarters", 2600, 3150),
)
FLEET = (
    ("E1", "engine", "ST1"), ("E2", "engine", "ST2"), ("E3", "engine", "ST3"), ("E4", "engine", "ST4"),
    ("E5", "engine", "ST5"), ("L1", "ladder", "ST1"), ("L4", "ladder", "ST4"), ("BC1", "battalion chief", "ST1"),
    ("M1", "medic", "ST1"), ("M2", "medic", "ST2"), ("M3", "medic", "ST3"), ("M4", "medic", "ST4"),
    ("M5", "medic", "ST5"), ("M6", "medic", "ST1"), ("M7", "medic", "ST4"), ("M8", "medic", "ST3"),
)  # fmt: skip
CAPABILITIES = {
    "engine": ("BLS", "pump"), "ladder": ("aerial", "rescue"), "battalion chief": ("command",),
    "medic": ("ALS", "transport"), "patrol": ("law",),
}  # fmt: skip
PATROLS_PER_BEAT = 2
BEATS = (("1A", 2500, 3700), ("1B", 2600, 1200), ("2A", 4700, 1500), ("2B", 4800, 4100), ("3A", 3100, 6100),
         ("3B", 6200, 6000), ("2C", 6200, 3000))  # fmt: skip
PLACES = (
    ("Parish Medical Center", "hospital", 4250, 3000), ("Courthouse", "government", 2450, 3450),
    ("Public Library", "library", 2900, 3900), ("Ferry Landing", "landing", 1950, 3200),
    ("Portage High School", "school", 5000, 4600), ("Cane Mill Elementary", "school", 3300, 1500),
    ("Lock Road Elementary", "school", 4600, 6300), ("Riverside Stadium", "stadium", 2450, 5600),
    ("Depot Market", "shops", 4000, 2200), ("Airline Plaza", "shops", 5500, 5300),
    ("Grain Elevator", "industry", 2300, 900), ("Live Oak Manor", "nursing home", 5900, 1900),
)  # fmt: skip


class Corners:
    """Finds street corners near a position of the plan."""

    def __init__(self, roads: Roads) -> None:
        self._xy = np.c_[roads.node_x, roads.node_y]
        ground = np.ones(roads.nodes, bool)
        ground[roads.tail[roads.level > 0]] = ground[roads.head[roads.level > 0]] = False
        self._usable = np.flatnonzero(ground)

    def corner_near(self, east_m: float, north_m: float) -> tuple[int, int]:
        """The junction nearest to a position, as longitude and latitude; ties to the lower node."""
        away = (self._xy[self._usable] - to_degrees_e7(np.array([east_m, north_m]))[0]) * METRES_PER_DEGREE
        node = self._usable[int(np.argmin(np.hypot(*away.T)))]
        return int(self._xy[node, 0]), int(self._xy[node, 1])


def stations(roads: Roads) -> tuple[Station, ...]:
    """Fire stations with their ambulances, and police headquarters."""
    ground = Corners(roads)
    return tuple(Station(key, name, *ground.corner_near(x, y)) for key, name, x, y in STATIONS)


def units() -> tuple[Unit, ...]:
    """Engines, ladders and medics at their stations, patrols by beat from headquarters."""
    fleet = [*FLEET]
    fleet += [(f"{100 * (i + 1) + k + 1}", "patrol", "HQ") for i in range(len(BEATS)) for k in range(PATROLS_PER_BEAT)]
    agency = {"medic": MEDICAL, "patrol": POLICE}
    return tuple(Unit(key, kind, home, CAPABILITIES[kind], agency.get(kind, FIRE)) for key, kind, home in fleet)


def places(roads: Roads) -> tuple[Place, ...]:
    """Common places, each at a street corner, the hospital first."""
    ground = Corners(roads)
    return tuple(
        Place(f"P{i:02d}", name, *ground.corner_near(x, y), kind=kind)
        for i, (name, kind, x, y) in enumerate(PLACES, start=1)
    )


def zones(plan: Plan) -> tuple[Zone, ...]:
    """Beats and first-due fire districts: each the ground that is nearest to its middle or its station."""
    beats = _nearest_ground([(key, f"Beat {key}", x, y) for key, x, y in BEATS], plan.bounds, "beat")
    fire = [(f"F{key[2:]}", f"Fire District {key[2:]}", x, y) for key, _, x, y in STATIONS if key != "HQ"]
    return (*beats, *_nearest_ground(fire, plan.bounds, "fire_district"))


def _nearest_ground(seats: list[tuple[str, str, int, int]], bounds: Polygon, layer: str) -> list[Zone]:
    middles = [Point(x, y) for *_, x, y in seats]
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(middles), extend_to=bounds.envelope))
    made = []
    for (key, name, _, _), middle in zip(seats, middles, strict=True):
        cell = next(cell for cell in cells if cell.contains(middle)).intersection(bounds)
        made.append(Zone(key, name, layer, layer, ((to_degrees_e7(shapely.get_coordinates(cell.exterior)),),)))
    return made


def ground(plan: Plan) -> tuple[Ground, ...]:
    """Water and parks to draw."""
    kinds = [("water", plan.water), ("park", plan.parks)]
    return tuple(
        Ground(kind, name, ((to_degrees_e7(shapely.get_coordinates(shape.exterior)),),))
        for kind, shapes in kinds for name, shape in shapes
    )  # fmt: skip


def addresses(roads: Roads, rng: Generator) -> Addresses:
    """A front door for most house numbers, on its side of the street, `SETBACK_M` from the middle."""
    positions: list[I32] = []
    numbers: list[I32] = []
    streets: list[I32] = []
    for segment in np.flatnonzero((roads.left_from > 0) & (roads.name >= 0)).tolist():
        line = roads.xy[roads.start[segment] : roads.start[segment + 1]]
        metres = (line - np.array(ORIGIN)) / 1e7 * METRES_PER_DEGREE
        low, high = int(roads.left_from[segment]), int(roads.left_to[segment])
        lots = (high - low) // 2 + 1
        for side, first in ((1.0, low), (-1.0, int(roads.right_from[segment]))):
            taken = np.flatnonzero(rng.uniform(size=lots) < 0.86).astype(np.int32)
            positions.append(to_degrees_e7(front_doors(metres, (taken + 0.5) / lots, side)))
            numbers.append(first + 2 * taken)
            streets.append(np.full(len(taken), roads.name[segment], np.int32))
    x, y = np.concatenate(positions).T
    count, none = len(x), np.full(len(x), -1, np.int32)
    return Addresses(
        x.copy(), y.copy(), np.concatenate(numbers), [""] * count, [""] * count, np.concatenate(streets),
        list(roads.names), np.zeros(count, np.int32), list(roads.areas), none, [],
    )  # fmt: skip


def front_doors(metres: F64, shares: F64, side: float) -> F64:
    """Points (k, 2) at `shares` (k,) of a line's length, `SETBACK_M` to its left (`side` 1) or right (-1)."""
    steps = np.diff(metres, axis=0)
    lengths = np.hypot(*steps.T)
    along = np.r_[0.0, np.cumsum(lengths)]
    at = shares * along[-1]
    k = np.minimum(np.searchsorted(along, at, side="right") - 1, len(steps) - 1)
    ahead = steps[k] / lengths[k, None]
    left = np.c_[-ahead[:, 1], ahead[:, 0]]
    doors: F64 = metres[k] + ahead * (at - along[k])[:, None] + side * SETBACK_M * left
    return doors

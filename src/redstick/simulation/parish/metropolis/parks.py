"""Parks and lakes inside the ground between through roads."""

import numpy as np
import shapely
from numpy.random import Generator
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from redstick.simulation.parish.metropolis.terrain import cm

NAMES = ("Heron", "Oak Grove", "Lagniappe", "Batture", "Fairgrounds", "Foundry", "Prairie", "Cypress Knee", "Pelican",
         "Kestrel", "Willow Run", "Sugar Mill", "Orchard", "Long Meadow", "Palmetto", "Lock House", "Blue Heron",
         "Brickyard", "Magnolia", "Spillway", "Cane Field", "Tanager", "Old Depot", "Sweetgum", "Swallow", "Commons",
         "Water Oak", "Ibis", "Sycamore", "Quarry", "Marsh Edge", "Tupelo", "Ferry", "Bluff", "Mill Pond", "Gallery",
         "Cotton Press", "Redbud", "Teal", "Levee")  # fmt: skip
CHANCE = {"downtown": 0.5, "old": 0.45, "blocks": 0.5, "subdivision": 0.42, "town": 0.4, "campus": 0.0}
SIDE_M = {"downtown": 150.0, "old": 230.0, "town": 140.0, "blocks": 300.0, "subdivision": 420.0}

Named = tuple[str, Polygon]


def parks_of(
    rng: Generator, ground: list[tuple[Polygon, str]], barriers: BaseGeometry
) -> tuple[list[Named], list[Named]]:
    """Parks and lakes, each within one piece of ground, none over a stream, a railway or the river."""
    parks: list[Named] = []
    lakes: list[Named] = []
    order = rng.permutation(len(NAMES)).tolist()
    for shape, kind in ground:
        chance, turn, aspect, wet = rng.uniform(size=4).tolist()
        waves = rng.uniform(0, 6.28, 3)
        if kind == "campus":
            lake = _placed(_blob(waves, 330.0, 1.5), 90.0 * turn, shape, barriers)
            if lake is not None:
                lakes.append(("Campus Lake", lake))
        if len(parks) == len(NAMES) or chance > CHANCE.get(kind, 0.0) or shape.area < 300_000:
            continue
        side = SIDE_M[kind] * (0.8 + 0.6 * wet)
        form = shapely.box(-side * (0.6 + 0.4 * aspect), -side / 2, side * (0.6 + 0.4 * aspect), side / 2)
        park = _placed(form.buffer(30.0, quad_segs=4), 90 * turn, shape, barriers)
        if park is None:
            continue
        parks.append((f"{NAMES[order[len(parks)]]} Park", park))
        if wet > 0.6 and kind == "subdivision":
            pond = _placed(_blob(waves, side * 0.3, 1.3), 90 * aspect, park, barriers)
            if pond is not None:
                lakes.append((f"{NAMES[order[len(parks) - 1]]} Pond", pond))
    return parks, lakes


def _blob(waves: np.ndarray, radius_m: float, aspect: float) -> Polygon:
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radius = radius_m * (1 + 0.22 * np.sin(2 * angle + waves[0]) + 0.14 * np.sin(3 * angle + waves[1]))
    return Polygon(cm(np.c_[radius * aspect * np.cos(angle), radius * np.sin(angle)]))


def _placed(form: Polygon, turn: float, ground: Polygon, barriers: BaseGeometry) -> Polygon | None:
    """A form laid in the middle of a ground; None where too little of it fits."""
    at = ground.representative_point()
    laid = shapely.affinity.translate(shapely.affinity.rotate(form, turn, origin=(0, 0)), at.x, at.y)
    inside = shapely.set_precision(laid.intersection(ground.buffer(-32.0)).difference(barriers), 0.01)
    parts = sorted(shapely.get_parts(inside), key=lambda part: part.area)
    if not parts or parts[-1].geom_type != "Polygon" or parts[-1].area < 12_000:
        return None
    return parts[-1]

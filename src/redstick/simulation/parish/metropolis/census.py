"""Census blocks: the smallest pieces of ground. Every zone is a sum of them, so that layers tile without a gap."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely import Polygon

from redstick.simulation.parish.metropolis.drawing import Face
from redstick.simulation.parish.metropolis.frames import halves
from redstick.simulation.parish.metropolis.terrain import F64

I64 = NDArray[np.int64]

POPULATION, BY_DAY = 450_000, 478_000  # more work in the parish than live in it
LARGEST_M2 = {"downtown": 45_000, "old": 95_000, "town": 95_000, "blocks": 150_000, "subdivision": 270_000,
              "country": 2_600_000, "campus": 900_000, "works": 1_600_000, "airport": 3_000_000}  # fmt: skip
PERSONS = {"downtown": 190, "old": 235, "town": 220, "blocks": 250, "subdivision": 275, "country": 265, "campus": 420,
           "works": 20, "airport": 10}  # fmt: skip  # hundredths of a person for each front door
JOBS = {"downtown": 9000, "old": 620, "town": 900, "blocks": 330, "subdivision": 160, "country": 12, "campus": 2600,
        "works": 900, "airport": 700}  # fmt: skip  # for each square kilometre


@dataclass(frozen=True)
class Census:
    """Blocks from south to north with their face (index), middle (n, 2) in metres, residents and people by day."""

    shapes: list[Polygon]
    face: I64
    middle: F64
    residents: I64
    by_day: I64


def blocks_of(rng: Generator, faces: list[Face]) -> tuple[list[Polygon], I64]:
    """Faces cut into blocks, and the face of each; borders that meet in a T share the corner."""
    cuts = [cut for face in faces for cut in _cuts(rng, face.shape, LARGEST_M2.get(face.kind, np.inf))]
    edges = [face.shape.exterior for face in faces] + [ring for face in faces for ring in face.shape.interiors]
    net = shapely.unary_union([*edges, *cuts], grid_size=0.01)
    found = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(net))))
    points = shapely.point_on_surface(found)
    at, face = shapely.STRtree([face.shape for face in faces]).query(points, predicate="within")
    inside = dict(zip(at.tolist(), face.tolist(), strict=True))
    order = sorted(inside, key=lambda i: (round(points[i].y), round(points[i].x)))
    return [found[i] for i in order], np.array([inside[i] for i in order])


def _cuts(rng: Generator, ground: Polygon, largest_m2: float) -> Iterator[shapely.LineString]:
    """Straight lines across the longer side, again and again, each reaching a little over the border."""
    if ground.area <= largest_m2:
        return
    parts, cut = halves(ground, float(rng.uniform(0.42, 0.58)), 0.0, 0.0)
    yield from (part for part in shapely.get_parts(cut.intersection(ground.buffer(0.5))) if part.length > 5)
    if len(parts) > 1:
        for part in parts:
            yield from _cuts(rng, part, largest_m2)


def count(shapes: list[Polygon], face: I64, faces: list[Face], doors: F64) -> Census:
    """Who lives and who works where: by front doors (k, 2) in metres, the kind of ground, and exact totals."""
    door, block = shapely.STRtree(shapes).query(shapely.points(doors), predicate="intersects")
    _, first = np.unique(door, return_index=True)  # a door on a border is counted once
    homes = np.bincount(block[first], minlength=len(shapes))
    kinds = [faces[i].kind for i in face.tolist()]
    living = homes * np.array([PERSONS.get(kind, 0) for kind in kinds])
    residents = shared(POPULATION, living)
    hectares = np.rint(shapely.area(np.array(shapes, object)) / 10_000).astype(np.int64)
    working = hectares * np.array([JOBS.get(kind, 0) for kind in kinds])
    by_day = shared(BY_DAY, residents * 55 + working // 2)
    middle = np.rint(shapely.get_coordinates(shapely.point_on_surface(np.array(shapes, object))))
    return Census(shapes, face, middle, residents, by_day)


def shared(total: int, weight: I64) -> I64:
    """A whole number dealt out by weight: largest remainders first, ties to the lower index. The parts add up."""
    weight = weight.astype(np.int64)
    whole = int(weight.sum())
    parts, left = np.divmod(weight * total, whole)
    order = np.lexsort((np.arange(len(weight)), -left))
    parts[order[: total - int(parts.sum())]] += 1
    return parts

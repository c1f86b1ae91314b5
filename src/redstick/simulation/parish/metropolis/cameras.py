"""Cameras: three hundred of them, on poles at junctions and along the interstates, each looking along a street."""

from dataclasses import dataclass
from math import atan2, degrees

import numpy as np
import shapely

from redstick.geo.roads import ROAD_CLASSES, Roads
from redstick.simulation.parish.metropolis.addressing import line_of
from redstick.simulation.parish.metropolis.sites import Corners
from redstick.simulation.parish.metropolis.terrain import F64
from redstick.simulation.parish.network import to_degrees_e7

CAMERAS, ON_INTERSTATES, DOWNTOWN = 300, 60, 90
APART_M, POST_M = 420.0, 1400.0


@dataclass(frozen=True)
class Camera:
    """A fixed camera: position in 1e-7 degrees, where it looks in whole degrees clockwise from north, what it sees."""

    id: str
    x: int
    y: int
    bearing_deg: int
    kind: str
    name: str


def cameras(roads: Roads, corners: Corners, downtown: F64) -> tuple[Camera, ...]:
    """Along the interstates, then at the corners around `downtown` (metres), then at corners of through roads."""
    away = np.rint(np.hypot(corners.xy[:, 0] - downtown[0], corners.xy[:, 1] - downtown[1]))
    order = np.argsort(away, kind="stable").tolist()
    posts = _interstate_posts(roads)[:ON_INTERSTATES]
    near = order[:DOWNTOWN]
    wide = _spread(corners.xy, order[DOWNTOWN:], CAMERAS - len(posts) - len(near))
    leaving = _leaving(roads)
    made = [(*post, "interstate") for post in posts]
    for place, corner in enumerate([*near, *wide]):
        node = int(corners.node[corner])
        looks = leaving[node]
        at = int(roads.node_x[node]), int(roads.node_y[node])
        kind = "downtown" if place < len(near) else "traffic"
        made.append((*at, _bearing(roads, looks[place % len(looks)], node), corners.name(corner), kind))
    return tuple(
        Camera(f"CAM{i + 1:03d}", x, y, bearing, kind, name) for i, (x, y, bearing, name, kind) in enumerate(made)
    )


def _spread(xy: F64, order: list[int], count: int) -> list[int]:
    """The first `count` of an order that keep `APART_M` from each other; if these are too few, others in order."""
    kept: list[int] = []
    for corner in order:
        if len(kept) == count:
            return kept
        if not kept or np.hypot(*(xy[kept] - xy[corner]).T).min() >= APART_M:
            kept.append(corner)
    return [*kept, *(corner for corner in order if corner not in set(kept))][:count]


def _interstate_posts(roads: Roads) -> list[tuple[int, int, int, str]]:
    """A post about every `POST_M` of each carriageway, looking the way that it is driven."""
    posts: list[tuple[int, int, int, str]] = []
    for name in sorted({int(roads.name[i]) for i in _of_class(roads, "motorway")}):
        own = [i for i in _of_class(roads, "motorway") if roads.name[i] == name]
        since = POST_M
        for segment in own:
            line = line_of(roads, segment)
            at = POST_M - since
            while at < line.length:
                here, ahead = line.interpolate(at), line.interpolate(at + 30)
                x, y = to_degrees_e7(np.array([[here.x, here.y]]))[0].tolist()
                bearing = round(degrees(atan2(ahead.x - here.x, ahead.y - here.y))) % 360
                posts.append((x, y, bearing, f"{roads.names[name]} post {len(posts) + 1}"))
                at += POST_M
            since = line.length - (at - POST_M)
    return posts


def _of_class(roads: Roads, name: str) -> list[int]:
    found: list[int] = np.flatnonzero(roads.road_class == ROAD_CLASSES.index(name)).tolist()
    return found


def _leaving(roads: Roads) -> dict[int, list[int]]:
    """Segments at each node, the greater roads first."""
    found: dict[int, list[int]] = {}
    for segment in sorted(range(roads.segments), key=lambda i: (int(roads.road_class[i]), i)):
        for node in (int(roads.tail[segment]), int(roads.head[segment])):
            found.setdefault(node, []).append(segment)
    return found


def _bearing(roads: Roads, segment: int, node: int) -> int:
    """Whole degrees from north along a segment, away from a node."""
    line = line_of(roads, segment)
    if int(roads.tail[segment]) != node:
        line = line.reverse()
    start, ahead = shapely.get_point(line, 0), line.interpolate(min(40.0, line.length))
    return round(degrees(atan2(ahead.x - start.x, ahead.y - start.y))) % 360

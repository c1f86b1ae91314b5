"""Linear referencing: a mile along a route, found by walking the route's own line between two posts.

A position between posts is never taken from the straight line between them: a road that bends would put a unit in a
field. Where the route's line does not lead from one post to the next there is no answer between them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from math import cos, hypot, radians

import numpy as np
from numpy.typing import NDArray

from redstick.geo.geocoder.words import read_street
from redstick.geo.roads import E7, Roads

METRES_PER_UNIT = 111_320.0 / E7
_SNAP_M = 60.0  # a post stands beside its route, not farther


@dataclass(frozen=True)
class Milepost:
    """A post or an exit: `measure` in the route's own units (miles, kilometres), `label` an exit's letter or empty.

    `route` as roads spell it (`I 10`, `US 61`), `direction` one of N, E, S, W, or empty where one set of posts serves
    both. Position in 1e-7 degrees.
    """

    route: str
    direction: str
    measure: float
    x: int
    y: int
    label: str = ""
    exit: bool = False


def route_lines(roads: Roads, posts: Sequence[Milepost]) -> list[tuple[Milepost, Milepost, NDArray[np.int32]]]:
    """For each two posts that follow each other along a route: the line between them, as (k, 2) 1e-7 degrees."""
    spans = []
    for route, direction in sorted({(post.route, post.direction) for post in posts if not post.exit}):
        own = sorted(
            (p for p in posts if (p.route, p.direction, p.exit) == (route, direction, False)), key=lambda p: p.measure
        )
        network = _Network(roads, _segments_of(roads, route))
        for a, b in pairwise(own):
            line = network.between((a.x, a.y), (b.x, b.y))
            if line is not None:
                spans.append((a, b, line))
    return spans


def _segments_of(roads: Roads, route: str) -> list[int]:
    """Segments that bear the route's name, or have it as a further name."""
    wanted = read_street(route).key
    bearing = {i for i, name in enumerate(roads.names) if read_street(name).key == wanted}
    own = {i for i in range(roads.segments) if int(roads.name[i]) in bearing}
    return sorted(own | {segment for segment, name in roads.aliases if name in bearing})


class _Network:
    """A route as a small graph over the points of its lines."""

    def __init__(self, roads: Roads, segments: Iterable[int]) -> None:
        self.next: dict[tuple[int, int], dict[tuple[int, int], float]] = {}
        for segment in segments:
            line = roads.xy[roads.start[segment] : roads.start[segment + 1]].tolist()
            for a, b in pairwise([tuple(point) for point in line]):
                length = distance_m(a, b)
                self.next.setdefault(a, {})[b] = length
                self.next.setdefault(b, {})[a] = length
        self.points = np.array(sorted(self.next), np.int64).reshape(-1, 2)

    def between(self, a: tuple[int, int], b: tuple[int, int]) -> NDArray[np.int32] | None:
        """The shortest way along the route from the foot of one post to that of another."""
        a_on, b_on = self._edge(a), self._edge(b)
        if a_on is None or b_on is None:
            return None
        (foot_a, ends_a), (foot_b, ends_b) = a_on, b_on
        if set(ends_a) == set(ends_b):
            return np.array([foot_a, foot_b], np.int32)
        path = self._path(foot_a, ends_a, foot_b, ends_b)
        return np.array([foot_a, *path, foot_b], np.int32) if path else None

    def _edge(self, post: tuple[int, int]) -> tuple[tuple[int, int], tuple[tuple[int, int], tuple[int, int]]] | None:
        best: tuple[float, tuple[int, int], tuple[tuple[int, int], tuple[int, int]]] | None = None
        for a in sorted(self.next):
            for b in sorted(self.next[a]):
                if a < b:
                    foot = foot_on(post, a, b)
                    found = (distance_m(post, foot), foot, (a, b))
                    best = found if best is None or found < best else best
        return None if best is None or best[0] > _SNAP_M else (best[1], best[2])

    def _path(
        self,
        foot_a: tuple[int, int],
        ends_a: tuple[tuple[int, int], tuple[int, int]],
        foot_b: tuple[int, int],
        ends_b: tuple[tuple[int, int], tuple[int, int]],
    ) -> list[tuple[int, int]]:
        heap: list[tuple[float, tuple[int, int], tuple[tuple[int, int], ...]]]
        heap = [(distance_m(foot_a, end), end, (end,)) for end in ends_a]
        heap.sort()
        goal: tuple[float, tuple[tuple[int, int], ...]] | None = None
        done: set[tuple[int, int]] = set()
        while heap:
            length, point, path = heappop(heap)
            if goal is not None and length >= goal[0]:
                break
            if point in done:
                continue
            done.add(point)
            if point in ends_b:
                total = (length + distance_m(point, foot_b), path)
                goal = total if goal is None or total < goal else goal
            for neighbour, step in self.next[point].items():
                if neighbour not in done:
                    heappush(heap, (length + step, neighbour, (*path, neighbour)))
        return list(goal[1]) if goal else []


def foot_on(point: tuple[int, int], a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """The point of the straight piece a–b that lies nearest."""
    east = cos(radians(point[1] / E7))
    ax, ay, bx, by = (a[0] - point[0]) * east, a[1] - point[1], (b[0] - point[0]) * east, b[1] - point[1]
    length2 = (bx - ax) ** 2 + (by - ay) ** 2
    share = 0.0 if not length2 else min(1.0, max(0.0, -(ax * (bx - ax) + ay * (by - ay)) / length2))
    return round(a[0] + share * (b[0] - a[0])), round(a[1] + share * (b[1] - a[1]))


def distance_m(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Metres between two points of a city (1e-7 degrees), on the plane that touches the earth between them."""
    east = cos(radians((a[1] + b[1]) / 2 / E7))
    dx = (a[0] - b[0] + 180 * E7) % (360 * E7) - 180 * E7  # over the date line too
    return METRES_PER_UNIT * hypot(dx * east, a[1] - b[1])


def along(line: Sequence[tuple[int, int]], share: float) -> tuple[int, int]:
    """The point at a share (0 to 1) of a line's length."""
    steps = [distance_m(a, b) for a, b in pairwise(line)]
    left = min(1.0, max(0.0, share)) * sum(steps)
    for (a, b), step in zip(pairwise(line), steps, strict=True):
        if left <= step and step:
            part = left / step
            return round(a[0] + part * (b[0] - a[0])), round(a[1] + part * (b[1] - a[1]))
        left -= step
    return line[-1]

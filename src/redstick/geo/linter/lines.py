"""The centrelines themselves: repeated ids, no length, ends that nearly meet, crossings without a node, levels."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from redstick.geo.city import City
from redstick.geo.linter.finding import Finding, Severity, segment_place, segment_position
from redstick.geo.roads import E7, ROAD_CLASSES, Roads
from redstick.geo.zones import LocalMetres

NEAR_MISS_M = 5.0  # a dead end this near another street usually belongs to it
TOUCH_M = 0.05  # nearer than this the lines touch
_RAISED = {"motorway", "trunk", "ramp"}  # where levels are unknown, these cross streets above or below them


def check_lines(city: City) -> Iterator[Finding]:
    """Every finding about lines and nodes."""
    roads = city.roads
    if not roads.segments:
        yield Finding("NO_ROADS", Severity.ERROR, city.name, "the city has no roads", "Import roads.")
        return
    yield from _ids_and_lengths(roads)
    lines = _metric_lines(roads)
    tree = shapely.STRtree(lines)
    yield from _near_misses(roads, lines, tree)
    yield from _crossings(roads, lines, tree)
    yield from _levels(roads)


def _ids_and_lengths(roads: Roads) -> Iterator[Finding]:
    seen = Counter(roads.segment_id)
    for segment, id_ in enumerate(roads.segment_id):
        if seen[id_] > 1:
            found = f"the id stands {seen[id_]} times"
            advice = "Give each segment its own id: closures and corrections refer to it."
            yield _at(roads, segment, "DUPLICATE_ID", Severity.ERROR, found, advice)
        if roads.length_m[segment] == 0:
            found = "the line has no length"
            yield _at(roads, segment, "ZERO_LENGTH", Severity.WARNING, found, "Delete it or draw it.")


def _metric_lines(roads: Roads) -> NDArray[np.object_]:
    metres = LocalMetres.around(np.column_stack([roads.node_x, roads.node_y])).project(roads.xy)
    owner = np.repeat(np.arange(roads.segments), np.diff(roads.start))
    lines: NDArray[np.object_] = shapely.linestrings(metres, indices=owner)
    return lines


def _near_misses(roads: Roads, lines: NDArray[np.object_], tree: Any) -> Iterator[Finding]:
    """Dead ends within NEAR_MISS_M of a segment that they do not meet, on the same level."""
    degree = np.bincount(np.concatenate([roads.tail, roads.head]), minlength=roads.nodes)
    for end, at in ((0, roads.tail), (-1, roads.head)):
        loose = np.flatnonzero((degree[at] == 1) & (roads.length_m > 0))
        points = shapely.get_point(lines[loose], end)
        pairs = tree.query(points, "dwithin", NEAR_MISS_M).T
        nearest: dict[int, tuple[float, int]] = {}
        for k, other in pairs.tolist():
            segment = int(loose[k])
            ours = {int(roads.tail[segment]), int(roads.head[segment])}
            meets = ours & {int(roads.tail[other]), int(roads.head[other])}
            if other == segment or meets or roads.level[other] != roads.level[segment]:
                continue
            apart_m = float(shapely.distance(points[k], lines[other]))
            nearest[segment] = min(nearest.get(segment, (np.inf, -1)), (apart_m, other))
        for segment, (apart_m, other) in sorted(nearest.items()):
            yield _near_miss(roads, segment, "first" if end == 0 else "last", int(at[segment]), other, apart_m)


def _near_miss(roads: Roads, segment: int, end: str, node: int, other: int, apart_m: float) -> Finding:
    place, position = segment_place(roads, segment), (int(roads.node_x[node]), int(roads.node_y[node]))
    if apart_m < TOUCH_M:
        found = f"its {end} end lies on {segment_place(roads, other)}, and they share no node"
        advice = "Join them, unless a barrier stands there."
        return Finding("TOUCH_WITHOUT_NODE", Severity.NOTICE, place, found, advice, position)
    found = f"its {end} end misses {segment_place(roads, other)} by {apart_m:.1f} m"
    advice = "Join the lines at a node, or confirm that there is no way through."
    return Finding("NEAR_MISS", Severity.WARNING, place, found, advice, position)


def _crossings(roads: Roads, lines: NDArray[np.object_], tree: Any) -> Iterator[Finding]:
    """Lines that cross away from their ends on one level. Motorways and ramps without a level are left out."""
    raised = np.array([index for index, name in enumerate(ROAD_CLASSES) if name in _RAISED])
    over = np.isin(roads.road_class, raised) & (roads.level == 0)
    left, right = tree.query(lines, "crosses")
    keep = (left < right) & (roads.level[left] == roads.level[right]) & ~over[left] & ~over[right]
    for one, other in sorted(zip(left[keep].tolist(), right[keep].tolist(), strict=True)):
        found = f"it crosses {segment_place(roads, other)} without a node, both on level {roads.level[one]}"
        advice = "Split both at a shared node, or give the one above or below its level."
        yield _at(roads, one, "CROSSING_WITHOUT_NODE", Severity.WARNING, found, advice)


def _levels(roads: Roads) -> Iterator[Finding]:
    """Nodes where levels meet that do not touch: above and below the ground, or two heights of bridges."""
    low, high = np.full(roads.nodes, 127), np.full(roads.nodes, -128)
    for at in (roads.tail, roads.head):
        np.minimum.at(low, at, roads.level)
        np.maximum.at(high, at, roads.level)
    # A long bridge that is drawn on its highest level down to the ground is common, and no conflict.
    for node in np.flatnonzero((high - low >= 2) & (low != 0) & (high != 0)).tolist():
        segment = int(np.flatnonzero((roads.tail == node) | (roads.head == node))[0])
        x, y = roads.node_x[node] / E7, roads.node_y[node] / E7
        found = f"levels {low[node]} and {high[node]} meet at ({x:.6f}, {y:.6f})"
        yield _at(roads, segment, "LEVEL_CONFLICT", Severity.NOTICE, found, "Check which of them truly meet here.")


def _at(roads: Roads, segment: int, code: str, severity: Severity, found: str, advice: str) -> Finding:
    return Finding(code, severity, segment_place(roads, segment), found, advice, segment_position(roads, segment))

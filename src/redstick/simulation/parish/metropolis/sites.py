"""Where services stand: corners of through roads, chosen one after the other so that people live near one."""

from dataclasses import dataclass

import numpy as np

from redstick.geo.roads import ROAD_CLASSES, Roads
from redstick.simulation.parish.metropolis.addressing import metres
from redstick.simulation.parish.metropolis.census import I64
from redstick.simulation.parish.metropolis.terrain import F64

CELL_M = 350.0  # one corner is looked at in each square of this side
FAR_M = 7000.0  # beyond this distance farther is no worse
_CORNERS = ("trunk", "primary", "secondary", "tertiary")


@dataclass(frozen=True)
class Corners:
    """Corners where a service may stand: nodes, places in metres (k, 2), and the two street names that meet."""

    node: I64
    xy: F64
    names: list[tuple[str, str]]

    def chosen(self, middle: F64, weight: I64, count: int, taken: F64 | None = None) -> list[int]:
        """`count` corners, each the one that shortens the way of most people to the nearest one chosen so far."""
        away = np.hypot(self.xy[:, None, 0] - middle[None, :, 0], self.xy[:, None, 1] - middle[None, :, 1])
        away = np.minimum(np.rint(away), FAR_M).astype(np.int64)
        best = np.full(len(middle), int(FAR_M), np.int64)
        if taken is not None and len(taken):
            near = np.hypot(taken[:, None, 0] - middle[None, :, 0], taken[:, None, 1] - middle[None, :, 1])
            best = np.minimum(np.rint(near), FAR_M).astype(np.int64).min(axis=0)
        found: list[int] = []
        for _ in range(count):
            gain = (np.maximum(best[None, :] - away, 0) * weight).sum(axis=1)
            gain[found] = -1
            found.append(int(np.argmax(gain)))
            best = np.minimum(best, away[found[-1]])
        return found

    def name(self, corner: int) -> str:
        """How people speak of it: the street that has it, and the one it crosses."""
        one, other = self.names[corner]
        return f"{one} at {other}" if other else one


def corners(roads: Roads) -> Corners:
    """Junctions of a through road or a collector with another street, on the ground, one to a square of `CELL_M`."""
    kinds = [ROAD_CLASSES.index(name) for name in _CORNERS]
    rank = np.where(np.isin(roads.road_class, kinds), roads.road_class.astype(np.int64), 99)
    raised = set(roads.tail[roads.level > 0].tolist()) | set(roads.head[roads.level > 0].tolist())
    meeting: dict[int, dict[int, int]] = {}
    for segment in np.flatnonzero(roads.name >= 0).tolist():
        for node in (int(roads.tail[segment]), int(roads.head[segment])):
            names = meeting.setdefault(node, {})
            name = int(roads.name[segment])
            names[name] = min(names.get(name, 99), int(rank[segment]))
    place = metres(np.c_[roads.node_x, roads.node_y])
    square: dict[tuple[int, int], tuple[int, int]] = {}
    for node in sorted(meeting):
        best = min(meeting[node].values())
        if best < 99 and len(meeting[node]) > 1 and node not in raised:
            cell = int(place[node, 0] // CELL_M), int(place[node, 1] // CELL_M)
            square[cell] = min(square.get(cell, (99, node)), (best, node))
    nodes = np.array(sorted(node for _, node in square.values()))
    streets: list[tuple[str, str]] = []
    for node in nodes.tolist():
        order = sorted(meeting[node], key=lambda name: (meeting[node][name], name))
        streets.append((roads.names[order[0]], roads.names[order[1]]))
    return Corners(nodes, place[nodes], streets)

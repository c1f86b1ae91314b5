"""From segments as a source gives them to `Roads`: shared nodes, names once each, geodesic lengths."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from redstick.geo.roads import BOTH_WAYS, E7, F64, I32, Roads

SNAP_M = 0.3  # end points this near are one node: rounding of a projection and of six decimals, not a gap in the street
METRES_PER_DEGREE = 111_320.0
_WGS84 = Geod(ellps="WGS84")


@dataclass
class SegmentDraft:
    """One segment as its source gives it. `points` are (k, 2) whole 1e-7 degrees, k of at least 2.

    `tail_key` and `head_key` are the source's own node ids, where it has them: they decide which ends meet. Without
    them ends meet where they lie within SNAP_M.
    """

    id: str
    points: I32
    name: str = ""
    aliases: tuple[str, ...] = ()
    road_class: int = 0
    direction: int = BOTH_WAYS
    speed_kmh: int = 0
    level: int = 0
    ranges: tuple[int, int, int, int] = (0, 0, 0, 0)  # left from, left to, right from, right to
    areas: tuple[str, str] = ("", "")  # left, right
    postcodes: tuple[str, str] = ("", "")
    tail_key: Hashable | None = None
    head_key: Hashable | None = None


@dataclass
class Register:
    """Texts, each once, in the order in which they first appear."""

    texts: list[str] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)

    def of(self, text: str) -> int:
        """The index of a text; -1 for an empty one."""
        if not text:
            return -1
        if text not in self.index:
            self.index[text] = len(self.texts)
            self.texts.append(text)
        return self.index[text]


def assemble(drafts: Sequence[SegmentDraft], attribution: str) -> tuple[Roads, int]:
    """Join segments into a network; also how many ends lay over a metre off the node that their source declares.

    Such an end is led to the node by one more point, so that every geometry runs from node to node.
    """
    names, areas, postcodes = Register(), Register(), Register()
    tail, head, node_xy = _nodes(drafts)
    lines, strays = _joined(drafts, tail, head, node_xy)
    start = np.cumsum([0, *(len(line) for line in lines)]).astype(np.int32)
    xy = np.concatenate([np.zeros((0, 2), np.int32), *lines]).astype(np.int32)
    name = _i32(names.of(draft.name) for draft in drafts)
    ranges = np.array([draft.ranges for draft in drafts], np.int32).reshape(-1, 4)
    aliases = [
        (i, names.of(alias)) for i, draft in enumerate(drafts) for alias in dict.fromkeys(draft.aliases) if alias
    ]
    roads = Roads(
        node_x=np.ascontiguousarray(node_xy[:, 0]),
        node_y=np.ascontiguousarray(node_xy[:, 1]),
        tail=tail,
        head=head,
        segment_id=[draft.id for draft in drafts],
        name=name,
        names=names.texts,
        aliases=aliases,
        road_class=_i32(draft.road_class for draft in drafts).astype(np.int8),
        direction=_i32(draft.direction for draft in drafts).astype(np.int8),
        speed_kmh=_i32(draft.speed_kmh for draft in drafts),
        length_m=lengths_m(start, xy),
        level=_i32(draft.level for draft in drafts).astype(np.int8),
        left_from=np.ascontiguousarray(ranges[:, 0]),
        left_to=np.ascontiguousarray(ranges[:, 1]),
        right_from=np.ascontiguousarray(ranges[:, 2]),
        right_to=np.ascontiguousarray(ranges[:, 3]),
        left_area=_i32(areas.of(draft.areas[0]) for draft in drafts),
        right_area=_i32(areas.of(draft.areas[1]) for draft in drafts),
        areas=areas.texts,
        left_postcode=_i32(postcodes.of(draft.postcodes[0]) for draft in drafts),
        right_postcode=_i32(postcodes.of(draft.postcodes[1]) for draft in drafts),
        postcodes=postcodes.texts,
        start=start,
        xy=xy,
        attribution=attribution,
    )
    return roads, strays


def lengths_m(start: I32, xy: I32) -> F64:
    """Geodesic length of every segment on WGS 84, rounded to the millimetre so that it is stored without loss."""
    if len(start) < 2:
        return np.zeros(0, np.float64)
    degrees = xy / E7
    _, _, step_m = _WGS84.inv(degrees[:-1, 0], degrees[:-1, 1], degrees[1:, 0], degrees[1:, 1])
    total_m = np.concatenate([[0.0], np.cumsum(step_m)])
    return np.asarray(np.round(total_m[start[1:] - 1] - total_m[start[:-1]], 3), np.float64)


def clean_line(points: I32) -> I32:
    """A line without points that repeat the one before; two points remain even where the line has no length."""
    keep = np.ones(len(points), bool)
    keep[1:] = (points[1:] != points[:-1]).any(axis=1)
    kept = points[keep]
    return kept if len(kept) >= 2 else points[[0, -1]]


def _i32(values: Iterable[int]) -> I32:
    return np.fromiter(values, np.int32)


def _nodes(drafts: Sequence[SegmentDraft]) -> tuple[I32, I32, I32]:
    """The first and last node of every segment, and the nodes' positions, in the order of first appearance."""
    count = len(drafts)
    ends = np.array([point for draft in drafts for point in (draft.points[0], draft.points[-1])], np.int32)
    ends = ends.reshape(-1, 2)
    place = _same_place(ends)
    declared = [key for draft in drafts for key in (draft.tail_key, draft.head_key)]
    # An end without a declared node belongs to a declared one at the same place, where there is one.
    at_place: dict[int, Hashable] = {}
    for end, key in enumerate(declared):
        if key is not None:
            at_place.setdefault(int(place[end]), key)
    number: dict[Hashable, int] = {}
    node = np.zeros(2 * count, np.int32)
    first: list[int] = []
    for end, key in enumerate(declared):
        own = ("declared", key) if key is not None else ("declared", at_place.get(int(place[end])))
        if own[1] is None:
            own = ("place", int(place[end]))
        if own not in number:
            number[own] = len(number)
            first.append(end)
        node[end] = number[own]
    return np.ascontiguousarray(node[0::2]), np.ascontiguousarray(node[1::2]), ends[first]


def _same_place(points: I32) -> NDArray[np.int64]:
    """A label per point; points within SNAP_M of each other, directly or by a chain, share one."""
    unique, label = np.unique(points, axis=0, return_inverse=True)
    label = label.reshape(-1)
    if len(unique) < 2:
        return np.asarray(label, np.int64)
    middle = np.deg2rad(float(np.median(unique[:, 1])) / E7)
    metres = unique / E7 * METRES_PER_DEGREE * np.array([np.cos(middle), 1.0])
    near = cKDTree(metres).query_pairs(SNAP_M, output_type="ndarray")
    joined = coo_matrix((np.ones(len(near), np.int8), (near[:, 0], near[:, 1])), shape=(len(unique), len(unique)))
    _, cluster = connected_components(joined, directed=False)
    return np.asarray(cluster[label], np.int64)


def _joined(drafts: Sequence[SegmentDraft], tail: I32, head: I32, node_xy: I32) -> tuple[list[I32], int]:
    """Every line from its first node's position to its last one's."""
    lines: list[I32] = []
    strays = 0
    for index, draft in enumerate(drafts):
        line = draft.points.copy()
        for end, node in ((0, tail[index]), (-1, head[index])):
            position = node_xy[node]
            if _apart_m(line[end], position) <= 1.0:
                line[end] = position
            else:
                strays += 1
                line = np.vstack([position, line] if end == 0 else [line, position]).astype(np.int32)
        lines.append(clean_line(line))
    return lines, strays


def _apart_m(a: I32, b: I32) -> float:
    if a[0] == b[0] and a[1] == b[1]:
        return 0.0
    x, y = (a.astype(np.float64) - b) / E7 * METRES_PER_DEGREE
    return float(np.hypot(x * np.cos(np.deg2rad(a[1] / E7)), y))

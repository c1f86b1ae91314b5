"""Streets as drawn become a road network: cut where they meet, short scraps merged, house numbers by block."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, degrees

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely import LineString, ops

from redstick.geo.roads import BACKWARD_ONLY, BOTH_WAYS, FORWARD_ONLY, ROAD_CLASSES, Roads
from redstick.simulation.parish.plan import GROUND, Line

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
Shapes = NDArray[np.object_]

MERGE_M = 24.0  # nodes nearer than this are one junction
STUB_M = 45.0  # dead ends shorter than this are scraps of a cut, not streets
AMISS_M = 12.0  # a dead end this near another street would be taken for a junction
SIGHT_M, DOUBLED_DEG = 40.0, 14.0  # streets that part by less than this within sight are one street drawn twice
LOT_M = 24.0  # frontage of one house number

ORIGIN = (-905_000_000, 274_000_000)  # 90.5° W, 27.4° N: open water
METRES_PER_DEGREE = (98_931.0, 110_786.0)  # at 27.43° N
METRES_PER_E7 = (METRES_PER_DEGREE[0] / 1e7, METRES_PER_DEGREE[1] / 1e7)


def to_degrees_e7(xy_m: F64) -> I32:
    """Metres of the plan as longitude and latitude in 1e-7 degrees."""
    scaled = np.asarray(xy_m).reshape(-1, 2) / METRES_PER_DEGREE * 1e7 + ORIGIN
    return np.rint(scaled).astype(np.int32)


@dataclass
class _Piece:
    """A part of a line between two junctions; `block` is its place along its street."""

    line: int
    xy: F64
    tail: int = -1
    head: int = -1
    block: int = 0

    def end(self, which: int) -> int:
        """The node at its start (0) or its end (-1)."""
        return self.tail if which == 0 else self.head


def build_roads(lines: list[Line], area: str, attribution: str) -> Roads:
    """Cut, merge and number; what cannot be reached from the rest by car, both ways, is left out.

    Where lines name their districts those are the communities, and a through road without one gets none (-1);
    otherwise all lies in `area`.
    """
    pieces = _cut(lines)
    nodes = _merge(pieces, lines)
    pieces = _settled([piece for piece in _sound(pieces) if piece.tail != piece.head], lines, len(nodes))
    _number_blocks(pieces)
    return _assemble(pieces, nodes, lines, area, attribution)


def _cut(lines: list[Line]) -> list[_Piece]:
    """Every line in pieces, cut where it meets another of its level or where a ramp joins it."""
    shapes = [LineString(line.xy) for line in lines]
    cuts: dict[int, list[float]] = {i: [0.0, shape.length] for i, shape in enumerate(shapes)}
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        joined = lines[a].ends_meet is not None or lines[b].ends_meet is not None
        if a < b and lines[a].level == lines[b].level and not joined:
            for point in shapely.get_parts(shapes[a].intersection(shapes[b])):
                middle = point.representative_point()
                cuts[a].append(shapes[a].project(middle))
                cuts[b].append(shapes[b].project(middle))
    for line in lines:
        for end, meets in zip((0, -1), line.ends_meet or (), strict=False):
            cuts[meets].append(shapes[meets].project(shapely.Point(line.xy[end])))
    pieces = []
    for i, shape in enumerate(shapes):
        at = sorted({round(cut, 2) for cut in cuts[i]})
        for start, stop in pairwise(at):
            if stop - start > 0.05:
                pieces.append(_Piece(i, np.round(shapely.get_coordinates(ops.substring(shape, start, stop)), 2)))
    return pieces


def _merge(pieces: list[_Piece], lines: list[Line]) -> F64:
    """Give every piece its two nodes; ends near each other on one level are one node. Gives node positions (n, 2)."""
    ends = np.array([piece.xy[end] for piece in pieces for end in (0, -1)])
    level = np.array([lines[piece.line].level for piece in pieces for _ in (0, 1)])
    ramp = np.array([lines[piece.line].ends_meet is not None for piece in pieces for _ in (0, 1)])
    near = cKDTree(ends).query_pairs(MERGE_M, output_type="ndarray")
    apart = np.hypot(*(ends[near[:, 0]] - ends[near[:, 1]]).T)
    same = (level[near[:, 0]] == level[near[:, 1]]) & (level[near[:, 0]] == GROUND)
    touching = (apart < 0.6) & (ramp[near[:, 0]] | ramp[near[:, 1]] | (level[near[:, 0]] == level[near[:, 1]]))
    joins = near[same | touching]
    graph = coo_matrix((np.ones(len(joins)), (joins[:, 0], joins[:, 1])), shape=(len(ends), len(ends)))
    _, label = connected_components(graph, directed=False)
    _, first = np.unique(label, return_index=True)
    order = np.argsort(first, kind="stable")
    renumber = np.empty(len(order), np.int64)
    renumber[order] = np.arange(len(order))
    label = renumber[label]
    positions = ends[np.sort(first)]
    for i, piece in enumerate(pieces):
        piece.tail, piece.head = int(label[2 * i]), int(label[2 * i + 1])
        piece.xy = np.r_[positions[[piece.tail]], piece.xy[1:-1], positions[[piece.head]]]
    return positions


def _sound(pieces: list[_Piece]) -> list[_Piece]:
    """Without scraps: no piece twice between the same nodes, no dead end shorter than `STUB_M`."""
    kept: dict[tuple[int, int], _Piece] = {}
    for piece in pieces:
        key = (min(piece.tail, piece.head), max(piece.tail, piece.head))
        kept.setdefault(key, piece)
    found = list(kept.values())
    for _ in range(3):
        degree: dict[int, int] = defaultdict(int)
        for piece in found:
            degree[piece.tail] += 1
            degree[piece.head] += 1
        found = [
            piece for piece in found
            if min(degree[piece.tail], degree[piece.head]) > 1 or LineString(piece.xy).length >= STUB_M
        ]  # fmt: skip
    return found


def _settled(pieces: list[_Piece], lines: list[Line], nodes: int) -> list[_Piece]:
    """Without what merging bent out of place, and without what then cannot be reached; until both hold."""
    while True:
        kept = _largest_part(_untangled(pieces, lines), lines, nodes)
        if len(kept) == len(pieces):
            return kept
        pieces = kept


def _untangled(pieces: list[_Piece], lines: list[Line]) -> list[_Piece]:
    """Without pieces that cross another, run beside it out of one junction, or end just short of it.

    Of two such pieces the one of the lower class goes, the shorter one if they are of one class.
    """
    shapes = np.array([LineString(to_degrees_e7(piece.xy) * METRES_PER_E7) for piece in pieces])  # as they will be kept
    weight = [(-ROAD_CLASSES.index(lines[piece.line].road_class), shapes[i].length) for i, piece in enumerate(pieces)]
    gone = _ending_short(pieces, lines, shapes)
    for a, b in [*_crossing(pieces, lines, shapes), *_doubling(pieces, lines, shapes)]:
        if not {a, b} & gone:
            gone.add(min(a, b, key=lambda i: weight[i]))
    return [piece for i, piece in enumerate(pieces) if i not in gone]


def _crossing(pieces: list[_Piece], lines: list[Line], shapes: Shapes) -> Iterator[tuple[int, int]]:
    """Each two pieces of one level that cross without a junction."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="crosses")
    for a, b in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        if a < b and lines[pieces[a].line].level == lines[pieces[b].line].level:
            yield a, b


def _doubling(pieces: list[_Piece], lines: list[Line], shapes: Shapes) -> Iterator[tuple[int, int]]:
    """Each two pieces on the ground that leave one junction in nearly the same direction."""
    leaving: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for i, piece in enumerate(pieces):
        if lines[piece.line].level == GROUND:
            for node, shape in ((piece.tail, shapes[i]), (piece.head, shapes[i].reverse())):
                start, ahead = shapely.get_coordinates(shape)[0], shape.interpolate(min(SIGHT_M, shape.length))
                leaving[node].append((degrees(atan2(ahead.y - start[1], ahead.x - start[0])) % 360, i))
    for around in leaving.values():
        around.sort()
        for (bearing, a), (next_bearing, b) in pairwise([*around, (around[0][0] + 360, around[0][1])]):
            if a != b and next_bearing - bearing < DOUBLED_DEG:
                yield a, b


def _ending_short(pieces: list[_Piece], lines: list[Line], shapes: Shapes) -> set[int]:
    """Pieces with a dead end within `AMISS_M` of a piece of their level that they do not meet."""
    degree = np.bincount([node for piece in pieces for node in (piece.tail, piece.head)])
    loose = [(i, end) for i, piece in enumerate(pieces) for end in (0, -1) if degree[piece.end(end)] == 1]
    points = np.array([shapely.get_point(shapes[i], end) for i, end in loose], object)
    near = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=AMISS_M).T
    gone: set[int] = set()
    for k, other in near.tolist():
        ours, theirs = pieces[loose[k][0]], pieces[other]
        meets = {ours.tail, ours.head} & {theirs.tail, theirs.head}
        if not meets and lines[ours.line].level == lines[theirs.line].level:
            gone.add(loose[k][0])
    return gone


def _largest_part(pieces: list[_Piece], lines: list[Line], nodes: int) -> list[_Piece]:
    """Only pieces between nodes from which every other can be driven to and come back from."""
    one_way = np.array([lines[piece.line].one_way for piece in pieces])
    ends = [(piece.head, piece.tail) if lines[piece.line].against else (piece.tail, piece.head) for piece in pieces]
    tail, head = np.array(ends).T
    start, stop = np.r_[tail, head[~one_way]], np.r_[head, tail[~one_way]]
    graph = coo_matrix((np.ones(len(start)), (start, stop)), shape=(nodes, nodes))
    _, label = connected_components(graph, directed=True, connection="strong")
    main = int(np.argmax(np.bincount(label)))
    return [piece for piece in pieces if label[piece.tail] == main and label[piece.head] == main]


def _number_blocks(pieces: list[_Piece]) -> None:
    """Number the pieces of each line in their order: block 1, 2, 3; a street in several parts goes on counting."""
    count: dict[int, int] = defaultdict(int)
    for piece in pieces:
        count[piece.line] += 1
        piece.block = count[piece.line]


def _assemble(pieces: list[_Piece], positions: F64, lines: list[Line], area: str, attribution: str) -> Roads:
    used = sorted({node for piece in pieces for node in (piece.tail, piece.head)})
    number = {node: i for i, node in enumerate(used)}
    node_xy = to_degrees_e7(positions[used])
    names = sorted({lines[piece.line].name for piece in pieces} - {""})
    name_of = {name: i for i, name in enumerate(names)}
    xy = [to_degrees_e7(piece.xy) for piece in pieces]
    first_blocks = _first_blocks(pieces, lines)
    ranges = np.array([_ranges(piece, lines[piece.line], first_blocks) for piece in pieces], np.int32)
    geod = Geod(ellps="WGS84")
    length_mm = [round(geod.line_length(*(part.T / 1e7)) * 1000) for part in xy]
    districts = sorted({lines[piece.line].district for piece in pieces} - {""})
    area_of = {district: i for i, district in enumerate(districts)} | {"": -1 if districts else 0}
    whole = _i32(area_of[lines[piece.line].district] for piece in pieces)
    unknown = np.full(len(pieces), -1, np.int32)
    return Roads(
        node_x=node_xy[:, 0].copy(), node_y=node_xy[:, 1].copy(),
        tail=_i32(number[piece.tail] for piece in pieces), head=_i32(number[piece.head] for piece in pieces),
        segment_id=[f"S{i + 1:05d}" for i in range(len(pieces))],
        name=_i32(name_of.get(lines[piece.line].name, -1) for piece in pieces), names=names, aliases=[],
        road_class=np.array([ROAD_CLASSES.index(lines[piece.line].road_class) for piece in pieces], np.int8),
        direction=np.array([_direction(lines[piece.line]) for piece in pieces], np.int8),
        speed_kmh=_i32(lines[piece.line].speed_kmh for piece in pieces),
        length_m=np.array(length_mm) / 1000,
        level=np.array([lines[piece.line].level for piece in pieces], np.int8),
        left_from=ranges[:, 0].copy(), left_to=ranges[:, 1].copy(),
        right_from=ranges[:, 2].copy(), right_to=ranges[:, 3].copy(),
        left_area=whole.copy(), right_area=whole.copy(), areas=districts or [area],
        left_postcode=unknown, right_postcode=unknown.copy(), postcodes=[],
        start=np.cumsum([0, *map(len, xy)]).astype(np.int32), xy=np.concatenate(xy), attribution=attribution,
    )  # fmt: skip


def _direction(line: Line) -> int:
    if not line.one_way:
        return BOTH_WAYS
    return BACKWARD_ONLY if line.against else FORWARD_ONLY


def _first_blocks(pieces: list[_Piece], lines: list[Line]) -> dict[int, int]:
    """The hundred at which each line begins; lines of one street follow each other and share no number."""
    blocks: dict[int, int] = defaultdict(int)
    for piece in pieces:
        blocks[piece.line] = max(blocks[piece.line], piece.block)
    next_block: dict[tuple[str, str], int] = defaultdict(int)
    first: dict[int, int] = {}
    for line, count in blocks.items():
        street = lines[line].name, lines[line].district
        first[line] = next_block[street]
        next_block[street] += count
    return first


def _ranges(piece: _Piece, line: Line, first_blocks: dict[int, int]) -> tuple[int, int, int, int]:
    """Odd numbers on the left, even on the right, a hundred to a block; none on ramps and the interstate."""
    if line.road_class in {"motorway", "ramp"}:
        return 0, 0, 0, 0
    hundred = 100 * (first_blocks[piece.line] + piece.block)
    lots = int(min(max(LineString(piece.xy).length // LOT_M, 1), 49))
    return hundred + 1, hundred + 2 * lots - 1, hundred + 2, hundred + 2 * lots


def _i32(values: Iterable[int]) -> I32:
    return np.fromiter(values, np.int32)

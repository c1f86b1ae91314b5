"""Places on segments joined to a node-to-node engine: partial segments at both ends, one-ways, closures."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from redstick.geo.roads import Roads
from redstick.geo.routing.course import Course, Piece
from redstick.geo.routing.engine import INF_MS, NodeEngine
from redstick.geo.routing.graph import NO_ARC, RoadGraph, checked_weights
from redstick.geo.routing.positions import WHOLE_PPM, EdgePosition, Point, Snapper, cut
from redstick.geo.routing.reach import Reach
from redstick.geo.routing.router import (
    CLOSURE,
    DISCONNECTED,
    REACHED,
    UNREACHED_MS,
    Route,
    SnapshotChanged,
    Step,
    Times,
)

I64 = NDArray[np.int64]
_Leads = Callable[[], NDArray[np.bool_]]


def _end(head: bool) -> int:
    return WHOLE_PPM if head else 0


def _columns(places: Sequence[EdgePosition]) -> tuple[I64, I64]:
    count = len(places)
    segment = np.fromiter((place.segment for place in places), np.int64, count)
    return segment, np.fromiter((place.along_ppm for place in places), np.int64, count)


def _cheapest(ms: I64, count: int) -> I64:
    """The minimum over the few ends of each of `count` columns; INF where there is no end at all."""
    return ms.min(axis=0) if len(ms) else np.full(count, INF_MS, np.int64)


@dataclass(frozen=True)
class _Ends:
    """Both ways from `k` places to the next node (or from the last node to them): node and cost, INF where barred."""

    node: I64  # (k, 2)
    cost_ms: I64  # (k, 2)


class EdgeRouter:
    """`Router` on a node-to-node engine."""

    def __init__(self, roads: Roads, graph: RoadGraph, engine: NodeEngine) -> None:
        self.graph = graph
        self.snapper = Snapper(roads)
        self._roads = roads
        self._engine = engine
        self._lock = RLock()
        self._weights_ms = checked_weights(graph.weight_ms, graph.arcs).astype(np.int64)
        self._closed = np.zeros(graph.arcs, bool)
        self._reach = Reach(graph)
        self._topology_stamp = graph.topology_stamp()
        self._base_id = ""
        self._snapshot_id = ""
        self._stamp_weights()

    @property
    def snapshot_id(self) -> str:
        """See Router."""
        return self._snapshot_id

    @property
    def engine_name(self) -> str:
        """Which engine answers."""
        return self._engine.name

    def snap(self, point: Point, heading_deg: float | None = None) -> EdgePosition:
        """See Router."""
        return self.snapper.snap(point, heading_deg)

    def times_to(self, target: EdgePosition, sources: Sequence[EdgePosition], snapshot: str | None = None) -> Times:
        """See Router."""
        segment, along = _columns(sources)
        one = _columns([target])
        with self._lock:
            self._expect(snapshot)
            exits, entries = self._exits(segment, along), self._entries(*one)
            usable = entries.cost_ms[0] < INF_MS
            nodes, back = np.unique(exits.node, return_inverse=True)
            between = self._engine.times_into(entries.node[0][usable].astype(np.uint32), nodes.astype(np.uint32))
            inner = _cheapest(between + entries.cost_ms[0][usable][:, None], len(nodes))
            around = (inner[back.reshape(exits.node.shape)] + exits.cost_ms).min(axis=1, initial=INF_MS)
            total = np.minimum(around, self._along_one_segment(segment, along, *one))
            return self._answer(
                total,
                lambda: (
                    self._reach.leads_to(target.segment, segment)
                    | (self._along_one_segment(segment, along, *one, closures=False) < INF_MS)
                ),
            )

    def times_from(self, source: EdgePosition, targets: Sequence[EdgePosition], snapshot: str | None = None) -> Times:
        """See Router."""
        segment, along = _columns(targets)
        one = _columns([source])
        with self._lock:
            self._expect(snapshot)
            exits, entries = self._exits(*one), self._entries(segment, along)
            usable = exits.cost_ms[0] < INF_MS
            nodes, back = np.unique(entries.node, return_inverse=True)
            between = self._engine.times(exits.node[0][usable].astype(np.uint32), nodes.astype(np.uint32))
            inner = _cheapest(between + exits.cost_ms[0][usable][:, None], len(nodes))
            around = (inner[back.reshape(entries.node.shape)] + entries.cost_ms).min(axis=1, initial=INF_MS)
            total = np.minimum(around, self._along_one_segment(*one, segment, along))
            return self._answer(
                total,
                lambda: (
                    self._reach.leads_from(source.segment, segment)
                    | (self._along_one_segment(*one, segment, along, closures=False) < INF_MS)
                ),
            )

    def path(self, source: EdgePosition, target: EdgePosition, snapshot: str | None = None) -> Route:
        """See Router."""
        with self._lock:
            times = self.times_to(target, [source], snapshot)
            if times.reason[0] != REACHED:
                return Route(UNREACHED_MS, int(times.reason[0]), (), (), times.snapshot_id)
            ms = int(times.ms[0])
            pieces = self._direct_piece(source, target, ms) or self._pieces_around(source, target, ms)
        return self._route(ms, pieces, times.snapshot_id)

    def course(self, source: EdgePosition, target: EdgePosition) -> Course | None:
        """The drive that `path` gives, without its drawing: a tenth of the work. None where no open road leads."""
        with self._lock:
            times = self.times_to(target, [source])
            if times.reason[0] != REACHED:
                return None
            ms = int(times.ms[0])
            pieces = self._direct_piece(source, target, ms) or self._pieces_around(source, target, ms)
        return Course(ms, pieces, self._roads, self.snapper.plane)

    def close(self, arcs: Iterable[int]) -> str:
        """See Router."""
        return self._switch(arcs, closed=True)

    def reopen(self, arcs: Iterable[int]) -> str:
        """See Router."""
        return self._switch(arcs, closed=False)

    def reweigh(self, weights_ms: NDArray[np.integer]) -> str:
        """See Router."""
        checked = checked_weights(weights_ms, self.graph.arcs)
        with self._lock:
            self._weights_ms = checked.astype(np.int64)
            arcs = np.arange(self.graph.arcs, dtype=np.uint32)
            self._engine.set_weights(arcs, np.where(self._closed, INF_MS, checked).astype(np.uint32))
            return self._stamp_weights()

    def _switch(self, arcs: Iterable[int], *, closed: bool) -> str:
        wanted = np.unique(np.fromiter(arcs, np.int64))
        if len(wanted) and not 0 <= int(wanted[0]) <= int(wanted[-1]) < self.graph.arcs:
            raise IndexError(
                f"arcs run from 0 to {self.graph.arcs - 1}; asked for {int(wanted[0])} to {int(wanted[-1])}"
            )
        with self._lock:
            changed = wanted[self._closed[wanted] != closed]
            weights_ms = np.full(len(changed), INF_MS) if closed else self._weights_ms[changed]
            self._engine.set_weights(changed.astype(np.uint32), weights_ms.astype(np.uint32))
            self._closed[changed] = closed
            return self._stamp_closures()

    def _stamp_weights(self) -> str:
        weights = np.ascontiguousarray(self._weights_ms).tobytes()
        self._base_id = hashlib.sha256(self._topology_stamp.encode() + weights).hexdigest()[:16]
        return self._stamp_closures()

    def _stamp_closures(self) -> str:
        closed = np.flatnonzero(self._closed).astype(np.int64)
        suffix = f"-{len(closed)}-{hashlib.sha256(closed.tobytes()).hexdigest()[:16]}" if len(closed) else ""
        self._snapshot_id = self._base_id + suffix
        return self._snapshot_id

    def _expect(self, snapshot: str | None) -> None:
        if snapshot is not None and snapshot != self._snapshot_id:
            raise SnapshotChanged(f"the roads are those of {self._snapshot_id}; expected {snapshot}")

    def _exits(self, segment: I64, along_ppm: I64) -> _Ends:
        """The rest of the way to the head by the forward arc, to the tail by the backward arc."""
        ahead, back = self._passed(segment, along_ppm)
        weight = self._arc_weights(segment)
        cost = np.where(weight < INF_MS, weight - np.stack([ahead, back], 1), INF_MS)
        return _Ends(np.stack([self._roads.head[segment], self._roads.tail[segment]], 1).astype(np.int64), cost)

    def _entries(self, segment: I64, along_ppm: I64) -> _Ends:
        """The way from the tail by the forward arc, from the head by the backward arc."""
        ahead, back = self._passed(segment, along_ppm)
        cost = np.where(self._arc_weights(segment) < INF_MS, np.stack([ahead, back], 1), INF_MS)
        return _Ends(np.stack([self._roads.tail[segment], self._roads.head[segment]], 1).astype(np.int64), cost)

    def _arc_weights(self, segment: I64, *, closures: bool = True) -> I64:
        """(k, 2) weights of the forward and the backward arc; INF where there is none or (`closures`) it is closed."""
        arcs = np.stack([self.graph.forward[segment], self.graph.backward[segment]], 1)
        barred = (arcs == NO_ARC) | (self._closed[arcs] & closures)
        return np.where(barred, INF_MS, self._weights_ms[arcs])

    def _passed(self, segment: I64, along_ppm: I64, *, closures: bool = True) -> tuple[I64, I64]:
        """Milliseconds of each arc that lie before the place; whole numbers, so that parts add up exactly."""
        weight = self._arc_weights(segment, closures=closures)
        return weight[:, 0] * along_ppm // WHOLE_PPM, weight[:, 1] * (WHOLE_PPM - along_ppm) // WHOLE_PPM

    def _along_one_segment(
        self, segment_s: I64, along_s: I64, segment_t: I64, along_t: I64, *, closures: bool = True
    ) -> I64:
        """Drives that never leave their segment; INF where both ends are not on one, or it is driven the other way."""
        same = np.flatnonzero(segment_s == segment_t)
        total = np.full(max(len(segment_s), len(segment_t)), INF_MS, np.int64)
        if len(same) == 0:
            return total
        segment = np.broadcast_to(segment_s, total.shape)[same]
        start, end = (np.broadcast_to(along, total.shape)[same] for along in (along_s, along_t))
        weight = self._arc_weights(segment, closures=closures)
        ahead_s, back_s = self._passed(segment, start, closures=closures)
        ahead_t, back_t = self._passed(segment, end, closures=closures)
        forth = np.where((weight[:, 0] < INF_MS) & (start <= end), ahead_t - ahead_s, INF_MS)
        back = np.where((weight[:, 1] < INF_MS) & (start >= end), back_t - back_s, INF_MS)
        total[same] = np.minimum(forth, back)
        return total

    def _answer(self, total_ms: I64, leads_when_open: _Leads) -> Times:
        lost = np.flatnonzero(total_ms >= INF_MS)
        reason = np.zeros(len(total_ms), np.int8)
        if len(lost):
            reason[lost] = DISCONNECTED
            if self._closed.any():
                reason[lost[leads_when_open()[lost]]] = CLOSURE
            total_ms[lost] = UNREACHED_MS
        return Times(total_ms, reason, self._snapshot_id)

    def _direct_piece(self, source: EdgePosition, target: EdgePosition, ms: int) -> list[Piece]:
        direct = self._along_one_segment(*_columns([source]), *_columns([target]))
        if int(direct[0]) != ms:
            return []
        forward = source.along_ppm < target.along_ppm or (
            source.along_ppm == target.along_ppm and not self._barred(int(self.graph.forward[source.segment]))
        )
        return [Piece(source.segment, forward, source.along_ppm, target.along_ppm, ms)]

    def _barred(self, arc: int) -> bool:
        return arc == NO_ARC or bool(self._closed[arc])

    def _pieces_around(self, source: EdgePosition, target: EdgePosition, ms: int) -> list[Piece]:
        exits, entries = self._exits(*_columns([source])), self._entries(*_columns([target]))
        for way_out in (0, 1):
            for way_in in (0, 1):
                ends_ms = int(exits.cost_ms[0, way_out]) + int(entries.cost_ms[0, way_in])
                if ends_ms > ms:
                    continue
                middle = self._engine.path(int(exits.node[0, way_out]), int(entries.node[0, way_in]))
                if ends_ms + middle.ms == ms:
                    leave = Piece(
                        source.segment,
                        way_out == 0,
                        source.along_ppm,
                        _end(way_out == 0),
                        int(exits.cost_ms[0, way_out]),
                    )
                    arrive = Piece(
                        target.segment,
                        way_in == 0,
                        _end(way_in == 1),
                        target.along_ppm,
                        int(entries.cost_ms[0, way_in]),
                    )
                    return [leave, *map(self._whole, middle.arcs), arrive]
        raise AssertionError("the engine's path and its time disagree")

    def _whole(self, arc: int) -> Piece:
        segment = int(self.graph.segment[arc])
        forward = int(self.graph.forward[segment]) == arc
        return Piece(segment, forward, _end(not forward), _end(forward), int(self._weights_ms[arc]))

    def _route(self, ms: int, pieces: list[Piece], snapshot_id: str) -> Route:
        geometry: list[Point] = []
        steps = []
        for piece in pieces:
            xy = self._roads.xy[self._roads.start[piece.segment] : self._roads.start[piece.segment + 1]]
            part = cut(self.snapper.plane, xy, piece.from_ppm, piece.to_ppm)
            geometry += part[1:] if geometry and geometry[-1] == part[0] else part
            length_m = float(self._roads.length_m[piece.segment]) * abs(piece.to_ppm - piece.from_ppm) / WHOLE_PPM
            steps.append(Step(piece.segment, piece.forward, piece.ms, length_m))
        driven = tuple(step for step in steps if step.ms or step.length_m) or tuple(steps[:1])
        return Route(ms, REACHED, driven, tuple(geometry), snapshot_id)

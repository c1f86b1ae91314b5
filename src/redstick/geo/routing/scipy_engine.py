"""Dijkstra's algorithm from scipy: the oracle for other engines, and the fallback where they cannot be installed."""

from threading import Lock

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from redstick.geo.routing.engine import I64, INF_MS, U32, NodePath
from redstick.geo.routing.graph import RoadGraph

F64 = NDArray[np.float64]


class _Matrix:
    """A sparse matrix over the arcs of a graph, kept at the minimum of parallel arcs (scipy would add them up)."""

    def __init__(self, nodes: int, tail: U32, head: U32) -> None:
        pair = tail.astype(np.int64) * nodes + head
        self.order = np.argsort(pair, kind="stable")
        sorted_pair = pair[self.order]
        self.first = np.flatnonzero(np.r_[True, sorted_pair[1:] != sorted_pair[:-1]]) if len(pair) else np.empty(0, int)
        self.pair = sorted_pair[self.first]
        rows = np.searchsorted(self.pair, np.arange(nodes + 1, dtype=np.int64) * nodes)
        data = np.ones(len(self.pair))
        self.csr = csr_matrix((data, (self.pair % max(nodes, 1)).astype(np.int32), rows), shape=(nodes, nodes))

    def fill(self, weights_ms: F64) -> None:
        if len(self.first):
            self.csr.data[:] = np.minimum.reduceat(weights_ms[self.order], self.first)

    def cheapest_arc(self, pair: int, weights_ms: F64) -> int:
        at = int(np.searchsorted(self.pair, pair))
        last = int(self.first[at + 1]) if at + 1 < len(self.first) else len(self.order)
        arcs = self.order[self.first[at] : last]
        return int(arcs[np.argmin(weights_ms[arcs])])


class ScipyEngine:
    """Exact, everywhere installable, about fifteen times slower than a contraction hierarchy on a large city."""

    name = "scipy"

    def __init__(self, graph: RoadGraph) -> None:
        self._nodes = graph.nodes
        self._lock = Lock()
        self._weights_ms = graph.weight_ms.astype(np.float64)
        self._ahead = _Matrix(graph.nodes, graph.tail, graph.head)
        self._back = _Matrix(graph.nodes, graph.head, graph.tail)
        self._fill()

    def times(self, sources: U32, targets: U32) -> I64:
        """See NodeEngine."""
        return self._search(self._ahead, sources, targets)

    def times_into(self, targets: U32, sources: U32) -> I64:
        """See NodeEngine."""
        return self._search(self._back, targets, sources)

    def path(self, source: int, target: int) -> NodePath:
        """See NodeEngine; among parallel arcs of one weight the lowest id is taken."""
        with self._lock:
            reached, before = dijkstra(self._ahead.csr, indices=source, return_predecessors=True)
            if not np.isfinite(reached[target]):
                return NodePath(INF_MS, [])
            arcs: list[int] = []
            node = target
            while node != source:
                tail = int(before[node])
                arcs.append(self._ahead.cheapest_arc(tail * self._nodes + node, self._weights_ms))
                node = tail
            return NodePath(int(reached[target]), arcs[::-1])

    def set_weights(self, arcs: U32, weights_ms: U32) -> None:
        """See NodeEngine."""
        with self._lock:
            self._weights_ms[arcs] = np.where(weights_ms == INF_MS, np.inf, weights_ms.astype(np.float64))
            self._fill()

    def _fill(self) -> None:
        self._ahead.fill(self._weights_ms)
        self._back.fill(self._weights_ms)

    def _search(self, matrix: _Matrix, starts: U32, ends: U32) -> I64:
        if len(starts) == 0 or len(ends) == 0:
            return np.empty((len(starts), len(ends)), np.int64)
        with self._lock:
            reached = dijkstra(matrix.csr, indices=starts.astype(np.int64))[:, ends]
        # Sums of whole milliseconds stay exact in a double up to 2^53.
        return np.where(np.isfinite(reached), reached, INF_MS).astype(np.int64)

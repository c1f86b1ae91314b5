"""Whether any road leads from one segment to another, closed or not: tells a closure from a gap in the network."""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from redstick.geo.routing.graph import NO_ARC, RoadGraph

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Reach:
    """Searches the network with everything open. Only asked for what was not reached, so nothing is made ahead.

    Places of one strong component lead to each other, which is known at once for nearly every place of a real network;
    the others are searched for. Components and matrices are made when they are first needed, and kept: closures and
    weights do not change them.
    """

    def __init__(self, graph: RoadGraph) -> None:
        self._graph = graph

    def leads_to(self, target: int, sources: I64) -> Bools:
        """Whether a road leads from the end of each of (k,) segments to the beginning of the target."""
        return self._touches(self._graph.head, self._graph.tail, self._backward, target, sources)

    def leads_from(self, source: int, targets: I64) -> Bools:
        """Whether a road leads from the end of the source to the beginning of each of (k,) segments."""
        return self._touches(self._graph.tail, self._graph.head, self._forward, source, targets)

    @cached_property
    def _forward(self) -> "csr_matrix":
        from scipy.sparse import csr_matrix  # noqa: PLC0415 (half a second and thirty megabytes, seldom needed)

        nodes = self._graph.nodes
        ends = (self._graph.tail.astype(np.int64), self._graph.head.astype(np.int64))
        return csr_matrix((np.ones(self._graph.arcs, np.int8), ends), shape=(nodes, nodes))

    @cached_property
    def _backward(self) -> "csr_matrix":
        return self._forward.T.tocsr()

    @cached_property
    def _component(self) -> NDArray[np.int32]:
        """The strong component of each node."""
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 (for the same reason)

        _, labels = connected_components(self._forward, directed=True, connection="strong")
        return np.asarray(labels, np.int32)

    def _touches(self, here: U32, there: U32, matrix: "csr_matrix", one: int, others: I64) -> Bools:
        """A search that runs from `here` to `there` over arcs, from the `there` side of one segment's arcs."""
        arcs = np.stack([self._graph.forward[others], self._graph.backward[others]], 1)
        starts = np.array([int(there[arc]) for arc in self._graph.arcs_of(one)], np.int64)
        touched = np.isin(self._component, self._component[starts])
        found: Bools = np.any((arcs != NO_ARC) & touched[here[arcs]], axis=1)
        if found.all():
            return found
        from scipy.sparse.csgraph import breadth_first_order  # noqa: PLC0415 (for the same reason)

        for start in starts.tolist():
            touched[breadth_first_order(matrix, start, return_predecessors=False)] = True
        return np.asarray(np.any((arcs != NO_ARC) & touched[here[arcs]], axis=1), dtype=np.bool_)

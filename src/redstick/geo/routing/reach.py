"""Whether any road leads from one segment to another, closed or not: tells a closure from a gap in the network."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order

from redstick.geo.routing.graph import NO_ARC, RoadGraph

U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Reach:
    """Searches the network with everything open. Only asked for what was not reached, so nothing is made ahead."""

    def __init__(self, graph: RoadGraph) -> None:
        self._graph = graph

    def leads_to(self, target: int, sources: I64) -> Bools:
        """Whether a road leads from the end of each of (k,) segments to the beginning of the target."""
        return self._touches(self._graph.head, self._graph.tail, target, sources)

    def leads_from(self, source: int, targets: I64) -> Bools:
        """Whether a road leads from the end of the source to the beginning of each of (k,) segments."""
        return self._touches(self._graph.tail, self._graph.head, source, targets)

    def _touches(self, here: U32, there: U32, one: int, others: I64) -> Bools:
        """A search that runs from `here` to `there` over arcs, from the `there` side of one segment's arcs."""
        nodes = self._graph.nodes
        ends = (here.astype(np.int64), there.astype(np.int64))
        matrix = csr_matrix((np.ones(len(here), np.int8), ends), shape=(nodes, nodes))
        touched = np.zeros(nodes, bool)
        for arc in self._graph.arcs_of(one):
            start = int(there[arc])
            if not touched[start]:
                touched[breadth_first_order(matrix, start, return_predecessors=False)] = True
        arcs = np.stack([self._graph.forward[others], self._graph.backward[others]], 1)
        found: Bools = np.any((arcs != NO_ARC) & touched[here[arcs]], axis=1)
        return found

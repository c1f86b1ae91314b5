"""What a shortest-path engine offers: exact times between nodes, under weights that change."""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]

INF_MS = 2_147_483_647  # no path; as a weight, a closed arc


class NodePath(NamedTuple):
    """A shortest path: its time, INF_MS where there is none, and its arcs in driving order."""

    ms: int
    arcs: list[int]


class NodeEngine(Protocol):
    """Node-to-node search on one graph. Safe to call from many threads; each call sees one set of weights."""

    name: str

    def times(self, sources: U32, targets: U32) -> I64:
        """Times in milliseconds, (sources, targets), INF_MS where there is no path; fast for few sources."""

    def times_into(self, targets: U32, sources: U32) -> I64:
        """The same drives seen from their ends: (targets, sources), fast for few targets."""

    def path(self, source: int, target: int) -> NodePath:
        """A shortest path."""

    def set_weights(self, arcs: U32, weights_ms: U32) -> None:
        """Change the weights of some arcs, INF_MS to close; the next search sees all of them."""

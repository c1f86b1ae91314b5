"""The directed graph that engines search: one arc for each way in which a segment may be driven."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.geo.roads import BACKWARD_ONLY, FORWARD_ONLY, Roads
from redstick.geo.routing.speeds import MAX_ARC_MS, SpeedProfile, segment_times_ms

U32 = NDArray[np.uint32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

NO_ARC = -1


@dataclass(frozen=True)
class RoadGraph:
    """`n` nodes and `a` arcs with weights in milliseconds, 1 up to a day.

    Parallel arcs and loops are kept: arc ids are stable for a given `Roads`, whatever the speeds. `forward[s]` is the
    arc that drives segment `s` from its tail to its head, `backward[s]` the other way, `NO_ARC` where that is not
    allowed. `segment[a]` is the segment of arc `a`.
    """

    nodes: int
    tail: U32  # (a,)
    head: U32  # (a,)
    weight_ms: U32  # (a,)
    segment: I32  # (a,)
    forward: I32  # (m,)
    backward: I32  # (m,)
    latitude: NDArray[np.float32]  # (n,) degrees, used to order nodes only
    longitude: NDArray[np.float32]  # (n,)

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    def arcs_of(self, segment: int) -> tuple[int, ...]:
        """The arcs of a segment: both of them, one on a one-way."""
        return tuple(arc for arc in (int(self.forward[segment]), int(self.backward[segment])) if arc != NO_ARC)

    def topology_stamp(self) -> str:
        """SHA-256 of everything an engine prepares ahead of weights: nodes, arcs, positions."""
        digest = hashlib.sha256(np.int64(self.nodes).tobytes())
        for column in (self.tail, self.head, self.latitude, self.longitude):
            digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()


def build_graph(roads: Roads, profile: SpeedProfile) -> RoadGraph:
    """The graph of a network under a profile.

    Forward arcs come first in the order of segments, then backward arcs. Raises OverflowError (see `segment_times_ms`).
    """
    times_ms = segment_times_ms(roads, profile)
    ahead = np.flatnonzero(roads.direction != BACKWARD_ONLY)
    back = np.flatnonzero(roads.direction != FORWARD_ONLY)
    forward = np.full(roads.segments, NO_ARC, np.int32)
    backward = np.full(roads.segments, NO_ARC, np.int32)
    forward[ahead] = np.arange(len(ahead))
    backward[back] = np.arange(len(back)) + len(ahead)
    return RoadGraph(
        nodes=roads.nodes,
        tail=np.concatenate([roads.tail[ahead], roads.head[back]]).astype(np.uint32),
        head=np.concatenate([roads.head[ahead], roads.tail[back]]).astype(np.uint32),
        weight_ms=np.concatenate([times_ms[ahead], times_ms[back]]).astype(np.uint32),
        segment=np.concatenate([ahead, back]).astype(np.int32),
        forward=forward,
        backward=backward,
        latitude=(roads.node_y / 1e7).astype(np.float32),
        longitude=(roads.node_x / 1e7).astype(np.float32),
    )


def checked_weights(weights_ms: NDArray[np.integer], arcs: int) -> U32:
    """Weights as an engine takes them. Raises ValueError for a wrong number or a weight outside 1 ms up to a day."""
    if len(weights_ms) != arcs:
        raise ValueError(f"{len(weights_ms):,} weights for {arcs:,} arcs")
    if arcs and (int(weights_ms.min()) < 1 or int(weights_ms.max()) > MAX_ARC_MS):
        raise ValueError(
            f"weights run from {int(weights_ms.min()):,} to {int(weights_ms.max()):,} ms; expected 1 to {MAX_ARC_MS:,}"
        )
    return weights_ms.astype(np.uint32)

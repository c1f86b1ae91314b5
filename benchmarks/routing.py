"""Ranking 100 units by road through our own interface, against the bare engine asked the same, in one run.

The network is three copies of a grid city joined by border roads: jittered blocks, three classes of street, one-ways,
more than 200,000 nodes. A grid is the hard case for the engine (its separators grow with the root of the nodes).
"""

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.figure import Figure
from redstick.geo.roads import BOTH_WAYS, FORWARD_ONLY, Roads
from redstick.geo.routing import FREE_FLOW, EdgePosition, EdgeRouter, build_graph
from redstick.geo.routing.positions import WHOLE_PPM
from redstick.geo.routing.routingkit_engine import RoutingKitEngine

SIDE, COPIES, BORDER_ROADS = 265, 3, 25
UNITS, REPEATS = 100, 1_000
LIMIT_TIMES_BARE = 3.0


def three_grid_cities() -> Roads:
    """Roads of 210,675 nodes: three grid cities side by side, 25 roads between each and the next."""
    draw = np.random.default_rng(7)
    cities, row, column = np.meshgrid(np.arange(COPIES), np.arange(SIDE), np.arange(SIDE), indexing="ij")
    node = np.arange(COPIES * SIDE * SIDE, dtype=np.int32).reshape(COPIES, SIDE, SIDE)
    jitter = draw.integers(-3_000, 3_000, (2, node.size))
    x = ((cities * (SIDE + 12) + column).ravel() * 11_000 - 913_000_000 + jitter[0]).astype(np.int32)
    y = (row.ravel() * 9_500 + 303_000_000 + jitter[1]).astype(np.int32)
    borders = np.linspace(0, SIDE - 1, BORDER_ROADS).astype(int)
    tail = np.concatenate([node[:, :, :-1].ravel(), node[:, :-1].ravel(), node[:-1, borders, -1].ravel()])
    head = np.concatenate([node[:, :, 1:].ravel(), node[:, 1:].ravel(), node[1:, borders, 0].ravel()])
    lane = np.concatenate(
        [row[:, :, :-1].ravel(), column[:, :-1].ravel(), np.zeros(len(tail) - 2 * COPIES * SIDE * (SIDE - 1), int)]
    )
    return _roads(x, y, tail, head, lane)


def _roads(x: Any, y: Any, tail: Any, head: Any, lane: Any) -> Roads:
    """Straight segments; every tenth street is primary, every third of the others a one-way."""
    count = len(tail)
    main = lane % 10 == 0
    road_class = np.where(main, 3, np.where(lane % 5 == 0, 5, 6)).astype(np.int8)
    direction = np.where(~main & (lane % 3 == 1), FORWARD_ONLY, BOTH_WAYS).astype(np.int8)
    metres = np.hypot((x[tail] - x[head]) * 0.0096, (y[tail] - y[head]) * 0.0111)
    none, unknown = np.zeros(count, np.int32), np.full(count, -1, np.int32)
    xy = np.stack([np.stack([x[tail], y[tail]], 1), np.stack([x[head], y[head]], 1)], 1).reshape(-1, 2)
    return Roads(
        node_x=x, node_y=y, tail=tail, head=head, segment_id=[str(i) for i in range(count)],
        name=unknown, names=[], aliases=[], road_class=road_class, direction=direction, speed_kmh=none,
        length_m=metres.astype(np.float64), level=np.zeros(count, np.int8),
        left_from=none, left_to=none, right_from=none, right_to=none,
        left_area=unknown, right_area=unknown, areas=[], left_postcode=unknown, right_postcode=unknown, postcodes=[],
        start=np.arange(0, 2 * count + 1, 2, dtype=np.int32), xy=xy, attribution="made by benchmarks/routing.py",
    )  # fmt: skip


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.process_time_ns()
    call()
    return (time.process_time_ns() - began) / 1e6


def rank_100_units() -> Figure:
    """CPU p99 of a whole ranking (placed units to ordered answer) against the bare many-to-one query, alternating."""
    roads = three_grid_cities()
    graph = build_graph(roads, FREE_FLOW)
    engine = RoutingKitEngine(graph)
    router = EdgeRouter(roads, graph, engine)
    bare = engine._back  # noqa: SLF001  (the peer is the engine itself, without our interface)
    draw = np.random.default_rng(11)
    ours_ms, bare_ms = np.empty(REPEATS), np.empty(REPEATS)
    for i in range(REPEATS):
        segments, along = draw.integers(0, roads.segments, UNITS + 1), draw.integers(0, WHOLE_PPM, UNITS + 1)
        places = [EdgePosition(int(s), int(a), (0, 0), 0.0) for s, a in zip(segments, along, strict=True)]
        nodes = roads.tail[segments].astype(np.uint32)
        bare_ms[i] = _milliseconds(lambda nodes=nodes: bare.distances_many_to_many(nodes[:1], nodes[1:]))
        ours_ms[i] = _milliseconds(lambda places=places: router.times_to(places[0], places[1:]).order())
    print(
        f"{graph.nodes:,} nodes, {graph.arcs:,} arcs; ours p50 {np.median(ours_ms):.2f} ms, "
        f"bare p50 {np.median(bare_ms):.2f} ms (CPU, n={REPEATS})",
        file=sys.stderr,
    )
    limit_ms = LIMIT_TIMES_BARE * float(np.percentile(bare_ms, 99))
    return Figure(
        "recommend_100_units",
        float(np.percentile(ours_ms, 99)),
        "ms",
        limit_ms,
        "3 x the bare many-to-one query, p99",
        REPEATS,
    )


def measure() -> Iterator[Figure]:
    """The figures of this suite."""
    yield rank_100_units()

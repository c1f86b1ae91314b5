"""RoutingKit's own reference answers on Luxembourg: every one of 100,000 queries, by time and by distance."""

import gzip

import numpy as np
import pytest

from redstick.geo.routing.engine import INF_MS
from redstick.geo.routing.graph import RoadGraph
from redstick.geo.routing.routingkit_engine import RoutingKitEngine
from redstick.geo.routing.scipy_engine import ScipyEngine

QUERIES = 100_000


@pytest.fixture(scope="module")
def luxembourg(third_party):
    folder = third_party("roads/luxembourg")

    def vector(name, dtype=np.uint32):
        return np.frombuffer(gzip.decompress((folder / f"luxembourg_{name}.gz").read_bytes()), dtype)

    return vector


def graph_of(vector, weight):
    first_out = vector("first_out")
    nodes, arcs = len(first_out) - 1, len(vector("head"))
    return RoadGraph(
        nodes=nodes,
        tail=np.repeat(np.arange(nodes, dtype=np.uint32), np.diff(first_out)),
        head=vector("head"),
        weight_ms=vector(weight),
        segment=np.arange(arcs, dtype=np.int32),
        forward=np.arange(arcs, dtype=np.int32),
        backward=np.full(arcs, -1, np.int32),
        latitude=vector("latitude", np.float32),
        longitude=vector("longitude", np.float32),
    )


@pytest.mark.parametrize("weight", ["travel_time", "geo_distance"])
def test_every_reference_answer_is_met(luxembourg, weight):
    """100,000 of 100,000 lengths are equal, unreached pairs among them."""
    engine = RoutingKitEngine(graph_of(luxembourg, weight))
    sources, targets = luxembourg("source_node"), luxembourg("target_node")
    wanted = luxembourg(f"query_reference_{weight}_length").astype(np.int64)
    found = np.fromiter(
        (engine.times(sources[i : i + 1], targets[i : i + 1])[0, 0] for i in range(QUERIES)), np.int64, QUERIES
    )
    assert len(wanted) == QUERIES
    assert int((found != wanted).sum()) == 0


def test_the_reversed_way_and_the_oracle_give_the_reference_too(luxembourg):
    """Asked from the target's end, or of scipy, the lengths come out the same; paths add up to them."""
    graph = graph_of(luxembourg, "travel_time")
    engine, oracle = RoutingKitEngine(graph), ScipyEngine(graph)
    wanted = luxembourg("query_reference_travel_time_length").astype(np.int64)
    sources, targets = luxembourg("source_node"), luxembourg("target_node")
    for i in range(0, QUERIES, 5_000):
        one, other = targets[i : i + 1], sources[i : i + 1]
        assert engine.times_into(one, other)[0, 0] == oracle.times_into(one, other)[0, 0] == wanted[i]
        assert oracle.times(other, one)[0, 0] == wanted[i]
        path = engine.path(int(other[0]), int(one[0]))
        assert path.ms == wanted[i]
        assert wanted[i] == INF_MS or int(graph.weight_ms[path.arcs].sum()) == wanted[i]

"""Real networks with one-ways, read from OpenStreetMap: the engine equals Dijkstra's algorithm on every pair."""

from itertools import pairwise

import numpy as np
import pytest

from redstick.geo.importers.osm import import_osm
from redstick.geo.routing import FREE_FLOW, EdgePosition, EdgeRouter, build_graph
from redstick.geo.routing.positions import WHOLE_PPM
from redstick.geo.routing.routingkit_engine import RoutingKitEngine
from redstick.geo.routing.scipy_engine import ScipyEngine

EXTRACTS = {"manhattan": "roads/manhattan_2019.osm.pbf", "liechtenstein": "roads/liechtenstein.osm.pbf"}
TARGETS, SOURCES = 30, 120  # 3,600 pairs each time that they are compared


@pytest.fixture(scope="module", params=sorted(EXTRACTS))
def routers(request, third_party):
    roads = import_osm(third_party(EXTRACTS[request.param])).roads
    graph = build_graph(roads, FREE_FLOW)
    return tuple(EdgeRouter(roads, graph, engine(graph)) for engine in (RoutingKitEngine, ScipyEngine))


def places(draw, graph, count):
    segments = draw.integers(0, len(graph.forward), count)
    along = draw.integers(0, WHOLE_PPM, count)
    return [EdgePosition(int(s), int(a), (0, 0), 0.0) for s, a in zip(segments, along, strict=True)]


def compare(routers, targets, sources):
    """All answers of both, checked to be equal: (targets, sources) times, UNREACHED_MS among them."""
    quick, oracle = routers
    rows = []
    for target in targets:
        mine, wanted = quick.times_to(target, sources), oracle.times_to(target, sources)
        assert (mine.ms == wanted.ms).all()
        assert (mine.reason == wanted.reason).all()
        assert mine.snapshot_id == wanted.snapshot_id
        rows.append(mine.ms)
    return np.array(rows)


def test_random_pairs_are_exact_before_closures_under_them_and_after(routers):
    """3,600 pairs with partial segments and one-ways: open, with 400 arcs closed, and open again as at first."""
    draw = np.random.default_rng(20)
    graph = routers[0].graph
    assert int(((graph.forward < 0) | (graph.backward < 0)).sum()) > 100, "there are one-ways to be exact about"
    targets, sources = places(draw, graph, TARGETS), places(draw, graph, SOURCES)
    before = compare(routers, targets, sources)
    shut = draw.choice(graph.arcs, 400, replace=False).tolist()
    for router in routers:
        router.close(shut)
    under = compare(routers, targets, sources)
    assert (under != before).any(), "the closures were felt"
    for router in routers:
        router.reopen(shut)
    assert (compare(routers, targets, sources) == before).all()


def test_the_way_out_equals_the_way_in(routers):
    """`times_from` asked of each source and `times_to` asked of the target are one table."""
    draw = np.random.default_rng(21)
    graph = routers[0].graph
    ends, starts = places(draw, graph, 20), places(draw, graph, 20)
    into = np.array([routers[0].times_to(end, starts).ms for end in ends])
    out = np.array([routers[0].times_from(start, ends).ms for start in starts])
    assert (into == out.T).all()


def test_a_path_adds_up_and_is_joined(routers):
    """Step times add up to the time asked for; each step leaves the node at which the one before it arrived."""
    draw = np.random.default_rng(22)
    router, graph = routers[0], routers[0].graph
    reached = 0
    for start, end in zip(places(draw, graph, 100), places(draw, graph, 100), strict=True):
        route = router.path(start, end)
        assert route.ms == router.times_to(end, [start]).ms[0]
        if route.reason != 0:
            continue
        reached += 1
        assert sum(step.ms for step in route.steps) == route.ms
        arcs = [int((graph.forward if s.forward else graph.backward)[s.segment]) for s in route.steps]
        assert min(arcs) >= 0, "no step runs against a one-way"
        assert all(graph.head[a] == graph.tail[b] for a, b in pairwise(arcs))
    assert reached > 50

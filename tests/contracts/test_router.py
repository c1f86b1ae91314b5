"""What every router promises, whatever engine stands behind it."""

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.geo.importers.assemble import SegmentDraft, assemble
from redstick.geo.routing import (
    CLOSURE,
    DISCONNECTED,
    REACHED,
    UNREACHED_MS,
    EdgePosition,
    EdgeRouter,
    SnapshotChanged,
    SpeedProfile,
    build_graph,
)
from redstick.geo.routing.routingkit_engine import RoutingKitEngine
from redstick.geo.routing.scipy_engine import ScipyEngine

ENGINES = {"pyroutingkit": RoutingKitEngine, "scipy": ScipyEngine}
PROFILE = SpeedProfile(
    "test", (30_000, 90_000, 70_000, 50_000, 42_000, 36_000, 30_000, 15_000, 50_000), use_posted=False
)
WHOLE = 1_000_000


def network(edges):
    """Roads of straight segments (tail, head, direction, class) between nodes of a loose grid, 100 m apart."""
    drafts = []
    for i, (tail, head, direction, road_class) in enumerate(edges):
        ends = [(node % 4 * 11_000 - 912_000_000, node // 4 * 9_000 + 304_000_000) for node in (tail, head)]
        bulge = (ends[0][0] + 3_000 + i * 40, ends[0][1] + 2_500)  # loops and parallels get a length of their own
        drafts.append(
            SegmentDraft(
                id=str(i),
                points=np.array([ends[0], bulge, ends[1]], np.int32),
                direction=direction,
                road_class=road_class,
                tail_key=tail,
                head_key=head,
            )
        )
    return assemble(drafts, "made for this test")[0]


def router_on(engine, edges):
    roads = network(edges)
    graph = build_graph(roads, PROFILE)
    return EdgeRouter(roads, graph, ENGINES[engine](graph))


def place(segment, along_ppm):
    return EdgePosition(segment, along_ppm, (0, 0), 0.0)


def oracle_ms(graph, source, target, closed=()):
    """A textbook Dijkstra over nodes with both places put in as nodes of their own; None where there is no way."""
    links = {}
    for arc in range(graph.arcs):
        if arc in closed:
            continue
        tail, head, segment, weight = (int(c[arc]) for c in (graph.tail, graph.head, graph.segment, graph.weight_ms))
        forward = int(graph.forward[segment]) == arc
        links.setdefault(tail, []).append((head, weight))
        passed = {}
        for name, end in (("S", source), ("T", target)):
            if end.segment == segment:
                passed[name] = weight * (end.along_ppm if forward else WHOLE - end.along_ppm) // WHOLE
        if "S" in passed:
            links.setdefault("S", []).append((head, weight - passed["S"]))
        if "T" in passed:
            links.setdefault(tail, []).append(("T", passed["T"]))
        if "S" in passed and "T" in passed and passed["S"] <= passed["T"]:
            ahead = source.along_ppm <= target.along_ppm if forward else source.along_ppm >= target.along_ppm
            if ahead:
                links["S"].append(("T", passed["T"] - passed["S"]))
    best, pushed, heap = {}, 0, [(0, 0, "S")]
    while heap:
        ms, _, node = heapq.heappop(heap)
        if node in best:
            continue
        best[node] = ms
        for other, weight in links.get(node, ()):
            if other not in best:
                pushed += 1
                heapq.heappush(heap, (ms + weight, pushed, other))
    return best.get("T")


edges_of = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from([0, 1, -1]), st.integers(0, 8)),
    min_size=1,
    max_size=30,
)
spots = st.lists(st.tuples(st.integers(0, 29), st.integers(0, WHOLE)), min_size=2, max_size=6)
LOOP = [(0, 1, 1, 0), (1, 2, 1, 0), (2, 0, 1, 0)]  # a one-way round of three blocks


@pytest.fixture(params=sorted(ENGINES))
def engine(request):
    return request.param


@pytest.mark.parametrize("name", sorted(ENGINES))
@settings(max_examples=60)
@given(edges=edges_of, spots=spots, data=st.data())
def test_times_paths_and_closures_equal_a_textbook_search(name, edges, spots, data):
    """On any small network, loops, parallels and one-ways among it, every answer equals a plain Dijkstra's.

    Times to and from places, path sums, closures with their reason, and everything once more after reopening.
    """
    router = router_on(name, edges)
    places = [place(segment % len(edges), along) for segment, along in spots]
    target, sources = places[0], places[1:]
    at_first, before = router.snapshot_id, router.times_to(target, sources)
    closed = data.draw(st.sets(st.integers(0, router.graph.arcs - 1)))
    for shut in (set(), closed):
        router.close(sorted(shut))
        into, out = router.times_to(target, sources), router.times_from(target, sources)
        for i, other in enumerate(sources):
            for times, start, end in ((into, other, target), (out, target, other)):
                wanted = oracle_ms(router.graph, start, end, shut)
                route = router.path(start, end)
                assert route.ms == times.ms[i] == (UNREACHED_MS if wanted is None else wanted)
                if wanted is not None:
                    assert times.reason[i] == REACHED
                    assert sum(step.ms for step in route.steps) == wanted
                else:
                    open_ms = oracle_ms(router.graph, start, end)
                    assert times.reason[i] == route.reason == (DISCONNECTED if open_ms is None else CLOSURE)
    router.reopen(sorted(closed))
    after = router.times_to(target, sources)
    assert (after.ms == before.ms).all()
    assert (after.reason == before.reason).all()
    assert router.snapshot_id == at_first


def test_against_the_direction_of_a_one_way_leads_round_the_block(engine):
    """On a one-way segment a place behind is reached by the whole round, a place ahead by the part between."""
    router = router_on(engine, LOOP)
    w = router.graph.weight_ms.astype(int)
    back, ahead = place(0, 250_000), place(0, 750_000)
    assert router.times_to(ahead, [back]).ms[0] == w[0] * 3 // 4 - w[0] // 4
    assert router.times_to(back, [ahead]).ms[0] == w.sum() - (w[0] * 3 // 4 - w[0] // 4)
    assert [step.segment for step in router.path(ahead, back).steps] == [0, 1, 2, 0]


def test_the_same_place_takes_no_time(engine):
    """From a place to itself is 0 ms, also on a one-way."""
    router = router_on(engine, LOOP)
    assert router.times_to(place(1, 400_000), [place(1, 400_000)]).ms.tolist() == [0]
    assert router.path(place(1, 400_000), place(1, 400_000)).ms == 0


def test_a_ranking_leaves_the_unreached_out_and_breaks_ties_by_index(engine):
    """`order` holds the reached only, quickest first; two equal times stand in the order in which they were asked."""
    router = router_on(engine, [*LOOP, (5, 6, 0, 0)])
    far, near, island = place(0, 100_000), place(2, 900_000), place(3, 0)
    times = router.times_to(place(0, 900_000), [island, far, near, far])
    assert times.order().tolist() == [2, 1, 3] if times.ms[2] < times.ms[1] else [1, 3, 2]
    assert times.reason.tolist()[0] == DISCONNECTED


def test_an_end_on_a_closed_segment_is_unreached_by_closure(engine):
    """Whoever stands on a closed arc, or is needed on one, is told that a closure is in the way."""
    router = router_on(engine, LOOP)
    router.close([0])
    assert router.times_to(place(0, 500_000), [place(1, 0), place(0, 1)]).reason.tolist() == [CLOSURE, CLOSURE]


def test_a_stale_snapshot_is_refused(engine):
    """A call that names a snapshot is answered under it or not at all."""
    router = router_on(engine, LOOP)
    seen = router.snapshot_id
    router.close([1])
    with pytest.raises(SnapshotChanged):
        router.times_to(place(0, 0), [place(1, 0)], snapshot=seen)
    router.reopen([1])
    assert router.times_to(place(0, 0), [place(1, 0)], snapshot=seen).snapshot_id == seen


def test_new_weights_leave_closed_arcs_closed(engine):
    """Reweighing changes every time and no closure; arcs opened later have the new weight."""
    router = router_on(engine, LOOP)
    router.close([1])
    router.reweigh(router.graph.weight_ms * 2)
    assert router.times_to(place(2, 500_000), [place(0, 500_000)]).reason.tolist() == [CLOSURE]
    router.reopen([1])
    w = router.graph.weight_ms.astype(int) * 2
    assert router.times_to(place(2, 0), [place(1, 0)]).ms.tolist() == [w[1]]


def test_many_closures_at_once_are_exact(engine):
    """More arcs than are updated one by one (full customisation) give the same times as a few at a time."""
    router, other = router_on(engine, grid(20)), router_on("scipy", grid(20))
    draw = np.random.default_rng(5)
    shut = draw.choice(router.graph.arcs, 600, replace=False).tolist()
    router.close(shut)
    for arc in shut:
        other.close([arc])
    places = [
        place(int(s), int(a)) for s, a in zip(draw.integers(0, 700, 50), draw.integers(0, WHOLE, 50), strict=True)
    ]
    assert router.snapshot_id == other.snapshot_id
    assert (router.times_to(places[0], places).ms == other.times_to(places[0], places).ms).all()


def grid(side):
    """A square grid of blocks, every third street one-way."""
    along = [(r * side + c, r * side + c + 1, int(r % 3 == 0), 6) for r in range(side) for c in range(side - 1)]
    across = [(r * side + c, (r + 1) * side + c, -int(c % 3 == 0), 4) for r in range(side - 1) for c in range(side)]
    return along + across


def test_arcs_that_do_not_exist_are_refused(engine):
    """Closing an arc outside the graph is an IndexError and changes nothing."""
    router = router_on(engine, LOOP)
    seen = router.snapshot_id
    with pytest.raises(IndexError, match="arcs run from 0 to 2"):
        router.close([0, 3])
    assert router.snapshot_id == seen


def test_no_sources_give_no_times(engine):
    """An empty question has an empty answer."""
    assert len(router_on(engine, LOOP).times_to(place(0, 0), []).ms) == 0

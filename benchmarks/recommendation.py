"""What a recommendation costs: 100 units with every reason, on 210,675 nodes, from the question to the last word.

The limit is three times the bare many-to-one query of the engine, in the same run. What a recommendation is worth is
told by `regret`.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from benchmarks import regret
from benchmarks.figure import Figure
from benchmarks.routing import LIMIT_TIMES_BARE, three_grid_cities
from redstick.dispatch.plans.requirement import Requirement, Substitute
from redstick.dispatch.recommendation.by_road import ByRoad
from redstick.dispatch.recommendation.question import Aid, Candidate, Exclusion, Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.status_table import Status
from redstick.geo.routing import FREE_FLOW, EdgeRouter, Point, build_graph
from redstick.geo.routing.routingkit_engine import RoutingKitEngine

UNITS, STATIONS, CLOSED, REPEATS, WARMING = 100, 50, 10, 600, 20
NOW = 1_700_000_000_000

# A structure fire: five requirements, seven units, a substitute, a ceiling, staffing.
PLAN = (
    Requirement("engines", ("ENGINE",), count=3, min_staffing=3, substitutes=(Substitute(("QUINT",), (), 60),)),
    Requirement("ladder", ("TRUCK", "QUINT"), ("aerial",)),
    Requirement("chief", ("CHIEF",)),
    Requirement("medic", capabilities=("als",), ceiling_s=1_500),
    Requirement("rescue", ("TRUCK",), ("extrication",), substitutes=(Substitute(("ENGINE",), ("als",), 120),)),
)
KINDS = ("ENGINE", "ENGINE", "ENGINE", "TRUCK", "QUINT", "MEDIC", "CHIEF")
SKILLS = ("als", "aerial", "extrication")


def measure() -> Iterator[Figure]:
    """Cost, then regret."""
    yield from cost()
    yield from regret.measure()


def cost() -> Iterator[Figure]:
    """CPU p99 of whole recommendations against the bare query, alternating; and of the choice apart from the roads."""
    roads = three_grid_cities()
    graph = build_graph(roads, FREE_FLOW)
    engine = RoutingKitEngine(graph)
    bare = engine._back  # noqa: SLF001  (the peer is the engine itself, without our interface)
    by_road = ByRoad(EdgeRouter(roads, graph, engine))
    dice = np.random.default_rng(11)
    corners = [(int(x), int(y)) for x, y in zip(roads.node_x, roads.node_y, strict=True)]
    closed = [int(segment) for segment in dice.integers(0, roads.segments, CLOSED)]
    by_road.router.close(arc for segment in closed for arc in graph.arcs_of(segment))
    barred = [tuple(int(z) for z in roads.xy[2 * segment : 2 * segment + 2].mean(axis=0)) for segment in closed]
    stations = {f"S{i}": corners[int(dice.integers(len(corners)))] for i in range(STATIONS)}
    ours_ms, bare_ms = np.empty(REPEATS), np.empty(REPEATS)
    said: Counter[str] = Counter()
    for i in range(-WARMING, REPEATS):
        question = a_question(dice, corners, stations, barred)
        nodes = dice.integers(0, graph.nodes, UNITS + 1).astype(np.uint32)
        query_ms = milliseconds(partial(bare.distances_many_to_many, nodes[:1], nodes[1:]))
        whole_ms = milliseconds(partial(recommend, question, by_road))
        if i >= 0:
            ours_ms[i], bare_ms[i] = whole_ms, query_ms
        answer = recommend(question, by_road)
        said.update(str(verdict.reason) for verdict in (*answer.chosen, *answer.refused))
    print(
        f"{graph.nodes:,} nodes; a recommendation p50 {np.median(ours_ms):.2f} ms, the bare query p50 "
        f"{np.median(bare_ms):.2f} ms (CPU, n={REPEATS}); in all {dict(said.most_common())}",
        file=sys.stderr,
    )
    limit_ms = LIMIT_TIMES_BARE * float(np.percentile(bare_ms, 99))
    name = "3 x the bare many-to-one query, p99"
    yield Figure("recommendation_100_units", float(np.percentile(ours_ms, 99)), "ms", limit_ms, name, REPEATS)


def a_question(
    dice: np.random.Generator, corners: list[Point], stations: dict[str, Point], barred: list[Point]
) -> Question:
    """A structure fire in the midst of a shift: every reason for which a unit may not go stands in the roster."""
    roster = tuple(a_unit(dice, f"U{i:03}", corners, barred) for i in range(UNITS))
    return Question(
        corners[int(dice.integers(len(corners)))],
        NOW,
        PLAN,
        roster,
        stations,
        station_order=tuple(stations),
        agencies=("FD",),
        aid=(Aid("NEXT", "FD", ("ENGINE", "MEDIC")),),
        exclusions=(Exclusion("U007", "conflict"), Exclusion("U070", "previously_cancelled")),
    )


def a_unit(dice: np.random.Generator, name: str, corners: list[Point], barred: list[Point]) -> Candidate:
    """Two thirds are free, half of these in quarters; some share crews or stand behind a closure."""
    places = barred if dice.random() < 0.05 else corners
    status = (Status.AQ, Status.AQ, Status.AR, Status.AR, Status.ONS, Status.OFF)[int(dice.integers(6))]
    return Candidate(
        name,
        KINDS[int(dice.integers(len(KINDS)))],
        tuple(skill for skill in SKILLS if dice.random() < 0.5),
        agency=("FD", "FD", "FD", "NEXT")[int(dice.integers(4))],
        station=f"S{int(dice.integers(STATIONS))}" if dice.random() < 0.95 else "",
        crew=f"c{int(dice.integers(8))}" if dice.random() < 0.2 else "",
        staffing=(None, 2, 3, 4, 4, 4)[int(dice.integers(6))],
        status=status,
        incident="i1" if status is Status.ONS else "",
        at=places[int(dice.integers(len(places)))] if dice.random() < 0.9 else None,
        seen_at=NOW - 1000 * int(dice.integers(400)),
        workload=int(dice.integers(6)),
    )


def milliseconds(call: Callable[[], object]) -> float:
    """CPU of one call."""
    began = time.process_time_ns()
    call()
    return (time.process_time_ns() - began) / 1e6

"""How long it takes by road: exact shortest times between places on the network, under closures.

Callers use `open_router` and the `Router` it gives; no caller imports an engine.
"""

from pathlib import Path

from redstick.geo.roads import Roads
from redstick.geo.routing.course import Course
from redstick.geo.routing.edge_router import EdgeRouter
from redstick.geo.routing.engine import NodeEngine
from redstick.geo.routing.graph import RoadGraph, build_graph
from redstick.geo.routing.positions import EdgePosition, Point
from redstick.geo.routing.router import (
    CLOSURE,
    DISCONNECTED,
    REACHED,
    REASONS,
    UNREACHED_MS,
    Route,
    Router,
    SnapshotChanged,
    Step,
    Times,
)
from redstick.geo.routing.speeds import FREE_FLOW, SpeedProfile

__all__ = [
    "CLOSURE",
    "DISCONNECTED",
    "FREE_FLOW",
    "REACHED",
    "REASONS",
    "UNREACHED_MS",
    "Course",
    "EdgePosition",
    "EdgeRouter",
    "NodeEngine",
    "Point",
    "RoadGraph",
    "Route",
    "Router",
    "SnapshotChanged",
    "SpeedProfile",
    "Step",
    "Times",
    "build_graph",
    "open_engine",
    "open_router",
]


def open_router(roads: Roads, profile: SpeedProfile = FREE_FLOW, cache: Path | None = None) -> EdgeRouter:
    """A router on the fastest engine that is installed; the answers are the same on any.

    `cache` is a folder (a city's) in which the engine keeps what it prepares for this network; what does not fit the
    network is made again. Raises OverflowError for a segment that takes more than a day, ValueError for no segment.
    """
    graph = build_graph(roads, profile)
    return EdgeRouter(roads, graph, open_engine(graph, cache))


def open_engine(graph: RoadGraph, cache: Path | None = None) -> NodeEngine:
    """The fastest engine that is installed, for a graph that has no streets to show: times between nodes only."""
    try:
        from redstick.geo.routing.routingkit_engine import RoutingKitEngine  # noqa: PLC0415 (no wheel on Windows)
    except ImportError:
        from redstick.geo.routing.scipy_engine import ScipyEngine  # noqa: PLC0415 (only where the other is absent)

        return ScipyEngine(graph)
    return RoutingKitEngine(graph, cache)

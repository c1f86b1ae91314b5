"""What the engine keeps beside a city: several processes open one city, and none takes it from another."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from tests.contracts.test_router import PROFILE, grid, network

from redstick.geo.routing import build_graph
from redstick.geo.routing.routingkit_engine import FOLDER, RoutingKitEngine

AT_ONCE = 6


@pytest.fixture(scope="module")
def graph():
    """A few streets."""
    return build_graph(network(grid(12)), PROFILE)


def opened_at_once(graph, cache):
    """Times between some nodes, by each of the engines that were opened in one moment."""
    begin = Barrier(AT_ONCE)
    nodes = np.arange(0, 140, 7, dtype=np.uint32)

    def opened(_):
        begin.wait()
        return RoutingKitEngine(graph, cache).times(nodes, nodes)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(opened, range(AT_ONCE)))


@pytest.mark.parametrize("found", ["nothing", "no folder", "damaged", "whole"])
def test_those_who_open_a_city_at_once_all_have_it(graph, tmp_path, found):
    """Whether it was never made, or is damaged, or is there: one makes it, all load it, and nothing else is left."""
    cache = tmp_path / "city"
    if found == "nothing":
        cache.mkdir()
    if found in {"damaged", "whole"}:
        RoutingKitEngine(graph, cache)
    if found == "damaged":
        path = cache / FOLDER / "ahead" / "head"
        path.write_bytes(path.read_bytes()[:-4])
    first, *others = opened_at_once(graph, cache)
    assert all((other == first).all() for other in others)
    assert [path.name for path in cache.iterdir()] == [FOLDER]

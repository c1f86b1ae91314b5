"""How fast the living city is tried: nights with faults and every checker, on one node and on three.

The aims are 10,000 and 2,000 events a core-second. An event of a simulated world is whatever arrives, is looked at or
comes due in it; fewer of them are lines of the journal, and those stand beside the same aims. Beside both stands what
the same commands cost with no world around them, in the same run: decided, folded and appended to a journal in memory
by the production code alone.
"""

import time
from collections.abc import Iterator, Sequence

from benchmarks.doors import Rooms, watched
from benchmarks.figure import Figure
from redstick.adapters.memory import MemoryJournal
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.node import Node
from redstick.server.audiences import Audiences
from redstick.simulation.world.city import run as whole
from redstick.simulation.world.city.avl import Avl
from redstick.simulation.world.city.crews import Crew
from redstick.simulation.world.city.night import Night
from redstick.simulation.world.city.plan import CityPlan, plan_of
from redstick.simulation.world.city.robots import Robot
from redstick.simulation.world.city.run import run
from redstick.simulation.world.household import EPOCH_MS
from redstick.simulation.world.journals import OwnJournal, SharedJournal
from redstick.simulation.world.network import Network
from redstick.simulation.world.processes import Process

SEEDS = range(16)
AIMS = {1: 10_000, 3: 2_000}
KERNEL, JOURNAL, ROBOTS, ROWS, CHECKERS, SNAPSHOTS = "kernel_and_rules", "journal", "robots", "rows", "checkers", "kept"
ROOMS: Rooms = (
    (KERNEL, Node, "step"), (KERNEL, Node, "put"), (KERNEL, Node, "tail"), (KERNEL, Node, "appended"),
    (JOURNAL, OwnJournal, "_answer"), (JOURNAL, SharedJournal, "serve"), ("network", Network, "send"),
    (ROBOTS, Robot, "look"), (ROBOTS, Crew, "_look"), (ROBOTS, Crew, "_send"), ("receivers", Avl, "_watch"),
    ("receivers", Avl, "_report"), (ROWS, Audiences, "note"), (ROWS, Audiences, "publish"),
    (SNAPSHOTS, Process, "keep_snapshot"), (CHECKERS, whole, "verdict"),
)  # fmt: skip


def measure() -> Iterator[Figure]:
    """Nights of each shape: events and lines a core-second against the aim and the bare code, and room by room."""
    nights = [plan for plan in map(plan_of, SEEDS) if not plan.parish]
    for nodes, aim in AIMS.items():
        plans = [plan for plan in nights if plan.nodes == nodes]
        run(plans[0])
        lines, acts, cpu_s = _timed_runs(plans)
        bare = _bare(plans[:4])
        name = "one_node" if nodes == 1 else "three_nodes"
        yield Figure(f"nights_{name}", acts / cpu_s, "events/core-s", aim, f"the aim of {aim:,}", acts)
        yield Figure(f"nights_{name}_lines", lines / cpu_s, "lines/core-s", aim, f"the aim of {aim:,}", lines)
        yield Figure(f"nights_{name}_bare", lines / cpu_s, "lines/core-s", bare, "the same commands, no world", lines)
        yield from _shares(plans, name)


def _timed_runs(plans: Sequence[CityPlan]) -> tuple[int, int, float]:
    """Lines, acts of the timeline, and CPU seconds."""
    began = time.process_time()
    results = [run(plan) for plan in plans]
    return sum(one.lines for one in results), sum(one.acts for one in results), time.process_time() - began


def _bare(plans: Sequence[CityPlan]) -> float:
    """Lines a core-second of the commands of some nights, one after the other through a driver on memory."""
    lines, cpu_s = 0, 0.0
    for plan in plans:
        night = Night(plan)
        night.live()
        asked = [one for desk in night.desks for one in desk.asked.values() if one.told]
        asked.sort(key=lambda one: one.told[0][0])
        driver = SynchronousDriver(night.machines.household.executor(), MemoryJournal())
        began = time.process_time()
        for one in asked:
            driver.run([one.request], EPOCH_MS + one.told[0][0], one.lane)
        cpu_s += time.process_time() - began
        lines += driver.executor.durable.position
    return lines / cpu_s


def _shares(plans: Sequence[CityPlan], name: str) -> Iterator[Figure]:
    spent = dict.fromkeys((room for room, _, _ in ROOMS), 0.0)
    with watched(ROOMS, spent):
        *_, whole_s = _timed_runs(plans)
    spent["timeline_and_the_rest"] = whole_s - sum(spent.values())
    for room, seconds in spent.items():
        yield Figure(f"nights_{name}_{room}", 100 * seconds / whole_s, "%", 100.0, "the whole run", len(plans))

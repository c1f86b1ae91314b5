"""How fast a whole city lives: a day of 1,200 calls in the full parish, with robots, the live domain and real roads.

The limit is 5,000 times real time on one core, set by the simulator's purpose: a year of what-ifs in two hours. Events
are held against the mere folding of the same journal, in the same run.
"""

import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.doors import watched
from benchmarks.figure import Figure
from redstick.bootstrap import open_in_memory
from redstick.geo.routing import EdgeRouter, open_router
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.fold import Fold
from redstick.simulation import city
from redstick.simulation.city.robots import dispatchers
from redstick.simulation.desk import JournaledDesk
from redstick.simulation.parish import Parish, generate

SEED, DAYS, LIMIT_TIMES = 7, 1.0, 5_000
FRIDAY = datetime(2026, 11, 20, tzinfo=ZoneInfo("America/Chicago"))
DAY_S = 86_400

# Where the time goes: whoever is entered last has it. What is left is the robots and the callers themselves.
ROOMS: tuple[tuple[str, Any, str], ...] = (
    ("kernel_and_rules", SynchronousDriver, "run"),
    ("kernel_and_rules", SynchronousDriver, "drain"),
    ("recommendation", dispatchers, "recommend"),
    ("recommendation", dispatchers, "written"),
    ("roads", EdgeRouter, "times_to"),
    ("roads", EdgeRouter, "times_from"),
    ("roads", EdgeRouter, "course"),
    ("roads", EdgeRouter, "snap"),
)


def measure() -> Iterator[Figure]:
    """A day, twice: once by the clock alone, once with a stopwatch at the doors."""
    parish = generate(SEED, "full")
    router = open_router(parish.city.roads)
    cpu_s, desk, calls = _lived(parish, router)
    events = desk.driver.executor.durable.position
    limit_s = DAYS * DAY_S / LIMIT_TIMES
    yield Figure("living_times_real_time", DAYS * DAY_S / cpu_s, "x", LIMIT_TIMES, "5,000 times real time", calls)
    yield Figure("living_day_cpu", cpu_s, "s", limit_s, "a day at 5,000 times real time", calls)
    folded_s = _folding(desk)
    yield Figure(
        "living_events", events / cpu_s, "events/core-s", events / folded_s, "folding the same journal again", events
    )
    spent = dict.fromkeys((room for room, _, _ in ROOMS), 0.0)
    with watched(ROOMS, spent):
        whole_s, _, _ = _lived(parish, router)
    spent["robots_and_callers"] = whole_s - sum(spent.values())
    for room, seconds in spent.items():
        yield Figure(f"living_share_{room}", 100 * seconds / whole_s, "%", 100.0, "the whole day", calls)


def _lived(parish: Parish, router: EdgeRouter) -> tuple[float, JournaledDesk, int]:
    """CPU seconds of a day, the desk that it was lived at, and its calls; the setting out is not counted."""
    made: list[JournaledDesk] = []

    def desk(hear: city.Hear) -> JournaledDesk:
        made.append(city.in_memory(hear, SEED))
        return made[0]

    start = round(FRIDAY.timestamp() * 1000)
    life = city.begin(parish, SEED, start=start, desk=desk, router=router)
    began = time.process_time()
    life.advance(start + round(DAYS * DAY_S * 1000))
    cpu_s = time.process_time() - began
    print(f"{life.telephone.count} calls, {made[0].driver.executor.durable.position} events", file=sys.stderr)
    return cpu_s, made[0], life.telephone.count


def _folding(desk: JournaledDesk) -> float:
    """CPU seconds of folding the day's journal once more, from its lines."""
    lines = list(desk.driver.journal.read(0))
    executor: Executor = open_in_memory(live=True).executor
    fold = Fold(executor.house, executor.limits.window_ms)
    began = time.process_time()
    for line in lines:
        fold.advance(fold.fact_of(line))
    return time.process_time() - began

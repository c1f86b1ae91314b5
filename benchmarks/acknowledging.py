"""From asking to being told, through the real driver and disk, beside the bare write and sync of the same run."""

import asyncio
import os
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.figure import Figure
from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.cli.serve import fast_loop
from redstick.dispatch import live
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.asynchronous import AsyncDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Command, Request
from redstick.server.collection import SlicedCollection

UNITS = 200
STATUSES = ("AQ", "ASG", "DSP", "ENR", "ONS", "CLR", "AR")
CLOSED_S, LOAD_S = 2.0, 8.0
CALLERS = 64  # who ask again as soon as they are told
FIRST_PER_S, STEP, STEP_S = 2_000.0, 1.25, 2.0  # the loads that are tried, each so much more than the one before
KEPT_UP_S = 0.05  # behind the last arrival everything is told within so much, or the load was too much
LINE = 420  # bytes, about that of a status


def _command(number: int) -> Command:
    return ReportStatus(f"U{number % UNITS:03d}", STATUSES[number // UNITS % len(STATUSES)])


def open_driver(folder: Path) -> AsyncDriver:
    """Dispatch as it runs live, on a segment journal in a folder."""
    return AsyncDriver(
        "bench",
        Executor([live]),
        lambda: SegmentJournal(PosixDisk(folder)),
        lambda: time.time_ns() // 1_000_000,
        lambda: time.monotonic_ns() // 1_000_000,
    )


async def _closed_per_s(driver: AsyncDriver) -> float:
    """Commands a second when as many ask as can: the largest batches that there are."""
    done, until = 0, time.perf_counter() + CLOSED_S

    async def caller(name: int) -> None:
        nonlocal done
        count = 0
        while time.perf_counter() < until:
            await driver.ask(Request(f"closed-{name}-{count}", _command(done), "bench"))
            count += 1
            done += 1

    await asyncio.gather(*(caller(name) for name in range(CALLERS)))
    return done / CLOSED_S


async def _open_per_s(driver: AsyncDriver) -> float:
    """The largest open load that the driver keeps up with; of two that fail in a row neither counts."""
    rate, kept, failed = FIRST_PER_S, 0.0, 0
    while failed < 2:
        load = await _open_loop(driver, rate, STEP_S, f"rate-{rate:.0f}-{failed}")
        if load.behind_s <= KEPT_UP_S:
            kept, rate, failed = rate, rate * STEP, 0
        else:
            failed += 1
    return kept


ARRIVALS = """
import os, random, struct, sys, time
rate_per_s, seconds = map(float, sys.argv[1:])
chance, due = random.Random(7), time.perf_counter() + 0.2
until = due + seconds
while due < until:
    due += chance.expovariate(rate_per_s)
    time.sleep(max(0.0, due - time.perf_counter()))
    os.write(1, struct.pack("d", due))
"""


@dataclass
class Load:
    """What an open load met: latencies in ms, and how long behind its last arrival everything was told."""

    latencies_ms: list[float]
    behind_s: float


async def _open_loop(driver: AsyncDriver, rate_per_s: float, seconds: float, name: str) -> Load:
    """Requests come at random moments, whether or not earlier ones were answered.

    Another process says when, so that what measures does not hold up what is measured. Each latency counts from the
    moment at which the request was due: one that was noticed late is not forgiven.
    """
    latencies: list[float] = []
    under_way: set[asyncio.Task[None]] = set()
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    arrivals, arriving = _arrivals(rate_per_s, seconds)
    numbers, last_due = count(), 0.0

    async def one(number: int, due: float) -> None:
        await driver.ask(Request(f"{name}-{number}", _command(number), "bench"))
        latencies.append((time.perf_counter() - due) * 1000)

    def arrived() -> None:
        nonlocal last_due
        said = os.read(arriving, 1 << 16)
        if not said:
            loop.remove_reader(arriving)
            over.set()
        for (due,) in struct.iter_unpack("d", said):
            last_due = due
            task = loop.create_task(one(next(numbers), due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)

    loop.add_reader(arriving, arrived)
    await over.wait()
    await asyncio.gather(*under_way)
    behind_s = time.perf_counter() - last_due
    arrivals.wait()
    os.close(arriving)
    return Load(latencies, behind_s)


def _arrivals(rate_per_s: float, seconds: float) -> tuple[subprocess.Popen[bytes], int]:
    """The process that says when, and where it says so."""
    reading, writing = os.pipe()
    command = [sys.executable, "-c", ARRIVALS, str(rate_per_s), str(seconds)]
    arrivals = subprocess.Popen(command, stdout=writing)
    os.close(writing)
    return arrivals, reading


def _bare_ms(folder: Path, rate_per_s: float, seconds: float) -> list[float]:
    """Writes of a line and a sync each, at the pace of the load, nothing else."""
    descriptor = os.open(folder / "bare", os.O_RDWR | os.O_CREAT)
    os.posix_fallocate(descriptor, 0, 64 << 20)
    line, offset, latencies = b"x" * LINE, 0, []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        os.pwrite(descriptor, line, offset)
        os.fdatasync(descriptor)
        latencies.append((time.perf_counter() - began) * 1000)
        offset += LINE
        time.sleep(min(0.005, 1 / rate_per_s))
    os.close(descriptor)
    return latencies


def _bare_open_ms(folder: Path, rate_per_s: float, seconds: float) -> list[float]:
    """The same arrivals, met by a loop that writes and syncs whatever has come, and does nothing else.

    A sync that takes long is met by everything that arrives meanwhile: this is what an open load makes of a disk.
    """
    descriptor = os.open(folder / "bare_open", os.O_RDWR | os.O_CREAT)
    os.posix_fallocate(descriptor, 0, 64 << 20)
    arrivals, arriving = _arrivals(rate_per_s, seconds)
    offset, latencies = 0, []
    while said := os.read(arriving, 1 << 16):
        dues = [due for (due,) in struct.iter_unpack("d", said)]
        data = b"x" * LINE * len(dues)
        os.pwrite(descriptor, data, offset)
        os.fdatasync(descriptor)
        offset += len(data)
        now = time.perf_counter()
        latencies += [(now - due) * 1000 for due in dues]
    arrivals.wait()
    os.close(arriving)
    os.close(descriptor)
    return latencies


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@dataclass
class Measured:
    """One driver, three loads."""

    closed_per_s: float
    open_per_s: float
    latencies_ms: list[float]
    held_ms: float


async def _measure(folder: Path) -> Measured:
    driver = open_driver(folder)
    await driver.start()
    for unit in range(UNITS):
        await driver.ask(Request(f"enroll-{unit}", EnrollUnit(f"U{unit:03d}", "ENGINE"), "bench"))
    collection = SlicedCollection()
    collection.begin()
    collecting = asyncio.create_task(collection.run())
    closed = await _closed_per_s(driver)
    capacity = await _open_per_s(driver)
    held_ms = 0.0
    stop = asyncio.Event()

    async def watch() -> None:
        nonlocal held_ms
        while not stop.is_set():
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            held_ms = max(held_ms, (time.perf_counter() - began - 0.001) * 1000)

    watching = asyncio.create_task(watch())
    load = await _open_loop(driver, capacity / 2, LOAD_S, "half")
    stop.set()
    await watching
    await driver.close()
    collecting.cancel()
    collection.end()
    return Measured(closed, capacity, load.latencies_ms, held_ms)


def measure() -> list[Figure]:
    """Acknowledgement at half of what an open load can be, and the longest that anything held the loop meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = _bare_ms(folder, 500, 2.0)
        with asyncio.Runner(loop_factory=fast_loop()) as runner:  # the loop of the server
            told = runner.run(_measure(folder / "journal"))
        bare = before + _bare_ms(folder, 500, 2.0)
        beside = _bare_open_ms(folder, told.open_per_s / 2, LOAD_S)
    p99, n, country = percentile(told.latencies_ms, 0.99), len(told.latencies_ms), "commands/s, all the country's calls"
    return [
        Figure("command_acknowledged", p99, "ms p99 at half capacity", 3 * percentile(bare, 0.99),
               "ms, three times the p99 of a bare write and sync", n),
        Figure("command_acknowledged_beside", p99, "ms p99 at half capacity", 3 * percentile(beside, 0.99),
               "ms, three times the p99 of a bare loop that meets the same arrivals", n),
        Figure("command_capacity", told.open_per_s, "commands/s kept up with, open load", 400, country, n),
        Figure("command_capacity_closed", told.closed_per_s, "commands/s told, closed load", 400, country, CALLERS),
        Figure("pause_max", told.held_ms, "ms the loop was held", 20, "ms", n),
    ]  # fmt: skip


if __name__ == "__main__":
    for figure in measure():
        print(figure.as_json())

"""The kernel beside the bare metal of the same run, and everything that stands on it."""

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import acknowledging, creating, growth, restarting, serving
from benchmarks.figure import Figure
from redstick.adapters.disk import PosixDisk
from redstick.adapters.memory import MemoryJournal
from redstick.adapters.segments import SegmentJournal
from redstick.bootstrap import open_in_memory
from redstick.dispatch import domain
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import Head
from redstick.kernel.executor import Executor, Limits
from redstick.kernel.values import Request

NOON = 1_700_000_000_000
UNITS = 200
STATUSES = ("AQ", "ASG", "DSP", "ENR", "ONS", "CLR", "AR")
EVENTS, BATCH = 100_000, 512


def requests(count: int) -> Iterator[Request]:
    """Units enrolled, then statuses reported in turn."""
    for unit in range(UNITS):
        yield Request(f"enroll-{unit}", EnrollUnit(f"U{unit:03d}", "ENGINE"), "bench")
    for number in range(count):
        unit, status = f"U{number % UNITS:03d}", STATUSES[number // UNITS % len(STATUSES)]
        yield Request(f"status-{number}", ReportStatus(unit, status), "bench")


def batches() -> list[list[bytes]]:
    """The lines of a busy while, in the batches in which they became durable."""
    kept: list[list[bytes]] = []

    class Keeping(MemoryJournal):
        def append(self, lines: Sequence[bytes], after: Head, head: Head) -> None:
            kept.append(list(lines))
            super().append(lines, after, head)

    SynchronousDriver(Executor([domain], Limits(batch=BATCH)), Keeping()).run(requests(EVENTS), NOON)
    return kept


def bare_lines_per_s(written: list[list[bytes]]) -> float:
    """One write and one sync a batch of the same lines, nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        descriptor = os.open(Path(folder) / "bare", os.O_RDWR | os.O_CREAT)
        began = time.perf_counter()
        for lines in written:
            os.write(descriptor, b"".join(lines))
            os.fdatasync(descriptor)
        seconds = time.perf_counter() - began
        os.close(descriptor)
    return sum(map(len, written)) / seconds


def journal_append() -> Figure:
    """Lines a second through the segment journal at its batch interface, beside the bare loop."""
    written = batches()
    bare = bare_lines_per_s(written)
    with tempfile.TemporaryDirectory() as folder:
        journal = SegmentJournal(PosixDisk(Path(folder)))
        began = time.perf_counter()
        for lines in written:
            head = Head(journal.head().position + len(lines), bytes.fromhex(lines[-1][:64].decode()))
            journal.append(lines, journal.head(), head)
        seconds = time.perf_counter() - began
        journal.close()
    lines_per_s = sum(map(len, written)) / seconds
    return Figure("journal_append", lines_per_s, "lines/s", bare, "lines/s of a bare write and sync", len(written))


def command_cpu() -> Figure:
    """CPU of one decided, journaled and twice folded command, in microseconds, without the disk."""
    driver = open_in_memory()
    began = time.process_time()
    driver.run(requests(EVENTS), NOON)
    cpu_us = (time.process_time() - began) / EVENTS * 1e6
    return Figure("command_cpu", cpu_us, "us", 700, "us an incident over HTTP may cost", EVENTS)


def measure() -> Iterator[Figure]:
    """The kernel's promises, from a bare append to two hundred seats."""
    yield journal_append()
    yield command_cpu()
    yield from acknowledging.measure()
    yield from creating.measure()
    yield from serving.measure()
    yield from growth.measure()
    yield from restarting.measure()

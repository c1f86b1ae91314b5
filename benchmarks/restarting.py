"""Coming up: a million events, a snapshot before the last fifty thousand; and the cold way, from the first line."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from redstick.adapters.disk import PosixDisk
from redstick.adapters.retirements import RetirementFile
from redstick.adapters.segments import SegmentJournal
from redstick.adapters.segments.beside import SegmentReader
from redstick.adapters.snapshots import SnapshotFiles
from redstick.bootstrap import JOURNAL_FOLDER, LIVE, SNAPSHOT_FOLDER, take_snapshot
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Command, Request

REDSTICK = str(Path(sys.executable).with_name("redstick"))
EVENTS, TAIL, UNITS = 1_000_000, 50_000, 100
DAY_MS, CALLS_A_DAY, PER_CALL = 86_400_000, 1_200, 50
START_MS = 1_700_000_000_000


def commands() -> Iterator[tuple[int, Command]]:
    """Days of calls: each received, answered, worked and closed, with the statuses of units between; and when."""
    for unit in range(UNITS):
        yield START_MS, EnrollUnit(f"U{unit:03d}", "ENGINE")
    statuses = ("AQ", "ENR", "ONS", "AR")
    for number in range(EVENTS):
        now = START_MS + number * (DAY_MS // CALLS_A_DAY)
        call, incident = f"call{number}", f"incident{number}"
        yield now, ReceiveCall(call, "911", "225-555-0100")
        yield now, AnswerCall(call, "seat1")
        yield now, OpenIncident(incident, kind="MEDICAL", call=call)
        for step in range(PER_CALL - 10):
            yield now, ReportStatus(f"U{(number + step) % UNITS:03d}", statuses[step % len(statuses)])
        yield now, AddNote(incident, "transported")
        yield now, EndCall(call)
        yield now, CloseIncident(incident, "transported")


def lived(data: Path) -> int:
    """A journal of a million events with its index and a snapshot `TAIL` events before its end; gives its length."""
    executor = Executor(LIVE)
    retired = RetirementFile(data / "indexes" / "retired.sqlite3")
    executor.retired = retired
    journal = SegmentJournal(PosixDisk(data / JOURNAL_FOLDER))
    driver = SynchronousDriver(executor, journal)
    snapshot_taken = False
    for count, (now, command) in enumerate(commands()):
        executor.submit(Request(f"r{count}", command, "bench"))
        executor.decide(now)
        if executor.gathered >= 400:
            driver.commit()
        if not snapshot_taken and executor.durable.position >= EVENTS - TAIL:
            retired.flush(executor.durable.position)
            reader = SegmentReader(PosixDisk(data / JOURNAL_FOLDER), executor.durable.position)
            take_snapshot(SnapshotFiles(PosixDisk(data / SNAPSHOT_FOLDER)), reader)
            snapshot_taken = True
        if executor.durable.position >= EVENTS:
            break
    while journal.tend():
        pass
    journal.close()
    retired.close()
    return executor.durable.position


def to_serving_s(data: Path, cache: Path) -> float:
    """Seconds from the start of the process to the line that says it serves."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    command = [REDSTICK, "serve", "--data", str(data), "--port", "0", "--json"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    line = server.stdout.readline() if server.stdout else ""
    took = time.perf_counter() - began
    server.terminate()
    server.wait(60)
    if json.loads(line)["position"] < EVENTS:
        raise RuntimeError(f"it serves at {line}")
    return took


def cold_s(data: Path) -> float:
    """Seconds of CPU to verify and fold everything from the first line."""
    began = time.process_time()
    journal = SegmentJournal(PosixDisk(data / JOURNAL_FOLDER))
    SynchronousDriver(Executor(LIVE), journal)
    journal.close()
    return time.process_time() - began


def measure() -> Iterator[Figure]:
    """The warm way and the cold way over the same million events."""
    with tempfile.TemporaryDirectory() as name:
        data, cache = Path(name) / "data", Path(name) / "cache"
        count = lived(data)
        to_serving_s(data, cache)  # the first start fills the interpreter's cache, as an installation would
        warm = min(to_serving_s(data, cache) for _ in range(3))
        yield Figure("restart_1m_events", warm, "s from process start to serving", 5, "s", count)
        yield Figure("cold_refold", cold_s(data), "s CPU, chain verified twice", 30, "s, our own bound", count)


if __name__ == "__main__":
    for figure in measure():
        print(figure.as_json())

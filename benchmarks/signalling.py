"""Signalling on real sockets, under SIPp: what a 911 call costs the engine, and who is served at overload.

First the engine alone, in a process of its own, behind a desk that writes offers down in groups, as the journal does:
a call is INVITE, 100, 200, ACK, BYE, 200, with a port for its voice. Its cost is in processor time, which machines that
are shared do not change; then all of the offered calls must have been served. Then the whole server, with more calls
of both kinds than it can write down: 911 goes before other lines, and whoever is refused is told so (503 for want of
room, 480 where a line is known and nobody is at it). Both engines, one after the other: of the production one the work
of Kamailio and Janus counts too, and its calls a second are of the cores that all of it used.
"""

import asyncio
import csv
import itertools
import multiprocessing
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from benchmarks.figure import Figure
from benchmarks.ringing import spent_s
from benchmarks.serving import cpu_s, served_with
from redstick.adapters.voice.engine import EmbeddedEngine
from redstick.adapters.voice_production.engine import ProductionEngine, missing
from redstick.cli.voice import bind_edge, bind_voice
from redstick.comms.ports import EngineEvent, Offer

WANTED_A_SECOND, CALLS, HELD_MS = 200, 2_000, 100
GROUP_S = 0.005  # how often what was offered is written down
SUFFIXES = {"embedded": "", "production": "_production"}  # of the names of figures
EMERGENCY_A_SECOND, OTHERS_A_SECOND, OVERLOAD_S = 20, 400, 5


class Placed:
    """What SIPp says of its calls: how many were placed, served, refused by an answer, and met by silence."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        last = rows[-1]
        self.placed, self.served = int(last["OutgoingCall(C)"]), int(last["SuccessfulCall(C)"])
        self.refused = int(last["FailedUnexpectedMessage(C)"])
        self.silent = self.placed - self.served - self.refused


@contextmanager
def calling(port: int, user: str, rate: int, calls: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """SIPp, which places calls to a user; its counts stand in `folder`."""
    words = ["sipp", f"127.0.0.1:{port}", "-sn", "uac", "-s", user, "-r", str(rate), "-m", str(calls), "-l", "4000"]
    more = ["-d", str(HELD_MS), "-i", "127.0.0.1", "-nostdin", "-trace_stat", "-stf", str(folder / user), "-fd", "1"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*words, *more, "-timeout", "60"], cwd=folder, stdout=quiet, stderr=quiet)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def placed(folder: Path, user: str) -> Placed:
    """Its counts."""
    with (folder / user).open() as file:
        return Placed(list(csv.DictReader(file, delimiter=";")))


def take_calls(told: Connection, kind: str) -> None:
    """A process with an engine whose every call is taken, until it is told to end."""
    asyncio.run(_taking(told, kind))


def _engine(kind: str) -> EmbeddedEngine:
    numbers = itertools.count()

    def name() -> str:
        return f"leg{next(numbers)}"

    if kind == "production":
        return ProductionEngine(*bind_edge("127.0.0.1:0", None), name)
    return EmbeddedEngine(bind_voice("127.0.0.1:0", None), name)


async def _taking(told: Connection, kind: str) -> None:
    engine = _engine(kind)
    offered: list[str] = []

    def hear(event: EngineEvent) -> None:
        if isinstance(event, Offer):
            offered.append(event.leg)

    engine.listen(hear)
    await engine.open()
    told.send(int(engine.where[0].split(":")[2].split(";")[0]))
    while not told.poll():
        await asyncio.sleep(GROUP_S)
        group = offered[:]
        offered.clear()
        for leg in group:
            await engine.accept(leg)
    await engine.close()


def engine_alone(folder: Path, kind: str) -> Iterator[Figure]:
    """What a call costs it, and that each was served at the rate that is wanted."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=take_calls, args=(there, kind), daemon=True)
    process.start()
    try:
        port, meter = here.recv(), psutil.Process(process.pid)
        before, own = spent_s(meter), cpu_s(meter)
        with calling(port, "911", WANTED_A_SECOND, CALLS, folder) as sipp:
            sipp.wait(timeout=120)
        spent, own, counts = spent_s(meter) - before, cpu_s(meter) - own, placed(folder, "911")
    finally:
        here.send("end")
        process.join(timeout=30)
        process.kill()
        process.join()
    suffix, unit, limit = SUFFIXES[kind], "calls/s of one core", (WANTED_A_SECOND, "wanted", counts.served)
    yield Figure(f"signalling_calls_per_s{suffix}", counts.served / spent, unit, *limit)
    if kind == "production":
        yield Figure(f"signalling_calls_per_s{suffix}_server", counts.served / own, unit, *limit)
    yield Figure(f"signalling_served{suffix}", counts.served, f"calls at {WANTED_A_SECOND}/s", CALLS, "placed", CALLS)


def overloaded(folder: Path, kind: str) -> Iterator[Figure]:
    """Both kinds of calls at once, more than can be written down: who is served, who is refused, who hears nothing."""
    with served_with("--voice", "127.0.0.1:0", "--voice-engine", kind) as (told, _):
        port = int(told["voice"][0].split(":")[2].split(";")[0])
        others = calling(port, "4000", OTHERS_A_SECOND, OTHERS_A_SECOND * OVERLOAD_S, folder)
        first = calling(port, "911", EMERGENCY_A_SECOND, EMERGENCY_A_SECOND * OVERLOAD_S, folder)
        with others as other, first as emergency:
            emergency.wait(timeout=120)
            other.wait(timeout=120)
    calls, beside = placed(folder, "911"), placed(folder, "4000")
    suffix = SUFFIXES[kind]
    yield Figure(f"overload_911_served{suffix}", calls.served, "calls", calls.placed, "placed", calls.placed)
    yield Figure(f"overload_others_refused{suffix}", beside.refused, "calls", beside.placed, "placed", beside.placed)
    silent = calls.silent + beside.silent
    yield Figure(
        f"overload_silent{suffix}", silent, "calls without an answer", 0, "wanted", calls.placed + beside.placed
    )


def measure() -> Iterator[Figure]:
    """All of it, where SIPp is."""
    if shutil.which("sipp") is None:
        raise SystemExit("SIPp is absent (looked for `sipp` on the path; Debian's package is sip-tester)")
    for kind in SUFFIXES if not missing(secure=False) else ["embedded"]:
        with tempfile.TemporaryDirectory() as folder:
            yield from engine_alone(Path(folder), kind)
            yield from overloaded(Path(folder), kind)

"""Half an hour of eight 911 calls, each spoken with by a seat and recorded: what grows, and what is lost.

The same callers and seats as in `ringing`. Memory is the resident set of the server, read each minute; what it takes to
come up and to begin the calls is not growth, so it is compared with the first reading behind `WARM_MIN` minutes. Of the
production engine (`soak_production`) what Janus and Kamailio hold is read too: their own pages alone, since those of
files are nobody's growth, and what Kamailio's processes share is a pool of a fixed size.
"""

import asyncio
from collections.abc import Iterator
from typing import NamedTuple

import psutil

from benchmarks.figure import Figure
from benchmarks.ringing import BESIDE, PACKETS_A_SECOND, TALKING, answered, numbers
from benchmarks.serving import served_with

MINUTES, WARM_MIN = 30, 3
GROWTH_PERCENT = 5


class Soaked(NamedTuple):
    """Megabytes of each program at each minute; packets that callers heard, and how many between them were missing."""

    memory: dict[str, list[float]]
    heard: int
    lost: int


def own(process: psutil.Process) -> float:
    """Megabytes that are no file's and no other process's."""
    held = process.memory_info()
    return float(held.rss - held.shared) / 2**20


def megabytes(process: psutil.Process) -> dict[str, float]:
    """Of the server, as "", and of each program that its engine began beside it."""
    held = {"": process.memory_info().rss / 2**20}
    for one in process.children(recursive=True):
        if one.name() in BESIDE:
            held[f"_{one.name()}"] = held.get(f"_{one.name()}", 0.0) + own(one)
    return held


async def soaked(url: str, to: tuple[str, int], process: psutil.Process) -> Soaked:
    """Eight calls, without a pause."""
    calls, seats = await answered(url, to)
    for call in calls:
        call.speaking = asyncio.create_task(call.speak(MINUTES * 60 + 5))
    memory: dict[str, list[float]] = {}
    heard, lost, last = 0, 0, dict.fromkeys(range(TALKING), -1)
    for _ in range(MINUTES):
        await asyncio.sleep(60)
        for name, held in megabytes(process).items():
            memory.setdefault(name, []).append(held)
        for place, call in enumerate(calls):
            for number in numbers(call):
                lost += 0 if last[place] < 0 else (number - last[place] - 1) & 0xFFFF
                heard, last[place] = heard + 1, number
    for call, seat in zip(calls, seats, strict=True):
        call.speaking.cancel()
        call.end()
        await seat.connection.close()
    return Soaked(memory, heard, lost)


def measure() -> Iterator[Figure]:
    """soak_memory_growth, soak_memory, soak_heard, soak_lost."""
    yield from measured_by("embedded")


def measured_by(engine: str, suffix: str = "") -> Iterator[Figure]:
    """The same of either engine; growth and memory also of what it began beside the server."""
    more = ("--voice", "127.0.0.1:0", "--voice-engine", engine)
    with served_with(*more, also=("supervisor",)) as (told, process):
        to = ("127.0.0.1", int(told["voice"][0].split(":")[2].split(";")[0]))
        done = asyncio.run(soaked(told["url"], to, process))
    span = f"% more than at minute {WARM_MIN}, {MINUTES} minutes, {TALKING} calls"
    for name, memory in done.memory.items():
        warm, end, of = memory[WARM_MIN - 1], memory[-1], f"{suffix}{name}"
        yield Figure(f"soak_memory_growth{of}", 100 * (end - warm) / warm, span, GROWTH_PERCENT, "%", MINUTES)
        yield Figure(f"soak_memory{of}", end, "MB at the end", max(memory), "MB, the most", MINUTES)
    due = (MINUTES * 60) * PACKETS_A_SECOND * TALKING
    yield Figure(f"soak_heard{suffix}", done.heard, "packets at callers", due, "due", TALKING)
    yield Figure(f"soak_lost{suffix}", done.lost, "packets", 0, "wanted", TALKING)

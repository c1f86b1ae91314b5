"""Half an hour of eight 911 calls, each spoken with by a seat and recorded: what grows, and what is lost.

The same callers and seats as in `ringing`. Memory is the resident set of the server, read each minute; what it takes to
come up and to begin the calls is not growth, so it is compared with the first reading behind `WARM_MIN` minutes.
"""

import asyncio
from collections.abc import Iterator
from typing import NamedTuple

import psutil

from benchmarks.figure import Figure
from benchmarks.ringing import PACKETS_A_SECOND, TALKING, answered, numbers
from benchmarks.serving import served_with

MINUTES, WARM_MIN = 30, 3
GROWTH_PERCENT = 5


class Soaked(NamedTuple):
    """Megabytes at each minute; packets that callers heard, and how many between them were missing."""

    memory: list[float]
    heard: int
    lost: int


async def soaked(url: str, to: tuple[str, int], process: psutil.Process) -> Soaked:
    """Eight calls, without a pause."""
    calls, seats = await answered(url, to)
    for call in calls:
        call.speaking = asyncio.create_task(call.speak(MINUTES * 60 + 5))
    memory, heard, lost, last = [], 0, 0, dict.fromkeys(range(TALKING), -1)
    for _ in range(MINUTES):
        await asyncio.sleep(60)
        memory.append(process.memory_info().rss / 2**20)
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
    with served_with("--voice", "127.0.0.1:0", also=("supervisor",)) as (told, process):
        to = ("127.0.0.1", int(told["voice"][0].split(":")[2].split(";")[0]))
        done = asyncio.run(soaked(told["url"], to, process))
    warm, end = done.memory[WARM_MIN - 1], done.memory[-1]
    span = f"% more than at minute {WARM_MIN}, {MINUTES} minutes, {TALKING} calls"
    yield Figure("soak_memory_growth", 100 * (end - warm) / warm, span, GROWTH_PERCENT, "%", MINUTES)
    yield Figure("soak_memory", end, "MB at the end", max(done.memory), "MB, the most", MINUTES)
    due = (MINUTES * 60) * PACKETS_A_SECOND * TALKING
    yield Figure("soak_heard", done.heard, "packets at callers", due, "due", TALKING)
    yield Figure("soak_lost", done.lost, "packets", 0, "wanted", TALKING)

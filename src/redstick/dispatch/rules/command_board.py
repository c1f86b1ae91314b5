"""The incident command board: benchmarks that were reached, as marks on the timeline. They block nothing.

Who commands says so, by radio or by name. A mark that was wrong is taken back with its reason and stays readable. The
marks are the times of NERIS tactics (see `neris/tactics.py`); two of them are incident statuses of EIDO.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.marks import Mark
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class Benchmark(StrEnum):
    """What a commander reports. The first nine are NERIS tactics; spellings of the EIDO statuses are literal."""

    COMMAND_ESTABLISHED = "CommandEstablished"
    SIZE_UP_COMPLETED = "SizeUpCompleted"
    WATER_ON_FIRE = "WaterOnFire"
    PRIMARY_SEARCH_BEGUN = "PrimarySearchBegun"
    PRIMARY_SEARCH_COMPLETED = "PrimarySearchCompleted"
    FIRE_KNOCKED_DOWN = "FireKnockedDown"
    FIRE_UNDER_CONTROL = "FireUnderControl"  # EIDO IncidentStatus-Common
    SUPPRESSION_COMPLETED = "SuppressionCompleted"
    EXTRICATION_COMPLETED = "ExtricationCompleted"
    STRUCTURE_CLEARED = "StructureCleared"  # EIDO IncidentStatus-Common
    COMMAND_ENDED = "CommandEnded"


EIDO_STATUSES = (Benchmark.FIRE_UNDER_CONTROL, Benchmark.STRUCTURE_CLEARED)


@event("dispatch.benchmark_reached", subjects=("incident",))
class BenchmarkReached(Event, frozen=True):
    """A commander says that it is so."""

    incident: str
    benchmark: Benchmark
    by: str


@event("dispatch.benchmark_taken_back", subjects=("incident",))
class BenchmarkTakenBack(Event, frozen=True):
    """It was not so, or is not so any more."""

    incident: str
    benchmark: Benchmark
    by: str
    reason: str


@command("dispatch.mark_benchmark")
class MarkBenchmark(Command, frozen=True):
    """Write down a benchmark; `by` is who commands."""

    incident: str
    benchmark: Benchmark
    by: str


@command("dispatch.take_back_benchmark")
class TakeBackBenchmark(Command, frozen=True):
    """Say that it was not reached."""

    incident: str
    benchmark: Benchmark
    by: str
    reason: str


def decide_mark_benchmark(state: Dispatch, asked: MarkBenchmark, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `name_needed`. Reached already changes nothing."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if not asked.by.strip():
        return Rejection("name_needed", {"incident": asked.incident})
    if reached(incident, asked.benchmark) is not None:
        return []
    return [BenchmarkReached(asked.incident, asked.benchmark, asked.by)]


def apply_benchmark_reached(state: Dispatch, happened: BenchmarkReached, at: Instant) -> None:
    """One more mark."""
    state.incidents[happened.incident].marks.append(Mark(happened.benchmark, at, happened.by))


def decide_take_back_benchmark(state: Dispatch, asked: TakeBackBenchmark, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `benchmark_not_reached`, `name_and_reason_needed`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if reached(incident, asked.benchmark) is None:
        return Rejection("benchmark_not_reached", {"benchmark": asked.benchmark})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"benchmark": asked.benchmark})
    return [BenchmarkTakenBack(asked.incident, asked.benchmark, asked.by, asked.reason)]


def apply_benchmark_taken_back(state: Dispatch, happened: BenchmarkTakenBack, at: Instant) -> None:
    """The mark stays, and says why it does not count."""
    del at
    incident, said = state.incidents[happened.incident], f"{happened.by}: {happened.reason}"
    incident.marks = [
        msgspec.structs.replace(mark, taken_back=said)
        if mark.benchmark == happened.benchmark and not mark.taken_back
        else mark
        for mark in incident.marks
    ]


def reached(incident: Incident, benchmark: str) -> Instant | None:
    """When a benchmark was reached; None when it was not, or was taken back."""
    found = [mark.at for mark in incident.marks if mark.benchmark == benchmark and not mark.taken_back]
    return found[0] if found else None


DECIDERS: Deciders = {
    MarkBenchmark: decide_mark_benchmark,
    TakeBackBenchmark: decide_take_back_benchmark,
}
APPLIERS: Appliers = {
    BenchmarkReached: apply_benchmark_reached,
    BenchmarkTakenBack: apply_benchmark_taken_back,
}

"""Plays the steps of a past shift through an executor on a virtual clock, and says what became of every row."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from redstick.dispatch.replay.requests import Step
from redstick.dispatch.rules.units import StatusReported
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.values import Instant, Outcome, Rejection

BATCH_LINES = 512  # made durable together, as in a busy live batch


@dataclass
class Played:
    """What a replay came to: commands and events counted, refusals by row, warnings by kind."""

    commands: int = 0
    events: int = 0
    ended_at: Instant = 0
    refused: dict[int, list[Rejection]] = field(default_factory=dict)
    unexpected: Counter[str] = field(default_factory=Counter)


def play(driver: SynchronousDriver, script: Iterable[Step], progress: Callable[[int], None] | None = None) -> Played:
    """Run every step; outcomes are durable when this returns.

    Each moment is decided at its own time, so the journal's `recorded_at` is the shift's; moments gather into batches.
    """
    played = Played()
    rows: dict[str, int] = {}
    for now, moment in groupby(script, key=lambda step: step.now):
        for step in moment:
            rows[step.request.id] = step.row
            driver.executor.submit(step.request)
        while driver.executor.decide(now):
            pass
        played.ended_at = now
        if driver.executor.gathered >= BATCH_LINES:
            _collect(played, driver.commit(), rows)
            if progress is not None:
                progress(played.commands)
    _collect(played, driver.drain(played.ended_at) + driver.commit(), rows)
    return played


def _collect(played: Played, outcomes: list[Outcome], rows: dict[str, int]) -> None:
    for outcome in outcomes:
        row = rows.pop(outcome.request)
        played.commands += 1
        played.events += len(outcome.events)
        if outcome.rejection is not None:
            played.refused.setdefault(row, []).append(outcome.rejection)
        for event in outcome.events:
            if isinstance(event, StatusReported) and event.unexpected:
                played.unexpected[event.status] += 1

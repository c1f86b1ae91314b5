"""A dry run: what the rules would make of commands now, on committed state. Nothing is written, nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from redstick.dispatch import domain
from redstick.dispatch.bar.reading import Fault
from redstick.dispatch.bar.refusals import in_words
from redstick.dispatch.rules.alerts import ReportVoiced, TakeVoice
from redstick.dispatch.rules.assignments import ReleaseUnit
from redstick.dispatch.rules.incidents import IncidentOpened
from redstick.dispatch.rules.units import ReportStatus, StatusReported
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Command, Event, Instant, Rejection

# Times and records that move while a person reads: they are carried out as shown, and nothing else rests on them.
AS_SHOWN = ("expected_s", "review_at", "expires_at", "true_at", "record", "position")

# What can only be decided once an earlier command of the same line is done: voiced by who took it, a status once free.
PREPARED_BY: dict[type[Command], type[Command]] = {ReportVoiced: TakeVoice, ReportStatus: ReleaseUnit}

# What nobody is shown: a digest, and whether a unit is the last that was lacking, which hangs on those before it.
MOVING = (*AS_SHOWN, "digest", "completes")
Settles = TypeVar("Settles", bound=msgspec.Struct)


class DryRun(msgspec.Struct, frozen=True):
    """What would happen: the events of each command, refusals, and warnings in words."""

    events: list[list[Event]]
    faults: list[Fault]
    warnings: list[str]


def dry_run(state: Dispatch, commands: Sequence[Command], now: Instant) -> DryRun:
    """Each command decided by itself; one about a thing that an earlier one makes is not: that is not there yet."""
    found = DryRun([], [], [])
    made: set[str] = set()
    for command in commands:
        fields = {str(getattr(command, name)) for name in command.__struct_fields__}
        before = PREPARED_BY.get(type(command))
        if fields & made or any(type(one) is before for one in commands):
            found.events.append([])
            continue
        decided = domain.deciders[type(command)](state, command, now)
        if isinstance(decided, Rejection):
            found.faults.append(Fault(decided.code, in_words(decided)))
            found.events.append([])
            continue
        found.events.append(decided)
        found.warnings.extend(said for event in decided if (said := _warning(event)))
        made |= {name for event in decided for name in event.subjects() if _fresh(state, name)}
    return found


def _fresh(state: Dispatch, name: str) -> bool:
    return name not in state.incidents and name not in state.units and name not in state.calls


def settled(value: Settles) -> Settles:
    """A command or an event without what moves by itself: what a digest is made of."""
    moving = {name: None for name in MOVING if name in value.__struct_fields__}
    if isinstance(value, IncidentOpened):
        moving["number"] = None  # the next one, whoever opened another meanwhile
    return msgspec.structs.replace(value, **moving) if moving else value


def _warning(event: Event) -> str:
    """What a person should know before Enter."""
    if not isinstance(event, StatusReported):
        return ""
    if event.surprise == "contradicts" and event.assignment_left_open:
        return "Its assignment stays open"
    if event.surprise == "contradicts":
        return "Unusual: it has no assignment to be working on; it is recorded all the same"
    if event.skipped:
        return f"Skips {', '.join(one.replace('_', ' ') for one in event.skipped)}: those times stay empty"
    return "Unusual: this does not follow; it is recorded all the same" if event.surprise else ""

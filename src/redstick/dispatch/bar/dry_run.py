"""A dry run: what the rules would make of commands now, on committed state. Nothing is written, nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from redstick.dispatch import domain
from redstick.dispatch.bar.reading import Fault
from redstick.dispatch.bar.refusals import in_words
from redstick.dispatch.rules.units import StatusReported
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Command, Event, Instant, Rejection

# Times and records that move while a person reads: they are carried out as shown, and nothing else rests on them.
AS_SHOWN = ("expected_s", "review_at", "expires_at", "record", "position")


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
        if fields & made:
            found.events.append([])
            continue
        decided = domain.deciders[type(command)](state, command, now)
        if isinstance(decided, Rejection):
            found.faults.append(Fault(decided.code, in_words(decided)))
            found.events.append([])
            continue
        found.events.append(decided)
        found.warnings.extend(said for event in decided if (said := _warning(event)))
        made |= {
            name for event in decided for name in event.subjects() if name.endswith("(new)") or _fresh(state, name)
        }
    return found


def _fresh(state: Dispatch, name: str) -> bool:
    return name not in state.incidents and name not in state.units and name not in state.calls


def settled(command: Command) -> Command:
    """A command without what moves by itself: what a digest is made of."""
    moving = [name for name in AS_SHOWN if name in command.__struct_fields__]
    blank = {"expected_s": {}, "record": "", "review_at": 0, "expires_at": 0, "position": 0}
    values = {name: blank[name] for name in moving}
    if "expected_s" in values and not isinstance(getattr(command, "expected_s", None), dict):
        values["expected_s"] = None
    return msgspec.structs.replace(command, **values) if values else command


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

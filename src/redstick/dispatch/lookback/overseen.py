"""What oversight is told of an incident: who did what, when, with which units; no caller, no place, no word said."""

from collections.abc import Iterable

import msgspec

from redstick.dispatch.lookback.answers import Found, LinkedCall, Story

TOLD = (
    "id", "opened_at", "number", "kind", "group", "priority", "original_priority", "final_priority", "zones",
    "alarm_level", "calls", "assignments", "earlier", "closed_at", "disposition", "cancelled", "replaced_by",
)  # fmt: skip
SAID = frozenset(  # lines in whose sentence there is nothing but units, times and the agency's own words
    f"dispatch.{name}"
    for name in (
        "call_answered", "call_held", "call_resumed", "call_left", "call_transferring", "call_abandoned", "call_ended",
        "call_attached", "call_detached", "incident_retyped", "priority_changed", "alarm_raised", "incident_closed",
        "unit_assigned", "assignment_ended", "status_reported", "incident_replaced", "incident_split", "needs_set",
        "needs_added", "emergency_raised", "benchmark_marked", "recommendation_recorded",
    )
)  # fmt: skip


def overseen(story: Story) -> Story:
    """The same story without whoever called, where it was, what was written down, and what happened there before."""
    return msgspec.structs.replace(
        story,
        record={name: story.record[name] for name in TOLD if name in story.record},
        lines=[
            line if line.kind in SAID else msgspec.structs.replace(line, says=named(line.kind)) for line in story.lines
        ],
        calls=[_without_caller(call) for call in story.calls],
        before=[],
        warnings=[],
    )


def named(kind: str) -> str:
    """A line's kind in words."""
    return kind.partition(".")[2].replace("_", " ").capitalize()


def incidents_without_places(found: Iterable[Found]) -> list[Found]:
    """Incidents and units alone, and of an incident its status alone."""
    return [
        msgspec.structs.replace(one, detail=one.detail.partition(",")[0], x=None, y=None)
        for one in found
        if one.kind in {"incident", "unit"}
    ]


def _without_caller(call: LinkedCall) -> LinkedCall:
    return msgspec.structs.replace(call, callback="", text="")

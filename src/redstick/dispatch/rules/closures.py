"""Closures: roads that may not be driven, from when to when, said by a named person. Drives avoid them at once.

The city's folder holds those that were known when it was imported; these come while it is worked. Segments are named by
the ids of the road data, so that the journal says which roads were meant when a recommendation was made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

MAX_SEGMENTS, MAX_TEXT, MAX_ID = 500, 500, 80
KEPT = 1_000  # closures at one time


class RoadClosure(msgspec.Struct, frozen=True):
    """One closure: its segments, why, by whom, from `begins_at` (included) until `ends_at` (excluded; None is open).

    `line` is what was drawn: longitudes and latitudes in turn, 1e-7 degrees.
    """

    id: str
    segments: list[str]
    reason: str
    by: str
    begins_at: Instant
    ends_at: Instant | None = None
    line: list[int] = []

    def holds(self, at: Instant) -> bool:
        """Whether it holds at a time."""
        return self.begins_at <= at and (self.ends_at is None or at < self.ends_at)


@event("dispatch.road_closed", subjects=("closure",))
class RoadClosed(Event, frozen=True):
    """These segments may not be driven; said again under the same id it replaces what was said before."""

    closure: str
    segments: list[str]
    reason: str
    by: str
    begins_at: Instant
    ends_at: Instant | None = None
    line: list[int] = []


@event("dispatch.road_reopened", subjects=("closure",))
class RoadReopened(Event, frozen=True):
    """They may be driven again."""

    closure: str
    by: str


@command("dispatch.close_road")
class CloseRoad(Command, frozen=True):
    """Close segments, now or from `begins_at` on, until `ends_at` or until they are reopened."""

    closure: str
    segments: list[str]
    reason: str
    by: str
    begins_at: Instant | None = None
    ends_at: Instant | None = None
    line: list[int] = []


@command("dispatch.reopen_road")
class ReopenRoad(Command, frozen=True):
    """End a closure."""

    closure: str
    by: str


def decide_close_road(state: Dispatch, asked: CloseRoad, now: Instant) -> Decision:
    """Close. The same again changes nothing.

    Rejections: `closure_malformed` (no id, no or too many segments, half a point, too long a text), `reason_needed`,
    `closure_over` (it would end before it begins, or has ended), `too_many_closures`.
    """
    segments = list(dict.fromkeys(asked.segments))
    if not (0 < len(asked.closure) <= MAX_ID and 0 < len(segments) <= MAX_SEGMENTS and all(segments)):
        return Rejection("closure_malformed", {"segments": len(segments), "at_most": MAX_SEGMENTS})
    if len(asked.line) % 2 or len(asked.line) > 4 * MAX_SEGMENTS or len(asked.reason) > MAX_TEXT:
        return Rejection("closure_malformed", {"line": len(asked.line), "reason": len(asked.reason)})
    if not asked.reason.strip():
        return Rejection("reason_needed")
    begins_at = now if asked.begins_at is None else asked.begins_at
    if asked.ends_at is not None and asked.ends_at <= max(begins_at, now):
        return Rejection("closure_over", {"begins_at": begins_at, "ends_at": asked.ends_at})
    known = state.closures.get(asked.closure)
    if known is None and len(state.closures) >= KEPT:
        return Rejection("too_many_closures", {"at_most": KEPT})
    if known is not None and asked.begins_at is None:
        begins_at = known.begins_at
    said = RoadClosed(asked.closure, segments, asked.reason, asked.by, begins_at, asked.ends_at, asked.line)
    return [] if known == _closure(said) else [said]


def decide_reopen_road(state: Dispatch, asked: ReopenRoad, now: Instant) -> Decision:
    """Reopen. Rejections: `closure_unknown`."""
    del now
    if asked.closure not in state.closures:
        return Rejection("closure_unknown", {"closure": asked.closure[:MAX_ID]})
    return [RoadReopened(asked.closure, asked.by)]


def apply_road_closed(state: Dispatch, happened: RoadClosed, at: Instant) -> None:
    """Closed; those that ended by themselves before that are let go."""
    for name in [name for name, one in state.closures.items() if one.ends_at is not None and one.ends_at <= at]:
        del state.closures[name]
    state.closures[happened.closure] = _closure(happened)


def apply_road_reopened(state: Dispatch, happened: RoadReopened, at: Instant) -> None:
    """Open."""
    del at
    state.closures.pop(happened.closure, None)


def closed_at(state: Dispatch, at: Instant) -> tuple[RoadClosure, ...]:
    """The closures that hold at a time, by id."""
    return tuple(state.closures[name] for name in sorted(state.closures) if state.closures[name].holds(at))


def _closure(said: RoadClosed) -> RoadClosure:
    return RoadClosure(said.closure, said.segments, said.reason, said.by, said.begins_at, said.ends_at, said.line)


DECIDERS: Deciders = {CloseRoad: decide_close_road, ReopenRoad: decide_reopen_road}
APPLIERS: Appliers = {RoadClosed: apply_road_closed, RoadReopened: apply_road_reopened}

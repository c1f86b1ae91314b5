"""Traffic stops: one line in, and from then on the officer is asked at intervals whether all is well.

A stop is the unit's own event (SELF, TrafficStop), not an incident. It ends by a word, or when the unit reports that it
does something else. No answer is an alarm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.units import SecondariesChanged, StatusReported
from redstick.dispatch.status_table import Status, expected
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

TRAFFIC_STOP = "TrafficStop"


class Stop(msgspec.Struct):
    """A unit on a stop. `place` and `plate` are as they were said. `asked_at` is set while a check waits."""

    unit: str
    place: str
    plate: str
    made_at: Instant
    checks: int = 0
    asked_at: Instant | None = None


@event("dispatch.stop_made", subjects=("unit",))
class StopMade(Event, frozen=True):
    """A unit has stopped somebody."""

    unit: str
    place: str
    plate: str = ""


@event("dispatch.status_asked", subjects=("unit",))
class StatusAsked(Event, frozen=True):
    """The unit is asked whether all is well, for the `check`th time on this stop."""

    unit: str
    check: int


@event("dispatch.status_confirmed", subjects=("unit",))
class StatusConfirmed(Event, frozen=True):
    """All is well, says `by`."""

    unit: str
    check: int
    by: str


@event("dispatch.stop_ended", subjects=("unit",))
class StopEnded(Event, frozen=True):
    """The unit does something else; `how` says what ended it."""

    unit: str
    how: str


@command("dispatch.make_stop")
class MakeStop(Command, frozen=True):
    """Unit, place and plate, in one line."""

    unit: str
    place: str
    plate: str = ""
    x: int | None = None
    y: int | None = None


@command("dispatch.ask_status")
class AskStatus(Command, frozen=True):
    """Ask a unit on a stop whether all is well. Between checks the timer asks this."""

    unit: str


@command("dispatch.confirm_status")
class ConfirmStatus(Command, frozen=True):
    """All is well; `by` is who says so."""

    unit: str
    by: str


@command("dispatch.end_stop")
class EndStop(Command, frozen=True):
    """The stop is over."""

    unit: str
    how: str


def decide_make_stop(state: Dispatch, asked: MakeStop, now: Instant) -> Decision:
    """The unit is self-initiated with it; what is unusual about that is recorded, never refused.

    Rejections: `unit_unknown`, `place_needed`, `unit_assigned` (an incident is where its stop belongs), `stop_stands`.
    """
    del now
    unit = state.units.get(asked.unit)
    if unit is None:
        return Rejection("unit_unknown", {"unit": asked.unit})
    if not asked.place.strip():
        return Rejection("place_needed", {"unit": unit.id})
    if unit.work:
        return Rejection("unit_assigned", {"unit": unit.id, "incidents": list(unit.work)})
    if unit.id in state.stops:
        return Rejection("stop_stands", {"unit": unit.id, "place": state.stops[unit.id].place})
    unusual = not expected(unit.status, Status.SELF)
    said = StatusReported(unit.id, Status.SELF, unexpected=unusual, x=asked.x, y=asked.y)
    beside = [] if TRAFFIC_STOP in unit.added else [SecondariesChanged(unit.id, [TRAFFIC_STOP])]
    return [said, *beside, StopMade(unit.id, asked.place.strip(), asked.plate.strip().upper())]


def apply_stop_made(state: Dispatch, happened: StopMade, at: Instant) -> None:
    """From now on it is asked."""
    state.stops[happened.unit] = Stop(happened.unit, happened.place, happened.plate, at)


def decide_ask_status(state: Dispatch, asked: AskStatus, now: Instant) -> Decision:
    """One check at a time. Rejections: `no_stop`."""
    del now
    stop = state.stops.get(asked.unit)
    if stop is None:
        return Rejection("no_stop", {"unit": asked.unit})
    return [StatusAsked(stop.unit, stop.checks + 1)] if stop.asked_at is None else []


def apply_status_asked(state: Dispatch, happened: StatusAsked, at: Instant) -> None:
    """It is to answer."""
    stop = state.stops[happened.unit]
    stop.checks, stop.asked_at = happened.check, at


def decide_confirm_status(state: Dispatch, asked: ConfirmStatus, now: Instant) -> Decision:
    """Said unasked, it counts as well. Rejections: `no_stop`, `name_needed`."""
    del now
    stop = state.stops.get(asked.unit)
    if stop is None:
        return Rejection("no_stop", {"unit": asked.unit})
    if not asked.by.strip():
        return Rejection("name_needed", {"unit": asked.unit})
    return [StatusConfirmed(stop.unit, stop.checks, asked.by)]


def apply_status_confirmed(state: Dispatch, happened: StatusConfirmed, at: Instant) -> None:
    """Until the next check."""
    del at
    state.stops[happened.unit].asked_at = None


def decide_end_stop(state: Dispatch, asked: EndStop, now: Instant) -> Decision:
    """Rejections: `no_stop`."""
    del now
    return (
        [StopEnded(asked.unit, asked.how)] if asked.unit in state.stops else Rejection("no_stop", {"unit": asked.unit})
    )


def apply_stop_ended(state: Dispatch, happened: StopEnded, at: Instant) -> None:
    """Over; the unit's status is its own to say."""
    del at
    state.stops.pop(happened.unit, None)


DECIDERS: Deciders = {
    MakeStop: decide_make_stop,
    AskStatus: decide_ask_status,
    ConfirmStatus: decide_confirm_status,
    EndStop: decide_end_stop,
}
APPLIERS: Appliers = {
    StopMade: apply_stop_made,
    StatusAsked: apply_status_asked,
    StatusConfirmed: apply_status_confirmed,
    StopEnded: apply_stop_ended,
}

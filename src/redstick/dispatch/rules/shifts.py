"""Shifts: which vehicle, crew and people make up a unit, from when until when; who is on duty, and who is not.

A shift that has begun binds its people to one unit. Beginning it signs the unit on, ending it signs the unit off; a
unit that says otherwise by radio in between is believed, and the shift runs on until someone ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.units import StatusReported
from redstick.dispatch.status_table import Status
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class Shift(msgspec.Struct, frozen=True):
    """A running shift: who rides on what, and until when it is meant to last."""

    id: str
    unit: str
    vehicle: str
    responders: list[str]
    began_at: Instant
    until: Instant | None = None


@event("dispatch.shift_began", subjects=("shift", "unit", "responders"))
class ShiftBegan(Event, frozen=True):
    """These people ride on this unit from now on; `staffing` counts them."""

    shift: str
    unit: str
    vehicle: str
    responders: list[str]
    staffing: int
    until: Instant | None = None


@event("dispatch.shift_ended", subjects=("shift", "unit", "responders"))
class ShiftEnded(Event, frozen=True):
    """They are off duty."""

    shift: str
    unit: str
    responders: list[str]


@command("dispatch.begin_shift")
class BeginShift(Command, frozen=True):
    """Sign a unit on with its vehicle and its people; `until` is when it should end."""

    shift: str
    unit: str
    vehicle: str
    responders: list[str]
    until: Instant | None = None


@command("dispatch.end_shift")
class EndShift(Command, frozen=True):
    """Sign a unit off."""

    shift: str


def decide_begin_shift(state: Dispatch, asked: BeginShift, now: Instant) -> Decision:
    """A unit that is off duty is signed on with it.

    Rejections: `shift_unnamed`, `shift_known`, `unit_unknown`, `unit_has_a_shift`, `shift_over` (its end has passed),
    `responders_needed`, `responder_on_duty` (rides on another unit).
    """
    if not asked.shift.strip():
        return Rejection("shift_unnamed")
    if asked.shift in state.shifts:
        return Rejection("shift_known", {"shift": asked.shift})
    unit = state.units.get(asked.unit)
    if unit is None:
        return Rejection("unit_unknown", {"unit": asked.unit})
    if unit.shift:
        return Rejection("unit_has_a_shift", {"unit": unit.id, "shift": unit.shift})
    if asked.until is not None and asked.until <= now:
        return Rejection("shift_over", {"until": asked.until})
    people = list(dict.fromkeys(name.strip() for name in asked.responders if name.strip()))
    if not people:
        return Rejection("responders_needed")
    on_duty = responders_on_duty(state)
    for name in people:
        if name in on_duty:
            return Rejection("responder_on_duty", {"responder": name, "unit": on_duty[name]})
    began: list[Event] = [ShiftBegan(asked.shift, unit.id, asked.vehicle, people, len(people), asked.until)]
    return began if unit.on_duty else [*began, StatusReported(unit.id, Status.LOG)]


def apply_shift_began(state: Dispatch, happened: ShiftBegan, at: Instant) -> None:
    """The unit is staffed with them."""
    state.shifts[happened.shift] = Shift(
        happened.shift, happened.unit, happened.vehicle, list(happened.responders), at, happened.until
    )
    unit = state.units[happened.unit]
    unit.shift, unit.staffing = happened.shift, happened.staffing


def decide_end_shift(state: Dispatch, asked: EndShift, now: Instant) -> Decision:
    """The unit is off duty with it.

    Rejections: `shift_unknown`, `unit_assigned` (names its incidents), `emergency_stands`.
    """
    del now
    shift = state.shifts.get(asked.shift)
    if shift is None:
        return Rejection("shift_unknown", {"shift": asked.shift})
    unit = state.units[shift.unit]
    if unit.work:
        return Rejection("unit_assigned", {"unit": unit.id, "incidents": list(unit.work)})
    if unit.emergency_at is not None:
        return Rejection("emergency_stands", {"unit": unit.id})
    ended: list[Event] = [ShiftEnded(shift.id, shift.unit, shift.responders)]
    return [*ended, StatusReported(unit.id, Status.OFF)] if unit.status is not Status.OFF else ended


def apply_shift_ended(state: Dispatch, happened: ShiftEnded, at: Instant) -> None:
    """Nobody is known to ride on the unit."""
    del at
    del state.shifts[happened.shift]
    unit = state.units[happened.unit]
    unit.shift, unit.staffing = "", None


def responders_on_duty(state: Dispatch) -> dict[str, str]:
    """Everyone who is on a shift, with the unit that they ride on."""
    return {name: shift.unit for shift in state.shifts.values() for name in shift.responders}


DECIDERS: Deciders = {BeginShift: decide_begin_shift, EndShift: decide_end_shift}
APPLIERS: Appliers = {ShiftBegan: apply_shift_began, ShiftEnded: apply_shift_ended}

"""Exchanges: one unit for another, one taken from elsewhere, another incident first; each one act, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.dispatch.rules.assignments import AssignUnits, assignment_ended, sending
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.rules.assignments import Assignment
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


@event("dispatch.primary_chosen", subjects=("unit", "incident", "was"))
class PrimaryChosen(Event, frozen=True):
    """Of the incidents that a unit works on, this one is its primary from now on; choosing `was` takes it back."""

    unit: str
    incident: str
    was: str


@command("dispatch.choose_primary")
class ChoosePrimary(Command, frozen=True):
    """Say which of its incidents a unit works on first."""

    unit: str
    incident: str


@command("dispatch.swap_units")
class SwapUnits(Command, frozen=True):
    """Send one unit in the place of another, for the same need, and cancel the other."""

    incident: str
    leaves: str
    comes: str
    alerted: bool = True
    despite: str = ""
    expected_s: int | None = None


@command("dispatch.borrow_unit")
class BorrowUnit(Command, frozen=True):
    """Take a unit from the incident that it works on, with a reason; what it was there for is missing again.

    A unit of another agency that is free is not borrowed but assigned, on the ground of aid.
    """

    incident: str
    unit: str
    taken_from: str
    reason: str
    alerted: bool = True
    need: str = ""
    expected_s: int | None = None


def decide_choose_primary(state: Dispatch, asked: ChoosePrimary, now: Instant) -> Decision:
    """Rejections: `unit_unknown`, `assignment_unknown`. Choosing what is primary changes nothing."""
    del now
    unit = state.units.get(asked.unit)
    if unit is None:
        return Rejection("unit_unknown", {"unit": asked.unit})
    if asked.incident not in unit.work:
        return Rejection("assignment_unknown", {"unit": unit.id, "incident": asked.incident})
    return [] if unit.work[0] == asked.incident else [PrimaryChosen(unit.id, asked.incident, unit.work[0])]


def apply_primary_chosen(state: Dispatch, happened: PrimaryChosen, at: Instant) -> None:
    """First in its work; the others keep their order."""
    del at
    unit = state.units[happened.unit]
    unit.work = [happened.incident, *(name for name in unit.work if name != happened.incident)]


def decide_swap_units(state: Dispatch, asked: SwapUnits, now: Instant) -> Decision:
    """The one who comes stands for the need of the one who leaves, where it can; a unit that had arrived has cleared.

    Rejections: `assignment_unknown`, and those of `AssignUnits`.
    """
    del now
    leaving = _open(state, asked.incident, asked.leaves)
    if leaving is None:
        return Rejection("assignment_unknown", {"unit": asked.leaves, "incident": asked.incident})
    fills = {asked.comes: leaving.need} if leaving.need else {}
    shown = {} if asked.expected_s is None else {asked.comes: asked.expected_s}
    send = AssignUnits(asked.incident, [asked.comes], asked.alerted, asked.despite, shown, fills)
    sent = sending(state, send, replaces=asked.leaves)
    return sent if isinstance(sent, Rejection) else [*sent, _ended(state, asked.incident, leaving)]


def decide_borrow_unit(state: Dispatch, asked: BorrowUnit, now: Instant) -> Decision:
    """Rejections: `reason_needed`, `assignment_unknown`, `same_incident`, and those of `AssignUnits`."""
    del now
    if not asked.reason.strip():
        return Rejection("reason_needed", {"unit": asked.unit})
    if asked.taken_from == asked.incident:
        return Rejection("same_incident", {"incident": asked.incident})
    leaving = _open(state, asked.taken_from, asked.unit)
    if leaving is None:
        return Rejection("assignment_unknown", {"unit": asked.unit, "incident": asked.taken_from})
    fills = {asked.unit: asked.need} if asked.need else {}
    shown = {} if asked.expected_s is None else {asked.unit: asked.expected_s}
    send = AssignUnits(asked.incident, [asked.unit], asked.alerted, asked.reason, shown, fills)
    sent = sending(state, send, taken_from=asked.taken_from)
    return sent if isinstance(sent, Rejection) else [_ended(state, asked.taken_from, leaving), *sent]


def _open(state: Dispatch, name: str, unit: str) -> Assignment | None:
    incident = state.incidents.get(name)
    held = None if incident is None else incident.assignments.get(unit)
    return None if held is None or held.ended_at is not None else held


def _ended(state: Dispatch, incident: str, leaving: Assignment) -> Event:
    """One that was alerted gets its cancel with receipts; one that was not is withdrawn; one on scene has cleared."""
    if "on_scene" in leaving.stamps:
        ending = "cleared"
    else:
        ending = "cancelled" if "dispatched" in leaving.stamps else "withdrawn"
    return assignment_ended(state.incidents[incident], leaving.unit, ending)


DECIDERS: Deciders = {
    ChoosePrimary: decide_choose_primary,
    SwapUnits: decide_swap_units,
    BorrowUnit: decide_borrow_unit,
}
APPLIERS: Appliers = {
    PrimaryChosen: apply_primary_chosen,
}

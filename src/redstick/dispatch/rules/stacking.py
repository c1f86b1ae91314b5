"""Stacking: what waits on purpose. Nothing here takes an incident off the pending board.

*Stacked* is an incident queued on a busy unit; the unit may still be sent elsewhere. *Pre-assigned* is a unit that is
reserved as the next one of an incident: sending it elsewhere needs a reason. *Held* is an incident that a named person
lets wait, until a time at which it is looked at again. Each has a timer, so that none is forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.needs import HOLD, needs_of, settle
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.rules.units import Unit
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class Stacked(msgspec.Struct, frozen=True):
    """An incident waits for a busy unit; `on_incident` is what the unit worked on then (EIDO stackedOnIncidentId)."""

    unit: str
    on_incident: str
    need: str
    at: Instant


class Held(msgspec.Struct, frozen=True):
    """An incident waits because a named person said so, until it is looked at again."""

    by: str
    reason: str
    review_at: Instant
    at: Instant


class Reservation(msgspec.Struct, frozen=True):
    """A unit is the next one of an incident."""

    incident: str
    need: str
    at: Instant


@event("dispatch.incident_stacked", subjects=("incident", "unit", "on_incident"))
class IncidentStacked(Event, frozen=True):
    """An incident is queued on a busy unit."""

    incident: str
    unit: str
    on_incident: str
    need: str = ""


@event("dispatch.incident_unstacked", subjects=("incident", "unit"))
class IncidentUnstacked(Event, frozen=True):
    """It waits for that unit no more: `sent`, `closed`, or the reason that was given."""

    incident: str
    unit: str
    why: str


@event("dispatch.incident_held", subjects=("incident",))
class IncidentHeld(Event, frozen=True):
    """A named person lets an incident wait until `review_at`."""

    incident: str
    by: str
    reason: str
    review_at: Instant


@event("dispatch.hold_ended", subjects=("incident",))
class HoldEnded(Event, frozen=True):
    """It waits on purpose no more: `closed`, or the reason that was given."""

    incident: str
    why: str


@event("dispatch.unit_preassigned", subjects=("incident", "unit"))
class UnitPreassigned(Event, frozen=True):
    """A unit is reserved as the next one of an incident."""

    incident: str
    unit: str
    need: str = ""


@event("dispatch.preassignment_ended", subjects=("incident", "unit"))
class PreassignmentEnded(Event, frozen=True):
    """It is reserved no more: `sent`, `taken` by another incident, `closed`, or the reason that was given."""

    incident: str
    unit: str
    why: str


@command("dispatch.stack_incident")
class StackIncident(Command, frozen=True):
    """Queue an incident on a busy unit, for one of its needs when that is known."""

    incident: str
    unit: str
    need: str = ""


@command("dispatch.unstack_incident")
class UnstackIncident(Command, frozen=True):
    """Let an incident wait for that unit no more."""

    incident: str
    unit: str
    reason: str


@command("dispatch.hold_incident")
class HoldIncident(Command, frozen=True):
    """Let an incident wait, by name and with a reason; holding it again moves its review."""

    incident: str
    by: str
    reason: str
    review_at: Instant


@command("dispatch.end_hold")
class EndHold(Command, frozen=True):
    """Let it wait no more."""

    incident: str
    reason: str


@command("dispatch.preassign_unit")
class PreassignUnit(Command, frozen=True):
    """Reserve a unit, busy or free, as the next one of an incident."""

    incident: str
    unit: str
    need: str = ""


@command("dispatch.end_preassignment")
class EndPreassignment(Command, frozen=True):
    """Reserve it no more."""

    unit: str
    reason: str


def decide_stack_incident(state: Dispatch, asked: StackIncident, now: Instant) -> Decision:
    """Stacking twice changes nothing.

    Rejections: `incident_unknown`, `incident_closed`, `unit_unknown`, `need_unknown`, `already_assigned`, `unit_free`
    (send it).
    """
    del now
    found = _promising(state, asked.incident, asked.unit, asked.need)
    if isinstance(found, Rejection):
        return found
    incident, unit = found
    if not unit.work:
        return Rejection("unit_free", {"unit": unit.id})
    known = any(one.unit == unit.id and one.need == asked.need for one in incident.stacked)
    return [] if known else [IncidentStacked(incident.id, unit.id, unit.work[0], asked.need)]


def apply_incident_stacked(state: Dispatch, happened: IncidentStacked, at: Instant) -> None:
    """It waits for one need of it on one unit."""
    incident = state.incidents[happened.incident]
    others = [one for one in incident.stacked if one.unit != happened.unit]
    incident.stacked = [*others, Stacked(happened.unit, happened.on_incident, happened.need, at)]
    settle(incident)


def decide_unstack_incident(state: Dispatch, asked: UnstackIncident, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `not_stacked`, `reason_needed`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if not any(one.unit == asked.unit for one in incident.stacked):
        return Rejection("not_stacked", {"incident": asked.incident, "unit": asked.unit})
    if not asked.reason.strip():
        return Rejection("reason_needed")
    return [IncidentUnstacked(asked.incident, asked.unit, asked.reason)]


def apply_incident_unstacked(state: Dispatch, happened: IncidentUnstacked, at: Instant) -> None:
    """What it waited for is in the journal."""
    del at
    incident = state.incidents[happened.incident]
    incident.stacked = [one for one in incident.stacked if one.unit != happened.unit]
    settle(incident)


def decide_hold_incident(state: Dispatch, asked: HoldIncident, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `incident_closed`, `name_and_reason_needed`, `review_past`."""
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        return _not_open(asked.incident, incident)
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"incident": asked.incident})
    if asked.review_at <= now:
        return Rejection("review_past", {"late_ms": now - asked.review_at})
    return [IncidentHeld(asked.incident, asked.by, asked.reason, asked.review_at)]


def apply_incident_held(state: Dispatch, happened: IncidentHeld, at: Instant) -> None:
    """Still pending, and said to be so on purpose."""
    incident = state.incidents[happened.incident]
    incident.held = Held(happened.by, happened.reason, happened.review_at, at)
    incident.overdue.pop(HOLD, None)  # held anew, until another time
    settle(incident)


def decide_end_hold(state: Dispatch, asked: EndHold, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `not_held`, `reason_needed`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if incident.held is None:
        return Rejection("not_held", {"incident": asked.incident})
    return [HoldEnded(asked.incident, asked.reason)] if asked.reason.strip() else Rejection("reason_needed")


def apply_hold_ended(state: Dispatch, happened: HoldEnded, at: Instant) -> None:
    """It waits like any other."""
    del at
    incident = state.incidents[happened.incident]
    incident.held = None
    settle(incident)


def decide_preassign_unit(state: Dispatch, asked: PreassignUnit, now: Instant) -> Decision:
    """Reserving again for the same changes nothing.

    Rejections: `incident_unknown`, `incident_closed`, `unit_unknown`, `need_unknown`, `already_assigned`,
    `unit_reserved` (names the incident).
    """
    del now
    found = _promising(state, asked.incident, asked.unit, asked.need)
    if isinstance(found, Rejection):
        return found
    known = state.reservations.get(asked.unit)
    if known is None:
        return [UnitPreassigned(asked.incident, asked.unit, asked.need)]
    if (known.incident, known.need) == (asked.incident, asked.need):
        return []
    return Rejection("unit_reserved", {"unit": asked.unit, "incident": known.incident})


def apply_unit_preassigned(state: Dispatch, happened: UnitPreassigned, at: Instant) -> None:
    """One unit, one incident."""
    state.reservations[happened.unit] = Reservation(happened.incident, happened.need, at)


def decide_end_preassignment(state: Dispatch, asked: EndPreassignment, now: Instant) -> Decision:
    """Rejections: `not_reserved`, `reason_needed`."""
    del now
    known = state.reservations.get(asked.unit)
    if known is None:
        return Rejection("not_reserved", {"unit": asked.unit})
    if not asked.reason.strip():
        return Rejection("reason_needed")
    return [PreassignmentEnded(known.incident, asked.unit, asked.reason)]


def apply_preassignment_ended(state: Dispatch, happened: PreassignmentEnded, at: Instant) -> None:
    """Free for any."""
    del at
    state.reservations.pop(happened.unit, None)


def _promising(state: Dispatch, name: str, unit_name: str, need: str) -> tuple[Incident, Unit] | Rejection:
    incident, unit = state.incidents.get(name), state.units.get(unit_name)
    if incident is None or incident.closed_at is not None:
        return _not_open(name, incident)
    if unit is None:
        return Rejection("unit_unknown", {"unit": unit_name})
    known = [one.requirement.id for one in needs_of(incident)]
    if need and need not in known:
        return Rejection("need_unknown", {"need": need, "known": known})
    if name in unit.work:
        return Rejection("already_assigned", {"unit": unit.id, "incident": name})
    return incident, unit


def _not_open(name: str, incident: Incident | None) -> Rejection:
    return Rejection("incident_unknown" if incident is None else "incident_closed", {"incident": name})


# What other acts mean for what was promised


def kept_promises(state: Dispatch, incident: Incident, units: Sequence[str]) -> list[Event]:
    """What ends because these units are sent to the incident: they wait for it no more, and for no other."""
    ended: list[Event] = [
        IncidentUnstacked(incident.id, one.unit, "sent") for one in incident.stacked if one.unit in units
    ]
    for name in units:
        known = state.reservations.get(name)
        if known is not None:
            why = "sent" if known.incident == incident.id else "taken"
            ended.append(PreassignmentEnded(known.incident, name, why))
    return ended


def met_promises(state: Dispatch, incident: Incident, units: Sequence[str]) -> list[Event]:
    """What ends because these units work for the incident now; what they are reserved for elsewhere stands."""
    ended: list[Event] = [
        IncidentUnstacked(incident.id, one.unit, "sent") for one in incident.stacked if one.unit in units
    ]
    reserved = [name for name, one in state.reservations.items() if one.incident == incident.id and name in units]
    return [*ended, *(PreassignmentEnded(incident.id, name, "sent") for name in sorted(reserved))]


def void_promises(state: Dispatch, incident: Incident) -> list[Event]:
    """What ends because the incident closes."""
    ended: list[Event] = [IncidentUnstacked(incident.id, one.unit, "closed") for one in incident.stacked]
    ended += [HoldEnded(incident.id, "closed")] if incident.held is not None else []
    reserved = sorted(name for name, one in state.reservations.items() if one.incident == incident.id)
    return [*ended, *(PreassignmentEnded(incident.id, name, "closed") for name in reserved)]


DECIDERS: Deciders = {
    StackIncident: decide_stack_incident,
    UnstackIncident: decide_unstack_incident,
    HoldIncident: decide_hold_incident,
    EndHold: decide_end_hold,
    PreassignUnit: decide_preassign_unit,
    EndPreassignment: decide_end_preassignment,
}
APPLIERS: Appliers = {
    IncidentStacked: apply_incident_stacked,
    IncidentUnstacked: apply_incident_unstacked,
    IncidentHeld: apply_incident_held,
    HoldEnded: apply_hold_ended,
    UnitPreassigned: apply_unit_preassigned,
    PreassignmentEnded: apply_preassignment_ended,
}

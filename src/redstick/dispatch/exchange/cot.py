"""Units and incidents as CoT events, for the maps of people in the field.

What has no position makes no event. An event says no more than a map needs: no caller, no narrative.
"""

from redstick.dispatch.exchange.ids import component_id, foreign_id
from redstick.dispatch.exchange.profile import Profile
from redstick.dispatch.exchange.public import Disclosure, disclosed
from redstick.dispatch.rules.incidents import Incident, status_of
from redstick.dispatch.rules.units import Unit
from redstick.kernel.values import Instant
from redstick.protocols.cot.event import CotEvent, Point

UNIT_FRESH_MS = 120_000  # a unit's position is believed for so long
INCIDENT_FRESH_MS = 600_000
UNIT_GROUND = "a-f-G-U-C"  # atom, friend, ground, unit, combat: what map programs draw for a team's own
EMERGENCY = "b-a-o-tbl"  # an alert: somebody calls for help
SPOT = "b-m-p-s-m"  # a marked spot
BY_MACHINE, BY_PERSON = "m-g", "h-e"


def unit_event(unit: Unit, now: Instant, profile: Profile) -> CotEvent | None:
    """Where a unit was last seen; stale two minutes after that. An emergency is an alert in its stead."""
    if unit.x is None or unit.y is None:
        return None
    seen = unit.seen_at if unit.seen_at is not None else unit.since
    return CotEvent(
        uid=component_id(profile.element, "unit", unit.id),
        kind=UNIT_GROUND if unit.emergency_at is None else EMERGENCY,
        how=BY_MACHINE,
        time=now,
        start=seen,
        stale=seen + UNIT_FRESH_MS,
        point=Point(unit.x, unit.y),
        callsign=unit.id,
        remarks=f"{unit.kind} {unit.status}".strip(),
    )


def incident_event(incident: Incident, now: Instant, profile: Profile) -> CotEvent | None:
    """Where an incident is; a closed one is stale at its closing, so that maps take it away."""
    place = incident.place
    if place.x is None or place.y is None:
        return None
    return CotEvent(
        uid=component_id(profile.element, "incident", incident.id),
        kind=SPOT,
        how=BY_PERSON,
        time=now,
        start=incident.opened_at,
        stale=now + INCIDENT_FRESH_MS if incident.closed_at is None else incident.closed_at,
        point=Point(place.x, place.y, place.reach_m),
        callsign=incident.number or incident.id,
        remarks=f"{incident.kind}, {status_of(incident)}",
    )


def public_event(incident: Incident, now: Instant, profile: Profile, policy: Disclosure) -> CotEvent | None:
    """What the policy of disclosure lets the public see on a map: the middle of a cell, the kind, coarse times.

    Its id is not that of the incident: what the field is told of it cannot be joined to what the public is told.
    """
    told = disclosed(incident, now, policy)
    if told is None or told.x is None or told.y is None:
        return None
    return CotEvent(
        uid=component_id(profile.element, foreign_id("public", incident.id)),
        kind=SPOT,
        how=BY_MACHINE,
        time=now // policy.step_ms * policy.step_ms,
        start=told.opened_at,
        stale=now + INCIDENT_FRESH_MS if told.closed_at is None else max(told.closed_at, told.opened_at),
        point=Point(told.x, told.y),
        callsign=told.kind,
        remarks=f"{told.status}, {told.block}".strip(", "),
    )

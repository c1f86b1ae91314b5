"""An incident as a NERIS dispatch payload, with what is missing in it.

Field names are those of the official client's `DispatchPayload` (`determinant_code`, `call_answered`), which differ
from the framework's own. NERIS asks for call_arrival, call_answered, call_create and at least one unit response. What
the record does not hold is a gap, never filled in silently: a department may declare which of its stamps stands for an
answer, and each payload then says so. Computed intervals are not sent: the framework's formulas are written
earlier-minus-later.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import Assignment
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Instant

MAX_TEXT = 255
MAX_COMMENT = 100_000
STAND_INS = ("received", "entered")  # stamps that a department may declare as the time of answering

# assignment stamp -> field of DispatchUnitResponsePayload
UNIT_FIELDS = {
    "dispatched": "dispatch",
    "en_route": "enroute_to_scene",
    "staged": "staging",
    "on_scene": "on_scene",
}
MEDICAL_FIELDS = {
    "patient_contact": "at_patient",
    "transport": "enroute_to_hospital",
    "at_hospital": "arrived_at_hospital",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that NERIS asks for and the record lacks; `blocking` when the payload cannot leave without it."""

    field: str
    reason: str
    blocking: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A payload as far as the record goes, and its gaps."""

    incident: str
    payload: dict[str, Any]
    gaps: tuple[Gap, ...]

    @property
    def complete(self) -> bool:
        """True when nothing blocks it."""
        return not any(gap.blocking for gap in self.gaps)


def draft(state: Dispatch, incident: Incident, *, answered_from: str | None = None) -> Draft:
    """The payload of one incident; `answered_from` names the stamp that the department declares as the answer."""
    gaps: list[Gap] = []
    calls = [state.calls[name] for name in incident.calls]
    arrival = min((call.received_at for call in calls), default=None)
    answered = min((call.answered_at for call in calls if call.answered_at is not None), default=None)
    if answered is None and answered_from is not None:
        answered = arrival if answered_from == "received" else incident.opened_at
        gaps.append(Gap("call_answered", f"declared by the department: the time of {answered_from}", blocking=False))
    times = {"call_arrival": arrival, "call_answered": answered, "call_create": incident.opened_at}
    for name, time in times.items():
        if time is None:
            gaps.append(Gap(name, "the record holds no such time", blocking=True))
    parts = [*incident.earlier, *incident.assignments.values()]
    if not parts:
        gaps.append(Gap("unit_responses", "no unit was assigned", blocking=True))
    payload: dict[str, Any] = {
        "incident_number": _number(incident, gaps),
        "incident_code": incident.kind[:MAX_TEXT] or None,
        "disposition": incident.disposition[:MAX_TEXT] or None,
        "incident_clear": _stamp(incident.closed_at),
        **{name: _stamp(time) for name, time in times.items()},
        "location": _location(incident.place, gaps),
        "point": _point(incident.place, gaps),
        "comments": [{"timestamp": _stamp(note.at), "comment": note.text[:MAX_COMMENT]} for note in incident.notes],
        "unit_responses": [_unit(part, gaps) for part in sorted(parts, key=lambda part: part.sequence)],
    }
    return Draft(incident.id, {name: value for name, value in payload.items() if value not in (None, [])}, tuple(gaps))


def _stamp(time: Instant | None) -> str | None:
    """RFC 3339 in UTC with milliseconds."""
    if time is None:
        return None
    return datetime.fromtimestamp(time / 1000, tz=UTC).isoformat(timespec="milliseconds")


def _number(incident: Incident, gaps: list[Gap]) -> str:
    """NERIS takes letters, digits, underscores, hyphens and colons."""
    said = incident.number or incident.id
    kept = "".join(c if c.isalnum() or c in "_-:" else "-" for c in said)
    if kept != said:
        gaps.append(Gap("incident_number", f"{said!r} holds characters that NERIS does not take", blocking=False))
    return kept


def _location(place: Place, gaps: list[Gap]) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if place.text:
        location["street"] = place.text[:MAX_TEXT]
        location["additional_attributes"] = {"address_as_entered": place.text}
        gaps.append(Gap("location", "the address is given whole, not split into its parts", blocking=False))
    else:
        gaps.append(Gap("location", "no address was recorded", blocking=False))
    if place.municipality:
        location["incorporated_municipality"] = place.municipality[:MAX_TEXT]
    return location


def _point(place: Place, gaps: list[Gap]) -> dict[str, Any] | None:
    if place.x is None or place.y is None:
        gaps.append(Gap("point", "the incident has no position", blocking=False))
        return None
    return {"crs": 4326, "geometry": {"type": "Point", "coordinates": [place.x / 10_000_000, place.y / 10_000_000]}}


def _unit(part: Assignment, gaps: list[Gap]) -> dict[str, Any]:
    unit: dict[str, Any] = {"reported_unit_id": part.unit[:MAX_TEXT]}
    unit |= {field: _stamp(part.stamps[name]) for name, field in UNIT_FIELDS.items() if name in part.stamps}
    clear = part.stamps.get("clear", part.stamps.get("available"))
    if clear is not None:
        unit["unit_clear"] = _stamp(clear)
    if "dispatched" not in part.stamps:
        gaps.append(Gap(f"unit_responses {part.unit}", "no time of dispatch", blocking=False))
    if "on_scene" not in part.stamps and part.ended_at is not None and "en_route" in part.stamps:
        unit["canceled_enroute"] = _stamp(part.ended_at)
    medical = {field: _stamp(part.stamps[name]) for name, field in MEDICAL_FIELDS.items() if name in part.stamps}
    if medical:
        unit["med_responses"] = [medical]
    return unit

"""An incident for a records system: everything that a report begins with, as one value with a stable form.

Whoever writes NIBRS does so from there; what a report needs and dispatch does not know is listed, never made up.
"""

import msgspec

from redstick.dispatch.exchange.eido import parts_of
from redstick.dispatch.exchange.ids import incident_urn
from redstick.dispatch.exchange.profile import Profile, incident_type, known_disposition
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Instant


class HandedUnit(msgspec.Struct, frozen=True):
    """A unit's part: its times by name, milliseconds since the epoch, and how its part ended."""

    unit: str
    agency: str
    times: dict[str, Instant]
    ending: str


class HandOff(msgspec.Struct, frozen=True):
    """What a records system is given. `gaps` names what is missing in it."""

    incident: str
    number: str
    cases: tuple[str, ...]
    kind: str
    common_type: str
    opened_at: Instant
    closed_at: Instant | None
    disposition: str
    common_disposition: str
    address: str
    municipality: str
    x: int | None
    y: int | None
    callers: tuple[str, ...]
    units: tuple[HandedUnit, ...]
    narrative: tuple[tuple[Instant, str], ...]
    gaps: tuple[str, ...]


def hand_off(state: Dispatch, incident: Incident, agency: str, profile: Profile) -> HandOff:
    """The value for one agency: its case numbers, its units, the disposition that it gave."""
    cases = tuple(case.text for case in incident.cases if case.agency == agency)
    said = incident.dispositions.get(agency, incident.disposition)
    parts = [part for part in parts_of(incident) if state.units[part.unit].agency == agency]
    common = known_disposition(state, said) or ""
    missing = {
        "no case number": not cases,
        "not closed": incident.closed_at is None,
        "no common disposition": not common,
        "no address": not incident.place.text,
        "no position": not incident.place.located,
        "no unit of this agency": not parts,
    }
    calls = [state.calls[name] for name in incident.calls]
    return HandOff(
        incident=incident_urn(incident.id, profile.element),
        number=incident.number,
        cases=cases,
        kind=incident.kind,
        common_type=incident_type(state, profile, incident.kind, incident.group),
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
        disposition=said,
        common_disposition=common,
        address=incident.place.text,
        municipality=incident.place.municipality,
        x=incident.place.x,
        y=incident.place.y,
        callers=tuple(call.callback for call in calls if call.callback),
        units=tuple(HandedUnit(part.unit, agency, dict(part.stamps), part.ending) for part in parts),
        narrative=tuple((note.at, note.text) for note in incident.notes),
        gaps=tuple(name for name, absent in missing.items() if absent),
    )

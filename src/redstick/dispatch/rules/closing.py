"""Closing and reopening: an incident ends with a disposition of every agency that took part, and may begin again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.dispatch.rules.assignments import open_assignments
from redstick.dispatch.rules.codes import disposition_flags
from redstick.dispatch.rules.incidents import CloseIncident, IncidentClosed, IncidentReopened, ReopenIncident, not_open
from redstick.dispatch.rules.stacking import void_promises
from redstick.dispatch.rules.talkgroups import released_talkgroups
from redstick.kernel.values import Decision, Event, Instant, Rejection

if TYPE_CHECKING:
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


def decide_close_incident(state: Dispatch, asked: CloseIncident, now: Instant) -> Decision:
    """The one disposition holds for every agency that has none of its own.

    Rejections: `incident_unknown`, `incident_closed`, `disposition_needed` (names the agencies without one),
    `units_still_assigned` (names them); of a machine, `disposition_unknown`.
    """
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        return not_open(asked.incident, incident)
    own = {agency: said for agency, said in asked.dispositions.items() if said.strip()}
    agencies = took_part(state, incident)
    lacking = [agency for agency in agencies if agency not in own]
    if not asked.disposition.strip() and (lacking or not own):
        return Rejection("disposition_needed", {"incident": asked.incident, "agencies": lacking})
    still = [assignment.unit for assignment in open_assignments(incident)]
    if still:
        return Rejection("units_still_assigned", {"units": still})
    lead = (
        asked.disposition if asked.disposition.strip() else next(iter([own[name] for name in agencies] or own.values()))
    )
    flags = disposition_flags(state, [lead, *own.values()])
    if flags and asked.by_machine:
        return Rejection("disposition_unknown", {"said": lead})
    over: list[Event] = [IncidentClosed(asked.incident, lead, asked.cancelled, own, flags)]
    return [*void_promises(state, incident), *released_talkgroups(state, incident), *over]


def took_part(state: Dispatch, incident: Incident) -> list[str]:
    """The agencies whose units were sent, in the order of sending."""
    parts = sorted((*incident.earlier, *incident.assignments.values()), key=lambda part: part.sequence)
    agencies = [state.units[part.unit].agency for part in parts if part.unit in state.units]
    return [agency for agency in dict.fromkeys(agencies) if agency]


def disposition_of(incident: Incident, agency: str) -> str:
    """How it ended for an agency; "" while it is open."""
    return incident.dispositions.get(agency, incident.disposition)


def decide_reopen_incident(state: Dispatch, asked: ReopenIncident, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `incident_open`, `incident_replaced` (split it instead), `reason_needed`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if incident.closed_at is None:
        return Rejection("incident_open", {"incident": asked.incident})
    if incident.replaced_by:
        return Rejection("incident_replaced", {"incident": incident.id, "by": incident.replaced_by})
    if not asked.reason.strip():
        return Rejection("reason_needed")
    return [IncidentReopened(asked.incident, asked.reason)]


DECIDERS: Deciders = {CloseIncident: decide_close_incident, ReopenIncident: decide_reopen_incident}
APPLIERS: Appliers = {}

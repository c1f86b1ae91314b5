"""An incident as an EIDO: everything that is known of it now, for whoever may see it.

Ids are stable, so that a receiver sees what changed. What EIDO has no place for is not forced into it: a unit's times
travel as its status at each change, and an emergency, which version 1.0 of the schema describes and has no component
for, as a note.
"""

from collections.abc import Iterator
from html import escape
from typing import Literal

from redstick.dispatch.exchange.calls import call_parts
from redstick.dispatch.exchange.ids import component_id, incident_urn
from redstick.dispatch.exchange.places import location_of
from redstick.dispatch.exchange.profile import Profile, incident_type, known_disposition
from redstick.dispatch.exchange.resources import resource_parts
from redstick.dispatch.rules.assignments import Assignment
from redstick.dispatch.rules.command_board import EIDO_STATUSES
from redstick.dispatch.rules.incidents import Incident, status_of
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Instant
from redstick.protocols.eido import components as eido
from redstick.protocols.times import write_time


def eido_of(state: Dispatch, name: str, at: Instant, profile: Profile) -> eido.Eido:
    """The EIDO of an incident as of its last change `at`. `name` must be a live incident."""
    incident = state.incidents[name]
    calls = call_parts([state.calls[call] for call in incident.calls], profile)
    places = list(_places(incident, profile))
    resources = resource_parts(state, parts_of(incident), [one.unit for one in incident.stacked], incident.id, profile)
    notes = list(_notes(state, incident, profile))
    ours = eido.Reference(profile.agency.id)
    return eido.Eido(
        id=incident_urn(name, profile.element),
        last_update_time_stamp=write_time(at),
        updated_by_agency_reference=ours,
        eido_version=eido.VERSION,
        issuing_element_identification=profile.element,
        merge_component=tuple(_merges(incident, at, profile)),
        link_component=tuple(_links(incident, at, profile)),
        incident_component=_incident(state, incident, at, profile, places, calls.persons, notes),
        agency_component=_agencies(incident, profile, resources.agencies),
        agent_component=calls.agents,
        call_component=calls.calls,
        callback_component=calls.callbacks,
        person_component=calls.persons,
        location_component=(*places, *calls.locations, *resources.locations),
        emergency_resource_component=resources.resources,
        dispatch_component=resources.dispatches,
        notes_component=tuple(notes),
    )


def parts_of(incident: Incident) -> list[Assignment]:
    """Every assignment, earlier ones too, in the order of sending."""
    return sorted([*incident.earlier, *incident.assignments.values()], key=lambda part: part.sequence)


def _incident(
    state: Dispatch,
    incident: Incident,
    at: Instant,
    profile: Profile,
    places: list[eido.Location],
    persons: tuple[eido.Person, ...],
    notes: list[eido.Note],
) -> eido.Incident:
    return eido.Incident(
        id=component_id(profile.element, incident.id),
        last_update_time_stamp=write_time(at),
        updated_by_agency_reference=eido.Reference(profile.agency.id),
        incident_type_common_registry_text=incident_type(state, profile, incident.kind, incident.group),
        incident_type_internal_text=incident.kind or None,
        incident_status_common_registry_text=_statuses(incident),
        internal_incident_id=incident.number or None,
        location_reference=tuple(eido.Reference(place.id) for place in places),
        person_reference=tuple(eido.Reference(person.id) for person in persons),
        incident_priority_internal_text=str(incident.priority),
        beat_or_dispatch_group_text=incident.zones.get("beat") or incident.group or None,
        disposition_component=tuple(_dispositions(state, incident, profile)),
        notes_reference=tuple(eido.Reference(note.id) for note in notes),
    )


def _statuses(incident: Incident) -> tuple[str, ...]:
    """How far it is, whether it is elsewhere than was thought, and the benchmarks that the standard knows."""
    moved = ["NewLocation"] if incident.former_places and incident.closed_at is None else []
    reached = [mark.benchmark for mark in incident.marks if mark.benchmark in EIDO_STATUSES and not mark.taken_back]
    return tuple(dict.fromkeys([status_of(incident), *moved, *reached]))


def _dispositions(state: Dispatch, incident: Incident, profile: Profile) -> Iterator[eido.Disposition]:
    """How it ended, and for whom otherwise; what has no common code stands in a note."""
    if incident.closed_at is None:
        return
    for agency, word in _endings(incident):
        code = known_disposition(state, word)
        if code is not None:
            yield eido.Disposition(
                id=component_id(profile.element, incident.id, "disposition", agency),
                last_update_time_stamp=write_time(incident.closed_at),
                updated_by_agency_reference=eido.Reference(profile.agency.id),
                disposition_common_registry_code=code,
                disposition_primary_indicator=not agency,
                disposition_category_text=agency or None,
                disposition_description_text=word,
            )


def _endings(incident: Incident) -> list[tuple[str, str]]:
    """The disposition for everybody, then those of agencies for which it ended otherwise."""
    return [("", incident.disposition), *sorted(incident.dispositions.items())]


def _merges(incident: Incident, at: Instant, profile: Profile) -> Iterator[eido.Merge]:
    """Incidents that this one goes on for, and the one that goes on for it."""
    found: list[tuple[str, Literal["REPLACING", "REPLACED"]]] = [(name, "REPLACING") for name in incident.replaces]
    if incident.replaced_by:
        found.append((incident.replaced_by, "REPLACED"))
    for other, direction in found:
        yield eido.Merge(
            id=component_id(profile.element, incident.id, "merge", other),
            last_update_time_stamp=write_time(at),
            updated_by_agency_reference=eido.Reference(profile.agency.id),
            incident_tracking_identifier=incident_urn(other, profile.element),
            incident_merge_direction_code=direction,
        )


def _links(incident: Incident, at: Instant, profile: Profile) -> Iterator[eido.Link]:
    """Incidents that have to do with it and stay apart."""
    for other, relation in incident.links.items():
        yield eido.Link(
            id=component_id(profile.element, incident.id, "link", other),
            last_update_time_stamp=write_time(at),
            updated_by_agency_reference=eido.Reference(profile.agency.id),
            incident_tracking_identifier=incident_urn(other, profile.element),
            link_direction_code=relation.value,
        )


def _places(incident: Incident, profile: Profile) -> Iterator[eido.Location]:
    """Where it is now and, if it moved, where it was first thought to be."""
    current = (incident.place, "CurrentIncident", incident.moved_at[-1] if incident.moved_at else incident.opened_at)
    first = [(place, "InitialIncident", incident.opened_at) for place in incident.former_places[:1]]
    for place, kind, since in (current, *first):
        drawn = location_of(place, kind, since, (incident.id, kind), profile)
        if drawn is not None:
            yield drawn


def _notes(state: Dispatch, incident: Incident, profile: Profile) -> Iterator[eido.Note]:
    said = [(str(count), note.at, note.text) for count, note in enumerate(incident.notes, 1)]
    for agency, word in _endings(incident) if incident.closed_at is not None else ():
        if word and known_disposition(state, word) is None:
            text = f"Disposition: {word} ({agency})" if agency else f"Disposition: {word}"
            said.append((f"disposition {agency}", incident.closed_at or 0, text))
    for part in parts_of(incident):
        since = state.units[part.unit].emergency_at
        if since is not None and part.ended_at is None:
            said.append((f"emergency {part.unit}", since, f"{part.unit}: emergency"))
    for name, at, text in said:
        yield eido.Note(
            id=component_id(profile.element, incident.id, "note", name),
            last_update_time_stamp=write_time(at),
            updated_by_agency_reference=eido.Reference(profile.agency.id),
            notes_action_comments=escape(text, quote=False),
        )


def _agencies(incident: Incident, profile: Profile, others: tuple[str, ...]) -> tuple[eido.Agency, ...]:
    """Ourselves, who own the incident, and the agencies whose units were sent, where the profile knows them."""
    known = {profile.agency.id: profile.agency}
    known |= {agency.id: agency for name in others if (agency := profile.responders.get(name)) is not None}
    return tuple(
        eido.Agency(
            id=agency.id,
            last_update_time_stamp=write_time(incident.opened_at),
            updated_by_agency_reference=eido.Reference(profile.agency.id),
            agency_role_description_registry_text=agency.roles,
            agency_type=agency.types,
            incident_owning_agency_indicator=agency is profile.agency,
        )
        for agency in known.values()
    )

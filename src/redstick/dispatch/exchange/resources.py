"""Units and their assignments as EIDO components: who was sent, what each is doing, where it is."""

from collections.abc import Sequence
from typing import NamedTuple

from redstick.dispatch.exchange.ids import component_id, incident_urn
from redstick.dispatch.exchange.places import location_of
from redstick.dispatch.exchange.profile import Profile
from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import Assignment
from redstick.dispatch.rules.units import Unit
from redstick.dispatch.state import Dispatch
from redstick.protocols.eido import components as eido
from redstick.protocols.times import write_time


class ResourceParts(NamedTuple):
    """The components that assignments make, and the names of the agencies that own the units."""

    resources: tuple[eido.Resource, ...]
    dispatches: tuple[eido.Dispatch, ...]
    locations: tuple[eido.Location, ...]
    agencies: tuple[str, ...]


def resource_parts(
    state: Dispatch, parts: Sequence[Assignment], waiting: Sequence[str], incident: str, profile: Profile
) -> ResourceParts:
    """The components of assignments in the order of sending, then the units for which the incident is `waiting`.

    Each unit stands once, as it is now. One that has left stays listed, so that who was sent can be seen; its status
    then says that it is elsewhere.
    """
    units = [state.units[name] for name in dict.fromkeys([*(part.unit for part in parts), *waiting])]
    stacked = incident_urn(incident, profile.element)
    places = {unit.id: _place(unit, profile) for unit in units}
    return ResourceParts(
        tuple(_resource(unit, places[unit.id], stacked if unit.id in waiting else "", profile) for unit in units),
        tuple(_dispatch(part, state.units[part.unit], incident, profile) for part in parts),
        tuple(place for place in places.values() if place is not None),
        tuple(dict.fromkeys(unit.agency for unit in units)),
    )


def _resource(unit: Unit, place: eido.Location | None, stacked: str, profile: Profile) -> eido.Resource:
    common = [profile.attribute(capability) for capability in unit.capabilities]
    work = [incident_urn(name, profile.element) for name in unit.work]
    return eido.Resource(
        id=_name(unit.id, profile),
        last_update_time_stamp=write_time(unit.since),
        updated_by_agency_reference=eido.Reference(profile.agency.id),
        emergency_resource_type_common_registry_text=profile.resource_type(unit.kind),
        emergency_resource_type_internal_text=unit.kind or None,
        emergency_resource_name=unit.id,
        resource_attribute_registry_text=tuple(dict.fromkeys(code for code in common if code is not None)),
        resource_attribute_internal_text=tuple(unit.capabilities),
        primary_unit_status_registry_text=unit.primary,
        secondary_unit_status_registry_text=unit.secondaries,
        unit_status_internal=(unit.status,),
        agent_reference=(),
        unit_location_reference=None if place is None else eido.Reference(place.id),
        active_on_incident_id=work[0] if work else None,
        stacked_on_incident_id=(*work[1:], *([stacked] if stacked else [])),
    )


def _place(unit: Unit, profile: Profile) -> eido.Location | None:
    place = Place(x=unit.x, y=unit.y, source="unit", uncertainty_m=0)
    return location_of(place, "UnitLocation", unit.seen_at or unit.since, ("unit", unit.id), profile)


def _dispatch(part: Assignment, unit: Unit, incident: str, profile: Profile) -> eido.Dispatch:
    agency = profile.responders.get(unit.agency)
    sent = part.stamps.get("dispatched", part.stamps.get("assigned", unit.since))
    return eido.Dispatch(
        id=component_id(profile.element, incident, "dispatch", str(part.sequence)),
        last_update_time_stamp=write_time(sent if part.ended_at is None else part.ended_at),
        updated_by_agency_reference=eido.Reference(profile.agency.id),
        agency_reference=None if agency is None else eido.Reference(agency.id),
        emergency_resource_reference=(eido.Reference(_name(part.unit, profile)),),
    )


def _name(unit: str, profile: Profile) -> str:
    return component_id(profile.element, "unit", unit)

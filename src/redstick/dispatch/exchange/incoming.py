"""A foreign EIDO as commands: open the incident, write down its calls, add what is new to the narrative.

Others' ids make ours, and a note says which component in which version it came from: the same EIDO again, or an older
one, asks nothing. What others say is never taken over silently: a changed type, place or status is a note with its
source, and a person decides.
"""

import re
from collections.abc import Iterator
from html import unescape

from redstick.dispatch.exchange.ids import foreign_id
from redstick.dispatch.place import Place
from redstick.dispatch.rules.calls import AttachCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import MAX_NOTE, AddNote, OpenIncident
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Command
from redstick.protocols.eido.components import Call, Component, Eido, Location
from redstick.protocols.pidf_lo import read_pidf_lo

_TAG = re.compile(r"<[^<>]*>")


def commands_of(state: Dispatch, eido: Eido) -> list[Command]:
    """What is to be asked for an EIDO that has passed the strict check; nothing for one that tells nothing new.

    They are asked in this order, and hold together by the ids that they name.
    """
    source = f"eido:{eido.issuing_element_identification}"
    name = foreign_id("inc", eido.id)
    incident = state.incidents.get(name)
    places = {place.id: place for place in eido.location_component}
    found: list[Command] = []
    if incident is None:
        what = eido.incident_component
        place = _incident_place(eido, source)
        kind = "" if what is None else what.incident_type_internal_text or what.incident_type_common_registry_text
        number = "" if what is None else what.internal_incident_id or ""
        found.append(OpenIncident(name, number=number, kind=kind, place=place))
    found.extend(_calls(state, eido, name, places, source))
    known = set() if incident is None else {note.text for note in incident.notes}
    found.extend(AddNote(name, text) for text in dict.fromkeys(_notes(eido, source)) if text not in known)
    return found


def _calls(state: Dispatch, eido: Eido, incident: str, places: dict[str, Location], source: str) -> Iterator[Command]:
    numbers = {back.id: _number(back.call_back_information_uri) for back in eido.callback_component}
    for call in eido.call_component:
        name = foreign_id("call", call.id)
        known = state.calls.get(name)
        if known is None:
            callback = "" if call.call_back_reference is None else numbers.get(call.call_back_reference.ref, "")
            yield ReceiveCall(name, source, callback, _call_place(call, places, source))
            yield EndCall(name)  # it is spoken there, not here
        if known is None or known.incident != incident:
            yield AttachCall(name, incident)


def _notes(eido: Eido, source: str) -> Iterator[str]:
    """What is told, each line with who told it and which version of which component it is."""
    what = eido.incident_component
    if what is not None:
        statuses = ", ".join(what.incident_status_common_registry_text) or "no status"
        kind = what.incident_type_internal_text or what.incident_type_common_registry_text
        yield _line(eido, source, what, f"{kind}; {statuses}")
    for place in eido.location_component:
        if place.location_type_description_registry_text == "CurrentIncident":
            yield _line(eido, source, place, f"location: {_words(place)}")
    for note in eido.notes_component:
        yield _line(eido, source, note, unescape(_TAG.sub("", note.notes_action_comments)))
    for unit in eido.emergency_resource_component:
        name = unit.emergency_resource_name or unit.id
        status = ", ".join((unit.primary_unit_status_registry_text, *unit.secondary_unit_status_registry_text))
        yield _line(eido, source, unit, f"{name}: {status}")


def _line(eido: Eido, source: str, component: Component, text: str) -> str:
    version = f"{component.id} of {component.last_update_time_stamp}"
    return f"{text} [{source}, {eido.updated_by_agency_reference.ref}, {version}]"[:MAX_NOTE]


def _incident_place(eido: Eido, source: str) -> Place:
    """Where it is now, else where it was first thought to be, else where a caller is."""
    for kind in ("CurrentIncident", "InitialIncident", "Caller"):
        for place in eido.location_component:
            if place.location_type_description_registry_text == kind:
                return _place(place, source)
    return Place(source=source)


def _call_place(call: Call, places: dict[str, Location], source: str) -> Place:
    for reference in call.location_reference:
        if reference.ref in places:
            return _place(places[reference.ref], source)
    return Place(source=source)


def _place(place: Location, source: str) -> Place:
    """As it was said there, unverified here."""
    shape = None if place.location_by_value is None else read_pidf_lo(place.location_by_value)
    text = place.location_description_text or ""
    if shape is None:
        return Place(text, source=source)
    return Place(text, shape.x, shape.y, quality="device", source=source, uncertainty_m=shape.radius_m or None)


def _words(place: Location) -> str:
    shape = None if place.location_by_value is None else read_pidf_lo(place.location_by_value)
    at = "" if shape is None else f"{shape.y / 1e7:.5f}, {shape.x / 1e7:.5f} within {shape.radius_m} m"
    return "; ".join(part for part in (place.location_description_text or "", at) if part) or "by reference"


def _number(uris: tuple[str, ...]) -> str:
    return next((uri.partition(":")[2] for uri in uris if uri.startswith("tel:")), "")

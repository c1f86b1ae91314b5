"""An EIDO as an audience may see it: what it may not see is not in it at all, and nothing refers to it."""

import msgspec

from redstick.dispatch.reads.seats import FIELD, FLOOR
from redstick.protocols.eido.components import Eido

AUDIENCES = (FLOOR, FIELD)  # oversight and the public are told no EIDOs: those name the place


def for_audience(eido: Eido, audience: str) -> Eido:
    """The floor is told everything, crews no caller. Raises KeyError for an audience that is told nothing."""
    if audience == FLOOR:
        return eido
    if audience != FIELD:
        raise KeyError(audience)
    incident = eido.incident_component
    places = eido.location_component
    return msgspec.structs.replace(
        eido,
        incident_component=None if incident is None else msgspec.structs.replace(incident, person_reference=()),
        call_component=(),
        callback_component=(),
        person_component=(),
        agent_component=(),
        location_component=tuple(one for one in places if one.location_type_description_registry_text != "Caller"),
    )

"""Places of dispatch as EIDO locations: the words as they were said, and a shape where there is a position."""

from redstick.dispatch.exchange.ids import component_id
from redstick.dispatch.exchange.profile import Profile
from redstick.dispatch.place import Place
from redstick.kernel.values import Instant
from redstick.protocols.eido import components as eido
from redstick.protocols.pidf_lo import Shape, write_pidf_lo
from redstick.protocols.times import write_time


def location_of(
    place: Place, kind: str, since: Instant, parts: tuple[str, ...], profile: Profile
) -> eido.Location | None:
    """A location of a kind (a code of the registry); None where nothing is known. `parts` make its id.

    A position is drawn with how far the truth may lie from it, as said or as its quality usually is.
    """
    if not place.text and not place.located:
        return None
    name = component_id(profile.element, *parts, "location")
    by_value = None
    if place.x is not None and place.y is not None:
        by_value = write_pidf_lo(Shape(place.x, place.y, place.reach_m), f"pres:{name}")
    words = ", ".join(part for part in (place.text, place.municipality) if part)
    return eido.Location(
        id=name,
        last_update_time_stamp=write_time(since),
        updated_by_agency_reference=eido.Reference(profile.agency.id),
        location_type_description_registry_text=kind,
        location_by_value=by_value,
        location_description_text=words or None,
    )

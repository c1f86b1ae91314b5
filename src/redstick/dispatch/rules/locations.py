"""Locations: every one that was said of a call or an incident is kept, and none overwrites another.

A supplemental location stands beside the regulated one, never in its place, until a person promotes it by one
deliberate command. What was entered stays as it was entered: the address alerted is that one. An address is confirmed
in two steps: written down, then read back; where the caller says another than was written, that is flagged and not
silently corrected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.place import Located, LocationType, Place, plain
from redstick.dispatch.rules.extents import place_flags
from redstick.dispatch.rules.incidents import Incident, IncidentMoved, not_open
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

READ_BACK_DIFFERS = "place_read_back_differs"


@event("dispatch.location_added", subjects=("call",))
class LocationAdded(Event, frozen=True):
    """Another location of a call is known: a rebid, a supplemental source, a caller's word."""

    call: str
    place: Place
    type: LocationType = LocationType.CALLER
    flags: list[str] = []


@event("dispatch.location_promoted", subjects=("incident", "call"))
class LocationPromoted(Event, frozen=True):
    """A person took the `number`th supplemental location of a call (from 0) for where the incident is."""

    incident: str
    call: str
    number: int


@event("dispatch.address_confirmed", subjects=("incident",))
class AddressConfirmed(Event, frozen=True):
    """The caller heard the address as it was written, and said that it is right."""

    incident: str
    text: str


@event("dispatch.address_differed", subjects=("incident",))
class AddressDiffered(Event, frozen=True):
    """The caller said another address than was written: the incident stays where it is, and is flagged."""

    incident: str
    text: str
    heard: str


@command("dispatch.add_location")
class AddLocation(Command, frozen=True):
    """Keep another location of a call, beside those that are known."""

    call: str
    place: Place
    type: LocationType = LocationType.CALLER
    by_machine: bool = False


@command("dispatch.promote_location")
class PromoteLocation(Command, frozen=True):
    """Take a supplemental location of a call for where the incident is. `zones` are those of its position."""

    incident: str
    call: str
    number: int
    zones: dict[str, str] = {}


@command("dispatch.read_back_address")
class ReadBackAddress(Command, frozen=True):
    """Say what the caller `heard` and agreed to when `text` was read back."""

    incident: str
    text: str
    heard: str


def decide_add_location(state: Dispatch, asked: AddLocation, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `location_empty`; of a machine, `place_impossible` (says why)."""
    del now
    if asked.call not in state.calls:
        return Rejection("call_unknown", {"call": asked.call})
    if not asked.place.located and not asked.place.text.strip():
        return Rejection("location_empty", {"call": asked.call})
    flags = place_flags(state, asked.place)
    if flags and asked.by_machine:
        return Rejection("place_impossible", {"why": flags[0].removeprefix("place_")})
    return [LocationAdded(asked.call, asked.place, asked.type, flags)]


def apply_location_added(state: Dispatch, happened: LocationAdded, at: Instant) -> None:
    """Kept at the end; the call's own location is untouched."""
    state.calls[happened.call].supplemental.append(Located(happened.place, happened.type, at))


def decide_promote_location(state: Dispatch, asked: PromoteLocation, now: Instant) -> Decision:
    """The position is promoted; the address that was entered stays, where one was, and counts as unconfirmed.

    Rejections: `incident_unknown`, `incident_closed`, `call_unknown`, `call_not_attached`, `location_unknown` (says how
    many there are).
    """
    del now
    incident, call = state.incidents.get(asked.incident), state.calls.get(asked.call)
    if incident is None or incident.closed_at is not None:
        return not_open(asked.incident, incident)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    if call.incident != asked.incident:
        return Rejection("call_not_attached", {"call": call.id, "incident": call.incident})
    if not 0 <= asked.number < len(call.supplemental):
        return Rejection("location_unknown", {"call": call.id, "known": len(call.supplemental)})
    promoted = call.supplemental[asked.number].place
    place = msgspec.structs.replace(promoted, text=incident.place.text or promoted.text, caller_confirmed=False)
    if place == incident.place:
        return []
    moved = IncidentMoved(asked.incident, place, asked.zones, place_flags(state, place))
    return [LocationPromoted(asked.incident, asked.call, asked.number), moved]


def apply_location_promoted(state: Dispatch, happened: LocationPromoted, at: Instant) -> None:
    """Where the incident is now is said by the move that comes with it."""
    del state, happened, at


def decide_read_back_address(state: Dispatch, asked: ReadBackAddress, now: Instant) -> Decision:
    """What was read back must still be what is written.

    Rejections: `incident_unknown`, `incident_closed`, `address_changed` (says what stands there), `nothing_heard`.
    """
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        return not_open(asked.incident, incident)
    if asked.text != incident.place.text:
        return Rejection("address_changed", {"incident": incident.id, "text": incident.place.text})
    if not plain(asked.heard):
        return Rejection("nothing_heard", {"incident": incident.id})
    if plain(asked.heard) != plain(asked.text):
        return [AddressDiffered(incident.id, asked.text, asked.heard)]
    return [] if incident.place.caller_confirmed else [AddressConfirmed(incident.id, asked.text)]


def apply_address_confirmed(state: Dispatch, happened: AddressConfirmed, at: Instant) -> None:
    """Confirmed by the caller; whether the geofile knows it is another matter."""
    del at
    incident = state.incidents[happened.incident]
    incident.place = msgspec.structs.replace(incident.place, caller_confirmed=True)
    incident.flags = [flag for flag in incident.flags if flag != READ_BACK_DIFFERS]


def apply_address_differed(state: Dispatch, happened: AddressDiffered, at: Instant) -> None:
    """Flagged until it is read back again or the incident is moved."""
    del at
    incident = state.incidents[happened.incident]
    incident.place = msgspec.structs.replace(incident.place, caller_confirmed=False)
    incident.flags = [*(flag for flag in incident.flags if flag != READ_BACK_DIFFERS), READ_BACK_DIFFERS]


def timeline(state: Dispatch, incident: Incident) -> list[Located]:
    """Every location of an incident and of its calls in order of time, each with its source and uncertainty.

    The first place is the initial one, the one that holds the current one; both when it never moved.
    """
    places = [*incident.former_places, incident.place]
    since = [incident.opened_at, *incident.moved_at]
    told = [Located(place, LocationType.CURRENT, at) for place, at in zip(places, since, strict=False)]
    told.insert(0, Located(places[0], LocationType.INITIAL, incident.opened_at))
    for call in (state.calls[name] for name in incident.calls):
        told += [Located(call.place, LocationType.CALLER, call.received_at), *call.supplemental]
    return sorted((one for one in told if one.place != Place()), key=lambda one: one.at or 0)


DECIDERS: Deciders = {
    AddLocation: decide_add_location,
    PromoteLocation: decide_promote_location,
    ReadBackAddress: decide_read_back_address,
}
APPLIERS: Appliers = {
    LocationAdded: apply_location_added,
    LocationPromoted: apply_location_promoted,
    AddressConfirmed: apply_address_confirmed,
    AddressDiffered: apply_address_differed,
}

"""Calls as EIDO components: the call, who called, where from, how to call back, which seat answered."""

from collections.abc import Sequence
from typing import NamedTuple

from redstick.dispatch.exchange.ids import call_urn, component_id
from redstick.dispatch.exchange.places import location_of
from redstick.dispatch.exchange.profile import Profile
from redstick.dispatch.rules.calls import Call, CallState
from redstick.protocols.eido import components as eido
from redstick.protocols.times import write_time

# i3 call states that we have read: callBegin, callAnswered, callEnd. On hold or under transfer it is answered still.
UNDER_WAY = {
    CallState.PRESENTED: "callBegin",
    CallState.ANSWERED: "callAnswered",
    CallState.ON_HOLD: "callAnswered",
    CallState.TRANSFERRING: "callAnswered",
}
OVER = "callEnd"
CALL_TAKING = "Call Taking"  # a role of agents, as the published sample spells it


class CallParts(NamedTuple):
    """The components that calls make."""

    calls: tuple[eido.Call, ...]
    persons: tuple[eido.Person, ...]
    callbacks: tuple[eido.Callback, ...]
    locations: tuple[eido.Location, ...]
    agents: tuple[eido.Agent, ...]


def call_parts(calls: Sequence[Call], profile: Profile) -> CallParts:
    """The components of calls, in their order; a seat that answered several is named once."""
    answered = {call.seat: call for call in reversed(calls) if call.seat}
    places = [_places(call, profile) for call in calls]
    known = [call for call in calls if call.callback]
    return CallParts(
        tuple(_call(call, some, profile) for call, some in zip(calls, places, strict=True)),
        tuple(_person(call, profile) for call in known),
        tuple(_callback(call, profile) for call in known),
        tuple(place for some in places for place in some),
        tuple(_agent(seat, answered[seat], profile) for seat in sorted(answered)),
    )


def _call(call: Call, places: Sequence[eido.Location], profile: Profile) -> eido.Call:
    name = call_urn(call.id, profile.element)
    times = [time for time in (call.received_at, call.answered_at, call.ended_at) if time is not None]
    return eido.Call(
        id=name,
        last_update_time_stamp=write_time(max(times)),
        updated_by_agency_reference=eido.Reference(profile.agency.id),
        standard_primary_call_type="emergency",
        local_call_type=call.source or None,
        direction="incoming",
        call_start_timestamp=write_time(call.received_at),
        answer_date=None if call.answered_at is None else write_time(call.answered_at),
        call_state_registry_text=UNDER_WAY.get(call.state, OVER),
        call_back_reference=eido.Reference(_part(call, "callback", profile)) if call.callback else None,
        person_reference=(eido.Reference(_part(call, "caller", profile)),) if call.callback else (),
        location_reference=tuple(eido.Reference(place.id) for place in places),
        agent_reference=(eido.Reference(_seat(call.seat, profile)),) if call.seat else (),
    )


def _places(call: Call, profile: Profile) -> list[eido.Location]:
    """Where the call says that it comes from, and what other sources say, beside it and never in its place."""
    found = [location_of(call.place, "Caller", call.received_at, (call.id, "caller"), profile)]
    for count, one in enumerate(call.supplemental, 1):
        since = call.received_at if one.at is None else one.at
        found.append(location_of(one.place, one.type, since, (call.id, "supplemental", str(count)), profile))
    return [place for place in found if place is not None]


def _person(call: Call, profile: Profile) -> eido.Person:
    return eido.Person(
        id=_part(call, "caller", profile),
        last_update_time_stamp=write_time(call.received_at),
        updated_by_agency_reference=eido.Reference(profile.agency.id),
        person_incident_role_registry_text=("Caller",),
        call_identifier=(call_urn(call.id, profile.element),),
        call_back_reference=eido.Reference(_part(call, "callback", profile)),
    )


def _callback(call: Call, profile: Profile) -> eido.Callback:
    number = "".join(sign for sign in call.callback if sign.isdecimal() and sign.isascii())
    uri = f"tel:{'+' if call.callback.lstrip().startswith('+') else ''}{number}"
    return eido.Callback(
        id=_part(call, "callback", profile),
        last_update_time_stamp=write_time(call.received_at),
        updated_by_agency_reference=eido.Reference(profile.agency.id),
        call_back_information_uri=(uri,) if number else (),
    )


def _agent(seat: str, call: Call, profile: Profile) -> eido.Agent:
    return eido.Agent(
        id=_seat(seat, profile),
        last_update_time_stamp=write_time(call.answered_at or call.received_at),
        updated_by_agency_reference=eido.Reference(profile.agency.id),
        agent_role_registry_text=(CALL_TAKING,),
        agent_workstation_position_identification=seat,
        agency_reference=eido.Reference(profile.agency.id),
    )


def _seat(seat: str, profile: Profile) -> str:
    return component_id(profile.element, "seat", seat)


def _part(call: Call, name: str, profile: Profile) -> str:
    return component_id(profile.element, call.id, name)

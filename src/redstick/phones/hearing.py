"""When a leg of one of our phones or trunks is offered, a call is begun; when the leg is over, the call is.

So a call to 911 is told on site, and every call has its record, whatever ends in between.
"""

from collections.abc import Iterable

from redstick.kernel.envelope import Envelope
from redstick.kernel.reactions import Reaction
from redstick.kernel.values import Command
from redstick.phones.rules.calls import BeginPhoneCall, EndPhoneCall
from redstick.phones.state import Phones
from redstick.published.comms import Arrival, LegEnded, LegOffered, LineKind

UNKNOWN = "unknown"  # who calls from outside under a number of ours, which proves nothing
CAUSES = {"bye": "the caller hung up", "cancelled": "the caller gave up"}


def caller_of(state: Phones, arrival: Arrival) -> str:
    """The extension whose phone calls; from a trunk the number that it says, unless that is one of ours."""
    device = state.devices.get(arrival.device)
    if device is not None:
        return device.number
    return UNKNOWN if not arrival.number or arrival.number in state.numbers else arrival.number


def when_leg_offered_then_begin_phone_call(
    state: Phones, happened: LegOffered, envelope: Envelope
) -> Iterable[Command]:
    """Of a phone or a trunk of ours; on a 911 line of a phone alone, for nobody else's call is told on site.

    What is offered anew, to the floor, is the same call still.
    """
    del envelope
    arrival = happened.arrival
    if any(call.leg == happened.leg for call in state.calls.values()):
        return []
    known = arrival.device in state.devices
    if not known and arrival.line is not LineKind.PHONE:
        return []
    caller, shown = caller_of(state, arrival), arrival.number
    return [BeginPhoneCall(happened.leg, caller, arrival.target, arrival.device, happened.leg, shown)]


def when_leg_ended_then_end_phone_call(state: Phones, happened: LegEnded, envelope: Envelope) -> Iterable[Command]:
    """With the leg of whoever called; whoever was called is hung up then, and has no record of their own."""
    del envelope
    cause = CAUSES.get(happened.cause, happened.cause) if happened.who == "them" else happened.cause
    return [EndPhoneCall(call.id, cause) for call in state.calls.values() if call.leg == happened.leg]


REACTIONS = (
    Reaction("when_leg_offered_then_begin_phone_call", LegOffered, when_leg_offered_then_begin_phone_call),
    Reaction("when_leg_ended_then_end_phone_call", LegEnded, when_leg_ended_then_end_phone_call),
)

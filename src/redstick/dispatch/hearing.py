"""When a leg is offered on a 911 line, a call is received; when it is over, the call is.

Comms says what came; what that is for the floor is said here. Admin and test lines make no call. A callback that comms
places is the one that is owed, and a caller who is handed on is so on the floor too.
"""

from collections.abc import Iterable

from redstick.dispatch.place import Place
from redstick.dispatch.rules.callbacks import Attempt, AttemptCallback, ClaimCallback
from redstick.dispatch.rules.calls import (
    AbandonCall,
    AnswerCall,
    CallState,
    EndCall,
    HoldCall,
    LeaveCall,
    ReceiveCall,
    ResumeCall,
    TransferCall,
)
from redstick.dispatch.rules.locations import AddLocation
from redstick.dispatch.state import Dispatch
from redstick.kernel.envelope import Envelope
from redstick.kernel.reactions import Reaction
from redstick.kernel.values import Command
from redstick.published.comms import (
    AliReceived,
    CallbackPlaced,
    CallbackSettled,
    CallerLeft,
    Fix,
    LegEnded,
    LegHeld,
    LegOffered,
    LegRelocated,
    LegResumed,
    TransferBegun,
    TransferEnded,
)

SOURCE = "911"
OVER = (CallState.ENDED, CallState.DIVERTED)
DEVICE, CELL = "device", "cell"
# Methods of RFC 4119's registry that place a network element, not whoever calls.
COARSE_METHODS = ("cell", "cellid", "dhcp", "derived", "otdoa-cell", "tower")
CELL_REACH_M = 5_000  # of a bare point of such a method: on the wide side of what a sector in town covers


def place_of(fix: Fix) -> Place:
    """The place that a fix says: never a bare pin where its radius is known, and a tower never as good as a device."""
    coarse = fix.method.lower() in COARSE_METHODS
    reach = fix.radius_m if fix.radius_m is not None or not coarse else CELL_REACH_M
    located = fix.x is not None
    return Place(
        text=fix.text,
        x=fix.x,
        y=fix.y,
        municipality=fix.municipality,
        quality=(CELL if coarse else DEVICE) if located else "",
        source=f"{SOURCE} {fix.method}".strip(),
        uncertainty_m=reach if located else None,
    )


def when_leg_offered_then_receive_call(state: Dispatch, happened: LegOffered, envelope: Envelope) -> Iterable[Command]:
    """With the first fix that says where; every other one stands beside it."""
    del envelope
    if not happened.call or happened.call in state.calls:
        return []
    places = [place for fix in happened.arrival.fixes if (place := place_of(fix)).located or place.text]
    first, *others = places or [Place()]
    received = ReceiveCall(happened.call, SOURCE, happened.arrival.number, first)
    return [received, *(AddLocation(happened.call, place) for place in others)]


def when_leg_relocated_then_add_location(
    state: Dispatch, happened: LegRelocated, envelope: Envelope
) -> Iterable[Command]:
    """Beside what is known, never over it."""
    del envelope
    if happened.call not in state.calls:
        return []
    places = (place_of(fix) for fix in happened.fixes)
    return [AddLocation(happened.call, place) for place in places if place.located or place.text]


def when_leg_ended_then_end_call(state: Dispatch, happened: LegEnded, envelope: Envelope) -> Iterable[Command]:
    """Nobody had answered: a callback is owed. Both are asked then, for a seat may answer in between.

    A leg that was over at once is so before its call is here: that is received first, since it was asked for first.
    """
    del envelope
    call = state.calls.get(happened.call)
    if not happened.call or (call is not None and call.state in OVER):
        return []
    ended = EndCall(happened.call)
    return [AbandonCall(happened.call), ended] if call is None or call.state is CallState.PRESENTED else [ended]


def when_ali_received_then_receive(state: Dispatch, happened: AliReceived, envelope: Envelope) -> Iterable[Command]:
    """A call of a center that keeps its own phones, answered where its telephone is; or a place beside its own."""
    del envelope
    place = place_of(happened.fix)
    if happened.call in state.calls:
        return [AddLocation(happened.call, place)] if place.located or place.text else []
    received = ReceiveCall(happened.call, SOURCE, happened.number, place)
    return [received, *([AnswerCall(happened.call, happened.seat)] if happened.seat else [])]


def when_callback_placed_then_claim(state: Dispatch, happened: CallbackPlaced, envelope: Envelope) -> Iterable[Command]:
    """The seat has it, so that no other calls there as well; a number to which nothing is owed is no matter of ours."""
    del envelope
    return [ClaimCallback(happened.number, happened.seat)] if happened.number in state.callbacks else []


def when_callback_settled_then_say_so(
    state: Dispatch, happened: CallbackSettled, envelope: Envelope
) -> Iterable[Command]:
    """Reached or tried."""
    del envelope
    result = Attempt(happened.result)
    owed = happened.number in state.callbacks
    return [AttemptCallback(happened.number, happened.seat, result)] if owed else []


def when_transfer_begun_then_transfer(
    state: Dispatch, happened: TransferBegun, envelope: Envelope
) -> Iterable[Command]:
    """It is being handed on, and still the seat's."""
    del envelope
    return [TransferCall(happened.call, happened.to)] if happened.call in state.calls else []


def when_transfer_failed_then_resume(state: Dispatch, happened: TransferEnded, envelope: Envelope) -> Iterable[Command]:
    """The seat speaks with the caller as before; where it has somebody else by now, whom it keeps, the caller waits.

    What has been handed on ends with its leg, or is another seat's. A seat that is gone speaks with nobody.
    """
    del envelope
    call = state.calls.get(happened.call)
    if happened.done or call is None or call.state is not CallState.TRANSFERRING or call.left:
        return []
    waits = happened.waits or _speaks_with_another(state, happened.call, happened.seat)
    return [HoldCall(happened.call) if waits else ResumeCall(happened.call, happened.seat)]


def when_set_aside_then_hold(state: Dispatch, happened: LegHeld, envelope: Envelope) -> Iterable[Command]:
    """A seat has gone to another leg: its caller is on hold, as by its own hand. What is held here is known here."""
    del envelope
    call = state.calls.get(happened.call)
    mine = call is not None and call.state is CallState.ANSWERED and call.seat == happened.by and not call.left
    return [HoldCall(happened.call)] if mine and happened.meanwhile else []


def when_returned_to_then_resume(state: Dispatch, happened: LegResumed, envelope: Envelope) -> Iterable[Command]:
    """Nobody answered where the seat called: it speaks with its caller again, unless it has another by now."""
    del envelope
    call = state.calls.get(happened.call)
    mine = call is not None and call.state is CallState.ON_HOLD and call.seat == happened.by and not call.left
    if not mine or not happened.after or _speaks_with_another(state, happened.call, happened.by):
        return []
    return [ResumeCall(happened.call, happened.by)]


def when_caller_left_then_leave(state: Dispatch, happened: CallerLeft, envelope: Envelope) -> Iterable[Command]:
    """Who was handed on, and whom nobody has any more, is any seat's to take."""
    del state, envelope
    return [LeaveCall(happened.call)]


def _speaks_with_another(state: Dispatch, name: str, seat: str) -> bool:
    spoken = (one for one in state.calls.values() if one.state is CallState.ANSWERED and one.seat == seat)
    return any(one.id != name and not one.left for one in spoken)


REACTIONS = (
    Reaction("when_leg_offered_then_receive_call", LegOffered, when_leg_offered_then_receive_call),
    Reaction("when_leg_relocated_then_add_location", LegRelocated, when_leg_relocated_then_add_location),
    Reaction("when_leg_ended_then_end_call", LegEnded, when_leg_ended_then_end_call),
    Reaction("when_ali_received_then_receive", AliReceived, when_ali_received_then_receive),
    Reaction("when_callback_placed_then_claim", CallbackPlaced, when_callback_placed_then_claim),
    Reaction("when_callback_settled_then_say_so", CallbackSettled, when_callback_settled_then_say_so),
    Reaction("when_transfer_begun_then_transfer", TransferBegun, when_transfer_begun_then_transfer),
    Reaction("when_transfer_failed_then_resume", TransferEnded, when_transfer_failed_then_resume),
    Reaction("when_set_aside_then_hold", LegHeld, when_set_aside_then_hold),
    Reaction("when_returned_to_then_resume", LegResumed, when_returned_to_then_resume),
    Reaction("when_caller_left_then_leave", CallerLeft, when_caller_left_then_leave),
)

"""Handing on: transfers, in which the caller is with somebody at every instant.

Who hands a caller on stays with them until somebody has taken over: the seat that accepts, the third party who was
spoken with first, or the far end that the network reports as reached. Until then nothing has changed but a fact that
says so; where it fails the caller is with the same seat as before, which hears why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.comms.ports import Role
from redstick.comms.rules.conversations import (
    GONE,
    FollowFloor,
    LeaveLeg,
    PartyJoined,
    PartyKind,
    TakeLeg,
    decide_follow_floor,
    decide_leave_leg,
    decide_take_leg,
    let_go,
    place_of,
    speakers,
    taken,
)
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command
from redstick.published.comms import TransferBegun, TransferEnded, TransferModel

if TYPE_CHECKING:
    from redstick.comms.rules.legs import Leg
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders

HANDED_ON = "handed_on"


class Transfer(msgspec.Struct, frozen=True):
    """A caller who is being handed on; `attended` is the leg on which who takes over is spoken with."""

    seat: str
    to: str
    model: TransferModel
    since: Instant
    attended: str = ""


@command("comms.begin_transfer")
class BeginTransfer(Command, frozen=True):
    """Hand a caller on: to another seat, to whom `attended` is a leg of ours, or blindly to a target."""

    leg: str
    seat: str
    to: str
    model: TransferModel
    attended: str = ""


@command("comms.settle_transfer")
class SettleTransfer(Command, frozen=True):
    """Say how it went. `why` is what the network said, or the seat."""

    leg: str
    done: bool
    why: str = ""


def decide_begin_transfer(state: Comms, asked: BeginTransfer, now: Instant) -> Decision:
    """Rejections: `leg_unknown`, `not_with_you`, `target_needed`, `being_transferred` (says to whom), `not_attended`.

    A seat hands nobody on to itself (`target_needed`). The last: an attended transfer needs a leg of ours that was
    answered, any other has none.
    """
    del now
    leg, conversation = state.legs.get(asked.leg), state.conversations.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    if asked.seat not in speakers(conversation):
        return Rejection("not_with_you", {"leg": leg.id, "seat": asked.seat})
    if not asked.to.strip() or (asked.model is TransferModel.SEAT and asked.to == asked.seat):
        return Rejection("target_needed", {"leg": leg.id})
    if leg.id in state.transfers:
        return Rejection("being_transferred", {"leg": leg.id, "to": state.transfers[leg.id].to})
    beside = state.legs.get(asked.attended)
    ready = beside is not None and beside.placing is not None and beside.answered_at is not None
    if ready != (asked.model is TransferModel.ATTENDED):
        return Rejection("not_attended", {"leg": leg.id, "attended": asked.attended})
    return [TransferBegun(leg.id, asked.seat, asked.to, asked.model, leg.call, asked.attended)]


def apply_transfer_begun(state: Comms, happened: TransferBegun, at: Instant) -> None:
    """The seat is still there."""
    state.transfers[happened.leg] = Transfer(happened.seat, happened.to, happened.model, at, happened.attended)


def decide_settle_transfer(state: Comms, asked: SettleTransfer, now: Instant) -> Decision:
    """Rejections: `no_transfer` (any more), `would_be_alone` (a seat has not taken it yet).

    With an attended one the third party is with the caller and the seat with neither, in one act. One to a seat is done
    by that seat alone, which takes the call. A blind one is done by the network, which then ends our leg.
    """
    del now
    transfer, leg = state.transfers.get(asked.leg), state.legs.get(asked.leg)
    if transfer is None or leg is None:
        return Rejection("no_transfer", {"leg": asked.leg})
    if not asked.done:
        return [_failed(state, leg, asked.why)]
    ended = TransferEnded(leg.id, transfer.seat, transfer.to, True, asked.why, leg.call)
    if transfer.model is TransferModel.BLIND:
        return [ended]
    if transfer.model is TransferModel.ATTENDED:
        return [ended, *_attended(state, leg, transfer)]
    return Rejection("would_be_alone", {"leg": leg.id})


def _failed(state: Comms, leg: Leg, why: str, over: str = "") -> TransferEnded:
    """A caller is not handed on, who waits where their seat speaks with somebody else, on a leg that is not `over`."""
    one = state.transfers[leg.id]
    waits = place_of(state, one.seat) not in ("", leg.id, over)
    return TransferEnded(leg.id, one.seat, one.to, done=False, why=why, call=leg.call, waits=waits)


def _attended(state: Comms, leg: Leg, transfer: Transfer) -> list[Event]:
    """The third party is with the caller, and the seat with neither."""
    third, events = state.legs[transfer.attended], list[Event]()
    if third.id not in state.conversations[leg.id].parties:
        events.append(PartyJoined(leg.id, third.id, PartyKind.LEG, Role.SPEAKER, leg.call))
    for one, other in ((third, leg), (leg, third)):
        conversation = state.conversations.get(one.id)
        if conversation is not None and transfer.seat in conversation.parties:
            events += let_go(state, one, transfer.seat, HANDED_ON, (other.id,))
    return list(dict.fromkeys(events))  # the agent is free once


def apply_transfer_ended(state: Comms, happened: TransferEnded, at: Instant) -> None:
    """Nothing is under way any more."""
    del at
    state.transfers.pop(happened.leg, None)


def decide_take_or_accept(state: Comms, asked: TakeLeg, now: Instant) -> Decision:
    """As `decide_take_leg`; and the seat to which a caller is handed on takes over from the other."""
    leg, transfer = state.legs.get(asked.leg), state.transfers.get(asked.leg)
    to = transfer.to if transfer is not None and transfer.model is TransferModel.SEAT else ""
    if leg is None or leg.call or transfer is None or to != asked.seat:
        return decide_take_leg(state, asked, now)
    ended = TransferEnded(leg.id, transfer.seat, transfer.to, done=True)
    there = transfer.seat in state.conversations[leg.id].parties
    gone = let_go(state, leg, transfer.seat, HANDED_ON) if there else []
    return [ended, *taken(state, leg, asked.seat), *gone]


def decide_follow_and_settle(state: Comms, asked: FollowFloor, now: Instant) -> Decision:
    """As `decide_follow_floor`; and a transfer ends with who speaks now: another seat's is done, its own failed."""
    decided = decide_follow_floor(state, asked, now)
    leg = next((one for one in state.legs.values() if one.call == asked.call and asked.call), None)
    transfer = state.transfers.get(leg.id) if leg is not None else None
    if isinstance(decided, Rejection) or leg is None or transfer is None or asked.held:
        return decided
    if asked.gone:
        return [_failed(state, leg, GONE), *decided] if asked.seat == transfer.seat else decided
    if not speakers(state.conversations.get(leg.id)):
        return decided
    done = asked.seat != transfer.seat
    why = "" if done else "taken back"
    return [TransferEnded(leg.id, transfer.seat, transfer.to, done, why, leg.call), *decided]


def decide_leave_and_fail(state: Comms, asked: LeaveLeg, now: Instant) -> Decision:
    """As `decide_leave_leg`; a seat that leaves whom it hands on does not hand them on any more."""
    decided = decide_leave_leg(state, asked, now)
    transfer = state.transfers.get(asked.leg)
    if isinstance(decided, Rejection) or not decided or transfer is None or transfer.seat != asked.party:
        return decided
    return [_failed(state, state.legs[asked.leg], "left"), *decided]


def given_up(state: Comms, seat: str) -> list[Event]:
    """A seat that is gone hands nobody on any more."""
    return [_failed(state, state.legs[name], GONE) for name, one in state.transfers.items() if one.seat == seat]


def failed_with(state: Comms, leg: Leg) -> list[Event]:
    """What the end of a leg changes for transfers: its own, and those to whom was spoken with on it."""
    return [
        _failed(state, state.legs[name], GONE, over=leg.id)
        for name, one in state.transfers.items()
        if leg.id in (name, one.attended)
    ]


DECIDERS: Deciders = {
    TakeLeg: decide_take_or_accept,
    FollowFloor: decide_follow_and_settle,
    LeaveLeg: decide_leave_and_fail,
    BeginTransfer: decide_begin_transfer,
    SettleTransfer: decide_settle_transfer,
}
APPLIERS: Appliers = {TransferBegun: apply_transfer_begun, TransferEnded: apply_transfer_ended}

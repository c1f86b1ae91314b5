"""Seats: who is signed on to watch which groups, and who relieved whom.

A sign-off that would leave pending needs unseen is refused with what they are; `despite` says that the person has left
all the same, which is then a fact, and an alarm stands. A seat whose session is gone is signed off after a grace, since
a console that restarts is no one who left. Of the calls that a seat has when it is gone, however, it is said that
any other may take them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.callbacks import CallbackLeft
from redstick.dispatch.rules.calls import SPOKEN
from redstick.dispatch.rules.coverage import would_uncover
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.published.dispatch import CallLeft, SeatRelieved, SeatSignedOff

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class Seat(msgspec.Struct):
    """One signed-on seat: who sits there, what they watch, since when; `lost_at` while its session is gone.

    `briefed_from` is the journal position from which on the person who left briefed them, None without a relief.
    """

    id: str
    person: str
    groups: list[str]
    since: Instant
    lost_at: Instant | None = None
    briefed_from: int | None = None


@event("dispatch.seat_signed_on", subjects=("seat", "groups"))
class SeatSignedOn(Event, frozen=True):
    """A person watches these groups from a seat; or other groups than before."""

    seat: str
    person: str
    groups: list[str]
    despite: str = ""


@event("dispatch.seat_lost", subjects=("seat",))
class SeatLost(Event, frozen=True):
    """Its session is gone; it may come back."""

    seat: str


@event("dispatch.seat_found", subjects=("seat",))
class SeatFound(Event, frozen=True):
    """Its session is back."""

    seat: str


@command("dispatch.sign_on")
class SignOn(Command, frozen=True):
    """Watch groups from a seat; a seat that is signed on watches these from now on."""

    seat: str
    person: str
    groups: list[str]
    despite: str = ""


@command("dispatch.sign_off")
class SignOff(Command, frozen=True):
    """Watch nothing any more."""

    seat: str
    despite: str = ""


@command("dispatch.lose_seat")
class LoseSeat(Command, frozen=True):
    """Say that a seat's session is gone."""

    seat: str


@command("dispatch.find_seat")
class FindSeat(Command, frozen=True):
    """Say that it is back."""

    seat: str


@command("dispatch.drop_seat")
class DropSeat(Command, frozen=True):
    """Sign a seat off whose session did not come back. A timer asks this."""

    seat: str


@command("dispatch.relieve_seat")
class RelieveSeat(Command, frozen=True):
    """Take over, in one act, what a seat watches; from the same seat or another.

    `position` is the journal position behind which the one who leaves tells what changed.
    """

    seat: str
    relief: str
    person: str
    position: int


def decide_sign_on(state: Dispatch, asked: SignOn, now: Instant) -> Decision:
    """Rejections: `seat_unnamed`, `name_needed`, `no_groups`, `group_unknown`, `would_uncover` (but for `despite`)."""
    del now
    if not asked.seat.strip():
        return Rejection("seat_unnamed")
    if not asked.person.strip():
        return Rejection("name_needed", {"seat": asked.seat})
    if not asked.groups:
        return Rejection("no_groups", {"known": sorted(state.groups)})
    strange = [name for name in asked.groups if name not in state.groups]
    if strange:
        return Rejection("group_unknown", {"group": strange[0], "known": sorted(state.groups)})
    groups = list(dict.fromkeys(asked.groups))
    known = state.seats.get(asked.seat)
    if known is not None and (known.person, known.groups, known.lost_at) == (asked.person, groups, None):
        return []
    others = [seat for seat in state.seats.values() if seat.id != asked.seat]
    refusal = would_uncover(state, state.groups, [*others, Seat(asked.seat, asked.person, groups, 0)], asked.despite)
    return refusal or [SeatSignedOn(asked.seat, asked.person, groups, asked.despite)]


def apply_seat_signed_on(state: Dispatch, happened: SeatSignedOn, at: Instant) -> None:
    """It watches; from now on its groups are missed when it leaves."""
    state.seats[happened.seat] = Seat(happened.seat, happened.person, list(happened.groups), at)
    for name in happened.groups:
        state.groups[name].opened = True


def decide_sign_off(state: Dispatch, asked: SignOff, now: Instant) -> Decision:
    """Rejections: `seat_unknown`, `would_uncover` (names the groups and the needs; `despite` overrides)."""
    del now
    known = state.seats.get(asked.seat)
    if known is None:
        return Rejection("seat_unknown", {"seat": asked.seat})
    others = [seat for seat in state.seats.values() if seat is not known]
    refusal = would_uncover(state, state.groups, others, asked.despite)
    return refusal or [SeatSignedOff(asked.seat, known.person, "left", asked.despite), *_left_behind(state, asked.seat)]


def apply_seat_signed_off(state: Dispatch, happened: SeatSignedOff, at: Instant) -> None:
    """Gone from the floor."""
    del at
    state.seats.pop(happened.seat, None)


def decide_lose_seat(state: Dispatch, asked: LoseSeat, now: Instant) -> Decision:
    """Nothing for a seat that is not signed on: its session watched nothing."""
    del now
    known = state.seats.get(asked.seat)
    return [SeatLost(asked.seat)] if known is not None and known.lost_at is None else []


def apply_seat_lost(state: Dispatch, happened: SeatLost, at: Instant) -> None:
    """Signed on still, for the grace."""
    state.seats[happened.seat].lost_at = at


def decide_find_seat(state: Dispatch, asked: FindSeat, now: Instant) -> Decision:
    """Nothing for a seat that was not lost. One that was signed off meanwhile signs on again by name."""
    del now
    known = state.seats.get(asked.seat)
    return [SeatFound(asked.seat)] if known is not None and known.lost_at is not None else []


def apply_seat_found(state: Dispatch, happened: SeatFound, at: Instant) -> None:
    """As if it had never been away."""
    del at
    state.seats[happened.seat].lost_at = None


def decide_drop_seat(state: Dispatch, asked: DropSeat, now: Instant) -> Decision:
    """Nothing for a seat that is back. That nobody sits there is a fact, never refused for what it leaves unseen."""
    del now
    known = state.seats.get(asked.seat)
    if known is None or known.lost_at is None:
        return []
    return [SeatSignedOff(asked.seat, known.person, "vanished"), *_left_behind(state, asked.seat)]


def decide_relieve_seat(state: Dispatch, asked: RelieveSeat, now: Instant) -> Decision:
    """Rejections: `seat_unknown`, `seat_unnamed`, `name_needed`, `position_unknown` (below 0)."""
    del now
    known = state.seats.get(asked.seat)
    if known is None:
        return Rejection("seat_unknown", {"seat": asked.seat})
    if not asked.relief.strip():
        return Rejection("seat_unnamed")
    if not asked.person.strip():
        return Rejection("name_needed", {"seat": asked.relief})
    if asked.position < 0:
        return Rejection("position_unknown", {"position": asked.position})
    held = state.seats.get(asked.relief)
    groups = list(dict.fromkeys([*(held.groups if held is not None else []), *known.groups]))
    relieved = SeatRelieved(asked.seat, asked.relief, asked.person, groups, asked.position)
    return [relieved, *(_left_behind(state, asked.seat) if asked.relief != asked.seat else ())]


def apply_seat_relieved(state: Dispatch, happened: SeatRelieved, at: Instant) -> None:
    """Not a moment in which nobody watches."""
    state.seats.pop(happened.seat, None)
    seat = Seat(happened.relief, happened.person, list(happened.groups), at, briefed_from=happened.position)
    state.seats[happened.relief] = seat


def _left_behind(state: Dispatch, seat: str) -> list[Event]:
    """What a seat has that is gone: the calls it speaks on, and the numbers it is calling back."""
    spoken = [call for call in state.calls.values() if call.seat == seat and call.state in SPOKEN and not call.left]
    owed = [one for one in state.callbacks.values() if one.seat == seat]
    return [
        *(CallLeft(call.id, seat) for call in spoken),
        *(CallbackLeft(one.number, seat, list(one.calls)) for one in owed),
    ]


DECIDERS: Deciders = {
    SignOn: decide_sign_on,
    SignOff: decide_sign_off,
    LoseSeat: decide_lose_seat,
    FindSeat: decide_find_seat,
    DropSeat: decide_drop_seat,
    RelieveSeat: decide_relieve_seat,
}
APPLIERS: Appliers = {
    SeatSignedOn: apply_seat_signed_on,
    SeatSignedOff: apply_seat_signed_off,
    SeatLost: apply_seat_lost,
    SeatFound: apply_seat_found,
    SeatRelieved: apply_seat_relieved,
}
KERNEL_ONLY: frozenset[type[Command]] = frozenset({DropSeat})

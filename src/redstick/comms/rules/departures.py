"""Departures: a seat that is gone has nobody any more. Whoever it spoke with is somebody else's, or known to be lost.

Of its 911 calls the floor says that they are left; all else that it had is ended here: callers stand in line again, a
call that it placed is over, and whoever was called back for their sake is in sight until they are heard again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.comms.rules.agents import SignOffAgent
from redstick.comms.rules.conversations import LegDismissed, left, speakers
from redstick.comms.rules.handing_on import given_up
from redstick.comms.rules.losses import CallerLost
from redstick.comms.rules.waiting import decide_sign_off_and_take_back
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command
from redstick.published.comms import Reason

if TYPE_CHECKING:
    from redstick.comms.rules.legs import Leg
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders


@command("comms.leave_seat")
class LeaveSeat(Command, frozen=True):
    """Nobody sits at a seat any more. Reactions ask this."""

    seat: str


def decide_leave_seat(state: Comms, asked: LeaveSeat, now: Instant) -> Decision:
    """Nothing for a seat that has nobody. What is offered to it goes to the next agent, and it is none any more."""
    mine = [leg for leg, one in state.conversations.items() if asked.seat in one.parties]
    events: list[Event] = given_up(state, asked.seat)
    for name in mine:
        leg = state.legs[name]
        alone = [one for one in speakers(state.conversations[name]) if one != asked.seat] == []
        events += [*_lost(leg, asked.seat, alone=alone), *left(state, leg, asked.seat, "gone", tuple(mine))]
    for leg in state.legs.values():
        rings = leg.placing is not None and leg.placing.seat == asked.seat and leg.id not in state.conversations
        if rings and not any(leg.id in one.parties for one in state.conversations.values()):
            events.append(LegDismissed(leg.id, asked.seat))
    off = decide_sign_off_and_take_back(state, SignOffAgent(asked.seat), now)
    return [*dict.fromkeys(events), *([] if isinstance(off, Rejection) else off)]


def _lost(leg: Leg, seat: str, *, alone: bool) -> list[Event]:
    """Who was called back and reached, and is left by the one who spoke with them, is owed that still."""
    placing = leg.placing
    if placing is None or placing.reason is not Reason.CALLBACK or not alone:
        return []
    return [CallerLost(leg.id, placing.of, leg.call, seat, tuple(leg.fixes))]


DECIDERS: Deciders = {LeaveSeat: decide_leave_seat}
APPLIERS: Appliers = {}
KERNEL_ONLY: frozenset[type[Command]] = frozenset({LeaveSeat})

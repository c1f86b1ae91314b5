"""When a caller or an agent is there who was not, offer what can be; when the floor says who has a call, follow."""

from collections.abc import Iterable

from redstick.comms.distribution.matching import next_offers
from redstick.comms.rules.agents import AgentChanged, AgentSignedOff, AgentSignedOn, AgentState, EndWrapUp
from redstick.comms.rules.conversations import FollowFloor, PartyJoined
from redstick.comms.rules.departures import LeaveSeat
from redstick.comms.rules.queues import QueueSet
from redstick.comms.rules.recordings import SegmentKept, when_kept_then_close_some_time
from redstick.comms.rules.storms import LOOKED_AT_AGAIN_MS, ReviewStorm, StormBegan, StormEnded, StormGoesOn
from redstick.comms.rules.waiting import Distribute, LapseOffer, LegPresented, LegQueued, OfferLapsed, OverflowLeg
from redstick.comms.state import Comms
from redstick.kernel.envelope import Envelope
from redstick.kernel.reactions import Reaction
from redstick.kernel.timers import Start, Stop, TimerRules
from redstick.kernel.values import Command, Event, Instant
from redstick.published.comms import LegEnded
from redstick.published.dispatch import CallAnswered, CallHeld, CallLeft, CallResumed, SeatRelieved, SeatSignedOff

MAKES_OFFERS = (LegQueued, OfferLapsed, AgentSignedOn, AgentSignedOff, AgentChanged, QueueSet, PartyJoined, LegEnded)


def when_somebody_is_free_then_distribute(state: Comms, happened: Event, envelope: Envelope) -> Iterable[Command]:
    """Asked only where there is something to offer."""
    del happened
    return [Distribute()] if next_offers(state, envelope.recorded_at) else []


def when_call_taken_then_follow(
    state: Comms, happened: CallAnswered | CallResumed, envelope: Envelope
) -> Iterable[Command]:
    """The seat has the voice too."""
    del envelope
    return [FollowFloor(happened.call, happened.seat)] if _is_here(state, happened.call) else []


def when_call_held_then_follow(state: Comms, happened: CallHeld, envelope: Envelope) -> Iterable[Command]:
    """The caller hears that they wait."""
    del envelope
    return [FollowFloor(happened.call, held=True)] if _is_here(state, happened.call) else []


def when_call_left_then_follow(state: Comms, happened: CallLeft, envelope: Envelope) -> Iterable[Command]:
    """The caller is in line again."""
    del envelope
    return [FollowFloor(happened.call, happened.seat, gone=True)] if _is_here(state, happened.call) else []


def when_signed_off_then_leave(state: Comms, happened: SeatSignedOff, envelope: Envelope) -> Iterable[Command]:
    """Whatever else it had is nobody's."""
    del envelope
    return [LeaveSeat(happened.seat)] if _has_anybody(state, happened.seat) else []


def when_relieved_then_leave(state: Comms, happened: SeatRelieved, envelope: Envelope) -> Iterable[Command]:
    """Where the relief sits at the same seat it has its voice."""
    del envelope
    gone = happened.seat != happened.relief and _has_anybody(state, happened.seat)
    return [LeaveSeat(happened.seat)] if gone else []


def when_queued_then_await(happened: LegQueued, now: Instant) -> Iterable[Start | Stop]:
    """Once they stand behind nobody any more, every free agent may be offered them; later they wait elsewhere.

    Of a queue that never overflows no timer is left of one where they stood before.
    """
    if happened.behind_ms:
        yield Start(_of_place(happened.leg), now + happened.behind_ms, Distribute())
    key, overflows = _of_overflow(happened.leg), OverflowLeg(happened.leg, happened.queue)
    yield Start(key, now + happened.overflow_ms, overflows) if happened.overflow_ms else Stop(key)


def when_presented_then_await(happened: LegPresented, now: Instant) -> Iterable[Start | Stop]:
    """An agent has so long to take it."""
    lapse = LapseOffer(happened.leg, happened.seat, happened.offer)
    return [Start(_of_offer(happened.leg), now + happened.offer_ms, lapse)]


def when_offer_is_over_then_await_nothing(happened: OfferLapsed | PartyJoined | LegEnded, now: Instant) -> list[Stop]:
    """Taken, let lapse, or hung up; only who let it lapse leaves the caller in line."""
    del now
    stop = Stop(_of_offer(happened.leg))
    if isinstance(happened, OfferLapsed):
        return [stop]
    return [stop, Stop(_of_place(happened.leg)), Stop(_of_overflow(happened.leg))]


def when_agent_changed_then_await(happened: AgentChanged, now: Instant) -> Iterable[Start | Stop]:
    """After-call work ends by itself."""
    key = f"comms/wrap_up/{happened.seat}"
    if happened.state is AgentState.WRAP_UP:
        return [Start(key, now + happened.wrap_up_ms, EndWrapUp(happened.seat))]
    return [Stop(key)]


def when_storm_lasts_then_review(happened: StormBegan | StormGoesOn, now: Instant) -> Iterable[Start | Stop]:
    """It is looked at again and again, and ends by itself."""
    return [Start(_of_storm(happened.queue), now + LOOKED_AT_AGAIN_MS, ReviewStorm(happened.queue))]


def when_storm_ended_then_review_nothing(happened: StormEnded, now: Instant) -> Iterable[Start | Stop]:
    """Until the next."""
    del now
    return [Stop(_of_storm(happened.queue))]


def _has_anybody(state: Comms, seat: str) -> bool:
    places = any(leg.placing is not None and leg.placing.seat == seat for leg in state.legs.values())
    return places or seat in state.agents or any(seat in one.parties for one in state.conversations.values())


def _is_here(state: Comms, call: str) -> bool:
    return any(leg.call == call for leg in state.legs.values())


def _of_place(leg: str) -> str:
    return f"comms/place/{leg}"


def _of_overflow(leg: str) -> str:
    return f"comms/overflow/{leg}"


def _of_offer(leg: str) -> str:
    return f"comms/offer/{leg}"


def _of_storm(queue: str) -> str:
    return f"comms/storm/{queue}"


REACTIONS = (
    *(
        Reaction(
            f"when_{kind.event_kind.partition('.')[2]}_then_distribute", kind, when_somebody_is_free_then_distribute
        )
        for kind in MAKES_OFFERS
    ),
    Reaction("when_call_answered_then_follow", CallAnswered, when_call_taken_then_follow),
    Reaction("when_call_resumed_then_follow", CallResumed, when_call_taken_then_follow),
    Reaction("when_call_held_then_follow", CallHeld, when_call_held_then_follow),
    Reaction("when_call_left_then_follow", CallLeft, when_call_left_then_follow),
    Reaction("when_seat_signed_off_then_leave", SeatSignedOff, when_signed_off_then_leave),
    Reaction("when_seat_relieved_then_leave", SeatRelieved, when_relieved_then_leave),
)
TIMERS: TimerRules = {
    LegQueued: when_queued_then_await,
    LegPresented: when_presented_then_await,
    OfferLapsed: when_offer_is_over_then_await_nothing,
    PartyJoined: when_offer_is_over_then_await_nothing,
    LegEnded: when_offer_is_over_then_await_nothing,
    AgentChanged: when_agent_changed_then_await,
    StormBegan: when_storm_lasts_then_review,
    StormGoesOn: when_storm_lasts_then_review,
    SegmentKept: when_kept_then_close_some_time,
    StormEnded: when_storm_ended_then_review_nothing,
}

"""What always holds in comms, whatever happened: checked by the simulator, usable in production."""

from collections.abc import Iterator

from redstick.comms.rules.agents import AgentState, speaks
from redstick.comms.rules.conversations import PartyKind, heard_by, speakers
from redstick.comms.rules.legs import LegState
from redstick.comms.state import Comms
from redstick.published.comms import LineKind


def broken(state: Comms) -> Iterator[str]:
    """Each invariant that does not hold, in words with the ids it concerns; nothing when all is well."""
    yield from lines_are_kept_apart(state)
    yield from an_answered_leg_knows_since_when(state)
    yield from nobody_is_with_nobody(state)
    yield from nobody_is_left_with_a_tone(state)
    yield from an_offer_is_seen_from_both_sides(state)
    yield from an_agent_is_busy_who_has_a_caller(state)
    yield from what_is_over_is_nowhere(state)
    yield from every_line_has_a_last_queue(state)


def lines_are_kept_apart(state: Comms) -> Iterator[str]:
    """Each 911 leg has a call of its own, no other leg has any."""
    owners: dict[str, str] = {}
    for leg in state.legs.values():
        if (leg.arrival.line is LineKind.EMERGENCY) != bool(leg.call):
            yield f"leg {leg.id} on line {leg.arrival.line} has the call {leg.call!r}"
        if leg.call and owners.setdefault(leg.call, leg.id) != leg.id:
            yield f"legs {owners[leg.call]} and {leg.id} share the call {leg.call}"


def an_answered_leg_knows_since_when(state: Comms) -> Iterator[str]:
    """And one that is offered or placed was not answered."""
    for leg in state.legs.values():
        if (leg.state is LegState.ANSWERED) != (leg.answered_at is not None):
            yield f"leg {leg.id} is {leg.state} and was answered at {leg.answered_at}"


def nobody_is_with_nobody(state: Comms) -> Iterator[str]:
    """Whoever called stands in line or is with somebody who speaks, and not both.

    A test call may be alone, and with whom one of the city's phones speaks is not said here.
    """
    for leg in state.legs.values():
        spoken = bool(speakers(state.conversations.get(leg.id)))
        waits = leg.id in state.waiting
        if leg.placing is not None or leg.arrival.line in (LineKind.TEST, LineKind.PHONE):
            if waits:
                yield f"leg {leg.id} waits, and nobody called on it"
        elif waits == spoken:
            yield f"leg {leg.id} is with somebody and in line" if waits else f"leg {leg.id} is with nobody"
    for name, conversation in state.conversations.items():
        if not speakers(conversation):
            yield f"nobody speaks with leg {name}"
        if conversation.held_by and conversation.held_by not in conversation.parties:
            yield f"leg {name} is held by {conversation.held_by}, who is not there"


def nobody_is_left_with_a_tone(state: Comms) -> Iterator[str]:
    """Whoever is in a conversation waits in it as a state that all can see, or somebody who speaks is there.

    A third party is where the caller is for whom it is there.
    """
    third = {
        name
        for one in state.conversations.values()
        for name, party in one.parties.items()
        if party.kind is PartyKind.LEG
    }
    for name, conversation in state.conversations.items():
        if not conversation.held_by and name not in third and not heard_by(state, name):
            yield f"leg {name} is with nobody who is there, and does not wait"
        if bool(conversation.held_by) != (conversation.held_at is not None):
            yield f"leg {name} is held by {conversation.held_by!r} since {conversation.held_at}"


def an_offer_is_seen_from_both_sides(state: Comms) -> Iterator[str]:
    """A caller is offered to one agent, who has that one offer and is available."""
    offered = {(one.offered, one.leg) for one in state.waiting.values() if one.offered}
    held = {(agent.seat, agent.offered) for agent in state.agents.values() if agent.offered}
    for seat, leg in sorted(offered ^ held):
        yield f"leg {leg} and seat {seat} disagree on an offer"
    for agent in state.agents.values():
        if agent.offered and agent.state is not AgentState.AVAILABLE:
            yield f"seat {agent.seat} is {agent.state} and is offered {agent.offered}"


def an_agent_is_busy_who_has_a_caller(state: Comms) -> Iterator[str]:
    """And no other is."""
    for agent in state.agents.values():
        if (agent.state is AgentState.BUSY) != speaks(state, agent.seat):
            yield f"seat {agent.seat} is {agent.state}, with a caller: {speaks(state, agent.seat)}"


def what_is_over_is_nowhere(state: Comms) -> Iterator[str]:
    """Lines, conversations, parties and transfers are of legs that are here."""
    for room in (state.waiting, state.conversations, state.transfers):
        for name in room:
            if name not in state.legs:
                yield f"leg {name} is over and still somewhere"
    for name, transfer in state.transfers.items():
        talk = state.conversations.get(name)
        if name in state.legs and (talk is None or transfer.seat not in talk.parties):
            yield f"leg {name} is handed on by {transfer.seat}, who has it no more"
    for name, conversation in state.conversations.items():
        for party, one in conversation.parties.items():
            if one.kind is PartyKind.LEG and party not in state.legs:
                yield f"leg {name} is with {party}, which is over"


def every_line_has_a_last_queue(state: Comms) -> Iterator[str]:
    """No call falls through, and whoever waits does so in a queue that is there."""
    for line in (LineKind.EMERGENCY, LineKind.ADMIN):
        if sum(1 for queue in state.queues.values() if queue.line is line and not queue.targets) != 1:
            yield f"line {line} has no one queue that takes the rest"
    for one in state.waiting.values():
        if one.queue not in state.queues:
            yield f"leg {one.leg} waits in {one.queue}, which is gone"

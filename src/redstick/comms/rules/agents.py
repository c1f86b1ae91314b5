"""Agents: seats that calls are offered to, one at a time, and what each of them does just now.

An offer is an invitation. Who answers a 911 call is for the floor to say (`dispatch.answer_call`): any seat may,
whether it is an agent or not. An agent who lets two offers lapse is on a break until they say otherwise, so that no
caller waits for an empty chair again and again.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders

MISSED_AT_MOST = 2  # offers in a row


class AgentState(StrEnum):
    """What an agent does."""

    AVAILABLE = "available"
    BUSY = "busy"
    WRAP_UP = "wrap_up"
    BREAK = "break"


class Agent(msgspec.Struct):
    """A seat that takes calls from queues; `since` when it is as it is. `offered` is the leg that rings there alone."""

    seat: str
    queues: tuple[str, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    since: Instant
    state: AgentState = AgentState.AVAILABLE
    why: str = ""
    offered: str = ""
    missed: int = 0


@event("comms.agent_signed_on", subjects=("seat",))
class AgentSignedOn(Event, frozen=True):
    """Calls of these queues are offered to this seat from now on; or other queues than before."""

    seat: str
    queues: tuple[str, ...]
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@event("comms.agent_signed_off", subjects=("seat",))
class AgentSignedOff(Event, frozen=True):
    """No call is offered there any more. What it speaks on goes on."""

    seat: str


@event("comms.agent_changed", subjects=("seat",))
class AgentChanged(Event, frozen=True):
    """An agent does something else now; after-call work lasts for so long at most."""

    seat: str
    state: AgentState
    why: str = ""
    wrap_up_ms: int = 0


@command("comms.sign_on_agent")
class SignOnAgent(Command, frozen=True):
    """Take calls of queues at a seat. `languages` are tags of BCP 47, as `es`."""

    seat: str
    queues: tuple[str, ...] = ("911",)
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@command("comms.sign_off_agent")
class SignOffAgent(Command, frozen=True):
    """Take none any more."""

    seat: str


@command("comms.set_agent_state")
class SetAgentState(Command, frozen=True):
    """Go on a break, with why; or be available again, also out of after-call work."""

    seat: str
    available: bool
    why: str = ""


@command("comms.end_wrap_up")
class EndWrapUp(Command, frozen=True):
    """After-call work is over. A timer asks this."""

    seat: str


def decide_sign_on_agent(state: Comms, asked: SignOnAgent, now: Instant) -> Decision:
    """Rejections: `seat_unnamed`, `no_queues`, `queue_unknown` (says which are known)."""
    del now
    if not asked.seat.strip():
        return Rejection("seat_unnamed")
    if not asked.queues:
        return Rejection("no_queues", {"known": sorted(state.queues)})
    strange = next((queue for queue in asked.queues if queue not in state.queues), None)
    if strange is not None:
        return Rejection("queue_unknown", {"queue": strange, "known": sorted(state.queues)})
    known = state.agents.get(asked.seat)
    wanted = (asked.queues, asked.skills, asked.languages)
    if known is not None and (known.queues, known.skills, known.languages) == wanted:
        return []
    signed_on = AgentSignedOn(asked.seat, *wanted)
    spoken = speaks(state, asked.seat)
    return [signed_on, AgentChanged(asked.seat, AgentState.BUSY)] if known is None and spoken else [signed_on]


def apply_agent_signed_on(state: Comms, happened: AgentSignedOn, at: Instant) -> None:
    """New ones wait for their first call; who was signed on goes on with what they do."""
    wanted = (happened.queues, happened.skills, happened.languages)
    known = state.agents.get(happened.seat)
    if known is None:
        state.agents[happened.seat] = Agent(happened.seat, *wanted, at)
    else:
        known.queues, known.skills, known.languages = wanted


def apply_agent_signed_off(state: Comms, happened: AgentSignedOff, at: Instant) -> None:
    """No agent any more."""
    del at
    del state.agents[happened.seat]


def decide_set_agent_state(state: Comms, asked: SetAgentState, now: Instant) -> Decision:
    """Nothing for who is so already. Rejections: `agent_unknown`, `agent_busy`, `offer_waits` (decline it first)."""
    del now
    agent = state.agents.get(asked.seat)
    if agent is None:
        return Rejection("agent_unknown", {"seat": asked.seat})
    wanted = AgentState.AVAILABLE if asked.available else AgentState.BREAK
    if agent.state is wanted and (asked.available or agent.why == asked.why):
        return []
    if agent.state is AgentState.BUSY:
        return Rejection("agent_busy", {"seat": asked.seat})
    if agent.offered and not asked.available:
        return Rejection("offer_waits", {"seat": asked.seat, "leg": agent.offered})
    return [AgentChanged(asked.seat, wanted, asked.why)]


def decide_end_wrap_up(state: Comms, asked: EndWrapUp, now: Instant) -> Decision:
    """Nothing where it has ended otherwise."""
    del now
    agent = state.agents.get(asked.seat)
    if agent is None or agent.state is not AgentState.WRAP_UP:
        return []
    return [AgentChanged(asked.seat, AgentState.AVAILABLE)]


def apply_agent_changed(state: Comms, happened: AgentChanged, at: Instant) -> None:
    """Idle since, busy since; who speaks or comes back has missed nothing in a row any more."""
    agent = state.agents[happened.seat]
    agent.state, agent.why, agent.since = happened.state, happened.why, at
    if happened.state in (AgentState.BUSY, AgentState.AVAILABLE):
        agent.missed = 0


def speaks(state: Comms, seat: str, besides: Iterable[str] = ()) -> bool:
    """Whether a seat has any caller, one who waits on hold too; legs in `besides` are not looked at."""
    passed = set(besides)
    return any(seat in conversation.parties for leg, conversation in state.conversations.items() if leg not in passed)


def engaged(state: Comms, seat: str) -> list[Event]:
    """What a seat's taking a caller changes of its agent."""
    agent = state.agents.get(seat)
    return [AgentChanged(seat, AgentState.BUSY)] if agent is not None and agent.state is not AgentState.BUSY else []


def freed(state: Comms, seat: str, legs: Iterable[str], wrap_up_ms: int) -> list[Event]:
    """What a seat's leaving `legs` changes of its agent: nothing while it has another caller."""
    agent = state.agents.get(seat)
    if agent is None or agent.state is not AgentState.BUSY or speaks(state, seat, legs):
        return []
    after = AgentState.WRAP_UP if wrap_up_ms else AgentState.AVAILABLE
    return [AgentChanged(seat, after, wrap_up_ms=wrap_up_ms)]


# SignOffAgent is registered in `waiting`, which takes back what was offered there.
DECIDERS: Deciders = {
    SignOnAgent: decide_sign_on_agent,
    SetAgentState: decide_set_agent_state,
    EndWrapUp: decide_end_wrap_up,
}
APPLIERS: Appliers = {
    AgentSignedOn: apply_agent_signed_on,
    AgentSignedOff: apply_agent_signed_off,
    AgentChanged: apply_agent_changed,
}
KERNEL_ONLY: frozenset[type[Command]] = frozenset({EndWrapUp})

"""Which agent is offered which caller.

In the order of `ordering`, each caller who is not offered yet goes to the agent who has waited longest for work, of
those that take the queue and have its skills; one who speaks the caller's language goes before one who does not, and
one who has not let this caller's offer lapse before one who has. No caller waits for a skill that nobody has who is
signed on, and none for a language. An agent has one offer at a time, a caller is offered to one agent at a time.

In a storm the last `KEPT_FREE` agents of a queue are kept for numbers that did not ring without a word before: one that
did is offered to them half a minute after it came at the latest, and to any other agent at once.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from redstick.comms.distribution.ordering import ranked
from redstick.comms.rules.agents import Agent, AgentState

if TYPE_CHECKING:
    from redstick.comms.rules.waiting import Waiting
    from redstick.comms.state import Comms
    from redstick.kernel.values import Instant


KEPT_FREE = 2


def next_offers(state: "Comms", now: "Instant") -> list[tuple["Waiting", Agent]]:
    """Everything that can be offered now."""
    free = [one for one in state.agents.values() if one.state is AgentState.AVAILABLE and not one.offered]
    offers: list[tuple[Waiting, Agent]] = []
    if not free:
        return offers
    for waiting in ranked(state):
        if waiting.offered:
            continue
        fit = [agent for agent in free if fits(state, agent, waiting.queue)]
        behind = waiting.behind_until is not None and now < waiting.behind_until
        if len(fit) > (KEPT_FREE if behind else 0):
            best = min(fit, key=lambda agent: preference(agent, waiting))
            offers.append((waiting, best))
            free.remove(best)
            if not free:
                break
    return offers


def preference(agent: Agent, waiting: "Waiting") -> tuple[bool, bool, int, str]:
    """The smaller the better: not tried yet, speaks a language of theirs, idle for longest."""
    strange = bool(waiting.languages) and not speaks_any(agent.languages, waiting.languages)
    return agent.seat in waiting.tried, strange, agent.since, agent.seat


def fits(state: "Comms", agent: Agent, queue: str) -> bool:
    """Whether an agent takes a queue and has what it asks, as far as anybody has."""
    return queue in agent.queues and set(asked_skills(state, queue)) <= set(agent.skills)


def asked_skills(state: "Comms", queue: str) -> list[str]:
    """The skills of a queue that some agent of it has, on a break or not: a caller never waits for the others."""
    there = {skill for agent in state.agents.values() if queue in agent.queues for skill in agent.skills}
    asked = [skill for skill in state.queues[queue].skills if skill in there]
    together = any(queue in agent.queues and set(asked) <= set(agent.skills) for agent in state.agents.values())
    return asked if together else []


def speaks_any(spoken: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether two lists of language tags meet by their primary language (RFC 5646): `es` and `es-MX` do."""
    return bool({one.lower().partition("-")[0] for one in spoken} & {one.lower().partition("-")[0] for one in wanted})

"""What the floor sees of its queues, live: who waits, who is there to answer, how well it goes, who was cut off."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from redstick.comms.distribution.ordering import ranked
from redstick.comms.rules.agents import Agent
from redstick.comms.rules.losses import EngineFound, EngineLost, Lost
from redstick.comms.rules.queues import Queue, QueueRemoved
from redstick.comms.rules.storms import lasts
from redstick.comms.rules.waiting import Level
from redstick.comms.state import Comms
from redstick.kernel.fold import Fact

HIDDEN: dict[str, tuple[str, ...]] = {"floor": (), "oversight": ("number", "fixes", "waiting")}


class QueuesView:
    """One row a queue (`queue/911`), one an agent (`agent/<seat>`), one a caller who was cut off (`lost/<leg>`).

    And one an engine that carries no voice now (`engine/<name>`), which everybody who sees queues must know.

    Ages are not in them: `oldest_since` and `since` are times, in ms since the epoch.
    """

    name = "comms.view.queues"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """Every queue, of which there are few, and whatever of agents and lost callers a fact of comms names."""
        if not fact.envelope.kind.startswith("comms."):
            return
        yield from (f"queue/{name}" for name in states["comms"].queues)
        if isinstance(fact.event, QueueRemoved):
            yield f"queue/{fact.event.queue}"
        if isinstance(fact.event, EngineLost | EngineFound):
            yield f"engine/{fact.event.engine}"
        for subject in fact.envelope.subjects:
            yield f"agent/{subject}"
            yield f"lost/{subject}"
        yield from (f"agent/{seat}" for seat in states["comms"].agents)

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> dict[str, Any] | None:
        """A row as an audience may see it."""
        state: Comms = states["comms"]
        kind, _, name = key.partition("/")
        if audience not in HIDDEN:
            return None
        row: dict[str, Any] | None = None
        if kind == "queue" and name in state.queues:
            row = _queue_row(state, state.queues[name])
        elif kind == "agent" and name in state.agents:
            row = _agent_row(state.agents[name])
        elif kind == "lost" and name in state.lost:
            row = _lost_row(state.lost[name])
        elif kind == "engine" and name in state.engines_lost:
            row = {"engine": name, **msgspec.to_builtins(state.engines_lost[name])}
        return row and {field: value for field, value in row.items() if field not in HIDDEN[audience]}

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Everything that is here."""
        state: Comms = states["comms"]
        yield from (f"queue/{name}" for name in state.queues)
        yield from (f"agent/{seat}" for seat in state.agents)
        yield from (f"lost/{leg}" for leg in state.lost)
        yield from (f"engine/{name}" for name in state.engines_lost)


def _queue_row(state: Comms, queue: Queue) -> dict[str, Any]:
    """Of the last `looked_at` callers `in_time` were answered within the target; agents are those of the queue."""
    there = [one for one in ranked(state) if one.queue == queue.id]
    level = state.levels.get(queue.id, Level())
    doing = Counter(str(agent.state) for agent in state.agents.values() if queue.id in agent.queues)
    return {
        "queue": queue.id,
        "line": queue.line,
        "length": len(there),
        "oldest_since": min((one.since for one in there), default=None),
        "waiting": [
            {"leg": one.leg, "since": one.since, "offered": one.offered, "repeats": one.repeats} for one in there
        ],
        "agents": dict(sorted(doing.items())),
        "target_ms": queue.target_ms,
        "looked_at": len(level.waits_ms),
        "in_time": sum(1 for wait in level.waits_ms if wait <= queue.target_ms),
        "answered": level.answered,
        "abandoned": level.abandoned,
        "storm_since": state.storms[queue.id].since if lasts(state, queue.id) else None,
    }


def _agent_row(agent: Agent) -> dict[str, Any]:
    return {
        "seat": agent.seat,
        "state": agent.state,
        "why": agent.why,
        "since": agent.since,
        "queues": list(agent.queues),
        "skills": list(agent.skills),
        "languages": list(agent.languages),
        "offered": agent.offered,
    }


def _lost_row(one: Lost) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(one)
    return row

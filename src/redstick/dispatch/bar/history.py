"""What a seat has done at the bar, as the journal tells it: acts by the ids of their commands, and what is undone.

The id of an act's command names the seat, what the act was, and the act itself; so what can be taken back follows from
the journal alone, over restarts and takeovers. Of an undo, a redo takes back the undo.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from redstick.kernel.fold import Fact
from redstick.kernel.values import Event

ACT, UNDO, REDO = "a", "u", "r"


class Act(msgspec.Struct):
    """One act: its events in order, and the position of the first."""

    id: str
    what: str
    position: int
    events: list[Event] = []


class History(msgspec.Struct):
    """What can be taken back and what can be done again, the last one last; `facts` is all that was looked through."""

    done: list[Act] = []
    undone: list[Act] = []
    facts: Sequence[Fact] = ()

    @property
    def last(self) -> dict[str, Act]:
        """What `undo` and `redo` would take back now."""
        found = {"undo": self.done[-1:], "redo": self.undone[-1:]}
        return {name: acts[0] for name, acts in found.items() if acts}


def command_id(seat: str, what: str, count: int, act: str) -> str:
    """The id of an act's command: it names the seat, and ends in the time and the chance of the act's own id."""
    return f"{prefix_of(seat)}{what}{count}_{act.rpartition('_')[2]}"


def prefix_of(seat: str) -> str:
    """What the ids of a seat's acts begin with."""
    return f"bar-{hashlib.sha256(seat.encode(errors='replace')).hexdigest()[:12]}-"


def history_of(seat: str, facts: Iterable[Fact]) -> History:
    """The acts of a seat among facts, in order: an act is put on the pile, an undo moves one over, a redo back."""
    prefix, found, seen = prefix_of(seat), History([], []), list(facts)
    acts: dict[str, Act] = {}
    for fact in seen:
        if not fact.envelope.cause.startswith(prefix):
            continue
        told, _, name = fact.envelope.cause.removeprefix(prefix).partition("_")
        act = acts.get(name)
        if act is None:
            act = acts[name] = Act(name, told[:1], fact.envelope.position, [])
            _pile(found, act)
        act.events.append(fact.event)
    found.facts = seen
    return found


def _pile(found: History, act: Act) -> None:
    if act.what == ACT:
        found.done.append(act)
        found.undone.clear()
    elif act.what == UNDO and found.done:
        found.done.pop()
        found.undone.append(act)
    elif act.what == REDO and found.undone:
        found.undone.pop()
        found.done.append(act)

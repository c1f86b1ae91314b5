"""What a seat has done at the bar, as the journal tells it: acts by the ids of their commands, and what is undone.

The id of an act's command names the seat, what the act was, and the act itself; so what can be taken back follows from
the journal alone, over restarts and takeovers. Of an undo, a redo takes back the undo.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

import msgspec

from redstick.kernel.fold import Fact
from redstick.kernel.system import NothingChanged
from redstick.kernel.values import Event

ACT, UNDO, REDO = "a", "u", "r"
ID = re.compile(r"(?P<what>[aur])(?P<count>[0-9]{1,4})of(?P<total>[0-9]{1,4})_(?P<act>[0-9a-z]{26})")


class Done(msgspec.Struct):
    """One command of an act that was taken: its id, which of how many it was, and its events."""

    id: str
    count: int
    total: int
    position: int = 0
    kinds: list[str] = []


class Act(msgspec.Struct):
    """One act: its events in order, the position of the first, and the commands that were taken."""

    id: str
    what: str
    position: int
    events: list[Event] = []
    done: dict[str, Done] = {}

    @property
    def whole(self) -> bool:
        """Whether every command of it was taken; a server that was stopped in between leaves one that is not."""
        return len(self.done) == max(one.total for one in self.done.values())


class History(msgspec.Struct):
    """What can be taken back and what can be done again, the last one last; `facts` is all that was looked through.

    `acts` are all of them, by the digits of their ids.
    """

    done: list[Act] = []
    undone: list[Act] = []
    facts: Sequence[Fact] = ()
    acts: dict[str, Act] = {}

    @property
    def last(self) -> dict[str, Act]:
        """What `undo` and `redo` would take back now."""
        found = {"undo": self.done[-1:], "redo": self.undone[-1:]}
        return {name: acts[0] for name, acts in found.items() if acts}


def command_id(seat: str, what: str, count: int, total: int, act: str) -> str:
    """The id of an act's command: it names the seat, and ends in the time and the chance of the act's own id."""
    return f"{prefix_of(seat)}{what}{count}of{total}_{digits_of(act)}"


def digits_of(act: str) -> str:
    """What an act's own id and those of its commands have in common."""
    return act.rpartition("_")[2]


def prefix_of(seat: str) -> str:
    """What the ids of a seat's acts begin with."""
    return f"bar-{hashlib.sha256(seat.encode(errors='replace')).hexdigest()[:12]}-"


def history_of(seat: str, facts: Iterable[Fact]) -> History:
    """The acts of a seat among facts, in order: an act is put on the pile, an undo moves one over, a redo back.

    A command that changed nothing is known to have been taken, and is no act to be taken back.
    """
    prefix, found, seen = prefix_of(seat), History([], [], [], {}), list(facts)
    for fact in seen:
        cause = fact.envelope.cause
        told = ID.fullmatch(cause.removeprefix(prefix)) if cause.startswith(prefix) else None
        if told is not None:  # an id of that beginning which nobody made here is passed over
            act = found.acts.setdefault(told["act"], Act(told["act"], told["what"], fact.envelope.position, [], {}))
            _note(found, act, fact, Done(cause, int(told["count"]), int(told["total"]), kinds=[]))
    found.facts = seen
    return found


def _note(found: History, act: Act, fact: Fact, taken: Done) -> None:
    done = act.done.setdefault(taken.id, taken)
    done.position = fact.envelope.position
    if isinstance(fact.event, NothingChanged):
        return
    done.kinds.append(fact.event.event_kind)
    if not act.events:
        act.position = fact.envelope.position
        _pile(found, act)
    act.events.append(fact.event)


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

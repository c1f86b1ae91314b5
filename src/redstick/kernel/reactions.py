"""Reactions: when this happened, then ask that.

A reaction is a pure function of one committed event and the state right behind it. Its commands carry ids made of the
reaction's name and the event's position, so that asking again asks the same thing. What was asked and has no line yet
is owed; what is owed follows from the journal alone, so no restart or takeover forgets a reaction or doubles one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from redstick.kernel.envelope import Envelope
from redstick.kernel.system import ReportFailure
from redstick.kernel.values import Command, Event, Request

PREFIX = "reaction:"


@dataclass(frozen=True)
class Reaction:
    """`ask` gives the commands for an event of the kind `on`, from the domain's state right behind the event."""

    name: str
    on: type[Event]
    ask: Callable[[Any, Any, Envelope], Iterable[Command]]


class Owed:
    """What reactions have asked and no line has answered, in the order of asking."""

    def __init__(self, reactions: Mapping[type[Event], list[tuple[str, Reaction]]]) -> None:
        self._reactions = reactions
        self._owed: dict[str, Request] = {}

    def note(self, states: Mapping[str, Any], event: Event, envelope: Envelope) -> list[Request]:
        """An event is committed: what it answers is owed no more; gives what it makes owed."""
        if envelope.cause.startswith(PREFIX):
            self._owed.pop(envelope.cause, None)
        made: list[Request] = []
        for domain, reaction in self._reactions.get(type(event), ()):
            actor = f"{PREFIX}{reaction.name}"
            for count, command in enumerate(_asked(reaction, states[domain], event, envelope)):
                made.append(Request(f"{actor}:{envelope.position}:{count}", command, actor))
        self._owed.update((request.id, request) for request in made)
        return made

    def owe(self, request: Request) -> None:
        """Put back what a snapshot says is owed."""
        self._owed[request.id] = request

    def all(self) -> list[Request]:
        """Everything that is owed."""
        return list(self._owed.values())


def _asked(reaction: Reaction, state: Any, event: Event, envelope: Envelope) -> list[Command]:
    """What a reaction asks; that its own code failed is written down in its stead."""
    try:
        return list(reaction.ask(state, event, envelope))
    except Exception as error:  # noqa: BLE001  (whatever a domain's code raises, 911 goes on)
        return [ReportFailure(reaction.name, envelope.position, f"{type(error).__name__}: {error}")]

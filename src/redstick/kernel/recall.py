"""Recall: a closed thing leaves the live state by an event, and a command on it brings it back first.

The event that retires a thing keeps its record, so that to bring it back is to read one line. Where that line stands is
looked up in an index that anyone can rebuild from the journal.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from redstick.kernel.envelope import opened
from redstick.kernel.errors import Corruption
from redstick.kernel.fold import Fact
from redstick.kernel.house import House
from redstick.kernel.values import Command, Event

History = Callable[[int], Iterable[bytes]]


class Retirements(Protocol):
    """Where retired things can be found again; an index, to be rebuilt from the journal at will."""

    def position_of(self, subject: str) -> int | None:
        """The position of the line that last retired a subject; None when none did."""

    def note(self, position: int, subjects: Iterable[str]) -> None:
        """The line at `position` retired these subjects. Saying it twice changes nothing."""


class RetirementsInMemory:
    """The index of a fold that began at the first line."""

    def __init__(self, known: Mapping[str, int] | None = None) -> None:
        self._positions = dict(known or {})

    def position_of(self, subject: str) -> int | None:
        """The position of the line that last retired a subject; None when none did."""
        return self._positions.get(subject)

    def note(self, position: int, subjects: Iterable[str]) -> None:
        """The line at `position` retired these subjects."""
        self._positions.update(dict.fromkeys(subjects, position))

    def known(self) -> dict[str, int]:
        """Everything in the index."""
        return dict(self._positions)


def note_retirement(house: House, retired: Retirements, fact: Fact) -> None:
    """Tell the index of a committed fact, if it retires something."""
    if type(fact.event) in house.retirements:
        retired.note(fact.envelope.position, fact.envelope.subjects)


def recalls_for(
    house: House, states: Mapping[str, Any], command: Command, retired: Retirements, undurable: Iterable[Fact],
    history: History,
) -> list[tuple[int, Command]]:  # fmt: skip
    """What brings back the things that a command names and the live state does not hold.

    Each comes with the position of the line that retired it. `undurable` are facts in flight, which no index knows yet.
    Raises Corruption when the index names a line that retires nothing: it must be rebuilt.
    """
    domain = house.domains[house.deciders[type(command)][0]]
    if domain.recall is None:
        return []
    absent = list(domain.recall.absent(states[domain.name], command))
    if not absent:
        return []
    in_flight = _retirements(house, undurable)
    found: dict[int, Event] = {}
    for subject in absent:
        fact = in_flight.get(subject) or _stored(house, retired.position_of(subject), history)
        if fact is not None:
            found[fact.envelope.position] = fact.event
    return [(position, domain.recall.restore(found[position])) for position in sorted(found)]


def _retirements(house: House, facts: Iterable[Fact]) -> dict[str, Fact]:
    return {
        subject: fact for fact in facts if type(fact.event) in house.retirements for subject in fact.envelope.subjects
    }


def _stored(house: House, position: int | None, history: History) -> Fact | None:
    if position is None:
        return None
    line = next(iter(history(position - 1)), None)
    fact = None
    if line is not None:
        envelope = opened(line)
        fact = Fact(envelope, house.events.read(envelope))
    if fact is None or type(fact.event) not in house.retirements:
        raise Corruption(f"position {position} retires nothing: the index of retired things must be rebuilt")
    return fact

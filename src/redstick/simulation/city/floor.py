"""What everyone in the simulated city shares: virtual time, the desk, who holds which seat, and what was heard."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

from redstick.dispatch.state import Dispatch
from redstick.kernel.ids import make_id
from redstick.kernel.values import Command, Event, Instant
from redstick.simulation.city.dice import Dice
from redstick.simulation.ports import Desk, Told, ignore
from redstick.simulation.timeline import Act, Timeline

ROBOT = "robot:"
Hear = Callable[[Iterable[Event]], None]
DeskFactory = Callable[[Hear], Desk]


@runtime_checkable
class Clockwork(Protocol):
    """A desk whose timers fire only when it is told the time: in one process with the city, on virtual time."""

    def next_due(self) -> Instant | None:
        """When its next timer is due; None when none runs."""

    def tick(self, now: Instant) -> bool:
        """Let what is due fire; False when nothing did."""


class Floor:
    """The ground on which robots act. Whoever heard something plans its act on the timeline, never at once.

    What is heard comes while a desk is still busy with the command that caused it; an act that is planned for now is
    done right after.
    """

    def __init__(self, start: Instant, seed: int) -> None:
        self.timeline = Timeline(start)
        self._ids = Dice(seed, "ids")
        self._ears: defaultdict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)
        self._desk: Desk | None = None

    @property
    def now(self) -> Instant:
        """The virtual moment."""
        return self.timeline.now

    @property
    def desk(self) -> Desk:
        """Where commands go; raises LookupError before one is set."""
        if self._desk is None:
            raise LookupError("the floor has no desk yet")
        return self._desk

    def sit(self, desk: Desk) -> None:
        """Put commands to this desk from now on."""
        self._desk = desk

    @property
    def state(self) -> Dispatch:
        """The committed fold as the desk sees it."""
        return self.desk.state

    def ask(self, actor: str, commands: Sequence[Command], told: Told = ignore) -> None:
        """Ask now."""
        self.desk.ask(self.timeline.now, actor, commands, told)

    def name(self, prefix: str) -> str:
        """A new id of this moment."""
        return make_id(prefix, self.timeline.now, self._ids.raw())

    def later(self, ms: int, act: Act) -> None:
        """Plan an act some milliseconds from now."""
        self.timeline.at(self.timeline.now + max(ms, 0), act)

    def listen(self, kind: type[Event], ear: Callable[[Any], None]) -> None:
        """Call `ear` with every committed event of a kind."""
        self._ears[kind].append(ear)

    def hear(self, events: Iterable[Event]) -> None:
        """Committed events have become visible, in their order."""
        ears = self._ears
        for event in events:
            for ear in ears.get(type(event), ()):
                ear(event)

    def person_at(self, seat: str) -> str:
        """The person who holds a seat, "" when a robot does or nobody."""
        held = self.state.seats.get(seat)
        return "" if held is None or held.person.startswith(ROBOT) else held.person

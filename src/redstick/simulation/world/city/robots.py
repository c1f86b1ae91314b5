"""A robot at a seat: it looks at its screen, does what is most urgent there, and looks again when it was told.

It keeps nothing in mind that is not on the screen or in the world, so a stale screen, a rejection or a seat that goes
away costs it time and nothing else.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from redstick.dispatch.rules.seats import FindSeat, LoseSeat, SignOff, SignOn
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Command, Instant, Outcome
from redstick.simulation.ports import ignore
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.city.crews import Crew
from redstick.simulation.world.city.desk import WorldDesk
from redstick.simulation.world.city.ground import SEATS
from redstick.simulation.world.city.telephone import Telephone
from redstick.simulation.world.household import EPOCH_MS

IDLE_MS, IDLE_AT_MOST_MS, THINK_MS = 2_500, 12_000, 1_200
ROBOT = "robot:"


@dataclass(frozen=True, slots=True)
class Town:
    """What robots know beside their screens: who speaks on the line, and who answers on the radio."""

    telephone: Telephone
    crews: dict[str, Crew]


class Act(NamedTuple):
    """Commands to ask in one go, and what to do when their outcomes are known."""

    commands: Sequence[Command]
    then: Callable[[list[Outcome]], None] = ignore


class Robot(ABC):
    """One robot at one seat, at work from `begins_at` on."""

    def __init__(
        self, seat: str, timeline: Timeline, random: Random, desk: WorldDesk, town: Town, begins_at: int
    ) -> None:
        self.seat, self.person, self.desk = seat, f"{ROBOT}{seat}", desk
        self.away_until, self._idle_ms = 0, IDLE_MS
        self._timeline, self._random, self._town = timeline, random, town
        self._groups = list(SEATS[seat])
        self._over: set[str] = set()  # what it has seen to be over, and need not look at again
        self._merged: set[tuple[str, str]] = set()
        timeline.at(begins_at, self.look)

    @abstractmethod
    def acts(self, state: Dispatch, now: Instant) -> Iterator[Act]:
        """What there is to do, the most urgent first; the first one is done."""

    def look(self) -> None:
        """Do the first thing that there is to do, or look again in a while."""
        if self._timeline.now < self.away_until:
            self._timeline.at(self.away_until, self.look)
            return
        state, now = self.desk.state, EPOCH_MS + self._timeline.now
        act = self._sign_on(state) or next(self.acts(state, now), None)
        if act is None:
            self._idle_ms = min(IDLE_AT_MOST_MS, round(self._idle_ms * 1.3))
            self._later(self._idle_ms)
            return
        self._idle_ms = IDLE_MS

        def told(outcomes: list[Outcome]) -> None:
            act.then(outcomes)
            self._later(THINK_MS)

        self.desk.ask(now, self.person, act.commands, told)

    def vanish(self, until: int) -> None:
        """The stream of this seat is lost; the house says so, and says when it is back."""
        self.away_until = max(self.away_until, until)
        if self._groups:
            self.desk.ask(self._timeline.now, "house", [LoseSeat(self.seat)])
            self._timeline.at(until, lambda: self.desk.ask(self._timeline.now, "house", [FindSeat(self.seat)]))

    def sign_off(self, until: int) -> None:
        """Ask to leave, and leave if nothing would be unseen by it."""

        def told(outcomes: list[Outcome]) -> None:
            if outcomes[0].accepted:
                self.away_until = max(self.away_until, until)

        if self._groups:
            self.desk.ask(self._timeline.now, self.person, [SignOff(self.seat)], told)

    def _sign_on(self, state: Dispatch) -> Act | None:
        seat = state.seats.get(self.seat)
        known = all(group in state.groups for group in self._groups)
        if not self._groups or not known or (seat is not None and seat.groups == self._groups):
            return None
        return Act([SignOn(self.seat, self.person, self._groups)])

    def _later(self, middle_ms: int) -> None:
        self._timeline.at(self._timeline.now + round(middle_ms * self._random.uniform(0.6, 1.4)), self.look)

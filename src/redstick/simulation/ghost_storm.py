"""A storm of calls that say nothing, on a virtual clock: how soon those are answered who need help.

Ten times the ordinary calls ring at a floor that is staffed for the ordinary ones: 442 calls in twenty minutes, six in
ten of them from a number that rang before (Dallas, March 2017, had 360 to 442 on hold). One in ten is a person with an
emergency. The rest are telephones that ring again and again and say nothing: they hang up within seconds, answered or
not, and whoever answers one listens, tags it and goes on.

Nothing here is measured in wall time, and nothing is decided here but what people do: comms and dispatch run as a city
has them, every call goes through the journal, call takers answer what they are offered, and call back when nothing
rings.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import exp, factorial
from random import Random
from typing import Any

from redstick.comms import live as comms
from redstick.comms.rules.agents import SignOnAgent
from redstick.comms.rules.legs import AnswerLeg, EndLeg, OfferLeg
from redstick.comms.rules.placing import PlaceLeg
from redstick.comms.rules.queues import Queue, SetQueue
from redstick.comms.rules.storms import lasts, repeats
from redstick.comms.rules.tags import Tag, TagLeg
from redstick.comms.rules.waiting import LegPresented
from redstick.comms.state import Comms
from redstick.dispatch import live as dispatch
from redstick.dispatch.rules.callbacks import queue as owed_callbacks
from redstick.dispatch.rules.calls import AnswerCall, CallEnded, EndCall
from redstick.dispatch.state import Dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor, Lane
from redstick.kernel.fold import Fact
from redstick.kernel.ports import Journal
from redstick.kernel.values import Command, Outcome, Request
from redstick.published.comms import Arrival, LineKind, Placing, Reason
from redstick.published.dispatch import CallAnswered

NOON, SECOND, MINUTE = 1_700_000_000_000, 1_000, 60_000
CALLS, REAL, GHOSTS, LASTS_MS = 442, 44, 133, 20 * MINUTE  # 44 people, 133 telephones that ring 398 times
TALK_S = 90  # on average
STANDARD = ((15, 0.90), (20, 0.95))  # of 911 calls within so many seconds (NENA-STA-020.1, R*)
GREETING_S = 5  # the shortest
LISTEN_MS = 12 * SECOND  # to a line on which nobody speaks
GHOST_RINGS_MS = (2 * SECOND, 20 * SECOND)
PATIENCE_MS = (60 * SECOND, 240 * SECOND)  # of a person
REACTS_MS = 2 * SECOND
RINGS_BACK_MS = 20 * SECOND
MOST_SILENT = 2
SPARE = 3  # so many call takers are free of callbacks while the storm lasts


@dataclass
class Caller:
    """Whoever calls from one number. `spoken_at` is when a call taker first heard a real one."""

    number: str
    real: bool
    first_at: int
    talks_ms: int
    spoken_at: int | None = None


def call_takers(a_minute: float, talk_s: float) -> int:
    """The fewest of whom Erlang C says that so many calls are answered as the standard asks."""
    load = a_minute * talk_s / 60
    for seats in range(int(load) + 1, 200):
        top = load**seats / factorial(seats) * seats / (seats - load)
        waits = top / (sum(load**one / factorial(one) for one in range(seats)) + top)
        if all(1 - waits * exp(-(seats - load) * seconds / talk_s) >= share for seconds, share in STANDARD):
            return seats
    raise ValueError(f"{load} Erlang need more than 200 call takers")


class GhostStorm:
    """One storm. `ordered` is whether repeats stand back while it lasts; without, everybody stands as they came."""

    def __init__(self, seed: int, journal: Journal, *, ordered: bool = True) -> None:
        self._dice = Random(seed)  # noqa: S311  (a seed is to be repeated, not to be secret)
        self._driver = SynchronousDriver(Executor([dispatch, comms]), journal)
        self._driver.listen(self._heard)
        self._facts: list[Fact] = []
        self._names, self._turns = count(), count()
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self.now = NOON
        self.seats = [f"calls:{one}" for one in range(1, call_takers(CALLS / 10 / (LASTS_MS / MINUTE), TALK_S) + 1)]
        self.callers: dict[str, Caller] = {}
        self._of_leg: dict[str, Caller] = {}
        self._calling: dict[str, str] = {}  # seat by the leg of a callback
        if not ordered:
            self._ask(SetQueue(Queue(id="911", line=LineKind.EMERGENCY)))
        for seat in self.seats:
            self._ask(SignOnAgent(seat))
        self._plan()

    @property
    def _comms(self) -> Comms:
        state: Comms = self._driver.executor.committed["comms"]
        return state

    @property
    def _floor(self) -> Dispatch:
        state: Dispatch = self._driver.executor.committed["dispatch"]
        return state

    def run(self) -> "GhostStorm":
        """Until nothing is left to do: every call is over, every number that is owed a callback was called."""
        while self._due:
            at, _, act = heapq.heappop(self._due)
            self._pass_to(at)
            act()
            self._follow()
        return self

    def delays_ms(self) -> list[int]:
        """From the first ring of each person to the first word with them, on whichever call; the shortest first."""
        return sorted(one.spoken_at - one.first_at for one in self.people if one.spoken_at is not None)

    @property
    def people(self) -> list[Caller]:
        """Who needs help."""
        return [one for one in self.callers.values() if one.real]

    @property
    def unreached(self) -> list[str]:
        """Numbers of people with whom nobody has spoken."""
        return [one.number for one in self.people if one.spoken_at is None]

    @property
    def left_over(self) -> int:
        """Callers in line and callbacks that nobody has tried."""
        untried = [one for one in self._floor.callbacks.values() if not one.exhausted]
        return len(self._comms.waiting) + len(untried)

    def _plan(self) -> None:
        """When each telephone rings: people once, ghosts as often as makes the sum."""
        rings = [(f"225555{one:04}", True) for one in range(REAL)]
        ghosts = [f"225666{one:04}" for one in range(GHOSTS)]
        rings += [(number, False) for number in ghosts]
        rings += [(self._dice.choice(ghosts), False) for _ in range(CALLS - len(rings))]
        for number, real in rings:
            talks, patience = (
                self._dice.expovariate(1 / (TALK_S - GREETING_S)),
                self._dice.randrange(*PATIENCE_MS if real else GHOST_RINGS_MS),
            )
            caller = Caller(number, real, 0, GREETING_S * SECOND + round(talks * SECOND))
            self._at(NOON + self._dice.randrange(LASTS_MS), partial(self._ring, caller, patience))
        for late in range(LASTS_MS, LASTS_MS + 240 * MINUTE, 15 * SECOND):  # someone looks at what is owed
            self._at(NOON + late, self._call_back)

    def _ring(self, calls: Caller, patience_ms: int) -> None:
        leg = f"leg{next(self._names)}"
        caller = self.callers.setdefault(calls.number, calls)
        caller.first_at = caller.first_at or self.now
        self._of_leg[leg] = caller
        arrival = Arrival(line=LineKind.EMERGENCY, number=caller.number)
        self._ask(OfferLeg(leg, arrival, f"call-{leg}"), Lane.EMERGENCY)
        self._at(self.now + patience_ms, partial(self._tire, leg))

    def _tire(self, leg: str) -> None:
        """Nobody has answered: they hang up. A ghost hangs up on whoever has answered too."""
        found = self._comms.legs.get(leg)
        if found is not None and (found.taken_at is None or not self._of_leg[leg].real):
            self._ask(EndLeg(leg, "them", "bye"), Lane.EMERGENCY)

    def _follow(self) -> None:
        """What people do about what has just happened."""
        while self._facts:
            facts, self._facts = self._facts, []
            for fact in facts:
                match fact.event:
                    case LegPresented(leg=leg, seat=seat):
                        self._at(self.now + REACTS_MS, partial(self._answer, leg, seat))
                    case CallAnswered(call=call, seat=seat):
                        self._speak(call.removeprefix("call-"), seat)
                    case CallEnded(call=call) if call.removeprefix("call-") in self._comms.legs:
                        self._ask(EndLeg(call.removeprefix("call-"), "us", "ended at a seat"))
            self._call_back()

    def _answer(self, leg: str, seat: str) -> None:
        waiting = self._comms.waiting.get(leg)
        if waiting is not None and waiting.offered == seat:
            self._ask(AnswerCall(f"call-{leg}", seat), Lane.EMERGENCY)

    def _speak(self, leg: str, seat: str) -> None:
        caller = self._of_leg[leg]
        if caller.real:
            caller.spoken_at = self.now if caller.spoken_at is None else caller.spoken_at
            over = self.now + caller.talks_ms
        else:
            over = self.now + LISTEN_MS
            self._at(over - SECOND, lambda: self._ask(TagLeg(leg, seat, Tag.SILENT)))
        self._at(over, lambda: self._ask(EndCall(f"call-{leg}")))

    def _call_back(self) -> None:
        """Who is free calls back who is owed it, as long as nobody rings and enough others are free."""
        while not self._comms.waiting:
            free = [one for one in self._comms.agents.values() if one.state == "available" and not one.offered]
            free = [one for one in free if one.seat not in self._calling.values()]
            spare = SPARE if self.now < NOON + LASTS_MS else 0
            owed = [one for one in owed_callbacks(self._floor, self.now) if not one.exhausted and not one.seat]
            if lasts(self._comms, "911"):  # a number that rings again and again waits until it is over
                owed = [one for one in owed if repeats(self._comms, one.number, self.now) < MOST_SILENT]
            if len(free) <= spare or not owed:
                return
            leg, seat = f"back{next(self._names)}", free[0].seat
            self._calling[leg] = seat
            self._ask(PlaceLeg(leg, Placing(seat, f"tel:{owed[0].number}", Reason.CALLBACK, owed[0].number)))
            self._at(self.now + RINGS_BACK_MS // 2, partial(self._rings, leg, owed[0].number))

    def _rings(self, leg: str, number: str) -> None:
        """A person answers; a ghost does not, and is given up."""
        if not self.callers[number].real:
            self._at(self.now + RINGS_BACK_MS // 2, lambda: self._give_up(leg, "408 nobody answered"))
            return
        caller = self.callers[number]
        caller.spoken_at = self.now if caller.spoken_at is None else caller.spoken_at
        self._ask(AnswerLeg(leg, "PCMU"))
        self._at(self.now + TALK_S * SECOND, lambda: self._give_up(leg, "ended at a seat"))

    def _give_up(self, leg: str, cause: str) -> None:
        self._ask(EndLeg(leg, "us", cause))
        self._calling.pop(leg, None)

    def _at(self, when: int, act: Callable[[], Any]) -> None:
        heapq.heappush(self._due, (when, next(self._turns), act))

    def _pass_to(self, when: int) -> None:
        """Timers fire when they are due, not when somebody acts next."""
        while (timer := self._driver.executor.next_due()) is not None and timer <= when:
            self.now = max(self.now, timer)
            self._driver.drain(self.now)
            self._follow()
        self.now = max(self.now, when)
        self._driver.drain(self.now)

    def _ask(self, command: Command, lane: Lane = Lane.ORDINARY) -> Outcome:
        name = f"g{next(self._names)}"
        outcomes = self._driver.run([Request(name, command, "storm")], self.now, lane)
        return next(one for one in outcomes if one.request == name)

    def _heard(self, facts: list[Fact]) -> None:
        self._facts += facts

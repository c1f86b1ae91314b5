"""A month in which some addresses are wrong, lived by the real rules: what error discovery is judged on.

Which incidents have a wrong address is known here and nowhere in the record. How errors come to light, and what looks
like an error and is none, are made up; the shares imitate no city and are stated below.
"""

import math
from dataclasses import dataclass, field
from random import Random

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import domain
from redstick.dispatch.discovery.signals import Signal, Verdict
from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import CloseIncident, MoveIncident, OpenIncident
from redstick.dispatch.rules.locations import ReadBackAddress
from redstick.dispatch.rules.reviews import ReviewSuspect
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.domain import Domain
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Instant, Outcome, Request

NORTH, EAST = 90, 104  # 1e-7 degrees in a metre, at 30.4 degrees
SECOND, MINUTE = 1000, 60_000
BEGIN: Instant = 1_700_000_000_000
WRONG = 0.04  # share of incidents whose address is wrong
POSITION_KNOWN = 0.7  # share of on-scene reports that come with a position

# How a wrong address comes to light, in hundredths; `silent` leaves no trace at all.
ENDS = {"edited": 40, "found": 20, "called_again": 15, "redispatched": 10, "read_back": 5, "silent": 10}
# What a right address may look like, in thousandths; the rest is quiet.
ODDITIES = {
    "refined": 50, "moved_on": 15, "staged_away": 20, "cancelled": 30, "slow": 7, "another_call": 15, "misspelt": 20,
    "quiet": 843,
}  # fmt: skip


@dataclass
class Month:
    """The facts of a month, and which incidents truly had a wrong address, by how that came to light.

    `said` is where units said by radio that they stood, with or without a record of it.
    """

    facts: list[Fact] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    said: dict[str, tuple[int, int]] = field(default_factory=dict)
    incidents: int = 0


class Misplacing:
    """Lives incidents one after another, each at its own time; units are as many as are needed."""

    def __init__(self, seed: int, of: Domain = domain, wrong_share: float = WRONG) -> None:
        self.month, self._dice = Month(), Random(seed)  # noqa: S311  (a made-up month hides nothing)
        self._driver, self._wrong_share = SynchronousDriver(Executor([of]), MemoryJournal()), wrong_share
        self._driver.listen(self.month.facts.extend)
        self._now, self._asked, self._calls = BEGIN, 0, 0
        for unit in ("A", "B"):
            self._do(EnrollUnit(unit, agency="fire"), ReportStatus(unit, "AQ"))

    def live(self, incidents: int) -> Month:
        """So many incidents."""
        for count in range(incidents):
            self._now += int(self._dice.expovariate(1 / (9 * MINUTE)))
            name = f"i{count}"
            if self._dice.random() < self._wrong_share:
                how = self._dice.choices(list(ENDS), list(ENDS.values()))[0]
                self.wrong(name, how)
            else:
                self.right(name, self._dice.choices(list(ODDITIES), list(ODDITIES.values()))[0])
        return self.month

    def review(self, incident: str, signal: Signal, verdict: Verdict, by: str = "J. Doe") -> Outcome:
        """Somebody looks at a suspicion and says what it was."""
        self._asked += 1
        asked = ReviewSuspect(incident, signal, verdict, by)
        [outcome] = self._driver.run([Request(f"m{self._asked}", asked, by)], self._now)
        return outcome

    def stored(self) -> list[bytes]:
        """The lines of the month."""
        return list(self._driver.journal.read())

    def wrong(self, name: str, how: str) -> None:
        """An incident whose address is wrong, and how that comes to light."""
        self.month.wrong[name] = how
        true = self._place()
        away_m = self._dice.choice([self._dice.uniform(250, 600), self._dice.uniform(800, 8000)])
        written = self._off(true, away_m, "wrong address")
        number = self._open(name, written)
        if how == "read_back":
            self._do(ReadBackAddress(name, written.text, true.text))
        self._send(name, "A")
        getattr(self, f"_{how}")(name, true, written, number)
        self._over(name)

    def right(self, name: str, oddity: str) -> None:
        """An incident whose address is right, and what looks odd about it."""
        place = self._place()
        number = self._open(name, place)
        if oddity == "misspelt":
            self._do(ReadBackAddress(name, place.text, place.text.replace("Street", "Stret")))
        self._send(name, "A")
        getattr(self, f"_{oddity}", self._arrive)(name, place, place, number)
        self._over(name)
        if oddity == "another_call":
            self.month.incidents += 1
            self._call(f"{name}b", self._place(), number)
            self._over(f"{name}b")

    # How errors come to light

    def _edited(self, name: str, true: Place, written: Place, number: str) -> None:
        self._do(MoveIncident(name, true))
        self._arrive(name, true, written, number)

    def _found(self, name: str, true: Place, written: Place, number: str) -> None:
        self._arrive(name, true, written, number)

    _read_back = _found

    def _called_again(self, name: str, true: Place, written: Place, number: str) -> None:
        del written
        self._wait(8)
        self._call(f"{name}b", true, number)
        self.month.incidents += 1
        self._do(ReleaseUnit(name, "A", "cancelled"), ReportStatus("A", "AQ"))
        self._send(f"{name}b", "A")
        self._arrive(f"{name}b", true, true, number)
        self._over(f"{name}b")

    def _redispatched(self, name: str, true: Place, written: Place, number: str) -> None:
        self._wait(14)
        self._send(name, "B")
        self._do(ReleaseUnit(name, "A", "cancelled"))
        self._arrive(name, true, written, number, "B")

    def _silent(self, name: str, true: Place, written: Place, number: str) -> None:
        self._arrive(name, written, true, number)

    # What looks like an error

    def _refined(self, name: str, true: Place, written: Place, number: str) -> None:
        self._do(MoveIncident(name, self._off(true, 10, f"{true.text} Apt 4")))
        self._arrive(name, true, written, number)

    def _moved_on(self, name: str, true: Place, written: Place, number: str) -> None:
        there = self._off(true, self._dice.uniform(100, 800), "now there")
        self._do(MoveIncident(name, there))
        self._arrive(name, there, written, number)

    def _staged_away(self, name: str, true: Place, written: Place, number: str) -> None:
        self._arrive(name, self._off(true, self._dice.uniform(150, 500), ""), written, number)

    def _cancelled(self, name: str, true: Place, written: Place, number: str) -> None:
        del true, written, number
        self._wait(3)
        self._do(ReleaseUnit(name, "A", "cancelled"))

    def _slow(self, name: str, true: Place, written: Place, number: str) -> None:
        self._redispatched(name, true, written, number)

    # Steps

    def _open(self, name: str, place: Place) -> str:
        number = f"225555{self._dice.randrange(10_000):04d}"
        self.month.incidents += 1
        self._call(name, place, number)
        return number

    def _call(self, name: str, place: Place, number: str) -> None:
        self._calls += 1
        call = f"c{self._calls}"
        self._do(
            ReceiveCall(call, "911", number, place), AnswerCall(call, "s"), OpenIncident(name, place=place, call=call)
        )
        self._do(EndCall(call))

    def _send(self, name: str, unit: str) -> None:
        self._wait(1)
        self._do(AssignUnits(name, [unit], despite="sent"))
        self._wait(1)
        self._do(ReportStatus(unit, "ENR", name))

    def _arrive(self, name: str, there: Place, written: Place, number: str, unit: str = "A") -> None:
        del written, number
        self._wait(self._dice.uniform(2, 9))
        seen = self._off(there, abs(self._dice.gauss(0, 25)), "")
        known = self._dice.random() < POSITION_KNOWN
        if known and seen.x is not None and seen.y is not None:
            self.month.said[name] = (seen.x, seen.y)
        self._do(ReportStatus(unit, "ONS", name, x=seen.x if known else None, y=seen.y if known else None))

    def _over(self, name: str) -> None:
        self._wait(15)
        state = self._driver.executor.committed["dispatch"]
        for unit in ("A", "B"):
            if name in state.units[unit].work:
                self._do(ReleaseUnit(name, unit))
            self._do(ReportStatus(unit, "AQ"))
        if state.incidents[name].closed_at is None:
            self._do(CloseIncident(name, "done"))

    def _place(self) -> Place:
        dice = self._dice
        quality = dice.choices(["rooftop", "corner", "block"], [60, 20, 20])[0]
        x, y = -912_000_000 + dice.randrange(16_000) * EAST, 304_000_000 + dice.randrange(16_000) * NORTH
        return Place(f"{dice.randrange(1, 9999)} Street {dice.randrange(900)}", x, y, quality=quality)

    def _off(self, place: Place, away_m: float, text: str) -> Place:
        angle = self._dice.uniform(0, 2 * math.pi)
        x = (place.x or 0) + round(away_m * EAST * math.cos(angle))
        y = (place.y or 0) + round(away_m * NORTH * math.sin(angle))
        return Place(text, x, y, quality=place.quality)

    def _wait(self, minutes: float) -> None:
        self._now += round(minutes * MINUTE)

    def _do(self, *commands: Command) -> None:
        for command in commands:
            self._asked += 1
            self._now += SECOND
            [outcome] = self._driver.run([Request(f"m{self._asked}", command, "month")], self._now)
            if not outcome.accepted:
                raise ValueError(f"{command}: {outcome.rejection}")

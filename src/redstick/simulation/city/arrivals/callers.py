"""Callers: a non-homogeneous Poisson process over the local week, and the bursts of a scenario.

Happenings of each group come at their own rate by hour and day, by thinning (Lewis and Shedler 1979); each is called in
by one person or by several. Everything is drawn from the seed alone, an hour at a time: no call depends on how another
was handled.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from redstick.kernel.values import Instant
from redstick.simulation.city.arrivals.contacts import Contact, Happening, Speech
from redstick.simulation.city.arrivals.grounds import Grounds
from redstick.simulation.city.dice import MILLION, Dice
from redstick.simulation.city.scenarios import Burst, Ghosts, Scenario, Where
from redstick.simulation.natures import BY_DAY, BY_HOUR, BY_KIND, NATURES, WORDS, Nature

HOUR_MS = 3_600_000
ASKS_AFTER_MS, HASTY_MS = 9 * 60_000, 1_500
# Of a hundred happenings of a group, how many are where.
WHERE: dict[str, dict[Where, int]] = {
    "ems": {Where.HOMES: 62, Where.WORK: 22, Where.SPOTS: 8, Where.CORNERS: 6, Where.INTERSTATES: 2},
    "fire": {Where.HOMES: 55, Where.WORK: 33, Where.SPOTS: 6, Where.CORNERS: 6},
    "traffic": {Where.CORNERS: 76, Where.INTERSTATES: 20, Where.WORK: 4},
    "police": {Where.HOMES: 52, Where.WORK: 22, Where.SPOTS: 18, Where.CORNERS: 8},
}
# Of a hundred happenings of a group, how many are called in by one person, by two, three, four.
SEEN_BY = {"ems": (93, 6, 1, 0), "fire": (80, 12, 5, 3), "traffic": (66, 20, 9, 5), "police": (88, 9, 2, 1)}
# A whole city burns less often than the made-up busy evening that the shares of natures are of.
RARER = {"Structure fire": 0.5}
CALLS_FOR_ONE = {group: sum((k + 1) * share for k, share in enumerate(of)) / 100 for group, of in SEEN_BY.items()}


@dataclass(frozen=True)
class Habits:
    """How people call, in percent of calls. `calls_a_day` counts all of an ordinary day, tests and pockets too."""

    calls_a_day: int = 1_200
    wrong_address: float = 3.0
    wrong_kind: float = 4.0
    moving: float = 3.0
    silent: float = 4.0
    test: float = 1.0
    hasty: float = 5.0  # hang up almost at once
    again_if_lost: float = 45.0  # of those who hung up, ring again
    asks_after: float = 4.0  # ring again later: where are they?
    patience_s: int = 75


class Callers:
    """Draws the calls of one hour after another."""

    def __init__(self, grounds: Grounds, zone: ZoneInfo, seed: int, scenario: Scenario, start: Instant,
                 habits: Habits) -> None:  # fmt: skip
        self._grounds, self._scenario, self._habits = grounds, scenario, habits
        self._seed, self._zone = seed, zone
        self._midnight = _midnight_of(start, zone)
        self._groups = {group: [one for one in NATURES if one.group == group] for group in WHERE}
        shares = {group: sum(share_of(one) for one in of) for group, of in self._groups.items()}
        told = sum(shares[group] * CALLS_FOR_ONE[group] for group in shares)
        a_day = habits.calls_a_day * (100 - habits.silent - habits.test) / (100 + habits.asks_after)
        self._per_hour = {group: a_day * share / told / 24 for group, share in shares.items()}

    def hour(self, which: int) -> list[Contact]:
        """The calls whose happenings fall into an hour, counted from the midnight before the start, in their order."""
        dice = Dice(self._seed, "hour", str(which))
        begins = self._midnight + which * HOUR_MS
        found: list[Contact] = []
        for group, a_mean_hour in self._per_hour.items():
            for at in self._moments(begins, self._rate(a_mean_hour, group, which), dice):
                found += self._of_group(group, at, dice)
        rate = self._habits.calls_a_day / 24 * (self._habits.silent + self._habits.test) / 100
        found += [self._nothing(at, dice) for at in self._moments(begins, rate, dice)]
        return sorted(found, key=lambda contact: (contact.at, contact.callback))

    def bursts(self) -> list[Contact]:
        """What the scenario brings, in its order: as much as befits the size of the city."""
        found: list[Contact] = []
        for number, burst in enumerate(self._scenario.bursts):
            found += self._of_burst(burst, Dice(self._seed, "burst", self._scenario.name, str(number)))
        for number, ghosts in enumerate(self._scenario.ghosts):
            found += self._of_ghosts(ghosts, Dice(self._seed, "ghosts", self._scenario.name, str(number)))
        return sorted(found, key=lambda contact: (contact.at, contact.callback))

    # When

    def _rate(self, a_mean_hour: float, group: str, which: int) -> float:
        local = datetime.fromtimestamp((self._midnight + which * HOUR_MS) / 1000, UTC).astimezone(self._zone)
        percent = BY_HOUR[group][local.hour] * BY_DAY[group][local.weekday()] / 10_000
        loads = [load for begins, ends, load in self._scenario.load_percent if begins <= which < ends]
        return a_mean_hour * percent * (loads[0] if loads else 100) / 100

    def _moments(self, begins: Instant, an_hour: float, dice: Dice) -> Iterator[Instant]:
        if an_hour <= 0:
            return
        mean_ms, at = round(HOUR_MS / an_hour), begins
        while (at := at + dice.wait_ppm() * mean_ms // MILLION) < begins + HOUR_MS:
            yield at

    # What and where

    def _of_group(self, group: str, at: Instant, dice: Dice) -> list[Contact]:
        natures = self._groups[group]
        nature = natures[dice.weighted(list(accumulate(round(share_of(one) * 10) for one in natures)))]
        where = list(WHERE[group])[dice.weighted(list(accumulate(WHERE[group].values())))]
        happening = Happening(f"{at}:{group}", at, nature, self._grounds.draw(where, dice))
        return self._told_by(happening, 1 + dice.weighted(list(accumulate(SEEN_BY[group]))), dice, 90_000)

    def _of_burst(self, burst: Burst, dice: Dice) -> Iterator[Contact]:
        begins, lasts = self._at(burst.begins_h), round((burst.ends_h - burst.begins_h) * HOUR_MS)
        kinds = list(burst.kinds)
        size = max(1, burst.happenings * self._habits.calls_a_day // Habits.calls_a_day)
        for number in range(size):
            at = begins + dice.below(lasts)
            nature = BY_KIND[kinds[dice.weighted(list(accumulate(burst.kinds.values())))]]
            happening = Happening(f"{at}:{number}", at, nature, self._grounds.draw(burst.where, dice))
            spread_ms = 15 * 60_000 if burst.where is Where.ONE_PLACE else 120_000
            yield from self._told_by(happening, dice.between(*burst.seen_by), dice, spread_ms)

    def _told_by(self, happening: Happening, people: int, dice: Dice, spread_ms: int) -> list[Contact]:
        """The first sees it at once; the others within a while, most of them soon."""
        after = [0, *sorted(dice.below(1 + dice.below(spread_ms)) for _ in range(people - 1))]
        told = [self._one(happening, happening.at + ms, dice, first=k == 0) for k, ms in enumerate(after)]
        again = [one for one in told if dice.happens(self._habits.asks_after)]
        return [*told, *(replace(one, at=one.at + dice.about(ASKS_AFTER_MS), moves_to=None) for one in again)]

    def _one(self, happening: Happening, at: Instant, dice: Dice, *, first: bool) -> Contact:
        habits, place, nature = self._habits, happening.place, happening.nature
        patience_ms = HASTY_MS if dice.happens(habits.hasty) else habits.patience_s * 1000
        told = place
        if dice.happens(habits.wrong_address):
            told = self._grounds.another_number(place, dice)
        kind = self._mistaken(nature, dice) if dice.happens(habits.wrong_kind) else nature
        moves = self._grounds.beside(place, dice, 300) if dice.happens(habits.moving) else None
        return Contact(
            at, _number(dice), Speech.TELLS, self._grounds.beside(place, dice, 20 if first else 90),
            dice.about(patience_ms, 0.7), happening, kind, told, dice.pick(WORDS[kind.kind]),
            dice.about(20_000, 0.6) if dice.happens(habits.again_if_lost) else None, moves,
        )  # fmt: skip

    def _mistaken(self, nature: Nature, dice: Dice) -> Nature:
        """Another kind of the same group, as people take one thing for another."""
        return dice.pick([one for one in NATURES if one.group == nature.group])

    def _nothing(self, at: Instant, dice: Dice) -> Contact:
        habits = self._habits
        tests = dice.happens(100 * habits.test / (habits.silent + habits.test))
        where = self._grounds.draw(Where.WORK, dice)
        return Contact(
            at, _number(dice), Speech.TEST if tests else Speech.SILENT, self._grounds.beside(where, dice, 60),
            dice.about(25_000 if tests else 9_000, 0.6), picks_up_percent=60,
        )  # fmt: skip

    def _of_ghosts(self, ghosts: Ghosts, dice: Dice) -> Iterator[Contact]:
        """So many calls, of which the repeats come from numbers that rang before."""
        begins, lasts = self._at(ghosts.begins_h), round((ghosts.ends_h - ghosts.begins_h) * HOUR_MS)
        fresh = ghosts.calls - ghosts.calls * ghosts.repeats_percent // 100
        numbers = [_number(dice) for _ in range(fresh)]
        numbers += [dice.pick(numbers) for _ in range(ghosts.calls - fresh)]
        rings = sorted((begins + dice.below(lasts), number) for number in numbers)
        for at, number in rings:
            where = self._grounds.draw(Where.HOMES, dice)
            device = self._grounds.beside(where, dice, 300)
            yield Contact(at, number, Speech.SILENT, device, dice.about(6_000, 0.5), picks_up_percent=35)

    def _at(self, hour: float) -> Instant:
        return self._midnight + round(hour * HOUR_MS)


def share_of(nature: Nature) -> float:
    """How often a nature is called in, against the others."""
    return RARER.get(nature.kind, nature.share)


def _number(dice: Dice) -> str:
    """A made-up number: no area code begins with 1, so none of them can be anybody's."""
    return f"1{dice.below(100):02d}-555-{dice.below(10_000):04d}"


def _midnight_of(start: Instant, zone: ZoneInfo) -> Instant:
    local = datetime.fromtimestamp(start / 1000, UTC).astimezone(zone)
    return round(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)

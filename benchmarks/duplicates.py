"""Duplicate warning: how fast among 1,000 open incidents, and how often it is wrong on seeded pairs.

A made-up city of 11 by 11 km with as many incidents as San Francisco has (21 an hour); a third are called in twice.
What the warning does is told beside what the bare rule does (nearest within 300 m and 20 minutes is
the same): a false merge swallows a second fire and is priced at 20 missed duplicates.
"""

import math
import random
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.figure import Figure, cpu_us
from redstick.dispatch.duplicates.nearby import Report, Suggestion, find
from redstick.dispatch.place import Place
from redstick.dispatch.rules.incidents import Incident, Note
from redstick.dispatch.state import Dispatch
from redstick.simulation.natures import NATURES, SAID, Nature

SEED, HOURS, PER_HOUR = 2016, 400, 21
CORNERS, BLOCK_M, SIDE = 2339, 100, 110  # as many distinct points as the real week has
METRE, EAST, MINUTE = 90, 104, 60_000  # a metre north, a metre east at 30.4 degrees, in 1e-7 degrees
FALSE_MERGE_COST = 20
OPEN = 1000
TARGET_MS = 1.0


def city(dice: random.Random) -> list[tuple[int, int, str]]:
    """Corners with the name of their street, close together downtown; calls come from some far more often."""
    return [(*_corner(dice), f"Street{count % 200}") for count in range(CORNERS)]


def _corner(dice: random.Random) -> tuple[int, int]:
    """A corner of the grid; two of five lie around the middle."""
    middle = SIDE / 2
    downtown = dice.random() < 0.4
    across, along = (dice.gauss(middle, 7) if downtown else dice.uniform(0, SIDE) for _ in range(2))
    return round(across) * BLOCK_M * EAST, 304_000_000 + round(along) * BLOCK_M * METRE


def distinct(dice: random.Random, corners: list[tuple[int, int, str]], at: int) -> tuple[Report, Nature]:
    """A new incident, called in for the first time."""
    x, y, street = corners[int(len(corners) * dice.random() ** 1.6)]
    nature = dice.choices(NATURES, [one.share for one in NATURES])[0]
    place = Place(f"{dice.randrange(1, 99)} {street} Street", x, y, quality="rooftop")
    return Report(at, place, nature.kind, nature.group, number(dice), dice.choice(SAID[nature.kind])), nature


def again(dice: random.Random, first: Report, nature: Nature) -> Report:
    """A second call about the same: a little later, from near by, and not always told as the same kind."""
    at = first.at + int(dice.expovariate(1 / (4 * MINUTE)))
    kinds = [one for one in NATURES if one.group == nature.group]
    told = dice.choices([nature, dice.choice(kinds), dice.choice(NATURES)], [80, 15, 5])[0]
    how = dice.random()
    off_m, quality = (0, "rooftop") if how < 0.5 else (dice.uniform(20, 120), "rooftop") if how < 0.8 else (
        abs(dice.gauss(0, 120)), "device"
    )  # fmt: skip
    angle = dice.uniform(0, 2 * math.pi)
    x = (first.place.x or 0) + round(off_m * EAST * math.cos(angle))
    y = (first.place.y or 0) + round(off_m * METRE * math.sin(angle))
    text = first.place.text if how < 0.5 else ""
    place = Place(text, x, y, quality=quality, uncertainty_m=200 if quality == "device" else None)
    callback = first.callback if dice.random() < 0.05 else number(dice)
    return Report(at, place, told.kind, told.group, callback, dice.choice(SAID[told.kind]))


Firsts = list[list[Suggestion]]  # what was suggested for each new incident
Seconds = list[tuple[str, list[Suggestion]]]  # the same for each second call, with the incident that it belongs to


def number(dice: random.Random) -> str:
    """A number of a caller."""
    return f"225555{dice.randrange(10_000):04d}"


def known(report: Report, name: str) -> Incident:
    """A report as an incident that was opened for it."""
    incident = Incident(name, report.at, kind=report.kind, group=report.group, place=report.place)
    incident.notes.append(Note(report.at, report.said))
    return incident


def costs() -> Iterator[Figure]:
    """Both errors, of the score and of the bare rule, on the same pairs."""
    dice = random.Random(SEED)
    corners, state = city(dice), Dispatch()
    first: Firsts = []
    second: Seconds = []
    at = 0.0
    for count in range(HOURS * PER_HOUR):
        at += dice.expovariate(PER_HOUR / (60 * MINUTE))
        report, nature = distinct(dice, corners, int(at))
        state.incidents = {key: one for key, one in state.incidents.items() if at - one.opened_at < 60 * MINUTE}
        first.append(find(state, report))
        state.incidents[f"i{count}"] = known(report, f"i{count}")
        if count % 3 == 0:
            second.append((f"i{count}", find(state, again(dice, report, nature))))
    yield from _rates("score", *_wrong(first, second, lambda one: one.strong))
    yield from _rates("bare_rule", *_wrong(first, second, lambda _: True))
    listed = sum(any(one.incident == name for one in found) for name, found in second)
    yield Figure("duplicates_listed", 100 * listed / len(second), "% of second calls", 100, "% at best", len(second))
    warned = sum(bool(found) for found in first)
    yield Figure("distinct_listed", 100 * warned / len(first), "% of new incidents", 10, "% allowed", len(first))


def _wrong(first: Firsts, second: Seconds, taken: Callable[[Suggestion], bool]) -> tuple[float, float, float]:
    """False merges of new incidents, missed second calls, both in percent; and the cost per 100 calls."""
    swallowed = sum(bool(found) and taken(_best(found)) for found in first)
    missed = sum(not found or not taken(_best(found)) or _best(found).incident != name for name, found in second)
    cost = 100 * (FALSE_MERGE_COST * swallowed + missed) / (len(first) + len(second))
    return 100 * swallowed / len(first), 100 * missed / len(second), cost


def _best(found: list[Suggestion]) -> Suggestion:
    return found[0]


def _rates(name: str, swallowed: float, missed: float, cost: float) -> Iterator[Figure]:
    n = HOURS * PER_HOUR
    yield Figure(f"{name}_false_merges", swallowed, "% of new incidents", 8.5, "% base rate of San Francisco", n)
    yield Figure(f"{name}_missed", missed, "% of second calls", 100, "% without any warning", n // 3)
    yield Figure(f"{name}_cost", cost, "missed duplicates per 100 calls", 25, "per 100 calls without any warning", n)


def speed() -> Iterator[Figure]:
    """One search among 1,000 open incidents of the last hour, and among as many of the last 20 minutes."""
    for name, minutes in (("duplicate_search", 60), ("duplicate_search_all_fresh", 20)):
        dice = random.Random(SEED)
        corners, state = city(dice), Dispatch()
        for count in range(OPEN):
            report, _ = distinct(dice, corners, dice.randrange(minutes * MINUTE))
            state.incidents[f"i{count}"] = known(report, f"i{count}")
        reports = [distinct(dice, corners, minutes * MINUTE)[0] for _ in range(20)]
        spent_ms = cpu_us(partial(_search_all, state, reports), 3) / 1000 / len(reports)
        yield Figure(name, spent_ms, "ms CPU among 1,000 open", TARGET_MS, "ms wanted", OPEN)


def _search_all(state: Dispatch, reports: list[Report]) -> None:
    for report in reports:
        find(state, report)


def measure() -> Iterator[Figure]:
    """Speed, then both errors."""
    yield from speed()
    yield from costs()

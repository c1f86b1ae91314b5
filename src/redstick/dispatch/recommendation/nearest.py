"""The nearest units that meet one requirement, by road; every unit of the roster appears once, with its reason.

No clock is read and nothing is remembered: the same inputs give the same answer. The order is total: travel time in
whole seconds, the fresher position, the unit's id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from redstick.dispatch.ports import Point
from redstick.dispatch.status_table import MEANINGS, Primary, Status


class Reason(StrEnum):
    """The first thing that decides about a unit."""

    CHOSEN = "CHOSEN"
    NOT_AVAILABLE = "NOT_AVAILABLE"
    CAPABILITY = "CAPABILITY"
    EXCLUDED = "EXCLUDED"
    NO_POSITION = "NO_POSITION"
    UNREACHABLE = "UNREACHABLE"
    OVER_CEILING = "OVER_CEILING"
    SLOWER = "SLOWER"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of the roster as it is known. `at` is its last position or its station, `age_s` how old that is."""

    id: str
    kind: str
    capabilities: tuple[str, ...]
    status: Status
    incident: str
    at: Point | None
    age_s: int
    at_station: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """What is needed: any of the kinds (all when empty), every capability, so many units, within a ceiling if any."""

    kinds: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    count: int = 1
    ceiling_s: int | None = None
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about one unit: `travel_s` where it was computed, `behind_s` against the last chosen one."""

    unit: str
    kind: str
    reason: Reason
    words: str
    travel_s: int | None = None
    behind_s: int | None = None

    @property
    def chosen(self) -> bool:
        """True for the units to send."""
        return self.reason is Reason.CHOSEN


class RoadTimes(Protocol):
    """Road times to one place from many."""

    def seconds_to(self, target: Point, origins: Sequence[Point]) -> list[tuple[float | None, str]]:
        """For each origin the time, or None and why no road leads (closure, disconnected)."""


def recommend(roster: Sequence[Candidate], target: Point, requirement: Requirement, roads: RoadTimes) -> list[Verdict]:
    """One verdict a unit: the chosen first, quickest first; then the slower, then those that cannot go, by id."""
    refused: list[Verdict] = []
    able: list[tuple[Candidate, Point]] = []
    for unit in sorted(roster, key=lambda unit: unit.id):
        verdict = _refusal(unit, requirement)
        if verdict is not None:
            refused.append(verdict)
        elif unit.at is None:
            refused.append(Verdict(unit.id, unit.kind, Reason.NO_POSITION, "no position and no station is known"))
        else:
            able.append((unit, unit.at))
    times = roads.seconds_to(target, [at for _, at in able])
    ranked: list[tuple[int, int, str, Candidate]] = []
    for (unit, _), (seconds, why) in zip(able, times, strict=True):
        if seconds is None:
            refused.append(Verdict(unit.id, unit.kind, Reason.UNREACHABLE, f"no road leads there ({why})"))
        elif requirement.ceiling_s is not None and seconds > requirement.ceiling_s:
            words = f"{_minutes(seconds)} is over the ceiling of {_minutes(requirement.ceiling_s)}"
            refused.append(Verdict(unit.id, unit.kind, Reason.OVER_CEILING, words, round(seconds)))
        else:
            ranked.append((round(seconds), unit.age_s, unit.id, unit))
    ranked.sort(key=lambda entry: entry[:3])
    return [*_ranked(ranked, requirement.count), *sorted(refused, key=lambda verdict: verdict.unit)]


def _refusal(unit: Candidate, requirement: Requirement) -> Verdict | None:
    """The first hard constraint that a unit fails, in the order of the dispatch reference, section 5."""
    if requirement.kinds and unit.kind not in requirement.kinds:
        words = f"is {unit.kind or 'of no known kind'}, needed is {' or '.join(requirement.kinds)}"
        return Verdict(unit.id, unit.kind, Reason.CAPABILITY, words)
    missing = [name for name in requirement.capabilities if name not in unit.capabilities]
    if missing:
        return Verdict(unit.id, unit.kind, Reason.CAPABILITY, f"lacks {', '.join(missing)}")
    if MEANINGS[unit.status].primary is not Primary.AVAILABLE or unit.incident:
        work = f", works on {unit.incident}" if unit.incident else ""
        return Verdict(unit.id, unit.kind, Reason.NOT_AVAILABLE, f"is {unit.status}{work}")
    if unit.id in requirement.excluded:
        return Verdict(unit.id, unit.kind, Reason.EXCLUDED, "is excluded for this incident")
    return None


def _ranked(ranked: list[tuple[int, int, str, Candidate]], count: int) -> list[Verdict]:
    verdicts: list[Verdict] = []
    last_s = ranked[min(count, len(ranked)) - 1][0] if ranked else 0
    for place, (seconds, _, name, unit) in enumerate(ranked):
        where = "from its station" if unit.at_station else f"from a position {unit.age_s} s old"
        if place < count:
            verdicts.append(Verdict(name, unit.kind, Reason.CHOSEN, f"{_minutes(seconds)} {where}", seconds, 0))
        else:
            behind = seconds - last_s
            words = f"{_minutes(seconds)} {where}, {behind} s behind"
            verdicts.append(Verdict(name, unit.kind, Reason.SLOWER, words, seconds, behind))
    return verdicts


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02d} s"

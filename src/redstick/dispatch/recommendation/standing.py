"""What is known of each unit when the choice is made: what it fails, how far it is, what taking it would cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from redstick.dispatch.plans.requirement import Order, Requirement
from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.assignment import Option
from redstick.dispatch.recommendation.eligibility import Eligibility
from redstick.dispatch.recommendation.question import Candidate, Question
from redstick.dispatch.recommendation.reasons import Reason
from redstick.dispatch.recommendation.whereabouts import NOWHERE, Whereabouts, whereabouts


class RoadTimes(Protocol):
    """Road times to one place from many. `version` names the state of the roads, closures included."""

    @property
    def version(self) -> str:
        """Which roads: the same name, the same times."""

    @property
    def calibrated(self) -> bool:
        """False when the times are free-flow guesses."""

    def seconds_to(self, target: Point, origins: Sequence[Point]) -> list[tuple[float | None, str]]:
        """For each origin the time, or None and why no road leads (closure, disconnected)."""


class Standing(NamedTuple):
    """One unit before the choice.

    `fails[r]` is the first constraint it fails for requirement `r`, None for none;
    `ranks[r]` is its station's place in the order of the area, behind all of them where that does not name it.
    """

    unit: Candidate
    place: Whereabouts
    penalties: list[int | None]
    fails: list[Reason | None]
    travel_s: int | None
    road: str
    ranks: list[int]

    @property
    def crew(self) -> str:
        """What can go once: the crew, or the unit itself."""
        return f"crew {self.unit.crew}" if self.unit.crew else f"unit {self.unit.id}"

    @property
    def arrival_s(self) -> int:
        """When it would be there: the way, behind the turnout."""
        return (self.travel_s or 0) + self.place.turnout_s

    def coverage_s(self, percent: int) -> int:
        """What its leaving counts for."""
        return self.unit.coverage_loss_s * percent // 100


def standings(question: Question, asked: Eligibility, roads: RoadTimes) -> list[Standing]:
    """Every unit in the order of ids; one query of the roads for those that may go at all."""
    ranks = _Ranks(question)
    before = [_unroaded(unit, question, asked, ranks) for unit in sorted(question.roster, key=lambda unit: unit.id)]
    going = [standing for standing in before if standing.place.at is not None and None in standing.fails]
    origins = [standing.place.at for standing in going if standing.place.at is not None]
    found = roads.seconds_to(question.target, origins) if origins else []
    times = {standing.unit.id: time for standing, time in zip(going, found, strict=True)}
    return [_roaded(standing, times.get(standing.unit.id), question.requirements) for standing in before]


class _Ranks(dict[str, list[int]]):
    """For each station its place in the order of every requirement, behind all of them where it is not in it."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        orders = [question.station_orders.get(need.id, question.station_order) for need in question.requirements]
        self._orders = [({name: i for i, name in reversed(list(enumerate(order)))}, len(order)) for order in orders]

    def __missing__(self, station: str) -> list[int]:
        found = self[station] = [places.get(station, behind) for places, behind in self._orders]
        return found


def _unroaded(unit: Candidate, question: Question, asked: Eligibility, ranks: _Ranks) -> Standing:
    penalties = asked.penalties(unit)
    fails = [asked.refusal(unit, need, price) for need, price in zip(question.requirements, penalties, strict=True)]
    place = whereabouts(unit, question) if None in fails else NOWHERE
    return Standing(unit, place, penalties, fails, None, "", ranks[unit.station])


def _roaded(standing: Standing, time: tuple[float | None, str] | None, requirements: Sequence[Requirement]) -> Standing:
    """With its time, or with why there is none."""
    if None not in standing.fails:
        return standing
    if time is None:
        return standing._replace(fails=[fail or Reason.NO_POSITION for fail in standing.fails])
    seconds, road = time
    if seconds is None:
        return standing._replace(road=road, fails=[fail or Reason.UNREACHABLE for fail in standing.fails])
    travel_s = round(seconds)
    fails = [
        fail or (Reason.OVER_CEILING if need.ceiling_s is not None and travel_s > need.ceiling_s else None)
        for fail, need in zip(standing.fails, requirements, strict=True)
    ]
    return standing._replace(travel_s=travel_s, road=road, fails=fails)


def cost_s(standing: Standing, requirement: int, coverage_percent: int) -> int:
    """Arrival, what the position's uncertainty costs, the substitute's penalty and the loss of coverage."""
    added_s = standing.place.margin_s + (standing.penalties[requirement] or 0)
    return standing.arrival_s + added_s + standing.coverage_s(coverage_percent)


def options(standings: Sequence[Standing], question: Question) -> list[Option]:
    """Every unit for every requirement that it may fill.

    The key is compared from the left: the agency's order where it rules (plain units before substitutes, then the
    station's place); whole seconds; the fresher position; the station's place; the lower workload. The id is last.
    """
    percent, found = question.policy.coverage_percent, []
    ruled = [requirement.order is Order.STATION_ORDER for requirement in question.requirements]
    for standing in standings:
        unit = standing.unit
        for r, fail in enumerate(standing.fails):
            if fail is None:
                rank = standing.ranks[r]
                first = (standing.penalties[r] or 0, rank) if ruled[r] else (0, 0)
                key = (*first, cost_s(standing, r, percent), standing.place.age_s, rank, unit.workload)
                found.append(Option(key, unit.id, standing.crew, r))
    return found

"""The joint choice over all requirements of an incident, and the reason for every unit of the roster.

No clock is read and nothing is remembered: the same question, on the same roads, has the same answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from redstick.dispatch.recommendation.answer import Answer, Drive
from redstick.dispatch.recommendation.assignment import assign
from redstick.dispatch.recommendation.eligibility import Eligibility
from redstick.dispatch.recommendation.explaining import Explanation
from redstick.dispatch.recommendation.kept import Offer
from redstick.dispatch.recommendation.question import Question
from redstick.dispatch.recommendation.standing import RoadTimes, Standing, cost_s, options, standings
from redstick.dispatch.recommendation.straight_line import StraightLine


def recommend(question: Question, roads: RoadTimes | None) -> Answer:
    """Who should go, and why not the others; |chosen| + |refused| = |roster|.

    The constraints, the order of the choice and the ties are those of the dispatch reference, section 5; see
    `assignment` for what best means and why the answer is exact. Without roads the straight line stands in. Raises
    ValueError for a roster that lists a unit twice, or requirements that share an id.
    """
    _refuse_doubles("unit", (unit.id for unit in question.roster))
    _refuse_doubles("requirement", (requirement.id for requirement in question.requirements))
    ways = roads if roads is not None else StraightLine(question.policy)
    asked = Eligibility(question)
    known = standings(question, asked, ways)
    taken = assign([max(0, need.count) for need in question.requirements], options(known, question))
    said = Explanation(question, asked, known, taken)
    return Answer(
        chosen=tuple(said.chosen()),
        refused=tuple(said.refused()),
        unfilled=tuple(said.unfilled()),
        roads=ways.version,
        calibrated=ways.calibrated,
        straight=roads is None,
        drives=tuple(Drive(s.unit.id, s.travel_s, s.road) for s in known if s.road),
        offers=tuple(_offers(question, known, {option.unit: option.requirement for of in taken for option in of})),
    )


def _offers(question: Question, known: list[Standing], taken: dict[str, int]) -> Iterable[Offer]:
    for standing in known:
        for r, fail in enumerate(standing.fails):
            if fail is None:
                name = standing.unit.id
                cost = cost_s(standing, r, question.policy.coverage_percent)
                yield Offer(
                    question.requirements[r].id, name, standing.crew, standing.arrival_s, cost, taken.get(name) == r
                )


def _refuse_doubles(what: str, names: Iterable[str]) -> None:
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise ValueError(f"each {what} is listed once; more than once: {', '.join(twice)}")

"""The choice is the optimum: what a search of every assignment finds, whatever the roster, the plan and the crews."""

import random

from tests.dispatch.recommendation.made_up import FAR, NOON, STATIONS, Line

from redstick.dispatch.plans.requirement import Order, Requirement, Substitute
from redstick.dispatch.recommendation.question import Candidate, Exclusion, Policy, Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.status_table import Status

CASES = 5_000
POLICY = Policy(turnout_s=40, stale_margin_s=60, coverage_percent=50)
ORDER = ("S30", "S10", "S20")


def candidates(dice):
    """Up to seven units, near each other so that ties are common; some share crews, are at work, far, or stale."""
    return tuple(
        Candidate(
            name,
            dice.choice(["E", "E", "T", "M"]),
            tuple(skill for skill in ("als", "foam") if dice.random() < 0.4),
            station=f"S{dice.choice([10, 10, 20, 30, 40, FAR + 10])}",
            crew=dice.choice(["", "", "", "c1", "c2"]),
            staffing=dice.choice([None, 2, 3, 4]),
            status=dice.choice([Status.AQ] * 6 + [Status.AR, Status.AR, Status.CLR, Status.ONS]),
            at=dice.choice([None, (100, 0), (300, 0)]),
            seen_at=NOON - 1000 * dice.choice([10, 100, 400]),
            workload=dice.randrange(2),
            coverage_loss_s=dice.choice([0, 0, 3]),
        )
        for name in dice.sample("ABCDEFGH", dice.randrange(8))
    )


def requirements(dice):
    """Up to three, with kinds or capabilities, staffing, a ceiling, substitutes, the station's order or diversion."""
    return tuple(
        Requirement(
            f"r{i}",
            tuple(dice.sample("ETM", dice.randrange(3))),
            dice.choice([(), (), ("als",), ("foam",)]),
            dice.randint(1, 3),
            min_staffing=dice.choice([None, None, 3]),
            ceiling_s=dice.choice([None, None, 25]),
            order=dice.choice([Order.ROAD_TIME, Order.ROAD_TIME, Order.STATION_ORDER]),
            substitutes=dice.choice([(), (Substitute(("M",), (), 5),), (Substitute((), ("als",), 1),)]),
            divert=dice.random() < 0.3,
        )
        for i in range(dice.randint(1, 3))
    )


def price(unit, need, question):
    """What the reference says it costs that a unit fills a place, told anew; None where it may not."""
    forms = [(need.kinds, need.capabilities, 0), *((s.kinds, s.capabilities, s.penalty_s) for s in need.substitutes)]
    fits = [
        p for kinds, skills, p in forms if (not kinds or unit.kind in kinds) and set(skills) <= set(unit.capabilities)
    ]
    working = [other for other in question.roster if other.status is Status.ONS and other.crew == unit.crew != ""]
    free = {Status.AQ, Status.AR, Status.CLR} if need.divert else {Status.AQ, Status.AR}
    if not fits or unit.status not in free or working or unit.id in {e.unit for e in question.exclusions}:
        return None
    if need.min_staffing is not None and (unit.staffing is None or unit.staffing < need.min_staffing):
        return None
    home, age_s = int(unit.station[1:]), (NOON - unit.seen_at) // 1000
    if unit.status is Status.AQ:
        x, turnout, margin, age = home, 40, 0, 0
    elif unit.at is None:
        x, turnout, margin, age = home, 0, 60, 10_000_000
    else:
        x, turnout, margin, age = unit.at[0], 0, 60 if age_s > 300 else 0, age_s
    if x > FAR or (need.ceiling_s is not None and round(x / 10) > need.ceiling_s):
        return None
    rank = ORDER.index(unit.station) if unit.station in ORDER else 3
    ruled = (min(fits), rank) if need.order is Order.STATION_ORDER else (0, 0)
    cost = round(x / 10) + turnout + margin + min(fits) + unit.coverage_loss_s * 50 // 100
    return (*ruled, cost, age, rank, unit.workload)


def best_of_all(question):
    """Every way to give each unit a place or none, crews once; the best by the rules that `assignment` states."""
    units = sorted(question.roster, key=lambda unit: unit.id)
    prices = [[price(unit, need, question) for need in question.requirements] for unit in units]
    best = [None, None]

    def visit(i, filled, crews, total):
        if i == len(units):
            lacking = [need.count - len(f) for need, f in zip(question.requirements, filled, strict=True)]
            found = (lacking, total, [list(of) for of in filled])
            if best[0] is None or found < best[0]:
                best[0] = found
            return
        unit = units[i]
        visit(i + 1, filled, crews, total)
        if unit.crew and unit.crew in crews:
            return
        for r, need in enumerate(question.requirements):
            if prices[i][r] is not None and len(filled[r]) < need.count:
                grown = [[*of, unit.id] if k == r else of for k, of in enumerate(filled)]
                summed = [a + b for a, b in zip(total, prices[i][r], strict=True)]
                visit(i + 1, grown, crews | {unit.crew}, summed)

    visit(0, [[] for _ in question.requirements], frozenset(), [0] * 6)
    return best[0][2]


def case(number):
    """One small question."""
    dice = random.Random(number)
    roster = candidates(dice)
    excluded = tuple(Exclusion(unit.id, "conflict") for unit in roster if dice.random() < 0.05)
    return Question((0, 0), NOON, requirements(dice), roster, STATIONS, ORDER, exclusions=excluded, policy=POLICY)


def test_the_choice_is_what_a_search_of_every_assignment_finds():
    """In 5,000 small cases, ties included: one answer, and it is the best one."""
    contested = 0
    for number in range(CASES):
        question = case(number)
        answer = recommend(question, Line())
        taken = [
            sorted(said.unit for said in answer.chosen if said.requirement == need.id) for need in question.requirements
        ]
        assert taken == best_of_all(question), f"case {number}"
        assert len(answer.chosen) + len(answer.refused) == len(question.roster)
        contested += sum(map(len, taken)) > 1
    assert contested > CASES / 3

"""The reason for every unit: what it was chosen with, what it failed, or what outranked it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from redstick.dispatch.plans.requirement import Order, Requirement
from redstick.dispatch.recommendation.assignment import Option
from redstick.dispatch.recommendation.eligibility import Eligibility
from redstick.dispatch.recommendation.question import Question
from redstick.dispatch.recommendation.reasons import COUNTED, TAKEN, Reason, Rule, Unfilled, Verdict, minutes
from redstick.dispatch.recommendation.standing import Standing
from redstick.dispatch.recommendation.whereabouts import Known
from redstick.dispatch.status_table import NAMES

DEPTH = {reason: place for place, reason in enumerate(Reason)}

# What decided between two units that would be there as soon, by the part of the key in which they differ.
TIE_RULES = {3: Rule.FRESHER_POSITION, 4: Rule.STATION_RANK, 5: Rule.WORKLOAD}


class Explanation:
    """Speaks about one choice: `taken[r]` are the options that fill requirement `r`, best first."""

    def __init__(
        self, question: Question, asked: Eligibility, known: Sequence[Standing], taken: Sequence[Sequence[Option]]
    ) -> None:
        self._question, self._asked, self._known, self._taken = question, asked, known, taken
        self._by_unit = {standing.unit.id: standing for standing in known}
        self._going = {option.unit for options in taken for option in options}
        self._holder = {option.crew: option.unit for options in taken for option in options}

    def chosen(self) -> Iterator[Verdict]:
        """In plan order, the best of a requirement first."""
        for requirement, options in zip(self._question.requirements, self._taken, strict=True):
            for option in options:
                standing = self._by_unit[option.unit]
                penalty_s = standing.penalties[option.requirement] or 0
                instead = f", as a substitute (+{penalty_s} s)" if penalty_s else ""
                words = f"{minutes(standing.arrival_s)} {_where(standing)}{instead}"
                yield _timed(standing, Reason.CHOSEN, words, requirement.id, behind_s=0, penalty_s=penalty_s)

    def refused(self) -> list[Verdict]:
        """Those that could have gone first, by how far they are behind; then the others by id."""
        verdicts = [self._refused(standing) for standing in self._known if standing.unit.id not in self._going]
        return sorted(verdicts, key=lambda said: (said.behind_s is None, said.behind_s or 0, said.unit))

    def unfilled(self) -> Iterator[Unfilled]:
        """Requirements that lack units, with what stands against every unit that does not serve."""
        for r, requirement in enumerate(self._question.requirements):
            missing = requirement.count - len(self._taken[r])
            if missing > 0:
                serving = {option.unit for option in self._taken[r]}
                others = [standing for standing in self._known if standing.unit.id not in serving]
                why = Counter(str(standing.fails[r] or TAKEN) for standing in others)
                counted = sorted(why.items(), key=lambda entry: (-entry[1], entry[0]))
                told = ", ".join(f"{count} {COUNTED[reason]}" for reason, count in counted) or "the roster is empty"
                words = f"{missing} of {requirement.count} missing: {told}"
                yield Unfilled(requirement.id, requirement.count, missing, dict(sorted(why.items())), words)

    def _refused(self, standing: Standing) -> Verdict:
        open_to = [r for r, fail in enumerate(standing.fails) if fail is None]
        if not open_to:
            return self._failed(standing)
        sibling = self._holder.get(standing.crew)
        if sibling is not None:
            words = f"its crew goes with {sibling}"
            needed = self._question.requirements[open_to[0]].id
            return _timed(standing, Reason.CREW_COMMITTED, words, needed, other=sibling)
        last = {r: self._by_unit[self._taken[r][-1].unit] for r in open_to if self._taken[r]}
        if not last:
            return Verdict(
                standing.unit.id, standing.unit.kind, Reason.OUTRANKED, "no unit is needed", rule=Rule.NOT_NEEDED
            )
        closest = min(last, key=lambda r: (standing.arrival_s - last[r].arrival_s, r))
        return self._outdone(standing, last[closest], closest)

    def _outdone(self, standing: Standing, last: Standing, r: int) -> Verdict:
        """Why `last`, the unit that was chosen last for the requirement, goes before this one."""
        requirement, behind_s = self._question.requirements[r], standing.arrival_s - last.arrival_s
        reason, rule = self._decided_by(standing, last, requirement, r)
        time = f"{minutes(standing.arrival_s)} {_where(standing)}"
        if reason is Reason.SLOWER:
            words = f"{time}, {behind_s} s behind {last.unit.id}"
        elif reason is Reason.STALE_POSITION:
            words = f"{time}; {last.unit.id} is known to be near"
        else:
            words = f"{time}; {last.unit.id} goes first by {rule.replace('_', ' ')}"
        penalty_s = standing.penalties[r] or 0
        return _timed(
            standing, reason, words, requirement.id,
            behind_s=behind_s, against=last.unit.id, rule=str(rule), penalty_s=penalty_s,
        )  # fmt: skip

    def _decided_by(self, standing: Standing, last: Standing, need: Requirement, r: int) -> tuple[Reason, str]:
        """The first thing in which the two differ, in the order of the key (`standing.options`)."""
        price, price_of_last = standing.penalties[r] or 0, last.penalties[r] or 0
        if need.order is Order.STATION_ORDER and (price, standing.ranks[r]) != (price_of_last, last.ranks[r]):
            return Reason.OUTRANKED, Rule.SUBSTITUTE if price > price_of_last else Rule.STATION_ORDER
        if standing.arrival_s > last.arrival_s:
            return Reason.SLOWER, ""
        if standing.place.margin_s > last.place.margin_s:
            return Reason.STALE_POSITION, ""
        if price > price_of_last:
            return Reason.OUTRANKED, Rule.SUBSTITUTE
        percent = self._question.policy.coverage_percent
        if standing.coverage_s(percent) > last.coverage_s(percent):
            return Reason.OUTRANKED, Rule.COVERAGE
        mine = (standing.place.age_s, standing.ranks[r], standing.unit.workload)
        other = (last.place.age_s, last.ranks[r], last.unit.workload)
        differing = next((part for part in range(3) if mine[part] != other[part]), None)
        return Reason.OUTRANKED, Rule.UNIT_ID if differing is None else TIE_RULES[3 + differing]

    def _failed(self, standing: Standing) -> Verdict:
        """The constraint that it fails for the requirement to which it comes closest, the first of these."""
        requirements = self._question.requirements
        if not requirements:
            return Verdict(
                standing.unit.id, standing.unit.kind, Reason.OUTRANKED, "no unit is needed", rule=Rule.NOT_NEEDED
            )
        depths = [DEPTH[fail] if fail is not None else 0 for fail in standing.fails]
        r = depths.index(max(depths))
        return self._fault(standing, requirements[r], standing.fails[r] or Reason.CAPABILITY)

    def _fault(self, standing: Standing, need: Requirement, reason: Reason) -> Verdict:
        unit = standing.unit
        if reason is Reason.CAPABILITY:
            missing = self._asked.missing(unit, need)
            words = f"lacks {', '.join(missing)}"
            if need.kinds and unit.kind not in need.kinds:
                words = f"is {unit.kind or 'of no known kind'}, needed is {' or '.join(need.kinds)}"
            return Verdict(unit.id, unit.kind, reason, words, need.id, missing=missing)
        if reason is Reason.STAFFING:
            have = "how many ride on it is not known" if unit.staffing is None else f"{unit.staffing} ride on it"
            words = f"{have}, {need.min_staffing} are needed"
            return Verdict(unit.id, unit.kind, reason, words, need.id, have=unit.staffing, need=need.min_staffing)
        if reason is Reason.NOT_AVAILABLE:
            words = NAMES[unit.status] + (f", on #{unit.number or unit.incident}" if unit.incident else "")
            return Verdict(unit.id, unit.kind, reason, words, need.id, status=str(unit.status), incident=unit.incident)
        if reason is Reason.CREW_COMMITTED:
            other = self._asked.holder(unit)
            return Verdict(unit.id, unit.kind, reason, f"its crew is out with {other}", need.id, other=other)
        if reason is Reason.NO_AGREEMENT:
            owing = need.agency or " or ".join(self._question.agencies)
            words = f"{unit.agency or 'no agency'} has no agreement to answer for {owing}"
            return Verdict(unit.id, unit.kind, reason, words, need.id, agency=unit.agency)
        if reason is Reason.EXCLUDED:
            rule = self._asked.excluded[unit.id]
            words = f"is excluded for this incident: {rule.replace('_', ' ')}"
            return Verdict(unit.id, unit.kind, reason, words, need.id, rule=rule)
        return self._unreached(standing, need, reason)

    def _unreached(self, standing: Standing, need: Requirement, reason: Reason) -> Verdict:
        unit = standing.unit
        if reason is Reason.NO_POSITION:
            return Verdict(unit.id, unit.kind, reason, "no position and no station is known", need.id)
        if reason is Reason.UNREACHABLE:
            words = f"no road leads there ({standing.road})"
            return Verdict(unit.id, unit.kind, reason, words, need.id, road=standing.road)
        travel_s, ceiling_s = standing.travel_s or 0, need.ceiling_s or 0
        words = f"{minutes(travel_s)} is over the ceiling of {minutes(ceiling_s)}"
        return _timed(standing, reason, words, need.id, ceiling_s=ceiling_s)


def _timed(standing: Standing, reason: Reason, words: str, requirement: str, **more: Any) -> Verdict:
    """A verdict with the times of its unit; a range where the position leaves one open."""
    place, widened_s = standing.place, standing.place.widened_s
    if widened_s:
        more |= {"low_s": max(0, standing.arrival_s - widened_s), "high_s": standing.arrival_s + widened_s}
    return Verdict(
        standing.unit.id, standing.unit.kind, reason, words, requirement,
        travel_s=standing.travel_s, arrival_s=standing.arrival_s, position=str(place.known),
        age_s=None if place.known is Known.ASSUMED else place.age_s, **more,
    )  # fmt: skip


def _where(standing: Standing) -> str:
    place = standing.place
    if place.known is Known.STATION:
        return "from its station, turnout included" if place.turnout_s else "from its station"
    if place.known is Known.ASSUMED:
        return "if it is at its station: no position is known"
    if place.known is Known.STALE:
        doubt = f", {standing.unit.doubt}" if standing.unit.doubt else ""
        return f"from a STALE position ({place.age_s} s old{doubt})"
    if place.widened_s:
        low, high = max(0, standing.arrival_s - place.widened_s), standing.arrival_s + place.widened_s
        return f"({minutes(low)} to {minutes(high)}) from a position {place.age_s} s old"
    return f"from a position {place.age_s} s old"

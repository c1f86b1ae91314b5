"""The hard constraints, in the order in which they are asked: a unit that fails one cannot fill the requirement.

Capability, staffing, status, crew, agreement, exclusion (dispatch reference, section 5). What needs the road (a
position, a way, the ceiling) is asked behind these, see `standing`.
"""

from __future__ import annotations

from collections.abc import Sequence

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.recommendation.question import Candidate, Question
from redstick.dispatch.recommendation.reasons import Reason
from redstick.dispatch.status_table import MEANINGS, WORK, Primary, primary_of

Form = tuple[frozenset[str], tuple[str, ...], int]  # kinds, capabilities, penalty_s


class Eligibility:
    """Asks every unit of one question; what is the same for all requirements is found out once."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._forms = [_forms(requirement) for requirement in question.requirements]
        self._penalties: dict[tuple[str, tuple[str, ...]], list[int | None]] = {}
        self.excluded = {exclusion.unit: exclusion.rule for exclusion in reversed(question.exclusions)}
        self._holders = _holders(question.roster)
        self._owing = {requirement.id: _owing(requirement, question) for requirement in question.requirements}

    def holder(self, unit: Candidate) -> str:
        """The unit that this one's crew works on, "" when the crew is free or the unit itself has it."""
        return next((name for name in self._holders.get(unit.crew, ()) if name != unit.id), "")

    def penalties(self, unit: Candidate) -> list[int | None]:
        """For each requirement what it costs that the unit is a substitute, 0 for none, None where it will not do."""
        key = (unit.kind, unit.capabilities)
        found = self._penalties.get(key)
        if found is None:
            found = self._penalties[key] = [_penalty(forms, *key) for forms in self._forms]
        return found

    def refusal(self, unit: Candidate, requirement: Requirement, penalty_s: int | None) -> Reason | None:
        """The first constraint that fails; None for a unit that may go."""
        if penalty_s is None:
            return Reason.CAPABILITY
        if requirement.min_staffing is not None and not _staffed(unit, requirement.min_staffing):
            return Reason.STAFFING
        if not _free(unit, requirement):
            return Reason.NOT_AVAILABLE
        if unit.crew and self.holder(unit):
            return Reason.CREW_COMMITTED
        owing = self._owing[requirement.id]
        if owing is not None and unit.agency not in owing.get(unit.kind, owing[""]):
            return Reason.NO_AGREEMENT
        return Reason.EXCLUDED if unit.id in self.excluded else None

    def missing(self, unit: Candidate, requirement: Requirement) -> tuple[str, ...]:
        """What a unit lacks: one of the kinds, or capabilities."""
        if requirement.kinds and unit.kind not in requirement.kinds:
            return requirement.kinds
        return tuple(name for name in requirement.capabilities if name not in unit.capabilities)


def _forms(requirement: Requirement) -> list[Form]:
    """The requirement itself and its substitutes."""
    plain: Form = (frozenset(requirement.kinds), requirement.capabilities, 0)
    return [plain, *((frozenset(s.kinds), s.capabilities, s.penalty_s) for s in requirement.substitutes)]


def _penalty(forms: Sequence[Form], kind: str, capabilities: tuple[str, ...]) -> int | None:
    """The cheapest form in which a unit serves."""
    serving = [
        penalty_s
        for kinds, needed, penalty_s in forms
        if (not kinds or kind in kinds) and all(name in capabilities for name in needed)
    ]
    return min(serving, default=None)


def _staffed(unit: Candidate, need: int) -> bool:
    """Enough people, and that is known: missing data is no pass."""
    return unit.staffing is not None and unit.staffing >= need


def _free(unit: Candidate, requirement: Requirement) -> bool:
    """Says so, and works on nothing; what is only conditionally available is taken where the plan lets it be."""
    primary = primary_of(unit.status, unit.added) if unit.added else MEANINGS[unit.status].primary
    diverted = primary is Primary.CONDITIONALLY and requirement.divert
    return (primary is Primary.AVAILABLE or diverted) and not unit.incident


def _holders(roster: Sequence[Candidate]) -> dict[str, list[str]]:
    """Crews at work, and on which units."""
    holders: dict[str, list[str]] = {}
    for unit in sorted(roster, key=lambda unit: unit.id):
        if unit.crew and (unit.incident or unit.status in WORK):
            holders.setdefault(unit.crew, []).append(unit.id)
    return holders


def _owing(requirement: Requirement, question: Question) -> dict[str, frozenset[str]] | None:
    """The agencies whose units may answer, by kind of unit ("" for kinds that no agreement names); None for all."""
    owed_by = {requirement.agency} if requirement.agency else set(question.agencies)
    if not owed_by:
        return None
    aid = [agreement for agreement in question.aid if agreement.to in owed_by]
    always = owed_by | {agreement.by for agreement in aid if not agreement.kinds}
    kinds = {kind for agreement in aid for kind in agreement.kinds}
    found = {kind: frozenset(always | {a.by for a in aid if kind in a.kinds}) for kind in sorted(kinds)}
    return {**found, "": frozenset(always)}

"""Filling: which unit stands for which need.

A unit fills a need exactly, as a substitute that the plan accepts, or because someone sent it for that need despite
everything. A unit of another agency fills what an agency owes only where aid is automatic or was granted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.aid import aid_ground
from redstick.kernel.values import Rejection

if TYPE_CHECKING:
    from redstick.dispatch.plans.requirement import Requirement
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.rules.units import Unit
    from redstick.dispatch.state import Dispatch


class Fit(StrEnum):
    """How a unit fills its need."""

    EXACT = "exact"
    SUBSTITUTE = "substitute"
    DESPITE = "despite"  # it is neither, and someone sent it for this need all the same


class Filling(msgspec.Struct, frozen=True, omit_defaults=True):
    """A unit stands for a need; `lent_to` is the agency that its own, `lent_by`, stands in for, `ground` why it may."""

    unit: str
    need: str
    fit: Fit = Fit.EXACT
    lent_to: str = ""
    ground: str = ""
    lent_by: str = ""


Aid = Callable[["Unit", str], str | None]
"""Why a unit may stand in for an agency: the id of an agreement or of a granted request; None when it may not."""


def aid_of(state: Dispatch, incident: Incident) -> Aid:
    """The aid that holds for an incident."""
    return lambda unit, borrower: aid_ground(state, incident, unit.agency, borrower, unit.kind)


def fit_of(requirement: Requirement, unit: Unit) -> Fit | None:
    """How a unit would fill a requirement by what it is, None when it would not; of its agency nothing is asked here.

    A crew of unknown size is too small for a requirement that names a least.
    """
    if requirement.min_staffing is not None and (unit.staffing or 0) < requirement.min_staffing:
        return None
    if _offers(unit, requirement.kinds, requirement.capabilities):
        return Fit.EXACT
    instead = any(_offers(unit, one.kinds, one.capabilities) for one in requirement.substitutes)
    return Fit.SUBSTITUTE if instead else None


def _offers(unit: Unit, kinds: Sequence[str], capabilities: Sequence[str]) -> bool:
    return (not kinds or unit.kind in kinds) and set(capabilities) <= set(unit.capabilities)


def filling(requirement: Requirement, unit: Unit, aid: Aid) -> Filling | None:
    """How a unit would stand for a requirement, its agency counted; None when it would not."""
    fit = fit_of(requirement, unit)
    if fit is None:
        return None
    if not requirement.agency or unit.agency == requirement.agency:
        return Filling(unit.id, requirement.id, fit)
    ground = aid(unit, requirement.agency)
    return None if ground is None else Filling(unit.id, requirement.id, fit, requirement.agency, ground, unit.agency)


def matched(slots: Sequence[Requirement], units: Sequence[Unit], aid: Aid) -> list[Filling]:
    """Which unit stands for which slot: as many as can be, each first for what it is and then for what it replaces.

    A maximum matching by augmenting paths (Kuhn), units in their order; a unit that fits nothing stands for nothing.
    """
    wishes = [_wishes(slots, unit, aid) for unit in units]
    taken: dict[int, int] = {}  # slot to unit

    def place(unit: int, tried: set[int]) -> bool:
        for slot in wishes[unit]:
            if slot not in tried:
                tried.add(slot)
                if slot not in taken or place(taken[slot], tried):
                    taken[slot] = unit
                    return True
        return False

    for number in range(len(units)):
        place(number, set())
    slot_of = {number: slot for slot, number in taken.items()}
    return [wishes[number][slot_of[number]] for number in range(len(units)) if number in slot_of]


def _wishes(slots: Sequence[Requirement], unit: Unit, aid: Aid) -> dict[int, Filling]:
    """The slots that a unit fits, those that it fits exactly first."""
    found = {number: one for number, slot in enumerate(slots) if (one := filling(slot, unit, aid)) is not None}
    return dict(sorted(found.items(), key=lambda one: (one[1].fit is not Fit.EXACT, one[0])))


def named_fillings(
    requirements: Mapping[str, Requirement], units: Sequence[Unit], fills: Mapping[str, str], aid: Aid, despite: str
) -> list[Filling] | Rejection:
    """What someone said of which unit stands for which need; with `despite`, whatever the unit is.

    Rejections: `filler_not_sent`, `need_unknown`, `unit_does_not_meet`, `no_agreement`.
    """
    sent = {unit.id: unit for unit in units}
    found: list[Filling] = []
    for name, need in fills.items():
        unit, requirement = sent.get(name), requirements.get(need)
        if unit is None:
            return Rejection("filler_not_sent", {"unit": name})
        if requirement is None:
            return Rejection("need_unknown", {"need": need, "known": list(requirements)})
        one = filling(requirement, unit, aid)
        if one is None and not despite.strip():
            lacks_ground = fit_of(requirement, unit) is not None
            code = "no_agreement" if lacks_ground else "unit_does_not_meet"
            return Rejection(code, {"unit": name, "need": need, "lender": unit.agency, "borrower": requirement.agency})
        found.append(one or _despite(requirement, unit))
    return found


def _despite(requirement: Requirement, unit: Unit) -> Filling:
    """A unit that stands for a need because someone said so: lent, where it is another agency's, on no ground."""
    lent = requirement.agency not in ("", unit.agency)
    return Filling(
        unit.id,
        requirement.id,
        Fit.DESPITE,
        requirement.agency if lent else "",
        lent_by=unit.agency if lent else "",
    )

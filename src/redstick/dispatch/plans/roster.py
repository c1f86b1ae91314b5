"""The units a plan can count on, and what it means that one of them meets a requirement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from redstick.dispatch.plans.requirement import Requirement


class RosterUnit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A unit as it is planned. `crew` names the people who ride it: units of one crew cannot go out at once.

    `staffing` None is unknown, and meets no requirement that asks for a number.
    """

    id: str
    kind: str
    station: str = ""
    capabilities: tuple[str, ...] = ()
    agency: str = ""
    staffing: int | None = None
    crew: str = ""


def price_s(requirement: Requirement, unit: RosterUnit) -> int | None:
    """What a unit costs beside its travel time: 0 for what is asked for, a substitute's penalty, None if neither.

    The cheapest substitute counts. Agency and staffing are hard for substitutes too.
    """
    if requirement.agency and unit.agency != requirement.agency:
        return None
    if requirement.min_staffing is not None and (unit.staffing is None or unit.staffing < requirement.min_staffing):
        return None
    if _has(unit, requirement.kinds, requirement.capabilities):
        return 0
    return min(
        (one.penalty_s for one in requirement.substitutes if _has(unit, one.kinds, one.capabilities)), default=None
    )


def fillable(requirements: Sequence[Requirement], roster: Iterable[RosterUnit], *, by_crew: bool) -> int:
    """How many of the units that are asked for the whole roster can give at once, at best.

    `by_crew` counts a crew once, whichever of its units it takes. A maximum matching (Kuhn 1955) of places to units.
    """
    slots = [one for one in requirements for _ in range(one.count)]
    offers: dict[str, list[RosterUnit]] = {}
    for unit in roster:
        offers.setdefault(f"crew {unit.crew}" if by_crew and unit.crew else f"unit {unit.id}", []).append(unit)
    able = [
        [name for name, units in offers.items() if any(price_s(slot, unit) is not None for unit in units)]
        for slot in slots
    ]
    taken: dict[str, int] = {}
    return sum(_place(slot, able, taken, set()) for slot in range(len(slots)))


def _place(slot: int, able: list[list[str]], taken: dict[str, int], seen: set[str]) -> bool:
    """Give a place a unit, moving others along where that helps; depth is bounded by the places of one answer."""
    for name in able[slot]:
        if name in seen:
            continue
        seen.add(name)
        if name not in taken or _place(taken[name], able, taken, seen):
            taken[name] = slot
            return True
    return False


def _has(unit: RosterUnit, kinds: tuple[str, ...], capabilities: tuple[str, ...]) -> bool:
    return (not kinds or unit.kind in kinds) and set(capabilities) <= set(unit.capabilities)

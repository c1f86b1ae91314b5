"""Right units: what was sent against what was recommended at that moment, and how much later it was there."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from redstick.dispatch.recommendation.answer import Answer
from redstick.kernel.values import Instant
from redstick.simulation.training.sheet import Item, Kind

AS_SOON_S = 30  # units that are so little apart are as good: nobody knows travel times better


@dataclass(slots=True)
class Sending:
    """One sending: what was recommended right before it (None where that cannot be said), and who went, by kind."""

    incident: str
    number: str
    at: Instant
    position: int
    answer: Answer | None
    sent: list[tuple[str, str]] = field(default_factory=list)


class Judged(NamedTuple):
    """What came of one sending; `right` and `regret_s` say nothing where it could not be judged."""

    judged: bool
    right: bool
    regret_s: int
    items: list[Item]


def judged(sending: Sending) -> Judged:
    """Compare by kind: for each unit that should have gone another of its kind may have, later or as soon."""
    if sending.answer is None:
        return Judged(judged=False, right=False, regret_s=0, items=[])
    went = {unit for unit, _ in sending.sent}
    travel = {drive.unit: drive.travel_s for drive in sending.answer.drives}
    for verdict in (*sending.answer.chosen, *sending.answer.refused):
        travel.setdefault(verdict.unit, verdict.travel_s)
    instead: defaultdict[str, list[str]] = defaultdict(list)
    chosen = {verdict.unit for verdict in sending.answer.chosen}
    for unit, kind in sorted(sending.sent, key=lambda one: travel.get(one[0]) or 0):
        if unit not in chosen:
            instead[kind].append(unit)
    items, regret_s = [], 0
    for verdict in sending.answer.chosen:
        if verdict.unit in went:
            continue
        if not instead[verdict.kind]:
            items.append(_item(Kind.UNITS_MISSING, sending, f"{verdict.unit} ({verdict.kind}) should have gone too"))
            continue
        other = instead[verdict.kind].pop(0)
        behind = (travel.get(other) or 0) - (travel.get(verdict.unit) or 0) if travel.get(other) is not None else None
        if behind is None or behind > AS_SOON_S:
            regret_s += behind or 0
            later = "whose way is not known" if behind is None else f"{behind} s later than {verdict.unit}"
            items.append(_item(Kind.OTHER_UNITS, sending, f"{other} went, {later}", behind))
    return Judged(judged=True, right=not items, regret_s=regret_s, items=items)


def _item(kind: Kind, sending: Sending, words: str, seconds: int | None = None) -> Item:
    return Item(kind, sending.at, sending.position, words, "", sending.incident, sending.number, seconds)

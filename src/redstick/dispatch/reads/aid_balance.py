"""Who lent whom how much: units and hours of aid, for each pair of agencies, in both directions.

Pure: the facts in order. A unit is lent from its assignment until it ends; one that is still out counts up to now.
Times are those of the events (`at`), so a card that was entered late counts with its true times.
"""

from collections.abc import Iterable
from typing import NamedTuple

from redstick.dispatch.rules.assignments import AssignmentEnded, UnitAssigned
from redstick.dispatch.rules.links import AssignmentMoved
from redstick.dispatch.rules.needs import NeedsAdded, NeedsSet
from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant


class Lent(NamedTuple):
    """One unit, lent once. `until` is when it was let go, None while it is out."""

    lender: str
    borrower: str
    unit: str
    incident: str
    since: Instant
    until: Instant | None


class Balance(NamedTuple):
    """Between two agencies, `one` before `other` by name: units and milliseconds that each lent the other.

    `balance_ms` is above 0 when `one` gave more than it was given.
    """

    one: str
    other: str
    one_units: int
    one_ms: int
    other_units: int
    other_ms: int

    @property
    def balance_ms(self) -> int:
        """What `one` gave beyond what it was given."""
        return self.one_ms - self.other_ms


def loans(facts: Iterable[Fact]) -> list[Lent]:
    """Every loan, in the order in which it is known.

    A unit that was sent before the plan was recorded is lent from when it was sent; one that goes over to another
    incident with a merge stays lent.
    """
    found: list[Lent] = []
    out: dict[tuple[str, str], int] = {}
    sent: dict[tuple[str, str], Instant] = {}
    for fact in facts:
        event, at = fact.event, fact.envelope.at
        if isinstance(event, UnitAssigned):
            sent[event.incident, event.unit] = at
            if event.lent_to:
                out[event.incident, event.unit] = len(found)
                found.append(Lent(event.lent_by, event.lent_to, event.unit, event.incident, at, None))
        elif isinstance(event, NeedsSet | NeedsAdded):
            for one in event.fillers:
                key = (event.incident, one.unit)
                if one.lent_to and key not in out:
                    out[key] = len(found)
                    found.append(Lent(one.lent_by, one.lent_to, one.unit, event.incident, sent.get(key, at), None))
        elif isinstance(event, AssignmentMoved):
            before, after = (event.before, event.unit), (event.incident, event.unit)
            sent[after] = sent.pop(before, at)
            if before in out:
                out[after] = out.pop(before)
        elif isinstance(event, AssignmentEnded):
            number = out.pop((event.incident, event.unit), None)
            if number is not None:
                found[number] = found[number]._replace(until=max(at, found[number].since))
    return found


def balances(lent: Iterable[Lent], now: Instant) -> list[Balance]:
    """One row a pair of agencies that ever lent each other anything, by their names."""
    added: dict[tuple[str, str], list[int]] = {}
    for loan in lent:
        pair = (min(loan.lender, loan.borrower), max(loan.lender, loan.borrower))
        sums = added.setdefault(pair, [0, 0, 0, 0])
        side = 0 if loan.lender == pair[0] else 2
        sums[side] += 1
        sums[side + 1] += max(0, (now if loan.until is None else loan.until) - loan.since)
    return [Balance(*pair, *sums) for pair, sums in sorted(added.items())]

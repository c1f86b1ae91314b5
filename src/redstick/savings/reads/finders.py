"""What is found by holding bills against each other and against the inventory: for a person to look into."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from redstick.savings.kinds import demands_of
from redstick.savings.money import Cents
from redstick.savings.months import Month
from redstick.savings.reads.standing import Account, Standing, baseline_of
from redstick.savings.rules.cutovers import open_demands
from redstick.savings.rules.lines import provider_of
from redstick.savings.state import Savings


@dataclass(frozen=True)
class Change:
    """Between two statements of an account that follow each other: lines that are new, lines that are gone."""

    provider: str
    account: str
    month: Month
    before: Month
    appeared: Sequence[str]
    disappeared: Sequence[str]


@dataclass(frozen=True)
class Missed:
    """Lines that are first on a bill of this month, behind the baseline: how many, what they cost, and so far."""

    month: Month
    lines: int
    cents: Cents
    lines_so_far: int
    cents_so_far: Cents


def changes_of(state: Savings) -> list[Change]:
    """Every statement that differs in its lines from the one before it, the newest first."""
    by_account: dict[tuple[str, str], list[str]] = {}
    for one in state.statements.values():
        by_account.setdefault((provider_of(one.provider), one.account), []).append(one.id)
    found = []
    for names in by_account.values():
        ordered = sorted((state.statements[name] for name in names), key=lambda one: one.month)
        for before, after in pairwise(ordered):
            old, new = _charged(state, before.lines, before.month), _charged(state, after.lines, after.month)
            if old != new:
                found.append(Change(
                    after.provider, after.account, after.month, before.month, sorted(new - old), sorted(old - new)
                ))  # fmt: skip
    return sorted(found, key=lambda one: (one.month, one.provider, one.account), reverse=True)


def _charged(state: Savings, lines: Sequence[str], month: Month) -> set[str]:
    """Those of them that cost something each month."""
    return {name for name in lines if sum(one.amounts.recurring for one in state.lines[name].bills.get(month, ())) > 0}


def missed_of(state: Savings, accounts: Sequence[Account]) -> list[Missed]:
    """Lines found late, by the month whose bill first shows them."""
    baseline = baseline_of(state)
    months = sorted({account.first for account in accounts if account.first > baseline})
    found, lines, cents = [], 0, 0
    for month in months:
        new = [account for account in accounts if account.first == month]
        cost = sum(account.paid[month] for account in new)
        lines, cents = lines + len(new), cents + cost
        found.append(Missed(month, len(new), cost, lines, cents))
    return found


def billed_twice(accounts: Sequence[Account]) -> list[tuple[str, Month, list[str]]]:
    """(number, month, who bills it) of numbers that two accounts or providers bill in the newest month of theirs."""
    by_circuit: dict[str, list[Account]] = {}
    for account in accounts:
        if account.last:
            by_circuit.setdefault(account.line.circuit, []).append(account)
    found = []
    for circuit, same in sorted(by_circuit.items()):
        month = max(account.last for account in same)
        payers = [
            f"{account.line.provider} {one.account}".strip()
            for account in same if month in account.paid
            for one in account.line.bills[month] if one.amounts.recurring > 0
        ]  # fmt: skip
        if len(payers) > 1:
            found.append((circuit, month, payers))
    return found


def guarded(accounts: Sequence[Account]) -> list[tuple[Account, list[str]]]:
    """Lines that lives or works depend on and that are not gone: with what is not confirmed yet, "" never among it."""
    left = {Standing.PLANNED, Standing.OPEN, Standing.KEPT, Standing.NEVER_BILLED}
    return [
        (account, open_demands(account.line))
        for account in accounts
        if demands_of(account.line.kind()) and account.standing() in left
    ]


def price_change_cents(accounts: Sequence[Account]) -> Cents:
    """How much more lines that are on their newest bill cost than at the baseline: the carrier's doing, not ours."""
    return sum(
        account.paid[account.last] - account.baseline_cents
        for account in accounts
        if account.last and account.standing() in {Standing.PLANNED, Standing.OPEN, Standing.KEPT}
    )

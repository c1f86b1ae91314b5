"""The curve of savings by month: proven apart from claimed and from planned; what it costs; when it is paid back.

No month counts a line twice: a line has one column in it (`standing.Column`), or none. All sums are whole cents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from redstick.savings.money import Cents
from redstick.savings.months import Month, apart, between, later
from redstick.savings.reads.standing import Account, Column, Standing, accounts_of, baseline_of, latest_of
from redstick.savings.state import Savings

AHEAD = 36  # months behind the newest bill and the last wave
MOST_MONTHS = 240
FEW = 5  # fewer disconnects that a bill has judged say nothing about the next
MILLE = 1_000


@dataclass(frozen=True)
class Point:
    """One month. `billed_cents` is what lines cost on its statements, None where it has none."""

    month: Month
    billed_cents: Cents | None
    proven_cents: Cents
    carried_cents: Cents
    claimed_cents: Cents
    planned_cents: Cents
    lost_cents: Cents
    monthly_cents: Cents
    once_cents: Cents

    @property
    def shown_cents(self) -> Cents:
        """What bills have shown: in this month, or before it and carried on."""
        return self.proven_cents + self.carried_cents

    @property
    def spent_cents(self) -> Cents:
        """What the new system and the ends of contracts cost in this month."""
        return self.monthly_cents + self.once_cents


@dataclass(frozen=True)
class Sureness:
    """How disconnects have gone so far. Shares are per mille, with the ends of Wilson's 95 % interval."""

    judged: int
    on_time: int
    longest_late: int
    low_mille: int | None
    high_mille: int | None


@dataclass(frozen=True)
class Curve:
    """All of it. Net sums run from the baseline on; a payback month is "" where the horizon does not reach it."""

    baseline: Month
    latest: Month
    points: Sequence[Point]
    sureness: Sureness
    shown_net: Sequence[Cents]  # what bills have shown, less everything that is spent
    low_net: Sequence[Cents]  # with claims and plans as sure and as late as disconnects were so far
    whole_net: Sequence[Cents]  # with every claim and plan as it was said
    shown_payback: Month
    low_payback: Month
    whole_payback: Month


def curve_of(state: Savings, accounts: Sequence[Account] | None = None) -> Curve | None:
    """The curve of an inventory; None where no statement was taken."""
    accounts = accounts_of(state) if accounts is None else accounts
    baseline, latest = baseline_of(state), latest_of(state)
    if not latest:
        return None
    known = {one.month for one in state.statements.values()}
    months = _months(state, accounts, baseline, latest)
    points = [_point(state, accounts, month, known=month in known) for month in months]
    sure = sureness_of(accounts)
    shown = _sums([one.shown_cents - one.spent_cents for one in points])
    whole = _sums([one.shown_cents + one.claimed_cents + one.planned_cents - one.spent_cents for one in points])
    low = _sums(_low(points, sure))
    paybacks = (_payback(points, net) for net in (shown, low, whole))
    return Curve(baseline, latest, points, sure, shown, low, whole, *paybacks)


def _months(state: Savings, accounts: Sequence[Account], baseline: Month, latest: Month) -> list[Month]:
    """From the baseline, or what is earlier, to AHEAD months behind all that is known; ten years back at most."""
    begins = [baseline, latest, *(cost.starts for cost in state.costs.values())]
    ends = [latest, *(one.wave_ends for one in accounts if one.wave_ends), *(one.off for one in accounts if one.off)]
    first, last = max(min(begins), later(latest, -MOST_MONTHS // 2)), later(max(ends), AHEAD)
    return between(first, last if apart(first, last) < MOST_MONTHS else later(first, MOST_MONTHS - 1))


def _point(state: Savings, accounts: Sequence[Account], month: Month, *, known: bool) -> Point:
    sums = dict.fromkeys(Column, 0)
    for account in accounts:
        counted = account.counts(month)
        if counted is not None:
            sums[counted[0]] += counted[1]
    costs = [cost for cost in state.costs.values() if cost.starts <= month and (not cost.ends or month <= cost.ends)]
    once = sum(cost.once_cents for cost in state.costs.values() if cost.starts == month)
    return Point(
        month,
        sum(account.paid.get(month, 0) for account in accounts) if known else None,
        sums[Column.PROVEN],
        sums[Column.CARRIED],
        sums[Column.CLAIMED],
        sums[Column.PLANNED],
        sums[Column.LOST],
        sum(cost.monthly_cents for cost in costs),
        once + sum(account.line.fee_cents() for account in accounts if _fee_month(account) == month),
    )


def _fee_month(account: Account) -> Month:
    """When the fee for ending its contract early is asked; "" where it is not."""
    counts = account.off or (account.wave_ends if account.standing() is Standing.PLANNED else "")
    return counts if account.ends_early else ""


def _sums(values: Sequence[Cents]) -> list[Cents]:
    total, sums = 0, []
    for value in values:
        total += value
        sums.append(total)
    return sums


def sureness_of(accounts: Sequence[Account]) -> Sureness:
    """How many disconnects the next statement confirmed, of those that a statement has judged."""
    judged = [account for account in accounts if account.judged]
    on_time = sum(account.late_months == 0 for account in judged)
    longest = max((account.late_months for account in judged), default=0)
    low, high = wilson_mille(on_time, len(judged)) if len(judged) >= FEW else (None, None)
    return Sureness(len(judged), on_time, longest, low, high)


def wilson_mille(right: int, n: int) -> tuple[int, int]:
    """Wilson's 95 % score interval of a share, per mille: the low end rounded down, the high end up. `n` is above 0."""
    # in whole numbers throughout: z is 1.96, taken as 196 hundredths
    z2 = 196 * 196
    unit = 100 * 100
    root = isqrt(z2 * (4 * unit * right * (n - right) + z2 * n) // n)  # z * sqrt(...) in hundredths squared
    below = 2 * (n * unit + z2)
    low = MILLE * (2 * right * unit + z2 - root - 1) // below
    high = -(-MILLE * (2 * right * unit + z2 + root + 1) // below)
    return max(0, low), min(MILLE, high)


def _low(points: Sequence[Point], sure: Sureness) -> list[Cents]:
    """Claims and plans at the low end of the interval, as late as the latest was; none where too few tell."""
    share = sure.low_mille or 0
    promised = [one.claimed_cents + one.planned_cents for one in points]
    late = sure.longest_late
    delayed = [0] * min(late, len(points)) + promised[: max(0, len(points) - late)]
    return [
        one.shown_cents + min(hoped, now) * share // MILLE - one.spent_cents
        for one, hoped, now in zip(points, delayed, promised, strict=True)
    ]


def _payback(points: Sequence[Point], net: Sequence[Cents]) -> Month:
    """The first month from which on all that was spent is earned back and stays so; "" where that does not come."""
    saved = False
    found = ""
    for point, total in zip(points, net, strict=True):
        saved = saved or point.shown_cents + point.claimed_cents + point.planned_cents > 0
        if total < 0 or not saved:
            found = ""
        elif not found:
            found = point.month
    return found if net and net[-1] > 0 else ""

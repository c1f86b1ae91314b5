"""How each line stands: what it cost, whether it is saved, and by what that is known. Each line stands in one place.

A saving is proven by a later statement that lacks the line, or by a credit for its disconnect. What somebody said and
no bill has shown is claimed; what is still billed after its disconnect is money that is lost, and an alarm. A line that
is gone from the bills without our doing is no saving of ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from redstick.savings.money import Cents
from redstick.savings.months import Month, apart
from redstick.savings.rules.lines import Line, provider_of
from redstick.savings.state import Savings


class Standing(StrEnum):
    """Where a line stands; exactly one of these."""

    PROVEN = "proven"
    CLAIMED = "claimed"
    STILL_BILLED = "still_billed"
    PLANNED = "planned"
    KEPT = "kept"
    OPEN = "open"
    GONE = "gone"
    NEVER_BILLED = "never_billed"


STANDING_WORDS: dict[Standing, str] = {
    Standing.PROVEN: "Proven: a later bill lacks it",
    Standing.CLAIMED: "Claimed: disconnected, no later bill yet",
    Standing.STILL_BILLED: "Still billed after its disconnect",
    Standing.PLANNED: "Planned: in a wave",
    Standing.KEPT: "Kept, with a reason",
    Standing.OPEN: "Open: nobody has decided",
    Standing.GONE: "Gone from the bill, and nobody said why",
    Standing.NEVER_BILLED: "Known, but on no bill",
}


class Column(StrEnum):
    """As what a line counts in one month; exactly one of these, or nothing."""

    PROVEN = "proven"  # the month's own statement lacks it
    CARRIED = "carried"  # an earlier statement proved it, and this month's is not here
    CLAIMED = "claimed"
    LOST = "lost"
    PLANNED = "planned"


@dataclass(frozen=True)
class Account:
    """What the bills say of one line. `seen` are the months with a statement of the accounts that billed it last."""

    line: Line
    paid: Mapping[Month, Cents]  # months in which it is on a bill: what it cost
    released: Mapping[Month, Cents]  # credits for its disconnect, negative
    seen: frozenset[Month]
    baseline_cents: Cents
    wave_ends: Month
    latest: Month  # the newest month of any statement

    @cached_property
    def off(self) -> Month:
        """The month in which somebody said that it was disconnected; "" where nobody did."""
        return self.line.disconnected()

    @cached_property
    def first(self) -> Month:
        """The first month in which it is on a bill; "" where it is on none."""
        return min(self.paid, default="")

    @cached_property
    def last(self) -> Month:
        """The last one."""
        return max(self.paid, default="")

    @cached_property
    def proof(self) -> Month:
        """The month whose statement proves the saving; "" where none does."""
        if not self.off:
            return ""
        after = max(self.off, self.last)
        lacking = [month for month in self.seen if month > after]
        credited = [month for month in self.released if month >= after]
        return min([*lacking, *credited], default="")

    def standing(self) -> Standing:
        """Where it stands."""
        return self._standing

    @cached_property
    def _standing(self) -> Standing:
        if self.off:
            if self.proof:
                return Standing.PROVEN
            return Standing.STILL_BILLED if self.last > self.off else Standing.CLAIMED
        if not self.paid:
            return Standing.NEVER_BILLED
        if any(month > self.last for month in self.seen):
            return Standing.GONE
        if self.line.kept:
            return Standing.KEPT
        return Standing.PLANNED if self.line.wave else Standing.OPEN

    def counts(self, month: Month) -> tuple[Column, Cents] | None:
        """As what it counts in a month, and how much; None where it counts as nothing."""
        if self.off:
            return self._after(month) if month > self.off else None
        if self.standing() is Standing.PLANNED and month > max(self.wave_ends, self.latest):
            return Column.PLANNED, self.baseline_cents
        return None

    def _after(self, month: Month) -> tuple[Column, Cents] | None:
        """In a month behind that of its disconnect."""
        if month in self.paid:
            return Column.LOST, max(0, self.paid[month] + self.released.get(month, 0))
        if month < self.last:
            return None  # a later bill shows it: nothing was saved here, whatever this month's would say
        if month in self.seen:
            return Column.PROVEN, self.baseline_cents
        if self.proof:
            return Column.CARRIED, self.baseline_cents
        return None if self.last > self.off else (Column.CLAIMED, self.baseline_cents)

    @property
    def lost_cents(self) -> Cents:
        """What was paid for it behind the month of its disconnect, less what was credited for that."""
        paid = sum(cents for month, cents in self.paid.items() if self.off and month > self.off)
        return max(0, paid + sum(self.released.values())) if paid else 0

    @property
    def late_months(self) -> int:
        """In how many months behind its disconnect it was billed."""
        return sum(1 for month in self.paid if self.off and month > self.off)

    @property
    def judged(self) -> bool:
        """Whether a statement behind its disconnect has come at all."""
        return bool(self.off) and any(month > self.off for month in self.seen)

    @property
    def ends_early(self) -> bool:
        """Whether it was disconnected, or is planned to be, before its contract ends."""
        month = self.off or self.wave_ends
        return bool(month) and apart(month, self.line.contract_end()[:7] or month) > 0


def baseline_of(state: Savings) -> Month:
    """The month with which all is compared: as it was set, otherwise the first that a bill shows; "" for none."""
    return state.baseline or min((one.month for one in state.statements.values()), default="")


def latest_of(state: Savings) -> Month:
    """The newest month of any statement; "" where there is none."""
    return max((one.month for one in state.statements.values()), default="")


def accounts_of(state: Savings) -> list[Account]:
    """Every line with what its bills say, by id."""
    baseline, latest = baseline_of(state), latest_of(state)
    seen: dict[tuple[str, str], set[Month]] = {}
    for one in state.statements.values():
        seen.setdefault((provider_of(one.provider), one.account), set()).add(one.month)
    return [_account(state, state.lines[name], seen, baseline, latest) for name in sorted(state.lines)]


def _account(
    state: Savings, line: Line, seen: Mapping[tuple[str, str], set[Month]], baseline: Month, latest: Month
) -> Account:
    paid, released = {}, {}
    for month in sorted(line.bills):
        bills = line.bills[month]
        if sum(one.amounts.recurring for one in bills) > 0:
            paid[month] = sum(one.amounts.monthly for one in bills)
        if credit := sum(one.amounts.released for one in bills):
            released[month] = credit
    last = max(paid, default=max(line.bills, default=""))
    billing = [(line.provider, one.account) for one in line.bills.get(last, ())]
    months: Iterable[Month] = set().union(*(seen.get(who, set()) for who in billing))
    wave = state.waves.get(line.wave)
    return Account(
        line, paid, released, frozenset(months), _baseline_cents(paid, baseline, line.disconnected()),
        wave.ends[:7] if wave else "", latest,
    )  # fmt: skip


def _baseline_cents(paid: Mapping[Month, Cents], baseline: Month, off: Month) -> Cents:
    """What the line cost in the baseline month, or in the first month behind it; later rises are no saving of ours."""
    before = [month for month in paid if not off or month <= off] or list(paid)
    if not before:
        return 0
    within = [month for month in before if month >= baseline]
    return paid[min(within)] if within else paid[max(before)]

"""Lines: what is known of each, from bills and from people; which is kept, and why.

What a bill says of a line and what a person says stand apart: a person's word is shown before a bill's, and no import
overwrites it. A line's id is made of its provider and its number, so that every bill finds the same line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.savings.kinds import LineKind, Step, Way
from redstick.savings.money import MOST_CENTS, Cents
from redstick.savings.months import Day, Month, is_day, is_month

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders
    from redstick.savings.state import Savings

MOST_TEXT = 400


class Amounts(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a bill asks, in cents: each month; taxes and fees; credits (negative); once or by use; for a disconnect."""

    recurring: Cents = 0
    taxes: Cents = 0
    credits: Cents = 0
    once: Cents = 0
    released: Cents = 0

    @property
    def total(self) -> Cents:
        """All of it."""
        return self.recurring + self.taxes + self.credits + self.once + self.released

    @property
    def monthly(self) -> Cents:
        """What the line costs a month: taxes with it, credits off it, what comes once left out. Never below zero."""
        return max(0, self.recurring + self.taxes + self.credits)

    def plus(self, other: Amounts) -> Amounts:
        """Both together."""
        return Amounts(
            self.recurring + other.recurring,
            self.taxes + other.taxes,
            self.credits + other.credits,
            self.once + other.once,
            self.released + other.released,
        )


class Billed(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a statement, that of its line's provider, this account and its month, says; `row` is where it begins."""

    account: str
    amounts: Amounts
    row: int
    kind: str = ""
    site: str = ""
    purpose: str = ""
    contract_end: Day = ""
    fee_cents: Cents = 0


class Told(msgspec.Struct, omit_defaults=True):
    """What people say of a line; None where nobody said anything."""

    kind: LineKind | None = None
    site: str | None = None
    purpose: str | None = None
    department: str | None = None
    contract_end: Day | None = None
    fee_cents: Cents | None = None


class Taken(msgspec.Struct, frozen=True):
    """A step that was taken on a day, or waived with a reason."""

    on: Day
    note: str = ""
    waived: bool = False


class Line(msgspec.Struct):
    """One line, as it is now. `bills` are by month, one for each account that billed it."""

    id: str
    provider: str
    circuit: str
    bills: dict[Month, list[Billed]] = msgspec.field(default_factory=dict)
    told: Told = msgspec.field(default_factory=Told)
    kept: str = ""
    wave: str = ""
    way: Way | None = None
    steps: dict[Step, Taken] = msgspec.field(default_factory=dict)
    demands: dict[str, str] = msgspec.field(default_factory=dict)
    blocked: str = ""

    def kind(self) -> LineKind:
        """As people say; otherwise as the newest bill does."""
        return self.told.kind or LineKind(self._billed("kind") or LineKind.OTHER)

    def site(self) -> str:
        """Where it ends."""
        return self.told.site if self.told.site is not None else self._billed("site")

    def purpose(self) -> str:
        """What it is for."""
        return self.told.purpose if self.told.purpose is not None else self._billed("purpose")

    def contract_end(self) -> Day:
        """The last day of its contract; "" where none is known."""
        return self.told.contract_end if self.told.contract_end is not None else self._billed("contract_end")

    def fee_cents(self) -> Cents:
        """What ending the contract early costs."""
        if self.told.fee_cents is not None:
            return self.told.fee_cents
        newest = next((one for one in self._newest_first() if one.fee_cents), None)
        return newest.fee_cents if newest else 0

    def disconnected(self) -> Month:
        """The month in which somebody said that it was disconnected; "" where nobody did."""
        step = self.steps.get(Step.DISCONNECTED)
        return step.on[:7] if step else ""

    def _newest_first(self) -> list[Billed]:
        return [one for month in sorted(self.bills, reverse=True) for one in self.bills[month]]

    def _billed(self, name: str) -> str:
        return next((said for one in self._newest_first() if (said := str(getattr(one, name)))), "")


_PHONE = re.compile(r"\+?1?\D?\(?(\d{3})\)?[-. ]*(\d{3})[-. ]*(\d{4})")


def circuit_of(text: str) -> str:
    """A number or circuit id as it is known by: ten digits of a telephone number, otherwise capitals and one space."""
    said = " ".join(text.split()).upper()
    phone = _PHONE.fullmatch(said)
    return "".join(phone.groups()) if phone else said


def provider_of(text: str) -> str:
    """A provider's name as it is known by: letters and digits, small. `AT&T` and `ATT` are one."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def line_of(provider: str, circuit: str) -> str:
    """The id of a line."""
    return f"{provider_of(provider)}:{circuit_of(circuit)}"


@event("savings.line_described", subjects=("line",))
class LineDescribed(Event, frozen=True):
    """Somebody said what a line is; what is None was not spoken of."""

    line: str
    provider: str
    circuit: str
    kind: LineKind | None = None
    site: str | None = None
    purpose: str | None = None
    department: str | None = None
    contract_end: Day | None = None
    fee_cents: Cents | None = None


@event("savings.line_kept", subjects=("line",))
class LineKept(Event, frozen=True):
    """A line stays as it is, for a reason; it is in no wave any more."""

    line: str
    reason: str


@event("savings.baseline_set")
class BaselineSet(Event, frozen=True):
    """The month with which everything later is compared."""

    month: Month


@command("savings.describe_line")
class DescribeLine(Command, frozen=True):
    """Say what a line is; one that no bill shows is made. What is None stays as it is."""

    provider: str
    circuit: str
    kind: LineKind | None = None
    site: str | None = None
    purpose: str | None = None
    department: str | None = None
    contract_end: Day | None = None
    fee_cents: Cents | None = None


@command("savings.keep_line")
class KeepLine(Command, frozen=True):
    """Say that a line stays, and why."""

    line: str
    reason: str


@command("savings.set_baseline")
class SetBaseline(Command, frozen=True):
    """Choose the month with which everything later is compared; without, it is the first that a bill shows."""

    month: Month


def decide_describe_line(state: Savings, asked: DescribeLine, now: Instant) -> Decision:
    """Rejections: `line_unnamed`, `date_unreadable`, `amount_unreadable`, `text_too_long`, `line_disconnected`.

    The kind of a line that was disconnected stays: the steps that it took were those of its kind.
    """
    del now
    if not provider_of(asked.provider) or not circuit_of(asked.circuit):
        return Rejection("line_unnamed")
    told = (asked.provider, asked.circuit, asked.site, asked.purpose, asked.department)
    if any(len(text or "") > MOST_TEXT for text in told):
        return Rejection("text_too_long", {"at_most": MOST_TEXT})
    if asked.contract_end and not is_day(asked.contract_end):
        return Rejection("date_unreadable", {"said": asked.contract_end[:MOST_TEXT]})
    if asked.fee_cents is not None and not 0 <= asked.fee_cents <= MOST_CENTS:
        return Rejection("amount_unreadable", {"field": "fee_cents"})
    line = line_of(asked.provider, asked.circuit)
    known = state.lines.get(line)
    if known and known.disconnected() and asked.kind not in {None, known.kind()}:
        return Rejection("line_disconnected", {"line": line})
    fields = {name: getattr(asked, name) for name in Told.__struct_fields__}
    new = {name: said for name, said in fields.items() if known is None or said != getattr(known.told, name)}
    if known is not None and all(said is None for said in new.values()):
        return []
    return [LineDescribed(line, provider_of(asked.provider), circuit_of(asked.circuit), **fields)]


def apply_line_described(state: Savings, happened: LineDescribed, at: Instant) -> None:
    """What was said is known from now on."""
    del at
    line = state.lines.setdefault(happened.line, Line(happened.line, happened.provider, happened.circuit))
    for name in Told.__struct_fields__:
        said = getattr(happened, name)
        if said is not None:
            setattr(line.told, name, said)


def decide_keep_line(state: Savings, asked: KeepLine, now: Instant) -> Decision:
    """Rejections: `line_unknown`, `reason_needed`, `text_too_long`, `line_disconnected`."""
    del now
    line = state.lines.get(asked.line)
    if line is None:
        return Rejection("line_unknown", {"line": asked.line[:MOST_TEXT]})
    if not asked.reason.strip():
        return Rejection("reason_needed")
    if len(asked.reason) > MOST_TEXT:
        return Rejection("text_too_long", {"at_most": MOST_TEXT})
    if line.disconnected():
        return Rejection("line_disconnected", {"line": line.id})
    return [] if line.kept == asked.reason else [LineKept(line.id, asked.reason)]


def apply_line_kept(state: Savings, happened: LineKept, at: Instant) -> None:
    """It is in no wave."""
    del at
    line = state.lines[happened.line]
    line.kept, line.wave, line.way = happened.reason, "", None


def decide_set_baseline(state: Savings, asked: SetBaseline, now: Instant) -> Decision:
    """Rejections: `month_unreadable`."""
    del now
    if not is_month(asked.month):
        return Rejection("month_unreadable", {"said": asked.month[:MOST_TEXT]})
    return [] if state.baseline == asked.month else [BaselineSet(asked.month)]


def apply_baseline_set(state: Savings, happened: BaselineSet, at: Instant) -> None:
    """It counts from now on, for everything."""
    del at
    state.baseline = happened.month


DECIDERS: Deciders = {
    DescribeLine: decide_describe_line,
    KeepLine: decide_keep_line,
    SetBaseline: decide_set_baseline,
}
APPLIERS: Appliers = {
    LineDescribed: apply_line_described,
    LineKept: apply_line_kept,
    BaselineSet: apply_baseline_set,
}

"""A bill's file to the statements in it, or to what is wrong, line by line. Nothing is taken of a file with a fault."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec

from redstick.savings.bills.layout import Layout, NoLayout, layout_of, rows_of
from redstick.savings.bills.words import MEANING_WORDS, charge_of, is_total, kind_of
from redstick.savings.money import Cents, cents_of, dollars
from redstick.savings.months import day_of, month_of
from redstick.savings.rules.bills import Asked, Charge, TakeBills
from redstick.savings.rules.lines import MOST_TEXT, Amounts, circuit_of, provider_of

MOST_BYTES = 8 << 20
MOST_FAULTS = 200  # are listed; a file with more is of another kind
_MONTH_IN_NAME = re.compile(r"(?<!\d)20\d{2}-(?:0[1-9]|1[0-2])(?!\d)")
WIDE = ("recurring", "taxes", "credits", "once")


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a line of the file (counted from 1; 0 where the whole is meant)."""

    line: int
    expected: str


class Remark(msgspec.Struct, frozen=True):
    """What whoever imports should know of a line, though nothing is wrong."""

    line: int
    says: str


@dataclass
class Draft:
    """What was understood of a file: its statements if there is no fault, and what a person checks before it counts."""

    name: str
    document: str
    layout: Layout | None = None
    statements: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    rows: int = 0
    duplicates: int = 0

    @property
    def understood(self) -> list[tuple[str, str]]:
        """Each column that was understood: its heading, and what it is taken for."""
        if self.layout is None:
            return []
        return [(self.layout.headings[place], MEANING_WORDS[what]) for what, place in self.layout.columns.items()]

    def command(self, *, corrects: bool = False) -> TakeBills:
        """The command that takes it. Raises ValueError when there is a fault: nothing is taken by halves."""
        if self.faults:
            raise ValueError(f"{self.name}: {len(self.faults)} faults")
        return TakeBills(self.document, self.name, tuple(self.statements), corrects)


@dataclass
class _Gathered:
    """A statement in the making."""

    provider: str
    charges: dict[str, Charge] = field(default_factory=dict)
    rest: Amounts = field(default_factory=Amounts)


@dataclass(frozen=True)
class _Row:
    """One row of a bill, understood."""

    provider: str
    account: str
    month: str
    charge: Charge


def read_bill(raw: bytes, name: str, *, provider: str = "", account: str = "", month: str = "") -> Draft:
    """The draft of a bill; `provider`, `account` and `month` are those of rows that name none.

    Where neither rows nor `month` name one, a month as 2026-10 in the file's name counts, and a remark says so.
    """
    draft = Draft(name[-MOST_TEXT:], sha256(raw).hexdigest())
    if len(raw) > MOST_BYTES:
        draft.faults.append(Fault(0, f"expected at most {MOST_BYTES >> 20} MiB"))
        return draft
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        draft.faults.append(Fault(line, "expected UTF-8 text; save the table as CSV UTF-8"))
        return draft
    try:
        draft.layout = layout_of(text)
        if not month and "month" not in draft.layout.columns and (named := _MONTH_IN_NAME.search(name)):
            month = named[0]
            draft.remarks.append(Remark(0, f"{month}, as the file's name says: no column is a month"))
        _Reading(draft, draft.layout, {"provider": provider, "account": account, "month": month}).read(text)
    except NoLayout as error:
        draft.faults.append(Fault(0, str(error)))
    if draft.faults:
        draft.statements = []
    return draft


class _Reading:
    """Reads the rows below the heading into a draft."""

    def __init__(self, draft: Draft, layout: Layout, instead: Mapping[str, str]) -> None:
        self._draft, self._layout, self._instead = draft, layout, instead
        self._gathered: dict[tuple[str, str, str], _Gathered] = {}
        self._seen: dict[tuple[str, ...], int] = {}
        self._sum: Cents = 0

    def read(self, text: str) -> None:
        """Every row, up to MOST_FAULTS faults."""
        number = self._layout.heading_row
        try:
            for number, cells in rows_of(text, self._layout.delimiter):
                if number > self._layout.heading_row:
                    self._take(number, cells)
                if len(self._draft.faults) >= MOST_FAULTS:
                    break
        except csv.Error as error:
            self._draft.faults.append(Fault(number + 1, f"expected a row of a CSV table: {error}"))
        if not self._gathered and not self._draft.faults:
            self._draft.faults.append(Fault(0, "expected a row below the heading"))
        self._draft.statements = [
            Asked(one.provider, account, month, tuple(one.charges.values()), one.rest)
            for (_, account, month), one in sorted(self._gathered.items())
        ]

    def _take(self, number: int, cells: list[str]) -> None:
        """One row: a total is checked and left, an exact repetition is left, everything else counts or is a fault."""
        if [cell.strip() for cell in cells] == self._layout.headings:
            return  # printed again on each page
        try:
            if not self._cell(cells, "circuit") and any(is_total(cell) for cell in cells):
                self._check_total(number, cells)
                return
            self._draft.rows += 1
            row = self._understood(number, cells)
        except ValueError as error:
            self._draft.faults.append(Fault(number, str(error)))
            return
        first = self._seen.setdefault(tuple(cell.strip() for cell in cells), number)
        if first != number:
            self._draft.duplicates += 1
            self._draft.remarks.append(Remark(number, f"the same as line {first}; counted once"))
            return
        self._add(row)

    def _understood(self, number: int, cells: list[str]) -> _Row:
        wide = len(self._layout.headings)
        if any(cell.strip() for cell in cells[wide:]):
            raise ValueError(f"expected {wide} cells; found {len(cells)}")
        provider = self._cell(cells, "provider") or self._instead["provider"]
        account = self._cell(cells, "account") or self._instead["account"]
        when = self._cell(cells, "month") or self._instead["month"]
        if not provider_of(provider):
            raise ValueError("expected a provider; name it for the whole file where the bill does not")
        if not when:
            raise ValueError("expected a month; name it for the whole file where the bill does not")
        site, purpose = self._cell(cells, "site"), self._cell(cells, "purpose")
        circuit = circuit_of(self._cell(cells, "circuit"))
        if any(len(text) > MOST_TEXT for text in (provider, account, circuit, site, purpose)):
            raise ValueError(f"expected texts of at most {MOST_TEXT} characters")
        kind = kind_of(purpose, self._cell(cells, "kind"), self._cell(cells, "charge"))
        ends = self._cell(cells, "contract_end")
        fee = cents_of(self._cell(cells, "fee"))
        if fee < 0:
            raise ValueError("expected a termination fee of zero or more")
        day = day_of(ends) if ends else ""
        charge = Charge(circuit, self._amounts(cells), number, kind or "", site, purpose, day, fee)
        return _Row(provider, account, month_of(when), charge)

    def _amounts(self, cells: list[str]) -> Amounts:
        """From a column for each, or from one amount and the words beside it."""
        words = " ".join(self._cell(cells, name) for name in ("charge", "kind"))
        amounts = Amounts()
        for name in (*WIDE, "amount"):
            if name not in self._layout.columns:
                continue
            cents = cents_of(self._cell(cells, name))
            if name == "credits":
                cents = -abs(cents)
            where = name if name not in {"amount", "credits"} else charge_of(words, cents)
            if name == "recurring" and cents < 0:
                where = charge_of(words, cents)
            amounts = amounts.plus(Amounts(**{where: cents}))
        told = self._cell(cells, "total")
        if told and cents_of(told) != amounts.total:
            raise ValueError(
                f"expected amounts that add up to the row's total {told}; they make {dollars(amounts.total)}"
            )
        return amounts

    def _add(self, row: _Row) -> None:
        self._sum += row.charge.amounts.total
        statement = self._gathered.setdefault(
            (provider_of(row.provider), row.account, row.month), _Gathered(row.provider)
        )
        if not row.charge.circuit:
            statement.rest = statement.rest.plus(row.charge.amounts)
            return
        known = statement.charges.get(row.charge.circuit)
        statement.charges[row.charge.circuit] = row.charge if known is None else _together(known, row.charge)

    def _check_total(self, number: int, cells: list[str]) -> None:
        names = [name for name in ("total", "amount", "recurring") if self._cell(cells, name)]
        if not names:
            return
        told = cents_of(self._cell(cells, names[0]))
        if names[0] != "recurring" and told != self._sum:
            says = f"a total of {dollars(told)}; the rows above it make {dollars(self._sum)}"
            self._draft.remarks.append(Remark(number, says))

    def _cell(self, cells: list[str], name: str) -> str:
        place = self._layout.columns.get(name)
        return "" if place is None or place >= len(cells) else " ".join(cells[place].split())


def _together(known: Charge, more: Charge) -> Charge:
    """Two charges for one line: amounts add up, the first word on the rest counts."""
    return Charge(
        known.circuit,
        known.amounts.plus(more.amounts),
        known.row,
        known.kind or more.kind,
        known.site or more.site,
        known.purpose or more.purpose,
        known.contract_end or more.contract_end,
        known.fee_cents or more.fee_cents,
    )

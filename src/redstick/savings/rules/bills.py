"""Bills: what a provider asks for an account and a month, taken whole or not at all.

A statement is known by provider, account and month. The same one again, from whatever file, changes nothing; one that
differs is refused until somebody says that it corrects the first. So statements may come in any order.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.savings.kinds import LineKind
from redstick.savings.money import MOST_CENTS, Cents
from redstick.savings.months import Day, Month, is_day, is_month
from redstick.savings.rules.lines import MOST_TEXT, Amounts, Billed, Line, circuit_of, provider_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redstick.kernel.domain import Appliers, Deciders
    from redstick.savings.state import Savings

MOST_CHARGES = 4_000  # lines of one command: deciding them takes some milliseconds
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KINDS = frozenset(LineKind)


class Charge(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a statement asks for one line; `row` is the line of the document on which it begins."""

    circuit: str
    amounts: Amounts
    row: int
    kind: str = ""
    site: str = ""
    purpose: str = ""
    contract_end: Day = ""
    fee_cents: Cents = 0


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A statement: `rest` is what it asks of the account and of no line."""

    provider: str
    account: str
    month: Month
    charges: tuple[Charge, ...] = ()
    rest: Amounts = Amounts()


class Statement(msgspec.Struct, frozen=True):
    """A statement that was taken; `digest` is that of what it says, wherever it stood in its file."""

    id: str
    provider: str
    account: str
    month: Month
    document: str
    name: str
    digest: str
    rest: Amounts
    lines: tuple[str, ...]


@event("savings.bill_taken", subjects=("statement",))
class BillTaken(Event, frozen=True):
    """A statement is known, from a document with this SHA-256; it takes the place of the one before, if there was."""

    statement: str
    document: str
    name: str
    digest: str
    asked: Asked


@command("savings.take_bills")
class TakeBills(Command, frozen=True):
    """Take the statements of one document, all or none. `corrects`: they may replace what is known."""

    document: str
    name: str
    statements: tuple[Asked, ...]
    corrects: bool = False


def statement_of(provider: str, account: str, month: Month) -> str:
    """The id of a statement."""
    return f"{provider_of(provider)}:{account}:{month}"


def digest_of(asked: Asked) -> str:
    """SHA-256 over what a statement says, in the order of its circuits; places in the file do not count."""
    charges = sorted(
        (one.circuit, one.amounts, one.kind, one.site, one.purpose, one.contract_end, one.fee_cents)
        for one in asked.charges
    )
    same = (provider_of(asked.provider), asked.account, asked.month, asked.rest, charges)
    return sha256(msgspec.json.encode(same)).hexdigest()


def decide_take_bills(state: Savings, asked: TakeBills, now: Instant) -> Decision:
    """Rejections: `document_unnamed`, `too_many_charges`, `bill_unreadable` (with what), `statement_differs`.

    What is known already is passed over.
    """
    del now
    if not _SHA256.fullmatch(asked.document) or len(asked.name) > MOST_TEXT:
        return Rejection("document_unnamed")
    if sum(len(one.charges) for one in asked.statements) > MOST_CHARGES:
        return Rejection("too_many_charges", {"at_most": MOST_CHARGES})
    wrong = next(_faults(asked.statements), None)
    if wrong is not None:
        return Rejection("bill_unreadable", {"because": wrong})
    taken: list[Event] = []
    for one in asked.statements:
        statement, digest = statement_of(one.provider, one.account, one.month), digest_of(one)
        known = state.statements.get(statement)
        if known is not None and known.digest == digest:
            continue
        if known is not None and not asked.corrects:
            return Rejection("statement_differs", {"statement": statement, "known_from": known.name})
        taken.append(BillTaken(statement, asked.document, asked.name, digest, one))
    return taken


def _faults(statements: tuple[Asked, ...]) -> Iterator[str]:
    if not statements:
        yield "it holds no statement"
    seen: set[str] = set()
    for one in statements:
        where = f"{one.provider} {one.account} {one.month}"[:MOST_TEXT]
        if not provider_of(one.provider) or not is_month(one.month) or not _short(one.provider, one.account):
            yield f"{where}: expected a provider and a month as 2026-11"
        statement = statement_of(one.provider, one.account, one.month)
        if statement in seen:
            yield f"{where}: the statement stands twice"
        seen.add(statement)
        if not _sane(one.rest):
            yield f"{where}: an amount is beyond reason"
        yield from _charge_faults(one, where)


def _charge_faults(one: Asked, where: str) -> Iterator[str]:
    circuits: set[str] = set()
    for charge in one.charges:
        if not charge.circuit or charge.circuit != circuit_of(charge.circuit) or charge.circuit in circuits:
            yield f"{where}: expected each circuit once, in its known form; found {charge.circuit[:MOST_TEXT]!r}"
        circuits.add(charge.circuit)
        if not _sane(charge.amounts) or not 0 <= charge.fee_cents <= MOST_CENTS:
            yield f"{where}, {charge.circuit}: an amount is beyond reason"
        if charge.kind and charge.kind not in _KINDS:
            yield f"{where}, {charge.circuit}: there is no kind {charge.kind[:MOST_TEXT]!r}"
        if charge.contract_end and not is_day(charge.contract_end):
            yield f"{where}, {charge.circuit}: expected the end of the contract as 2026-11-30"
        if not _short(charge.circuit, charge.site, charge.purpose):
            yield f"{where}, {charge.circuit[:MOST_TEXT]}: a text is longer than {MOST_TEXT} characters"


def _short(*texts: str) -> bool:
    return all(len(text) <= MOST_TEXT for text in texts)


def _sane(amounts: Amounts) -> bool:
    each = (amounts.recurring, amounts.taxes, amounts.credits, amounts.once, amounts.released)
    return all(abs(cents) <= MOST_CENTS for cents in each) and amounts.released <= 0


def apply_bill_taken(state: Savings, happened: BillTaken, at: Instant) -> None:
    """Each line knows what the statement says of it; what the one before said is no longer so."""
    del at
    asked, known = happened.asked, state.statements.get(happened.statement)
    for name in known.lines if known is not None else ():
        _forget(state, name, asked.account, asked.month)
    provider, lines = provider_of(asked.provider), []
    for charge in asked.charges:
        found = f"{provider}:{charge.circuit}"
        line = state.lines.get(found)
        if line is None:
            line = state.lines[found] = Line(found, provider, charge.circuit)
        billed = Billed(
            asked.account, charge.amounts, charge.row, charge.kind, charge.site, charge.purpose, charge.contract_end,
            charge.fee_cents,
        )  # fmt: skip
        others = line.bills.get(asked.month)
        if others is None:
            line.bills[asked.month] = [billed]
        else:
            apart = [one for one in others if one.account != asked.account]
            line.bills[asked.month] = sorted([*apart, billed], key=lambda one: one.account)
        lines.append(found)
    state.statements[happened.statement] = Statement(
        happened.statement, asked.provider, asked.account, asked.month, happened.document, happened.name,
        happened.digest, asked.rest, tuple(lines),
    )  # fmt: skip


def _forget(state: Savings, line: str, account: str, month: Month) -> None:
    """What a statement that was corrected said of a line. The line stays: somebody may have spoken of it since."""
    bills = state.lines[line].bills
    left = [one for one in bills.get(month, ()) if one.account != account]
    if left:
        bills[month] = left
    else:
        bills.pop(month, None)


DECIDERS: Deciders = {TakeBills: decide_take_bills}
APPLIERS: Appliers = {BillTaken: apply_bill_taken}

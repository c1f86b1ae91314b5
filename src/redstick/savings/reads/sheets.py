"""The tables of savings, once: for the page, for paper, as CSV. Amounts stay cents until they are shown."""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from redstick.pages.tables import Cell
from redstick.savings.kinds import DEMANDS, KIND_WORDS, STEP_WORDS, Step, Way, steps_of
from redstick.savings.money import MINUS, Cents, dollars
from redstick.savings.reads.curve import Curve
from redstick.savings.reads.finders import billed_twice, changes_of, guarded, missed_of
from redstick.savings.reads.standing import STANDING_WORDS, Account, Standing
from redstick.savings.rules.bills import statement_of
from redstick.savings.state import Savings

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
NOT_DONE, WAIVED, NOT_NEEDED = "open", "waived", "n/a"


@dataclass(frozen=True)
class Sheet:
    """A table of raw values; `money` are the columns that hold cents, `numbers` those that hold counts.

    `aside` are columns for the CSV alone: they make a page too wide to be read.
    """

    name: str  # of its file
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    money: Collection[int] = ()
    numbers: Collection[int] = ()
    note: str = ""
    aside: Collection[int] = ()

    @property
    def columns(self) -> list[int]:
        """Those that people read."""
        return [place for place in range(len(self.head)) if place not in self.aside]

    def heads(self) -> list[str]:
        """Their heads."""
        return [self.head[place] for place in self.columns]

    def flush_right(self) -> list[int]:
        """Which of them are figures, counted among those that people read."""
        return [at for at, place in enumerate(self.columns) if place in self.money or place in self.numbers]

    def shown(self) -> list[list[Cell]]:
        """Rows as people read them."""
        return [
            [
                dollars(cell) if place in self.money and isinstance(cell, int) else cell
                for place, cell in enumerate(row)
                if place not in self.aside
            ]
            for row in self.rows
        ]

    def csv(self) -> str:
        """CSV (RFC 4180): amounts as plain decimals; a cell that a spreadsheet would take for a formula is text."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.head)
        for row in self.rows:
            writer.writerow([_plain(cell, money=place in self.money) for place, cell in enumerate(row)])
        return out.getvalue()


def _plain(cell: Cell, *, money: bool) -> Cell:
    if money and isinstance(cell, int):
        return dollars(cell).replace(MINUS, "-").replace("$", "").replace(",", "")
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def sheets_of(state: Savings, accounts: Sequence[Account], curve: Curve) -> list[Sheet]:
    """Every table, in the order of the page; empty ones are left out."""
    found = [
        standing_sheet(accounts), alarms_sheet(accounts), gone_sheet(accounts), sites_sheet(accounts),
        departments_sheet(accounts), months_sheet(curve),
        waves_sheet(state, accounts), cutovers_sheet(accounts), demands_sheet(accounts), missed_sheet(state, accounts),
        changes_sheet(state), twice_sheet(accounts), costs_sheet(state), inventory_sheet(state, accounts),
    ]  # fmt: skip
    return [sheet for sheet in found if sheet.rows]


def standing_sheet(accounts: Sequence[Account]) -> Sheet:
    """The inventory by where lines stand: every line is in one row, and the rows make up all of it."""
    rows: list[Sequence[Cell]] = []
    for standing, words in STANDING_WORDS.items():
        there = [account for account in accounts if account.standing() is standing]
        if there:
            rows.append((words, len(there), sum(account.baseline_cents for account in there)))
    rows.append(("All lines", len(accounts), sum(account.baseline_cents for account in accounts)))
    head = ("Where a line stands", "Lines", "A month at the baseline")
    return Sheet("standing", "The inventory: every line stands in one row", head, rows, {2}, {1})


def alarms_sheet(accounts: Sequence[Account]) -> Sheet:
    """Lines that were billed after somebody said that they were disconnected."""
    late = [account for account in accounts if account.late_months]
    rows = [
        (
            _name(one), one.line.site(), one.off, one.late_months, one.last, one.lost_cents,
            "still billed" if one.standing() is Standing.STILL_BILLED else "no longer",
        )
        for one in sorted(late, key=_worst_first)
    ]  # fmt: skip
    head = ("Line", "Site", "Disconnected", "Months billed since", "Last bill", "Paid since", "Now")
    return Sheet("still_billed", "Paid for after the disconnect", head, rows, {5}, {3})


def _worst_first(account: Account) -> tuple[bool, Cents, str]:
    return account.standing() is not Standing.STILL_BILLED, -account.lost_cents, account.line.id


def gone_sheet(accounts: Sequence[Account]) -> Sheet:
    """Lines that left the bills without our doing."""
    rows = [
        (_name(one), one.line.site(), one.last, one.baseline_cents)
        for one in accounts if one.standing() is Standing.GONE
    ]  # fmt: skip
    return Sheet(
        "gone", "Gone from the bill, and nobody said why", ("Line", "Site", "Last bill", "A month at the baseline"),
        rows, {3}, note="Not counted as saved: tick the disconnect if it was ours; call the site if it was not.",
    )  # fmt: skip


def sites_sheet(accounts: Sequence[Account]) -> Sheet:
    """The same by where lines end."""
    return _by("sites", "By site", "Site", {one.line.id: one.line.site() for one in accounts}, accounts)


def departments_sheet(accounts: Sequence[Account]) -> Sheet:
    """The same by whose they are; nothing where nobody has said."""
    whose = {one.line.id: one.line.told.department or "" for one in accounts}
    if not any(whose.values()):
        whose, accounts = {}, ()
    return _by("departments", "By department", "Department", whose, accounts)


def _by(name: str, caption: str, what: str, of: Mapping[str, str], accounts: Sequence[Account]) -> Sheet:
    """Lines and what they cost a month at the baseline, by a word said of each."""
    rows: list[Sequence[Cell]] = []
    for word in sorted({of[one.line.id] for one in accounts}):
        its = [one for one in accounts if of[one.line.id] == word]
        sums = [
            sum(one.baseline_cents for one in its if one.standing() is standing)
            for standing in (Standing.PROVEN, Standing.CLAIMED, Standing.STILL_BILLED, Standing.PLANNED)
        ]
        rows.append((word or "not said", len(its), sum(one.baseline_cents for one in its), *sums))
    head = (what, "Lines", "A month", "Proven", "Claimed", "Still billed", "Planned")
    return Sheet(name, caption, head, rows, {2, 3, 4, 5, 6}, {1})


def months_sheet(curve: Curve) -> Sheet:
    """The curve, month by month."""
    rows = [
        (
            one.month, one.billed_cents, one.proven_cents, one.carried_cents, one.claimed_cents, one.planned_cents,
            one.lost_cents, one.spent_cents, shown, low, whole,
        )
        for one, shown, low, whole in zip(curve.points, curve.shown_net, curve.low_net, curve.whole_net, strict=True)
    ]  # fmt: skip
    head = (
        "Month", "Billed", "Proven", "Carried on", "Claimed", "Planned", "Paid in vain", "New costs",
        "Net so far", "Cautiously", "As planned",
    )  # fmt: skip
    return Sheet(
        "months", "Month by month", head, rows, set(range(1, len(head))),
        note="Billed is empty where no statement of the month is here. Carried on: proven by an earlier statement, and "
        "this month's is not here. Paid in vain: billed behind a disconnect. Net so far: what bills show, less what is "
        "spent; cautiously and as planned, with claims and plans.",
    )  # fmt: skip


def waves_sheet(state: Savings, accounts: Sequence[Account]) -> Sheet:
    """Each wave with how far it is."""
    rows: list[Sequence[Cell]] = []
    for wave in sorted(state.waves.values(), key=lambda one: (one.starts, one.id)):
        its = [account for account in accounts if account.line.wave == wave.id]
        rows.append((
            wave.name, wave.site, wave.owner, wave.starts, wave.ends, len(its), sum(bool(one.off) for one in its),
            sum(one.standing() is Standing.PROVEN for one in its), sum(bool(one.line.blocked) for one in its),
            sum(one.baseline_cents for one in its),
        ))  # fmt: skip
    head = (
        "Wave", "Site", "Owner", "Begins", "Ends", "Lines", "Disconnected", "Proven", "Blocked", "A month",
    )  # fmt: skip
    return Sheet("waves", "Waves", head, rows, {9}, {5, 6, 7, 8}, aside={1})


def cutovers_sheet(accounts: Sequence[Account]) -> Sheet:
    """The checklist of every line in a wave."""
    rows = [
        (
            _name(one), one.line.site(), KIND_WORDS[one.line.kind()], *(_step(one, step) for step in Step),
            one.proof or NOT_DONE, one.line.blocked or None,
        )
        for one in accounts if one.line.wave
    ]  # fmt: skip
    head = ("Line", "Site", "Kind", *STEP_WORDS.values(), "Bill lacks it", "Blocked by")
    note = "Days on which steps were taken; n/a: a line of its kind, on its way, does not need it."
    return Sheet("cutovers", "Cut-overs, line by line", head, rows, note=note, aside={2})


def _step(account: Account, step: Step) -> str:
    taken = account.line.steps.get(step)
    if taken is None:
        return NOT_DONE if step in steps_of(account.line.kind(), account.line.way) else NOT_NEEDED
    return WAIVED if taken.waived else taken.on


def demands_sheet(accounts: Sequence[Account]) -> Sheet:
    """What must be shown before lines that lives or works depend on may move, and whether it was."""
    rows: list[Sequence[Cell]] = []
    for account, lacking in guarded(accounts):
        for demand in DEMANDS[account.line.kind()]:
            confirmed = account.line.demands.get(demand.code)
            kind = KIND_WORDS[account.line.kind()]
            standing = NOT_DONE if demand.code in lacking else f"confirmed: {confirmed}"
            rows.append((_name(account), account.line.site(), kind, demand.says, demand.source, standing))
    head = ("Line", "Site", "Kind", "What must be shown", "Where that comes from", "Shown")
    return Sheet("demands", "Before they may move", head, rows)


def missed_sheet(state: Savings, accounts: Sequence[Account]) -> Sheet:
    """Lines found late."""
    rows = [(one.month, one.lines, one.cents, one.lines_so_far, one.cents_so_far) for one in missed_of(state, accounts)]
    head = ("First on a bill of", "Lines", "A month", "Lines so far", "A month so far")
    return Sheet("found_late", "Found behind the baseline", head, rows, {2, 4}, {1, 3})


def changes_sheet(state: Savings) -> Sheet:
    """What is new on a statement, and what is not on it any more."""
    rows = [
        (
            one.month, one.provider, one.account, len(one.appeared), len(one.disappeared), _few(one.appeared),
            _few(one.disappeared),
        )
        for one in changes_of(state)
    ]  # fmt: skip
    head = ("Month", "Provider", "Account", "New", "Gone", "New lines", "Lines gone")
    return Sheet("changes", "Statements that differ from the one before", head, rows, (), {3, 4})


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(number_words(name.partition(":")[2]) for name in names[:4])
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown


def twice_sheet(accounts: Sequence[Account]) -> Sheet:
    """Numbers that two accounts bill."""
    rows = [(number_words(circuit), month, "; ".join(payers)) for circuit, month, payers in billed_twice(accounts)]
    return Sheet("billed_twice", "Numbers that are billed twice", ("Number", "Month", "Billed by"), rows)


def costs_sheet(state: Savings) -> Sheet:
    """What the new system costs."""
    rows = [
        (one.name, one.kind.value, one.starts, one.ends or None, one.monthly_cents, one.once_cents)
        for one in sorted(state.costs.values(), key=lambda one: (one.starts, one.id))
    ]
    head = ("What", "Kind", "From", "Until", "A month", "Once")
    return Sheet("costs", "Costs of what comes instead", head, rows, {4, 5})


def inventory_sheet(state: Savings, accounts: Sequence[Account]) -> Sheet:
    """Every line, with the bill that it stands on."""
    rows = []
    for one in accounts:
        bill = next(iter(one.line.bills.get(one.last, ())), None)
        source = None if bill is None else state.statements[statement_of(one.line.provider, bill.account, one.last)]
        evidence = f"{source.name}, line {bill.row} ({source.document[:12]})" if source and bill else None
        rows.append((
            _name(one), source.provider if source else one.line.provider, KIND_WORDS[one.line.kind()],
            one.line.site(), one.line.purpose(), one.line.told.department, one.first or None, one.last or None,
            one.paid.get(one.last), one.baseline_cents, one.line.contract_end() or None, one.line.fee_cents() or None,
            one.standing().value.replace("_", " "), _way(one), evidence,
        ))  # fmt: skip
    head = (
        "Line", "Provider", "Kind", "Site", "Purpose", "Department", "First bill", "Last bill", "Last cost a month",
        "A month at the baseline", "Contract ends", "Fee for ending early", "Standing", "What becomes of it",
        "Evidence",
    )  # fmt: skip
    note = "The CSV tells more: purpose, department, first and last bill, baseline, contract, what becomes of it."
    return Sheet("inventory", "Every line", head, rows, {8, 9, 11}, note=note, aside={4, 5, 6, 7, 9, 10, 11, 13})


def _way(account: Account) -> str | None:
    if account.line.kept:
        return f"kept: {account.line.kept}"
    words = {Way.MIGRATE: "migrates", Way.DISCONNECT: "is disconnected"}
    return words.get(account.line.way) if account.line.way else None


def _name(account: Account) -> str:
    return number_words(account.line.circuit)


def number_words(circuit: str) -> str:
    """A telephone number as people write it; any other circuit as it is."""
    phone = len(circuit) == len("2255550142") and circuit.isdigit()
    return f"{circuit[:3]}-{circuit[3:6]}-{circuit[6:]}" if phone else circuit


def yearly(cents: Cents) -> Cents:
    """A month's amount over a year."""
    return 12 * cents

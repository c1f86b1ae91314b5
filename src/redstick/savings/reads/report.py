"""What a person reads of savings: one content, as a page that stands alone, as paper (PDF/UA-1), or as tables."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redstick.pages import charts
from redstick.pages.document import Document, Section
from redstick.pages.markup import Html
from redstick.pages.paper import Paper
from redstick.pages.tables import Cell, table
from redstick.pages.wording import count_words
from redstick.savings.money import MINUS, Cents, dollars, round_dollars
from redstick.savings.months import Month, between
from redstick.savings.reads.curve import FEW, Curve, Sureness, curve_of
from redstick.savings.reads.finders import price_change_cents
from redstick.savings.reads.sheets import Sheet, sheets_of, yearly
from redstick.savings.reads.standing import Account, Standing, accounts_of
from redstick.savings.state import Savings

TITLE = "Savings on telephone lines"
MILLION = 100_000_000
LABELLED = 12  # one month in so many has its name at the axis
DRAWN = 48  # months in a picture; the table has every one
PRINTED = 400  # rows of a table on paper; the CSV has every one
NARROW = 7  # columns that fit on paper
ACROSS = 100  # letters that do
PLAIN_UNTIL = 0x2E80  # from here on the typesetter's own fonts have no letters
INSTEAD = "\u25a1"
UNBROKEN = "\u2011"
_NUMBERED = re.compile(r"\b\d+(?:-\d+)+\b")
CURVE, SUM = "Savings a month", "Saved so far, less everything spent"
PROVE, MONTHS, WORK, FOUND, ALL = "What bills prove", "Month by month", "The work", "What was found", "Every line"
PROVEN_MEANS = (
    "Proven: somebody said that the line was disconnected, and a statement of a later month, of the account that "
    "billed it last, lacks it; or that account gave a credit for the disconnect. It is saved from the month behind the "
    "disconnect on, as far as statements show it."
)
CLAIMED_MEANS = (
    "Claimed: disconnected by somebody's word, and no later statement is here. Planned: in a wave; counted from the "
    "month behind the wave's end, and never in a month whose bill is known."
)
COST_MEANS = (
    "A line saves what it cost at the baseline, or on its first bill behind it: charges of each month with taxes and "
    "fees, less credits; what comes once or by use is left out. A rise of the price since then is not claimed."
)
SPENT_MEANS = (
    "Costs: licences, trunks, devices, what is paid once, and the fee where a contract is ended early. Staff time "
    "counts where it is entered as a cost."
)
_SECTION_OF = {
    "standing": PROVE, "still_billed": PROVE, "gone": PROVE, "sites": PROVE, "departments": PROVE, "months": MONTHS,
    "costs": MONTHS, "waves": WORK, "cutovers": WORK, "demands": WORK, "found_late": FOUND, "changes": FOUND,
    "billed_twice": FOUND, "inventory": ALL,
}  # fmt: skip


class NothingBilled(Exception):  # noqa: N818  (named for what is the matter)
    """No statement was taken yet: there is nothing to report."""


@dataclass(frozen=True)
class Report:
    """The report of an inventory: all that its forms share."""

    state: Savings
    accounts: Sequence[Account]
    curve: Curve
    sheets: Sequence[Sheet]


def report_of(state: Savings) -> Report:
    """Raises NothingBilled."""
    accounts = accounts_of(state)
    curve = curve_of(state, accounts)
    if curve is None:
        raise NothingBilled
    return Report(state, accounts, curve, sheets_of(state, accounts, curve))


def page(report: Report) -> str:
    """The page, as HTML that stands alone."""
    sections = [
        Section(PROVE, [*_proven_words(report), *_tables(report, PROVE)]),
        Section("The curve", [*(figure for figure, _ in _pictures(report)), *_curve_words(report)]),
        *(Section(title, _tables(report, title)) for title in (MONTHS, WORK, FOUND, ALL) if _tables(report, title)),
        Section("How this is counted", counted(report)),
    ]
    return Document(TITLE, sections, subtitle(report), facts(report)).render()


def paper(report: Report) -> Paper:
    """The same on paper; tables with more columns than a sheet is wide are in the CSV alone."""
    made = Paper(TITLE, plain(subtitle(report)))
    made.heading("In short")
    made.bullets([plain(f"{name}: {value}") for name, value in facts(report)])
    for words in _proven_words(report):
        made.paragraph(plain(words))
    for title, (figure, words) in zip((CURVE, SUM), _pictures(report), strict=True):
        made.picture(figure, title, words)
    for words in _curve_words(report):
        made.paragraph(plain(words))
    left = []
    for sheet in report.sheets:
        if len(sheet.columns) > NARROW:
            left.append(sheet.caption)
            continue
        made.heading(sheet.caption)
        rows = [[plain(cell) if isinstance(cell, str) else cell for cell in row] for row in sheet.shown()]
        if _letters(sheet.heads(), rows) <= ACROSS:
            made.table(sheet.caption, sheet.heads(), rows[:PRINTED])
        else:
            made.bullets([_spoken(sheet.heads(), row) for row in rows[:PRINTED]])
        if len(rows) > PRINTED:
            made.paragraph(f"The first {PRINTED} of {len(rows)}; the CSV holds every one.")
    made.heading("How this is counted")
    made.bullets([plain(words) for words in counted(report)])
    if left:
        made.paragraph(plain(f"Too wide for paper, in the CSV: {', '.join(left)}."))
    return made


def _letters(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> int:
    """How many letters stand side by side in the widest cells of a table."""
    return sum(max(len(str(cell)) for cell in column) for column in zip(heads, *rows, strict=True))


def _spoken(heads: Sequence[str], row: Sequence[Cell]) -> str:
    """A row that is too wide for a line of paper, as a sentence: what it is about, then cell by cell."""
    told = [(head, str(cell).rstrip(".")) for head, cell in zip(heads[1:], row[1:], strict=True) if cell is not None]
    said = [f"{head.lower()}: {cell}" for head, cell in told if cell]
    return f"{row[0]}. {'; '.join(said)}."


def tables(report: Report) -> Mapping[str, str]:
    """Every table as CSV, by the name of its file."""
    return {f"{sheet.name}.csv": sheet.csv() for sheet in report.sheets}


def plain(text: str) -> str:
    """Text as the typesetter can set it: letters that its fonts do not have are boxes, as on any screen."""
    return "".join(sign if ord(sign) < PLAIN_UNTIL else INSTEAD for sign in text)


def subtitle(report: Report) -> str:
    """What it stands on."""
    lines = count_words(len(report.accounts), "line", "lines")
    statements = count_words(len(report.state.statements), "statement", "statements")
    return f"{lines} on {statements}. Baseline {report.curve.baseline}, newest bill {report.curve.latest}."


def facts(report: Report) -> list[tuple[str, str]]:
    """What stands large at the head."""
    shown = _monthly(report, Standing.PROVEN)
    return [
        ("Proven by bills, a month", round_dollars(shown)),
        ("Claimed, no bill yet, a month", round_dollars(_monthly(report, Standing.CLAIMED))),
        ("Planned, a month", round_dollars(_monthly(report, Standing.PLANNED))),
        ("Paid after a disconnect, so far", round_dollars(_lost(report))),
        ("Paid back, by what bills show", report.curve.shown_payback or "not within sight"),
    ]


def _monthly(report: Report, standing: Standing) -> Cents:
    return sum(account.baseline_cents for account in report.accounts if account.standing() is standing)


def _lost(report: Report) -> Cents:
    return sum(account.lost_cents for account in report.accounts)


def _proven_words(report: Report) -> list[str]:
    proven, now = _monthly(report, Standing.PROVEN), _at(report.curve, report.curve.latest)
    new_costs = report.curve.points[now].monthly_cents
    net = yearly(proven - new_costs)
    n = sum(account.standing() is Standing.PROVEN for account in report.accounts)
    words = [
        (
            f"Bills show that {count_words(n, 'line is', 'lines are')} gone that cost {dollars(proven)} a month. "
            f"The new system costs {dollars(new_costs)} a month in {report.curve.latest}. "
            f"Net, that is {dollars(net)} a year{_mean(proven - new_costs, n)}: {_distance(net)}."
        )
    ]
    late = [account for account in report.accounts if account.standing() is Standing.STILL_BILLED]
    if late:
        cost = sum(account.paid[account.last] for account in late)
        words.append(
            f"Alarm: {count_words(len(late), 'line was', 'lines were')} said to be disconnected and still "
            f"{'is' if len(late) == 1 else 'are'} on the newest bill, at {dollars(cost)} a month. Call the provider, "
            "with the date of the disconnect."
        )
    return words


def _mean(monthly: Cents, n: int) -> str:
    """What that makes of each line."""
    return f", {dollars(monthly // n)} a month for each of them" if n else ""


def _distance(net: Cents) -> str:
    """How far it is to the next million a year."""
    whole = max(0, net) // MILLION
    short = (whole + 1) * MILLION - net
    reached = f"{whole} million reached, " if whole else ""
    return f"{reached}{round_dollars(short)} short of {'the next' if whole else 'the first'} million"


def _at(curve: Curve, month: Month) -> int:
    return [point.month for point in curve.points].index(month)


def _curve_words(report: Report) -> list[str]:
    curve = report.curve
    low = (
        f"cautiously, {curve.low_payback or 'not within sight'}"
        if curve.sureness.low_mille is not None
        else "cautiously, as what bills show: too few disconnects were judged to promise more"
    )
    return [
        (
            f"Paid back by what bills show: {curve.shown_payback or 'not within sight'}; {low}; as planned, "
            f"{curve.whole_payback or 'not within sight'}."
        ),
        sure_words(curve.sureness),
    ]


def sure_words(sure: Sureness) -> str:
    """How sure claims and plans are, by what has happened to disconnects so far."""
    if not sure.judged:
        return "No disconnect has been judged by a later bill yet; how sure plans are cannot be said."
    told = (
        f"Of {count_words(sure.judged, 'disconnect', 'disconnects')} that a later bill has judged, {sure.on_time} "
        f"{'was' if sure.on_time == 1 else 'were'} off the very next bill; the latest was billed for "
        f"{count_words(sure.longest_late, 'month', 'months')} more."
    )
    if sure.low_mille is None or sure.high_mille is None:
        return f"{told} With fewer than {FEW} nothing is said of the next ones."
    low, high = sure.low_mille / 10, sure.high_mille / 10
    return (
        f"{told} So between {low:.1f} % and {high:.1f} % of the next ones will (95 %, Wilson); the cautious sum takes "
        "the lower end for claims and plans, and the longest delay."
    )


def _pictures(report: Report) -> list[tuple[Html, str]]:
    """The curve and the sum, each with its words."""
    curve = report.curve
    shown = _drawn(curve)
    points = [curve.points[place] for place in shown]
    months = [point.month for point in points]
    by_bills = [point.shown_cents / 100 for point in points]
    claimed = [(point.shown_cents + point.claimed_cents) / 100 for point in points]
    planned = [(point.shown_cents + point.claimed_cents + point.planned_cents) / 100 for point in points]
    costs = [point.monthly_cents / 100 for point in points]
    last = points[-1]
    words = (
        f"Up to {curve.latest} bills tell; behind it, what they proved is carried on. In {last.month} "
        f"{dollars(last.shown_cents)} are proven or carried on, {dollars(last.claimed_cents)} claimed, "
        f"{dollars(last.planned_cents)} planned; the new system costs {dollars(last.monthly_cents)}."
    )
    series = {"Shown by bills": by_bills, "with claims": claimed, "with plans": planned, "New costs": costs}
    if claimed == by_bills:
        del series["with claims"]  # one line would hide the other
    first = charts.lines(CURVE, months, series, "Month", "Dollars a month", words, label_every=LABELLED)
    sums = {
        "Shown by bills": [curve.shown_net[place] / 100 for place in shown],
        "Cautiously": [curve.low_net[place] / 100 for place in shown],
        "As planned": [curve.whole_net[place] / 100 for place in shown],
    }
    ends = ", ".join(f"{name.lower()} {_signed(values[-1])}" for name, values in sums.items())
    net_words = f"Where a line crosses zero from below, all that was spent is paid back. In {last.month}: {ends}."
    second = charts.lines(SUM, months, sums, "Month", "Dollars", net_words, label_every=LABELLED)
    return [(first, words), (second, net_words)]


def _signed(value: float) -> str:
    cents = round(value * 100)
    return dollars(cents)


def _drawn(curve: Curve) -> Sequence[int]:
    """The months of a picture: no more than DRAWN, and enough to see what is known."""
    known = len(between(curve.points[0].month, curve.latest))
    return range(min(len(curve.points), max(DRAWN, known)))


def _tables(report: Report, section: str) -> list[Html]:
    return [
        table(sheet.caption, sheet.heads(), _whole(sheet.shown()), sheet.flush_right(), sheet.note)
        for sheet in report.sheets
        if _SECTION_OF[sheet.name] == section
    ]


def _whole(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Days, months and telephone numbers are not torn at their hyphens."""
    return [[_NUMBERED.sub(_tied, cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


def _tied(found: re.Match[str]) -> str:
    return found.group().replace("-", UNBROKEN)


def counted(report: Report) -> list[str]:
    """The definitions, and what is not claimed."""
    change = price_change_cents(report.accounts)
    rise = f"{dollars(abs(change))} {'less' if change < 0 else 'more'}".replace(MINUS, "")
    gone = sum(account.standing() is Standing.GONE for account in report.accounts)
    unclaimed = (
        f"Not claimed: lines that are still there cost {rise} a month than at the baseline, by the providers' doing; "
        f"{count_words(gone, 'line is', 'lines are')} gone without ours."
    )
    return [
        "Every line stands in exactly one place, and counts in a month as exactly one thing.",
        PROVEN_MEANS,
        CLAIMED_MEANS,
        "Still billed: on a later bill than its disconnect. Nothing is saved then; what is paid is money lost.",
        COST_MEANS,
        unclaimed,
        SPENT_MEANS,
    ]

"""The account of a replay as a page: what was run, whether it agrees with the record, and what another plan changes."""

from redstick import __version__
from redstick.dispatch.kpi import Kpi
from redstick.dispatch.replay.account import Account, Compared
from redstick.dispatch.replay.comparison import Change
from redstick.pages.charts import bars, intervals
from redstick.pages.document import Document, Section
from redstick.pages.markup import Html
from redstick.pages.tables import table

MISSED_SHOWN = 40
REFUSED_SHOWN = 40
AREAS_SHOWN = 8


def page(account: Account) -> Document:
    """The whole account as a document."""
    sections = [_speed(account)]
    if account.compared is not None:
        sections.insert(0, _comparison(account.compared))
    if account.places is not None:
        sections.append(_places(account))
    if account.travel is not None:
        sections.append(_travel(account))
    sections.append(_record(account))
    other = account.compared.other if account.compared else "As it happened"
    return Document(
        title="A shift replayed" if account.compared is None else other,
        subtitle=f"{account.source}; every row decided, journaled and folded again",
        facts=[
            ("Calls", f"{account.calls:,}"),
            ("Rows", f"{account.counts.accepted:,} of {account.counts.read:,}"),
            ("Units", f"{account.units:,}"),
            ("Journal lines", f"{account.played.events:,}"),
        ],
        sections=sections,
        footer=f"Made by Redstick {__version__}. Head of the journal: {account.head or 'kept in memory only'}.",
    )


def _speed(account: Account) -> Section:
    rows = [_kpi_row(kpi) for kpi in account.kpis if kpi.n_used]
    if not rows:
        none = "No row of this history has two times to measure between; the report says what it lacks."
        return Section("How fast, as it happened", [none])
    head = ["Interval", "n used", "of", "median", "90 %", "95 %"]
    return Section(
        "How fast, as it happened",
        [
            table(
                "Measured on the fold of the journal, nearest rank, minutes and seconds",
                head,
                rows,
                numeric=range(1, 6),
            )
        ],
        note="An interval counts where both of its times are known; a missing time is missing, not nought.",
    )


def _kpi_row(kpi: Kpi) -> list[str | int]:
    times = [_clock(kpi.percentiles_s[percent]) for percent in (50, 90, 95)]
    return [kpi.interval.title, kpi.n_used, kpi.n_eligible, *times]


def _comparison(compared: Compared) -> Section:
    """The picture first, then every figure, then what the comparison stands on."""
    changes = [change for change in compared.changes if change.difference.percent == 90]
    names = [_change_name(change) for change in changes]
    picture = intervals(
        "What the plan changes at the ninetieth percentile",
        names,
        [change.difference.low_s for change in changes],
        [change.difference.difference_s for change in changes],
        [change.difference.high_s for change in changes],
        "seconds (left of zero is faster)",
        "One band an interval: the change in seconds with its 95 percent interval over days; a band across zero may be "
        "the luck of the days.",
        reference=(0, "no change"),
    )
    rows = [_change_row(change) for change in compared.changes]
    head = ["Interval", "percentile", "n", "today’s plan", "this plan", "change, s", "95 % interval, s", "verdict"]
    lived = compared.other_lived
    said = (
        f"{lived.decided_anew:,} unit responses were decided anew ({_rule(compared.rule)}); {lived.as_recorded:,}, of "
        "units without a known home or where no road leads from a free one, stayed as recorded. "
        f"{lived.waited:,} had to wait for a unit to be free ({compared.today_lived.waited:,} today), "
        f"{lived.never_met:,} were never met."
    )
    both = table("Both plans lived through the same calls", head, rows, numeric=(1, 2, 3, 4, 5))
    tried = [" ".join(compared.tried)] if compared.tried else []
    return Section(
        "What another plan would have changed",
        [*tried, picture, both, *_areas(compared.by_area), said],
        note="Both columns are simulated with the same rules and the same luck; compare them with each other, not with "
        "the record. Turnout and the work on scene stay as recorded; hospitals and traffic do not change.",
    )


def _areas(changes: list[Change]) -> list[Html]:
    """Where people live decides what they would notice: the areas with the largest change, however small the city's."""
    if not changes:
        return []
    moved = [change for change in changes if change.difference.low_s or change.difference.high_s]
    rows = [[change.area, *_change_row(change)[2:]] for change in moved[:AREAS_SHOWN]]
    confidence = changes[0].difference.confidence
    head = ["Station area", "n", "today’s plan", "this plan", "change, s", f"{confidence} % interval, s", "verdict"]
    note = (
        f"Of {len(changes)} station areas with enough calls, {len(moved)} change at all; the largest changes first. "
        f"Each interval is of {confidence} percent, because among so many areas some seem to change by luck alone."
    )
    return [table("Received to first unit on scene, median, by area", head, rows, numeric=(1, 2, 3, 4), note=note)]


def _change_name(change: Change) -> str:
    kind = f", {change.unit_kind.lower()}" if change.unit_kind else ""
    return f"{change.difference.interval.title}{kind}"


def _change_row(change: Change) -> list[str | int | float]:
    of = change.difference
    verdict = ("faster" if of.difference_s < 0 else "slower") if change.real else "no real change"
    band = f"{_signed(of.low_s)} to {_signed(of.high_s)}"
    n = f"{change.n[0]:,}" if change.n[0] == change.n[1] else f"{change.n[0]:,} / {change.n[1]:,}"
    return [
        _change_name(change),
        of.percent,
        n,
        _clock(of.a_s),
        _clock(of.b_s),
        _signed(of.difference_s),
        band,
        verdict,
    ]


def _signed(seconds: float) -> str:
    """Whole seconds, but under ten with a tenth: "0 to +10" must not hide that the lower end is above nought."""
    text = f"{seconds:+.1f}" if abs(seconds) < 10 else f"{round(seconds):+d}"
    return text.removesuffix(".0").replace("-", "\N{MINUS SIGN}") if float(text) else "0"


def _rule(rule: str) -> str:
    return {"closest": "closest free unit by calibrated road time", "station_order": "by the order of stations"}[rule]


def _places(account: Account) -> Section:
    places = account.places
    if places is None or places.share_within is None:
        return Section("Places", ["The history gives no points to compare with."])
    kinds = sorted(places.kinds)
    picture = bars(
        "What the geocoder said to the callers' words",
        [kind.replace("_", " ") for kind in kinds],
        [places.kinds[kind] for kind in kinds],
        "calls",
        "Calls by the kind of answer; only a unique answer may be taken without a person.",
        horizontal=True,
    )
    rows = [[m.text, m.kind.replace("_", " "), m.distance_m, m.calls] for m in places.missed[:MISSED_SHOWN]]
    said = (
        f"{places.share_within:.1%} of {places.calls:,} calls were found within 100 m of their official point; "
        f"{places.wrong_unique:,} were taken for certain and lie elsewhere."
    )
    head = ["As said", "answer", "metres away", "calls"]
    return Section("Places", [said, picture, table("Not found where the history has them", head, rows, numeric=(2, 3))])


def _travel(account: Account) -> Section:
    travel = account.travel
    if travel is None:
        return Section("Travel times", [])
    rows: list[list[str]] = [
        ["Median absolute error", f"{travel.median_abs_error_s:.1f} s", f"{travel.baseline_error_s:.1f} s"],
        ["Mean too long or short by", f"{travel.bias:+.1%}".replace("-", "\N{MINUS SIGN}"), ""],
        ["Trips above the predicted ninetieth percentile", f"{travel.above_p90:.1%}", ""],
        [
            "Arrival order of units sent together, right",
            _share(travel.order_agreement),
            _share(travel.baseline_order_agreement),
        ],
    ]
    return Section(
        "Travel times",
        [table(f"Fitted on {travel.trips_fitted:,} trips, judged on {travel.trips_judged:,} of later days",
               ["", "calibrated", "two-parameter line"], rows, numeric=(1, 2))],
        note="A unit's real position is not in the export; trips are taken from where it was most likely to be.",
    )  # fmt: skip


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _record(account: Account) -> Section:
    steps = sum(account.played.unexpected.values())
    said = (
        f"{account.played.commands:,} commands became {account.played.events:,} events. "
        f"{account.counts.refused:,} rows could not be read, {len(account.rejected_rows):,} had a command that was "
        f"refused, {steps:,} steps did not "
        "follow the usual order of statuses and were kept with a warning."
    )
    body: list[str] = [said, *account.notes]
    if account.rejected_rows:
        rows: list[list[str | int]] = [[row, code] for row, code in account.rejected_rows[:REFUSED_SHOWN]]
        body.append(table("Rows with a refused command", ["row in the source", "reason"], rows, numeric=(0,)))
    return Section("The record", body)


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"

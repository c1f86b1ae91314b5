"""Reports of an incident, a shift or a month: one content, as an accessible document (PDF/UA-1) or as CSV.

The document is text for the typesetter (`pages.paper`); whoever has one makes the PDF of it. Times are those of the
city's clock. Callers' numbers are left out unless they are asked for.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from redstick.dispatch.lookback.answers import Line, Spread
from redstick.dispatch.lookback.kept import Kept
from redstick.dispatch.lookback.load import spreads
from redstick.dispatch.lookback.spread import stamp
from redstick.dispatch.reads.report_sheets import FORMULA_STARTS
from redstick.dispatch.reads.report_words import STAMP_WORDS, clock, count, spoken
from redstick.dispatch.rules.assignments import STAMPS
from redstick.dispatch.rules.calls import Call
from redstick.dispatch.rules.incidents import Incident
from redstick.kernel.values import Instant
from redstick.pages import charts
from redstick.pages.markup import Html
from redstick.pages.paper import Paper
from redstick.pages.tables import Cell

TIMES = tuple(name for name in STAMP_WORDS if name in STAMPS)
INCIDENT_HEAD = (
    "incident", "number", "kind", "priority", "place", "opened", "first_dispatched", "first_on_scene", "closed",
    "disposition", "units", "calls", "response_s",
)  # fmt: skip
LINE_HEAD = ("position", "at", "late_s", "kind", "says", "actor")
FEW = 36  # fewer values say nothing of the slowest tenth
PRINTED = 500  # incidents in a document; the CSV has every one
PLAIN_UNTIL = 0x2E80  # from here on the typesetter's own fonts have no letters
INSTEAD = "\u25a1"


class Clockwork:
    """Times on the clock of a time zone; raises ZoneInfoNotFoundError or ValueError for one that there is not."""

    def __init__(self, zone: str) -> None:
        self.zone, self._here = zone, ZoneInfo(zone)

    def words(self, at: Instant | None, *, day: bool = True) -> str:
        """`2026-11-26 21:05:09`; "" for a time that is missing."""
        return "" if at is None else self._local(at).strftime("%Y-%m-%d %H:%M:%S" if day else "%H:%M:%S")

    def iso(self, at: Instant | None) -> str:
        """With the offset from UTC; "" for a time that is missing."""
        return "" if at is None else self._local(at).isoformat(timespec="seconds")

    def day(self, at: Instant) -> str:
        """The local date."""
        return self._local(at).date().isoformat()

    def hour(self, at: Instant) -> int:
        """The local hour."""
        return self._local(at).hour

    def _local(self, at: Instant) -> datetime:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(self._here)


# An incident


def incident_paper(
    incident: Incident, lines: Sequence[Line], calls: Sequence[Call], when: Clockwork, *, callers: bool
) -> Paper:
    """An incident whole: its times by unit, its calls, every line in words."""
    made = Paper(
        f"Incident {incident.number or incident.id}",
        plain(f"{incident.kind or 'Of no kind'}, priority {incident.priority}, {incident.place.text or 'no address'}"),
    )
    made.heading("What it was")
    made.bullets([plain(fact) for fact in _facts(incident, when)])
    made.heading("Units and their times")
    made.table("Times of each unit, on the city's clock", *_parts(incident, when))
    if calls:
        made.heading("Calls")
        made.table("Calls that speak of it", *_calls(calls, when, callers=callers))
    made.heading("Timeline")
    numbers = [] if callers else [call.callback for call in calls if call.callback]
    rows = [(plain(_said(line, numbers)), when.words(line.at), line.actor, line.position) for line in lines]
    made.table("Every line of the journal on this incident", ("What", "When", "By", "Line"), rows)
    made.paragraph(
        f"Times are those of {when.zone}. The last column is the position in the journal, by which each line can be "
        f"proven: `redstick proof`. {count(len(lines), 'line')}."
    )
    return made


def incident_csv(lines: Sequence[Line], calls: Sequence[Call], when: Clockwork, *, callers: bool) -> str:
    """Every line of the journal on an incident."""
    numbers = [] if callers else [call.callback for call in calls if call.callback]
    rows = [
        (line.position, when.iso(line.at), line.late_ms / 1000, line.kind, _said(line, numbers), line.actor)
        for line in lines
    ]
    return written(LINE_HEAD, rows)


# A span: a shift, a month


def span_paper(kept: Kept, title: str, begun: Instant, ended: Instant, when: Clockwork) -> Paper:
    """How much, how fast, what: a shift or a month."""
    incidents = sorted(kept.between(begun, ended), key=lambda one: (one.opened_at, one.id))
    calls = list(kept.received(begun, ended))
    made = Paper(title, f"{when.words(begun)} to {when.words(ended)}, {when.zone}")
    made.heading("How much")
    open_now = sum(one.closed_at is None for one in incidents)
    made.bullets([
        f"{count(len(calls), 'call')} came in, {count(len(incidents), 'incident')} opened, {open_now} still open.",
        f"{count(_sent(incidents), 'unit')} went out, counted each time.",
    ])  # fmt: skip
    if calls:
        made.picture(*_hours(calls, when))
    made.heading("How fast")
    measured = spreads(kept, begun, ended)
    made.table("Intervals, in minutes and seconds (nearest rank)", *_fast(measured))
    standards = _standards(measured)
    if standards[1]:
        made.table("Against the standards", *standards)
    made.heading("What")
    made.table("Incidents by kind", *_by_kind(incidents))
    if _days(calls, incidents, when)[1:] and ended - begun > 2 * 86_400_000:
        made.table("By day", *_by_day(calls, incidents, when))
    made.heading("Incidents")
    made.table("Incidents in the order in which they were opened", *_listed(incidents[:PRINTED], when))
    if len(incidents) > PRINTED:
        made.paragraph(f"The first {PRINTED} of {len(incidents)}; the CSV holds every one.")
    made.paragraph(
        "A percentile is a time that did occur: nearest rank, with n values of those that began. With fewer than "
        f"{FEW} values nothing can be said of the slowest tenth. A time that is missing counts in neither."
    )
    return made


def span_csv(kept: Kept, begun: Instant, ended: Instant, when: Clockwork) -> str:
    """One row an incident."""
    rows = []
    for one in sorted(kept.between(begun, ended), key=lambda one: (one.opened_at, one.id)):
        arrived, received = stamp(one, "on_scene"), [call.received_at for call in kept.calls_of(one)]
        response = None if arrived is None or not received else (arrived - min(received)) / 1000
        rows.append((
            one.id, one.number, one.kind, one.priority, one.place.text, when.iso(one.opened_at),
            when.iso(stamp(one, "dispatched")), when.iso(arrived), when.iso(one.closed_at), one.disposition,
            " ".join(_units(one)), len(one.calls), response,
        ))  # fmt: skip
    return written(INCIDENT_HEAD, rows)


def written(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """CSV (RFC 4180); a cell that a spreadsheet would take for a formula is text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def plain(text: str) -> str:
    """Text as the typesetter can set it: letters that its fonts do not have are boxes, as on any screen."""
    return "".join(sign if ord(sign) < PLAIN_UNTIL else INSTEAD for sign in text)


def _cell(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _said(line: Line, numbers: Iterable[str]) -> str:
    """What a line says, without these numbers of who called."""
    says = line.says
    for number in numbers:
        says = says.replace(number, "").rstrip()
    return says


def _facts(incident: Incident, when: Clockwork) -> list[str]:
    ended = f"closed {when.words(incident.closed_at)}" if incident.closed_at is not None else "still open"
    place = incident.place
    known = "in the geofile" if place.in_geofile else "not in the geofile"
    known += ", confirmed by the caller" if place.caller_confirmed else ""
    facts = [
        f"Opened {when.words(incident.opened_at)}, {ended}.",
        f"Place: {place.text or 'no address'} ({known}).",
        f"Priority {incident.priority}, at first {incident.original_priority}; alarm level {incident.alarm_level}.",
    ]
    if incident.disposition:
        facts.append(f"Disposition: {incident.disposition}.")
    if incident.zones:
        facts.append("Zones: " + ", ".join(f"{layer} {zone}" for layer, zone in sorted(incident.zones.items())) + ".")
    return facts


def _parts(incident: Incident, when: Clockwork) -> tuple[list[str], list[list[Cell]]]:
    """Each unit with the times that any of them has."""
    parts = [*incident.earlier, *incident.assignments.values()]
    shown = [name for name in TIMES if any(name in part.stamps for part in parts)]
    head = ["Unit", *(STAMP_WORDS[name].capitalize() for name in shown)]
    rows: list[list[Cell]] = [
        [part.unit, *(when.words(part.stamps.get(name), day=False) or None for name in shown)] for part in parts
    ]
    return head, rows or [["No unit was sent", *(None for _ in shown)]]


def _calls(calls: Sequence[Call], when: Clockwork, *, callers: bool) -> tuple[list[str], list[list[Cell]]]:
    head = ["Call", "Received", "Answered", "Ended", *(["Number"] if callers else [])]
    return head, [
        [call.source or call.id, when.words(call.received_at), when.words(call.answered_at, day=False) or None,
         when.words(call.ended_at, day=False) or None, *([call.callback] if callers else [])]
        for call in calls
    ]  # fmt: skip


def _fast(measured: Sequence[Spread]) -> tuple[list[str], list[list[Cell]]]:
    head = ["Interval", "n of began", "Median", "90th percentile", "95th percentile", "90th lies in"]
    return head, [
        [one.title, f"{one.n_used} of {one.n_eligible}", clock(one.p50_s), clock(one.p90_s), clock(one.p95_s),
         "too few" if one.p90_high_s is None else f"{clock(one.p90_low_s)} to {clock(one.p90_high_s)}"]
        for one in measured
    ]  # fmt: skip


def _standards(measured: Sequence[Spread]) -> tuple[list[str], list[list[Cell]]]:
    head = ["Standard", "Asks", "Was", "n", "Met"]
    return head, [
        [f"{s.name} {s.edition}, {one.interval}: {s.scope}", f"{s.percent} % in {spoken(s.within_s)}",
         f"{100 * s.share:.1f} %", one.n_used, "yes" if s.met else "no"]
        for one in measured for s in one.standards if s.share is not None
    ]  # fmt: skip


def _by_kind(incidents: Sequence[Incident]) -> tuple[list[str], list[list[Cell]]]:
    counts = Counter(one.kind or "of no kind" for one in incidents)
    rows: list[list[Cell]] = [[plain(kind), n] for kind, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
    return ["Kind", "Incidents"], rows or [["None", 0]]


def _days(calls: Sequence[Call], incidents: Sequence[Incident], when: Clockwork) -> list[str]:
    return sorted({*(when.day(c.received_at) for c in calls), *(when.day(one.opened_at) for one in incidents)})


def _by_day(
    calls: Sequence[Call], incidents: Sequence[Incident], when: Clockwork
) -> tuple[list[str], list[list[Cell]]]:
    called = Counter(when.day(call.received_at) for call in calls)
    opened = Counter(when.day(one.opened_at) for one in incidents)
    days = _days(calls, incidents, when)
    return ["Day", "Calls", "Incidents"], [[day, called[day], opened[day]] for day in days]


def _listed(incidents: Sequence[Incident], when: Clockwork) -> tuple[list[str], list[list[Cell]]]:
    rows: list[list[Cell]] = [
        [plain(f"{one.number or one.id} {one.kind}, {one.place.text}"), f"P{one.priority}", when.words(one.opened_at),
         when.words(stamp(one, "on_scene"), day=False) or None, plain(one.disposition) or None]
        for one in incidents
    ]  # fmt: skip
    return ["Incident", "Priority", "Opened", "First on scene", "Disposition"], rows or [
        ["None", None, None, None, None]
    ]


def _hours(calls: Sequence[Call], when: Clockwork) -> tuple[Html, str, str]:
    counts = Counter(when.hour(call.received_at) for call in calls)
    names = [f"{hour:02d}" for hour in range(24)]
    busiest = max(range(24), key=lambda hour: (counts[hour], -hour))
    words = (
        f"Calls by hour of the day. The busiest hour began at {busiest:02d}:00 with {count(counts[busiest], 'call')}."
    )
    drawn = charts.bars("Calls by hour of the day", names, [counts[hour] for hour in range(24)], "calls", words)
    return drawn, "Calls by hour of the day", words


def _units(incident: Incident) -> list[str]:
    return list(dict.fromkeys(part.unit for part in (*incident.earlier, *incident.assignments.values())))


def _sent(incidents: Sequence[Incident]) -> int:
    return sum(len(one.earlier) + len(one.assignments) for one in incidents)

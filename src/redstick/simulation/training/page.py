"""The sheet as a page that stands alone: what to be proud of, what to talk about, each thing with its moment."""

from collections.abc import Callable

from redstick.kernel.values import Instant
from redstick.pages.document import Document, Section
from redstick.pages.markup import bullets
from redstick.pages.tables import table
from redstick.pages.wording import count_words
from redstick.simulation.training.sheet import Held, Kind, Sheet, Times

NAMES = {
    Kind.LATE_ANSWER: "Answered late",
    Kind.LATE_PROCESSING: "First unit late",
    Kind.OTHER_UNITS: "Other units than recommended",
    Kind.UNITS_MISSING: "Units that should have gone too",
    Kind.MISSED_DUPLICATE: "Duplicates that were missed",
    Kind.ADDRESS_ERROR: "Addresses that were wrong",
    Kind.NOT_READ_BACK: "Addresses that were not read back",
    Kind.ALERT_UNACKNOWLEDGED: "Alerts that nobody voiced in time",
}
Clock = Callable[[Instant], str]


def page(sheet: Sheet, shift: str, clock: Clock) -> Document:
    """The whole sheet; `shift` says which calls came, `clock` gives a moment in local time."""
    held = "the trainee" if not sheet.persons else ", ".join(sheet.persons)
    return Document(
        title=f"Exercise at the seat {sheet.seat}",
        subtitle=f"{shift}; {clock(sheet.begun)} to {clock(sheet.ended)}, held by {held}",
        facts=_facts(sheet),
        sections=[_times(sheet), _units(sheet), *_talk(sheet, clock), _how()],
        footer="Scored from the journal alone; the same journal gives the same sheet.",
    )


def _facts(sheet: Sheet) -> list[tuple[str, str]]:
    units = sheet.units
    return [
        *((one.title, _seconds(one)) for one in sheet.times if one.n),
        ("Right units", f"{units.right} of {units.incidents}"),
        ("To talk about", str(len(sheet.items))),
    ]


def _seconds(one: Times) -> str:
    return f"{one.p90_s:.0f} s for 9 in 10 (n {one.n})"


def _times(sheet: Sheet) -> Section:
    rows = [[one.title, one.n, one.median_s, one.p90_s] for one in sheet.times]
    head = ["Interval", "n", "Median, s", "9 in 10 within, s"]
    against = [[one.title, _named(held), held.share, _met(held)] for one in sheet.times for held in one.standards]
    return Section(
        "Times",
        [
            table("Times of the exercise", head, rows, numeric=range(1, len(head))),
            table("Against the standards", ["Interval", "Standard", "Kept, %", ""], against, numeric=[2]),
        ],
        note="A standard speaks of months of calls; over a handful it is a direction, not a verdict.",
    )


def _named(held: Held) -> str:
    return f"{held.standard}: {held.percent} % within {held.within_s} s"


def _met(held: Held) -> str:
    return "no calls" if held.met is None else "met" if held.met else "not met"


def _units(sheet: Sheet) -> Section:
    units = sheet.units
    incidents = count_words(units.incidents, "incident", "incidents")
    words = (
        f"Units were sent to {incidents} for which a recommendation can be computed; in {units.right} the units that "
        f"were recommended at that moment went, or others that were there as soon. The others were there "
        f"{units.regret_s} seconds later in all."
    )
    left = f" {count_words(units.not_judged, 'sending', 'sendings')} could not be judged: the plan asked for nothing."
    return Section("Right units", [words + (left if units.not_judged else "")])


def _talk(sheet: Sheet, clock: Clock) -> list[Section]:
    """One section for each kind of which there is any."""
    sections = []
    for kind, name in NAMES.items():
        rows = [
            [clock(item.at), item.number or item.incident, item.call, item.words, str(item.position or "")]
            for item in sheet.items
            if item.kind is kind
        ]
        if rows:
            head = ["When", "Incident", "Call", "What", "Line of the journal"]
            sections.append(Section(name, [table(name, head, rows, numeric=[4])]))
    return sections


HOW = (
    "Whoever was signed on at the seat is the trainee, and what they asked is theirs.",
    "A recommendation is computed anew from the state right before their act, so it knows no more than they could.",
    "Units where they last reported, roads as they were; units that are within half a minute are as good.",
    "A duplicate was missed when what was entered was probably open already, and the two were never joined.",
)


def _how() -> Section:
    return Section("How it was scored", [bullets(list(HOW))])

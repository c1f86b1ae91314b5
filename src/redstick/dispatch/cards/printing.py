"""What a seat prints before it is alone: every open incident, every unit, what is known of places, and blank cards.

Once as a page for screen readers and paper, once as plain text for whatever still prints. Both say when they were true.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from redstick.dispatch.cards.card import number_of
from redstick.dispatch.cards.form import UNIT_TIMES, blank
from redstick.dispatch.cautions.matching import concerning, wording
from redstick.dispatch.rules.assignments import open_assignments
from redstick.dispatch.rules.cards import Block
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Instant
from redstick.pages.document import Document, Section
from redstick.pages.markup import Html, bullets, element
from redstick.pages.tables import table

STAMPS = ("dispatched", "en_route", "on_scene")


def open_incidents(state: Dispatch) -> list[Incident]:
    """What is being worked, the most urgent and oldest first."""
    live = [incident for incident in state.incidents.values() if incident.closed_at is None]
    return sorted(live, key=lambda incident: (incident.priority, incident.opened_at, incident.id))


def free_numbers(state: Dispatch, seat: str) -> list[str]:
    """Numbers of a seat's blocks under which no card was entered, in order."""
    used = {entry.count for entry in state.paper.entries.values()}
    mine = [block for block in state.paper.blocks if block.seat == seat]
    return [number_of(count) for block in mine for count in _counts(block) if count not in used]


def _counts(block: Block) -> range:
    return range(block.first, block.last + 1)


def page(state: Dispatch, seat: str, now: Instant, zone: tzinfo, blanks: int = 10) -> Document:
    """The page of one seat, with so many blank cards from its reserved numbers."""
    sections = [_section(state, incident, zone) for incident in open_incidents(state)]
    sections.append(Section("Units", [_units(state)]))
    forms = [element("pre", blank(number)) for number in free_numbers(state, seat)[:blanks]]
    few = "" if len(forms) == blanks else f"{len(forms)} numbers are left of this seat's blocks: reserve more."
    sections.append(Section("Blank cards", forms or ["No numbers are reserved for this seat."], note=few))
    return Document(
        "Cards for work without the system",
        sections,
        subtitle=f"Seat {seat}, as of {_moment(now, zone)}. Write times as they happen; enter each card afterwards.",
        facts=[("Open incidents", str(len(sections) - 2)), ("Units", str(len(state.units)))],
    )


def _section(state: Dispatch, incident: Incident, zone: tzinfo) -> Section:
    rows = [
        [part.unit, *(_clock(part.stamps.get(stamp), zone) for stamp in STAMPS), ""]
        for part in open_assignments(incident)
    ]
    body: list[str] = [element("p", line) for line in _head(incident, zone)]
    told = _told(state, incident)
    if told:
        body.append(bullets(told))
    body.append(table(f"Units on {_name(incident)}", ["unit", *UNIT_TIMES], rows))
    body.append(bullets([f"{_moment(note.at, zone)} {note.text}" for note in incident.notes]) or Html(""))
    return Section(f"{_name(incident)}: {incident.kind or 'kind unknown'}", body)


def _units(state: Dispatch) -> Html:
    rows = [[unit.id, unit.kind, unit.station, unit.status, ", ".join(unit.work)] for unit in state.units.values()]
    return table("Units as they were", ["unit", "kind", "station", "status", "works on"], rows)


def text(state: Dispatch, seat: str, now: Instant, zone: tzinfo, blanks: int = 10) -> str:
    """The same as plain text, at most as wide as its longest field."""
    parts = [f"CARDS FOR WORK WITHOUT THE SYSTEM\nSeat {seat}, as of {_moment(now, zone)}\n"]
    for incident in open_incidents(state):
        lines = [f"INCIDENT {_name(incident)}: {incident.kind or 'kind unknown'}", *_head(incident, zone)]
        lines += _told(state, incident)
        for part in open_assignments(incident):
            times = [f"{label} {_clock(part.stamps.get(stamp), zone) or '______'}" for label, stamp in _columns()]
            lines.append(f"  {part.unit}: {', '.join(times)}")
        lines += [f"  {_moment(note.at, zone)} {note.text}" for note in incident.notes]
        parts.append("\n".join(lines) + "\n")
    units = [f"  {unit.id} {unit.status} {' '.join(unit.work)}".rstrip() for unit in state.units.values()]
    parts.append("\n".join(["UNITS", *units]) + "\n")
    parts += [blank(number) for number in free_numbers(state, seat)[:blanks]]
    return "\n".join(parts)


def _columns() -> Sequence[tuple[str, str]]:
    return list(UNIT_TIMES.items())


def _head(incident: Incident, zone: tzinfo) -> list[str]:
    place = incident.place
    known = place.in_geofile or place.caller_confirmed
    where = f"{place.text or 'place unknown'} {place.municipality}".strip()
    return [
        f"Priority {incident.priority}, opened {_moment(incident.opened_at, zone)}, alarm {incident.alarm_level}",
        f"Place: {where}" + ("" if known else " (not verified)"),
    ]


def _told(state: Dispatch, incident: Incident) -> list[str]:
    """Cautions, by their words; the text of a sensitive one is not printed."""
    return [wording(match) for match in concerning(state.cautions.values(), incident.place)]


def _name(incident: Incident) -> str:
    return incident.number or incident.id


def _moment(at: Instant, zone: tzinfo) -> str:
    return datetime.fromtimestamp(at / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")


def _clock(at: Instant | None, zone: tzinfo) -> str:
    return "" if at is None else datetime.fromtimestamp(at / 1000, zone).strftime("%H:%M:%S")

"""The form of a card in plain text: what is printed blank is what is typed in later.

```text
REDSTICK CARD P-000017
Date: 2024-06-02
Received: 14:03:10
Answered: 14:03:18
Opened: 14:04
Place: 12 Oak St
Kind: structure fire
Priority: 1
Callback: 225 555 0100
Unit: E2, dispatched 14:05, en route 14:06, on scene 14:11:30, available 15:02
Note: flames showing
Closed: 15:10
Disposition: 01
```

Times are those of the wall clock beside the seat. One that stands alone is of the card's date; behind midnight the date
is written with it (`2024-06-03 00:12`). An hour that a change of the clocks made come twice is the first of the two.
Nothing is guessed: what cannot be read is a fault with its line, and a field that is not there stays empty.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo

from redstick.dispatch.cards.card import PaperCard, UnitLine
from redstick.kernel.values import Instant

TITLE = "REDSTICK CARD"
TIMES = {"received": "received_at", "answered": "answered_at", "opened": "opened_at", "closed": "closed_at"}
TEXTS = {"place": "place", "kind": "kind", "callback": "callback", "disposition": "disposition"}
UNIT_TIMES = {"dispatched": "dispatched", "en route": "en_route", "on scene": "on_scene", "available": "available"}
PRIORITIES = {str(number): number for number in range(1, 6)}
BLANK = "____________"


@dataclass(slots=True)
class _Reading:
    zone: tzinfo
    number: str = ""
    day: date | None = None
    found: dict[str, object] = field(default_factory=dict)
    units: list[UnitLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read(text: str, zone: tzinfo) -> tuple[PaperCard | None, list[str]]:
    """The card in a text, and every fault in words with its line; no card where a fault or its time of opening is."""
    reading = _Reading(zone)
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                _line(reading, line.strip())
            except ValueError as error:
                reading.faults.append(f"line {number}: {error}")
    if "opened_at" not in reading.found:
        reading.faults.append("no line `Opened:`; expected the time at which the incident was opened")
    if reading.faults:
        return None, reading.faults
    reading.found.setdefault("place", "")
    card = PaperCard(number=reading.number, units=reading.units, notes=reading.notes, **reading.found)  # type: ignore[arg-type]  # the names are those of TIMES and TEXTS
    return card, []


def _line(reading: _Reading, line: str) -> None:
    if line.upper().startswith(TITLE):
        reading.number = line[len(TITLE) :].strip()
        return
    name, colon, said = line.partition(":")
    key, said = name.strip().lower(), said.strip()
    if not colon:
        raise ValueError(f"{line[:40]!r}: expected `name: value`")
    if not said or not said.strip("_ "):
        return
    if key == "date":
        reading.day = date.fromisoformat(said)
    elif key in TIMES:
        _once(reading, TIMES[key], _instant(reading, said))
    elif key in TEXTS:
        _once(reading, TEXTS[key], said)
    elif key == "priority":
        if said not in PRIORITIES:
            raise ValueError(f"priority {said!r}; expected 1 to 5")
        _once(reading, "priority", PRIORITIES[said])
    elif key == "note":
        reading.notes.append(said)
    elif key == "unit":
        reading.units.append(_unit(reading, said))
    else:
        known = ", ".join(sorted(["date", "note", "priority", "unit", *TIMES, *TEXTS]))
        raise ValueError(f"{name.strip()!r} is no field; expected one of: {known}")


def _once(reading: _Reading, name: str, value: object) -> None:
    if name in reading.found:
        raise ValueError(f"{name.removesuffix('_at')} stands twice")
    reading.found[name] = value


def _unit(reading: _Reading, said: str) -> UnitLine:
    name, *parts = [part.strip() for part in said.split(",")]
    times: dict[str, Instant] = {}
    for part in parts:
        label = next((label for label in UNIT_TIMES if part.lower().startswith(f"{label} ")), None)
        if label is None:
            raise ValueError(f"unit {name}: {part!r}; expected one of {', '.join(UNIT_TIMES)}, and a time")
        if not part[len(label) :].strip("_ "):
            continue
        if UNIT_TIMES[label] in times:
            raise ValueError(f"unit {name}: {label} stands twice")
        times[UNIT_TIMES[label]] = _instant(reading, part[len(label) :].strip())
    return UnitLine(name, **times)


def _instant(reading: _Reading, said: str) -> Instant:
    day, _, clock = said.rpartition(" ")
    known = date.fromisoformat(day.strip()) if day else reading.day
    if known is None:
        raise ValueError(f"time {said!r} before any `Date:`")
    moment = datetime.combine(known, time.fromisoformat(clock), reading.zone)
    return int(moment.timestamp()) * 1000


def blank(number: str) -> str:
    """A card to write on, with its number."""
    unit = f"Unit: {BLANK}, " + ", ".join(f"{label} {BLANK[:6]}" for label in UNIT_TIMES)
    lines = [f"{TITLE} {number}", f"Date: {BLANK}", f"Received: {BLANK}", f"Answered: {BLANK}", f"Opened: {BLANK}"]
    lines += [f"{name}: {BLANK * 3}" for name in ("Place", "Kind", "Priority", "Callback")]
    lines += [unit] * 4 + [f"Note: {BLANK * 4}"] * 3 + [f"Closed: {BLANK}", f"Disposition: {BLANK}"]
    return "\n".join(lines) + "\n"


def write(card: PaperCard, zone: tzinfo) -> str:
    """A card as it is typed: reading it gives the card, to the second."""
    day = datetime.fromtimestamp(card.opened_at / 1000, zone).date()
    lines = [f"{TITLE} {card.number}".strip(), f"Date: {day.isoformat()}"]
    lines += _lines_of_times(card, zone, day)
    if card.place:
        lines.append(f"Place: {card.place}")
    lines += [f"{name.capitalize()}: {said}" for name in ("kind", "callback") if (said := getattr(card, name))]
    lines.append(f"Priority: {card.priority}")
    for unit in card.units:
        times = [(label, getattr(unit, name)) for label, name in UNIT_TIMES.items()]
        written = [f"{label} {_clock(at, zone, day)}" for label, at in times if at is not None]
        lines.append(f"Unit: {', '.join([unit.unit, *written])}")
    lines += [f"Note: {note}" for note in card.notes]
    if card.disposition:
        lines.append(f"Disposition: {card.disposition}")
    return "\n".join(lines) + "\n"


def _lines_of_times(card: PaperCard, zone: tzinfo, day: date) -> Iterable[str]:
    for name, of in TIMES.items():
        at = getattr(card, of)
        if at is not None:
            yield f"{name.capitalize()}: {_clock(at, zone, day)}"


def _clock(at: Instant, zone: tzinfo, day: date) -> str:
    moment = datetime.fromtimestamp(at / 1000, zone)
    clock = moment.time().isoformat("seconds")
    return clock if moment.date() == day else f"{moment.date().isoformat()} {clock}"

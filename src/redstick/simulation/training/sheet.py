"""The sheet: times against the standards with their number, and every single thing to talk about, with its moment."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import ceil

import msgspec

from redstick.dispatch.kpi.standards import standards_for
from redstick.kernel.values import Instant


class Kind(StrEnum):
    """What there is to talk about."""

    LATE_ANSWER = "late_answer"
    LATE_PROCESSING = "late_processing"
    OTHER_UNITS = "other_units"
    UNITS_MISSING = "units_missing"
    MISSED_DUPLICATE = "missed_duplicate"
    ADDRESS_ERROR = "address_error"
    NOT_READ_BACK = "not_read_back"
    ALERT_UNACKNOWLEDGED = "alert_unacknowledged"


class Item(msgspec.Struct, frozen=True):
    """One thing, where it happened: the journal's position and the city's time, the call and the incident, in words."""

    kind: Kind
    at: Instant
    position: int
    words: str
    call: str = ""
    incident: str = ""
    number: str = ""
    seconds: int | None = None


class Held(msgspec.Struct, frozen=True):
    """One threshold of a standard: the share of `n` that kept it, in percent; `met` says whether that is enough."""

    standard: str
    percent: int
    within_s: int
    share: float | None
    met: bool | None


class Times(msgspec.Struct, frozen=True):
    """An interval over the exercise: how many, the middle one and the ninetieth in a hundred, the standards."""

    name: str
    title: str
    n: int
    median_s: float | None
    p90_s: float | None
    standards: list[Held]


class Units(msgspec.Struct, frozen=True):
    """How the units that were sent compare with those that were recommended at that moment.

    `incidents` were judged; in `right` the same units went, or others that were there as soon. `regret_s` adds up how
    much later the units that went were there than those that should have gone.
    """

    incidents: int
    right: int
    regret_s: int
    not_judged: int = 0


class Sheet(msgspec.Struct, frozen=True):
    """What came of an exercise at a seat, from when to when (ms since the epoch)."""

    seat: str
    persons: list[str]
    begun: Instant
    ended: Instant
    times: list[Times]
    units: Units
    items: list[Item]
    counts: dict[str, int]


TITLES = {
    "answer": "From ringing to answer",
    "entry": "From answer to incident",
    "sending": "From incident to first unit",
    "processing": "From answer to first unit",
}


def times_of(name: str, seconds: Sequence[float]) -> Times:
    """An interval's times as the sheet shows them."""
    ordered = sorted(seconds)
    held = []
    for standard in standards_for(name):
        share = 100 * sum(one <= standard.within_s for one in ordered) / len(ordered) if ordered else None
        title = f"{standard.name} ({standard.edition})"
        met = None if share is None else share >= standard.percent
        held.append(Held(title, standard.percent, standard.within_s, share, met))
    return Times(name, TITLES[name], len(ordered), _nearest(ordered, 50), _nearest(ordered, 90), held)


def counted(items: Sequence[Item]) -> dict[str, int]:
    """How many of each kind, those of which there is none too."""
    return {str(kind): sum(item.kind is kind for item in items) for kind in Kind}


def as_text(sheet: Sheet, clock: Mapping[Instant, str]) -> str:
    """The sheet in lines for a terminal; `clock` gives the local time of each item's moment."""
    lines = [f"Seat {sheet.seat}: {sheet.units.incidents} incidents judged, {len(sheet.items)} things to talk about"]
    for one in sheet.times:
        middle = "no value" if one.median_s is None else f"median {one.median_s:.0f} s, 90 % within {one.p90_s:.0f} s"
        lines.append(f"  {one.title}: n {one.n}, {middle}")
        lines += [f"    {_said(held)}" for held in one.standards if held.share is not None]
    units = sheet.units
    lines.append(f"  Right units: {units.right} of {units.incidents}, {units.regret_s} s later in all than recommended")
    lines += [f"  {clock[item.at]}  {item.number or item.call or '-'}  {item.words}" for item in sheet.items]
    return "\n".join(lines)


def _said(held: Held) -> str:
    kept = "met" if held.met else "not met"
    return f"{held.standard}, {held.percent} % within {held.within_s} s: {held.share:.0f} %, {kept}"


def _nearest(ordered: Sequence[float], percent: int) -> float | None:
    """The nearest rank: a value that occurred."""
    return ordered[ceil(percent / 100 * len(ordered)) - 1] if ordered else None

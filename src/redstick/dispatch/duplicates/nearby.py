"""Which incidents a report may be about: time first, then place, then a score (dispatch reference, section 6).

The defaults are where the base rate of distinct incidents, measured on a week of San Francisco, is still below one in
ten: 300 m and 20 minutes, unless the positions themselves are less sure than that.
"""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.avl.ground import distance_m as metres_between
from redstick.dispatch.duplicates.scoring import (
    STRONG,
    Term,
    distance_term,
    kind_term,
    number_term,
    street_term,
    time_term,
    words_term,
)
from redstick.dispatch.place import UNCERTAINTY_M, Place, plain
from redstick.dispatch.rules.callbacks import digits_of
from redstick.kernel.values import Instant

if TYPE_CHECKING:
    from redstick.dispatch.rules.calls import Call
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
WIDEST_M = max(UNCERTAINTY_M.values())
E7_PER_M = 90.0  # 1e-7 degrees of latitude in a metre, rounded up


class Limits(msgspec.Struct, frozen=True):
    """How near is near: metres, the while since the last call about an incident, and that since it was closed."""

    radius_m: int = 300
    window_ms: int = 20 * 60_000
    closed_ms: int = 30 * 60_000


class Report(msgspec.Struct, frozen=True):
    """What is new: a call, or an incident whose place or kind has changed (`itself`: it is not its own duplicate)."""

    at: Instant
    place: Place = Place()
    kind: str = ""
    group: str = ""
    callback: str = ""
    said: str = ""
    itself: str = ""


class Suggestion(msgspec.Struct, frozen=True):
    """An incident that a report may be about. `score` is the sum of the points of its terms, 0 to 100."""

    incident: str
    score: int
    terms: tuple[Term, ...]
    closed: bool = False

    @property
    def strong(self) -> bool:
        """Worded as probably the same; a person decides all the same."""
        return self.score >= STRONG


DEFAULT_LIMITS = Limits()


def find(state: Dispatch, report: Report, limits: Limits = DEFAULT_LIMITS) -> list[Suggestion]:
    """Open incidents, and those closed a short while ago, that a report may be about; the likeliest first.

    Whoever called of the same number within the window is listed wherever it is.
    """
    number, text = digits_of(report.callback), plain(report.place.text)
    spare_m = limits.radius_m + report.place.reach_m
    found = []
    for incident in state.incidents.values():
        if incident.closed_at is not None and report.at - incident.closed_at > limits.closed_ms:
            continue  # most of those on the boards, so this is asked first
        if incident.replaced_by or incident.id == report.itself:
            continue
        gap_ms = _gap(state, incident, report.at, limits)
        if gap_ms is None:
            continue
        same = text == plain(incident.place.text) if text else False
        same = same or (bool(number) and _same_number(state, incident, number))
        if not same and _far(report.place.y, incident.place, spare_m):
            continue
        distance_m, sure_m = _apart(report.place, incident.place)
        limit_m = max(float(limits.radius_m), sure_m)
        if same or (distance_m is not None and distance_m <= limit_m):
            terms = _terms(state, report, incident, (gap_ms, distance_m, sure_m, limit_m), limits)
            score = sum(term.points for term in terms)
            found.append(Suggestion(incident.id, score, terms, incident.closed_at is not None))
    return sorted(found, key=lambda one: (-one.score, one.incident))


def of_call(state: Dispatch, call: str, limits: Limits = DEFAULT_LIMITS) -> list[Suggestion]:
    """What a call may be about, as of when it came in."""
    found = state.calls[call]
    report = Report(found.received_at, found.place, callback=found.callback, itself=found.incident)
    return find(state, report, limits)


def may_concern(state: Dispatch, call: Call, incident: Incident, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Whether a call may be about an incident where that is or was until it moved; says so rather once too often."""
    number, text = digits_of(call.callback), plain(call.place.text)
    spare_m = limits.radius_m + call.place.reach_m
    return (bool(number) and _same_number(state, incident, number)) or any(
        not _far(call.place.y, place, spare_m) or (bool(text) and text == plain(place.text))
        for place in (incident.place, *incident.former_places[-1:])
    )


def of_incident(state: Dispatch, incident: str, now: Instant, limits: Limits = DEFAULT_LIMITS) -> list[Suggestion]:
    """What else an incident may be: to be asked when it is opened, moved or retyped."""
    found = state.incidents[incident]
    callback = next((state.calls[call].callback for call in found.calls), "")
    return find(state, Report(now, found.place, found.kind, found.group, callback, _said(found), incident), limits)


def _gap(state: Dispatch, incident: Incident, at: Instant, limits: Limits) -> int | None:
    """How long ago somebody last called about it, in ms; None when it is open and that is too long ago."""
    gap_ms = abs(at - incident.opened_at)
    if incident.calls:
        gap_ms = min(gap_ms, abs(at - state.calls[incident.calls[-1]].received_at))
    return gap_ms if incident.closed_at is not None or gap_ms <= limits.window_ms else None


def _far(y: int | None, other: Place, spare_m: int) -> bool:
    """Whether latitude alone says that they are not near: most are told apart by this, without any square root."""
    if y is None or other.y is None:
        return True
    reach_m = WIDEST_M if other.uncertainty_m is None else other.uncertainty_m
    return abs(y - other.y) > E7_PER_M * (spare_m + reach_m)


def _apart(one: Place, other: Place) -> tuple[float | None, float]:
    """How far apart, and how far both positions together may be off, in metres (independent errors add as squares)."""
    sure_m = hypot(one.reach_m, other.reach_m)
    if one.x is None or one.y is None or other.x is None or other.y is None:
        return None, sure_m
    return metres_between(one.x, one.y, other.x, other.y), sure_m


def _same_number(state: Dispatch, incident: Incident, number: str) -> bool:
    return any(digits_of(state.calls[call].callback) == number for call in incident.calls)


def _terms(
    state: Dispatch, report: Report, incident: Incident, apart: tuple[int, float | None, float, float], limits: Limits
) -> tuple[Term, ...]:
    gap_ms, distance_m, sure_m, limit_m = apart
    numbers = [digits_of(state.calls[call].callback) for call in incident.calls]
    return (
        distance_term(distance_m, sure_m, limit_m),
        time_term(gap_ms, limits.window_ms),
        kind_term(report.kind, report.group, incident.kind, incident.group),
        number_term(digits_of(report.callback), numbers),
        street_term(report.place.text, incident.place.text),
        words_term(report.said, _said(incident)),
    )


def _said(incident: Incident) -> str:
    return " ".join(note.text for note in incident.notes[:5])

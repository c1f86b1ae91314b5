"""Find anything: open and closed incidents, calls, units, people at seats, cautions; by number, name, word or place."""

from collections.abc import Iterable

import msgspec
from rapidfuzz import fuzz

from redstick.dispatch.lookback.answers import Finds, Found
from redstick.dispatch.lookback.kept import Kept
from redstick.dispatch.lookback.overseen import incidents_without_places
from redstick.dispatch.place import plain
from redstick.dispatch.rules.incidents import status_of
from redstick.dispatch.state import Dispatch

AT_MOST = 20
ENOUGH = 78.0  # of 100: how much of the asked words something must hold
OPEN_FIRST = 4.0
KINDS = ("incident", "unit", "seat", "call")  # of what fits equally well this stands first


def find(
    state: Dispatch, kept: Kept, text: str, *, over: bool, at_most: int = AT_MOST, overseen: bool = False
) -> Finds:
    """The best of everything that holds the words of a text; with `over` also what is over.

    For oversight no place and no caller is looked through: whoever asked by an address would know it by the answer.
    """
    wanted = plain(text)
    if not wanted:
        return Finds(text, over, [])
    everything = _everything(state, kept, over=over)
    if overseen:
        everything = [((one.title, one.id), one) for one in incidents_without_places(one for _, one in everything)]
    scored = [(_score(wanted, words), one) for words, one in everything]
    kept_ones = [msgspec.structs.replace(one, score=round(score, 1)) for score, one in scored if score >= ENOUGH]
    kept_ones.sort(
        key=lambda one: (-(one.score + OPEN_FIRST * one.open), KINDS.index(one.kind), -(one.at or 0), one.id)
    )
    return Finds(text, over, kept_ones[:at_most])


def _score(wanted: str, words: Iterable[str]) -> float:
    """How well the best of the words holds what is wanted; a name said in full counts most."""
    best = 0.0
    for word in words:
        known = plain(word)
        if known:
            best = max(best, 100.0 if known == wanted else min(99.0, _held(wanted, known)))
    return best


def _held(wanted: str, known: str) -> float:
    """A short word must begin a word, a longer one may be a little misspelt."""
    if len(wanted) <= 3:
        return 90.0 if any(word.startswith(wanted) for word in known.split()) else 0.0
    return (
        float(fuzz.token_sort_ratio(wanted, known))
        if len(known) < len(wanted)
        else float(fuzz.partial_ratio(wanted, known, score_cutoff=ENOUGH))
    )


def _everything(state: Dispatch, kept: Kept, *, over: bool) -> Iterable[tuple[tuple[str, ...], Found]]:
    incidents = kept.incidents if over else state.incidents
    for incident in incidents.values():
        place, is_open = incident.place, incident.closed_at is None
        if over or is_open:
            title = f"{incident.number or incident.id} {incident.kind}".strip()
            detail = f"{status_of(incident)}, {place.text}"
            words = (incident.number, incident.number.lstrip("#"), incident.id, incident.kind, place.text)
            yield words, Found("incident", incident.id, title, detail, is_open, incident.opened_at, place.x, place.y, 0)
    calls = kept.calls if over else state.calls
    for call in calls.values():
        is_open = call.ended_at is None
        if over or is_open:
            heard = (call.id, call.callback, call.place.text)
            title = f"Call by {call.source or 'nobody knows whom'}"
            place = call.place
            found = Found("call", call.id, title, place.text, is_open, call.received_at, place.x, place.y, 0)
            yield heard, found
    for unit in state.units.values():
        detail = f"{unit.kind} of {unit.station}, {unit.status}".strip()
        yield (
            (unit.id, unit.kind, unit.station),
            Found("unit", unit.id, unit.id, detail, unit.on_duty, unit.since, unit.x, unit.y, 0),
        )
    for seat in state.seats.values():
        detail = f"{seat.person}: {', '.join(seat.groups)}"
        yield (seat.id, seat.person), Found("seat", seat.id, seat.id, detail, True, seat.since, None, None, 0)

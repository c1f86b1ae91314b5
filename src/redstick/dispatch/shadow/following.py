"""What must be said so that our state says what the source says now.

The source shows the same rows again and again, each time knowing a little more. Rows are compared with the committed
state and only the difference becomes commands: a new call, a unit that was sent, a stamp that came, a stamp that was
corrected, a unit that is no longer shown. So a pass that sees nothing new says nothing, a restart goes on where it was,
and two overlapping exports do no harm.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from redstick.dispatch.history.model import History
from redstick.dispatch.replay.requests import (
    STATUS_OF,
    assignment_of,
    binding_of,
    call_id,
    incident_id,
    moments_of,
    opening_steps,
    place_of,
    rows_by_call,
)
from redstick.dispatch.rules.assignments import Assignment, CorrectTime, ReleaseUnit
from redstick.dispatch.rules.incidents import CloseIncident, Incident, MoveIncident, RetypeIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Command, Instant

CORRECTED_BY_SOURCE = "the source says otherwise now"
NO_LONGER_SHOWN = "no longer shown"
LEAVING = ("available", "clear")


@dataclass(frozen=True, slots=True)
class Said:
    """One command with the time at which it was true, None for now."""

    command: Command
    at: Instant | None


def follow(history: History, state: Dispatch) -> Iterator[Said]:
    """The commands of one call after another; each call's are to be run before those of the next are asked for."""
    latest = _latest(history)
    for rows in rows_by_call(history):
        yield from _call(history, rows, state, latest)


def _latest(history: History) -> Instant | None:
    """The moment of a feed's last snapshot; None for an export."""
    return None if history.windows is None else int(history.windows.last_seen_ms.max(initial=0))


def _call(history: History, rows: list[int], state: Dispatch, latest: Instant | None) -> Iterator[Said]:
    first = rows[0]
    name = incident_id(history.incident.text(first))
    if call_id(history.call.text(first)) not in state.calls:
        for _, command, at in opening_steps(history, rows):
            yield Said(command, at)
    incident = state.incidents.get(name)
    if incident is None:
        return
    if incident.closed_at is not None:
        return
    yield from _incident(history, first, incident)
    for row in rows:
        yield from _unit(history, row, state, name, latest)
    yield from _ending(history, rows, state.incidents[name], latest)


def _incident(history: History, row: int, incident: Incident) -> Iterator[Said]:
    kind, place = history.categories["call_type"].text(row), place_of(history, row)
    if kind and kind != incident.kind:
        yield Said(RetypeIncident(incident.id, kind), None)
    if (place.text, place.x, place.y) != (incident.place.text, incident.place.x, incident.place.y) and place.text:
        yield Said(MoveIncident(incident.id, place, incident.zones), None)


def _unit(history: History, row: int, state: Dispatch, incident: str, latest: Instant | None) -> Iterator[Said]:
    unit, bound = history.unit.text(row), binding_of(history, row)
    if not unit or bound is None:
        return
    words = history.categories
    known = state.units.get(unit)
    if known is None:
        yield Said(EnrollUnit(unit, words["unit_kind"].text(row), words["agency"].text(row)), bound)
    gone = latest is not None and history.windows is not None and int(history.windows.last_seen_ms[row]) < latest
    held = state.incidents[incident].assignments.get(unit)
    if held is None or (held.ended_at is not None and bound > held.ended_at):
        yield Said(assignment_of(history, row, incident), bound)
        held = None
    yield from _stamps(history, row, incident, unit, held)
    if gone and (held is None or held.ended_at is None) and history.windows is not None:
        yield Said(ReleaseUnit(incident, unit), int(history.windows.last_seen_ms[row]))


def _stamps(history: History, row: int, incident: str, unit: str, held: Assignment | None) -> Iterator[Said]:
    said = {name: time for name, time in moments_of(history, row).items() if name in STATUS_OF}
    known = held.stamps if held is not None else {}
    alerted = held is None and said.get("dispatched") == min(said.values(), default=None)
    leaving = next((name for name in LEAVING if name in said), None)
    for name, time in said.items():
        if name not in known and not (name == "dispatched" and alerted):
            leaves = name == leaving and (held is None or held.ended_at is None)
            yield Said(ReportStatus(unit, STATUS_OF[name], incident, leaves=leaves), time)
        elif name in known and known[name] != time:
            yield Said(CorrectTime(incident, unit, name, time, CORRECTED_BY_SOURCE), None)


def _ending(history: History, rows: list[int], incident: Incident, latest: Instant | None) -> Iterator[Said]:
    """Closed when the source says so, when a feed no longer shows it, or when all who came have left with an ending."""
    last = max((time for row in rows for time in moments_of(history, row).values()), default=None)
    disposition = history.categories["disposition"].text(rows[0])
    if latest is not None and history.windows is not None:
        seen = max(int(history.windows.last_seen_ms[row]) for row in rows)
        if seen < latest:
            yield Said(CloseIncident(incident.id, NO_LONGER_SHOWN), seen)
        return
    everybody = [row for row in rows if binding_of(history, row) is not None]
    left = all(any(name in moments_of(history, row) for name in LEAVING) for row in everybody)
    closed = any("closed" in moments_of(history, row) for row in rows)
    if closed or (everybody and left and disposition):
        yield Said(CloseIncident(incident.id, disposition or "closed by the source"), last)

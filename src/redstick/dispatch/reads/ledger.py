"""What people look up later: the fold of the journal as the same columns that a history is read into.

So one set of definitions (`kpi`) measures a city's export, a replay, a what-if and a live shift.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from redstick.dispatch.history.model import (
    CATEGORIES,
    MISSING_CODE,
    MISSING_E7,
    MISSING_MS,
    STAMPS,
    Codes,
    Counts,
    History,
)
from redstick.dispatch.rules.assignments import Assignment
from redstick.dispatch.rules.calls import Call
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.units import Unit
from redstick.dispatch.state import Dispatch

MAPPED = (
    "call",
    "incident",
    "unit",
    "unit_kind",
    "call_type",
    "call_group",
    "priority",
    "area",
    "station_area",
    "battalion",
    "address",
    "municipality",
    "disposition",
    "agency",
    *STAMPS,
    "position",
)


def as_history(state: Dispatch, source: str, time_zone: str) -> History:
    """Every assignment as one row, an incident without units as one row of its own; in the order of opening."""
    return history_of(state.incidents.values(), state.calls, state.units, source, time_zone)


def history_of(
    incidents: Iterable[Incident], calls: Mapping[str, Call], units: Mapping[str, Unit], source: str, time_zone: str
) -> History:
    """The same of any incidents, with the calls and units as far as they are known."""
    texts: dict[str, list[str]] = {name: [] for name in CATEGORIES}
    stamps: dict[str, list[int]] = {name: [] for name in STAMPS}
    position: list[tuple[int, int]] = []
    for incident, assignment in _parts(incidents):
        call = calls.get(incident.calls[0]) if incident.calls else None
        for name, text in _words(units, incident, assignment, call).items():
            texts[name].append(text)
        times = _times(incident, assignment, call)
        for name in STAMPS:
            stamps[name].append(times.get(name, MISSING_MS))
        x, y = incident.place.x, incident.place.y
        position.append((MISSING_E7 if x is None else x, MISSING_E7 if y is None else y))
    n = len(position)
    places = np.array(position, np.int32).reshape(n, 2)
    return History(
        source=source,
        one_row_per="unit",
        time_zone=time_zone,
        row_number=np.arange(1, n + 1, dtype=np.int32),
        categories={name: _codes(column, n) for name, column in texts.items()},
        longitude_e7=places[:, 0].copy(),
        latitude_e7=places[:, 1].copy(),
        stamps={name: np.array(column, np.int64) for name, column in stamps.items()},
        mapped=MAPPED,
        listed=[],
        counts=Counts(n, n, 0, 0, {}),
    )


def _parts(incidents: Iterable[Incident]) -> Iterator[tuple[Incident, Assignment | None]]:
    for incident in incidents:
        parts = [*incident.earlier, *incident.assignments.values()]
        if not parts:
            yield incident, None
        for assignment in sorted(parts, key=lambda part: part.sequence):
            yield incident, assignment


def _words(
    units: Mapping[str, Unit], incident: Incident, assignment: Assignment | None, call: Call | None
) -> dict[str, str]:
    unit = units.get(assignment.unit) if assignment else None
    return {
        "call": call.id if call else incident.id,
        "incident": incident.id,
        "unit": assignment.unit if assignment else "",
        "unit_kind": unit.kind if unit else "",
        "agency": unit.agency if unit else "",
        "call_type": incident.kind,
        "call_group": incident.group,
        "priority": str(incident.original_priority),
        "address": incident.place.text,
        "municipality": incident.place.municipality,
        "disposition": incident.disposition,
        **{name: incident.zones.get(name, "") for name in ("area", "station_area", "battalion")},
    }


def _times(incident: Incident, assignment: Assignment | None, call: Call | None) -> dict[str, int]:
    times = {"entered": incident.opened_at}
    if call is not None:
        times["received"] = call.received_at
        if call.answered_at is not None:
            times["answered"] = call.answered_at
    if incident.closed_at is not None:
        times["closed"] = incident.closed_at
    if assignment is not None:
        times |= assignment.stamps
    return times


def _codes(column: list[str], n: int) -> Codes:
    """A column of texts; "" is what the source was silent about."""
    index: dict[str, int] = {}
    codes = [index.setdefault(text, len(index)) if text else MISSING_CODE for text in column]
    return Codes(np.array(codes or [MISSING_CODE] * n, np.int32), list(index))

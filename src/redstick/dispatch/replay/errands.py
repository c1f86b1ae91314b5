"""What a history asks of a fleet: one errand a unit row, with what belongs to the call and not to the unit that went.

When the unit was sent, how long its crew took to turn out, how long the work took once there: these stay as recorded.
Which unit goes and how long it drives is what a what-if decides anew. A row that names a unit without a home, or a call
without a place, is left as it was recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from redstick.dispatch.history.model import MISSING_E7, MISSING_MS, History
from redstick.dispatch.ports import Errand, Point
from redstick.dispatch.replay.plan import Fleet, Plan
from redstick.dispatch.replay.requests import priority_of
from redstick.kernel.values import Instant

# After arrival, in the order of the work; each is kept as a delay behind the one that was recorded before it.
WORK = ("patient_contact", "transport", "at_hospital", "clear", "available")
DEFAULT_TURNOUT_MS = 60_000  # where the record has none; NFPA 1710 allows 60 s (EMS) and 80 s (fire)


@dataclass(frozen=True, slots=True)
class Need:
    """One unit needed at an incident.

    `recorded_unit` is "" for a need that a changed response adds. `travel_ms` is None when the recorded unit never
    arrived; then it is let go `work_ms` after it was sent. Otherwise `marks` are delays after arrival by stamp name.
    """

    row: int
    sent_at: Instant
    kind: str
    recorded_unit: str
    errand: Errand
    turnout_ms: int
    travel_ms: int | None
    work_ms: int
    marks: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One incident: its rows as recorded, where it is, and what it needs from the fleet."""

    rows: tuple[int, ...]
    first_row: int
    target: Point | None
    area: str
    needs: tuple[Need, ...]
    as_recorded: tuple[int, ...]  # rows that are not decided anew


def jobs(history: History, today: Fleet, plan: Plan) -> Iterator[Job]:
    """Every call of a history in the order of its rows; `today` is the fleet that the history was worked with."""
    order: dict[int, list[int]] = {}
    for row, code in enumerate(history.call.codes.tolist()):
        order.setdefault(code, []).append(row)
    for rows in order.values():
        yield _job(history, rows, today, plan)


def _job(history: History, rows: list[int], today: Fleet, plan: Plan) -> Job:
    first = rows[0]
    x, y = int(history.longitude_e7[first]), int(history.latitude_e7[first])
    target = None if x == MISSING_E7 else (x, y)
    needs, kept = [], []
    for row in rows:
        need = _need(history, row) if target is not None and history.unit.text(row) in today.units else None
        if need is None:
            kept.append(row)
        else:
            needs.append(need)
    changed = _changed_response(history, first, plan, needs)
    area = history.categories["station_area"].text(first)
    return Job(tuple(rows), first, target, area, tuple(changed), tuple(kept))


def _need(history: History, row: int) -> Need | None:
    """What a row asks for; None when nothing says when the unit was sent."""
    kind = history.categories["unit_kind"].text(row)
    times = {name: int(stamps[row]) for name, stamps in history.stamps.items() if int(stamps[row]) != MISSING_MS}
    sent = times.get("dispatched")
    if sent is None:
        return None
    en_route, arrived = times.get("en_route"), times.get("on_scene")
    turnout = max(0, en_route - sent) if en_route is not None else DEFAULT_TURNOUT_MS
    done = max([time for name, time in times.items() if name in WORK], default=max(times.values()))
    travel = None if arrived is None else max(0, arrived - (sent + turnout))
    marks = [] if arrived is None else [(n, max(0, times[n] - arrived)) for n in WORK if n in times]
    words = history.categories
    errand = Errand(kind, priority_of(words["priority"].text(row)), words["call_group"].text(row), sent)
    return Need(row, sent, kind, history.unit.text(row), errand, turnout, travel, max(0, done - sent), tuple(marks))


def _changed_response(history: History, first: int, plan: Plan, needs: list[Need]) -> list[Need]:
    """The needs under the plan's response to this type of call: the earliest recorded ones of each kind, or copies."""
    kind_of_call = history.categories["call_type"].text(first)
    response = next((found for found in plan.responses if kind_of_call in found.call_types), None)
    if response is None or not needs:
        return needs
    earliest = min(needs, key=lambda need: (need.sent_at, need.row))
    chosen: list[Need] = []
    for kind, count in response.send.items():
        recorded = [need for need in needs if need.kind == kind][:count]
        chosen += recorded
        pattern = recorded[0] if recorded else earliest
        chosen += [_copy(pattern, kind, earliest.sent_at)] * (count - len(recorded))
    return chosen


def _copy(pattern: Need, kind: str, sent_at: Instant) -> Need:
    errand = Errand(kind, pattern.errand.priority, pattern.errand.call_group, sent_at)
    return Need(
        pattern.row, sent_at, kind, "", errand, pattern.turnout_ms, pattern.travel_ms, pattern.work_ms, pattern.marks
    )

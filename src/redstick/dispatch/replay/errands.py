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
from redstick.dispatch.replay.responses import Need, changed_by_plan, changed_by_type

# After arrival, in the order of the work; each is kept as a delay behind the one that was recorded before it.
WORK = ("patient_contact", "transport", "at_hospital", "clear", "available")
DEFAULT_TURNOUT_MS = 60_000  # where the record has none; NFPA 1710 allows 60 s (EMS) and 80 s (fire)


@dataclass(frozen=True, slots=True)
class Job:
    """One incident: its rows as recorded, where it is, and what it needs from the fleet."""

    rows: tuple[int, ...]
    first_row: int
    target: Point | None
    area: str
    needs: tuple[Need, ...]
    as_recorded: tuple[int, ...]  # rows that are not decided anew
    unfilled: tuple[str, ...] = ()  # requirements of a response plan that nobody here could ever fill


def jobs(history: History, today: Fleet, plan: Plan, fleet: Fleet | None = None) -> Iterator[Job]:
    """Every call of a history in the order of its rows.

    `today` is the fleet that the history was worked with, `fleet` the one that the plan leads to (the same without it).
    """
    order: dict[int, list[int]] = {}
    for row, code in enumerate(history.call.codes.tolist()):
        order.setdefault(code, []).append(row)
    for rows in order.values():
        yield _job(history, rows, today, plan, today if fleet is None else fleet)


def _job(history: History, rows: list[int], today: Fleet, plan: Plan, fleet: Fleet) -> Job:
    first = rows[0]
    x, y = int(history.longitude_e7[first]), int(history.latitude_e7[first])
    target = None if x == MISSING_E7 else (x, y)
    needs, kept, others = [], [], []
    for row in rows:
        need = _need(history, row) if target is not None else None
        if need is not None and need.recorded_unit in today.units:
            needs.append(need)
            continue
        kept.append(row)
        others += [need] if need is not None else []
    changed = changed_by_type(history, first, plan, needs)
    changed, unfilled = changed_by_plan(history, first, plan, fleet, changed, others)
    area = history.categories["station_area"].text(first)
    return Job(tuple(rows), first, target, area, tuple(changed), tuple(kept), tuple(unfilled))


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

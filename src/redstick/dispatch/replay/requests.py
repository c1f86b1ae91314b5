"""Every row of a history as the commands that a live shift would have seen, in the order of their times.

Nothing is invented: a stamp that is missing makes no command. Where the record contradicts itself (en route before it
was sent) the commands still come in the order of their stamps; the rules record the surprise. A unit is bound to its
incident at the earliest thing known of it, and let go at the last.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from redstick.dispatch.history.model import MISSING_E7, MISSING_MS, STAMPS, History
from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.calls import AnswerCall, ReceiveCall
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.ids import make_id
from redstick.kernel.values import Command, Instant, Request

ACTOR = "replay"
AS_RECORDED = "as recorded"
UNKNOWN_ENDING = "not recorded"

STATUS_OF = {
    "dispatched": "DSP",
    "acknowledged": "ACK",
    "en_route": "ENR",
    "staged": "STG",
    "on_scene": "ONS",
    "patient_contact": "PTC",
    "transport": "TRN",
    "at_hospital": "HSP",
    "clear": "CLR",
    "available": "AR",
}
ZONES = ("area", "station_area", "battalion")

# At the same millisecond things happen in the order of a call's life.
RECEIVE, ANSWER, OPEN, ENROLL, ASSIGN, REPORT, RELEASE, CLOSE = range(8)


@dataclass(frozen=True, slots=True)
class Step:
    """One request of the replay: when the shift sees it, and the row of the history that it comes from."""

    now: Instant
    request: Request
    row: int


@dataclass(slots=True)
class _Script:
    """Steps as they are found, call by call; sorted before they are played."""

    steps: list[tuple[Instant, int, int, int, Command, Instant | None]] = field(default_factory=list)

    def add(self, now: Instant, rank: int, row: int, command: Command, at: Instant | None = None) -> None:
        """`at` is the true time where it differs from `now`."""
        self.steps.append((now, rank, len(self.steps), row, command, at))


def steps(history: History) -> Iterator[Step]:
    """All steps in the order of time; ids depend on nothing but the history, so that playing twice changes nothing."""
    script = _Script()
    for rows in rows_by_call(history):
        _play_call(history, rows, script)
    script.steps.sort(key=lambda step: step[:3])
    for number, (now, _, _, row, command, at) in enumerate(script.steps):
        yield Step(now, Request(make_id("cmd", now, number), command, ACTOR, at), row)


def opening_steps(history: History, rows: list[int]) -> list[tuple[Instant, Command, Instant | None]]:
    """How a call came in and became an incident: (now, command, true time) in order; nothing of its units."""
    script = _Script()
    _play_opening(history, rows, script)
    return [(now, command, at) for now, _, _, _, command, at in sorted(script.steps, key=lambda step: step[:3])]


def unit_steps(history: History, row: int) -> list[tuple[Instant, Command, Instant | None]]:
    """One unit's part as it was recorded: (now, command, true time) in order."""
    script = _Script()
    end = max(moments_of(history, row).values(), default=0)
    _play_unit(history, row, incident_id(history.incident.text(row)), end, script)
    return [(now, command, at) for now, _, _, _, command, at in sorted(script.steps, key=lambda step: step[:3])]


def call_id(text: str) -> str:
    """The id of a recorded call."""
    return f"call_{text}"


def incident_id(text: str) -> str:
    """The id of a recorded incident."""
    return f"incident_{text}"


def rows_by_call(history: History) -> list[list[int]]:
    """The rows of each call, in the order in which calls first appear."""
    groups: dict[int, list[int]] = {}
    for row, code in enumerate(history.call.codes.tolist()):
        groups.setdefault(code, []).append(row)
    return list(groups.values())


def _play_call(history: History, rows: list[int], script: _Script) -> None:
    end = _play_opening(history, rows, script)
    if end is None:
        return
    first, incident = rows[0], incident_id(history.incident.text(rows[0]))
    for row in rows:
        _play_unit(history, row, incident, end, script)
    worked = any(binding_of(history, row) is not None for row in rows)
    if worked or history.windows is not None or _earliest(history, rows, "closed") is not None:
        close = CloseIncident(incident, history.categories["disposition"].text(first) or UNKNOWN_ENDING)
        script.add(max(end, _last_seen(history, rows, end)), CLOSE, first, close)


def _play_opening(history: History, rows: list[int], script: _Script) -> Instant | None:
    """The call and its incident; gives the last thing known of them, None when nothing has a time."""
    first = rows[0]
    moments = [time for row in rows for time in moments_of(history, row).values()]
    if history.windows is not None:
        moments += [int(history.windows.first_seen_ms[row]) for row in rows]
    moments = [time for time in moments if time != MISSING_MS]
    if not moments:
        return None
    begin = min(moments)
    call, incident = call_id(history.call.text(first)), incident_id(history.incident.text(first))
    received = _earliest(history, rows, "received")
    script.add(begin, RECEIVE, first, ReceiveCall(call, "history", place=place_of(history, first)), received)
    answered = _earliest(history, rows, "answered")
    if answered is not None:
        script.add(max(begin, answered), ANSWER, first, AnswerCall(call, "unknown"), answered)
    entered = _earliest(history, rows, "entered")
    starts = [start for row in rows if (start := binding_of(history, row)) is not None]
    opened = min([time for time in (entered, *starts) if time is not None], default=begin)
    script.add(opened, OPEN, first, _open_incident(history, first, incident, call), entered)
    return max(moments)


def _play_unit(history: History, row: int, incident: str, end: Instant, script: _Script) -> None:
    unit = history.unit.text(row)
    bound = binding_of(history, row)
    if not unit or bound is None:
        return
    said = {name: time for name, time in moments_of(history, row).items() if name in STATUS_OF}
    kind, agency = history.categories["unit_kind"].text(row), history.categories["agency"].text(row)
    script.add(bound, ENROLL, row, EnrollUnit(unit, kind, agency))
    assign = assignment_of(history, row, incident)
    script.add(bound, ASSIGN, row, assign)
    leaving = next((name for name in ("available", "clear") if name in said), None)
    for name, time in said.items():
        if name == "dispatched" and assign.alerted:
            continue
        report = ReportStatus(unit, STATUS_OF[name], incident, leaves=name == leaving)
        script.add(time, REPORT, row, report)
    if leaving is None:
        script.add(_last_seen(history, [row], end), RELEASE, row, ReleaseUnit(incident, unit))


def assignment_of(history: History, row: int, incident: str) -> AssignUnits:
    """The sending of a row's unit; alerted in the same act where the dispatch is the first thing known of it."""
    alerted = moments_of(history, row).get("dispatched") == binding_of(history, row)
    return AssignUnits(incident, [history.unit.text(row)], alerted=alerted, despite=AS_RECORDED)


def _open_incident(history: History, row: int, incident: str, call: str) -> OpenIncident:
    words = history.categories
    return OpenIncident(
        incident,
        number=history.incident.text(row),
        kind=words["call_type"].text(row),
        group=words["call_group"].text(row),
        priority=priority_of(words["priority"].text(row)),
        place=place_of(history, row),
        zones={name: text for name in ZONES if (text := words[name].text(row))},
        call=call,
    )


def priority_of(said: str) -> int:
    """An agency's own word for urgency as 1 to 5; 3 where it is no such number (its word stays in the history)."""
    return int(said) if said in {"1", "2", "3", "4", "5"} else 3


def place_of(history: History, row: int) -> Place:
    """Where a row says that it was."""
    x, y = int(history.longitude_e7[row]), int(history.latitude_e7[row])
    placed = x != MISSING_E7
    return Place(
        text=history.categories["address"].text(row),
        x=x if placed else None,
        y=y if placed else None,
        municipality=history.categories["municipality"].text(row),
        source="history",
    )


def moments_of(history: History, row: int) -> dict[str, Instant]:
    """What is known of a row, in the order of a call's life."""
    times = {name: int(history.stamps[name][row]) for name in STAMPS}
    return {name: time for name, time in times.items() if time != MISSING_MS}


def binding_of(history: History, row: int) -> Instant | None:
    """The earliest thing known of a unit's part; None when the row knows of no unit at work."""
    times = [time for name, time in moments_of(history, row).items() if name in STATUS_OF]
    if history.windows is not None and history.unit.text(row):
        times.append(int(history.windows.first_seen_ms[row]))
    return min(times, default=None)


def _earliest(history: History, rows: list[int], stamp: str) -> Instant | None:
    times = [int(history.stamps[stamp][row]) for row in rows]
    return min((time for time in times if time != MISSING_MS), default=None)


def _last_seen(history: History, rows: list[int], otherwise: Instant) -> Instant:
    """When a feed showed the rows for the last time; `otherwise` for a history that is no feed."""
    if history.windows is None:
        return otherwise
    return max(int(history.windows.last_seen_ms[row]) for row in rows)

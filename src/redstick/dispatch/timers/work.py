"""A unit that was sent is to acknowledge, leave and arrive; what does not happen in time is warned of.

The times are those after which a dispatcher would ask by radio, not those of a standard: NFPA 1710 measures turnout
against 80 s at the 90th percentile, and a tenth of all turnouts is no cause for alarm.
"""

from collections.abc import Iterable

from redstick.dispatch.rules.assignments import AssignmentEnded, UnitAssigned
from redstick.dispatch.rules.links import AssignmentMoved
from redstick.dispatch.rules.units import StatusReported
from redstick.dispatch.rules.warnings import RaiseWarning, What
from redstick.dispatch.status_table import Status
from redstick.kernel.timers import Start, Stop, TimerRules
from redstick.kernel.values import Instant

S = Status
ACKNOWLEDGE_MS = 90_000  # crews that say nothing until they drive are on their way by then
TURNOUT_MS = 120_000
TRAVEL_MS = 15 * 60_000  # where nobody said how long the drive should take
SLACK_MS = 60_000  # a drive may take half as long again as expected, and this
WELFARE_MS = 20 * 60_000

EVERY = (What.ACKNOWLEDGE, What.TURNOUT, What.TRAVEL, What.WELFARE)
# What a status shows to have happened. That a unit is off duty, out of service or cancelled shows nothing of the kind:
# while its work is open it fills a need, and somebody is to be told that it does not come.
DONE: dict[Status, tuple[What, ...]] = {
    S.ACK: (What.ACKNOWLEDGE,),
    S.ENR: (What.ACKNOWLEDGE, What.TURNOUT),
    **dict.fromkeys((S.STG, S.ONS, S.PTC), (What.ACKNOWLEDGE, What.TURNOUT, What.TRAVEL)),
    **dict.fromkeys((S.TRN, S.HSP, S.CLR), EVERY),
}


def when_unit_assigned_then_await(happened: UnitAssigned, now: Instant) -> Iterable[Start | Stop]:
    """Once it is alerted it is to acknowledge and to leave."""
    return _alerted(happened.incident, happened.unit, now) if happened.alerted else []


def when_status_reported_then_await_the_next(happened: StatusReported, now: Instant) -> Iterable[Start | Stop]:
    """What has happened is awaited no more; the next step is."""
    incident, unit, status = happened.incident, happened.unit, happened.status
    if not incident:
        return []
    done = [Stop(key(what, incident, unit)) for what in DONE.get(status, ())]
    if status is S.DSP:
        return _alerted(incident, unit, now)
    if status is S.ENR:
        return [*done, _await(What.TRAVEL, incident, unit, now + travel_ms(happened.expected_s))]
    if status is S.ONS:
        return [*done, _await(What.WELFARE, incident, unit, now + WELFARE_MS)]
    return done


def when_assignment_ended_then_await_nothing(happened: AssignmentEnded, now: Instant) -> Iterable[Start | Stop]:
    """Done with."""
    del now
    return [Stop(key(what, happened.incident, happened.unit)) for what in EVERY]


def when_assignment_moved_then_await_there(happened: AssignmentMoved, now: Instant) -> Iterable[Start | Stop]:
    """A merge or a split takes the unit's part along: each step is awaited anew, and what has happened warns nobody."""
    incident, unit = happened.incident, happened.unit
    return [
        *(Stop(key(what, happened.before, unit)) for what in EVERY),
        *_alerted(incident, unit, now),
        _await(What.TRAVEL, incident, unit, now + TRAVEL_MS),
        _await(What.WELFARE, incident, unit, now + WELFARE_MS),
    ]


def travel_ms(expected_s: int | None) -> int:
    """How long a drive may take before somebody asks."""
    return TRAVEL_MS if expected_s is None else expected_s * 1500 + SLACK_MS


def key(what: What, incident: str, unit: str) -> str:
    """The key of a unit's timer."""
    return f"dispatch/{what}/{incident}/{unit}"


def _alerted(incident: str, unit: str, now: Instant) -> list[Start | Stop]:
    return [
        _await(What.ACKNOWLEDGE, incident, unit, now + ACKNOWLEDGE_MS),
        _await(What.TURNOUT, incident, unit, now + TURNOUT_MS),
    ]


def _await(what: What, incident: str, unit: str, due_at: Instant) -> Start:
    return Start(key(what, incident, unit), due_at, RaiseWarning(what, unit=unit, incident=incident))


TIMERS: TimerRules = {
    UnitAssigned: when_unit_assigned_then_await,
    StatusReported: when_status_reported_then_await_the_next,
    AssignmentEnded: when_assignment_ended_then_await_nothing,
    AssignmentMoved: when_assignment_moved_then_await_there,
}

"""What is pending is told of when it has waited too long: a warning, then an alarm, then the supervisors.

Each wait has its clock: the pending need, the hold, the stacked incident. Once nothing is lacking those of the pending
need stop; what is lacking later has one of its own, which tells it however it waits then. What a timer asks is judged
when it is due, so a clock that ran in vain tells nothing.
"""

from collections.abc import Iterable

from redstick.dispatch.rules.assignments import AssignmentEnded, UnitAssigned
from redstick.dispatch.rules.incidents import IncidentClosed, IncidentOpened, IncidentReopened, PriorityChanged
from redstick.dispatch.rules.links import AssignmentMoved
from redstick.dispatch.rules.needs import HOLD, PENDING, STACKED, NeedReinstated, NeedsAdded, NeedsSet, NeedWaived
from redstick.dispatch.rules.overdue import STACKED_MS, Level, MarkOverdue, OverdueAcknowledged, WaitOverdue
from redstick.dispatch.rules.stacking import HoldEnded, IncidentHeld, IncidentStacked, IncidentUnstacked
from redstick.kernel.timers import Start, Stop, TimerRules
from redstick.kernel.values import Instant

SECOND, MINUTE = 1000, 60_000

# Ours; a center sets its own. Priority 1: a minute to the first unit (NFPA 1225-2022, R*), alarm at 106 s (NFPA
# 1221-2013, R*).
WARN_MS = {1: 60 * SECOND, 2: 90 * SECOND, 3: 5 * MINUTE, 4: 15 * MINUTE, 5: 30 * MINUTE}
THEN_ALARM_MS = {1: 46 * SECOND, 2: 90 * SECOND, 3: 5 * MINUTE, 4: 15 * MINUTE, 5: 30 * MINUTE}
AGAIN_MS = 60 * SECOND  # someone was promised, or more was asked for: whatever the priority, it is soon looked at
EVERY = (PENDING, HOLD, STACKED)
ESCALATE_MS = 2 * MINUTE  # an alarm that nobody has acknowledged goes up


def when_incident_opened_then_watch(happened: IncidentOpened, now: Instant) -> Iterable[Start | Stop]:
    """Someone must be sent within what its priority allows."""
    return [_watch(happened.incident, now + _of(WARN_MS, happened.priority))]


def when_priority_changed_then_watch_anew(happened: PriorityChanged, now: Instant) -> Iterable[Start | Stop]:
    """The new priority's time, from now on."""
    return [_watch(happened.incident, now + _of(WARN_MS, happened.priority))]


def when_reopened_then_watch(happened: IncidentReopened, now: Instant) -> Iterable[Start | Stop]:
    """Someone must look again."""
    return [_watch(happened.incident, now + AGAIN_MS)]


def when_needs_set_then_watch(happened: NeedsSet, now: Instant) -> Iterable[Start | Stop]:
    """A new plan may ask for what nobody is on the way for."""
    return [_watch_again(happened.incident, now, _of(WARN_MS, happened.priority))]


def when_more_is_needed_then_watch(happened: NeedsAdded | NeedReinstated, now: Instant) -> Iterable[Start | Stop]:
    """A further alarm is urgent by itself."""
    return [_watch_again(happened.incident, now)]


def when_nothing_is_lacking_then_rest(happened: UnitAssigned | NeedWaived, now: Instant) -> Iterable[Start | Stop]:
    """A hold and a stack keep their own times: they may come to count again."""
    del now
    if not happened.completes:
        return []
    incident = happened.incident
    waits = (_key(incident, PENDING), _again(incident), *(_louder(incident, about) for about in EVERY))
    return [Stop(key) for key in waits]


def when_assignment_ended_then_watch(happened: AssignmentEnded, now: Instant) -> Iterable[Start | Stop]:
    """A unit that turned away before it arrived leaves its need open; one that had been there has done its part."""
    return [] if happened.arrived else [_watch_again(happened.incident, now)]


def when_assignment_moved_then_watch(happened: AssignmentMoved, now: Instant) -> Iterable[Start | Stop]:
    """What it stood for where it was may be missing there now."""
    return [_watch_again(happened.before, now)]


def when_held_then_review(happened: IncidentHeld, now: Instant) -> Iterable[Start | Stop]:
    """Looked at again at the time that was said."""
    due = max(now, happened.review_at)
    return [Start(_key(happened.incident, HOLD), due, MarkOverdue(happened.incident, HOLD, Level.WARNING))]


def when_hold_ended_then_watch(happened: HoldEnded, now: Instant) -> Iterable[Start | Stop]:
    """It waits like any other."""
    return [Stop(_key(happened.incident, HOLD)), _watch_again(happened.incident, now)]


def when_stacked_then_watch(happened: IncidentStacked, now: Instant) -> Iterable[Start | Stop]:
    """A queue on a unit is no place to be forgotten."""
    key, asked = _key(happened.incident, STACKED), MarkOverdue(happened.incident, STACKED, Level.WARNING)
    return [Start(key, now + STACKED_MS, asked)]


def when_unstacked_then_watch(happened: IncidentUnstacked, now: Instant) -> Iterable[Start | Stop]:
    """Nobody was sent for it: it waits like any other."""
    return [_watch_again(happened.incident, now)]


def when_overdue_then_louder(happened: WaitOverdue, now: Instant) -> Iterable[Start | Stop]:
    """From the warning to the alarm, and from an alarm that nobody acknowledges to the supervisors.

    What is told once needs no other clock to tell it.
    """
    if happened.level >= Level.ESCALATED:
        return []
    after = _of(THEN_ALARM_MS, happened.priority) if happened.level == Level.WARNING else ESCALATE_MS
    asked = MarkOverdue(happened.incident, happened.about, happened.level + 1)
    told = (_key(happened.incident, PENDING), _again(happened.incident)) if happened.about == PENDING else ()
    return [*(Stop(key) for key in told), Start(_louder(happened.incident, happened.about), now + after, asked)]


def when_alarm_acknowledged_then_rest(happened: OverdueAcknowledged, now: Instant) -> Iterable[Start | Stop]:
    """It does not go up; who acknowledged a warning is told of the alarm."""
    del now
    return [Stop(_louder(happened.incident, happened.about))] if happened.level == Level.ALARM else []


def when_incident_closed_then_rest(happened: IncidentClosed, now: Instant) -> Iterable[Start | Stop]:
    """Nothing of it waits any more."""
    del now
    incident = happened.incident
    return [Stop(_again(incident)), *(Stop(key(incident, about)) for about in EVERY for key in (_key, _louder))]


def _watch(incident: str, due: Instant) -> Start:
    return Start(_key(incident, PENDING), due, MarkOverdue(incident, PENDING, Level.WARNING))


def _watch_again(incident: str, now: Instant, after_ms: int = AGAIN_MS) -> Start:
    """Beside the first clock, so that one that began later never holds up one that is nearly due."""
    return Start(_again(incident), now + after_ms, MarkOverdue(incident, PENDING, Level.WARNING))


def _of(table: dict[int, int], priority: int) -> int:
    return table.get(priority, table[max(table)])


def _key(incident: str, about: str) -> str:
    return f"dispatch/waits/{incident}/{about}"


def _again(incident: str) -> str:
    return f"{_key(incident, PENDING)}/again"


def _louder(incident: str, about: str) -> str:
    """A clock of its own: whatever sets the first one anew, an alarm that is due is not put off."""
    return f"{_key(incident, about)}/louder"


TIMERS: TimerRules = {
    IncidentOpened: when_incident_opened_then_watch,
    PriorityChanged: when_priority_changed_then_watch_anew,
    IncidentReopened: when_reopened_then_watch,
    NeedsSet: when_needs_set_then_watch,
    NeedsAdded: when_more_is_needed_then_watch,
    NeedReinstated: when_more_is_needed_then_watch,
    UnitAssigned: when_nothing_is_lacking_then_rest,
    NeedWaived: when_nothing_is_lacking_then_rest,
    AssignmentEnded: when_assignment_ended_then_watch,
    AssignmentMoved: when_assignment_moved_then_watch,
    IncidentHeld: when_held_then_review,
    HoldEnded: when_hold_ended_then_watch,
    IncidentStacked: when_stacked_then_watch,
    IncidentUnstacked: when_unstacked_then_watch,
    OverdueAcknowledged: when_alarm_acknowledged_then_rest,
    WaitOverdue: when_overdue_then_louder,
    IncidentClosed: when_incident_closed_then_rest,
}

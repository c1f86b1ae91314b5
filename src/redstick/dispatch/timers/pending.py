"""What is pending is told of when it has waited too long: a warning, then an alarm, then the supervisors.

Each wait has its clock: the pending need, the hold, the stacked incident. What a timer asks is judged when it is due,
so a clock that ran in vain tells nothing.
"""

from collections.abc import Iterable

from redstick.dispatch.rules.assignments import AssignmentEnded
from redstick.dispatch.rules.incidents import IncidentClosed, IncidentOpened, IncidentReopened, PriorityChanged
from redstick.dispatch.rules.links import AssignmentMoved
from redstick.dispatch.rules.needs import HOLD, PENDING, STACKED, NeedReinstated, NeedsAdded, NeedsSet
from redstick.dispatch.rules.overdue import Level, MarkOverdue, WaitOverdue
from redstick.dispatch.rules.stacking import HoldEnded, IncidentHeld, IncidentStacked, IncidentUnstacked
from redstick.kernel.timers import Start, Stop, TimerRules
from redstick.kernel.values import Instant

SECOND, MINUTE = 1000, 60_000

# Ours; a center sets its own. Priority 1: a minute to the first unit (NFPA 1225-2022, R*), alarm at 106 s (NFPA
# 1221-2013, R*).
WARN_MS = {1: 60 * SECOND, 2: 90 * SECOND, 3: 5 * MINUTE, 4: 15 * MINUTE, 5: 30 * MINUTE}
THEN_ALARM_MS = {1: 46 * SECOND, 2: 90 * SECOND, 3: 5 * MINUTE, 4: 15 * MINUTE, 5: 30 * MINUTE}
AGAIN_MS = 60 * SECOND  # someone was promised, or more was asked for: whatever the priority, it is soon looked at
STACKED_MS = 20 * MINUTE
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
    return _watch_again(happened.incident, now, _of(WARN_MS, happened.priority))


def when_more_is_needed_then_watch(happened: NeedsAdded | NeedReinstated, now: Instant) -> Iterable[Start | Stop]:
    """A further alarm is urgent by itself."""
    return _watch_again(happened.incident, now)


def when_assignment_ended_then_watch(happened: AssignmentEnded, now: Instant) -> Iterable[Start | Stop]:
    """A unit that turned away before it arrived leaves its need open."""
    return _watch_again(happened.incident, now)


def when_assignment_moved_then_watch(happened: AssignmentMoved, now: Instant) -> Iterable[Start | Stop]:
    """What it stood for where it was may be missing there now."""
    return _watch_again(happened.before, now)


def when_held_then_review(happened: IncidentHeld, now: Instant) -> Iterable[Start | Stop]:
    """Looked at again at the time that was said."""
    due = max(now, happened.review_at)
    return [Start(_key(happened.incident, HOLD), due, MarkOverdue(happened.incident, HOLD, Level.WARNING))]


def when_hold_ended_then_watch(happened: HoldEnded, now: Instant) -> Iterable[Start | Stop]:
    """It waits like any other."""
    return [Stop(_key(happened.incident, HOLD)), *_watch_again(happened.incident, now)]


def when_stacked_then_watch(happened: IncidentStacked, now: Instant) -> Iterable[Start | Stop]:
    """A queue on a unit is no place to be forgotten."""
    key, asked = _key(happened.incident, STACKED), MarkOverdue(happened.incident, STACKED, Level.WARNING)
    return [Start(key, now + STACKED_MS, asked)]


def when_unstacked_then_watch(happened: IncidentUnstacked, now: Instant) -> Iterable[Start | Stop]:
    """Nobody was sent for it: it waits like any other."""
    return _watch_again(happened.incident, now)


def when_overdue_then_louder(happened: WaitOverdue, now: Instant) -> Iterable[Start | Stop]:
    """From the warning to the alarm, and from an alarm that nobody acknowledges to the supervisors."""
    if happened.level >= Level.ESCALATED:
        return []
    after = _of(THEN_ALARM_MS, happened.priority) if happened.level == Level.WARNING else ESCALATE_MS
    asked = MarkOverdue(happened.incident, happened.about, happened.level + 1)
    return [Start(_louder(happened.incident, happened.about), now + after, asked)]


def when_incident_closed_then_rest(happened: IncidentClosed, now: Instant) -> Iterable[Start | Stop]:
    """Nothing of it waits any more."""
    del now
    return [
        Stop(key(happened.incident, about)) for about in (PENDING, HOLD, STACKED) for key in (_key, _again, _louder)
    ]


def _watch(incident: str, due: Instant) -> Start:
    return Start(_key(incident, PENDING), due, MarkOverdue(incident, PENDING, Level.WARNING))


def _watch_again(incident: str, now: Instant, after_ms: int = AGAIN_MS) -> list[Start | Stop]:
    """Beside the first clocks, so that one that began later never holds up one that is nearly due.

    However it waits then: a clock of each kind may have run in vain while what is missing now was there.
    """
    after = {PENDING: after_ms, HOLD: after_ms, STACKED: STACKED_MS}
    return [
        Start(_again(incident, about), now + ms, MarkOverdue(incident, about, Level.WARNING))
        for about, ms in after.items()
    ]


def _of(table: dict[int, int], priority: int) -> int:
    return table.get(priority, table[max(table)])


def _key(incident: str, about: str) -> str:
    return f"dispatch/waits/{incident}/{about}"


def _again(incident: str, about: str) -> str:
    return f"{_key(incident, about)}/again"


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
    AssignmentEnded: when_assignment_ended_then_watch,
    AssignmentMoved: when_assignment_moved_then_watch,
    IncidentHeld: when_held_then_review,
    HoldEnded: when_hold_ended_then_watch,
    IncidentStacked: when_stacked_then_watch,
    IncidentUnstacked: when_unstacked_then_watch,
    WaitOverdue: when_overdue_then_louder,
    IncidentClosed: when_incident_closed_then_rest,
}

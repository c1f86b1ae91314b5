"""What is over leaves the live state after a while, so that years of history cost a living shift nothing."""

from collections.abc import Iterable

from redstick.dispatch.rules.calls import CallAbandoned, CallAttached, CallDetached, CallEnded
from redstick.dispatch.rules.incidents import IncidentClosed, IncidentReopened
from redstick.dispatch.rules.retirement import RETIRE_AFTER_MS, Recalled, RetireCall, RetireIncident
from redstick.kernel.timers import Start, Stop, TimerRules
from redstick.kernel.values import Instant


def when_incident_closed_then_retire(happened: IncidentClosed, now: Instant) -> Iterable[Start | Stop]:
    """Later, once nobody looks at it any more."""
    return [_retire_incident(happened.incident, now)]


def when_incident_reopened_then_keep(happened: IncidentReopened, now: Instant) -> Iterable[Start | Stop]:
    """It is worked again."""
    del now
    return [Stop(_of_incident(happened.incident))]


def when_call_over_then_retire(happened: CallEnded | CallAbandoned, now: Instant) -> Iterable[Start | Stop]:
    """A lone call goes by itself; one that speaks of an incident goes with that, and takes it along if it was last."""
    if not happened.incident:
        return [Start(_of_call(happened.call), now + RETIRE_AFTER_MS, RetireCall(happened.call))]
    return [_retire_incident(happened.incident, now)] if happened.outlasts else []


def when_call_attached_then_keep(happened: CallAttached, now: Instant) -> Iterable[Start | Stop]:
    """From now on it goes with its incident; the one that it left may have waited for this call alone."""
    stop = Stop(_of_call(happened.call))
    return [stop, _retire_incident(happened.before, now)] if happened.before else [stop]


def when_call_detached_then_retire(happened: CallDetached, now: Instant) -> Iterable[Start | Stop]:
    """It stands alone again, and so does the incident that it left."""
    start = Start(_of_call(happened.call), now + RETIRE_AFTER_MS, RetireCall(happened.call))
    return [start, _retire_incident(happened.incident, now)]


def when_recalled_then_retire_again(happened: Recalled, now: Instant) -> Iterable[Start | Stop]:
    """What was brought back for one command leaves again, unless the command gave it work."""
    if happened.incident:
        return [_retire_incident(happened.incident, now)]
    return [Start(_of_call(call), now + RETIRE_AFTER_MS, RetireCall(call)) for call in happened.calls]


def _retire_incident(incident: str, now: Instant) -> Start:
    return Start(_of_incident(incident), now + RETIRE_AFTER_MS, RetireIncident(incident))


def _of_incident(incident: str) -> str:
    return f"dispatch/retire/incident/{incident}"


def _of_call(call: str) -> str:
    return f"dispatch/retire/call/{call}"


TIMERS: TimerRules = {
    IncidentClosed: when_incident_closed_then_retire,
    IncidentReopened: when_incident_reopened_then_keep,
    CallEnded: when_call_over_then_retire,
    CallAbandoned: when_call_over_then_retire,
    CallAttached: when_call_attached_then_keep,
    CallDetached: when_call_detached_then_retire,
    Recalled: when_recalled_then_retire_again,
}

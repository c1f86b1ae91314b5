"""A warning that nobody acknowledges becomes an alarm; who was asked after and answered is asked after again later."""

from collections.abc import Iterable

from redstick.dispatch.rules.warnings import (
    Level,
    RaiseWarning,
    WarningAcknowledged,
    WarningEnded,
    WarningRaised,
    What,
)
from redstick.dispatch.timers.work import WELFARE_MS, key
from redstick.kernel.timers import Start, Stop, TimerRules
from redstick.kernel.values import Instant

ESCALATE_MS = 120_000
ESCALATE_LATER_MS = {What.WELFARE: 600_000, What.SHIFT: 1_800_000}  # where nobody is overdue yet


def when_warning_raised_then_escalate(happened: WarningRaised, now: Instant) -> Iterable[Start | Stop]:
    """To an alarm, which is the supervisor's and is as loud as it gets."""
    if happened.level is Level.ALARM:
        return []
    louder = RaiseWarning(happened.what, Level.ALARM, happened.unit, happened.incident, happened.about)
    return [Start(_of(happened.warning), now + ESCALATE_LATER_MS.get(happened.what, ESCALATE_MS), louder)]


def when_warning_acknowledged_then_rest(happened: WarningAcknowledged, now: Instant) -> Iterable[Start | Stop]:
    """Someone sees to it. All well on scene is all well for a while."""
    quiet: list[Start | Stop] = [Stop(_of(happened.warning))]
    if happened.what is not What.WELFARE:
        return quiet
    again = RaiseWarning(What.WELFARE, unit=happened.unit, incident=happened.incident)
    return [*quiet, Start(key(What.WELFARE, happened.incident, happened.unit), now + WELFARE_MS, again)]


def when_warning_ended_then_rest(happened: WarningEnded, now: Instant) -> Iterable[Start | Stop]:
    """It happened after all."""
    del now
    return [Stop(_of(happened.warning))]


def _of(warning: str) -> str:
    return f"dispatch/escalate/{warning}"


TIMERS: TimerRules = {
    WarningRaised: when_warning_raised_then_escalate,
    WarningAcknowledged: when_warning_acknowledged_then_rest,
    WarningEnded: when_warning_ended_then_rest,
}

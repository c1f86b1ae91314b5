"""Are they well? Rounds of accountability, checks on stops, emergencies to be heard, shifts to end, quiet sources."""

from collections.abc import Iterable

from redstick.dispatch.rules.accountability import AccountabilityEnded, CloseRoll, OpenRoll, RollClosed, RollOpened
from redstick.dispatch.rules.shifts import ShiftBegan, ShiftEnded
from redstick.dispatch.rules.silence import CheckSource, SourceChecked, SourceUnwatched, SourceWatched
from redstick.dispatch.rules.stops import AskStatus, StatusAsked, StatusConfirmed, StopEnded, StopMade
from redstick.dispatch.rules.units import EmergencyAcknowledged, EmergencyCleared, EmergencyRaised
from redstick.dispatch.rules.warnings import Level, RaiseWarning, What
from redstick.kernel.timers import Start, Stop, TimerRules
from redstick.kernel.values import Instant

ANSWER_ROLL_MS = 120_000
CHECK_STOP_MS, ANSWER_CHECK_MS = 180_000, 60_000
HEAR_EMERGENCY_MS = 15_000


def when_roll_opened_then_await(happened: RollOpened, now: Instant) -> Iterable[Start | Stop]:
    """An answer from everyone, and the next round."""
    close = CloseRoll(happened.incident, happened.round)
    return [
        Start(_roll(happened.incident), now + ANSWER_ROLL_MS, close),
        Start(_next(happened.incident), now + happened.every_s * 1000, OpenRoll(happened.incident)),
    ]


def when_roll_closed_then_rest(happened: RollClosed, now: Instant) -> Iterable[Start | Stop]:
    """Everyone has answered, or is missing."""
    del now
    return [Stop(_roll(happened.incident))]


def when_accountability_ended_then_rest(happened: AccountabilityEnded, now: Instant) -> Iterable[Start | Stop]:
    """No further round."""
    del now
    return [Stop(_roll(happened.incident)), Stop(_next(happened.incident))]


def when_stop_made_then_ask(happened: StopMade | StatusConfirmed, now: Instant) -> Iterable[Start | Stop]:
    """After a while, and each time after an answer."""
    return [Stop(_answer(happened.unit)), Start(_check(happened.unit), now + CHECK_STOP_MS, AskStatus(happened.unit))]


def when_status_asked_then_await(happened: StatusAsked, now: Instant) -> Iterable[Start | Stop]:
    """No answer is an alarm at once."""
    alarm = RaiseWarning(What.STATUS_CHECK, Level.ALARM, happened.unit)
    return [Stop(_check(happened.unit)), Start(_answer(happened.unit), now + ANSWER_CHECK_MS, alarm)]


def when_stop_ended_then_rest(happened: StopEnded, now: Instant) -> Iterable[Start | Stop]:
    """Nobody asks any more."""
    del now
    return [Stop(_check(happened.unit)), Stop(_answer(happened.unit))]


def when_emergency_raised_then_await(happened: EmergencyRaised, now: Instant) -> Iterable[Start | Stop]:
    """It is to be heard, by name, at once."""
    alarm = RaiseWarning(What.EMERGENCY, Level.ALARM, happened.unit)
    return [Start(_emergency(happened.unit), now + HEAR_EMERGENCY_MS, alarm)]


def when_emergency_heard_then_rest(
    happened: EmergencyAcknowledged | EmergencyCleared, now: Instant
) -> Iterable[Start | Stop]:
    """Somebody has it."""
    del now
    return [Stop(_emergency(happened.unit))]


def when_shift_began_then_await_its_end(happened: ShiftBegan, now: Instant) -> Iterable[Start | Stop]:
    """A crew that should be at home is somebody's care."""
    if happened.until is None:
        return []
    over = RaiseWarning(What.SHIFT, unit=happened.unit, about=happened.shift)
    return [Start(_shift(happened.shift), max(now, happened.until), over)]


def when_shift_ended_then_rest(happened: ShiftEnded, now: Instant) -> Iterable[Start | Stop]:
    """They are at home."""
    del now
    return [Stop(_shift(happened.shift))]


def when_source_watched_then_look(happened: SourceWatched | SourceChecked, now: Instant) -> Iterable[Start | Stop]:
    """When its silence would be improbable."""
    return [Start(_source(happened.source), max(now, happened.next_at), CheckSource(happened.source))]


def when_source_unwatched_then_rest(happened: SourceUnwatched, now: Instant) -> Iterable[Start | Stop]:
    """It may be as quiet as it likes."""
    del now
    return [Stop(_source(happened.source))]


def _roll(incident: str) -> str:
    return f"dispatch/roll/{incident}"


def _next(incident: str) -> str:
    return f"dispatch/next_roll/{incident}"


def _check(unit: str) -> str:
    return f"dispatch/stop/{unit}"


def _answer(unit: str) -> str:
    return f"dispatch/stop_answer/{unit}"


def _emergency(unit: str) -> str:
    return f"dispatch/emergency/{unit}"


def _shift(shift: str) -> str:
    return f"dispatch/shift/{shift}"


def _source(source: str) -> str:
    return f"dispatch/source/{source}"


TIMERS: TimerRules = {
    RollOpened: when_roll_opened_then_await,
    RollClosed: when_roll_closed_then_rest,
    AccountabilityEnded: when_accountability_ended_then_rest,
    StopMade: when_stop_made_then_ask,
    StatusAsked: when_status_asked_then_await,
    StatusConfirmed: when_stop_made_then_ask,
    StopEnded: when_stop_ended_then_rest,
    EmergencyRaised: when_emergency_raised_then_await,
    EmergencyAcknowledged: when_emergency_heard_then_rest,
    EmergencyCleared: when_emergency_heard_then_rest,
    ShiftBegan: when_shift_began_then_await_its_end,
    ShiftEnded: when_shift_ended_then_rest,
    SourceWatched: when_source_watched_then_look,
    SourceChecked: when_source_watched_then_look,
    SourceUnwatched: when_source_unwatched_then_rest,
}

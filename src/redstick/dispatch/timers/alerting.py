"""Silence is not borne for long: the next path, then a person, and that person is reminded until it is voiced."""

from collections.abc import Iterable

from redstick.dispatch.rules.alerts import (
    AlertQueued,
    AlertSettled,
    EscalateAlert,
    RemindToVoice,
    VoiceNeeded,
    VoiceTaken,
)
from redstick.kernel.timers import Start, Stop, TimerRules
from redstick.kernel.values import Instant

REMIND_AFTER_MS = 60_000  # a person who has taken it has as long again


def when_alert_queued_then_await_proof(happened: AlertQueued, now: Instant) -> Iterable[Start | Stop]:
    """As long as the path bears silence."""
    ask = EscalateAlert(happened.incident, happened.alert, happened.key)
    return [Start(_of(happened.alert), now + happened.path.wait_ms, ask)]


def when_voice_needed_then_remind(happened: VoiceNeeded | VoiceTaken, now: Instant) -> Iterable[Start | Stop]:
    """Again and again, until it was voiced."""
    return [Start(_of(happened.alert), now + REMIND_AFTER_MS, RemindToVoice(happened.incident, happened.alert))]


def when_alert_settled_then_rest(happened: AlertSettled, now: Instant) -> Iterable[Start | Stop]:
    """The chase is over."""
    del now
    return [Stop(_of(happened.alert))]


def _of(alert: str) -> str:
    return f"dispatch/alert/{alert}"


TIMERS: TimerRules = {
    AlertQueued: when_alert_queued_then_await_proof,
    VoiceNeeded: when_voice_needed_then_remind,
    VoiceTaken: when_voice_needed_then_remind,
    AlertSettled: when_alert_settled_then_rest,
}

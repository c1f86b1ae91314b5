"""What waits to be handed over to the world. Sans-I/O: facts and answers in, hand-overs and reports out.

A hand-over happens at least once, under the provider's own idempotency key; that it happened is reported back as a
command with a deterministic id, so that telling it twice is telling it once. Everything here follows from committed
state: a node that was lost begins again from it and forgets nothing. A path that is out of reach is tried again after
a pause that doubles, and only while the alert still waits for it; the alert's own timer goes on to the next path.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from redstick.dispatch.alerting.chase import Standing
from redstick.dispatch.alerting.paths import Path, PathKind, Step
from redstick.dispatch.ports import Handed, Outgoing
from redstick.dispatch.rules.alerts import AlertQueued, AlertReceipt, AlertSettled, ReportReceipt, VoiceNeeded
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Event, Instant, Request

AGAIN_MS, AGAIN_AT_MOST_MS = 1_000, 15_000
ACTOR = "house"


@dataclass(slots=True)
class _Waiting:
    message: Outgoing
    due_at: Instant
    tries: int = 0
    in_hand: bool = False


class Outbox:
    """Hand-overs that are due, by key."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}

    def begin(self, state: Dispatch, now: Instant) -> None:
        """Take in everything that was queued and of which nothing was heard."""
        for incident in state.incidents.values():
            for alert in incident.alerts.values():
                if alert.standing is Standing.TRYING and alert.attempts[-1].step is Step.QUEUED:
                    attempt = alert.attempts[-1]
                    self._add(_outgoing(incident, alert.id, attempt.key, attempt.path), now)

    def note(self, states: Mapping[str, Any], events: Iterable[Event], now: Instant) -> None:
        """Take in what was committed."""
        state: Dispatch = states["dispatch"]
        for event in events:
            match event:
                case AlertQueued():
                    incident = state.incidents.get(event.incident)
                    alert = incident.alerts.get(event.alert) if incident is not None else None
                    if incident is not None and alert is not None and alert.standing is Standing.TRYING:
                        self._drop(event.alert)
                        self._add(_outgoing(incident, event.alert, event.key, event.path), now)
                case AlertReceipt():
                    self._waiting.pop(event.key, None)
                case AlertSettled() | VoiceNeeded():
                    self._drop(event.alert)
                case _:
                    pass

    def take(self, now: Instant) -> list[Outgoing]:
        """What is due, in the order of queueing; each stays in hand until it is answered."""
        due = [one for one in self._waiting.values() if not one.in_hand and one.due_at <= now]
        for one in due:
            one.in_hand, one.tries = True, one.tries + 1
        return [one.message for one in due]

    def next_at(self) -> Instant | None:
        """When there is something to do next; None when nothing waits."""
        return min((one.due_at for one in self._waiting.values() if not one.in_hand), default=None)

    def handed(self, message: Outgoing, answer: Handed, now: Instant) -> Request:
        """The provider answered: what to report."""
        del now
        self._waiting.pop(message.key, None)
        told = ReportReceipt(message.incident, message.alert, message.key, answer.step, answer.evidence)
        return Request(f"alert:{message.key}:{answer.step}", told, ACTOR)

    def unreachable(self, message: Outgoing, now: Instant) -> None:
        """Nobody answered: once more, after a pause that doubles."""
        waiting = self._waiting.get(message.key)
        if waiting is not None:
            waiting.in_hand = False
            waiting.due_at = now + min(AGAIN_MS << (waiting.tries - 1), AGAIN_AT_MOST_MS)

    def _add(self, message: Outgoing, now: Instant) -> None:
        if message.kind is not PathKind.RADIO:
            self._waiting.setdefault(message.key, _Waiting(message, now))

    def _drop(self, alert: str) -> None:
        for key in [key for key, one in self._waiting.items() if one.message.alert == alert]:
            del self._waiting[key]


def _outgoing(incident: Incident, alert: str, key: str, path: Path) -> Outgoing:
    return Outgoing(key, incident.id, alert, path.kind, path.address, incident.alerts[alert].text)

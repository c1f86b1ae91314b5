"""The subscriptions of one WebSocket, without I/O: what is told to whom, when, and when it ends.

Everything is stepped: a message, a change or the time goes in, messages to send come out. Times are milliseconds; the
clock is the caller's, and so are ids.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from redstick.protocols.conveyance import messages as said
from redstick.protocols.conveyance.filters import Condition, admits, read_filter
from redstick.protocols.faults import Malformed

CLOSED_FOR_MS = 300_000  # a closed incident may be asked for so long (STA-024 section 2.1.1)
UNANSWERED = 3  # notifications in a row without an answer end a subscription
ANSWER_MS = 5_000  # for so long an answer is waited for (ours: the standard's figure we have not read)
LEAST_EXPIRES_S, MOST_EXPIRES_S, USUAL_EXPIRES_S = 15, 86_400, 3_600  # ours
LEAST_MIN_RATE_S = 5  # ours
MOST_SUBSCRIPTIONS = 32  # on one socket; ours


@dataclass(frozen=True, slots=True)
class Known:
    """An incident as it is told: its tracking id, its EIDO as bytes, and since when it is closed, None while open."""

    urn: str
    eido: msgspec.Raw
    closed_at: int | None = None


@dataclass(slots=True)
class Subscription:
    """One subscription. `unsent` holds the newest EIDO of each incident that waits for its turn."""

    id: str
    single: str | None
    conditions: tuple[Condition, ...]
    ends_at: int
    expires_s: int
    min_rate_s: int
    max_rate_s: int
    told_at: int
    unsent: dict[str, msgspec.Raw] = field(default_factory=dict)
    waiting: tuple[str, int] | None = None  # the transaction that is unanswered, and until when
    missed: int = 0
    last: bool = False  # nothing further will come: it ends with what is unsent


class Subscriptions:
    """All subscriptions of a socket. `known` gives every incident that may be told, `new_id` a fresh id."""

    def __init__(self, known: Callable[[], Sequence[Known]], new_id: Callable[[], str]) -> None:
        self._known, self._new_id = known, new_id
        self._open: dict[str, Subscription] = {}
        self._began = False

    @property
    def over(self) -> bool:
        """Whether the socket should be closed: there were subscriptions, and the last has ended."""
        return self._began and not self._open

    def hear(self, data: bytes, now: int) -> Iterator[said.Message]:
        """A message of the subscriber; what is to be answered."""
        try:
            message = said.read_request(data)
            if isinstance(message, said.Subscribe):
                yield from self._subscribe(message, now)
        except Malformed as malformed:
            yield said.SubscribeResponse(request_id="", status_code=said.BAD_REQUEST, status_text=str(malformed)[:500])
            return
        if isinstance(message, said.Unsubscribe):
            yield self._unsubscribe(message)
        elif isinstance(message, said.EventResponse):
            for one in self._open.values():
                if one.waiting is not None and one.waiting[0] == message.transaction_id:
                    one.waiting, one.missed = None, 0

    def change(self, known: Known) -> None:
        """An incident has changed; it is told with the next `tick`."""
        for one in self._open.values():
            if not one.last and _wants(one, known):
                one.unsent[known.urn] = known.eido
                one.last = one.single is not None and known.closed_at is not None

    def tick(self, now: int) -> Iterator[said.Message]:
        """What is to be sent at this time: what waits, what keeps the link alive, what has ended."""
        for one in list(self._open.values()):
            if one.waiting is not None and now >= one.waiting[1]:
                one.waiting, one.missed = None, one.missed + 1
            if one.missed >= UNANSWERED:
                yield self._end(one, "notifications were not answered")
            elif now >= one.ends_at:
                yield self._end(one, "expired")
            elif one.waiting is None and one.last and not one.unsent:
                yield self._end(one, "the incident is closed")
            elif one.waiting is None and self._due(one, now):
                yield self._notify(one, now)

    def close(self, reason: str) -> Iterator[said.Message]:
        """End them all."""
        for one in list(self._open.values()):
            yield self._end(one, reason)

    def _subscribe(self, asked: said.Subscribe, now: int) -> Iterator[said.Message]:
        conditions = read_filter(asked.qual_filter or "")
        if asked.subscription_id is not None:
            yield self._prolong(asked, now)
            return
        found = [one for one in self._known() if asked.incident_id == one.urn]
        if asked.request_sub_type == "single" and not any(_tellable(one, now) for one in found):
            yield _answer(asked, said.NOT_FOUND, "no such incident, or closed for too long")
            return
        if len(self._open) >= MOST_SUBSCRIPTIONS:
            yield _answer(asked, said.TOO_MANY, f"at most {MOST_SUBSCRIPTIONS} subscriptions on a socket")
            return
        expires = min(max(asked.expires or USUAL_EXPIRES_S, LEAST_EXPIRES_S), MOST_EXPIRES_S)
        single = asked.incident_id if asked.request_sub_type == "single" else None
        rate = max(asked.min_rate, LEAST_MIN_RATE_S) if asked.min_rate else 0
        slow = min(max(asked.max_rate or 0, 0), expires)
        one = Subscription(self._new_id(), single, conditions, now + expires * 1000, expires, rate, slow, now)
        self._open[one.id], self._began = one, True
        yield _answer(asked, said.OK, "OK", one)
        active = found if single else [known for known in self._known() if known.closed_at is None]
        one.unsent.update({known.urn: known.eido for known in active if _wants(one, known)})
        one.last = any(known.closed_at is not None for known in active)
        yield self._notify(one, now)  # at once, even when there is nothing

    def _prolong(self, asked: said.Subscribe, now: int) -> said.Message:
        """Only its end may change."""
        one = self._open.get(asked.subscription_id or "")
        if one is None:
            return _answer(asked, said.NOT_FOUND, "no such subscription")
        one.expires_s = min(max(asked.expires or one.expires_s, LEAST_EXPIRES_S), MOST_EXPIRES_S)
        one.ends_at = now + one.expires_s * 1000
        return _answer(asked, said.OK, "OK", one)

    def _unsubscribe(self, asked: said.Unsubscribe) -> said.Message:
        gone = self._open.pop(asked.subscription_id, None)
        code, words = (said.OK, "OK") if gone is not None else (said.NOT_FOUND, "no such subscription")
        return said.UnsubscribeResponse(
            request_id=asked.request_id, subscription_id=asked.subscription_id, status_code=code, status_text=words
        )

    def _due(self, one: Subscription, now: int) -> bool:
        silent = now - one.told_at
        return bool(one.unsent and silent >= one.max_rate_s * 1000) or bool(
            one.min_rate_s and silent >= one.min_rate_s * 1000
        )

    def _notify(self, one: Subscription, now: int) -> said.Message:
        told, one.unsent = tuple(one.unsent.values()), {}
        transaction = self._new_id()
        one.waiting, one.told_at = (transaction, now + ANSWER_MS), now
        return said.Event(subscription_id=one.id, transaction_id=transaction, notification=told)

    def _end(self, one: Subscription, reason: str) -> said.Message:
        del self._open[one.id]
        return said.Terminate(request_id=self._new_id(), subscription_id=one.id, reason=reason)


def _answer(asked: said.Subscribe, code: int, words: str, one: Subscription | None = None) -> said.SubscribeResponse:
    return said.SubscribeResponse(
        request_id=asked.request_id,
        status_code=code,
        status_text=words,
        subscription_id=asked.subscription_id if one is None else one.id,
        expires=None if one is None else one.expires_s,
        min_rate=one.min_rate_s or None if one is not None else None,
        max_rate=one.max_rate_s or None if one is not None else None,
    )


def _tellable(known: Known, now: int) -> bool:
    return known.closed_at is None or now - known.closed_at <= CLOSED_FOR_MS


def _wants(one: Subscription, known: Known) -> bool:
    if one.single is not None and one.single != known.urn:
        return False
    return not one.conditions or admits(one.conditions, _plain(known.eido))


def _plain(eido: msgspec.Raw) -> Any:
    return msgspec.json.decode(eido)

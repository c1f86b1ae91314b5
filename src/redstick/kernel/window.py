"""Idempotency: the commands of the last while, and what to say to those that are older.

A command is remembered by where its lines stand, not by what became of it: the lines themselves tell that. So the
window is small, is the same after a restart, and part of every snapshot.
"""

from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from redstick.kernel.ids import made_at
from redstick.kernel.values import Instant, Rejection, Request

DAY_MS = 24 * 3600 * 1000
AHEAD_MS = 5 * 60 * 1000  # how far the clock that made an id may run ahead of ours
SHARDS = 256  # tables that grow one at a time: one of a day's commands would hold everything for 50 ms when it grows


class Remembered(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A command that was decided: its fingerprint, when, and its lines, `parts` of them that end at `position`."""

    request: str
    digest: str
    recorded_at: Instant
    position: int
    parts: int


class Window:
    """Commands by id, kept for `span_ms` of journal time and a little more.

    An id says when it was made. One from before the window is refused and never executed, since its outcome may have
    been forgotten; one from further ahead than `AHEAD_MS` is refused too, or it would outlive its own memory.
    """

    def __init__(self, span_ms: int = DAY_MS, remembered: Iterable[Remembered] = ()) -> None:
        self.span_ms = span_ms
        self._shards: tuple[dict[str, Remembered], ...] = tuple({} for _ in range(SHARDS))
        self._order: deque[Remembered] = deque()  # the oldest first
        for one in remembered:
            self._keep(one)

    def remember(self, known: Remembered) -> None:
        """Keep a command, and let go of those that have left the window."""
        self._keep(known)
        horizon = known.recorded_at - self.span_ms - AHEAD_MS
        while self._order[0].recorded_at < horizon:
            oldest = self._order.popleft()
            if self.find(oldest.request) is oldest:
                del self._shard(oldest.request)[oldest.request]

    def recall(self, request: Request, digest: str, now: Instant) -> Remembered | Rejection | None:
        """What is known of a request: its lines, why it is refused, or None when it is new.

        Rejections: `command_id_reused` (same id, another body), `command_expired`, `command_from_ahead`.
        """
        known = self.find(request.id)
        if known is not None:
            return known if known.digest == digest else Rejection("command_id_reused", {"position": known.position})
        made = made_at(request.id)
        if made is not None and made < now - self.span_ms:
            return Rejection("command_expired", {"window_ms": self.span_ms})
        if made is not None and made > now + AHEAD_MS:
            return Rejection("command_from_ahead", {"ahead_ms": made - now})
        return None

    def find(self, request: str) -> Remembered | None:
        """The lines of a command, if it is remembered."""
        return self._shard(request).get(request)

    def all(self) -> Iterator[Remembered]:
        """Everything remembered, the oldest first."""
        return (one for one in self._order if self.find(one.request) is one)

    def _keep(self, known: Remembered) -> None:
        self._shard(known.request)[known.request] = known
        self._order.append(known)

    def _shard(self, request: str) -> dict[str, Remembered]:
        return self._shards[hash(request) % SHARDS]

"""Records of the same refusal, many times over: the first is written at once, the others as one with their number."""

from typing import Generic, TypeVar

import msgspec

from redstick.kernel.authority.records import ReadRefused, SignInFailed
from redstick.kernel.values import Instant

R = TypeVar("R", bound=ReadRefused | SignInFailed)
MINUTE_MS = 60_000


class Repeats(Generic[R]):
    """Bounds what refusals add to the journal: of one kind at most two lines in `span_ms`.

    Refused reads are alike when person, view, audience and code are; failed sign-ins when person, address and code are.
    """

    def __init__(self, span_ms: int = MINUTE_MS, kinds_at_most: int = 10_000) -> None:
        self._span_ms, self._kinds_at_most = span_ms, kinds_at_most
        self._since: dict[tuple[str, ...], Instant] = {}
        self._more: dict[tuple[str, ...], R] = {}

    def note(self, refusal: R, now: Instant) -> list[R]:
        """What to journal now; `due` tells what to journal later."""
        kind = _kind(refusal)
        if kind in self._since:
            before = self._more.get(kind)
            times = refusal.times + (before.times if before else 0)
            self._more[kind] = msgspec.structs.replace(refusal, times=times)
            return []
        full = len(self._since) >= self._kinds_at_most
        made_room = self._close(next(iter(self._since))) if full else []
        self._since[kind] = now
        return [*made_room, refusal]

    def due(self, now: Instant) -> list[R]:
        """The repeats whose time has come, each with how often."""
        over = [kind for kind, since in self._since.items() if now - since >= self._span_ms]
        return [refusal for kind in over for refusal in self._close(kind)]

    def _close(self, kind: tuple[str, ...]) -> list[R]:
        del self._since[kind]
        more = self._more.pop(kind, None)
        return [] if more is None else [more]


def _kind(refusal: ReadRefused | SignInFailed) -> tuple[str, ...]:
    if isinstance(refusal, ReadRefused):
        return ("read", refusal.person, refusal.view, refusal.audience, refusal.code)
    return ("sign-in", refusal.person, refusal.address, refusal.code)

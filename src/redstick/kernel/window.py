"""Idempotency: the outcomes of the commands of the last while, and what to say to those that are older."""

from collections import OrderedDict
from dataclasses import dataclass

from redstick.kernel.ids import made_at
from redstick.kernel.values import Instant, Outcome, Rejection, Request

DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Remembered:
    """A command that was decided: the fingerprint of its body, when, and what became of it."""

    digest: str
    recorded_at: Instant
    outcome: Outcome


class Window:
    """Outcomes by command id, kept for `span_ms` of journal time.

    A command is remembered from its own lines in the journal, so the window is the same after a restart. An id that
    says it was made before the window began is refused and never executed: its outcome may have been forgotten.
    """

    def __init__(self, span_ms: int = DAY_MS) -> None:
        self.span_ms = span_ms
        self._by_id: OrderedDict[str, Remembered] = OrderedDict()

    def remember(self, request: str, digest: str, recorded_at: Instant, outcome: Outcome) -> None:
        """Keep an outcome, and let go of those that have left the window."""
        self._by_id[request] = Remembered(digest, recorded_at, outcome)
        while self._by_id:
            oldest = next(iter(self._by_id))
            if self._by_id[oldest].recorded_at >= recorded_at - self.span_ms:
                break
            del self._by_id[oldest]

    def recall(self, request: Request, digest: str, now: Instant) -> Outcome | None:
        """The outcome to give without deciding, or None when the command is new.

        Rejections: `command_id_reused` (same id, another body), `command_expired` (older than the window).
        """
        known = self._by_id.get(request.id)
        if known is not None:
            if known.digest == digest:
                return known.outcome
            return Outcome(request.id, known.outcome.position, rejection=Rejection("command_id_reused"))
        age_base = made_at(request.id)
        if age_base is not None and age_base < now - self.span_ms:
            return Outcome(request.id, 0, rejection=Rejection("command_expired", {"window_ms": self.span_ms}))
        return None

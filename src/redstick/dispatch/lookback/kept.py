"""What a look back needs of things that have left the live state: the things themselves, and where they stand."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from redstick.dispatch.rules.calls import Call, CallAbandoned
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.seats import SeatLost
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant
from redstick.published.dispatch import SeatRelieved, SeatSignedOff

KEPT_MS = 62 * 24 * 3_600_000  # two whole months: what a report of last month needs
MINUTE_MS = 60_000
TIDIED_EVERY = 10_000  # facts


class Mark(NamedTuple):
    """The last line of a minute."""

    minute: int
    position: int
    hash: bytes


class Span(NamedTuple):
    """The first and the last line that concern an incident with its calls, or a call."""

    first: int
    last: int


class Kept:
    """Incidents and calls of the last two months, the very things of the fold, also after they have retired.

    `spans` says between which lines each stands; `left` behind which line a seat was last let go;
    `hung_up` are the calls whose callers did not wait for an answer, whatever became of them.
    """

    def __init__(self) -> None:
        self.incidents: dict[str, Incident] = {}
        self.calls: dict[str, Call] = {}
        self.spans: dict[str, Span] = {}
        self.left: dict[str, int] = {}
        self.hung_up: dict[str, None] = {}
        self.marks: list[Mark] = []
        self.began_at: Instant | None = None
        self._noted = 0

    def note(self, state: Dispatch, fact: Fact) -> None:
        """A line was folded; `state` is the one behind it."""
        envelope = fact.envelope
        if self.began_at is None:
            self.began_at = envelope.recorded_at
        self._mark(fact)
        for subject in envelope.subjects:
            incident, call = state.incidents.get(subject), state.calls.get(subject)
            if incident is not None:
                self.incidents[subject] = incident
                self._reach(subject, envelope.position, envelope.position)
            elif call is not None:
                self.calls[subject] = call
                self._reach(subject, envelope.position, envelope.position)
                if call.incident:
                    self._reach(call.incident, self.spans[subject].first, envelope.position)
        if isinstance(fact.event, SeatSignedOff | SeatRelieved | SeatLost):
            self.left[fact.event.seat] = envelope.position
        elif isinstance(fact.event, CallAbandoned):
            self.hung_up[fact.event.call] = None
        self._noted += 1
        if self._noted % TIDIED_EVERY == 0:
            self._tidy(envelope.recorded_at - KEPT_MS)

    def between(self, begun: Instant, ended: Instant) -> Iterator[Incident]:
        """Incidents that were opened from `begun` on and before `ended`, without those that a merge took up."""
        return (one for one in self.incidents.values() if begun <= one.opened_at < ended and not one.replaced_by)

    def received(self, begun: Instant, ended: Instant) -> Iterator[Call]:
        """Calls that came in from `begun` on and before `ended`."""
        return (one for one in self.calls.values() if begun <= one.received_at < ended)

    def calls_of(self, incident: Incident) -> list[Call]:
        """The calls that speak of an incident, as far as they are kept."""
        return [self.calls[name] for name in incident.calls if name in self.calls]

    def behind(self, at: Instant) -> Mark:
        """The last line of the minute in which `at` lies, or of the one before it; of position 0 when there is none."""
        place = bisect_right(self.marks, at // MINUTE_MS, key=lambda mark: mark.minute)
        return self.marks[place - 1] if place else Mark(0, 0, b"")

    def before(self, at: Instant) -> int:
        """The position of the last line before the minute in which `at` lies."""
        place = bisect_left(self.marks, at // MINUTE_MS, key=lambda mark: mark.minute)
        return self.marks[place - 1].position if place else 0

    def _mark(self, fact: Fact) -> None:
        mark = Mark(fact.envelope.recorded_at // MINUTE_MS, fact.envelope.position, fact.hash)
        if self.marks and self.marks[-1].minute == mark.minute:
            self.marks[-1] = mark
        else:
            self.marks.append(mark)

    def _reach(self, name: str, first: int, last: int) -> None:
        span = self.spans.get(name, Span(first, last))
        self.spans[name] = Span(min(span.first, first), max(span.last, last))

    def _tidy(self, oldest: Instant) -> None:
        """Let go of what was over before `oldest`; what is open stays, however old."""
        over = [name for name, one in self.incidents.items() if one.closed_at is not None and one.closed_at < oldest]
        for name in over:
            del self.incidents[name]
            self.spans.pop(name, None)
        for name in [name for name, one in self.calls.items() if one.received_at < oldest]:
            del self.calls[name]
            self.hung_up.pop(name, None)
            self.spans.pop(name, None)
        self.marks = [mark for mark in self.marks if mark.minute * MINUTE_MS >= oldest]

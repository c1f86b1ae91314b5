"""The desk of a look back: follows a journal, keeps what is over for a while, and answers from it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfoNotFoundError

import msgspec

from redstick.dispatch.lookback import questions
from redstick.dispatch.lookback.answers import Differences, Finds, Rows, Screen
from redstick.dispatch.lookback.finding import find
from redstick.dispatch.lookback.kept import Kept
from redstick.dispatch.lookback.load import load
from redstick.dispatch.lookback.overseen import overseen
from redstick.dispatch.lookback.questions import AnyLooking
from redstick.dispatch.lookback.reporting import Typeset, incident_report, span_report
from redstick.dispatch.lookback.screens import View, concerning, differences, rows_of
from redstick.dispatch.lookback.staffing import staffing
from redstick.dispatch.lookback.story import story
from redstick.dispatch.lookback.today import today
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.state import Dispatch
from redstick.kernel.domain import Domain
from redstick.kernel.envelope import Envelope, Gap, opened
from redstick.kernel.executor import Executor
from redstick.kernel.snapshots import Snapshot
from redstick.kernel.travel import at_moment, at_position
from redstick.kernel.values import Instant, Rejection

if TYPE_CHECKING:
    from redstick.dispatch.lookback.another import Ground

STEP = 20_000  # lines between two snapshots that the time machine keeps
SNAPSHOTS = 12


class Following(Protocol):
    """A journal that another writes, read up to `until`."""

    until: int

    @property
    def gaps(self) -> Sequence[Gap]:
        """Where its chain was broken and went on."""

    def read(self, after: int = 0) -> Iterator[bytes]:
        """Lines behind a position."""


Told = bytes | Rejection


class LookbackDesk:
    """Answers questions. `views` are those that may be asked for as they were.

    `zone` is the city's time zone; `typeset` makes a PDF of a document's text; `ground`, opened when a span is first
    lived again, is the city that it is lived in, None where there is none.
    """

    def __init__(
        self,
        domains: Sequence[Domain],
        journal: Following,
        views: Mapping[str, View],
        zone: str,
        typeset: Typeset,
        ground: "Callable[[], Ground | None]" = lambda: None,
    ) -> None:
        self._domains, self._journal, self._views = domains, journal, views
        self.zone, self._typeset, self._ground = zone, typeset, cache(ground)
        self.kept = Kept()
        self._present = Executor(domains)
        self._snapshots: list[Snapshot] = []

    @property
    def state(self) -> Dispatch:
        """Dispatch as far as it was followed."""
        state: Dispatch = self._present.committed["dispatch"]
        return state

    @property
    def position(self) -> int:
        """How far that is."""
        return self._present.durable.position

    def answer(self, content: bytes) -> bytes:
        """The answer to a question, both as they travel; raises Corruption."""
        question = questions.unpacked(content)
        self._journal.until = max(self._journal.until, question.until)
        return questions.told(self._answered(question))

    def incident(self, name: str) -> Incident | None:
        """An incident by its id or its number."""
        found = self.kept.incidents.get(name)
        if found is None:
            numbered = (one for one in self.kept.incidents.values() if one.number and one.number == name)
            found = next(numbered, None)
        return found

    def lines(self, incident: Incident) -> Iterable[Envelope]:
        """The lines that concern an incident, its calls, or what was merged into it."""
        span, about = self.kept.spans[incident.id], {incident.id, *incident.calls, *incident.replaces}
        for line in self._journal.read(span.first - 1):
            envelope = opened(line)
            if envelope.position > span.last:
                return
            if about.intersection(envelope.subjects):
                yield envelope

    def follow(self) -> None:
        """Fold what is durable by now."""
        for fact in self._present.follow(self._journal.read(self.position), self._journal.gaps):
            self.kept.note(self.state, fact)

    def _answered(self, question: AnyLooking) -> Told:
        if isinstance(question, questions.HowWasIt):
            return self._was(question)
        self.follow()
        if isinstance(question, questions.HowIsIt):
            return _json(load(self.state, self.kept, self.position, question.now, question.since))
        if isinstance(question, questions.WhoIsNeeded):
            return _json(staffing(self.state, self.kept, question.now, question.hours))
        if isinstance(question, questions.WhatOfToday):
            try:
                return _json(today(self.state, self.kept, question.now, question.zone or self.zone, question.policy))
            except (ZoneInfoNotFoundError, ValueError):
                return Rejection("zone_unknown", {"zone": question.zone[:80]})
        if isinstance(question, questions.WhatOf):
            found = self.incident(question.incident)
            if found is None:
                return Rejection("incident_unknown", {"incident": question.incident[:80]})
            whole = story(self.state, self.kept, found, self.lines(found), self.position)
            return _json(overseen(whole) if question.overseen else whole)
        if isinstance(question, questions.WhereIsIt):
            return _json(self._found(question))
        if isinstance(question, questions.WhatDiffers):
            return self._differs(question)
        if isinstance(question, questions.UnderAnother):
            return self._lived_again(question)
        return self._reported(question)

    def _lived_again(self, asked: questions.UnderAnother) -> Told:
        from redstick.dispatch.lookback.another import under_another  # noqa: PLC0415 (roads, for whom this is asked of)

        ground = self._ground()
        if ground is None:
            return Rejection("city_needed")
        told = under_another(self.state, self.kept, self.position, asked, ground, self.zone)
        return told if isinstance(told, Rejection) else _json(told)

    def _found(self, asked: questions.WhereIsIt) -> Finds:
        state, kept = self.state, self.kept
        return find(state, kept, asked.text, over=asked.over, at_most=asked.at_most, overseen=asked.overseen)

    def _reported(self, asked: questions.Paperwork) -> Told:
        if asked.about != "incident":
            return span_report(asked, self.kept, self._typeset, self.zone)
        found = self.incident(asked.incident)
        if found is None:
            return Rejection("incident_unknown", {"incident": asked.incident[:80]})
        return incident_report(asked, found, list(self.lines(found)), self.kept, self._typeset, self.zone)

    # The time machine

    def _was(self, asked: questions.HowWasIt) -> Told:
        unknown = [name for name in asked.views if name not in self._views]
        if unknown:
            return Rejection("view_unknown", {"view": unknown[0][:80], "views": sorted(self._views)})
        begun = self._begun()
        if begun is None:
            return Rejection("position_out_of_reach", {"from": 0, "to": 0})
        position = self._journal.until if asked.position is None and asked.moment is None else asked.position
        early = asked.moment is not None and asked.moment < begun
        if early or (position is not None and not 0 < position <= self._journal.until):
            reach = {"from": 1, "to": self._journal.until, "from_ms": begun, "to_ms": asked.now}
            return Rejection("position_out_of_reach", reach)
        then = self._at(position, asked.moment)
        return _json(
            Screen(
                at=then.durable.position,
                recorded_at=then.recorded_at,
                now=then.recorded_at if asked.moment is None else asked.moment,
                first=1,
                last=self._journal.until,
                begun=begun,
                ended=asked.now,
                rows=self._rows(then, asked.views, asked.audience),
            )
        )

    def _differs(self, asked: questions.WhatDiffers) -> Told:
        unknown = [name for name in asked.views if name not in self._views]
        if unknown:
            return Rejection("view_unknown", {"view": unknown[0][:80], "views": sorted(self._views)})
        strange = [name for name in asked.groups if name not in self.state.groups]
        if strange:
            return Rejection("group_unknown", {"group": strange[0][:80], "known": sorted(self.state.groups)})
        since = self.kept.left.get(asked.seat) if asked.since is None else asked.since
        upto = self._journal.until if asked.upto is None else asked.upto
        if since is None:
            return Rejection("seat_never_held", {"seat": asked.seat[:80]})
        if not 0 < since <= upto <= self._journal.until:
            return Rejection("position_out_of_reach", {"from": 1, "to": self._journal.until})
        before, after = self._at(since, None), self._at(upto, None)
        was, now = (self._concerning(then, asked) for then in (before, after))
        return _json(Differences(since, upto, before.recorded_at, after.recorded_at, differences(was, now)))

    def _concerning(self, then: Executor, asked: questions.WhatDiffers) -> Rows:
        return concerning(self._rows(then, asked.views, asked.audience), then.committed["dispatch"], asked.groups)

    def _rows(self, then: Executor, views: Sequence[str], audience: str) -> Rows:
        return rows_of([self._views[name] for name in views], then.committed, audience)

    def _at(self, position: int | None, moment: Instant | None) -> Executor:
        """The house as it was; what was folded on the way is kept at steps, so that a slider moves back quickly."""
        if position is not None:
            then = at_position(self._domains, self._journal, position, self._snapshots)
        else:
            then = at_moment(self._domains, self._journal, moment or 0, self._snapshots)
        near = min((abs(one.fold.position - then.durable.position) for one in self._snapshots), default=STEP)
        if near >= STEP and not then.suspended:
            self._snapshots = [*self._snapshots, then.snapshot()][-SNAPSHOTS:]
        return then

    def _begun(self) -> Instant | None:
        """When the first line was recorded."""
        line = next(iter(self._journal.read(0)), None)
        return None if line is None else opened(line).recorded_at


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value)

"""Silence: a source of calls that is improbably quiet, which a named person must acknowledge. It is the supervisor's.

What is expected of a source in each hour of the week is fitted outside (`dispatch/absence`) and adopted here in whole
numbers. It is looked at when the silence would be improbable, and hourly at least, since a call stays in the live state
for so long; when calls were heard in the meantime, it is looked at later again. What is heard again ends the alarm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.absence.deadline import HOURS, deadline_ms
from redstick.dispatch.rules.warnings import SUPERVISOR, Level, WarningRaised, What, warning_id
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

LOOK_MS = 3_600_000  # shorter than the two hours after which a call that is over leaves the live state


class Source(msgspec.Struct):
    """A source that is watched: a trunk, a text gateway, an alarm feed, a peer.

    `milli_an_hour` are the calls expected in each hour of the week, in thousandths, from Monday 00:00 UTC. Silence over
    as many expected calls as `bears_milli` says is improbable. `quiet_since` is set while an alarm stands.
    """

    id: str
    milli_an_hour: list[int]
    bears_milli: int
    heard_at: Instant
    quiet_since: Instant | None = None


@event("dispatch.source_watched", subjects=("source",))
class SourceWatched(Event, frozen=True):
    """What is expected of a source holds from now on; it is looked at next at `next_at`."""

    source: str
    milli_an_hour: list[int]
    bears_milli: int
    next_at: Instant


@event("dispatch.source_checked", subjects=("source",))
class SourceChecked(Event, frozen=True):
    """It was heard at `heard_at`, lately enough; it is looked at next at `next_at`. `again` ends an alarm."""

    source: str
    heard_at: Instant
    next_at: Instant
    again: bool = False


@event("dispatch.source_quiet", subjects=("source",))
class SourceQuiet(Event, frozen=True):
    """Nothing since `since`, in which time `expected_milli` thousandths of calls were expected."""

    source: str
    since: Instant
    expected_milli: int


@event("dispatch.source_unwatched", subjects=("source",))
class SourceUnwatched(Event, frozen=True):
    """Nobody expects anything of it any more."""

    source: str


@command("dispatch.watch_source")
class WatchSource(Command, frozen=True):
    """Watch a source, or change what is expected of it."""

    source: str
    milli_an_hour: list[int]
    bears_milli: int


@command("dispatch.unwatch_source")
class UnwatchSource(Command, frozen=True):
    """Watch it no more: it was taken down on purpose."""

    source: str


@command("dispatch.check_source")
class CheckSource(Command, frozen=True):
    """Look whether a source was heard. The timer asks this; a gateway too, with `heard_at`, where no calls come."""

    source: str
    heard_at: Instant | None = None


def decide_watch_source(state: Dispatch, asked: WatchSource, now: Instant) -> Decision:
    """Rejections: `source_unnamed`, `expectation_unreadable` (168 hours, none below 0, some above; bears above 0)."""
    if not asked.source.strip():
        return Rejection("source_unnamed")
    rates = asked.milli_an_hour
    if len(rates) != HOURS or min(rates) < 0 or not any(rates) or asked.bears_milli <= 0:
        return Rejection("expectation_unreadable", {"hours": len(rates), "bears_milli": asked.bears_milli})
    known = state.sources.get(asked.source)
    if known is not None and (known.milli_an_hour, known.bears_milli) == (rates, asked.bears_milli):
        return []
    due = deadline_ms(rates, asked.bears_milli, _last_heard(state, asked.source, now))
    return [SourceWatched(asked.source, rates, asked.bears_milli, min(max(now, due), now + LOOK_MS))]


def apply_source_watched(state: Dispatch, happened: SourceWatched, at: Instant) -> None:
    """Where nothing was ever heard, silence counts from now."""
    known = state.sources.get(happened.source)
    state.sources[happened.source] = Source(
        happened.source,
        list(happened.milli_an_hour),
        happened.bears_milli,
        at if known is None else known.heard_at,
        None if known is None else known.quiet_since,
    )


def decide_check_source(state: Dispatch, asked: CheckSource, now: Instant) -> Decision:
    """Rejections: `source_unknown`, `time_ahead`."""
    source = state.sources.get(asked.source)
    if source is None:
        return Rejection("source_unknown", {"source": asked.source})
    if asked.heard_at is not None and asked.heard_at > now:
        return Rejection("time_ahead", {"ahead_ms": asked.heard_at - now})
    heard_at = max(_last_heard(state, source.id, now), asked.heard_at or 0)
    due = deadline_ms(source.milli_an_hour, source.bears_milli, heard_at)
    if due > now:
        again = source.quiet_since is not None
        return [SourceChecked(source.id, heard_at, min(due, now + LOOK_MS), again=again)]
    if source.quiet_since is not None:
        return []
    name = warning_id(What.SILENCE, about=source.id)
    return [
        SourceQuiet(source.id, heard_at, source.bears_milli),
        WarningRaised(name, What.SILENCE, Level.ALARM, SUPERVISOR, about=source.id),
    ]


def apply_source_checked(state: Dispatch, happened: SourceChecked, at: Instant) -> None:
    """It lives."""
    del at
    source = state.sources[happened.source]
    source.heard_at, source.quiet_since = happened.heard_at, None


def apply_source_quiet(state: Dispatch, happened: SourceQuiet, at: Instant) -> None:
    """Until it is heard again."""
    del at
    state.sources[happened.source].quiet_since = happened.since


def decide_unwatch_source(state: Dispatch, asked: UnwatchSource, now: Instant) -> Decision:
    """Rejections: `source_unknown`."""
    del now
    known = asked.source in state.sources
    return [SourceUnwatched(asked.source)] if known else Rejection("source_unknown", {"source": asked.source})


def apply_source_unwatched(state: Dispatch, happened: SourceUnwatched, at: Instant) -> None:
    """Gone."""
    del at
    state.sources.pop(happened.source, None)


def _last_heard(state: Dispatch, source: str, now: Instant) -> Instant:
    """When the last call came by it; where none is known, silence counts from when it began to be watched."""
    known = state.sources.get(source)
    came = max((call.received_at for call in state.calls.values() if call.source == source), default=0)
    return max(came, known.heard_at if known is not None else 0) or now


DECIDERS: Deciders = {
    WatchSource: decide_watch_source,
    CheckSource: decide_check_source,
    UnwatchSource: decide_unwatch_source,
}
APPLIERS: Appliers = {
    SourceWatched: apply_source_watched,
    SourceChecked: apply_source_checked,
    SourceQuiet: apply_source_quiet,
    SourceUnwatched: apply_source_unwatched,
}

"""What a shift lead looks at: how much there is, how fast it is answered, who holds which seat, what is uncovered."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from redstick.dispatch.absence.deadline import expected_milli
from redstick.dispatch.absence.expecting import expect
from redstick.dispatch.lookback.answers import Hour, Load, Spread, StationCover, Waiting, Watch
from redstick.dispatch.lookback.kept import Kept
from redstick.dispatch.lookback.spread import (
    answer_pairs,
    part_pairs,
    processing_pairs,
    response_pairs,
    spread,
    stamp,
)
from redstick.dispatch.rules.calls import SPOKEN, CallState
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.needs import pending
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import Status
from redstick.kernel.values import Instant

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
SAMPLES, MINUTE_MS = 240, 60_000  # of what waits over time, a minute apart at the least
ENOUGH_MS = 7 * DAY_MS  # of history, before an expectation is drawn from it
WATCHED, HISTORY, NONE = "watched sources", "the days before", ""


def load(state: Dispatch, kept: Kept, position: int, now: Instant, since: Instant) -> Load:
    """The floor as it is, and what was measured since, or since the journal began."""
    since = max(since, now if kept.began_at is None else kept.began_at)
    ringing = [call.received_at for call in state.calls.values() if call.state is CallState.PRESENTED]
    opened = [one for one in state.incidents.values() if one.closed_at is None]
    stations = covered(state)
    hours, expected_by = volume(state, kept, now, since)
    return Load(
        position=position,
        now=now,
        since=since,
        ringing=len(ringing),
        oldest_ring_s=max(0, now - min(ringing)) // 1000 if ringing else None,
        hung_up=sum(call.id in kept.hung_up for call in kept.received(since, now + 1)),
        spoken=sum(call.state in SPOKEN for call in state.calls.values()),
        callbacks=len(state.callbacks),
        open_incidents=len(opened),
        waiting_incidents=sum(stamp(one, "dispatched") is None for one in opened),
        pending_needs=sum(1 for one in opened for _ in pending(one)),
        units=dict(sorted(Counter(str(unit.primary) for unit in state.units.values() if unit.on_duty).items())),
        spreads=spreads(kept, since, now),
        hours=hours,
        expected_by=expected_by,
        waiting=waiting(list(kept.incidents.values()), since, now),
        seats=list(state.seats.values()),
        groups=[_watch(state, name) for name in state.groups],
        stations=stations,
        uncovered=[one.station for one in stations if not one.available],
    )


def spreads(kept: Kept, begun: Instant, ended: Instant) -> list[Spread]:
    """The intervals of a centre, of everything that came in between two moments."""
    incidents = list(kept.between(begun, ended))
    beside = [(one, kept.calls_of(one)) for one in incidents]
    return [
        spread("answer", answer_pairs(kept.received(begun, ended))),
        spread("processing", processing_pairs(beside)),
        spread("turnout", part_pairs(incidents, "dispatched", "en_route")),
        spread("travel", part_pairs(incidents, "en_route", "on_scene")),
        spread("response", response_pairs(beside)),
    ]


def volume(state: Dispatch, kept: Kept, now: Instant, since: Instant) -> tuple[list[Hour], str]:
    """Calls by hour from that in which `since` lies, beside what was to be expected, and what that is known by."""
    first = since // HOUR_MS * HOUR_MS
    counts = Counter(call.received_at // HOUR_MS for call in kept.received(first, now + 1))
    expected, known_by = expectation(state, kept, first)
    return [
        Hour(at, counts[at // HOUR_MS], None if expected is None else expected_milli(expected, at, at + HOUR_MS) / 1000)
        for at in range(first, now + 1, HOUR_MS)
    ], known_by


def waiting(incidents: Sequence[Incident], begun: Instant, ended: Instant) -> list[Waiting]:
    """Incidents without a unit, at evenly spaced minutes until now."""
    step_ms = -(-max(1, ended - begun) // (SAMPLES * MINUTE_MS)) * MINUTE_MS
    spans = [(one.opened_at, _served(one, ended)) for one in incidents if not one.replaced_by]
    opened, served = (np.sort(np.array([span[i] for span in spans], np.int64)) for i in (0, 1))
    moments = np.arange(ended - (ended - begun) // step_ms * step_ms, ended + 1, step_ms)
    standing = np.searchsorted(opened, moments, side="right") - np.searchsorted(served, moments, side="right")
    return [Waiting(at, n) for at, n in zip(moments.tolist(), standing.tolist(), strict=True)]


def covered(state: Dispatch) -> list[StationCover]:
    """Every station that has units on duty, by name."""
    homes: dict[str, list[str]] = {}
    for name, unit in state.units.items():
        if unit.station and unit.on_duty:
            homes.setdefault(unit.station, []).append(name)
    return [_station(state, station, names) for station, names in sorted(homes.items())]


def _station(state: Dispatch, station: str, names: Iterable[str]) -> StationCover:
    units = [state.units[name] for name in names]
    free = [unit for unit in units if unit.available]
    quartered = sum(unit.status is Status.AQ for unit in free)
    return StationCover(station, len(units), len(free), quartered, dict(sorted(Counter(u.kind for u in free).items())))


def _served(incident: Incident, now: Instant) -> Instant:
    """Until when it waited: its first unit was sent, it was closed, or it waits still."""
    sent = stamp(incident, "dispatched")
    until = incident.closed_at if sent is None else sent
    return max(incident.opened_at, now + 1 if until is None else until)


def expectation(state: Dispatch, kept: Kept, before: Instant) -> tuple[list[int] | None, str]:
    """Thousandths of calls in each hour of the week, as known before a moment, and by what; None where by nothing."""
    if state.sources:
        columns = [source.milli_an_hour for source in state.sources.values()]
        return [sum(hours) for hours in zip(*columns, strict=True)], WATCHED
    began = kept.began_at
    if began is None or before - began < ENOUGH_MS:
        return None, NONE
    whole = -(-began // HOUR_MS) * HOUR_MS
    heard = [call.received_at for call in kept.received(whole, before)]
    return expect(heard, [(whole, before)]).whole()[0], HISTORY


def _watch(state: Dispatch, name: str) -> Watch:
    group = state.groups[name]
    seats = sorted(seat.id for seat in state.seats.values() if {name, group.combined_into} & {*seat.groups})
    return Watch(name, seats, group.combined_into, group.alarm)

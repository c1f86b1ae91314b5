"""Answers of a look back, as they are told over HTTP. Times are ms since the epoch, positions on earth 1e-7 degrees."""

from __future__ import annotations

from typing import Any

import msgspec

from redstick.dispatch.exchange.public import PublicIncident
from redstick.dispatch.rules.coverage import CoverageAlarm
from redstick.dispatch.rules.seats import Seat
from redstick.kernel.values import Instant

METHOD = "nearest rank"
Rows = dict[str, dict[str, Any]]


class Bar(msgspec.Struct, frozen=True):
    """`n` values above the bar before it and not above `upto_s` seconds; the last has no upper end."""

    upto_s: int | None
    n: int


class AgainstStandard(msgspec.Struct, frozen=True):
    """How many lie within a threshold of an edition; `met` and `share` (0 to 1) are None where there is no value."""

    id: str
    name: str
    edition: str
    scope: str
    percent: int
    within_s: int
    n_within: int
    share: float | None
    met: bool | None


class Spread(msgspec.Struct, frozen=True):
    """One interval over one set of calls, incidents or units' parts. Percentiles are nearest rank, in seconds.

    `n_eligible` began, `n_used` also ended; `n_backwards` of those ended before they began, and are within nothing.
    `p90_low_s` and `p90_high_s` enclose the true 90th percentile with 95 % confidence, None for fewer than 36 values.
    `seconds` and `shares` are the cumulative distribution, cut at the slowest fiftieth.
    """

    interval: str
    title: str
    n_eligible: int
    n_used: int
    n_backwards: int
    p50_s: float | None
    p90_s: float | None
    p95_s: float | None
    p90_low_s: float | None
    p90_high_s: float | None
    standards: list[AgainstStandard]
    bars: list[Bar]
    seconds: list[float]
    shares: list[float]
    method: str = METHOD


class Hour(msgspec.Struct, frozen=True):
    """Calls of an hour that began at `at`; `expected` of the whole hour, None where nothing is known to expect."""

    at: Instant
    calls: int
    expected: float | None


class Waiting(msgspec.Struct, frozen=True):
    """How many incidents waited for their first unit at a moment."""

    at: Instant
    incidents: int


class Watch(msgspec.Struct, frozen=True):
    """A dispatch group: the seats that watch it, into which it was combined, and its alarm when nobody does."""

    group: str
    seats: list[str]
    combined_into: str
    alarm: CoverageAlarm | None


class StationCover(msgspec.Struct, frozen=True):
    """A station's units: how many it has, how many of them can be sent, how many of those stand in quarters."""

    station: str
    units: int
    available: int
    in_quarters: int
    kinds: dict[str, int]  # of those that can be sent


class Load(msgspec.Struct, frozen=True):
    """The floor at `now` behind line `position`, with what was measured from `since` on.

    `hung_up` are callers who did not wait; `since` is never before the journal began. `expected_by` says what call
    volume is held against: what the city watches its sources by, the days before, or "". `units` counts by primary
    status; `uncovered` are stations of which no unit can be sent.
    """

    position: int
    now: Instant
    since: Instant
    ringing: int
    oldest_ring_s: int | None
    hung_up: int
    spoken: int
    callbacks: int
    open_incidents: int
    waiting_incidents: int
    pending_needs: int
    units: dict[str, int]
    spreads: list[Spread]
    hours: list[Hour]
    expected_by: str
    waiting: list[Waiting]
    seats: list[Seat]
    groups: list[Watch]
    stations: list[StationCover]
    uncovered: list[str]


class Proof(msgspec.Struct, frozen=True):
    """The lines behind `after` up to `until`, and the hash of the line at `until`: `redstick verify` checks it."""

    after: int
    until: int
    head: str


class Figure(msgspec.Struct, frozen=True):
    """A number with what it counts; `value` None where nothing could be counted yet. `n` is of how many."""

    id: str
    title: str
    value: float | None
    unit: str
    n: int | None
    definition: str
    proof: Proof


class Kind(msgspec.Struct, frozen=True):
    """How many incidents of a kind were opened; fewer than five of a kind are told together as `other`."""

    kind: str
    n: int


class HourToday(msgspec.Struct, frozen=True):
    """Calls of an hour that began at `at`."""

    at: Instant
    calls: int


class Today(msgspec.Struct, frozen=True):
    """The city from midnight until `as_of`, which lies `delay_ms` before `now`."""

    now: Instant
    as_of: Instant
    begun: Instant
    time_zone: str
    delay_ms: int
    figures: list[Figure]
    spreads: list[Spread]
    kinds: list[Kind]
    hours: list[HourToday]
    incidents: list[PublicIncident]


class Line(msgspec.Struct, frozen=True):
    """One line of the journal; `late_ms` is how long after it happened it was written down."""

    position: int
    at: Instant
    late_ms: int
    kind: str
    says: str
    actor: str
    subjects: list[str]


class Before(msgspec.Struct, frozen=True):
    """Another incident at the same place, the newest first; `distance_m` None where only the words agree."""

    incident: str
    number: str
    kind: str
    priority: int
    opened_at: Instant
    closed_at: Instant | None
    disposition: str
    text: str
    distance_m: int | None


class Warned(msgspec.Struct, frozen=True):
    """A caution that concerns the place: here, nearby or about someone named; `says` is what is read out."""

    caution: str
    nearness: str
    says: str
    overdue: bool
    distance_m: int | None


class LinkedCall(msgspec.Struct, frozen=True):
    """A call that speaks of the incident."""

    call: str
    state: str
    source: str
    callback: str
    text: str
    received_at: Instant
    answered_at: Instant | None
    ended_at: Instant | None
    seat: str


class LinkedIncident(msgspec.Struct, frozen=True):
    """Another incident that is linked, and how."""

    incident: str
    number: str
    relation: str
    kind: str
    status: str


class Story(msgspec.Struct, frozen=True):
    """An incident; `record` is it as the journal has it, whole. `more` says that older lines are left out."""

    incident: str
    number: str
    status: str
    position: int
    first: int
    last: int
    record: dict[str, Any]
    lines: list[Line]
    more: bool
    calls: list[LinkedCall]
    linked: list[LinkedIncident]
    before: list[Before]
    warnings: list[Warned]


class Found(msgspec.Struct, frozen=True):
    """Something that was found. `kind`: incident, call, unit, seat. `score` is 0 to 100."""

    kind: str
    id: str
    title: str
    detail: str
    open: bool
    at: Instant | None
    x: int | None
    y: int | None
    score: float


class Finds(msgspec.Struct, frozen=True):
    """What a text may mean, the likeliest first. `over` says whether what is over was looked through too."""

    text: str
    over: bool
    found: list[Found]


class Screen(msgspec.Struct, frozen=True):
    """Rows behind line `at`, which was recorded at `recorded_at`; `now` is the moment that was asked for.

    `first` and `last` are the positions between which one may ask, `begun` and `ended` their times.
    """

    at: int
    recorded_at: Instant
    now: Instant
    first: int
    last: int
    begun: Instant
    ended: Instant
    rows: Rows


class Difference(msgspec.Struct, frozen=True):
    """A row that is new, gone or changed; for a changed one each field with what it was and what it is."""

    key: str
    how: str
    fields: dict[str, tuple[Any, Any]] = {}
    row: dict[str, Any] = {}


class Differences(msgspec.Struct, frozen=True):
    """What differs between the lines at `since` and `until`, the rows of each view by key."""

    since: int
    until: int
    since_at: Instant
    until_at: Instant
    changes: list[Difference]

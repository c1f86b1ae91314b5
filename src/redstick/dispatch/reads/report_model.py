"""What a report holds: every figure of it as a plain value, before anything is drawn or written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redstick.dispatch.kpi import Interval, Kpi, Standard, Violation


@dataclass(frozen=True)
class Sample:
    """Percentiles of one interval over one group, nearest rank, in seconds; None where nothing was measured.

    `p90_low_s` and `p90_high_s` are the order statistics that enclose the true 90th percentile with at least 95 %
    confidence, whatever the distribution; None where the sample is too small for it (fewer than 36 values).
    """

    n_eligible: int
    n_used: int
    p50_s: float | None
    p90_s: float | None
    p95_s: float | None
    p90_low_s: float | None
    p90_high_s: float | None

    @property
    def can_say_p90(self) -> bool:
        """Whether there are enough values to say anything of the slowest tenth."""
        return self.p90_high_s is not None


@dataclass(frozen=True)
class Curve:
    """A cumulative distribution: the share of values at or below each time, cut at `shown_share` of all."""

    seconds: Sequence[float]
    shares: Sequence[float]
    shown_share: float


@dataclass(frozen=True)
class Measured:
    """One interval over the whole history."""

    kpi: Kpi
    sample: Sample
    curve: Curve

    @property
    def interval(self) -> Interval:
        """The interval that was measured."""
        return self.kpi.interval


@dataclass(frozen=True)
class Group:
    """One value of a dimension ("" where the source was silent), how often it occurs, and its samples by interval."""

    value: str
    n: int
    samples: Mapping[str, Sample]


@dataclass(frozen=True)
class Grouping:
    """A dimension: its groups, the largest first (hours in the order of the clock).

    `per` says what `n` counts: "call" or "unit" (a unit's part in a call). `intervals` are those measured, the main one
    first.
    """

    dimension: str
    title: str
    per: str
    intervals: tuple[Interval, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Day:
    """Calls of one local day; `whole` is False for the first and last day where the period covers only a part."""

    date: str
    calls: int
    whole: bool


@dataclass(frozen=True)
class Volume:
    """When calls came in, by the city's clock.

    `by_hour` (24) is the mean number of calls in that hour of a day, `by_weekday_hour` (7 x 24, Monday first) in that
    hour of that weekday; None where the period has no such hour. `timed` counts calls with a time.
    """

    timed: int
    first_ms: int | None
    last_ms: int | None
    by_hour: tuple[float | None, ...]
    by_weekday_hour: tuple[tuple[float | None, ...], ...]
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Disorder:
    """A pair of stamps that stands in the wrong order, how often, by how much at worst, and the first few rows."""

    earlier: str
    later: str
    n: int
    worst_s: float
    examples: tuple[Violation, ...]


@dataclass(frozen=True)
class Report:
    """All figures of a report. `cautions` say in plain words what the data cannot tell."""

    title: str
    file: str
    digest: str  # SHA-256 of the file, "" where it was not taken
    one_row_per: str
    time_zone: str
    only: str  # how rows were chosen, "" for all
    calls: int
    incidents: int
    responses: int
    units: int
    rows_read: int
    rows_refused: int
    rows_merged: int
    first_day: str
    last_day: str
    volume: Volume
    measured: tuple[Measured, ...]
    groupings: tuple[Grouping, ...]
    disorders: tuple[Disorder, ...]
    standards: tuple[Standard, ...]
    missing: Mapping[str, int]  # stamp -> rows without it
    rows: int
    columns: tuple[tuple[str, str], ...]  # what it is -> the source's column
    doubted: tuple[tuple[str, str, int], ...]  # column, reason, cells
    refused: tuple[tuple[int, str, str, str], ...]  # row, column, reason, text; the first few
    cautions: tuple[str, ...]
    guesses: tuple[str, ...]

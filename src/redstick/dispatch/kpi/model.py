"""What a key performance indicator is: an interval, measured over a group, always with its n.

Nothing here is a mean: response times are skewed, and a mean hides the calls that waited. Percentiles are nearest rank
(the smallest value that at least p percent of the values do not exceed), so each is a time that did occur.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PERCENTILES = (50, 90, 95)


@dataclass(frozen=True)
class Interval:
    """A span between two stamps of the history, always later minus earlier.

    `per` is "unit" (both stamps of one row) or "call" (the earliest of each stamp over the rows of one call).
    """

    name: str
    title: str
    per: str
    start: str
    end: str


@dataclass(frozen=True)
class Standard:
    """One threshold of one edition of a standard: `percent` of the values of `interval` within `within_s` seconds.

    `scope` says in words which calls it speaks of. `mark` is "R*" (read in a public excerpt) or "U" (unverified:
    remembered, not read); what is unverified is never applied unless it is asked for by name.
    """

    id: str
    name: str
    edition: str
    interval: str
    scope: str
    percent: int
    within_s: int
    mark: str

    @property
    def verified(self) -> bool:
        """Whether someone has read the figure in a published text."""
        return self.mark != "U"


@dataclass(frozen=True)
class Attainment:
    """How many of the values lie within a standard's threshold; `met` is None where there is no value.

    A span that ran backwards is among the used and never within: an impossible time attains nothing.
    """

    standard: Standard
    n_within: int
    n_used: int
    met: bool | None

    @property
    def share(self) -> float | None:
        """The part within the threshold, 0 to 1; None where there is no value."""
        return self.n_within / self.n_used if self.n_used else None


@dataclass(frozen=True)
class Kpi:
    """One interval over one group of rows or calls.

    `group` maps each grouping dimension to its value ("" where the source was silent), empty for all. `n_eligible`
    counts units or calls for which the interval began; `n_used` those for which it also ended:
    `n_eligible == n_used + n_missing_end`. `n_backwards` of the used ended before they began; they stay in the
    percentiles as the negative spans that they are, so that nothing is dropped unseen. `n_missing_start` counts those
    of which only the end is known. `percentiles_s` is empty where `n_used` is 0.
    """

    interval: Interval
    group: Mapping[str, str]
    n_used: int
    n_eligible: int
    n_missing_start: int
    n_missing_end: int
    n_backwards: int
    percentiles_s: Mapping[int, float]  # percent -> seconds, nearest rank
    attainments: tuple[Attainment, ...] = ()


@dataclass(frozen=True)
class Violation:
    """A row whose two stamps stand in the wrong order; `row` indexes the history, `row_number` the source."""

    row: int
    row_number: int
    earlier: str  # the stamp that should have come first
    later: str
    backwards_s: float  # by how much, positive


@dataclass(frozen=True)
class Difference:
    """A percentile of one run minus the same of another, with the bootstrap interval over days or incidents.

    `low_s` and `high_s` hold the middle `confidence` percent of `n_resamples` differences, each drawn by resampling
    whole blocks: days, because the calls of a day are not independent, or incidents where there are too few days.
    """

    interval: Interval
    percent: int
    a_s: float
    b_s: float
    difference_s: float  # b minus a
    low_s: float
    high_s: float
    confidence: int
    n_blocks: int
    n_resamples: int

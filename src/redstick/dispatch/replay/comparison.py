"""Two shifts side by side: what another plan changed, with an interval that says whether it was only luck."""

from dataclasses import dataclass

import numpy as np

from redstick.dispatch.history.model import History
from redstick.dispatch.kpi import Difference, interval
from redstick.dispatch.kpi.comparing import difference, sample

# What a plan can change. Turnout and the work on scene stay as recorded.
COMPARED = (("response", 50), ("response", 90), ("unit_response", 50), ("unit_response", 90), ("travel", 90))
AREA_CALLS_MIN = 20  # a median of fewer says little
AREA_CONFIDENCE = 99  # many areas are looked at together, so that each must show more


@dataclass(frozen=True, slots=True)
class Change:
    """One percentile of one interval under two plans; `unit_kind` "" is all kinds, `area` "" the whole city."""

    unit_kind: str
    difference: Difference
    area: str = ""
    n: tuple[int, int] = (0, 0)  # values under today's plan and under the other

    @property
    def real(self) -> bool:
        """True when the interval leaves out zero: more than the luck of the days."""
        return self.difference.low_s > 0 or self.difference.high_s < 0


def compare(
    today: History, other: History, kinds: tuple[str, ...], seed: int, *, by_incident: bool = False
) -> list[Change]:
    """Every compared percentile, over all units and for each kind that was decided anew.

    Its interval is drawn over whole days, or over whole incidents, which are the same ones in both.
    """
    changes: list[Change] = []
    numbers: dict[str, int] = {}
    blocks = [_numbered(run, numbers) if by_incident else None for run in (today, other)]
    for kind in ("", *kinds):
        for name, percent in COMPARED:
            of = interval(name)
            if kind and of.per == "call":
                continue
            a, b = (
                sample(run, of, _rows(run, "unit_kind", kind), drawn)
                for run, drawn in zip((today, other), blocks, strict=True)
            )
            if len(a.values_ms) and len(b.values_ms):
                n = (len(a.values_ms), len(b.values_ms))
                changes.append(Change(kind, difference(a, b, seed=seed, percent=percent), n=n))
    return changes


def compare_areas(today: History, other: History, seed: int) -> list[Change]:
    """The median response in each station area with enough calls, the largest change first, ties by the area's name."""
    of = interval("response")
    changes: list[Change] = []
    for area in sorted(set(today.categories["station_area"].values)):
        a, b = (sample(run, of, _rows(run, "station_area", area)) for run in (today, other))
        if min(len(a.values_ms), len(b.values_ms)) >= AREA_CALLS_MIN:
            found = difference(a, b, seed=seed, percent=50, confidence=AREA_CONFIDENCE)
            changes.append(Change("", found, area, (len(a.values_ms), len(b.values_ms))))
    return sorted(changes, key=lambda change: (-abs(change.difference.difference_s), change.area))


def _numbered(history: History, numbers: dict[str, int]) -> "np.typing.NDArray[np.int64]":
    """For every row the number of its incident, the same for the same id in every history that shares `numbers`."""
    codes = history.incident
    of_value = np.array([numbers.setdefault(name, len(numbers)) for name in codes.values], np.int64)
    return of_value[codes.codes]


def _rows(history: History, category: str, value: str) -> "np.typing.NDArray[np.bool_] | None":
    """Which rows (n,) carry a value; None, which is all, for ""."""
    if not value:
        return None
    codes = history.categories[category]
    wanted = codes.values.index(value) if value in codes.values else -2
    return np.asarray(codes.codes == wanted)

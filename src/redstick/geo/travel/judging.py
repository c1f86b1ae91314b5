"""How well a model predicts drives that it has not seen, beside the two-parameter line of the same fit."""

from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from redstick.geo.travel.features import Drives
from redstick.geo.travel.model import TravelModel
from redstick.geo.travel.trips import Trips

F64 = NDArray[np.float64]

PAIR_WITHIN_MS = 60_000  # units of one incident sent within a minute of each other


@dataclass(frozen=True)
class Judgement:
    """Figures over `n` drives. `*_order_agreement` is the share of `pairs` whose order of arrival was predicted right.

    A pair is two units of one incident sent within a minute; its arrivals are predicted as departure + travel time.
    `bias` is the mean prediction over the mean of the real times, minus 1. Agreements are NaN without a pair.
    """

    n: int
    unrouted: int
    median_abs_error_s: float
    baseline_error_s: float
    mean_abs_error_s: float
    baseline_mean_abs_error_s: float
    bias: float
    baseline_bias: float
    above_p90: float
    below_p10: float
    pairs: int
    order_agreement: float
    baseline_order_agreement: float

    @property
    def ratio(self) -> float:
        """Median absolute error as a share of the line's."""
        return self.median_abs_error_s / self.baseline_error_s

    def as_json(self) -> dict[str, float | int]:
        """All figures by name."""
        return {**asdict(self), "ratio": self.ratio}


def judge(model: TravelModel, trips: Trips, drives: Drives) -> Judgement:
    """Compare predictions with real durations. Raises ValueError without a drive that has both."""
    known = np.isfinite(trips.duration_s)
    trips, drives = trips.where(known), drives.where(known)
    if not len(trips):
        raise ValueError("there is no drive with a duration to judge by")
    real_s, line_s = trips.duration_s, model.line_s(drives)
    told = model.predict(trips, drives)
    error_s, line_error_s = np.abs(told.p50_s - real_s), np.abs(line_s - real_s)
    pairs = _pairs(trips)
    return Judgement(
        n=len(trips),
        unrouted=int((~drives.routed).sum()),
        median_abs_error_s=float(np.median(error_s)),
        baseline_error_s=float(np.median(line_error_s)),
        mean_abs_error_s=float(error_s.mean()),
        baseline_mean_abs_error_s=float(line_error_s.mean()),
        bias=float(told.mean_s.mean() / real_s.mean() - 1),
        baseline_bias=float(line_s.mean() / real_s.mean() - 1),
        above_p90=float((real_s > told.p90_s).mean()),
        below_p10=float((real_s < told.p10_s).mean()),
        pairs=len(pairs),
        order_agreement=_agreement(trips, pairs, told.p50_s),
        baseline_order_agreement=_agreement(trips, pairs, line_s),
    )


def _pairs(trips: Trips) -> list[tuple[int, int]]:
    by_incident: dict[str, list[int]] = {}
    for i, incident in enumerate(trips.incident.tolist()):
        by_incident.setdefault(incident, []).append(i)
    arrived_ms = trips.departed_ms + trips.duration_s * 1000
    return [
        (one, other)
        for rows in by_incident.values()
        for one, other in combinations(rows, 2)
        if abs(int(trips.sent_ms[one] - trips.sent_ms[other])) <= PAIR_WITHIN_MS
        and arrived_ms[one] != arrived_ms[other]
    ]


def _agreement(trips: Trips, pairs: list[tuple[int, int]], predicted_s: F64) -> float:
    if not pairs:
        return float("nan")
    one, other = np.array(pairs).T
    start_s = (trips.departed_ms - trips.departed_ms.min()) / 1000
    told, real = start_s + predicted_s, start_s + trips.duration_s
    return float((np.sign(told[one] - told[other]) == np.sign(real[one] - real[other])).mean())

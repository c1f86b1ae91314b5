"""Fitting a distribution of travel times to drives, cross-fitted by day so that its error is that of days not seen."""

import numpy as np
from numpy.typing import NDArray

from redstick.geo.travel.features import Drives
from redstick.geo.travel.model import (
    FITTED,
    LEVELS,
    LINE,
    MILLIONTHS,
    P90,
    TravelModel,
    free_flow,
    median_of,
    spread_of,
)
from redstick.geo.travel.regression import quantile_fit
from redstick.geo.travel.terms import LINE_TERMS, choose_terms, table_of
from redstick.geo.travel.trips import Trips

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

LINE_TRIPS_MIN = 30  # fewer do not bear even a line
FITTED_TRIPS_MIN = 400
FOLDS_WITHOUT_DAYS = 5
GROUP_TRIPS_MIN = 30
PENALTY = 0.3  # of a term, for its standard deviation, times the root of the number of drives: decision record 3


def fit(trips: Trips, drives: Drives) -> TravelModel:
    """A model of the drives; those without a road are left out.

    From FITTED_TRIPS_MIN drives on a full model, from LINE_TRIPS_MIN on the robust line with its spread, and with
    fewer the free-flow times, marked uncalibrated.
    """
    usable = drives.routed & np.isfinite(trips.duration_s)
    trips, drives = trips.where(usable), drives.where(usable)
    if len(trips) < LINE_TRIPS_MIN:
        return free_flow()
    form = FITTED if len(trips) >= FITTED_TRIPS_MIN else LINE
    terms = choose_terms(trips) if form == FITTED else LINE_TERMS
    seen_s = cross_fitted(trips, drives, terms)
    spread_terms = tuple(term for term in terms if _widens(term))
    everything = np.ones(len(trips), bool)
    spread = _millionths(_fit_spread(trips, drives, seen_s, spread_terms))
    spread_s = spread_of(trips, drives, seen_s, spread_terms, np.array(spread) / MILLIONTHS)
    deviation = (trips.duration_s - seen_s) / spread_s
    line = _millionths(_fit_median(trips, drives, LINE_TERMS, everything))
    deviations = _millionths(np.array([_outer_quantile(deviation, level) for level in LEVELS]))
    p90_s = seen_s + spread_s * (deviations[P90] / MILLIONTHS)
    # The mean of the deviations that leaves the mean of the cross-fitted predictions without bias.
    mean_deviation = float((trips.duration_s - seen_s).mean() / spread_s.mean())
    return TravelModel(
        form=form,
        trips=len(trips),
        terms=terms,
        median=_millionths(_fit_median(trips, drives, terms, everything)),
        spread_terms=spread_terms,
        spread=spread,
        deviations=deviations,
        mean_deviation=round(mean_deviation * MILLIONTHS),
        line=(line[0], line[1]),
        groups=_published(trips, seen_s, p90_s, seen_s + spread_s * mean_deviation),
    )


def folds_of(trips: Trips) -> I64:
    """A fold for each trip: its day; with a single day, its incident's place in the order of names."""
    if len(np.unique(trips.day)) > 1:
        return np.unique(trips.day, return_inverse=True)[1].astype(np.int64)
    return np.unique(trips.incident, return_inverse=True)[1].astype(np.int64) % FOLDS_WITHOUT_DAYS


def _fit_median(trips: Trips, drives: Drives, terms: tuple[str, ...], kept: Bools) -> F64:
    """Least absolute errors, each term beyond the line at a price; then weighted by the inverse of the time.

    Errors grow with the time; a median fit is most efficient with weights in proportion to the density at the median
    (Koenker, 2005, §5.3). The line of the yardstick is unweighted and free.
    """
    trips, drives = trips.where(kept), drives.where(kept)
    table = table_of(trips, drives, terms)
    if terms == LINE_TERMS:
        return quantile_fit(table, trips.duration_s)
    penalty = PENALTY * np.sqrt(len(trips)) * table.std(axis=0)
    penalty[: len(LINE_TERMS)] = 0  # the line itself is free
    first = quantile_fit(table, trips.duration_s, penalty=penalty)
    weights = 1 / median_of(trips, drives, terms, first)
    return quantile_fit(table, trips.duration_s, weights=weights / weights.mean(), penalty=penalty)


def cross_fitted(trips: Trips, drives: Drives, terms: tuple[str, ...]) -> F64:
    """Each trip's median by a model that has not seen its fold."""
    fold = folds_of(trips)
    predicted = np.empty(len(trips))
    for left_out in np.unique(fold):
        asked = fold == left_out
        coefficients = _fit_median(trips, drives, terms, ~asked)
        predicted[asked] = median_of(trips.where(asked), drives.where(asked), terms, coefficients)
    return predicted


_WIDENING = ("one", "priority=", "unit_kind=", "rival_nearer_s", "first_due", "workday_hours")


def _widens(term: str) -> bool:
    """What makes a drive less certain, beside its length; products are left to the median."""
    return ":" not in term and term.startswith(_WIDENING)


def _fit_spread(trips: Trips, drives: Drives, seen_s: F64, terms: tuple[str, ...]) -> F64:
    """The upper quartile of the absolute error of days not seen, as a line in the median and the terms."""
    table = np.column_stack([seen_s, table_of(trips, drives, terms)])
    return quantile_fit(table, np.abs(trips.duration_s - seen_s), level=0.75)


def _outer_quantile(values: F64, level: float) -> float:
    """The empirical quantile with the finite-sample step of split conformal prediction (Vovk, 2005)."""
    rank = level * (len(values) + 1)
    step = np.ceil(rank) if level > 0.5 else np.floor(rank) if level < 0.5 else rank
    return float(np.quantile(values, min(max((step - 1) / (len(values) - 1), 0), 1)))


def _published(trips: Trips, p50_s: F64, p90_s: F64, mean_s: F64) -> dict[str, dict[str, int]]:
    """The error on days not seen, for all trips and for each group that is large enough.

    Each group has `n`, `median_abs_error_ms`, `p90_abs_error_ms`, `above_p90_per_mille`, `mean_bias_per_mille`.
    """
    groups: dict[str, Bools] = {"all": np.ones(len(trips), bool)}
    for kind in ("unit_kind", "priority", "call_type"):
        words = getattr(trips, kind)
        groups |= {f"{kind}={word}": words == word for word in sorted(set(words.tolist()))}
    groups |= {"first_due": trips.first_due, "not first_due": ~trips.first_due}
    published = {}
    for name, kept in groups.items():
        if int(kept.sum()) < GROUP_TRIPS_MIN:
            continue
        real_s = trips.duration_s[kept]
        error_s = np.abs(real_s - p50_s[kept])
        published[name] = {
            "n": int(kept.sum()),
            "median_abs_error_ms": round(float(np.median(error_s)) * 1000),
            "p90_abs_error_ms": round(float(np.quantile(error_s, 0.9)) * 1000),
            "above_p90_per_mille": round(float((real_s > p90_s[kept]).mean()) * 1000),
            "mean_bias_per_mille": round(float(mean_s[kept].mean() / real_s.mean() - 1) * 1000),
        }
    return published


def _millionths(values: F64) -> tuple[int, ...]:
    return tuple(round(float(value) * MILLIONTHS) for value in values)

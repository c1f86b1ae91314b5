"""Missing figures filled, each method a pure function of arrays (places in rows, indicators in columns)."""

import numpy as np
from numpy.typing import NDArray

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import Impute
from redstick.survey.index.stages import Codes, Flags, Floats, mean_of_present

_MOST_ROUNDS = 100
_SETTLED = 1e-8  # standard deviations by which a filled figure may still move


def impute(values: Floats, rule: Impute, groups: Codes | None = None) -> Floats:
    """Missing figures filled by `rule` from observed ones; a column or group without any stays missing.

    `groups` holds a code for each place, needed by the two group methods; a code below 0 belongs to none.
    """
    holes = np.isnan(values)
    if rule.method == "none" or not holes.any():
        return values.copy()
    if rule.method == "constant":
        return np.where(holes, rule.constant, values)
    if rule.method == "row-mean":
        return np.where(holes, mean_of_present(values.T)[:, None], values)
    if rule.method == "regression":
        return by_regression(values)
    middle = _median_of_present if rule.method.endswith("median") else mean_of_present
    if not rule.method.startswith("group"):
        return np.where(holes, middle(values)[None, :], values)
    if groups is None:
        raise IndexFault("", None, f"imputing by {rule.method} needs the column of its groups")
    out = values.copy()
    for code in np.unique(groups[groups >= 0]):
        rows = groups == code
        part = values[rows]
        out[rows] = np.where(np.isnan(part), middle(part)[None, :], part)
    return out


def _median_of_present(values: Floats) -> Floats:
    return np.array([np.median(seen) if seen.size else np.nan for seen in _seen_columns(values)])


def _seen_columns(values: Floats) -> list[Floats]:
    return [column[~np.isnan(column)] for column in values.T]


def by_regression(values: Floats, shrink: float | None = None) -> Floats:
    """Missing figures predicted from a place's other figures, by the multivariate normal of most likelihood (EM).

    Source: Dempster, Laird, Rubin, JRSS B 39 (1977). Correlations are shrunk towards none by `shrink`, the share
    indicators / (indicators + places) unless given, so that a table wider than long has an answer. A column with
    fewer than two different figures is filled with its mean and predicts nothing.
    """
    n_places, n_columns = values.shape
    mean = mean_of_present(values)
    deviation = np.sqrt(mean_of_present((values - mean) ** 2))
    used = np.flatnonzero(deviation > 0)
    out = np.where(np.isnan(values), mean[None, :], values)
    holes = np.isnan(values[:, used])
    if not holes.any():
        return out
    scaled = (out[:, used] - mean[used]) / deviation[used]
    shrink = n_columns / (n_columns + n_places) if shrink is None else shrink
    patterns = _patterns(holes)
    spread = np.zeros((len(used), len(used)))
    for _ in range(_MOST_ROUNDS):
        centre = scaled.mean(axis=0)
        offset = scaled - centre
        covariance = (offset.T @ offset + spread) / n_places
        precision = np.linalg.inv((1 - shrink) * covariance + shrink * np.diag(np.diag(covariance)))
        spread = np.zeros_like(covariance)
        moved = 0.0
        for rows, lacking in patterns:
            inner = np.linalg.inv(precision[np.ix_(lacking, lacking)])
            own = offset[np.ix_(rows, lacking)]
            # E[x_m | x_o] = centre_m - K_mm^-1 K_mo (x_o - centre_o), K the precision
            outer = offset[rows] @ precision[:, lacking] - own @ precision[np.ix_(lacking, lacking)]
            filled = centre[lacking] - outer @ inner
            moved = max(moved, float(np.abs(filled - scaled[np.ix_(rows, lacking)]).max()))
            scaled[np.ix_(rows, lacking)] = filled
            spread[np.ix_(lacking, lacking)] += len(rows) * inner
        if moved < _SETTLED:
            break
    out[:, used] = np.where(holes, scaled * deviation[used] + mean[used], values[:, used])
    return out


def _patterns(holes: Flags) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """(rows, lacking columns) of each set of rows that lack the same columns."""
    kinds, kind = np.unique(holes, axis=0, return_inverse=True)
    kind = kind.ravel()
    order = np.argsort(kind, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(kind))[:-1])
    return [(part, np.flatnonzero(lacks)) for part, lacks in zip(rows, kinds, strict=True) if lacks.any()]

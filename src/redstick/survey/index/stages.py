"""The stages before aggregation, each a pure function of arrays (places in rows, indicators in columns, NaN = missing).

None changes its input. Formulas are those of the OECD/JRC Handbook (2008); skewness and kurtosis are the sample
estimators G1 and G2, as spreadsheets give them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import Normalise, Treat

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]


def denominate(values: Floats, denominators: Sequence[Floats | None], scales: Sequence[float]) -> Floats:
    """Each column divided by its denominator and multiplied by its scale; a missing or zero denominator is missing."""
    out = values.copy()
    for column, (denominator, scale) in enumerate(zip(denominators, scales, strict=True)):
        if denominator is not None:
            divisor = np.where(denominator == 0, np.nan, denominator)
            out[:, column] = values[:, column] / divisor * scale
    return out


def mean_of_present(values: Floats) -> Floats:
    """The mean of each column over its present figures; NaN where there is none."""
    present = ~np.isnan(values)
    count = present.sum(axis=0)
    total = np.where(present, values, 0.0).sum(axis=0)
    mean: Floats = np.divide(total, count, out=np.full(values.shape[1], np.nan), where=count > 0)
    return mean


@dataclass(frozen=True)
class Treated:
    """A treated table. `moved` lists (row, column) of winsorised points; `transformed` names a column's transform."""

    values: Floats
    moved: tuple[tuple[int, int], ...]
    transformed: dict[int, str]


def treat(values: Floats, rule: Treat) -> Treated:
    """Outliers drawn in column by column until the column passes, or the column transformed."""
    out = values.copy()
    moved: list[tuple[int, int]] = []
    transformed: dict[int, str] = {}
    if rule.method == "none":
        return Treated(out, (), {})
    for column in _failing(values, rule):
        seen = np.flatnonzero(~np.isnan(values[:, column]))
        figures = values[seen, column]
        drawn_in, points = _winsorised(figures, rule) if rule.method == "winsorise" else (figures, None)
        if points is None:
            how = rule.otherwise if rule.method == "winsorise" else rule.method
            drawn_in, points = _transformed(figures, how), ()
            transformed[column] = how
        out[seen, column] = drawn_in
        moved += [(int(seen[point]), column) for point in points]
    return Treated(out, tuple(moved), transformed)


def _failing(values: Floats, rule: Treat) -> list[int]:
    """Columns that do not pass as they are, found in one pass over the whole table."""
    skewness, kurtosis = shape(values)
    passing = (np.abs(skewness) < rule.skew) | (kurtosis < rule.kurtosis) | np.isnan(skewness)
    return [int(column) for column in np.flatnonzero(~passing)]


def shape(values: Floats) -> tuple[Floats, Floats]:
    """Skewness G1 and excess kurtosis G2 of each column over its present figures; NaN below 4 or without variation."""
    present = ~np.isnan(values)
    n = present.sum(axis=0).astype(np.float64)
    offset = np.where(present, values - mean_of_present(values)[None, :], 0.0)
    square = offset * offset
    s2, s3, s4 = square.sum(axis=0), (square * offset).sum(axis=0), (square * square).sum(axis=0)
    enough = (n > 3) & (s2 > 0)
    n, s2 = np.where(enough, n, 4.0), np.where(enough, s2, 1.0)
    g1 = np.sqrt(n) * s3 / s2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
    g2 = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (n * s4 / s2**2 - 3) + 6)
    return np.where(enough, g1, np.nan), np.where(enough, g2, np.nan)


def _winsorised(figures: Floats, rule: Treat) -> tuple[Floats, tuple[int, ...] | None]:
    """The column with its extremes drawn in one value at a time; points None when the limit was reached in vain."""
    changed: set[int] = set()
    now = figures.copy()
    while True:
        skewness, kurtosis = (float(moment[0]) for moment in shape(now[:, None]))
        if np.isnan(skewness) or abs(skewness) < rule.skew or kurtosis < rule.kurtosis:
            return now, tuple(sorted(changed))
        if len(changed) >= rule.limit:
            return figures, None
        edge = now.max() if skewness >= 0 else now.min()
        inner = now[now != edge]
        at_edge = np.flatnonzero(now == edge)
        now[at_edge] = inner.max() if skewness >= 0 else inner.min()
        changed.update(int(point) for point in at_edge)


def _transformed(figures: Floats, how: str) -> Floats:
    if how == "none":
        return figures
    lifted = figures - figures.min() + 0.01 * (figures.max() - figures.min())
    if how == "log":
        logged: Floats = np.log(lifted)
        return logged
    from scipy.stats import boxcox  # noqa: PLC0415  (takes a second to load and is seldom asked for)

    powered: Floats = boxcox(lifted)[0]
    return powered


def normalise(
    values: Floats,
    rule: Normalise,
    directions: NDArray[np.int64],
    goalposts: tuple[Floats, Floats] | None = None,
    names: Sequence[str] = (),
) -> Floats:
    """Figures on one scale where more is better, whatever their direction was.

    `goalposts` are the worst and best of each column for the method of that name. Raises IndexFault for a constant
    column under `constant = "fault"` and where a method does not apply.
    """
    if rule.method == "none":
        return values * directions
    if rule.method == "goalposts":
        return _between_goalposts(values, rule, goalposts, names)
    turned = values * directions
    if rule.method == "share-of-best":
        return _share_of_best(values, rule, directions, names)
    by_order = rule.method in {"rank", "percentile"}
    out = _ranked_columns(turned, rule) if by_order else _scaled_columns(turned, rule)
    return _constant_columns(out, turned, rule, names)


def _scaled_columns(turned: Floats, rule: Normalise) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        if rule.method == "min-max":
            low, high = _extremes(turned)
            return (turned - low) / (high - low) * (rule.high - rule.low) + rule.low
        count = (~np.isnan(turned)).sum(axis=0)
        offset = turned - mean_of_present(turned)
        deviation = np.sqrt(np.nansum(offset * offset, axis=0) / np.maximum(count - 1, 1))
        scaled: Floats = offset / deviation * rule.sd + rule.mean
        return scaled


def _named(column: int, names: Sequence[str]) -> str:
    return repr(names[column]) if names else f"column {column + 1}"


def _extremes(values: Floats) -> tuple[Floats, Floats]:
    present = ~np.isnan(values)
    low = np.where(present, values, np.inf).min(axis=0, initial=np.inf)
    high = np.where(present, values, -np.inf).max(axis=0, initial=-np.inf)
    return low, high


def _ranked_columns(turned: Floats, rule: Normalise) -> Floats:
    """The number of figures below, ties halved, plus one; as a percentile from `low` to `high` where asked for."""
    out = np.full_like(turned, np.nan)
    for column in range(turned.shape[1]):
        seen = ~np.isnan(turned[:, column])
        figures = turned[seen, column]
        ordered = np.sort(figures)
        below, upto = np.searchsorted(ordered, figures, "left"), np.searchsorted(ordered, figures, "right")
        place = (below + upto + 1) / 2
        if rule.method == "percentile":
            place = (place - 1) / max(len(figures) - 1, 1) * (rule.high - rule.low) + rule.low
        out[seen, column] = place
    return out


def _constant_columns(out: Floats, turned: Floats, rule: Normalise, names: Sequence[str]) -> Floats:
    low, high = _extremes(turned)
    for column in np.flatnonzero(low == high):
        if rule.constant == "fault":
            name = _named(int(column), names)
            raise IndexFault("", None, f"indicator {name}: expected at least two different figures")
        middle = rule.mean if rule.method == "z-score" else (rule.low + rule.high) / 2
        if rule.method == "rank":
            continue  # all tied: the middle rank already
        filled = middle if rule.constant == "middle" else np.nan
        out[:, column] = np.where(np.isnan(turned[:, column]), np.nan, filled)
    return out


def _share_of_best(values: Floats, rule: Normalise, directions: NDArray[np.int64], names: Sequence[str]) -> Floats:
    """The share x / best for more-is-better, best / x for less-is-better; figures must be above zero."""
    low, high = _extremes(values)
    for column in np.flatnonzero(low <= 0):
        name = _named(int(column), names)
        raise IndexFault("", None, f"indicator {name}: share-of-best expects figures above zero")
    shares = np.where(directions > 0, values / high, low / values)
    scaled: Floats = shares * (rule.high - rule.low) + rule.low
    return scaled


def _between_goalposts(
    values: Floats, rule: Normalise, goalposts: tuple[Floats, Floats] | None, names: Sequence[str]
) -> Floats:
    """(x - worst) / (best - worst), kept within the scale; direction is in the goalposts themselves."""
    if goalposts is None:
        raise IndexFault("", None, "goalposts expect `worst` and `best` of every indicator")
    for column in np.flatnonzero(np.isnan(goalposts[0] + goalposts[1]) | (goalposts[0] == goalposts[1])):
        name = _named(int(column), names)
        raise IndexFault("", None, f"indicator {name}: expected `worst` and `best`, two different figures")
    worst, best = goalposts
    share = np.clip((values - worst) / (best - worst), 0.0, 1.0)
    scaled: Floats = share * (rule.high - rule.low) + rule.low
    return scaled

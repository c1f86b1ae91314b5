"""Declared rounding, ranks in both tie styles, within classes; more is better, missing scores are not ranked (0)."""

import numpy as np
from numpy.typing import NDArray

from redstick.survey.index.model import Ranking
from redstick.survey.index.stages import Flags, Floats

Ranks = NDArray[np.int32]
Order = NDArray[np.int64]

_HALF = 1e-9  # within this share of the last digit a figure counts as standing on the half


def rounded(scores: Floats, rule: Ranking) -> Floats:
    """Scores to `digits` decimals; a figure within 1e-9 of a half or of a step is taken to stand on it."""
    if rule.rounding == "none":
        return scores.copy()
    power = 10.0**rule.digits
    scaled = scores * power
    nearest = np.rint(scaled)
    if rule.rounding in {"floor", "ceiling"}:
        on_step = np.abs(scaled - nearest) <= _HALF * np.maximum(1.0, np.abs(scaled))
        moved = np.floor(scaled) if rule.rounding == "floor" else np.ceil(scaled)
        return np.where(on_step, nearest, moved) / power
    below = np.floor(scaled)
    on_half = np.abs(scaled - below - 0.5) <= _HALF
    at_half = {
        "half-up": below + 1,
        "half-down": below,
        "half-even": below + np.mod(below, 2),
    }[rule.rounding]
    return np.where(on_half, at_half, nearest) / power


def rank(
    scores: Floats, rule: Ranking, classes: NDArray[np.int64] | None = None, breakers: Floats | None = None
) -> Ranks:
    """Rank of each place among all, or among its class; 0 where the score is missing.

    `scores` is (places,), unrounded; rounding is applied here as declared. `breakers` is (places, tie-breakers), in the
    order in which they are asked; a missing one is less than any figure.
    """
    shown = rounded(scores, rule) if rule.on == "rounded" else scores
    if breakers is not None:
        breakers = np.where(np.isnan(breakers), -np.inf, breakers)
    if classes is None:
        return _rank_one(shown, rule, breakers)
    ranks = np.zeros(len(scores), dtype=np.int32)
    for code in np.unique(classes[classes >= 0]):
        members = np.flatnonzero(classes == code)
        ranks[members] = _rank_one(shown[members], rule, None if breakers is None else breakers[members])
    return ranks


def _rank_one(scores: Floats, rule: Ranking, breakers: Floats | None) -> Ranks:
    seen = np.flatnonzero(~np.isnan(scores))
    order = seen[np.argsort(-scores[seen])]
    ordered = scores[order]
    ranks = np.zeros(len(scores), dtype=np.int32)
    if not len(order):
        return ranks
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = ordered[:-1] - ordered[1:] > rule.tolerance
    if breakers is not None:
        order, fresh = _parted(order, fresh, breakers, rule.tolerance)
    if rule.ties == "dense":
        ranks[order] = np.cumsum(fresh)
    else:
        ranks[order] = np.maximum.accumulate(np.where(fresh, np.arange(1, len(order) + 1), 0))
    return ranks


def _parted(order: Order, fresh: Flags, breakers: Floats, tolerance: float) -> tuple[Order, Flags]:
    """Tied places parted by one tie-breaker after the other: the new order and where a new rank begins."""
    for breaker in breakers.T:
        tied = np.cumsum(fresh)
        within = np.lexsort((-breaker[order], tied))
        order, values = order[within], breaker[order[within]]
        with np.errstate(invalid="ignore"):
            fresh[1:] |= ~(np.abs(values[:-1] - values[1:]) <= tolerance) & (values[:-1] != values[1:])
    return order, fresh

"""Whether a count really changed: two spells compared, with an interval that can say "no real change".

Given how many events two spells hold together, the part that falls in the later one is binomial when nothing changed;
Clopper and Pearson's exact interval of that part gives the interval of the ratio of rates (Przyborowski and Wilenski
1940). Counts of crime vary more than that: the spread of what came before, never below 1, shrinks both counts, so that
the interval widens. It is measured between neighbours, weeks and whole spells, and the wildest tenth is left out, so
that neither a season nor one night of fireworks passes for it. Many kinds looked at together raise false alarms: the
rate of these is held by Benjamini and Hochberg's procedure (1995).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, gammainc, gammaincinv

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

WEEK_DAYS = 7
UNCHANGED = "no real change"
WILDEST_SHARE = 0.1  # of neighbours, left out
FEWEST_NEIGHBOURS = 6
FALSE_ALARMS = 0.05  # share of verdicts "up" or "down" that may be luck


@dataclass(frozen=True)
class Trend:
    """One kind: counts of both spells, the ratio of their daily rates with its 95 % interval, and the verdict."""

    kind: str
    earlier: int
    later: int
    earlier_days: int
    later_days: int
    dispersion: float
    ratio: float  # NaN when the earlier spell is empty
    low: float
    high: float
    p: float
    verdict: str  # "up", "down", "no real change"


def trends(kinds: Sequence[str], day: I64, *, later_from: int, earlier_from: int, end: int) -> list[Trend]:
    """One trend a kind, and one of all ("") first; spells are [earlier_from, later_from) and [later_from, end).

    The weeks before `later_from` tell how much weeks vary. Raises ValueError when a spell is empty of days.
    """
    if not earlier_from < later_from < end:
        raise ValueError("the spells need at least one day each, the earlier first")
    labels = np.array(kinds, np.str_)
    names = ["", *sorted({kind for kind in kinds if kind})]
    found = []
    for name in names:
        days = day if not name else day[labels == name]
        found.append(_trend(name, days, earlier_from, later_from, end))
    return _with_verdicts(found)


def _trend(kind: str, day: I64, earlier_from: int, later_from: int, end: int) -> Trend:
    earlier = int(((day >= earlier_from) & (day < later_from)).sum())
    later = int(((day >= later_from) & (day < end)).sum())
    span_a, span_b = later_from - earlier_from, end - later_from
    phi = dispersion(day, later_from, span_b)
    ratio, low, high, p = rate_ratio(earlier, later, span_a, span_b, phi)
    return Trend(kind, earlier, later, span_a, span_b, phi, ratio, low, high, p, "")


def dispersion(day: I64, until: int, spell_days: int = WEEK_DAYS) -> float:
    """How many times more counts before `until` vary than Poisson's would, at least 1: by weeks and by spells.

    Between neighbours a and b the statistic (a - b)^2 / (a + b) has mean 1 for Poisson counts of one rate. The larger
    of both spreads counts; under six neighbours say nothing.
    """
    day = day[day < until]
    return max(1.0, *(_spread(day, until, length) for length in (WEEK_DAYS, max(WEEK_DAYS, spell_days))))


def _spread(day: I64, until: int, length: int) -> float:
    whole = int((until - day.min()) // length) if len(day) else 0
    if whole < FEWEST_NEIGHBOURS + 1:
        return 1.0
    counts = np.bincount((until - 1 - day) // length, minlength=whole)[:whole].astype(np.float64)
    total = counts[1:] + counts[:-1]
    apart = np.sort((counts[1:] - counts[:-1])[total > 0] ** 2 / total[total > 0])
    if len(apart) < FEWEST_NEIGHBOURS:
        return 1.0
    kept = apart[: -max(2, round(WILDEST_SHARE * len(apart)))]  # one wild spell makes two wild neighbours
    # Mean of what is kept of a chi-squared with one degree of freedom: P(chi2_3 < q) / P(chi2_1 < q).
    share = len(kept) / len(apart)
    return float(kept.mean() * share / gammainc(1.5, gammaincinv(0.5, share)))


def rate_ratio(a: int, b: int, span_a: int, span_b: int, phi: float = 1.0) -> tuple[float, float, float, float]:
    """Later rate over earlier rate, its 95 % interval, and the two-sided p of no change."""
    ratio = float("nan") if a == 0 else (b / span_b) / (a / span_a)
    k, n = b / phi, (a + b) / phi
    if n == 0:
        return ratio, 0.0, float("inf"), 1.0
    low = 0.0 if b == 0 else float(betaincinv(k, n - k + 1, 0.025))
    high = 1.0 if a == 0 else float(betaincinv(k + 1, n - k, 0.975))
    exposure = span_a / span_b
    null = span_b / (span_a + span_b)
    below = 1.0 if a == 0 else 1 - float(betainc(k + 1, n - k, null))
    above = 1.0 if b == 0 else float(betainc(k, n - k + 1, null))
    p = min(1.0, 2 * min(below, above))
    odds_high = float("inf") if high >= 1 else high / (1 - high)
    return ratio, exposure * low / (1 - low) if low < 1 else float("inf"), exposure * odds_high, p


def _with_verdicts(found: list[Trend]) -> list[Trend]:
    """Benjamini and Hochberg over the kinds; the total is judged by itself."""
    kinds = found[1:]
    order = sorted(range(len(kinds)), key=lambda i: (kinds[i].p, kinds[i].kind))
    passed = 0
    for rank, i in enumerate(order, 1):
        if kinds[i].p <= FALSE_ALARMS * rank / len(kinds):
            passed = rank
    real = {order[place] for place in range(passed)}
    judged = [_judged(found[0], real=found[0].p <= FALSE_ALARMS)]
    return [*judged, *(_judged(kind, real=i in real) for i, kind in enumerate(kinds))]


def _judged(trend: Trend, *, real: bool) -> Trend:
    risen = trend.later * trend.earlier_days > trend.earlier * trend.later_days
    verdict = ("up" if risen else "down") if real else UNCHANGED
    values = {name: getattr(trend, name) for name in trend.__dataclass_fields__}
    return Trend(**{**values, "verdict": verdict})

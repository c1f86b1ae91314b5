"""What moves ranks: shares of variance by choice (Sobol), and the one change that moves each place most.

Source of the design: Saisana, Saltelli, Tarantola, Uncertainty and sensitivity analysis techniques as tools for the
quality assessment of composite indicators, JRSS A 168 (2005). The estimators are SALib's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.plan import Data, Plan, Variant, prepared, ranked, score, weighed, with_ranking
from redstick.survey.index.ranking import Ranks
from redstick.survey.index.stages import Floats
from redstick.survey.index.uncertainty import choices, drawn_ranks, varied_weights
from redstick.survey.index.weighting import mean_shares

MOST_JUDGES = 200  # judges left out one at a time


@dataclass(frozen=True)
class Sobol:
    """First-order and total index of each factor with half-widths of their 95 % bootstrap intervals.

    `variance` is that of the output; at 0 nothing varies and every index is 0. `runs` is n (d + 2).
    """

    factors: tuple[str, ...]
    first: Floats
    first_margin: Floats
    total: Floats
    total_margin: Floats
    variance: float
    runs: int


def sobol(function: Callable[[Floats], Floats], factors: Sequence[str], n_base: int, seed: int) -> Sobol:
    """Indices of a function of points (runs, factors) in the unit cube, by a scrambled Sobol design.

    `n_base` must be a power of two. Raises IndexFault otherwise.
    """
    from SALib.analyze import sobol as analysis  # noqa: PLC0415  (takes seconds to load)
    from SALib.sample import sobol as design  # noqa: PLC0415  (takes seconds to load)

    if n_base < 2 or n_base & (n_base - 1):
        raise IndexFault("", None, f"a Sobol design expects a power of two as its base, found {n_base}")
    names = list(factors)
    problem: dict[str, Any] = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    points = np.asarray(design.sample(problem, n_base, calc_second_order=False, seed=seed), dtype=np.float64)
    output = np.asarray(function(np.minimum(points, np.nextafter(1.0, 0.0))), dtype=np.float64)
    variance = float(output.var())
    zero = np.zeros(len(names))
    if variance == 0:
        return Sobol(tuple(names), zero, zero, zero, zero, 0.0, len(points))
    found = analysis.analyze(problem, output, calc_second_order=False, seed=seed)
    parts = [np.asarray(found[key], dtype=np.float64) for key in ("S1", "S1_conf", "ST", "ST_conf")]
    return Sobol(tuple(names), parts[0], parts[1], parts[2], parts[3], variance, len(points))


def rank_sensitivity(
    plan: Plan, data: Data, n_base: int, seed: int, tell: Callable[[int], None] | None = None
) -> Sobol | None:
    """Indices of the mean absolute rank shift from nominal; None where fewer than two choices are declared."""
    chosen = choices(plan, data, np.random.default_rng(seed))
    if len(chosen.factors) < 2:
        return None
    nominal = score(plan, data).ranks

    def mean_shift(points: Floats) -> Floats:
        shifts = np.zeros(len(points))
        for point, ranks in drawn_ranks(plan, data, chosen, points, tell):
            shifts[point] = mean_absolute_shift(ranks[None, :], nominal)[0]
        return shifts

    return sobol(mean_shift, chosen.factors, n_base, seed)


def mean_absolute_shift(ranks: Ranks, nominal: Ranks) -> Floats:
    """Mean |rank - nominal| of each draw, over places ranked in both."""
    both = (ranks > 0) & (nominal > 0)
    moved = np.where(both, np.abs(ranks - nominal), 0).sum(axis=1)
    mean: Floats = moved / np.maximum(both.sum(axis=1), 1)
    return mean


@dataclass(frozen=True)
class Change:
    """One change to the index: its kind and name, and the ranks (places,) under it."""

    kind: str
    name: str
    ranks: Ranks


@dataclass(frozen=True)
class Influence:
    """What one change does: mean and largest absolute shift, the place moved most, and its ranks before and after."""

    kind: str
    name: str
    mean_shift: float
    largest_shift: int
    place: int
    before: int
    after: int


@dataclass(frozen=True)
class Deciding:
    """All changes tried, and for each place the one that moves it most: an index into `influences`, -1 for none."""

    influences: tuple[Influence, ...]
    decides: NDArray[np.int64]
    rank_then: Ranks


def deciding(plan: Plan, data: Data) -> Deciding:
    """Every single change tried by itself; the largest shift decides, the first tried among equals."""
    nominal = score(plan, data).ranks
    influences: list[Influence] = []
    decides = np.full(len(nominal), -1, dtype=np.int64)
    rank_then = nominal.copy()
    most = np.zeros(len(nominal), dtype=np.int64)
    for change in changes(plan, data):
        both = (nominal > 0) & (change.ranks > 0)
        shift = np.where(both, np.abs(change.ranks - nominal), 0)
        further = shift > most
        decides[further] = len(influences)
        rank_then[further] = change.ranks[further]
        most = np.maximum(most, shift)
        place = int(np.argmax(shift)) if len(shift) else 0
        influences.append(
            Influence(
                change.kind,
                change.name,
                float(shift.sum() / max(1, both.sum())),
                int(shift[place]),
                place,
                int(nominal[place]),
                int(change.ranks[place]),
            )
        )
    return Deciding(tuple(influences), decides, rank_then)


def changes(plan: Plan, data: Data) -> Iterator[Change]:
    """Rounding off, each declared alternative, then each group, question, allocation and judge left out."""
    nominal = prepared(plan, data)
    weights = weighed(plan, nominal)
    unsure = plan.model.uncertainty

    def ranks_of(values: Floats, using: Plan = plan, by: Floats = weights, method: Any = None) -> Ranks:
        [found] = ranked(using, data, values, by[:, None], method)
        return found

    def otherwise(variant: Variant) -> Ranks:
        values = prepared(plan, data, variant)
        return ranks_of(values, by=weighed(plan, values))

    if plan.model.ranking.rounding != "none" and plan.model.ranking.on == "rounded":
        yield Change("rule", "ranks of the unrounded score", ranks_of(nominal, with_ranking(plan, on="unrounded")))
    for rule in unsure.impute:
        yield Change("method", f"imputation: {rule.method}", otherwise(Variant(impute=rule)))
    for limit in unsure.treat_limits:
        treat = structs.replace(plan.model.treat, limit=limit)
        yield Change("method", f"treatment: limit {limit}", otherwise(Variant(treat=treat)))
    for scale in unsure.normalise:
        yield Change("method", f"normalisation: {scale.method}", otherwise(Variant(normalise=scale)))
    for way in unsure.weigh:
        yield Change("method", f"weighing: {way}", ranks_of(nominal, by=weighed(plan, nominal, way)))
    for method in unsure.aggregate:
        yield Change("method", f"aggregation: {method}", ranks_of(nominal, method=method))
    for kind, name, members in _left_out(plan):
        fewer = weights.copy()
        fewer[members] = 0.0
        yield Change(kind, name, ranks_of(nominal, by=fewer))
    for person, fewer in _allocations_without_one(plan, weights):
        yield Change("allocation", person, ranks_of(nominal, by=fewer))
    for judge, panel in _panels_without_one(data):
        yield Change("judge", judge, otherwise(Variant(judge_counts=panel)))


def _left_out(plan: Plan) -> Iterator[tuple[str, str, list[int]]]:
    """(kind, name, elements) of each group, then of each question (in all its repeats), that can be left out."""
    n_indicators = len(plan.indicators)
    siblings = {node.id: int((plan.weights[node.children] > 0).sum()) for node in plan.tree.nodes}
    for at, group in enumerate(plan.groups):
        if group.parent and group.weight > 0 and siblings[group.parent] > 1:
            yield "group", group.name or group.id, [n_indicators + at]
    names = {one.repeated or one.id: one.name or one.repeated or one.id for one in plan.indicators if one.weight > 0}
    for question, name in names.items():
        members = [at for at, one in enumerate(plan.indicators) if (one.repeated or one.id) == question]
        if all(siblings[plan.indicators[at].parent] > 1 for at in members):
            yield "question", name, members


def _allocations_without_one(plan: Plan, weights: Floats) -> Iterator[tuple[str, Floats]]:
    """Weights without the points of one person, where several allotted points and weights are as given."""
    people = plan.model.allocations
    if not 1 < len(people) <= MOST_JUDGES or plan.model.weigh.method != "given":
        return
    for at, one in enumerate(people):
        others = np.ones((1, len(people)))
        others[0, at] = 0.0
        yield one.judge, varied_weights(plan, weights, None, mean_shares(plan.allotted, others))[0]


def _panels_without_one(data: Data) -> Iterator[tuple[str, NDArray[np.int64]]]:
    if data.ratings is None or not 1 < len(data.ratings.judges) <= MOST_JUDGES:
        return
    for seat, judge in enumerate(data.ratings.judges):
        panel = np.ones(len(data.ratings.judges), dtype=np.int64)
        panel[seat] = 0
        yield judge, panel

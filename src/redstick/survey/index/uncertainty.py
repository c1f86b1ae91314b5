"""How sure a rank is: many scorings under declared choices, each draw a point in the unit cube.

A draw has one coordinate for each choice (`factors`), so that plain Monte Carlo and a Sobol design are the same
computation on different points. Stages before aggregation are computed once for each combination of choices that
reaches them; weights of many draws are aggregated together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from redstick.survey.index.aggregation import aggregate
from redstick.survey.index.errors import IndexFault
from redstick.survey.index.plan import Data, Plan, Variant, prepared, ranked, score
from redstick.survey.index.ranking import Ranks
from redstick.survey.index.stages import Floats

BATCH_CELLS = 1_200_000  # places x draws aggregated at once: bounds memory
WEIGHT_VECTORS = 4_096  # weight vectors that a draw's coordinate chooses from


@dataclass(frozen=True)
class Choices:
    """The declared alternatives, nominal first, and the panels and weight vectors drawn beforehand.

    `factors` names the coordinates in their order; `alternatives[factor]` is the number of its alternatives.
    """

    factors: tuple[str, ...]
    alternatives: dict[str, int]
    panels: NDArray[np.int64]
    lost: tuple[NDArray[np.bool_], ...]
    weights: Floats


@dataclass(frozen=True)
class Bands:
    """What a run says of each place; ranks run from 1, NaN for a place that is never ranked.

    `low` and `high` are the 5th and 95th percentile (linear interpolation, R type 7), `top` P(rank <= the model's
    top), `stays` P(rank = the nominal rank). `factors` are the choices that were varied, with their alternatives.
    """

    draws: int
    seed: int
    factors: dict[str, int]
    mean: Floats
    median: Floats
    low: Floats
    high: Floats
    top: Floats
    stays: Floats


def choices(plan: Plan, data: Data, rng: np.random.Generator) -> Choices:
    """The factors that the model declares and that have more than one alternative."""
    unsure = plan.model.uncertainty
    counts = {
        "imputation": 1 + len(unsure.impute),
        "treatment": 1 + len(unsure.treat_limits),
        "normalisation": 1 + len(unsure.normalise),
        "aggregation": 1 + len(unsure.aggregate),
    }
    panels = np.empty((0, 0), dtype=np.int64)
    if unsure.judge_panels and data.ratings is not None and len(data.ratings.judges) > 1:
        n_judges = len(data.ratings.judges)
        panels = rng.multinomial(n_judges, np.full(n_judges, 1 / n_judges), size=unsure.judge_panels)
        counts["judges"] = unsure.judge_panels
    lost: tuple[NDArray[np.bool_], ...] = ()
    if unsure.answers_lost:
        lost = tuple(rng.random(data.values.shape) < unsure.answers_lost for _ in range(unsure.answer_panels))
        counts["missing answers"] = len(lost)
    weights = np.empty((0, 0))
    if unsure.weights:
        weights = weight_vectors(plan, rng, WEIGHT_VECTORS)
        counts["weights"] = len(weights)
    varied = {name: count for name, count in counts.items() if count > 1}
    return Choices(tuple(varied), varied, panels, lost, weights)


def weight_vectors(plan: Plan, rng: np.random.Generator, n_vectors: int) -> Floats:
    """(vectors, elements): each varied weight times 1 + U(-spread, spread), each parent's sum kept.

    Repeats of one question share their factor: a weight belongs to the question, not to the repeat.
    """
    unsure = plan.model.uncertainty
    n_indicators = len(plan.indicators)
    keys = [one.repeated or one.id for one in plan.indicators] + [group.id for group in plan.groups]
    varied = np.ones(len(keys), dtype=np.bool_)
    varied[:n_indicators] = unsure.weights_on != "groups"
    varied[n_indicators:] = unsure.weights_on != "indicators"
    slot = {name: at for at, name in enumerate(dict.fromkeys(keys))}
    noise = 1.0 + rng.uniform(-unsure.weights, unsure.weights, size=(n_vectors, len(slot)))
    spread = noise[:, [slot[name] for name in keys]]
    weights = np.where(varied, plan.weights * spread, plan.weights)
    for node in plan.tree.nodes:
        total = weights[:, node.children].sum(axis=1, keepdims=True)
        weights[:, node.children] *= plan.weights[node.children].sum() / np.where(total > 0, total, 1.0)
    return weights


def simulate(
    plan: Plan,
    data: Data,
    chosen: Choices,
    points: Floats,
    tell: Callable[[int], None] | None = None,
) -> Ranks:
    """Ranks (points, places) of each point of the unit cube, one coordinate for each factor; 0 = not ranked.

    `tell` hears how many points are done.
    """
    picks = {
        name: np.minimum((points[:, at] * chosen.alternatives[name]).astype(np.int64), chosen.alternatives[name] - 1)
        for at, name in enumerate(chosen.factors)
    }
    none = np.zeros(len(points), dtype=np.int64)
    early = [
        picks.get(name, none) for name in ("judges", "missing answers", "imputation", "treatment", "normalisation")
    ]
    late = picks.get("aggregation", none)
    ranks = np.zeros((len(points), len(data.ids)), dtype=np.int32)
    done = 0
    keys, group_of = np.unique(np.column_stack(early), axis=0, return_inverse=True)
    for group, key in enumerate(keys):
        members = np.flatnonzero(group_of.ravel() == group)
        values = prepared(plan, data, _variant(plan, chosen, key))
        for how in np.unique(late[members]):
            these = members[late[members] == how]
            _rank_batches(plan, data, chosen, values, int(how), picks.get("weights"), these, ranks)
        done += len(members)
        if tell is not None:
            tell(done)
    return ranks


def _variant(plan: Plan, chosen: Choices, key: NDArray[np.int64]) -> Variant:
    judges, lost, imputation, treatment, normalisation = (int(number) for number in key)
    unsure = plan.model.uncertainty
    return Variant(
        impute=unsure.impute[imputation - 1] if imputation else None,
        treat=structs.replace(plan.model.treat, limit=unsure.treat_limits[treatment - 1]) if treatment else None,
        normalise=unsure.normalise[normalisation - 1] if normalisation else None,
        judge_counts=chosen.panels[judges] if "judges" in chosen.factors else None,
        lost=chosen.lost[lost] if "missing answers" in chosen.factors else None,
    )


def _rank_batches(
    plan: Plan,
    data: Data,
    chosen: Choices,
    values: Floats,
    how: int,
    vectors: NDArray[np.int64] | None,
    members: NDArray[np.int64],
    ranks: Ranks,
) -> None:
    """Ranks of the points that share all stages before aggregation, written into their rows."""
    method = plan.model.uncertainty.aggregate[how - 1] if how else None
    if vectors is None:
        index = aggregate(values, plan.tree, plan.weights[:, None], method, only_root=True)[0]
        ranks[members] = ranked(plan, data, index[:, 0])
        return
    step = max(1, BATCH_CELLS // max(1, len(values)))
    for start in range(0, len(members), step):
        batch = members[start : start + step]
        weights = chosen.weights[vectors[batch]].T
        index = aggregate(values, plan.tree, weights, method, only_root=True)[0]
        for place, column in zip(batch, index.T, strict=True):
            ranks[place] = ranked(plan, data, np.ascontiguousarray(column))


def bands(
    plan: Plan, data: Data, draws: int, seed: int, tell: Callable[[int], None] | None = None
) -> tuple[Bands, Ranks]:
    """A seeded Monte Carlo run: what it says of each place, and its ranks (draws, places)."""
    if draws < 1:
        raise IndexFault("", None, f"expected at least one draw, found {draws}")
    rng = np.random.default_rng(seed)
    chosen = choices(plan, data, rng)
    points = rng.random((draws, len(chosen.factors)))
    ranks = simulate(plan, data, chosen, points, tell)
    nominal = score(plan, data).ranks
    return summarise(ranks, nominal, plan.model.ranking.top, seed, chosen.alternatives), ranks


def summarise(ranks: Ranks, nominal: Ranks, top: int, seed: int, factors: dict[str, int]) -> Bands:
    """Statistics of ranks (draws, places); draws in which a place is not ranked do not speak of it."""
    draws, n_places = ranks.shape
    out = np.full((6, n_places), np.nan)
    step = max(1, 4_000_000 // draws)
    for start in range(0, n_places, step):
        part = slice(start, start + step)
        ordered = np.sort(ranks[:, part], axis=0)
        holes = (ordered == 0).sum(axis=0)
        count = draws - holes
        some = count > 0
        with np.errstate(invalid="ignore", divide="ignore"):
            out[0, part] = ordered.sum(axis=0) / count
            out[4, part] = ((ordered > 0) & (ordered <= top)).sum(axis=0) / count
            out[5, part] = (ordered == nominal[part]).sum(axis=0) / count
        for row, share in ((1, 0.5), (2, 0.05), (3, 0.95)):
            out[row, part] = _quantile(ordered, holes, count, share)
        out[:, part][:, ~some] = np.nan
    mean, median, low, high, at_top, stays = out
    return Bands(draws, seed, factors, mean, median, low, high, at_top, stays)


def _quantile(ordered: Ranks, holes: NDArray[Any], count: NDArray[Any], share: float) -> Floats:
    """Type 7 quantile of each sorted column, its first `holes` entries left out."""
    place = holes + share * np.maximum(count - 1, 0)
    below = np.minimum(np.floor(place).astype(np.int64), len(ordered) - 1)
    above = np.minimum(below + 1, len(ordered) - 1)
    columns = np.arange(ordered.shape[1])
    low, high = ordered[below, columns], ordered[above, columns]
    return np.asarray(low + (high - low) * (place - below), dtype=np.float64)

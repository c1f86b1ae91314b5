"""How sure a rank is: many scorings under declared choices, each draw a point in the unit cube.

A draw has one coordinate for each choice (`factors`), so that plain Monte Carlo and a Sobol design are the same
computation on different points. Stages before aggregation are computed once for each combination of choices that
reaches them; weights of many draws are aggregated together.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.plan import Data, Plan, Variant, prepared, ranked, score, weighed
from redstick.survey.index.ranking import Ranks
from redstick.survey.index.stages import Floats
from redstick.survey.index.weighting import mean_shares, with_shares

BATCH_CELLS = 1_200_000  # places x draws aggregated at once: bounds memory
WEIGHT_VECTORS = 4_096  # weight vectors that a draw's coordinate chooses from

_EARLY = ("judges", "missing answers", "imputation", "treatment", "normalisation")  # before aggregation
_LATE = ("weighing", "aggregation")
_FACTORS = (*_EARLY, *_LATE, "weights", "allocations")


@dataclass(frozen=True)
class Choices:
    """The declared alternatives, nominal first, and what is drawn beforehand.

    `factors` names the coordinates in their order; `alternatives[factor]` is the number of its alternatives. `panels`
    is (panels, judges), `lost` a seed for each set of answers taken away, `noise` (vectors, elements) factors of
    weights, `allocations` (panels, elements) mean shares.
    """

    factors: tuple[str, ...]
    alternatives: dict[str, int]
    panels: NDArray[np.int64]
    lost: NDArray[np.int64]
    noise: Floats
    allocations: Floats


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
        "weighing": 1 + len(unsure.weigh),
        "aggregation": 1 + len(unsure.aggregate),
    }
    panels = np.empty((0, 0), dtype=np.int64)
    if unsure.judge_panels and data.ratings is not None and len(data.ratings.judges) > 1:
        n_judges = len(data.ratings.judges)
        panels = rng.multinomial(n_judges, np.full(n_judges, 1 / n_judges), size=unsure.judge_panels)
        counts["judges"] = unsure.judge_panels
    lost = np.empty(0, dtype=np.int64)
    if unsure.answers_lost:
        lost = rng.integers(0, 2**62, size=unsure.answer_panels)
        counts["missing answers"] = len(lost)
    noise, allocations = np.empty((0, 0)), np.empty((0, 0))
    if unsure.weights:
        noise = weight_noise(plan, rng, WEIGHT_VECTORS)
        counts["weights"] = len(noise)
    if unsure.allocations and len(plan.allotted) > 1:
        n_people = len(plan.allotted)
        seats = rng.multinomial(n_people, np.full(n_people, 1 / n_people), size=WEIGHT_VECTORS)
        allocations = mean_shares(plan.allotted, seats.astype(np.float64))
        counts["allocations"] = len(allocations)
    varied = {name: count for name, count in counts.items() if count > 1}
    return Choices(tuple(varied), varied, panels, lost, noise, allocations)


def weight_noise(plan: Plan, rng: np.random.Generator, n_vectors: int) -> Floats:
    """(vectors, elements): 1 + U(-spread, spread) for each varied weight.

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
    return np.where(varied, noise[:, [slot[name] for name in keys]], 1.0)


def varied_weights(plan: Plan, weights: Floats, noise: Floats | None, shares: Floats | None = None) -> Floats:
    """(draws, elements): `weights` (elements,) replaced by a panel's shares, times noise; each group's sum kept."""
    out = weights[None, :] if shares is None else with_shares(weights, shares, plan.tree.nodes)
    if noise is None:
        return out
    out = out * noise
    for node in plan.tree.nodes:
        total = out[:, node.children].sum(axis=1, keepdims=True)
        out[:, node.children] *= weights[node.children].sum() / np.where(total > 0, total, 1.0)
    return out


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
    ranks = np.zeros((len(points), len(data.ids)), dtype=np.int32)
    for point, found in drawn_ranks(plan, data, chosen, points, tell):
        ranks[point] = found
    return ranks


def drawn_ranks(
    plan: Plan,
    data: Data,
    chosen: Choices,
    points: Floats,
    tell: Callable[[int], None] | None = None,
) -> Iterator[tuple[int, Ranks]]:
    """(point, ranks of all places) of every point, in an order that shares work; see `simulate`."""
    none = np.zeros(len(points), dtype=np.int64)
    picks = dict.fromkeys(_FACTORS, none)
    for at, name in enumerate(chosen.factors):
        last = chosen.alternatives[name] - 1
        picks[name] = np.minimum((points[:, at] * (last + 1)).astype(np.int64), last)
    done = 0
    keys, group_of = np.unique(np.column_stack([picks[name] for name in _EARLY]), axis=0, return_inverse=True)
    for group, key in enumerate(keys):
        members = np.flatnonzero(group_of.ravel() == group)
        values = prepared(plan, data, _variant(plan, data, chosen, key))
        ways = np.column_stack([picks[name][members] for name in _LATE])
        late, late_of = np.unique(ways, axis=0, return_inverse=True)
        for one, how in enumerate(late):
            yield from _batches(plan, data, chosen, values, how, picks, members[late_of.ravel() == one])
        done += len(members)
        if tell is not None:
            tell(done)


def _variant(plan: Plan, data: Data, chosen: Choices, key: NDArray[np.int64]) -> Variant:
    judges, lost, imputation, treatment, normalisation = (int(number) for number in key)
    unsure = plan.model.uncertainty
    taken = None
    if "missing answers" in chosen.factors:
        taken = np.random.default_rng(chosen.lost[lost]).random(data.values.shape) < unsure.answers_lost
    return Variant(
        impute=unsure.impute[imputation - 1] if imputation else None,
        treat=structs.replace(plan.model.treat, limit=unsure.treat_limits[treatment - 1]) if treatment else None,
        normalise=unsure.normalise[normalisation - 1] if normalisation else None,
        judge_counts=chosen.panels[judges] if "judges" in chosen.factors else None,
        lost=taken,
    )


def _batches(
    plan: Plan,
    data: Data,
    chosen: Choices,
    values: Floats,
    how: NDArray[np.int64],
    picks: Mapping[str, NDArray[np.int64]],
    members: NDArray[np.int64],
) -> Iterator[tuple[int, Ranks]]:
    """Ranks of the points that share all but their weights."""
    weighing, aggregation = (int(number) for number in how)
    unsure = plan.model.uncertainty
    method = unsure.aggregate[aggregation - 1] if aggregation else None
    weights = weighed(plan, values, unsure.weigh[weighing - 1] if weighing else None)
    noisy, allotted = len(chosen.noise) > 0, len(chosen.allocations) > 0 and not weighing
    if not noisy and not allotted:
        [same] = ranked(plan, data, values, weights[:, None], method)
        yield from ((int(point), same) for point in members)
        return
    step = max(1, BATCH_CELLS // max(1, len(values)))
    for start in range(0, len(members), step):
        batch = members[start : start + step]
        noise = chosen.noise[picks["weights"][batch]] if noisy else None
        shares = chosen.allocations[picks["allocations"][batch]] if allotted else None
        drawn = varied_weights(plan, weights, noise, shares)
        yield from zip(map(int, batch), ranked(plan, data, values, drawn.T, method), strict=True)


def bands(
    plan: Plan, data: Data, n_draws: int, seed: int, tell: Callable[[int], None] | None = None
) -> tuple[Bands, Ranks]:
    """A seeded Monte Carlo run: what it says of each place, and its ranks (draws, places)."""
    if n_draws < 1:
        raise IndexFault("", None, f"expected at least one draw, found {n_draws}")
    rng = np.random.default_rng(seed)
    chosen = choices(plan, data, rng)
    points = rng.random((n_draws, len(chosen.factors)))
    ranks = simulate(plan, data, chosen, points, tell)
    nominal = score(plan, data).ranks
    return summarise(ranks, nominal, plan.model.ranking.top, seed, chosen.alternatives), ranks


def summarise(ranks: Ranks, nominal: Ranks, top: int, seed: int, factors: dict[str, int]) -> Bands:
    """Statistics of ranks (draws, places); draws in which a place is not ranked do not speak of it."""
    n_draws, n_places = ranks.shape
    out = np.full((6, n_places), np.nan)
    step = max(1, 4_000_000 // n_draws)
    for start in range(0, n_places, step):
        part = slice(start, start + step)
        ordered = np.sort(ranks[:, part], axis=0)
        holes = (ordered == 0).sum(axis=0)
        count = n_draws - holes
        some = count > 0
        with np.errstate(invalid="ignore", divide="ignore"):
            out[0, part] = ordered.sum(axis=0) / count
            out[4, part] = ((ordered > 0) & (ordered <= top)).sum(axis=0) / count
            out[5, part] = (ordered == nominal[part]).sum(axis=0) / count
        for row, share in ((1, 0.5), (2, 0.05), (3, 0.95)):
            out[row, part] = _quantile(ordered, holes, count, share)
        out[:, part][:, ~some] = np.nan
    mean, median, low, high, at_top, stays = out
    return Bands(n_draws, seed, factors, mean, median, low, high, at_top, stays)


def _quantile(ordered: Ranks, holes: NDArray[Any], count: NDArray[Any], share: float) -> Floats:
    """Type 7 quantile of each sorted column, its first `holes` entries left out."""
    place = holes + share * np.maximum(count - 1, 0)
    below = np.minimum(np.floor(place).astype(np.int64), len(ordered) - 1)
    above = np.minimum(below + 1, len(ordered) - 1)
    columns = np.arange(ordered.shape[1])
    low, high = ordered[below, columns], ordered[above, columns]
    return np.asarray(low + (high - low) * (place - below), dtype=np.float64)

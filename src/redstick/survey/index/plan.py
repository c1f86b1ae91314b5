"""A model made ready: indicators and groups numbered, methods bound; then every stage in order, each kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from redstick.survey.index import imputation, stages
from redstick.survey.index.aggregation import Node, Tree, aggregate
from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import (
    AggregateMethod,
    Group,
    Impute,
    IndexModel,
    Indicator,
    Normalise,
    Treat,
    WeighMethod,
)
from redstick.survey.index.ranking import Ranks, rank, rounded
from redstick.survey.index.ratings import Ratings
from redstick.survey.index.stages import Codes, Flags, Floats
from redstick.survey.index.weighting import allotted, mean_shares, weights_by, with_shares


@dataclass(frozen=True)
class Data:
    """What was asked and answered. `values` is (places, indicators of the plan), NaN = missing.

    `columns` holds further numeric columns (denominators) by name, `codes` the groups of places by column name,
    `classes` a class number for each place or -1; `unfinished` lists (place, question) of completion questions left
    open; `ratings`, where there are any, replace the values of judged indicators.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    values: Floats
    columns: dict[str, Floats] = field(default_factory=dict)
    codes: dict[str, Codes] = field(default_factory=dict)
    classes: Codes | None = None
    unfinished: tuple[tuple[str, str], ...] = ()
    ratings: Ratings | None = None


@dataclass(frozen=True)
class Plan:
    """An `IndexModel` compiled: `indicators` in column order, `groups` bottom-up with the index last.

    `weights` is (indicators + groups,) as given, the index's own being 1. `breakers` are the elements that break ties.
    `allotted` is (people, elements), each person's share of points within a group, NaN where none were allotted.
    """

    model: IndexModel
    indicators: tuple[Indicator, ...]
    groups: tuple[Group, ...]
    tree: Tree
    weights: Floats
    breakers: tuple[int, ...] = ()
    allotted: Floats = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def directions(self) -> Codes:
        """+1 or -1 for each indicator."""
        return np.array([indicator.direction for indicator in self.indicators], dtype=np.int64)

    @property
    def goalposts(self) -> tuple[Floats, Floats]:
        """Worst and best of each indicator, NaN where not declared."""
        worst = [np.nan if one.worst is None else one.worst for one in self.indicators]
        best = [np.nan if one.best is None else one.best for one in self.indicators]
        return np.array(worst, dtype=np.float64), np.array(best, dtype=np.float64)

    @property
    def element_ids(self) -> tuple[str, ...]:
        """Ids of indicators, then of groups."""
        return (*[one.id for one in self.indicators], *[group.id for group in self.groups])


@dataclass(frozen=True)
class Outcome:
    """Every stage of one scoring, by the stage's name, and the scores and ranks.

    `imputed` flags filled cells. `weights` is (elements,), those that were used; `groups` (places, groups) in the
    plan's order; `score` the index unrounded, `shown` rounded; `ranks` within the class where classes are declared,
    `ranks_overall` among all; 0 = not ranked.
    """

    tables: dict[str, Floats]
    treated: stages.Treated
    imputed: Flags
    weights: Floats
    groups: Floats
    score: Floats
    shown: Floats
    ranks: Ranks
    ranks_overall: Ranks


def compile_plan(model: IndexModel, repeats: Sequence[str] = ()) -> Plan:
    """The model with its tree numbered. `repeats` are the values of the repeating column, where one is declared.

    Raises IndexFault for a tree without exactly one root, with a circle, an unknown parent or a childless group.
    """
    indicators, groups = _expanded(model, repeats)
    ordered = _bottom_up(groups, indicators)
    number = {one.id: place for place, one in enumerate(indicators)}
    number |= {group.id: len(indicators) + place for place, group in enumerate(ordered)}
    children: dict[str, list[int]] = {group.id: [] for group in ordered}
    elements: tuple[Indicator | Group, ...] = (*indicators, *ordered)
    for one in elements:
        if one.parent:
            children[one.parent].append(number[one.id])
    for group in ordered:
        if not children[group.id]:
            raise IndexFault("", None, f"group {group.id!r}: expected at least one indicator or group in it")
    nodes = tuple(
        Node(
            group.id,
            np.array(children[group.id], dtype=np.int64),
            group.method or model.aggregate.method,
            group.missing_as,
        )
        for group in ordered
    )
    weights = [one.weight for one in indicators] + [group.weight if group.parent else 1.0 for group in ordered]
    tree = Tree(len(indicators), nodes, model.aggregate.data_share)
    keys = [*[one.repeated or one.id for one in indicators], *[group.id for group in ordered]]
    shares = allotted(model.allocations, keys, nodes)
    breakers = tuple(_breaker(name, number) for name in model.ranking.tie_breakers)
    used = np.array(weights, dtype=np.float64)
    if len(shares):
        used = with_shares(used, mean_shares(shares, np.ones((1, len(shares)))), nodes)[0]
    return Plan(model, indicators, ordered, tree, used, breakers, shares)


def _breaker(name: str, number: Mapping[str, int]) -> int:
    if name not in number:
        raise IndexFault("", None, f"tie breaker {name!r} is no group or indicator of the model")
    return number[name]


def _expanded(model: IndexModel, repeats: Sequence[str]) -> tuple[tuple[Indicator, ...], tuple[Group, ...]]:
    """Scored indicators and groups, with the repeated group and its questions once for each repeat."""
    scored = [one for one in model.indicator if not one.completion]
    repeated = next((group for group in model.group if group.repeated), None)
    if repeated is None:
        return tuple(scored), model.group
    kept = tuple(group for group in model.group if not group.repeated)
    groups = [structs.replace(repeated, id=repeat, name=repeat) for repeat in repeats]
    asked = [one for one in scored if one.parent == repeated.id]
    copies = [
        structs.replace(one, id=f"{repeat}.{one.id}", parent=repeat, repeated=one.id)
        for repeat in repeats
        for one in asked
    ]
    return (*[one for one in scored if one.parent != repeated.id], *copies), (*groups, *kept)


def _bottom_up(groups: Sequence[Group], indicators: Sequence[Indicator]) -> tuple[Group, ...]:
    """Groups ordered so that each stands before its parent, otherwise as declared."""
    by_id = {group.id: group for group in groups}
    elements: tuple[Indicator | Group, ...] = (*indicators, *groups)
    for one in elements:
        if one.parent and one.parent not in by_id:
            raise IndexFault("", None, f"{one.id!r}: its parent {one.parent!r} is no group of the model")
    roots = [group.id for group in groups if not group.parent]
    if len(roots) != 1:
        raise IndexFault("", None, f"expected exactly one group without a parent, the index; found {roots or 'none'}")
    depth = {roots[0]: 0}
    waiting = [group for group in groups if group.parent]
    while waiting:
        placed = [group for group in waiting if group.parent in depth]
        if not placed:
            circle = ", ".join(group.id for group in waiting)
            raise IndexFault("", None, f"groups that never reach the index {roots[0]!r}: {circle}")
        depth |= {group.id: depth[group.parent] + 1 for group in placed}
        waiting = [group for group in waiting if group.id not in depth]
    return tuple(sorted(groups, key=lambda group: -depth[group.id]))


@dataclass(frozen=True)
class Variant:
    """What one scoring does otherwise than its model: None keeps the model's own method."""

    impute: Impute | None = None
    treat: Treat | None = None
    normalise: Normalise | None = None
    judge_counts: NDArray[np.int64] | None = None
    lost: Flags | None = None


NOMINAL = Variant()


def collected(plan: Plan, data: Data, variant: Variant = NOMINAL) -> Floats:
    """The answers, with judged indicators from the ratings; `judge_counts` says how often each judge is in the panel.

    A panel that left every rating of a cell out keeps the rating of the whole panel there: one answer's loss is a
    choice of its own.
    """
    values = data.values
    if data.ratings is not None:
        judged = data.ratings.columns
        values = values.copy()
        how = plan.model.judges.combine
        means = data.ratings.combined(how, variant.judge_counts)
        if variant.judge_counts is not None and np.isnan(means).any():
            means = np.where(np.isnan(means), data.ratings.combined(how), means)
        values[:, judged] = means
    if variant.lost is not None:
        values = np.where(variant.lost, np.nan, values)
    return values


def denominated(plan: Plan, data: Data, values: Floats) -> Floats:
    """The second stage, with the denominators that the indicators name."""
    if not any(one.denominator for one in plan.indicators):
        return values.copy()
    divisors = [data.columns[one.denominator] if one.denominator else None for one in plan.indicators]
    return stages.denominate(values, divisors, [one.scale for one in plan.indicators])


def imputed(plan: Plan, data: Data, values: Floats, rule: Impute | None = None) -> Floats:
    """The third stage."""
    rule = rule or plan.model.impute
    return imputation.impute(values, rule, data.codes.get(rule.group))


def normalised(plan: Plan, values: Floats, rule: Normalise | None = None) -> Floats:
    """The fifth stage."""
    names = [one.id for one in plan.indicators]
    return stages.normalise(values, rule or plan.model.normalise, plan.directions, plan.goalposts, names)


def prepared(plan: Plan, data: Data, variant: Variant = NOMINAL) -> Floats:
    """All stages up to and including normalising."""
    values = denominated(plan, data, collected(plan, data, variant))
    filled = imputed(plan, data, values, variant.impute)
    return normalised(plan, stages.treat(filled, variant.treat or plan.model.treat).values, variant.normalise)


def weighed(plan: Plan, scaled: Floats, method: WeighMethod | None = None) -> Floats:
    """(elements,): the weights, which some methods draw from the normalised figures."""
    return weights_by(method or plan.model.weigh.method, scaled, plan.tree, plan.weights)


def ranked(
    plan: Plan, data: Data, scaled: Floats, weights: Floats, method: AggregateMethod | None = None
) -> Iterator[Ranks]:
    """The published rank of each place for each column of `weights` (elements, draws).

    Within the class where the model declares classes, else among all; tied places parted as declared.
    """
    rule = plan.model.ranking
    if not plan.breakers:
        [index] = aggregate(scaled, plan.tree, weights, method, only_root=True)
        for column in index.T:
            yield rank(np.ascontiguousarray(column), rule, data.classes)
        return
    levels = aggregate(scaled, plan.tree, weights, method)
    for draw in range(weights.shape[1]):
        yield rank(levels[-1][:, draw], rule, data.classes, _breakers(plan, scaled, levels, draw))


def _breakers(plan: Plan, scaled: Floats, levels: Sequence[Floats], draw: int) -> Floats | None:
    """(places, tie-breakers) of one draw; None where ties stay."""
    if not plan.breakers:
        return None
    n = len(plan.indicators)
    return np.column_stack([scaled[:, at] if at < n else levels[at - n][:, draw] for at in plan.breakers])


def score(plan: Plan, data: Data) -> Outcome:
    """Every stage of the nominal index."""
    answers = collected(plan, data)
    divided = denominated(plan, data, answers)
    filled = imputed(plan, data, divided)
    treated = stages.treat(filled, plan.model.treat)
    scaled = normalised(plan, treated.values)
    weights = weighed(plan, scaled)
    levels = aggregate(scaled, plan.tree, weights[:, None])
    index = levels[-1][:, 0]
    tables = {
        "1-collected": answers,
        "2-denominated": divided,
        "3-imputed": filled,
        "4-treated": treated.values,
        "5-normalised": scaled,
    }
    rule, breakers = plan.model.ranking, _breakers(plan, scaled, levels, 0)
    return Outcome(
        tables,
        treated,
        np.isnan(divided) & ~np.isnan(filled),
        weights,
        np.column_stack([level[:, 0] for level in levels]),
        index,
        rounded(index, rule),
        rank(index, rule, data.classes, breakers),
        rank(index, rule, None, breakers),
    )


def with_ranking(plan: Plan, **changes: object) -> Plan:
    """The plan with another rounding or tie rule."""
    return replace(plan, model=structs.replace(plan.model, ranking=structs.replace(plan.model.ranking, **changes)))

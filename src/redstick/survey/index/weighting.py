"""Weights of the parts of each group: given, equal, drawn from the figures, or means of points that people allotted."""

from collections.abc import Sequence

import numpy as np

from redstick.survey.index.aggregation import Node, Tree, node_value
from redstick.survey.index.model import Allocation, WeighMethod
from redstick.survey.index.stages import Floats

_FEWEST_PLACES = 3


def weights_by(method: WeighMethod, values: Floats, tree: Tree, given: Floats) -> Floats:
    """(elements,): weights whose sum within each group is that of `given`, from normalised `values`, bottom-up.

    Parts whose given weight is 0 keep it: they are left out of the index.
    """
    if method == "given":
        return given
    weights = given.copy()
    made: list[Floats] = []
    for node in tree.nodes:
        counted = node.children[given[node.children] > 0]
        if method == "equal":
            weights[counted] = given[counted].sum() / max(1, len(counted))
            continue
        parts = np.column_stack([_values_of(int(child), values, tree, made) for child in counted])
        weights[counted] = _drawn(method, parts, given[counted])
        made.append(node_value(node, values, tree, weights[:, None], made))
    return weights


def _values_of(child: int, values: Floats, tree: Tree, made: Sequence[Floats]) -> Floats:
    return values[:, child] if child < tree.n_indicators else made[child - tree.n_indicators][:, 0]


def _drawn(method: WeighMethod, parts: Floats, given: Floats) -> Floats:
    """Weights of one group's parts (places, parts) that have them all, by what varies and what goes together."""
    whole = parts[~np.isnan(parts).any(axis=1)]
    if parts.shape[1] < 2 or len(whole) < _FEWEST_PLACES:
        return given
    deviation = whole.std(axis=0, ddof=1)
    varied = deviation > 0
    share = np.zeros(len(given))
    if varied.sum() < 2:
        return given
    correlation = np.corrcoef(whole[:, varied], rowvar=False)
    if method == "pca":
        share[varied] = np.linalg.eigh(correlation)[1][:, -1] ** 2
    else:
        share[varied] = deviation[varied] * (1 - correlation).sum(axis=1)
    total = float(share.sum())
    return share * given.sum() / total if total > 0 else given


def allotted(allocations: Sequence[Allocation], keys: Sequence[str], nodes: Sequence[Node]) -> Floats:
    """(people, elements): each person's share within each group, NaN where that person allotted no points there.

    `keys` are the ids of elements in their order.
    """
    out = np.full((len(allocations), len(keys)), np.nan)
    for person, one in enumerate(allocations):
        points = np.array([one.points.get(key, np.nan) for key in keys])
        for node in nodes:
            total = points[node.children].sum()
            if total > 0:
                out[person, node.children] = points[node.children] / total
    return out


def mean_shares(shares: Floats, times: Floats) -> Floats:
    """(panels, elements): mean share over those in each panel who allotted points; NaN where none of them did.

    `times` is (panels, people), how often each person sits in the panel.
    """
    given = ~np.isnan(shares)
    total, count = times @ np.where(given, shares, 0.0), times @ given.astype(np.float64)
    mean: Floats = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean


def with_shares(weights: Floats, shares: Floats, nodes: Sequence[Node]) -> Floats:
    """(panels, elements): `weights` (elements,) with a panel's shares of each group's sum where it has any."""
    sums = np.ones(len(weights))
    for node in nodes:
        sums[node.children] = weights[node.children].sum()
    return np.where(np.isnan(shares), weights, shares * sums)

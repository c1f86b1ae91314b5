"""From indicators up the tree to the index, for one set of weights or many at once.

Elements are numbered: indicators first, then groups, children before parents, the index last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.survey.index.errors import IndexFault
from redstick.survey.index.model import AggregateMethod
from redstick.survey.index.stages import Floats

COPELAND_MAX_PLACES = 6_000  # pairwise: work grows with the square of the places
_PAIR_CELLS = 4_000_000  # pairs compared at once


@dataclass(frozen=True)
class Node:
    """A group: its id, its children as element numbers, how they are aggregated, what a missing child counts as."""

    id: str
    children: NDArray[np.int64]
    method: AggregateMethod
    missing_as: float | None = None


@dataclass(frozen=True)
class Tree:
    """Groups bottom-up above `n_indicators` indicators; group `g` is element `n_indicators + g`."""

    n_indicators: int
    nodes: tuple[Node, ...]
    data_share: float = 0.0

    @property
    def n_elements(self) -> int:
        """Indicators and groups together."""
        return self.n_indicators + len(self.nodes)


def aggregate(
    values: Floats, tree: Tree, weights: Floats, method: AggregateMethod | None = None, *, only_root: bool = False
) -> list[Floats]:
    """Values of every group, bottom-up, each (places, draws); with `only_root` the index alone.

    `values` is (places, indicators), NaN = missing; `weights` is (elements, draws), at least 0. `method` replaces that
    of every group. Raises IndexFault where a mean needs figures above zero and finds others.
    """
    if only_root and (shortcut := _in_one_product(values, tree, weights, method)) is not None:
        return [shortcut]
    made: list[Floats] = []
    for node in tree.nodes:
        made.append(node_value(node, values, tree, weights, made, method))
        if only_root:
            for child in node.children[node.children >= tree.n_indicators]:
                made[child - tree.n_indicators] = np.empty((0, 0))
    return made[-1:] if only_root else made


def node_value(
    node: Node,
    values: Floats,
    tree: Tree,
    weights: Floats,
    made: Sequence[Floats],
    method: AggregateMethod | None = None,
) -> Floats:
    """One group's value, (places, draws); `made` holds those of the groups below it, as `aggregate` makes them."""
    if (node.children < tree.n_indicators).all():
        parts: Floats | list[Floats] = values[:, node.children]
    else:
        parts = [_element(child, values, tree, made) for child in node.children]
    if node.missing_as is not None:
        parts = _filled(parts, node.missing_as)
    return _combined(parts, weights[node.children], method or node.method, tree.data_share, node.id)


def _in_one_product(values: Floats, tree: Tree, weights: Floats, method: AggregateMethod | None) -> Floats | None:
    """The index by one product where one kind of mean is taken all the way up and nothing is missing; else None.

    A weighted mean of weighted means is a weighted mean; so it is with logarithms and with reciprocals.
    """
    methods = {method} if method else {node.method for node in tree.nodes}
    kind = methods.pop()
    if methods or kind not in {"arithmetic", "geometric", "harmonic"} or np.isnan(values).any():
        return None
    if kind != "arithmetic":
        _above_zero(values, kind, tree.nodes[-1].id)
    share = np.zeros((tree.n_elements, weights.shape[1]))
    share[-1] = 1.0
    for place in range(len(tree.nodes) - 1, -1, -1):
        children = tree.nodes[place].children
        total = weights[children].sum(axis=0)
        if not (total > 0).all():
            return None
        share[children] = share[tree.n_indicators + place] * weights[children] / total
    effective = share[: tree.n_indicators]
    if kind == "arithmetic":
        return values @ effective
    mean: Floats = np.exp(np.log(values) @ effective) if kind == "geometric" else 1.0 / (1.0 / values @ effective)
    return mean


def _element(child: int, values: Floats, tree: Tree, made: Sequence[Floats]) -> Floats:
    return values[:, child : child + 1] if child < tree.n_indicators else made[child - tree.n_indicators]


def _filled(parts: Floats | list[Floats], value: float) -> Floats | list[Floats]:
    if isinstance(parts, list):
        return [np.where(np.isnan(part), value, part) for part in parts]
    return np.where(np.isnan(parts), value, parts)


def _combined(
    parts: Floats | list[Floats], weights: Floats, method: AggregateMethod, data_share: float, name: str
) -> Floats:
    """One group's value; `parts` is (places, children), or one (places, draws) for each child."""
    if method == "copeland":
        return _copeland_draws(parts, weights)
    if method in {"geometric", "harmonic"}:
        _above_zero(parts, method, name)
    turn = {"geometric": np.log, "harmonic": np.reciprocal}.get(method)
    if isinstance(parts, list):
        turned: Floats | list[Floats] = [turn(part) for part in parts] if turn else parts
    else:
        turned = turn(parts) if turn else parts
    total, present, count = _weighted(turned, weights)
    enough = (present > 0) & (count >= data_share * len(weights) - 1e-12)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total if method == "sum" else total / present
        if method == "geometric":
            mean = np.exp(mean)
        elif method == "harmonic":
            mean = 1.0 / mean
    found: Floats = np.where(enough, mean, np.nan)
    return found


def _weighted(parts: Floats | list[Floats], weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Weighted sum, weight present, and number of children present, each (places, draws) or broadcast to it."""
    if isinstance(parts, list):
        total = np.zeros((parts[0].shape[0], weights.shape[1]))
        present, count = np.zeros_like(total), np.zeros_like(total)
        for part, weight in zip(parts, weights, strict=True):
            holes = np.isnan(part)
            if holes.any():
                total += np.where(holes, 0.0, part) * weight
                present += ~holes * weight
                count += ~holes
            else:
                total += part * weight
                present += weight
                count += 1
        return total, present, count
    holes = np.isnan(parts)
    if not holes.any():
        return parts @ weights, weights.sum(axis=0)[None, :], np.full((1, 1), float(len(weights)))
    seen = (~holes).astype(np.float64)
    return np.where(holes, 0.0, parts) @ weights, seen @ weights, seen.sum(axis=1)[:, None]


def _above_zero(parts: Floats | list[Floats], method: str, name: str) -> None:
    for part in parts if isinstance(parts, list) else [parts]:
        if bool((part <= 0).any()):
            row = int(np.argmax((part <= 0).any(axis=1)))
            raise IndexFault(
                "", None, f"group {name!r}: the {method} mean expects figures above zero; place {row + 1} has another"
            )


def _copeland_draws(parts: Floats | list[Floats], weights: Floats) -> Floats:
    n_places = parts[0].shape[0] if isinstance(parts, list) else parts.shape[0]
    out = np.empty((n_places, weights.shape[1]))
    for draw in range(weights.shape[1]):
        if isinstance(parts, list):
            chosen = np.column_stack([part[:, draw if part.shape[1] > 1 else 0] for part in parts])
        else:
            chosen = parts
        out[:, draw] = copeland(chosen, weights[:, draw])
    return out


def copeland(values: Floats, weights: Floats) -> Floats:
    """Pairwise wins minus losses of each place, a win being more weight on its side (Copeland 1951).

    A child missing in either place of a pair does not vote. Raises IndexFault above COPELAND_MAX_PLACES.
    """
    n_places = len(values)
    if n_places > COPELAND_MAX_PLACES:
        raise IndexFault("", None, f"Copeland compares pairs: expected at most {COPELAND_MAX_PLACES:,} places")
    score = np.zeros(n_places)
    step = max(1, _PAIR_CELLS // max(n_places, 1))
    for start in range(0, n_places, step):
        stop = min(start + step, n_places)
        balance = np.zeros((stop - start, n_places))
        for column, weight in zip(values.T, weights, strict=True):
            with np.errstate(invalid="ignore"):
                ahead = (column[start:stop, None] > column[None, :]).astype(np.float64)
                behind = (column[start:stop, None] < column[None, :]).astype(np.float64)
            balance += weight * (ahead - behind)
        wins = np.where(np.abs(balance) <= 1e-12 * weights.sum(), 0.0, np.sign(balance))
        score[start:stop] = wins.sum(axis=1)
    score[np.isnan(values).all(axis=1)] = np.nan
    return score

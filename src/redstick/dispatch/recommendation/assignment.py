"""Who fills what: the exact optimum of a small assignment problem, in whole numbers, with one answer only.

A crew is what can go once: the units that share a crew are one choice, and for one requirement only the best of them
matters, since changing to it leaves every other choice as it was. So crews are assigned to requirements, a plain
bipartite problem, and cross-staffing needs no search. Among all assignments the best one

1. fills most of the first requirement, then most of the second, and so on in plan order;
2. then has the lowest sum of keys, compared component by component;
3. then has, requirement by requirement, the unit ids that stand first in the dictionary.

With `places` places in all, the best `places` crews of each requirement are enough: one of them is always left over to
change to. If the best of each requirement are different crews, nothing can be better. Otherwise shortest augmenting
paths (the Hungarian method) are followed, over sums that order as the three rules do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Option(NamedTuple):
    """A unit that could fill one place of a requirement (its index); `key` is what that costs, no part below zero."""

    key: tuple[int, ...]
    unit: str
    crew: str
    requirement: int


def assign(counts: Sequence[int], options: Iterable[Option]) -> list[list[Option]]:
    """The options taken for each requirement, best first; fewer than its count where no more crews can serve."""
    ranked = _ranked(counts, options)
    firsts = [best[:count] for best, count in zip(ranked, counts, strict=True)]
    taken = [option.crew for best in firsts for option in best]
    if len(set(taken)) == len(taken):
        return firsts
    return _augmented(counts, ranked)


def _ranked(counts: Sequence[int], options: Iterable[Option]) -> list[list[Option]]:
    """For each requirement its best option of each crew, best first, as many as there are places in all."""
    best: list[dict[str, Option]] = [{} for _ in counts]
    for option in options:
        held = best[option.requirement].get(option.crew)
        if held is None or option < held:
            best[option.requirement][option.crew] = option
    places = sum(counts)
    return [sorted(of.values())[:places] for of in best]


def _augmented(counts: Sequence[int], ranked: Sequence[Sequence[Option]]) -> list[list[Option]]:
    """By the Hungarian method, a row a place; beside the crews each row has a column for staying unfilled."""
    weigh = _Weights(counts, ranked)
    crews = sorted({option.crew for best in ranked for option in best})
    column = {crew: i for i, crew in enumerate(crews)}
    rows = [requirement for requirement, count in enumerate(counts) for _ in range(count)]
    by_column = [{column[option.crew]: option for option in best} for best in ranked]
    costs = [[weigh.never] * (len(crews) + len(rows)) for _ in rows]
    for row, requirement in enumerate(rows):
        costs[row][len(crews) + row] = weigh.unfilled(requirement)
        for i, option in by_column[requirement].items():
            costs[row][i] = weigh.of(option)
    taken: list[list[Option]] = [[] for _ in counts]
    for row, i in enumerate(_matched(costs)):
        if i < len(crews):
            taken[rows[row]].append(by_column[rows[row]][i])
    return [sorted(options) for options in taken]


class _Weights:
    """The three rules as one whole number: sums of it order as the rules do, since no part can run over."""

    def __init__(self, counts: Sequence[int], ranked: Sequence[Sequence[Option]]) -> None:
        self._places = sum(counts)
        options = [option for best in ranked for option in best]
        self._bits = [
            (self._places * max(column)).bit_length() for column in zip(*(o.key for o in options), strict=True)
        ]
        names = sorted({option.unit for option in options})
        self._rank = {name: i for i, name in enumerate(names)}
        self._name_bits = len(names) + self._places.bit_length()
        self._requirements = len(counts)
        self._below = sum(self._bits) + self._name_bits * self._requirements
        self._place_bits = self._places.bit_length()
        self.never = 4 * self._places * sum(self.unfilled(r) for r in range(len(counts))) + 1

    def unfilled(self, requirement: int) -> int:
        """An empty place of an earlier requirement outweighs every other number and all places of the later ones."""
        weight: int = 1 << (self._below + self._place_bits * (self._requirements - 1 - requirement))
        return weight

    def of(self, option: Option) -> int:
        """A filled place: its key, then the place of its unit in the dictionary, earlier requirements first."""
        weight = 0
        for part, bits in zip(option.key, self._bits, strict=True):
            weight = (weight << bits) | part
        # Of sets of one size, the one that stands first in the dictionary has the largest sum of these powers.
        first = (1 << len(self._rank)) - (1 << (len(self._rank) - 1 - self._rank[option.unit]))
        shift = self._name_bits * (self._requirements - 1 - option.requirement)
        return (weight << (self._name_bits * self._requirements)) + (first << shift)


def _matched(costs: Sequence[Sequence[int]]) -> list[int]:
    """The column of each row in a matching of least cost (Kuhn 1955, Munkres 1957; with potentials, exact on integers).

    Needs a finite way for every row. Rows and columns count from 1 here; 0 is the root of the search.
    """
    rows, columns = len(costs), len(costs[0])
    row_potential, column_potential = [0] * (rows + 1), [0] * (columns + 1)
    row_of, came_from = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_of[0], at = row, 0
        nearest: list[int | None] = [None] * (columns + 1)
        done = [False] * (columns + 1)
        while row_of[at]:
            done[at] = True
            here, step, following = row_of[at], None, 0
            for i in range(1, columns + 1):
                if done[i]:
                    continue
                reduced = costs[here - 1][i - 1] - row_potential[here] - column_potential[i]
                known = nearest[i]
                if known is None or reduced < known:
                    nearest[i], came_from[i], known = reduced, at, reduced
                if step is None or known < step:
                    step, following = known, i
            moved = step or 0
            for i in range(columns + 1):
                if done[i]:
                    row_potential[row_of[i]] += moved
                    column_potential[i] -= moved
                elif (known := nearest[i]) is not None:
                    nearest[i] = known - moved
            at = following
        while at:
            row_of[at] = row_of[came_from[at]]
            at = came_from[at]
    found = [0] * rows
    for i in range(1, columns + 1):
        if row_of[i]:
            found[row_of[i] - 1] = i - 1
    return found

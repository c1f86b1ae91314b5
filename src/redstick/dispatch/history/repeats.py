"""Rows that stand for the same thing become one: a later row completes and corrects the earlier, never doubles it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history.model import I32, I64, MISSING_CODE, MISSING_E7, MISSING_MS, Codes


@dataclass(frozen=True)
class Columns:
    """Everything that rows say, before it is a history; arrays of one length."""

    categories: dict[str, Codes]
    stamps: dict[str, I64]
    longitude_e7: I32
    latitude_e7: I32
    row_number: I32

    def __len__(self) -> int:
        return len(self.row_number)


@dataclass(frozen=True)
class Folded:
    """Rows folded by group: the columns, and for each what it differed in.

    `first` is the first row of each group, in the order of the result. `differing` are (row, category or stamp or
    "position") where a later row said something else than the first one that spoke.
    """

    columns: Columns
    first: NDArray[np.int64]
    differing: list[tuple[int, str]]


def identities(categories: Mapping[str, Codes], key: Sequence[str]) -> NDArray[np.int64]:
    """A number for each row, the same where every category of `key` is the same; a row that lacks one stands alone."""
    n = len(categories[key[0]].codes)
    identity = np.zeros(n, dtype=np.int64)
    whole = np.ones(n, dtype=np.bool_)
    for name in key:
        codes = categories[name]
        whole &= codes.codes != MISSING_CODE
        identity = identity * (len(codes.values) + 1) + codes.codes + 1
        # Numbered anew after each step, so that the product cannot run over.
        identity = np.unique(identity, return_inverse=True)[1].astype(np.int64)
    identity[~whole] = n + np.flatnonzero(~whole)
    return identity


def fold(columns: Columns, identity: NDArray[np.int64]) -> Folded:
    """One row for each identity, at the place of its first; of each column the last that says anything."""
    _, first, group = np.unique(identity, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    group, first = place[group], first[order]
    if len(first) == len(columns):
        return Folded(columns, first, [])
    differing: list[tuple[int, str]] = []

    def last(name: str, values: NDArray[np.int64] | NDArray[np.int32], missing: int) -> NDArray[np.int64]:
        says = values != missing
        at = np.full(len(first), -1, dtype=np.int64)
        np.maximum.at(at, group[says], np.flatnonzero(says))
        earlier = np.full(len(first), len(values), dtype=np.int64)
        np.minimum.at(earlier, group[says], np.flatnonzero(says))
        changed = np.flatnonzero((at >= 0) & (values[at] != values[np.minimum(earlier, len(values) - 1)]))
        differing.extend((int(at[i]), name) for i in changed)
        return at

    def taken(values: NDArray[np.int64], at: NDArray[np.int64], missing: int) -> NDArray[np.int64]:
        return np.where(at >= 0, values[at], missing).astype(values.dtype)

    categories = {}
    for name, codes in columns.categories.items():
        at = last(name, codes.codes, MISSING_CODE)
        categories[name] = Codes(taken(codes.codes, at, MISSING_CODE), codes.values)
    stamps = {}
    for name, values in columns.stamps.items():
        stamps[name] = taken(values, last(name, values, MISSING_MS), MISSING_MS)
    at = last("position", columns.longitude_e7, MISSING_E7)
    folded = Columns(
        categories,
        stamps,
        taken(columns.longitude_e7, at, MISSING_E7),
        taken(columns.latitude_e7, at, MISSING_E7),
        columns.row_number[first],
    )
    return Folded(folded, first, sorted(differing))

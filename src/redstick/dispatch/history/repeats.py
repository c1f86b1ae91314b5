"""Rows that stand for the same thing become one: a later row completes and corrects the earlier, never doubles it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history.model import I32, I64, MISSING_CODE, MISSING_E7, MISSING_MS, Codes

Number = TypeVar("Number", np.int32, np.int64)


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
    group, first = _groups(identity)
    if len(first) == len(columns):
        return Folded(columns, first, [])
    differing: list[tuple[int, str]] = []
    categories, stamps = {}, {}
    for name, codes in columns.categories.items():
        at, changed = _last_said(codes.codes, MISSING_CODE, group, len(first))
        categories[name] = Codes(_at(codes.codes, at, MISSING_CODE), codes.values)
        differing += [(row, name) for row in changed]
    for name, values in columns.stamps.items():
        at, changed = _last_said(values, MISSING_MS, group, len(first))
        stamps[name] = _at(values, at, MISSING_MS)
        differing += [(row, name) for row in changed]
    at, changed = _last_said(columns.longitude_e7, MISSING_E7, group, len(first))
    differing += [(row, "position") for row in changed]
    longitude, latitude = _at(columns.longitude_e7, at, MISSING_E7), _at(columns.latitude_e7, at, MISSING_E7)
    folded = Columns(categories, stamps, longitude, latitude, columns.row_number[first])
    return Folded(folded, first, sorted(differing))


def _groups(identity: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(group of each row, first row of each group); groups stand in the order of their first rows."""
    _, first, group = np.unique(identity, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return place[group], first[order]


def _last_said(
    values: NDArray[Any], missing: int, group: NDArray[np.int64], n_groups: int
) -> tuple[NDArray[np.int64], list[int]]:
    """The last row of each group that says anything, -1 for none; and those that say something else than the first."""
    said = np.flatnonzero(values != missing)
    last = np.full(n_groups, -1, dtype=np.int64)
    first = np.full(n_groups, len(values) - 1, dtype=np.int64)
    np.maximum.at(last, group[said], said)
    np.minimum.at(first, group[said], said)
    changed = last[(last >= 0) & (values[last] != values[first])]
    return last, changed.tolist()


def _at(values: NDArray[Number], rows: NDArray[np.int64], missing: int) -> NDArray[Number]:
    taken = values[rows]
    taken[rows < 0] = missing
    return taken

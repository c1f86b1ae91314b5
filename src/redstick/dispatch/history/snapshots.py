"""A feed that shows what is open becomes intervals: who was seen from when to when, and how sure that is.

A snapshot is a photograph. What is on it was there at that moment; when it came and when it went lies between two
photographs, so both ends are kept as windows and no stamp is made up. A thing that a single photograph misses, while
nothing of its incident is on it either, was there all the time; a unit that is missing while its incident is shown has
left, and comes back as a new row.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history.model import I64, MISSING_MS, Windows
from redstick.dispatch.history.repeats import Columns, Folded, fold, identities


@dataclass(frozen=True)
class Seen:
    """Folded rows with the windows of each."""

    folded: Folded
    windows: Windows


def fold_snapshots(columns: Columns, taken_ms: I64, photographs_ms: I64, incident: str) -> Seen:
    """One row for each stay of each unit on each incident.

    `taken_ms` (n,) is the moment of the snapshot that each row was on; `photographs_ms` all moments, rising, those too
    that showed nothing; `incident` the category that tells incidents apart.
    """
    photograph = np.searchsorted(photographs_ms, taken_ms)
    incidents = identities(columns.categories, [incident])
    unit = columns.categories.get("unit")
    units = unit.codes.astype(np.int64) if unit else np.full(len(columns), -1, dtype=np.int64)
    stay = _stays(incidents, units, photograph)
    folded = fold(columns, stay)
    group = _group_of(stay, folded.first)
    first = np.full(len(folded.first), len(photographs_ms), dtype=np.int64)
    last = np.full(len(folded.first), -1, dtype=np.int64)
    np.minimum.at(first, group, photograph)
    np.maximum.at(last, group, photograph)
    beyond = np.append(photographs_ms, MISSING_MS)  # index -1 and index n both fall on what no photograph shows
    windows = Windows(beyond[first - 1], photographs_ms[first], photographs_ms[last], beyond[last + 1])
    return Seen(folded, windows)


def _stays(incidents: NDArray[np.int64], units: NDArray[np.int64], photograph: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each row, the same for all rows of one unbroken stay."""
    if not len(incidents):
        return incidents
    # How many photographs of its own incident came before: a stay is broken where this jumps by more than one.
    shown = np.unique(np.stack([incidents, photograph], axis=1), axis=0)
    starts = np.searchsorted(shown[:, 0], incidents)
    wide = np.int64(photograph.max() + 1)
    rank = np.searchsorted(shown[:, 0] * wide + shown[:, 1], incidents * wide + photograph) - starts
    order = np.lexsort((rank, units, incidents))
    same = (np.diff(incidents[order]) == 0) & (np.diff(units[order]) == 0) & (np.diff(rank[order]) <= 1)
    stay = np.empty(len(order), dtype=np.int64)
    stay[order] = np.concatenate([[0], np.cumsum(~same)])
    return stay


def _group_of(stay: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place, in the folded rows, of each row's stay."""
    place = np.empty(int(stay.max(initial=-1)) + 1, dtype=np.int64)
    place[stay[first]] = np.arange(len(first))
    return place[stay]

"""The intervals that a dispatch centre is measured by, and how one is taken from a history."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.history.model import I64, MISSING_MS, History
from redstick.dispatch.kpi.model import Interval

INTERVALS: tuple[Interval, ...] = (
    Interval("answer", "Received to answered", "call", "received", "answered"),
    Interval("entry", "Received to entered", "call", "received", "entered"),
    Interval("processing", "Answered to first unit dispatched", "call", "answered", "dispatched"),
    Interval("queue", "Entered to first unit dispatched", "call", "entered", "dispatched"),
    Interval("call_to_dispatch", "Received to first unit dispatched", "call", "received", "dispatched"),
    Interval("acknowledgement", "Dispatched to acknowledged, per unit", "unit", "dispatched", "acknowledged"),
    Interval("turnout", "Dispatched to en route, per unit", "unit", "dispatched", "en_route"),
    Interval("travel", "En route to on scene, per unit", "unit", "en_route", "on_scene"),
    Interval("unit_response", "Dispatched to on scene, per unit", "unit", "dispatched", "on_scene"),
    Interval("first_travel", "First unit en route to first on scene", "call", "en_route", "on_scene"),
    Interval("response", "Received to first unit on scene", "call", "received", "on_scene"),
    Interval("patient_contact", "On scene to patient contact, per unit", "unit", "on_scene", "patient_contact"),
    Interval("on_scene_to_transport", "On scene to transport, per unit", "unit", "on_scene", "transport"),
    Interval("transport", "Transport to hospital, per unit", "unit", "transport", "at_hospital"),
    Interval("at_hospital", "Hospital to available, per unit", "unit", "at_hospital", "available"),
    Interval("unit_time", "Dispatched to available, per unit", "unit", "dispatched", "available"),
    Interval("call_time", "Received to closed", "call", "received", "closed"),
)


@dataclass(frozen=True)
class Spans:
    """One interval of every unit row or of every call, before any is left out; arrays of one length.

    `row` is the row of the history each speaks for (for a call its first row), from which groups are taken.
    """

    row: NDArray[np.int64]
    start_ms: I64
    end_ms: I64

    @property
    def eligible(self) -> NDArray[np.bool_]:
        """Those that began."""
        began: NDArray[np.bool_] = self.start_ms != MISSING_MS
        return began

    @property
    def used(self) -> NDArray[np.bool_]:
        """Those that began and ended: what a percentile counts, also where the end stands before the beginning."""
        both: NDArray[np.bool_] = self.eligible & (self.end_ms != MISSING_MS)
        return both

    @property
    def backwards(self) -> NDArray[np.bool_]:
        """Those that ended before they began; they are counted as they stand and told of."""
        turned: NDArray[np.bool_] = self.used & (self.end_ms < self.start_ms)
        return turned


def interval(name: str) -> Interval:
    """The interval of this name; KeyError otherwise."""
    return {known.name: known for known in INTERVALS}[name]


def spans(history: History, of: Interval) -> Spans:
    """The interval for every row, or for every call: the earliest start and the earliest end among its rows.

    A missing stamp stays missing; it is never nought. Rows of a call need not stand together.
    """
    start_ms, end_ms = history.stamps[of.start], history.stamps[of.end]
    if of.per == "unit":
        return Spans(np.arange(len(history), dtype=np.int64), start_ms, end_ms)
    calls = history.call.codes
    first = first_rows(calls)
    group = np.searchsorted(calls[first], calls)
    return Spans(first, _earliest(start_ms, group, len(first)), _earliest(end_ms, group, len(first)))


def first_rows(codes: NDArray[np.int32]) -> NDArray[np.int64]:
    """The first row of each code, in the order of the codes."""
    first: NDArray[np.int64] = np.unique(codes, return_index=True)[1]
    return first


def _earliest(stamps_ms: I64, group: NDArray[np.int64], n_groups: int) -> I64:
    late = np.iinfo(np.int64).max
    earliest = np.full(n_groups, late, dtype=np.int64)
    np.minimum.at(earliest, group, np.where(stamps_ms == MISSING_MS, late, stamps_ms))
    return np.where(earliest == late, MISSING_MS, earliest)

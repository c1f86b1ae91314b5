"""Travel times fitted to a history: how good they are on days not seen, and the times that a what-if drives by."""

import numpy as np

from redstick.dispatch.history.clocks import Clock
from redstick.dispatch.history.model import MISSING_E7, MISSING_MS, Codes, History
from redstick.dispatch.kpi.intervals import first_rows
from redstick.dispatch.replay.plan import Fleet
from redstick.geo.travel.trips import Runs


def runs_of(history: History, fleet: Fleet) -> Runs:
    """Every unit row of a history as the calibration reads it; nothing in it is known only later but its stamps."""
    received = _first_of_call(history, "received")
    received = np.where(received == MISSING_MS, history.stamps["dispatched"], received)
    words = history.categories
    unit = _words(words["unit"])
    stations = [fleet.units[name].station if name in fleet.units else "" for name in unit.tolist()]
    areas = _words(words["station_area"])
    known = received != MISSING_MS
    local = np.full(len(history), MISSING_MS, np.int64)
    local[known] = Clock(history.time_zone).to_wall(received[known])
    return Runs(
        unit=unit,
        incident=_words(history.incident),
        unit_kind=_words(words["unit_kind"]),
        priority=_words(words["priority"]),
        call_type=_words(words["call_type"]),
        target=np.stack([history.longitude_e7, history.latitude_e7], axis=1).astype(np.int32),
        placed=np.asarray(history.longitude_e7 != MISSING_E7),
        first_due=np.array(
            [bool(s) and s.lstrip("0") == a.lstrip("0") for s, a in zip(stations, areas.tolist(), strict=True)], bool
        ),
        received_ms=received,
        local_ms=local,
        sent_ms=np.asarray(history.stamps["dispatched"]),
        departed_ms=np.asarray(history.stamps["en_route"]),
        arrived_ms=np.asarray(history.stamps["on_scene"]),
        available_ms=np.asarray(history.stamps["available"]),
    )


def _first_of_call(history: History, stamp: str) -> "np.typing.NDArray[np.int64]":
    """For every row the stamp of its call's first row: a call is received once."""
    calls = history.call.codes
    first = first_rows(calls)
    values = np.asarray(history.stamps[stamp])[first]
    found: np.typing.NDArray[np.int64] = values[np.searchsorted(calls[first], calls)]
    return found


def _words(codes: Codes) -> "np.typing.NDArray[np.str_]":
    """Each row's text, "" where the source was silent."""
    return np.array([*codes.values, ""], np.str_)[codes.codes]

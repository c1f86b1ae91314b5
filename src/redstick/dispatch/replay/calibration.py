"""Travel times fitted to a history: how good they are on days not seen, and the times that a what-if drives by."""

import numpy as np

from redstick.dispatch.history.clocks import Clock
from redstick.dispatch.history.model import MISSING_E7, MISSING_MS, Codes, History
from redstick.dispatch.kpi.intervals import first_rows
from redstick.dispatch.recommendation.by_road import ByRoad
from redstick.dispatch.replay.account import Travel
from redstick.dispatch.replay.by_road import RoadTravel, fit_lines
from redstick.dispatch.replay.plan import Fleet
from redstick.geo.roads import Roads
from redstick.geo.routing import EdgeRouter
from redstick.geo.travel import Drives, Network, Runs, TravelModel, Trips, fit, judge, trips_of


class TooFewDrivesError(ValueError):
    """A history without enough drives between homes and known places to say anything about travel times."""


def calibrate(
    history: History, roads: Roads, router: EdgeRouter, fleet: Fleet, judge_days: int
) -> tuple[Travel | None, RoadTravel]:
    """Fit on the earlier days, judge on the last `judge_days`; the times of a what-if are fitted on all of them.

    Gives no judgement for a history of fewer days. Raises TooFewDrivesError.
    """
    trips, drives = _drives(history, roads, router, fleet)
    routed = drives.routed
    try:
        lines = fit_lines(drives.network_s[routed], trips.duration_s[routed])
    except ValueError as error:
        raise TooFewDrivesError(str(error)) from error
    return _judgement(trips, drives, judge_days), RoadTravel(ByRoad(router), lines)


def fit_and_judge(
    history: History, roads: Roads, router: EdgeRouter, fleet: Fleet, judge_days: int
) -> tuple[TravelModel, Travel | None]:
    """The model fitted on every day, to be kept; and how one fitted on the earlier days did on the last ones.

    Raises TooFewDrivesError for a history without a drive.
    """
    trips, drives = _drives(history, roads, router, fleet)
    if not len(trips):
        raise TooFewDrivesError("no drive between a home and a known place; travel times cannot be fitted")
    return fit(trips, drives), _judgement(trips, drives, judge_days)


def _drives(history: History, roads: Roads, router: EdgeRouter, fleet: Fleet) -> tuple[Trips, Drives]:
    trips = trips_of(runs_of(history, fleet), {name: fleet.home(name) for name in fleet.units})
    return trips, Network(roads, router).drives(trips)


def _judgement(trips: Trips, drives: Drives, judge_days: int) -> Travel | None:
    days = np.unique(trips.day)
    if len(days) <= judge_days:
        return None
    later = trips.day >= days[-judge_days]
    model = fit(trips.where(~later), drives.where(~later))
    found = judge(model, trips.where(later), drives.where(later))
    return Travel(
        trips_fitted=int((~later).sum()),
        trips_judged=found.n,
        median_abs_error_s=found.median_abs_error_s,
        baseline_error_s=found.baseline_error_s,
        bias=found.bias,
        above_p90=found.above_p90,
        order_agreement=None if np.isnan(found.order_agreement) else found.order_agreement,
        baseline_order_agreement=None if np.isnan(found.order_agreement) else found.baseline_order_agreement,
    )


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

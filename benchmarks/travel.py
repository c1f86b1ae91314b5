"""How well travel times are predicted for days not seen, and what each part of the model is worth.

San Francisco's week of 2016-12-31 (third-party data, beside the checkout; without it there is no figure): fitted on
five days, judged on the last three. Within the five days each day is predicted from the four others: by those figures
the model was chosen, so that the judged days chose nothing.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from benchmarks.first_hour import DATA, EXAMPLES, WEEK, redstick
from redstick.cli.cities import fleet_of_city, open_city, open_router
from redstick.cli.histories import open_history
from redstick.dispatch.replay.calibration import runs_of
from redstick.geo.travel import Drives, Judgement, Network, Trips, fit, fitting, judge, trips_of
from redstick.geo.travel.terms import LINE_TERMS, choose_terms

JUDGE_DAYS = 3
SHARE_OF_LINE, BIAS, ABOVE_P90 = 0.96, 0.05, 0.13


def week() -> tuple[Trips, Drives]:
    """The drives of engines and trucks from their stations, described by road."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "city"
        redstick(
            "city", "import", "--roads", DATA / "roads" / "san_francisco_centerlines.geojson.gz",
            "--columns", EXAMPLES / "roads.toml", "--stations", DATA / "cad" / "san_francisco_stations.csv",
            "--time-zone", "America/Los_Angeles", "--out", folder,
        )  # fmt: skip
        history, _, _ = open_history(WEEK, EXAMPLES / "columns.toml", None)
        city = open_city(folder)
        fleet = fleet_of_city(city, history, EXAMPLES / "homes.toml")
        trips = trips_of(runs_of(history, fleet), {name: fleet.home(name) for name in fleet.units})
        return trips, Network(city.roads, open_router(folder, city)).drives(trips)


def judged(trips: Trips, drives: Drives, price: float = fitting.PENALTY) -> tuple[Judgement, float]:
    """The judgement on the last days; and the cross-fitted error of the earlier ones, as a share of the line's."""
    later = trips.day >= np.unique(trips.day)[-JUDGE_DAYS]
    kept, fitting.PENALTY = fitting.PENALTY, price
    try:
        found = judge(fit(trips.where(~later), drives.where(~later)), trips.where(later), drives.where(later))
        known = ~later & drives.routed
        trips, drives = trips.where(known), drives.where(known)
        error_s, line_s = (
            float(np.median(np.abs(fitting.cross_fitted(trips, drives, terms) - trips.duration_s)))
            for terms in (choose_terms(trips), LINE_TERMS)
        )
    finally:
        fitting.PENALTY = kept
    return found, error_s / line_s


def measure() -> Iterator[Figure]:
    """The promised figures, then the same with a part left out."""
    if not WEEK.exists():
        return
    trips, drives = week()
    found, crossed = judged(trips, drives)
    n, line_s = found.n, found.baseline_error_s
    name = f"{SHARE_OF_LINE} of the line's {line_s:.1f} s, at most"
    yield Figure("travel_median_abs_error", found.median_abs_error_s, "s", SHARE_OF_LINE * line_s, name, n)
    yield Figure("travel_mean_abs_error", found.mean_abs_error_s, "s", found.baseline_mean_abs_error_s, "the line's", n)
    yield Figure("travel_bias", abs(found.bias), "of the mean", BIAS, "at most", n)
    yield Figure("travel_above_p90", found.above_p90, "of drives", ABOVE_P90, "at most, and at least 0.07", n)
    line_order = found.baseline_order_agreement
    yield Figure("travel_order", found.order_agreement, "of pairs", line_order, "the line's", found.pairs)
    earlier = len(trips) - n
    yield Figure("travel_cross_fitted", crossed, "of the line's error", SHARE_OF_LINE, "at most", earlier)
    nowhere = replace(drives, underway_s=np.full(len(drives), np.nan))
    for what, told, price in (
        ("no_price", drives, 1e-9),
        ("half_price", drives, fitting.PENALTY / 2),
        ("double_price", drives, fitting.PENALTY * 2),
        ("always_at_home", nowhere, fitting.PENALTY),
        ("at_home_no_price", nowhere, 1e-9),
    ):
        other, crossed = judged(trips, told, price)
        yield Figure(f"travel_{what}", other.ratio, "of the line's error", SHARE_OF_LINE, "at most", n)
        yield Figure(f"travel_{what}_cross_fitted", crossed, "of the line's error", SHARE_OF_LINE, "at most", earlier)

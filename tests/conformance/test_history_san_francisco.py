"""A busy week of San Francisco: read by its map, drafted by itself, measured to the published anchors."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from redstick.dispatch.history import ColumnMap
from redstick.dispatch.history.guessing import guess
from redstick.dispatch.history.reading import read
from redstick.dispatch.kpi import interval, measure, missing_stamps, order_violations

FILE = "cad/san_francisco_fire_2016-12-31_2017-01-07.csv.gz"
MAP = Path(__file__).parents[2] / "examples" / "san_francisco" / "columns.toml"


@pytest.fixture(scope="module")
def week(third_party):
    return read(third_party(FILE), ColumnMap.load(MAP))


def test_the_week_is_read_whole(week):
    """7,704 unit rows, 3,560 calls and incidents, 178 units, 2,480 calls with several units, at most 23 on one."""
    assert len(week) == week.counts.read == week.counts.accepted == 7704
    assert week.listed == []
    assert len(week.call.values) == len(week.incident.values) == 3560
    assert len(week.unit.values) == 178
    units_of = np.bincount(week.call.codes)
    assert ((units_of > 1).sum(), units_of.max()) == (2480, 23)


@pytest.mark.parametrize(
    ("name", "n", "p50", "p90", "p95"),
    [
        ("entry", 3560, 74, 167, 201),
        ("queue", 3560, 30, 121, 198),
        ("call_to_dispatch", 3560, 113, 265, 349),
        ("turnout", 7490, 49, 124, 152),
        ("travel", 6150, 227, 759, 1025),
        ("response", 3429, 390, 1035, 1338),
    ],
)
def test_the_intervals_are_the_published_ones(week, name, n, p50, p90, p95):
    """Seconds by nearest rank, each with its n."""
    (kpi,) = measure(week, [interval(name)])
    assert (kpi.n_used, kpi.percentiles_s) == (n, {50: p50, 90: p90, 95: p95})


def test_28_pairs_run_backwards_and_none_is_dropped(week):
    """25 hospital before transport, 2 transport before on scene, 1 on scene before en route."""
    pairs = [(one.earlier, one.later) for one in order_violations(week)]
    expected = {("transport", "at_hospital"): 25, ("on_scene", "transport"): 2, ("en_route", "on_scene"): 1}
    assert {pair: pairs.count(pair) for pair in set(pairs)} == expected


def test_missing_stamps_are_counted(week):
    """1,554 rows lack on scene, 214 en route, 5 available; the first three stamps are never missing."""
    missing = missing_stamps(week)
    assert (missing["on_scene"], missing["en_route"], missing["available"]) == (1554, 214, 5)
    assert missing["received"] == missing["entered"] == missing["dispatched"] == 0


def test_places_are_in_the_city(week):
    """Latitude first in the text, longitude first in the history; 2,339 texts are 2,323 points to the centimetre."""
    assert week.longitude_e7.min() > -1_225_300_000
    assert week.longitude_e7.max() < -1_223_500_000
    assert week.latitude_e7.min() > 376_000_000  # the airport
    assert week.latitude_e7.max() < 378_500_000
    assert len({*zip(week.longitude_e7.tolist(), week.latitude_e7.tolist(), strict=True)}) == 2323


def test_the_draft_is_the_shipped_map(third_party):
    """Drafted from the file alone; the time zone is asked, not made up."""
    shipped, drafted = ColumnMap.load(MAP), guess(third_party(FILE))
    assert [doubt.where for doubt in drafted.unsure] == ["time_zone"]
    assert "America/Los_Angeles" in drafted.unsure[0].evidence
    answered = drafted.in_zone(shipped.time_zone).column_map
    assert replace(answered, source=shipped.source) == shipped


def test_dates_need_no_declaration(week, third_party):
    """The same moments come out when the map leaves the form of its dates open."""
    found = read(third_party(FILE), replace(ColumnMap.load(MAP), dates=()))
    assert all((found.stamps[name] == week.stamps[name]).all() for name in week.stamps)

"""From the wall to UTC: against zoneinfo everywhere, and in the two hours that a clock cannot tell."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.history.clocks import Clock, settle_repeated_hour
from redstick.dispatch.history.model import MISSING_MS

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  a wall clock has no zone
EARLIEST, LATEST = datetime(1975, 1, 1), datetime(2090, 1, 1)  # noqa: DTZ001  a wall clock has no zone
ZONES = ["America/Chicago", "America/Phoenix", "Australia/Lord_Howe", "Africa/Casablanca", "UTC", "Asia/Kathmandu"]


def wall_ms(text):
    return int((datetime.fromisoformat(text) - EPOCH) / timedelta(milliseconds=1))


@given(
    st.sampled_from(ZONES),
    st.lists(st.datetimes(min_value=EARLIEST, max_value=LATEST), min_size=1),
)
def test_conversion_agrees_with_zoneinfo(zone, walls):
    """Every wall time becomes the moment that zoneinfo gives it with fold 0, the repeated and skipped ones too."""
    walls = [wall.replace(microsecond=0) for wall in walls]
    converted = Clock(zone).to_utc(np.array([int((wall - EPOCH) / timedelta(milliseconds=1)) for wall in walls]))
    expected = [int(wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).timestamp()) * 1000 for wall in walls]
    assert converted.utc_ms.tolist() == expected


@given(st.sampled_from(ZONES), st.integers(min_value=200_000_000_000, max_value=3_700_000_000_000))
def test_the_wall_shows_what_zoneinfo_shows(zone, utc_ms):
    """Back to the wall is zoneinfo's answer as well."""
    utc_ms -= utc_ms % 1000
    shown = datetime.fromtimestamp(utc_ms / 1000, ZoneInfo(zone)).replace(tzinfo=None)
    assert Clock(zone).to_wall(np.array([utc_ms])).tolist() == [int((shown - EPOCH) / timedelta(milliseconds=1))]


def test_the_repeated_and_the_skipped_hour_are_marked():
    """Chicago 2025: 01:30 on 2 November came twice, 02:30 on 9 March never; missing stays missing."""
    walls = ["2025-11-02T01:30", "2025-11-02T00:59:59", "2025-11-02T02:00", "2025-03-09T02:30", "2025-03-09T03:00"]
    converted = Clock("America/Chicago").to_utc(np.array([*map(wall_ms, walls), MISSING_MS]))
    assert converted.repeated.tolist() == [True, False, False, False, False, False]
    assert converted.skipped.tolist() == [False, False, False, True, False, False]
    assert converted.later_ms.tolist()[0] == 3_600_000
    assert converted.utc_ms.tolist()[-1] == MISSING_MS


def settle(columns, later, call=None):
    """Settle rows given as {stamp: [wall text or None]} of Chicago; returns (UTC texts, unsettled)."""
    clock = Clock("America/Chicago")
    stamps, repeated = {}, {}
    for name, texts in columns.items():
        converted = clock.to_utc(np.array([MISSING_MS if text is None else wall_ms(text) for text in texts]))
        stamps[name] = converted.utc_ms
        repeated[name] = {int(i): int(converted.later_ms[i]) for i in np.flatnonzero(converted.repeated)}
    rows = len(next(iter(columns.values())))
    unsettled = settle_repeated_hour(stamps, repeated, np.array(call or range(rows), dtype=np.int32))
    assert len(unsettled) == later
    return {name: [str(np.datetime64(int(ms), "ms"))[11:16] for ms in column] for name, column in stamps.items()}


def test_a_stamp_before_settles_the_later_hour():
    """Dispatched at 01:05 after a receipt at 01:55 can only be the second 01:05; the receipt was in the first."""
    found = settle({"received": ["2025-11-02T01:55"], "dispatched": ["2025-11-02T01:05"]}, later=0)
    assert found == {"received": ["06:55"], "dispatched": ["07:05"]}


def test_a_stamp_behind_settles_the_earlier_hour():
    """On scene at 02:00 (08:00 UTC) leaves both readings of 01:30 open; the earlier is taken and told."""
    found = settle({"received": ["2025-11-02T01:30"], "on_scene": ["2025-11-02T02:00"]}, later=1)
    assert found["received"] == ["06:30"]


def test_an_unambiguous_neighbour_settles_all():
    """Received 01:50, dispatched 01:52, on scene 01:10: only the last hour was read a second time."""
    columns = {"received": ["2025-11-02T01:50"], "dispatched": ["2025-11-02T01:52"], "on_scene": ["2025-11-02T01:10"]}
    assert settle(columns, later=0) == {"received": ["06:50"], "dispatched": ["06:52"], "on_scene": ["07:10"]}


def test_another_unit_of_the_same_call_settles_the_receipt():
    """A row that cannot tell takes what its sibling proved about the same receipt, and another call does not."""
    columns = {
        "received": ["2025-11-02T01:55", "2025-11-02T01:55", "2025-11-02T01:55"],
        "dispatched": ["2025-11-02T01:05", None, None],
    }
    found = settle(columns, later=1, call=[7, 7, 8])
    assert found["received"] == ["06:55"] * 3


def test_a_row_without_any_orderly_reading_is_told():
    """Stamps that run backwards under every reading settle nothing."""
    columns = {"received": ["2025-11-02T01:30"], "on_scene": ["2025-11-02T00:30"]}
    assert settle(columns, later=1)["received"] == ["06:30"]


def test_a_planted_sign_error_would_be_seen():
    """Chicago is behind Greenwich: 12:00 there is 18:00 UTC in winter, not 06:00."""
    converted = Clock("America/Chicago").to_utc(np.array([wall_ms("2025-01-01T12:00")]))
    assert converted.utc_ms.tolist() == [wall_ms("2025-01-01T18:00")]


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+5"])
def test_a_zone_that_never_changes(zone):
    """Zones without any change convert too, nothing marked."""
    converted = Clock(zone).to_utc(np.array([0, MISSING_MS]))
    assert converted.utc_ms.tolist() == [0 if zone == "UTC" else 5 * 3_600_000, MISSING_MS]
    assert not converted.repeated.any()
    assert not converted.skipped.any()

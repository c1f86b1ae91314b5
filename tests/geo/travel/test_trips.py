"""Which runs of a record are drives to learn from, and what was known when each unit was sent."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.geo.travel import MISSING_MS, Runs, trips_of
from redstick.geo.travel.trips import is_working_day

HOMES = {"E1": (0, 0), "E2": (1_000, 0), "T1": (0, 0)}
NOON = 1_514_894_400_000  # 2018-01-02 12:00 UTC
MISSING = None


def runs_of(*rows):
    """Runs of (unit, incident, sent, departed, arrived, available), seconds after noon or None; trucks are the T."""
    stamps = np.array(
        [[MISSING_MS if s is MISSING else NOON + s * 1000 for s in row[2:]] for row in rows], np.int64
    ).reshape(-1, 4)
    n = len(rows)
    words = lambda *values: np.array([*values], np.str_)  # noqa: E731  (one word an array)
    return Runs(
        unit=words(*(row[0] for row in rows)), incident=words(*(row[1] for row in rows)),
        unit_kind=words(*("TRUCK" if row[0][0] == "T" else "ENGINE" for row in rows)),
        priority=words(*["3"] * n), call_type=words(*["Alarm"] * n),
        target=np.array([(10_000 + 100 * k, 0) for k in range(n)], np.int32).reshape(-1, 2), placed=np.ones(n, bool),
        first_due=np.ones(n, bool), received_ms=stamps[:, 0] - 60_000, local_ms=stamps[:, 0] - 60_000 - 8 * 3_600_000,
        sent_ms=stamps[:, 0], departed_ms=stamps[:, 1], arrived_ms=stamps[:, 2], available_ms=stamps[:, 3],
    )  # fmt: skip


def test_a_drive_has_a_home_a_place_and_both_ends():
    """Runs without a home, a place, a departure or an arrival, or of an impossible length, are no drives."""
    runs = runs_of(
        ("E1", "a", 0, 60, 300, 900), ("M9", "b", 0, 60, 300, 900), ("E1", "c", 1000, MISSING, 1300, 1900),
        ("E2", "d", 0, 60, MISSING, 900), ("E2", "e", 2000, 2060, 2079, 2500), ("T1", "f", 0, 60, 1861, 2500),
        ("T1", "g", 5000, 5060, 5300, 5900), ("E1", "h", 9000, 9060, 9000, 9900),
    )  # fmt: skip
    runs = replace(runs, placed=np.arange(8) != 6)
    trips = trips_of(runs, HOMES)
    assert trips.incident.tolist() == ["a"]
    assert trips.duration_s.tolist() == [240]
    assert trips.origin.tolist() == [[0, 0]]


def test_day_and_hour_are_the_city_s():
    """A drive at noon in London is one at four in the morning eight hours west; the turn of the year is Monday."""
    trips = trips_of(runs_of(("E1", "a", 0, 60, 300, 900)), HOMES)
    assert trips.local_hour[0] == pytest.approx(4.0)
    assert trips.day[0] == NOON // 86_400_000
    assert trips.working_day[0]
    assert not trips_of(runs_of(("E1", "a", 0, 60, 300, 900)), HOMES, holidays=[int(trips.day[0])]).working_day[0]


def test_working_days_are_monday_to_friday():
    """The first of January 1970 was a Thursday."""
    assert is_working_day(np.arange(7)).tolist() == [True, True, False, False, True, True, True]


def test_where_a_unit_was_is_known_only_when_it_arrived_there_and_was_free():
    """The last place counts from when the unit became free there; a run cut short or still going on tells nothing."""
    was_there = ("E1", "a", 0, 60, 300, 900)
    trips = trips_of(runs_of(was_there, ("E1", "b", 1000, 1060, 1300, 1900)), HOMES)
    assert trips.previous.tolist() == [[0, 0], [10_000, 0]]
    assert np.isnan(trips.idle_s[0])
    assert trips.idle_s[1] == 100
    for earlier in (("E1", "a", 0, 60, MISSING, 900), ("E1", "a", 0, 60, 300, 1001), ("E1", "a", 0, 60, 300, MISSING)):
        known = trips_of(runs_of(earlier, ("E1", "b", 1000, 1060, 1300, 1900)), HOMES)
        assert known.previous[-1].tolist() == [0, 0]
        assert np.isnan(known.idle_s[-1])


def test_rivals_are_the_free_units_of_the_kind():
    """A unit on another incident is no rival, nor is one already sent to this; one sent together with it is none."""
    trips = trips_of(
        runs_of(("E1", "a", 0, 60, 300, 900), ("E2", "b", 100, 160, 400, 2000), ("E1", "c", 1000, 1060, 1300, 1900)),
        HOMES,
    )
    assert trips.rivals == [((1_000, 0),), (), ()]


def test_company_on_the_way_and_on_scene():
    """Units sent within a second go together; units that arrived before the order are on scene."""
    trips = trips_of(
        runs_of(("E1", "a", 0, 60, 300, 900), ("T1", "a", 1, 60, 300, 900), ("E2", "a", 400, 460, 700, 900)), HOMES
    )
    assert trips.sent_together.tolist() == [2, 2, 1]
    assert trips.on_scene_before.tolist() == [0, 0, 2]


ASKED = ("E1", "asked", 4000, 4060, 4300, 5000)
ROSTER = (("E1", "x", -9000, MISSING, MISSING, -8000), ("E2", "y", -9000, MISSING, MISSING, -8000))
after = st.one_of(st.none(), st.integers(0, 3000))
run = st.tuples(
    st.sampled_from(["E1", "E2"]), st.sampled_from(["asked", "b"]), st.integers(0, 3998), after, after, after
)


def stamped(drawn, delay_s):
    """A run as its row; what happens to it after the asked one was sent happens `delay_s` later."""
    unit, incident, sent, *later = drawn
    stamps = [None if s is None else sent + s for s in later]
    return (unit, incident, sent, *(s if s is None or s <= ASKED[2] else s + delay_s for s in stamps))


@given(st.lists(run, max_size=8), st.lists(run, max_size=4), st.integers(0, 1000))
def test_nothing_about_a_drive_is_known_only_later(earlier, later, delay_s):
    """Whatever else happens after a unit was sent, but for its own drive, the drive is described the same."""
    futures = [(unit, incident, sent + 4002, *rest) for unit, incident, sent, *rest in later]
    one = trips_of(runs_of(*ROSTER, ASKED, *(stamped(row, 0) for row in earlier)), HOMES)
    two = trips_of(runs_of(*ROSTER, ASKED, *(stamped(row, delay_s) for row in [*earlier, *futures])), HOMES)
    for field in fields(one):
        np.testing.assert_array_equal(getattr(one, field.name)[0], getattr(two, field.name)[0], err_msg=field.name)

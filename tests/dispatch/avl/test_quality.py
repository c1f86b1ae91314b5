"""The verdict on a unit's positions: each test states one fact."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.dispatch.avl.quality import GPS_M, Fix, Quality, assess
from redstick.dispatch.avl.swaps import swapped
from redstick.dispatch.status_table import Status
from redstick.simulation import lying_devices as drives
from redstick.simulation.lying_devices import CITY, INTERVAL_MS, NOON, dice_of, healthy

REPORTS = 40
NOW = NOON + REPORTS * INTERVAL_MS


def verdict(fixes, status=Status.ENR, now=NOW):
    """The verdict now, in the city of the tracks."""
    return assess(fixes, status, now, INTERVAL_MS, CITY)


@settings(max_examples=200)
@given(st.integers(0, 2**32), st.booleans())
def test_a_healthy_track_is_fresh(seed, moving):
    """Whatever way it drives, or stands: no label, and it is used."""
    found = verdict(healthy(dice_of(seed), REPORTS, moving=moving), Status.ENR if moving else Status.AQ)
    assert (found.quality, found.label, found.usable) == (Quality.FRESH, "", True)


FAULTS = {
    Quality.FROZEN: drives.frozen,
    Quality.JUMP: drives.jumped,
    Quality.SKEW: drives.skewed,
    Quality.IMPOSSIBLE: drives.misplaced,
    Quality.STALE: drives.silent,
}


@pytest.mark.parametrize("quality", FAULTS)
@settings(max_examples=100)
@given(seed=st.integers(0, 2**32))
def test_a_planted_fault_is_named(quality, seed):
    """And what is wrong is shown with its label and not ranked by."""
    dice = dice_of(seed)
    found = verdict(FAULTS[quality](dice, healthy(dice, REPORTS)))
    assert found.quality is quality
    assert found.label
    assert not found.usable


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_a_swap_names_both_units_and_nobody_else(seed):
    """Two of five units exchange their tracks; a jump of a third is no swap."""
    dice = dice_of(seed)
    tracks = {name: healthy(dice, REPORTS) for name in "ABCDE"}
    assert swapped(tracks, NOW) == {}
    far = abs(tracks["A"][-8].x - tracks["B"][-8].x) + abs(tracks["A"][-8].y - tracks["B"][-8].y)
    tracks["A"], tracks["B"] = drives.swapped(dice, tracks["A"], tracks["B"])
    tracks["C"] = drives.jumped(dice, tracks["C"])
    found = swapped(tracks, NOW)
    if far > 2_000 * drives.M:  # units that stand beside each other may be exchanged without anyone's noticing
        assert found == {"A": "B", "B": "A"}


def test_age_turns_fresh_into_ageing_into_stale():
    """Two intervals, ten intervals; how far the unit may be widens with its age while it moves, and not at rest."""
    fixes = [Fix(CITY.box[0] + 9, CITY.box[1] + 9, NOON, NOON)]
    ages = [(2, Quality.FRESH), (2.1, Quality.AGEING), (10, Quality.AGEING), (10.1, Quality.STALE)]
    wide = []
    for intervals, quality in ages:
        found = verdict(fixes, now=NOON + int(intervals * INTERVAL_MS))
        assert (found.quality, found.usable) == (quality, quality is not Quality.STALE)
        wide.append(found.uncertainty_m)
        assert verdict(fixes, Status.AQ, NOON + int(intervals * INTERVAL_MS)).uncertainty_m == GPS_M
    assert wide == sorted(wide)
    assert wide[-1] - GPS_M == 14 * 101


def test_nothing_reported_is_said_to_be_nothing():
    """No point, no label that looks like one; station order stands."""
    found = verdict([])
    assert (found.quality, found.x, found.age_ms, found.usable) == (Quality.NONE, None, None, False)


def test_of_an_impossible_place_the_last_possible_one_is_shown():
    """With its age; where there never was one, nothing is."""
    dice = dice_of(1)
    fixes = healthy(dice, REPORTS)
    found = verdict(drives.misplaced(dice, fixes))
    assert (found.x, found.y) == (fixes[-2].x, fixes[-2].y)
    assert verdict([Fix(0, 0, NOON, NOON)]).x is None


def test_a_leap_that_the_next_reports_agree_with_is_believed():
    """The device was moved, or the reports before were wrong: after one doubtful verdict the unit is where it says."""
    fixes = healthy(dice_of(2), REPORTS)
    off = 60_000 * 9
    moved = [*fixes[:-2], *(Fix(fix.x + off, fix.y, fix.at, fix.received_at) for fix in fixes[-2:])]
    assert verdict(moved[:-1]).quality is Quality.JUMP
    assert verdict(moved).quality is Quality.FRESH


def test_standing_still_is_frozen_only_for_who_says_that_it_drives():
    """A unit in quarters with a receiver that rounds is well."""
    times = [NOW - number * INTERVAL_MS for number in range(7, -1, -1)]
    fixes = [Fix(CITY.box[0] + 9, CITY.box[1] + 9, at, at) for at in times]
    assert verdict(fixes, Status.AQ).quality is Quality.FRESH
    assert verdict(fixes, Status.ENR).quality is Quality.FROZEN


FIXES = st.lists(
    st.builds(
        Fix,
        st.integers(-2_000_000_000, 2_000_000_000),
        st.integers(-2_000_000_000, 2_000_000_000),
        st.integers(0, 2 * NOON),
        st.integers(0, 2 * NOON),
    ),
    max_size=8,
)


@given(FIXES, st.sampled_from(Status), st.integers(0, 2 * NOON), st.integers(1, 600_000))
def test_whatever_a_device_claims_there_is_a_verdict(fixes, status, now, interval_ms):
    """Never an exception; an age that is never below 0; usable only with a point, and never what lies outside."""
    found = assess(fixes, status, now, interval_ms, CITY)
    assert found.quality in Quality
    assert (found.age_ms or 0) >= 0
    if found.usable:
        assert found.quality in (Quality.FRESH, Quality.AGEING)
        assert CITY.box[0] <= found.x <= CITY.box[2]
    assert set(swapped({"A": fixes, "B": fixes[::-1]}, now)) in ({"A", "B"}, set())

"""Policies side by side: paired over the same calls, with intervals that follow from the replications."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp, ttest_rel
from tests.simulation.ems.small_ground import setting, street

from redstick.simulation.ems import compare, measuring, policy_named
from redstick.simulation.ems.measuring import busy_under, interval, share
from redstick.simulation.ems.policies import area_of

DEPLOYED = np.array([1, 2])


def compared(names=("static", "even", "dmexclp"), replications=6, seed=3, **changed):
    """A comparison on the street, three units."""
    ground, chosen = street(), setting(**({"calls_an_hour": 5.0, "days": 3.0, "warm_up_days": 0.5} | changed))
    area = area_of(ground, chosen, 0.4)
    policies = [policy_named(name, ground, area, DEPLOYED) for name in names]
    return compare(ground, chosen, policies, replications, seed, 0.4)


def test_every_policy_meets_the_same_calls(monkeypatch):
    """The calls that are lived are the very same object under each policy of a replication, and differ between two."""
    met = []
    lived = measuring.live

    def noted(ground, chosen, drawn, policy):
        met.append((policy.name, drawn))
        return lived(ground, chosen, drawn, policy)

    monkeypatch.setattr(measuring, "live", noted)
    compared(replications=2)
    assert [name for name, _ in met] == ["static", "even", "dmexclp"] * 2
    assert met[0][1] is met[1][1] is met[2][1]
    assert met[0][1] is not met[3][1]


def test_a_policy_beside_itself_differs_by_nothing():
    """Two plans with the same posts are equal in every replication, so their difference is exactly 0 without a band."""
    same = compared(("static", "static"), replications=3).measured[1]
    assert (same.against.mean, same.against.low, same.against.high, same.better_in) == (0, 0, 0, 0)


def test_days_without_a_call_are_refused():
    """A fraction of nothing is no figure: the replication is named."""
    with pytest.raises(ValueError, match="replication 1 has no call"):
        compared(calls_an_hour=1e-6)


def test_the_same_seed_gives_the_same_figures_and_another_seed_others():
    """Down to the last digit."""
    first, again, other = compared(seed=3), compared(seed=3), compared(seed=4)
    assert [one.as_json() for one in first.measured] == [one.as_json() for one in again.measured]
    assert first.measured[0].late_by_replication != other.measured[0].late_by_replication


def test_the_paired_interval_is_that_of_a_paired_t_test():
    """Against scipy's, computed another way."""
    every = compared(replications=8).measured
    first, other = (np.array(one.late_by_replication) for one in every[:2])
    theirs = ttest_rel(other, first).confidence_interval(0.95)
    assert (every[1].against.low, every[1].against.high) == pytest.approx((theirs.low, theirs.high))


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_an_interval_is_students(values):
    """Its ends are those of a one-sample t-test; equal values have no width."""
    found = interval(np.array(values))
    if len(set(values)) > 1 and np.std(values) > 1e-9:
        theirs = ttest_1samp(values, 0).confidence_interval(0.95)
        assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))
    assert found.low <= found.mean <= found.high


def test_one_replication_has_no_bounds():
    """Nothing is known of the spread."""
    found = interval(np.array([0.3]))
    assert (found.mean, found.low, found.high) == (0.3, -np.inf, np.inf)


def test_the_relative_gain_is_of_means_and_its_band_holds_it():
    """What is saved of what there was, over all replications."""
    comparison = compared(replications=8)
    first, other = comparison.measured[0], comparison.measured[1]
    gain = comparison.relative_gain(other)
    assert gain.mean == pytest.approx(1 - other.late.mean / first.late.mean)
    assert gain.low < gain.mean < gain.high


def test_a_plan_that_saves_the_same_part_of_every_replication_leaves_no_doubt():
    """A fifth fewer late in each, however different the replications: the band has no width."""
    comparison = compared(replications=4)
    first, other, *_ = comparison.measured
    base = (0.1, 0.2, 0.4, 0.3)
    fifth = dataclasses.replace(other, late_by_replication=tuple(0.8 * one for one in base))
    changed = (dataclasses.replace(first, late_by_replication=base), fifth)
    gain = dataclasses.replace(comparison, measured=changed).relative_gain(fifth)
    assert (gain.low, gain.mean, gain.high) == pytest.approx((0.2, 0.2, 0.2))


def test_calls_of_the_warm_up_are_lived_but_not_counted():
    """A longer warm-up changes n by nothing but chance; all of the day that counts is counted."""
    one = compared(("static",), replications=4, calls_an_hour=20.0, warm_up_days=2.0, days=1.0).measured[0]
    assert one.n_calls == pytest.approx(4 * 24 * 20, abs=4 * (4 * 24 * 20) ** 0.5)


def test_the_busy_fraction_is_work_by_time():
    """Within the range of what the settings ask for: about 5 calls an hour of about half an hour, three units."""
    ground, chosen = street(), setting(calls_an_hour=2.0, days=20.0)
    work_s = 600 + 0.75 * (1064.7 + 144) + 70  # scene, hand-over and drives; the mean of Weibull's law is 1,064.7
    assert busy_under(ground, chosen, DEPLOYED, 1) == pytest.approx(2 * work_s / 3600 / 3, rel=0.1)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_a_share_s_interval_is_students_within_the_whole(values):
    """Nothing is late less than never or more than always, however few the replications."""
    found, whole = share(np.array(values)), interval(np.array(values))
    assert (found.mean, found.low, found.high) == (whole.mean, max(0.0, whole.low), min(1.0, whole.high))
    assert 0 <= found.low <= found.high <= 1

"""What is said of a prediction: errors, bias, tail, and who arrives first."""

from dataclasses import replace

import numpy as np
import pytest

from redstick.geo.travel import free_flow, judge


def pair_of(record, seconds, sent_apart_s=0, departed_apart_s=0):
    """Two units of one incident with their durations, over 100 s and 200 s of network time."""
    trips, drives = (half.where(np.arange(len(half)) < 2) for half in record)
    sent = np.array([0, sent_apart_s * 1000])
    departed = np.array([60_000, 60_000 + departed_apart_s * 1000])
    trips = replace(trips, incident=np.array(["i", "i"]), sent_ms=sent, departed_ms=departed)
    return replace(trips, duration_s=np.array(seconds, float)), replace(drives, network_s=np.array([100.0, 200.0]))


def test_figures_by_hand(record):
    """Against free flow of 100 and 200 s, real times of 120 and 190 s: errors 20 and 10, the mean 3.2 % low."""
    found = judge(free_flow(), *pair_of(record, [120, 190]))
    assert (found.n, found.pairs, found.median_abs_error_s, found.mean_abs_error_s) == (2, 1, 15, 15)
    assert found.bias == pytest.approx(300 / 310 - 1)
    assert found.ratio == 1


@pytest.mark.parametrize(
    ("seconds", "apart", "agreement"),
    [([120, 190], 0, 1.0), ([250, 190], 0, 0.0), ([250, 190], 120, 1.0), ([120, 190], -120, 1.0)],
)
def test_the_order_of_arrival_counts_the_departure(record, seconds, apart, agreement):
    """Who arrives first is told from departure and drive together; a late start turns it round."""
    assert judge(free_flow(), *pair_of(record, seconds, departed_apart_s=apart)).order_agreement == agreement


def test_units_sent_apart_are_no_pair(record):
    """Over a minute between the orders, the order of arrival says nothing; without pairs there is no agreement."""
    found = judge(free_flow(), *pair_of(record, [120, 190], sent_apart_s=61))
    assert found.pairs == 0
    assert np.isnan(found.order_agreement)


def test_nothing_to_judge_by_is_refused(record):
    """Drives that never arrived cannot judge a model."""
    trips, drives = record
    with pytest.raises(ValueError, match="duration"):
        judge(free_flow(), replace(trips, duration_s=trips.duration_s * np.nan), drives)

"""Near repeat on Chicago's burglaries: equal to two other programs, cell for cell."""

import csv

import numpy as np
import pytest

from redstick.crimecenter.analytics.events import read_events
from redstick.crimecenter.analytics.near_repeat import knox


@pytest.fixture(scope="module")
def found(third_party):
    """The Knox table of the first month."""
    events = read_events(third_party("crimecenter/near_repeat/chicago_burglary_month1.csv"))
    assert len(events) == 970
    return knox(events.x_m, events.y_m, events.day, permutations=999, seed=7)


def test_all_twenty_observed_counts_are_equal(found, third_party):
    """To the Near Repeat Calculator's and the R package's table."""
    with third_party("crimecenter/near_repeat/knox_expected.csv").open() as file:
        expected = [int(row["observed"]) for row in csv.DictReader(file)]
    assert found.observed.ravel().tolist() == expected


def test_ratios_and_p_agree_within_their_own_error(found, third_party):
    """In the first week the ratios are those of the R package within a twentieth, and so is the verdict."""
    with third_party("crimecenter/near_repeat/knox_expected.csv").open() as file:
        stated = [float(row["ratio_r_nearrepeat"]) for row in csv.DictReader(file) if row["ratio_r_nearrepeat"]]
    assert found.ratio[: len(stated), 0].tolist() == pytest.approx(stated, rel=0.05)
    assert (found.p[:3, 0] <= 0.01).all()
    assert found.p[3, 0] > 0.3


def test_a_wrong_definition_would_be_seen(third_party):
    """The Euclidean metric, a likely slip, gives the other first column that the reference names."""
    events = read_events(third_party("crimecenter/near_repeat/chicago_burglary_month1.csv"))
    wrong = knox(events.x_m, events.y_m, events.day, metric="euclidean", permutations=1)
    assert wrong.observed[:4, 0].tolist() == [28, 54, 110, 132]
    assert not np.array_equal(wrong.observed[:4, 0], [28, 44, 97, 77])


def test_a_whole_year_holds_what_its_months_do(third_party):
    """Of 11,701 rows one has no date and is listed; the same place within a week is raised, and far pairs are not."""
    events = read_events(third_party("crimecenter/near_repeat/chicago_burglary_2016.csv"))
    assert (len(events), events.skipped) == (11_700, {"no usable date": 1})
    year = knox(events.x_m, events.y_m, events.day, permutations=99, seed=7)
    assert year.observed.sum() == 11_700 * 11_699 // 2
    assert (year.p[:3, 0] <= 0.01).all()
    assert year.ratio[0, 0] > year.ratio[1, 0] > year.ratio[2, 0] > 1
    assert np.abs(year.ratio[-1] - 1).max() < 0.01

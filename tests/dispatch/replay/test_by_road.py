"""Travel times of a what-if: a distribution over the network's time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.ports import Errand
from redstick.dispatch.replay.by_road import LEVELS, QuantileLines, RoadTravel, fit_lines

ERRAND = Errand("ENGINE", 1, "", 0)


class Straight:
    """One second for each integer; the origin (0, 1) has no road."""

    def seconds_to(self, target, origins):
        """Times from each origin."""
        return [(None, "disconnected") if y else (float(abs(target[0] - x)), "reached") for x, y in origins]


@pytest.fixture(scope="module")
def lines():
    """Drives of 60 s plus the network's time, spread by up to a third."""
    generator = np.random.default_rng(1)
    network_s = generator.uniform(30, 600, 3000)
    return fit_lines(network_s, (60 + network_s) * generator.uniform(0.7, 1.3, 3000))


def test_the_levels_of_known_drives_are_found_again(lines):
    """The line of each level has that share of the drives below it, within sampling error."""
    generator = np.random.default_rng(2)
    network_s = generator.uniform(30, 600, 4000)
    drives = (60 + network_s) * generator.uniform(0.7, 1.3, 4000)
    below = np.array([(drives < lines.intercept_s[i] + lines.slope[i] * network_s).mean() for i in range(len(LEVELS))])
    assert np.abs(below - LEVELS).max() < 0.03


def test_a_drive_moved_to_its_own_origin_is_unchanged(lines):
    """Level there and time back are inverse inside the fitted levels."""
    travel = RoadTravel(Straight(), lines)
    for seconds in (150, 180, 220):
        level = travel.level_of((0, 0), (120, 0), ERRAND, seconds)
        assert travel.at_level_s((0, 0), (120, 0), ERRAND, level) == pytest.approx(seconds, abs=0.5)


def test_where_no_road_leads_there_is_no_time(lines):
    """None, not a large number."""
    travel = RoadTravel(Straight(), lines)
    assert travel.medians_s([(0, 1), (0, 0)], (100, 0), ERRAND)[0] is None
    assert travel.at_level_s((0, 1), (100, 0), ERRAND, 0.5) is None


def test_too_few_drives_are_refused():
    """A calibration on a handful of drives would be a guess."""
    with pytest.raises(ValueError, match="too few"):
        fit_lines(np.arange(10.0), np.arange(10.0))


@given(st.lists(st.floats(-200, 400), min_size=19, max_size=19), st.lists(st.floats(0, 3), min_size=19, max_size=19))
def test_lines_that_cross_still_make_a_distribution(intercepts, slopes):
    """Times never fall with the level, whatever the lines."""
    made = QuantileLines(np.array(intercepts), np.array(slopes))
    for network_s in (0.0, 60.0, 3000.0):
        assert (np.diff(made.at(network_s)) >= 0).all()

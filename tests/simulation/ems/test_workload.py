"""The calls of a replication: drawn once, by the hour, each quantity with dice of its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulation.ems.small_ground import setting

from redstick.simulation.ems import draw

SHARE = np.array([0.1, 0.0, 0.4, 0.2, 0.3])


def fields(calls):
    return [
        getattr(calls, name).tolist()
        for name in ("at_s", "cell", "priority", "on_scene_s", "transported", "handover_s")
    ]


@given(st.integers(0, 2**32 - 1), st.integers(0, 1000))
def test_the_same_seed_and_replication_draw_the_same_calls(seed, replication):
    """And a call lies in time order, within the days, in a cell that has demand."""
    calls = draw(setting(), SHARE, seed, replication)
    assert fields(calls) == fields(draw(setting(), SHARE, seed, replication))
    assert (np.diff(calls.at_s) >= 0).all()
    assert ((calls.at_s >= 0) & (calls.at_s < 86_400)).all()
    assert (calls.cell != 1).all()


def test_another_replication_is_another_day():
    """Two replications of one seed share no call."""
    assert not set(draw(setting(), SHARE, 1, 0).at_s) & set(draw(setting(), SHARE, 1, 1).at_s)


def test_longer_scenes_leave_all_else_as_it_was():
    """Common random numbers over settings too: only what was changed changes, in proportion."""
    short, long = (draw(setting(on_scene_s=mean), SHARE, 5, 0) for mean in (300.0, 600.0))
    assert fields(short)[:3] == fields(long)[:3]
    assert np.allclose(short.on_scene_s * 2, long.on_scene_s)
    assert fields(short)[4:] == fields(long)[4:]


def test_means_are_those_of_the_setting():
    """Within four standard errors over 200 days: the rate, the shares, the scene, handing over."""
    calls = draw(setting(calls_an_hour=10.0, days=200.0), SHARE, 9, 0)
    n = len(calls)
    assert n == pytest.approx(48_000, abs=4 * 48_000**0.5)
    assert calls.on_scene_s.mean() == pytest.approx(600, abs=4 * 600 / n**0.5)
    assert calls.handover_s.mean() == pytest.approx(1200 * 0.88726, rel=0.01)
    assert calls.transported.mean() == pytest.approx(0.75, abs=4 * 0.433 / n**0.5)
    assert (calls.priority == 0).mean() == pytest.approx(0.75, abs=4 * 0.433 / n**0.5)
    assert np.bincount(calls.cell, minlength=5) / n == pytest.approx(SHARE, abs=0.01)


def test_a_busy_hour_has_its_part_of_the_calls():
    """Hours with factor 0 have none, an hour with factor 12 has half of a day's."""
    by_hour = [0.0] * 24
    by_hour[7], by_hour[20] = 12.0, 12.0
    calls = draw(setting(calls_an_hour=50.0, days=30.0, by_hour=tuple(by_hour)), SHARE, 3, 0)
    hours = (calls.at_s // 3600).astype(int) % 24
    assert set(hours.tolist()) == {7, 20}
    assert (hours == 7).mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    "wrong", [{"by_hour": (1.0,) * 23}, {"days": 0.0}, {"transported": 1.2}, {"by_hour": (2.0,) * 24}]
)
def test_a_setting_that_cannot_be_is_refused(wrong):
    """With words that say what must hold."""
    with pytest.raises(ValueError, match="must"):
        setting(**wrong)

"""Virtual time: each test states one fact."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.simulation.timeline import Timeline

MOMENTS = st.lists(st.integers(0, 50), max_size=30)


def lived(moments, steps):
    """What was done, as (moment it was done, which act), when time runs in the given steps."""
    timeline, done = Timeline(0), []
    for which, moment in enumerate(moments):
        timeline.at(moment, lambda which=which: done.append((timeline.now, which)))
    for step in sorted(steps):
        timeline.run_until(step)
    return done


@given(MOMENTS, st.lists(st.integers(0, 60), max_size=10))
def test_acts_come_in_the_order_of_their_moments_however_time_is_cut(moments, steps):
    """Each act sees its own moment as now; of one moment, what was planned first comes first; steps change nothing."""
    expected = sorted((moment, which) for which, moment in enumerate(moments))
    assert lived(moments, [*steps, 60]) == expected


@given(MOMENTS, st.integers(0, 60))
def test_nothing_is_done_before_its_time(moments, until):
    """Up to a moment, that moment included, and nothing beyond it; the count says how many."""
    timeline, done = Timeline(0), []
    for moment in moments:
        timeline.at(moment, lambda moment=moment: done.append(moment))
    assert timeline.run_until(until) == len(done)
    assert sorted(done) == sorted(moment for moment in moments if moment <= until)
    assert timeline.now == until


def test_an_act_may_plan_another_one():
    """What is planned while time runs is done in the same run when its moment has come."""
    timeline, done = Timeline(100), []
    timeline.after(1, lambda: timeline.after(0.5, lambda: done.append(timeline.now)))
    timeline.run_until(5000)
    assert done == [1600]


def test_what_is_planned_for_the_past_is_done_now():
    """Time never runs backwards: an act for a moment that has passed sees the present one."""
    timeline, done = Timeline(1000), []
    timeline.at(5, lambda: done.append(timeline.now))
    timeline.run_until(1000)
    assert done == [1000]
    timeline.run_until(500)
    assert timeline.now == 1000

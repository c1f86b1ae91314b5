"""Living calls on the virtual clock: by hand, and what always holds."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.simulation.ems.small_ground import at_home, calls, setting, street

from redstick.simulation.ems import Policy, draw, live, policy_named
from redstick.simulation.ems.living import AT_POST, AT_WORK, MOVING
from redstick.simulation.ems.policies import area_of


def test_the_nearest_free_unit_goes_and_the_next_nearest_when_it_is_busy():
    """By hand: 30 s of dispatch, then 1 minute a place; the second call at the same end is reached from the other."""
    lived = live(street(), setting(), calls((0, 1, 0, 900, None), (60, 1, 0, 900, None)), at_home(0, 1))
    assert lived.unit.tolist() == [0, 1]
    assert lived.response_s.tolist() == [30 + 60, 30 + 180]


def test_a_call_without_lights_is_driven_to_at_that_speed():
    """By hand: two minutes a place for the low priority."""
    lived = live(street(), setting(), calls((0, 1, 1, 900, None)), at_home(0, 1))
    assert lived.response_s.tolist() == [30 + 120]


def test_when_all_are_busy_the_more_urgent_of_the_waiting_goes_first():
    """One unit: the low call came first, the high call is served first, each from where the unit became free."""
    lived = live(
        street(), setting(), calls((0, 0, 0, 600, None), (100, 1, 1, 60, None), (200, 2, 0, 60, None)), at_home(0)
    )
    assert lived.waited.tolist() == [False, True, True]
    free_s = 30 + 0 + 600
    high_s = free_s + 2 * 60
    assert lived.response_s[2] == high_s - 200
    assert lived.response_s[1] == high_s + 60 + 120 - 100


def test_a_patient_goes_to_hospital_and_the_next_call_is_answered_from_there():
    """By hand: scene at place 4, the hospital two places on at two minutes each, ten minutes to hand over."""
    lived = live(street(), setting(), calls((0, 4, 0, 60, 600), (100, 3, 0, 60, None)), at_home(1))
    free_s = 30 + 0 + 60 + 240 + 600
    assert lived.response_s[1] == free_s + 60 - 100


def test_the_nearest_hospital_is_taken():
    """By hand: from place 4 the hospital at 3, not the one at 0; the next call at 3 is answered on the spot."""
    drawn = calls((0, 4, 0, 60, 600), (100, 3, 0, 60, None))
    lived = live(street(hospitals=(0, 3)), setting(), drawn, at_home(1))
    assert lived.response_s[1] == 30 + 60 + 120 + 600 - 100


def test_a_unit_that_drives_home_is_sent_from_the_next_corner():
    """Free at place 4 at 330 s and homeward to 0; asked for at 400 s it needs 50 s more to place 3, then turns back."""
    lived = live(street(), setting(), calls((0, 4, 0, 60, None), (370, 4, 0, 60, None)), at_home(0))
    assert 30 + 4 * 60 + 60 == 330
    assert lived.response_s[1] == 30 + (120 - 70) + 60


def test_what_is_driven_empty_and_moved_counts_within_the_days_of_the_study():
    """One drive of 4 places home, 480 s; a static plan never moves a unit to another post."""
    lived = live(street(), setting(), calls((0, 4, 0, 60, None)), at_home(0))
    assert (lived.moves, lived.empty_s, lived.work_s) == (0, 480, 240 + 60)
    later = live(street(), setting(warm_up_days=0.5, days=0.5), calls((0, 4, 0, 60, None)), at_home(0))
    assert (later.empty_s, later.work_s) == (0, 0)


SEEDS = st.integers(0, 2**32 - 1)
LOADS = st.sampled_from([0.5, 4.0, 15.0])


def policies(ground, chosen, busy=0.4, deployed=(2, 1)):
    """Every policy over three units."""
    area = area_of(ground, chosen, busy)
    return [policy_named(name, ground, area, np.array(deployed)) for name in ("static", "even", "mexclp", "dmexclp")]


@given(SEEDS, LOADS)
@settings(max_examples=40, deadline=None)
def test_each_call_is_served_once_and_each_unit_is_in_one_place(seed, load):
    """Under any load and policy: no call is left, no unit works on two, and its states follow each other in order."""
    ground, chosen = street(), setting(calls_an_hour=load)
    drawn = draw(chosen, ground.share, seed, 0)
    for policy in policies(ground, chosen):
        lived = live(ground, chosen, drawn, policy, keep_history=True)
        assert np.isfinite(lived.response_s).all()
        assert (lived.response_s >= chosen.dispatch_s - 0.002).all()
        assert set(lived.unit.tolist()) <= {0, 1, 2}
        for unit in range(3):
            states = [state for _, who, state in lived.history if who == unit]
            assert _in_order(states)
            arrived = drawn.at_s[lived.unit == unit] + lived.response_s[lived.unit == unit]
            ended = arrived + drawn.on_scene_s[lived.unit == unit]
            order = np.argsort(arrived)
            assert (arrived[order][1:] >= ended[order][:-1] - 0.002).all()


def _in_order(states):
    """From a post to work, from work on to work or away, from a drive to work or to the post."""
    after = {AT_POST: {AT_WORK}, AT_WORK: {AT_WORK, MOVING}, MOVING: {AT_POST, AT_WORK}}
    return all(second in after[first] for first, second in zip([AT_POST, *states], states, strict=False))


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_a_call_that_did_not_wait_is_answered_no_faster_than_the_road_allows(seed):
    """No response is shorter than the drive from the nearest place to the cell, nor any call sent before it came."""
    ground, chosen = street(), setting(calls_an_hour=6.0)
    drawn = draw(chosen, ground.share, seed, 0)
    lived = live(ground, chosen, drawn, at_home(0, 1))
    first = np.argmin(drawn.at_s)
    nearest = min(int(drawn.cell[first]), 4 - int(drawn.cell[first]))
    pace = 60 if drawn.priority[first] == 0 else 120
    assert lived.response_s[first] == pytest.approx(chosen.dispatch_s + nearest * pace, abs=0.002)


@given(SEEDS, LOADS, st.integers(0, 4), st.integers(0, 4))
@settings(max_examples=30, deadline=None)
def test_with_one_ambulance_dmexclp_is_the_best_static_plan(seed, load, one, other):
    """It always returns to the one post that covers most, which is what MEXCLP chose: the same times, no moves."""
    ground, chosen = street(posts=(one, other)), setting(calls_an_hour=load)
    area = area_of(ground, chosen, 0.4)
    drawn = draw(chosen, ground.share, seed, 0)
    fixed, moving = (
        live(ground, chosen, drawn, policy_named(name, ground, area, np.array([1, 0])))
        for name in ("mexclp", "dmexclp")
    )
    assert moving.moves == 0
    assert moving.response_s.tolist() == fixed.response_s.tolist()


def test_a_move_that_is_worth_it_is_made_and_counted():
    """Two units at one end: when one of them becomes free it goes to the other end, where nobody is."""
    ground, chosen = street(), setting()
    moving = policy_named("dmexclp", ground, area_of(ground, chosen, 0.4), np.array([2, 0]))
    crowded = Policy("dmexclp", (0, 0), moving.post_for)
    lived = live(ground, chosen, calls((0, 2, 0, 60, None), (5000, 4, 0, 60, None)), crowded)
    assert lived.moves >= 1
    assert lived.response_s[1] == 30


LIVED = """
import numpy as np
from redstick.simulation.ems import draw, live
from tests.simulation.ems.small_ground import setting, street
from tests.simulation.ems.test_living import policies
ground, chosen = street(), setting(calls_an_hour=6.0)
for policy in policies(ground, chosen):
    lived = live(ground, chosen, draw(chosen, ground.share, 11, 3), policy)
    print(policy.name, lived.moves, lived.response_s.tobytes().hex()[:4000], lived.unit.tolist())
"""


def test_the_same_seed_lives_the_same_whatever_the_hash_seed():
    """Two processes with different hash seeds print the same responses, units and moves."""
    told = [
        subprocess.run(
            [sys.executable, "-c", LIVED],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "12345")
    ]
    assert told[0] == told[1]
    assert len(told[0]) > 1000

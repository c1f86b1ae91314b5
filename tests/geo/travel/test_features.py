"""How a drive is described by road: time, blocks, turns, rivals, and where a unit is that is on its way home."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.geo.travel.conftest import made_trips

from redstick.geo.importers.assemble import SegmentDraft, assemble
from redstick.geo.routing import SpeedProfile, open_router
from redstick.geo.travel import Network

X0, Y0, STEP = -912_000_000, 304_000_000, 10_000  # about 96 m east, 111 m north
PROFILE = SpeedProfile("test", (36_000,) * 9, use_posted=False)  # 10 m a second everywhere


def at(column, row):
    """A corner of the grid."""
    return X0 + column * STEP, Y0 + row * STEP


@pytest.fixture(scope="module")
def network():
    """One street of four blocks east, one of two blocks north from its end, and an island far off."""
    corners = [at(0, 0), at(1, 0), at(2, 0), at(3, 0), at(4, 0), at(4, 1), at(4, 2)]
    lines = [*pairwise(corners), (at(50, 50), at(51, 50))]
    roads, _ = assemble([SegmentDraft(str(i), np.array(line, np.int32)) for i, line in enumerate(lines)], "made")
    return Network(roads, open_router(roads, PROFILE))


def drive(network, origin, target, **known):
    """One drive's columns."""
    trips = made_trips(1)
    places = {name: np.array([known.pop(name, origin)], np.int32) for name in ("previous",)}
    known = {name: np.array([value]) if name == "idle_s" else value for name, value in known.items()}
    asked = replace(trips, origin=np.array([origin], np.int32), target=np.array([target], np.int32), **places, **known)
    return {name: column[0] for name, column in vars(network.drives(asked)).items()}


def test_time_blocks_and_turns_are_those_of_the_road(network):
    """Four blocks east and two north: six segments, one left turn; back, one right turn and the same time."""
    there, back = drive(network, at(0, 0), at(4, 2)), drive(network, at(4, 2), at(0, 0))
    assert there["blocks"] == back["blocks"] == 6
    assert (there["left_turns"], there["right_turns"]) == (1, 0)
    assert (back["left_turns"], back["right_turns"]) == (0, 1)
    assert there["network_s"] == back["network_s"] == pytest.approx((4 * 96.0 + 2 * 110.9) / 10, rel=0.01)
    assert there["crow_m"] == pytest.approx(np.hypot(4 * 96.0, 2 * 110.9), rel=0.01)
    assert there["routed"]


def test_a_unit_on_its_way_home_is_reckoned_at_the_next_corner(network):
    """Ten seconds after leaving the far end it has passed one block and is in the second; at home it is at home."""
    far, home = at(4, 0), at(0, 0)
    underway = drive(network, home, at(3, 0), previous=far, idle_s=10.0)
    assert underway["underway_s"] == pytest.approx(drive(network, at(2, 0), at(3, 0))["network_s"])
    arrived = drive(network, home, at(3, 0), previous=far, idle_s=120.0)
    unknown = drive(network, home, at(3, 0), previous=far, idle_s=np.nan)
    assert np.isnan(arrived["underway_s"])
    assert np.isnan(unknown["underway_s"])
    assert underway["network_s"] == arrived["network_s"] == unknown["network_s"]


def test_the_best_rival_counts(network):
    """Of the free units of the kind the quickest is compared; those that no road leads from are not."""
    found = drive(network, at(0, 0), at(4, 0), rivals=[(at(1, 0), at(3, 0), at(50, 50))])
    assert found["rival_s"] == pytest.approx(drive(network, at(3, 0), at(4, 0))["network_s"])
    assert np.isnan(drive(network, at(0, 0), at(4, 0), rivals=[(at(50, 50),)])["rival_s"])


def test_where_no_road_leads_the_crow_stands_in_and_says_so(network):
    """From an island the time is a detour as the crow flies, marked as not routed."""
    found = drive(network, at(50, 50), at(0, 0))
    assert not found["routed"]
    assert found["network_s"] == pytest.approx(found["crow_m"] * 1.3 / 9)

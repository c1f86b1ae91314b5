"""Drives: each test states one fact."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from redstick.geo.routing import REACHED, Route, Step
from redstick.simulation.drives import Drive

NODES = st.integers(0, 1500)
PACES = st.floats(0.5, 2.0)
SHARES = st.lists(st.floats(-0.2, 1.2), min_size=2, max_size=20)


@pytest.fixture(scope="session")
def drive_between(parish, router):
    """A drive from one street corner to another one, departing at 1,000."""
    roads = parish.city.roads

    def between(start, stop, pace=1.0):
        corners = [(int(roads.node_x[node]), int(roads.node_y[node])) for node in (start, stop)]
        route = router.path(*map(router.snap, corners))
        assert route.reason == REACHED
        return Drive(route, 1000, pace)

    return between


@given(start=NODES, stop=NODES, pace=PACES, shares=SHARES)
def test_a_unit_is_always_on_its_route(drive_between, start, stop, pace, shares):
    """Before, during and after the drive it stands on the line; its fixes are no longer apart than the line is."""
    drive = drive_between(start, stop, pace)
    line = shapely.LineString(drive.line if len(drive.line) > 1 else drive.line * 2)
    moments = sorted(round(1000 + share * (drive.arrives_at - 1000)) for share in shares)
    fixes = [drive.fix(moment) for moment in moments]
    assert all(line.distance(shapely.Point(fix.x, fix.y)) < 2 for fix in fixes)  # a unit is one centimetre
    hops = [np.hypot(b.x - a.x, b.y - a.y) for a, b in pairwise(fixes)]
    assert sum(hops) <= line.length + 2 * len(hops)


@given(start=NODES, stop=NODES, pace=PACES)
def test_it_leaves_from_the_start_and_ends_at_the_end(drive_between, start, stop, pace):
    """Before departure at the first point, from arrival on at the last; it moves in between, and only then."""
    drive = drive_between(start, stop, pace)
    before, after = drive.fix(0), drive.fix(drive.arrives_at)
    assert (before.x, before.y) == tuple(drive.line[0])
    assert (after.x, after.y) == tuple(drive.line[-1])
    assert not before.moving
    assert not after.moving
    assert drive.fix(drive.arrives_at - 1).moving == (len(drive.line) > 1 and drive.line[0] != drive.line[-1])


def a_route(*steps, line):
    """A route of steps (milliseconds, metres) along a line."""
    driven = tuple(Step(i, forward=True, ms=ms, length_m=metres) for i, (ms, metres) in enumerate(steps))
    return Route(sum(ms for ms, _ in steps), REACHED, driven, tuple(line), "s")


def test_a_slow_street_takes_its_time():
    """A kilometre in 40 s, then a kilometre in 160 s: after 40 s half the way is driven, after 120 s three quarters."""
    drive = Drive(a_route((40_000, 1000.0), (160_000, 1000.0), line=[(0, 0), (0, 10_000), (0, 20_000)]), 0, 1.0)
    assert [drive.fix(at).y for at in (0, 20_000, 40_000, 120_000, 200_000)] == [0, 5000, 10_000, 15_000, 20_000]


@pytest.mark.parametrize(("to", "heading"), [((0, 9), 0), ((9, 0), 90), ((0, -9), 180), ((-9, 0), 270)])
def test_the_heading_is_that_of_the_street(to, heading):
    """Clockwise from north, on the leg that is driven."""
    assert Drive(a_route((10_000, 1.0), line=[(0, 0), to]), 0, 1.0).fix(5000).heading_deg == heading


def test_the_pace_scales_the_free_flow_time():
    """0.5 is twice as fast; no drive takes less than a second."""
    assert Drive(a_route((60_000, 900.0), line=[(0, 0), (0, 9)]), 500, 0.5).arrives_at == 30_500
    assert Drive(a_route((0, 0.0), line=[(3, 4)]), 500, 1.0).arrives_at == 1500


def test_who_is_there_already_stands_still():
    """A route of one point has no heading and does not move."""
    fix = Drive(a_route((0, 0.0), line=[(3, 4)]), 0, 1.0).fix(500)
    assert (fix.x, fix.y, fix.heading_deg, fix.moving) == (3, 4, 0, False)


def test_progress_is_monotone():
    """Along a winding line the distance driven never shrinks from one moment to the next."""
    line = [(0, 0), (0, 1000), (1000, 1000), (1000, 0), (2000, 0)]
    drive = Drive(a_route((30_000, 100.0), (10_000, 300.0), (60_000, 200.0), line=line), 0, 1.0)
    shape = shapely.LineString(line)
    along = [shape.project(shapely.Point(fix.x, fix.y)) for fix in map(drive.fix, range(0, 100_001, 500))]
    assert np.all(np.diff(along) >= -1)
    assert along[-1] == shape.length

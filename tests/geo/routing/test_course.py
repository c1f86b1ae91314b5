"""A drive without its drawing: each test states one fact."""

import pytest

from redstick.geo.routing import open_router
from redstick.simulation.parish import generate

PAIRS = [(100, 900), (5, 1200), (700, 40), (1500, 1501), (33, 33)]


@pytest.fixture(scope="module")
def made():
    """A small parish's router, and its corners."""
    roads = generate(7).city.roads
    return open_router(roads), [(int(x), int(y)) for x, y in zip(roads.node_x, roads.node_y, strict=True)]


def ends(made, pair):
    """Two corners, snapped."""
    router, corners = made
    return router, router.snap(corners[pair[0]]), router.snap(corners[pair[1]])


@pytest.mark.parametrize("pair", PAIRS)
def test_it_takes_as_long_as_the_path_and_is_drawn_like_it(made, pair):
    """The same milliseconds, the same line."""
    router, here, there = ends(made, pair)
    course, path = router.course(here, there), router.path(here, there)
    assert course.ms == path.ms
    assert course.line() == list(path.geometry)


@pytest.mark.parametrize("pair", PAIRS)
def test_it_begins_and_ends_where_it_should(made, pair):
    """At nought milliseconds at the start, at the last at the target, to a centimetre or two."""
    router, here, there = ends(made, pair)
    course = router.course(here, there)
    for spent, place in ((0, here), (course.ms, there), (course.ms * 5, there), (-5, here)):
        found, _ = course.at(spent)
        assert found.point == pytest.approx(place.point, abs=3)


@pytest.mark.parametrize("pair", PAIRS[:3])
def test_places_on_the_way_are_places_on_the_network(made, pair):
    """Snapped again they are where they are said to be: the same segment and the same share of it."""
    router, here, there = ends(made, pair)
    course = router.course(here, there)
    for tenth in range(1, 10):
        found, heading = course.at(course.ms * tenth // 10)
        again = router.snap(found.point)
        assert again.distance_m < 0.05
        near = {found.segment: found.along_ppm}
        options = {one.segment: one.along_ppm for one in (again, *again.alternatives)}
        assert near[found.segment] == pytest.approx(options[found.segment], abs=200)
        assert 0 <= heading < 360


def test_where_no_road_leads_there_is_none(made):
    """Closed in on every side: None, not a guess."""
    router, here, there = ends(made, PAIRS[0])
    arcs = [arc for segment in range(router.graph.forward.size) for arc in router.graph.arcs_of(segment)]
    router.close(arcs)
    try:
        assert router.course(here, there) is None
    finally:
        router.reopen(arcs)

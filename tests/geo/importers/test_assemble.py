"""From drafts to a network: nodes, names, lengths."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from redstick.geo.importers.assemble import SegmentDraft, assemble, clean_line


def draft(id_, *points, **fields):
    """A draft from positions in 1e-7 degrees."""
    return SegmentDraft(id_, np.array(points, np.int32), **fields)


def test_ends_at_one_place_are_one_node():
    """Without declared nodes, ends within 30 cm meet, and the geometry is led to the shared node."""
    roads, strays = assemble(
        [draft("a", (0, 0), (10000, 0)), draft("b", (10002, 1), (10000, 9000)), draft("c", (10000, 9100), (0, 9000))],
        "",
    )
    assert (roads.tail.tolist(), roads.head.tolist()) == ([0, 1, 3], [1, 2, 4])
    assert roads.xy[roads.start[1]].tolist() == [10000, 0]
    assert strays == 0


def test_declared_nodes_decide_over_places():
    """Lines that touch on a bridge do not meet when their nodes differ; a blank node joins by its place."""
    roads, _ = assemble(
        [
            draft("under", (0, 0), (10000, 0), tail_key="1", head_key="2"),
            draft("over", (10000, 0), (20000, 0), tail_key="9", head_key="3"),
            draft("blank", (0, 0), (0, 5000), head_key="4"),
        ],
        "",
    )
    assert roads.head[0] != roads.tail[1]
    assert roads.tail[2] == roads.tail[0]
    assert roads.nodes == 5


def test_an_end_far_from_its_declared_node_is_led_there():
    """The node is where it first appears; a line that ends elsewhere gets one more point, and is counted."""
    roads, strays = assemble(
        [draft("a", (0, 0), (10000, 0), tail_key="1", head_key="2"), draft("b", (10900, 0), (20000, 0), tail_key="2")],
        "",
    )
    assert strays == 1
    assert roads.xy[roads.start[1] : roads.start[2]].tolist() == [[10000, 0], [10900, 0], [20000, 0]]


def test_names_stand_once_in_the_order_in_which_they_appear():
    """Names, aliases, areas and postcodes are shared texts; none is -1."""
    roads, _ = assemble(
        [
            draft("a", (0, 0), (1000, 0), name="MAIN ST", aliases=("US 61", "US 61", ""), areas=("Ville", "")),
            draft("b", (1000, 0), (2000, 0), name="US 61", postcodes=("", "70802")),
            draft("c", (2000, 0), (3000, 0)),
        ],
        "credit",
    )
    assert roads.names == ["MAIN ST", "US 61"]
    assert roads.name.tolist() == [0, 1, -1]
    assert roads.aliases == [(0, 1)]
    assert (roads.left_area.tolist(), roads.right_postcode.tolist()) == ([0, -1, -1], [-1, 0, -1])
    assert roads.attribution == "credit"


def test_repeated_points_are_dropped_and_two_always_remain():
    """A line without length keeps two equal points, so that every segment has both its ends."""
    assert clean_line(np.array([[1, 1], [1, 1], [2, 2], [2, 2]], np.int32)).tolist() == [[1, 1], [2, 2]]
    assert clean_line(np.array([[1, 1], [1, 1], [1, 1]], np.int32)).tolist() == [[1, 1], [1, 1]]


POSITION = st.tuples(st.integers(-911_100_000, -911_000_000), st.integers(304_000_000, 304_100_000))


@given(st.lists(st.lists(POSITION, min_size=2, max_size=6), min_size=1, max_size=8))
def test_every_line_runs_from_node_to_node_and_is_as_long_as_the_geodesic(lines):
    """For any lines: the first and last points are the nodes, and lengths agree with pyproj to the millimetre."""
    roads, _ = assemble([draft(str(i), *line) for i, line in enumerate(lines)], "")
    geod = Geod(ellps="WGS84")
    for i in range(roads.segments):
        xy = roads.xy[roads.start[i] : roads.start[i + 1]]
        assert xy[0].tolist() == [roads.node_x[roads.tail[i]], roads.node_y[roads.tail[i]]]
        assert xy[-1].tolist() == [roads.node_x[roads.head[i]], roads.node_y[roads.head[i]]]
        assert abs(geod.line_length(xy[:, 0] / 1e7, xy[:, 1] / 1e7) - roads.length_m[i]) < 0.0011

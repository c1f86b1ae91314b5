"""Planted faults of lines and of reach."""

from dataclasses import replace

from redstick.geo.linter import Severity
from redstick.geo.roads import BACKWARD_ONLY, FORWARD_ONLY


def test_repeated_ids_are_errors(found, sound):
    """Both segments of one id are named."""
    findings = found([*sound[:-1], replace(sound[-1], id="1")])["DUPLICATE_ID"]
    assert [finding.severity for finding in findings] == [Severity.ERROR] * 2


def test_a_line_without_length_is_found(found, sound, street):
    """A segment from a corner to the same corner."""
    assert len(found([*sound, street("9", (0, 0), (0, 0))])["ZERO_LENGTH"]) == 1


def test_a_dead_end_that_nearly_meets_is_found(found, sound, street):
    """An end 3 m short of a street is named with its distance; one 12 m short is a dead end and no fault."""
    near = found([*sound, street("9", (1, 2), (1, 0.03), name="SPUR LN")])["NEAR_MISS"]
    assert [finding.place for finding in near] == ["segment 9 (SPUR LN)"]
    assert "its last end misses segment" in near[0].found
    assert "by 3.3 m" in near[0].found
    assert "NEAR_MISS" not in found([*sound, street("9", (1, 2), (1, 0.11), name="SPUR LN")])


def test_an_end_on_another_level_does_not_miss(found, sound, street):
    """A ramp that ends under a bridge is no near miss of the bridge."""
    assert "NEAR_MISS" not in found([*sound, street("9", (1, 2), (1, 0.03), name="SPUR LN", level=-1)])


def test_lines_that_touch_without_a_node_are_noticed(found, sound, street):
    """An end that lies on a line but shares no node with it: a barrier, or a fault of the drawing."""
    findings = found([*sound, street("9", (1, 2), (1.5, 0), name="SPUR LN")])
    assert "lies on segment 2 (MAIN ST), and they share no node" in findings["TOUCH_WITHOUT_NODE"][0].found


def test_a_crossing_without_a_node_is_found_unless_levels_differ(found, sound, street):
    """Two streets that cross in their middles on one level; a bridge over the street is right."""
    across = street("9", (0, 1), (2, 1), name="CROSS ST"), street("10", (1, 0), (1, 2), name="SPUR LN")
    findings = found([*sound, *across])["CROSSING_WITHOUT_NODE"]
    assert [finding.place for finding in findings] == ["segment 9 (CROSS ST)"]
    assert "CROSSING_WITHOUT_NODE" not in found([*sound, across[0], replace(across[1], level=1)])


def test_a_bridge_that_meets_a_tunnel_is_found(found, sound, street):
    """Levels -1 and 1 at one node: not both can be right."""
    pair = street("9", (0, 0), (0, -1), level=1), street("10", (0, -1), (0, -2), level=-1)
    assert "levels -1 and 1 meet" in found([*sound, *pair])["LEVEL_CONFLICT"][0].found
    high = street("9", (0, 0), (0, -1), level=3), street("10", (0, -1), (0, -2), level=0)
    assert "LEVEL_CONFLICT" not in found([*sound, *high])


def test_an_island_is_an_error_where_people_have_numbers(found, sound, street):
    """A street that no road joins: an error with house numbers, a warning without."""
    island = street("9", (9, 9), (10, 9), name="LOST LN", ranges=(1, 9, 0, 0))
    assert found([*sound, island])["ISLAND"][0].severity is Severity.ERROR
    assert found([*sound, replace(island, ranges=(0, 0, 0, 0))])["ISLAND"][0].severity is Severity.WARNING


def test_one_way_traps_and_sealed_streets_are_told_apart(found, sound, street):
    """A dead end that is one-way inwards cannot be left; one-way outwards it cannot be reached."""
    spur = street("9", (0, 0), (-1, 0), name="SPUR LN", ranges=(1, 9, 0, 0), direction=FORWARD_ONLY)
    trap = found([*sound, spur])
    assert "entered but not left" in trap["ONEWAY_TRAP"][0].found
    assert "ONEWAY_SEALED" not in trap
    sealed = found([*sound, replace(spur, direction=BACKWARD_ONLY)])
    assert "left but not entered" in sealed["ONEWAY_SEALED"][0].found
    assert sealed["ONEWAY_SEALED"][0].severity is Severity.ERROR
    assert "ONEWAY_TRAP" not in sealed


def test_a_one_way_loop_is_no_trap(found, sound):
    """A ring of one-way streets can be entered and left."""
    ring = found([replace(segment, direction=FORWARD_ONLY) for segment in sound])
    assert not {"ONEWAY_TRAP", "ONEWAY_SEALED", "ISLAND"} & set(ring)

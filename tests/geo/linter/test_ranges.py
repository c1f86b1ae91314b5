"""Planted faults of house-number ranges, each found by its own code; sound ones give none."""

from dataclasses import replace

from redstick.geo.linter import Severity


def test_a_sound_city_has_no_findings(found, sound):
    """Blocks that go on, parity kept, everything joined: the linter is silent."""
    assert found(sound) == {}


def test_the_same_number_on_two_segments_far_apart_is_an_error(found, sound, street):
    """A number that lies on two segments of one street 200 m apart would send a unit to either."""
    twin = street("9", (0, 2), (0, 3), name="MAIN ST", ranges=(51, 149, 0, 0))
    findings = found([*sound, twin])["RANGE_OVERLAP"]
    assert {finding.severity for finding in findings} == {Severity.ERROR}
    texts = " ".join(finding.place + finding.found for finding in findings)
    assert "51 to 99 also on segment" in texts
    assert "101 to 149 also on segment" in texts or "segment 2" in texts


def test_adjoining_blocks_that_share_a_number_are_a_warning(found, sound):
    """1 to 101 and 101 to 199 share 101: untidy, and near."""
    overlap = found([replace(sound[0], ranges=(1, 101, 2, 98)), *sound[1:]])["RANGE_OVERLAP"]
    assert [(finding.severity, finding.found.split(" also")[0]) for finding in overlap] == [(Severity.WARNING, "101")]


def test_a_missing_block_of_numbers_is_noticed(found, sound):
    """From 99 to 501 where two blocks meet, told once for both sides; an ordinary hundred block is not a gap."""
    gap = found([sound[0], replace(sound[1], ranges=(501, 599, 500, 598)), *sound[2:]])["RANGE_GAP"]
    assert [finding.place for finding in gap] == ["segment 2 (MAIN ST)"]
    assert "numbers go from 98 to 500 where it meets segment 1" in gap[0].found


def test_mixed_and_equal_parity_are_found(found, sound):
    """A side from odd to even, and two sides both odd."""
    findings = found(
        [replace(sound[0], ranges=(1, 98, 0, 0)), replace(sound[1], ranges=(101, 199, 101, 199)), *sound[2:]]
    )
    assert "from odd to even" in findings["PARITY_MIXED"][0].found
    assert "both sides are odd" in findings["PARITY_SAME"][0].found


def test_sides_that_run_against_each_other_are_found(found, sound):
    """Left rises, right falls: one of them is turned."""
    findings = found([replace(sound[0], ranges=(1, 99, 98, 2)), *sound[1:]])
    assert "left runs 1 to 99, right runs 98 to 2" in findings["RANGE_CONTRADICTORY"][0].found


def test_a_block_numbered_against_its_neighbours_is_found(found, street):
    """Three blocks in a row, the middle one turned: only that one is named."""
    row = [street(str(i), (i, 0), (i + 1, 0), ranges=(100 * i + 1, 100 * i + 99, 0, 0)) for i in range(3)]
    assert "RANGE_REVERSED" not in found(row)
    turned = found([row[0], replace(row[1], ranges=(199, 101, 0, 0)), row[2]])["RANGE_REVERSED"]
    assert [finding.place for finding in turned] == ["segment 1 (MAIN ST)"]


def test_of_two_blocks_that_disagree_either_may_be_turned(found, street):
    """1 to 99 and then 201 down to 101: the pair is told once, both sides of the street together."""
    row = [street("0", (0, 0), (1, 0), ranges=(1, 99, 2, 98)), street("1", (1, 0), (2, 0), ranges=(201, 101, 200, 100))]
    turned = found(row)["RANGE_REVERSED"]
    assert len(turned) == 1
    assert "meets 201 of segment 1" in turned[0].found or "meets 200 of segment 1" in turned[0].found
    anew = street("1", (1, 0), (2, 0), ranges=(5001, 5049, 0, 0))
    assert set(found([street("0", (2, 0), (1, 0), ranges=(49, 1, 0, 0)), anew])) == {"RANGE_GAP"}


def test_half_a_range_is_found(found, sound):
    """A range with one end is named by its side."""
    findings = found([replace(sound[0], ranges=(1, 0, 2, 98)), *sound[1:]])
    assert "the left range is 1 to 0" in findings["RANGE_INCOMPLETE"][0].found


def test_the_zero_block_is_a_range(found, street):
    """0 to 98 is whole, as cities number their first block; 0 to 1498 lacks an end."""
    assert found([street("1", (0, 0), (1, 0), ranges=(0, 98, 1, 99))]) == {}
    assert set(found([street("1", (0, 0), (1, 0), ranges=(0, 1498, 1, 99))])) == {"RANGE_INCOMPLETE"}


def test_one_number_in_two_municipalities_is_found(found, sound, street):
    """5 MAIN ST in Ville and in Bourg: call-takers must ask. The same street with other numbers is no trouble."""
    here = [replace(segment, areas=("VILLE", "VILLE")) for segment in sound]
    there = street("9", (2, 2), (3, 2), ranges=(5, 55, 0, 0), areas=("BOURG", ""))
    findings = found([*here, there])["ADDRESS_IN_TWO_COMMUNITIES"]
    assert [finding.found for finding in findings] == ["5 MAIN ST stands in BOURG and in VILLE"]
    assert "ADDRESS_IN_TWO_COMMUNITIES" not in found([*here, replace(there, ranges=(505, 555, 0, 0))])
    assert "RANGE_OVERLAP" not in found([*here, there])

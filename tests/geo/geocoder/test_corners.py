"""Where streets meet."""

import pytest

from redstick.geo.geocoder import Ambiguous, Quality, Unique


@pytest.mark.parametrize("text", ["OAK ST/LAKE DR", "LAKE DR & OAK ST", "Oak St and Lake Dr", "oak st @ lake dr"])
def test_a_corner_is_one_place_however_it_is_written(one_town, text):
    """Order, separator and case do not matter."""
    answer = one_town[0].geocode(text)
    assert isinstance(answer, Unique)
    assert answer.candidate.quality is Quality.CORNER


def test_streets_that_do_not_meet_are_never_unique(one_town):
    """Two parallel streets have no corner."""
    assert not isinstance(one_town[0].geocode("OAK ST/ELM AVE"), Unique)


def test_a_corner_in_two_municipalities_is_ambiguous(two_towns):
    """The same two streets meet in both."""
    assert isinstance(two_towns[0].geocode("OAK ST/LAKE DR"), Ambiguous)


def test_corners_that_differ_in_a_directional_alone_are_for_a_person(one_town):
    """N MAIN and S MAIN meet LAKE DR a block apart: either may have been meant."""
    answer = one_town[0].geocode("LAKE DR/N MAIN ST")
    assert isinstance(answer, Ambiguous)
    assert {c.label.split(" / ")[1] for c in answer.candidates[:2]} == {"N MAIN ST", "S MAIN ST"}

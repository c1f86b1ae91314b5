"""Common places, aliases, mileposts and positions."""

import pytest

from redstick.geo.geocoder import Ambiguous, Method, Reason, Unique


@pytest.mark.parametrize("text", ["Riverside Clinic", "RIVER SIDE CLINIC", "the old mill", "Old Mill"])
def test_a_place_is_found_by_its_name_and_its_alias(one_town, text):
    """Case, spacing and a leading THE do not matter."""
    answer = one_town[0].geocode(text)
    assert isinstance(answer, Unique)
    assert answer.candidate.method is Method.PLACE


def test_two_places_of_one_name_are_ambiguous(one_town):
    """Both are given."""
    assert isinstance(one_town[0].geocode("Twin School"), Ambiguous)


def test_a_similar_place_is_never_taken(one_town):
    """A misspelled place waits for a person."""
    answer = one_town[0].geocode("Riverside Clinik")
    assert not isinstance(answer, Unique)
    assert Reason.FUZZY_PLACE in answer.candidates[0].reasons


def test_a_mile_without_its_direction_is_not_unique(one_town):
    """Both carriageways have the post."""
    assert not isinstance(one_town[0].geocode("I-10 MM 2"), Unique)
    assert isinstance(one_town[0].geocode("I-10 EB MM 2"), Unique)
    assert not isinstance(one_town[0].geocode("I-10 EB MM 77"), Unique)


@pytest.mark.parametrize("text", [
    "38.0002, -89.9998", "38.0002 N 89.9998 W", "N38.0002, W89.9998", "38°00'00.72\"N 89°59'59.28\"W",
    "38 0.012 N 89 59.988 W",
])  # fmt: skip
def test_positions_are_read_in_several_notations(one_town, text):
    """Each is the same place, to a metre."""
    answer = one_town[0].geocode(text)
    assert isinstance(answer, Unique), answer
    assert abs(answer.candidate.y - 380_002_000) <= 20
    assert abs(answer.candidate.x + 899_998_000) <= 20


def test_a_position_the_wrong_way_round_is_mended_aloud(one_town):
    """It is offered, with the reason, and not taken."""
    answer = one_town[0].geocode("-89.9998, 38.0002")
    assert not isinstance(answer, Unique)
    assert Reason.COORDINATES_SWAPPED in answer.reasons

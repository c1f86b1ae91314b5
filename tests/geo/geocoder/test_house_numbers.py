"""House numbers and hundred blocks."""

import random

import pytest

from redstick.geo.geocoder import Ambiguous, Partial, Quality, Reason, Unique
from redstick.geo.geocoder.mileposts import distance_m


def test_every_number_of_a_range_is_unique_and_where_it_is(one_town):
    """All 3,600 numbers of a made-up city are found to the metre."""
    geocoder, truth = one_town
    for (_, number, street), at in truth.items():
        answer = geocoder.geocode(f"{number} {street}")
        assert isinstance(answer, Unique), answer
        assert distance_m((answer.candidate.x, answer.candidate.y), at) < 1


@pytest.mark.parametrize("seed", range(4))
def test_a_text_with_a_fault_is_never_unique_elsewhere(two_towns, seed):
    """Of 4,000 texts with a part swapped, left out or misspelled, none is Unique for a place that was not meant."""
    geocoder, truth = two_towns
    dice = random.Random(seed)
    keys = sorted(truth)
    for _ in range(1000):
        key = dice.choice(keys)
        text = _spoilt(*key, dice)
        answer = geocoder.geocode(text)
        if isinstance(answer, Unique):
            assert distance_m((answer.candidate.x, answer.candidate.y), truth[key]) <= 100, (text, key, answer)


def _spoilt(area, number, street, dice):
    """A text for an address with one fault of a caller or a dispatcher."""
    words = street.split()
    letter = dice.randrange(len(words[-2]) or 1)
    misspelled = words[-2][:letter] + dice.choice("AEIORST") + words[-2][letter + 1 :]
    other = {"N": "W", "S": "E"}.get(words[0], "N")
    return dice.choice((
        f"{number} {street}",  # the same in two municipalities
        f"{number} {' '.join(words[:-1])}",
        f"{number} {' '.join(words[:-1])} {dice.choice(('PL', 'WAY', 'TER'))}",
        f"{number} {other} {words[-2]} {words[-1]}",
        f"{number} {' '.join(words[:-2])} {misspelled}Q {words[-1]}, {area}",
        f"{number // 100 * 100 + dice.randrange(61, 99)} {street}, {area}",
        f"{number + 5000} {street}, {area}",
        f"{number} {street}, NOWHERE",
    ))  # fmt: skip


def test_equal_addresses_of_two_municipalities_are_ambiguous_and_the_municipality_tells_them_apart(two_towns):
    """A duplicated street gives both; the name of one municipality, in the text or beside it, gives one."""
    geocoder, truth = two_towns
    assert isinstance(geocoder.geocode("120 ELM ST"), Ambiguous)
    for area in ("ALDER", "BIRCH"):
        for answer in (geocoder.geocode(f"120 ELM ST, {area}"), geocoder.geocode("120 ELM ST", area_hint=area)):
            assert isinstance(answer, Unique)
            assert distance_m((answer.candidate.x, answer.candidate.y), truth[area, 120, "ELM ST"]) < 1


def test_a_number_outside_every_range_says_so(one_town):
    """The nearest number is offered, as Partial."""
    answer = one_town[0].geocode("9000 ELM ST")
    assert isinstance(answer, Partial)
    assert Reason.NUMBER_OUTSIDE in answer.reasons


def test_a_missing_suffix_is_for_a_person_where_two_streets_have_the_name(one_town):
    """`120 ELM` is a street and an avenue; `120 OAK` is one street alone."""
    assert isinstance(one_town[0].geocode("120 ELM"), Ambiguous)
    oak = one_town[0].geocode("120 OAK")
    assert isinstance(oak, Unique)
    assert Reason.SUFFIX_SUPPLIED in oak.reasons


def test_a_misspelled_name_is_never_taken(one_town):
    """A fuzzy hit stands first and waits for a person."""
    answer = one_town[0].geocode("120 CEDRA LN")
    assert isinstance(answer, Partial)
    assert answer.candidates[0].label.endswith("CEDAR LN")
    assert Reason.FUZZY_NAME in answer.reasons


def test_a_block_is_a_stretch_with_a_radius(one_town):
    """A block is of quality `block`, and its extent reaches both of its ends."""
    answer = one_town[0].geocode("200 BLOCK OF OAK ST")
    assert isinstance(answer, Unique)
    assert answer.candidate.quality is Quality.BLOCK
    assert answer.candidate.extent_m > 40


def test_a_unit_is_kept_apart_from_the_number(one_town):
    """`APT 4` is kept and not looked up."""
    answer = one_town[0].geocode("120 OAK ST APT 4")
    assert (answer.candidates[0].number, answer.candidates[0].unit) == ("120", "APT 4")

"""What holds for every text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.geo.geocoder import SENTENCES, Conflict, NotFound, Reason
from redstick.geo.geocoder.words import clean, read_street


@given(st.text(max_size=300))
def test_no_text_raises_and_the_same_text_gives_the_same_answer(one_town, text):
    """Garbage of any length is answered, twice alike, and the text is kept verbatim."""
    first = one_town[0].geocode(text)
    assert first == one_town[0].geocode(text)
    assert first.text == text


@given(st.text(alphabet="0123456789 /&@#,:ABENSTWLKMO.-°'", max_size=80))
def test_text_of_the_signs_of_addresses_never_raises(one_town, text):
    """Near-addresses are the hard garbage."""
    assert one_town[0].geocode(text).kind in {"unique", "ambiguous", "partial", "not_found", "conflict"}


@given(st.text(max_size=80))
def test_cleaning_is_idempotent(text):
    """A cleaned text stays as it is."""
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet="ABENSTVW 0123456789", max_size=40))
def test_reading_a_street_is_idempotent(text):
    """A name that was read and written is read alike."""
    once = read_street(text)
    assert read_street(str(once)) == once


@pytest.mark.parametrize("length", [300, 10_000, 1_000_000])
def test_a_text_too_long_for_an_address_is_refused_with_its_reason(one_town, length):
    """It is not searched for, whatever it holds."""
    answer = one_town[0].geocode("120 OAK ST " * (length // 11 + 1))
    assert isinstance(answer, NotFound)
    assert answer.reasons == (Reason.TOO_LONG,)


def test_every_reason_has_a_sentence():
    """Nothing is explained by a code alone."""
    assert set(SENTENCES) == set(Reason)


def test_a_caller_elsewhere_is_a_conflict(one_town):
    """The text and an independent position far from it are shown together, and neither is taken."""
    answer = one_town[0].geocode("120 OAK ST", near=(38.5, -90.0), uncertainty_m=50)
    assert isinstance(answer, Conflict)

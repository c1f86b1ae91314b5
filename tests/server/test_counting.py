"""Numbers in words of the house: what is said is the number, and each word of it is one that is spoken."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.adapters.voice.vocabulary import WORDS
from redstick.server.phoning.counting import digit_words, how_many, number_words

SPOKEN = {path.stem for path in WORDS.glob("*.ulaw")}


@given(st.integers(0, 999))
def test_a_number_is_said_by_words_that_are_that_number(number):
    """Hundreds first, then tens, then what is left."""
    words = number_words(number)
    assert set(words) <= SPOKEN
    before, _, behind = " ".join(words).rpartition("100")
    said = (int(before) * 100 if before else 0) + sum(map(int, behind.split()))
    assert said == number


@given(st.text(max_size=20))
def test_of_a_telephone_number_the_digits_are_said(text):
    """And of a name nothing."""
    assert "".join(digit_words(text)) == "".join(sign for sign in text if sign in "0123456789")


@given(st.integers(0, 200), st.integers(0, 200))
def test_what_is_in_a_box_is_said_by_words_that_are_spoken(new, saved):
    """One is a message, others are messages."""
    words = how_many(new, saved)
    assert set(words) <= SPOKEN
    assert ("new_message" in words, "saved_message" in words) == (new == 1, saved == 1)

"""Words made from figures."""

from redstick.pages.wording import count_words, sentence


def test_a_number_has_its_noun():
    """One, none and many; thousands apart."""
    assert [count_words(n, "place", "places") for n in (0, 1, 2300)] == ["0 places", "1 place", "2,300 places"]


def test_a_sentence_begins_large_and_keeps_its_names():
    """Capitals within stay: a judge is called J2, not j2."""
    assert (sentence("without judge J2"), sentence("")) == ("Without judge J2", "")

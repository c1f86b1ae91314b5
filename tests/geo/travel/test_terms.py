"""The terms of a model are words that a person can read, and no more than the drives bear."""

import numpy as np
import pytest

from redstick.geo.travel.terms import LINE_TERMS, TRIPS_PER_TERM, choose_terms, table_of


def test_a_term_for_every_25_drives_at_most(record):
    """Few drives get few terms, the most telling first, and the line's always."""
    trips, _ = record
    for n in (0, 30, 100, 400, 1500):
        terms = choose_terms(trips.where(np.arange(len(trips)) < n))
        assert terms[:2] == LINE_TERMS
        assert len(terms) <= max(n // TRIPS_PER_TERM, 2)
    assert "priority=2" in choose_terms(trips)


def test_the_most_frequent_word_is_the_base(record):
    """Words are measured against the most frequent one, which has no term; rare words have none either."""
    trips, _ = record
    words = trips.call_type.copy()
    words[:29] = "Rare"
    terms = choose_terms(type(trips)(**{**vars(trips), "call_type": words}))
    assert "call_type=Alarm" in terms
    assert not {"call_type=Medical", "call_type=Rare"} & set(terms)


def test_a_product_is_the_product_also_of_words_with_a_colon(record):
    """`priority=2:network_s` multiplies; a word that holds a colon itself is one word."""
    trips, drives = record
    table = table_of(trips, drives, ("priority=2:network_s", "call_type=Fire: alarm", "one"))
    assert table[:, 0] == pytest.approx(np.where(trips.priority == "2", drives.network_s, 0))
    assert not table[:, 1].any()
    with pytest.raises(KeyError, match="unknown term"):
        table_of(trips, drives, ("moonlight",))

"""Street names: each test states one fact."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import PCG64, Generator

from redstick.simulation.parish.names import STEMS, SUFFIXES, ordinal, street_names


@given(st.integers(0, 2**32))
def test_no_name_comes_twice(seed):
    """Not even when every stem has been used with every suffix."""
    names = list(islice(street_names(Generator(PCG64(seed))), len(STEMS) * len(SUFFIXES) + 50))
    assert len(set(names)) == len(names)


@given(st.integers(0, 2**32))
def test_every_stem_comes_once_before_any_comes_again(seed):
    """So that few streets of a small parish differ by their suffix alone."""
    first = list(islice(street_names(Generator(PCG64(seed))), len(STEMS)))
    assert sorted(name.rpartition(" ")[0] for name in first) == sorted(STEMS)


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (22, "22nd"), (101, "101st"), (111, "111th"), (112, "112th")],
)  # fmt: skip
def test_ordinals_are_as_they_are_spoken(number, word):
    """Eleven, twelve and thirteen end in th, of any hundred."""
    assert ordinal(number) == word

"""Street names at full size: each test states one fact."""

from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import PCG64, Generator

from redstick.simulation.parish.metropolis.naming import COMMON, ENDINGS, Names


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.lists(st.sampled_from(sorted(ENDINGS)), min_size=1, max_size=400))
def test_no_new_name_is_given_twice(seed, kinds):
    """Whatever it is for."""
    names = Names(Generator(PCG64(seed)))
    given_out = [names.new(kind) for kind in kinds]
    assert len(set(given_out)) == len(given_out)


def test_a_through_road_keeps_its_name_for_itself():
    """Its stem is given to no local street."""
    names = Names(Generator(PCG64(7)))
    names.reserve(iter(["Acorn Road"]))
    assert not any(names.new("block").startswith("Acorn ") for _ in range(170))


def test_every_town_has_the_common_names_and_then_numbered_ones():
    """In the same order, so that they meet again in the next town; within a town none comes twice."""
    names = Names(Generator(PCG64(7)))
    one, other = ([names.common(town) for _ in range(30)] for town in ("Portage", "Sawgrass"))
    assert one == other
    assert tuple(one[: len(COMMON)]) == COMMON
    assert len(set(one)) == 30

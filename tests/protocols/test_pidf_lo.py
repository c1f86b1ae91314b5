"""PIDF-LO: points and circles, written as they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.faults import Malformed
from redstick.protocols.pidf_lo import DEGREE, MOST_RADIUS_M, Shape, read_pidf_lo, write_pidf_lo

SHAPES = st.builds(
    Shape,
    st.integers(-180 * DEGREE, 180 * DEGREE),
    st.integers(-90 * DEGREE, 90 * DEGREE),
    st.integers(0, MOST_RADIUS_M),
)


@given(SHAPES)
def test_a_shape_comes_back_as_it_was(shape):
    """To the last 1e-7 degree, at every corner of the world."""
    assert read_pidf_lo(write_pidf_lo(shape, "pres:place@cad.parish.example")) == shape


def test_what_is_unsure_is_a_circle_and_what_is_sure_a_point():
    """A radius draws a circle whose confidence we do not claim to know."""
    circle = write_pidf_lo(Shape(1, 2, 35), "pres:a@b")
    assert ":Circle" in circle
    assert ">unknown<" in circle
    assert ":Point" in write_pidf_lo(Shape(1, 2), "pres:a@b")


def test_published_examples_are_read(third_party):
    """Every location example of the RFCs is understood or left, never refused, but for another reference system."""
    files = sorted(third_party("ng911/examples").rglob("*.xml"))
    presences = [path for path in files if b"<presence" in path.read_bytes() or b":presence" in path.read_bytes()]
    assert presences
    refused = {}
    for path in presences:
        try:
            read_pidf_lo(path.read_text())
        except Malformed as malformed:
            refused[path.name] = malformed.faults[0].place
    assert all("srsName" in place for place in refused.values()), refused


@given(st.text())
def test_any_text_is_read_or_refused_with_a_place(text):
    """Never another exception."""
    with pytest.raises(Malformed) as caught:
        read_pidf_lo(text)
    assert caught.value.faults[0].place

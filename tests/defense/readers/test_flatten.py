"""Nested objects to dotted names, within bounds."""

import pytest

from redstick.defense.readers.flatten import MAX_DEPTH, TooLarge, flattened


@pytest.mark.parametrize(
    ("document", "name", "value"),
    [
        ({"a": {"b": 1}}, "a.b", 1),
        ({"a": {"b": 1}}, "a", '{"b":1}'),
        ({"a": [{"b": 1}, {"b": 2}]}, "a.b", [1, 2]),
        ({"a": [1, "x", None]}, "a", [1, "x", None]),
        ({"a": []}, "a", []),
        ({"a.b": 1, "a": {"b": 2}}, "a.b", [1, 2]),
        ({"a": None}, "a", None),
    ],
)
def test_a_value_stands_under_its_path(document, name, value):
    """Objects also stand as their JSON text; a list of objects gives lists."""
    assert flattened(document)[name] == value


def test_depth_is_bounded_and_nothing_below_is_lost():
    """What is deeper stays as JSON text."""
    document = inner = {}
    for _ in range(MAX_DEPTH + 10):
        inner["a"] = {}
        inner = inner["a"]
    inner["needle"] = "x"
    deepest = max(flattened(document), key=len)
    assert deepest.count(".") == MAX_DEPTH - 1
    assert "needle" in flattened(document)[deepest]


def test_an_object_that_would_multiply_is_refused():
    """8 MB of text inside 32 objects would be 256 MB of copies."""
    document = {"x": "y" * 8_000_000}
    for _ in range(30):
        document = {"a": document}
    with pytest.raises(TooLarge):
        flattened(document)

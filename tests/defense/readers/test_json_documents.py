"""JSON that is not one object a line: pretty-printed, arrays, Records, damaged, endless."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.defense.readers import json_documents as module
from redstick.defense.readers.event import Tally
from redstick.defense.readers.json_documents import json_documents


def read(data, **more):
    """Values of the field `a`, and the tally."""
    tally = Tally()
    found = [event.fields.get("a") for event in json_documents(io.BytesIO(data), tally, **more)]
    assert tally.received == tally.decoded + tally.lost
    return found, tally


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{\n "a": 1\n}\n{\n "a": 2\n}', [1, 2]),
        ('[{"a": 1}, {"a": 2}]', [1, 2]),
        ('[\n  {"a": 1},\n  {"a": 2}\n]\n', [1, 2]),
        ('{"Records": [{"a": 1}, {"a": 2}]}', [1, 2]),
        ('{ "Records" :\n[{"a": 1}]\n}\n{"a": 2}', [1, 2]),
        ('{"Records": [{"a": 1}]}{"Records": [{"a": 2}]}', [1, 2]),
        ('{"a": 1} [[{"a": 2}]] {"a": 3}', [1, 2, 3]),
        ('\ufeff{"a": 1}', [1]),
        ("", []),
        ("[]", []),
    ],
)
def test_values_are_found_whatever_stands_around_them(text, wanted):
    """Documents one after another, arrays, and CloudTrail's envelope."""
    found, tally = read(text.encode())
    assert (found, tally.lost) == (wanted, 0)


@pytest.mark.parametrize(
    ("text", "wanted", "lost"),
    [
        ('{"a": 1}\n{broken\n{"a": 2}', [1, 2], 1),
        ('[{"a": 1}, {broken}, {"a": 9}]\n{"a": 2}', [1, 2], 1),
        ('{"a": 1}\n{"a": ', [1], 1),
        ('{"a": 1} 7 "x" {"a": 2}', [1, 2], 2),
        ('[{"a": 1}', [1], 0),
    ],
)
def test_damage_costs_one_document_and_reading_goes_on(text, wanted, lost):
    """At the next line that begins with a brace in its first column."""
    found, tally = read(text.encode())
    assert (found, tally.lost) == (wanted, lost)


def test_a_document_beyond_the_limit_is_one_loss_and_the_next_is_read():
    """Never more than the limit and two steps of the stream is held."""
    text = '{"a": "' + "x" * 9_000_000 + '"}\n{"a": 2}'
    found, tally = read(text.encode(), limit=4_000_000)
    assert (found, tally.lost) == ([2], 1)


def test_broken_text_is_repaired_and_counted():
    """A byte that is no UTF-8, and an escaped half of a pair, become U+FFFD; the event is not lost."""
    found, tally = read(b'{"a": "x\xffy"}{"a": "\\ud800"}')
    assert found == ["x\ufffdy", "\ufffd"]
    assert tally.repairs == {"broken UTF-8": 1}


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers() | st.text(), max_size=3), max_size=8), st.data())
def test_any_cut_of_the_stream_gives_the_same_events(documents, data):
    """Values that lie over the edge of a step are whole."""
    text = "\n".join(json.dumps(d, indent=data.draw(st.sampled_from([None, 1]))) for d in documents).encode()
    step = data.draw(st.integers(1, 40))
    before, module.STEP_BYTES = module.STEP_BYTES, step
    try:
        found, tally = read(text)
    finally:
        module.STEP_BYTES = before
    assert (found, tally.lost) == ([d.get("a") for d in documents], 0)

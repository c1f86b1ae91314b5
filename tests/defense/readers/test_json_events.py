"""JSON lines: flat, nested, repaired, lost; numbers of events, and lines that are spared."""

import io

import pytest

from redstick.defense.readers.event import Tally
from redstick.defense.readers.json_events import json_lines
from redstick.defense.sigma.logsources import Source


def read(data, **more):
    """Events and tally."""
    tally = Tally()
    found = list(json_lines(io.BytesIO(data), tally, **more))
    assert tally.received == tally.decoded + tally.spared + tally.lost
    return found, tally


@pytest.mark.parametrize(
    ("line", "value", "repair"),
    [
        (b'{"a":"x"}', "x", None),
        (b'{"a":{"b":1}}', '{"b":1}', None),
        (b'{"a":"\xff"}', "\ufffd", "broken UTF-8"),
        (b'{"a":"\\ud800"}', "\ufffd", None),
        (b'{"a":1,"a":2}', 2, "a name given twice"),
        (b'{"a":NaN}', "NaN", None),
        (b'{"a":"x\\u0000y"}', "x\0y", None),
        (b'{"a":"' + b"x" * 1_000_000 + b'"}', "x" * 1_000_000, None),
    ],
)
def test_a_line_is_read_and_what_was_corrected_is_counted(line, value, repair):
    """Broken text, names given twice, NaN, NUL and a field of a megabyte."""
    (event,), tally = read(line + b"\n")
    assert event.fields["a"] == value
    assert tally.repairs == ({repair: 1} if repair else {})


@pytest.mark.parametrize("line", [b"{broken", b"7", b'"x"', b"null", b"[1]", b"{" * 100_000, b"[" * 100_000])
def test_a_line_that_is_no_object_is_lost(line):
    """Also one nested beyond any parser's depth."""
    found, tally = read(line + b'\n{"a":1}\n')
    assert [event.fields for event in found] == [{"a": 1}]
    assert tally.lost == 1


def test_numbers_count_everything_received():
    """Lost, spared and decoded lines alike, so that a number finds its line."""
    found, tally = read(b'{"a":1}\n{broken\n{"s":1}\n{"a":4}\n', is_clean=lambda line: b'"s"' in line)
    assert [event.number for event in found] == [1, 4]
    assert (tally.decoded, tally.spared, tally.lost) == (2, 1, 1)


def test_an_array_on_a_line_is_its_events_and_a_forced_source_is_theirs():
    """Collectors send batches."""
    forced = Source("city")
    found, _ = read(b'[{"a":1},{"a":2}]\n{"Records":[{"a":3}]}\n', forced=forced)
    assert [(event.source, event.fields["a"]) for event in found] == [(forced, 1), (forced, 2), (forced, 3)]


def test_objects_nested_beyond_all_bounds_are_one_loss():
    """A line of 7 MB that would become 200 MB of fields is counted and left."""
    line = b'{"a":' * 30 + b'"' + b"x" * 7_000_000 + b'"' + b"}" * 30
    found, tally = read(line + b'\n{"a":1}\n')
    assert [event.fields["a"] for event in found] == [1]
    assert tally.lost == 1

"""CoT events: written as they are read, and judged by rules of our own, as no schema file is at hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.cot.event import DEGREE, MOST_BYTES, CotEvent, Point, check, read_event, write_event
from redstick.protocols.faults import Malformed

NOON = 1_700_000_000_000
TIMES = st.integers(0, 4_000_000_000_000)
METRES = st.none() | st.integers(0, 1_000_000)
EVENTS = st.builds(
    CotEvent,
    uid=st.text("abc@.-", min_size=1),
    kind=st.sampled_from(["a-f-G-U-C", "b-m-p-s-m", "b-a-o-tbl"]),
    how=st.sampled_from(["m-g", "h-e"]),
    time=TIMES,
    start=st.just(NOON),
    stale=st.integers(NOON, NOON + 10**9),
    point=st.builds(
        Point, st.integers(-180 * DEGREE, 180 * DEGREE), st.integers(-90 * DEGREE, 90 * DEGREE), METRES, METRES,
        st.none() | st.integers(-400, 9_000),
    ),
    callsign=st.text("abc &<>\"'é"),
    remarks=st.text("abc &<>\"'é").map(str.strip),
)  # fmt: skip


def event(**other):
    """An event that is right."""
    return CotEvent(**{
        "uid": "E1@cad.parish.example", "kind": "a-f-G-U-C", "how": "m-g", "time": NOON, "start": NOON,
        "stale": NOON + 120_000, "point": Point(-911_234_567, 304_123_456, 5), "callsign": "E1", **other,
    })  # fmt: skip


@given(EVENTS)
def test_an_event_comes_back_as_it_was(made):
    """Every field, at every place on earth; and it passes the check."""
    assert check(write_event(made)) == []
    assert read_event(write_event(made)) == made


def test_what_nobody_can_bound_is_written_as_the_schema_says():
    """9999999 metres mean unknown, and are read so."""
    data = write_event(event(point=Point(0, 0)))
    assert b'ce="9999999.0"' in data
    assert read_event(data).point == Point(0, 0)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b' uid="E1@cad.parish.example"', b"", "/event/@uid"),
        (b'version="2.0"', b'version="1.0"', "/event/@version"),
        (b'lat="30.4123456"', b'lat="91"', "/event/point/@lat"),
        (b'ce="5.0"', b'ce="-5"', "/event/point/@ce"),
        (b'lon="-91.1234567"', b'lon="NaN"', "/event/point/@lon"),
        (b"a-f-G-U-C", b"a f", "/event/@type"),
        (b"<detail>", b"<more/><detail>", "/event/more"),
        (b"<point", b"<detail/><point", "/event"),
        (b'start="2023-11-14T22:13:20.000Z"', b'start="2023-11-14T22:13:20"', "/event/@start"),
        (b'stale="2023-11-14T22:15:20.000Z"', b'stale="2023-11-14T22:12:20Z"', "/event/@stale"),
    ],
)
def test_a_planted_fault_is_seen_and_named(old, new, place):
    """One fault, one line, with its place."""
    data = write_event(event())
    assert old in data
    assert [fault.place for fault in check(data.replace(old, new, 1))] == [place]


def test_entities_and_size_are_refused():
    """A bomb expands nothing; a datagram's size is the most."""
    assert "document type" in check(b'<!DOCTYPE event [<!ENTITY a "a">]><event>&a;</event>')[0].expected
    assert "bytes" in check(b" " * (MOST_BYTES + 1))[0].expected
    assert "levels" in check(b"<event>" * 100 + b"</event>" * 100)[0].expected


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_place(data):
    """Never another exception."""
    assert all(fault.place for fault in check(data))
    with pytest.raises(Malformed):
        read_event(data)

"""Alarm messages in our profile: written as they are read, faults named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.asap.messages import (
    MOST_BYTES,
    MOST_TEXT,
    NAMESPACE,
    Accept,
    Alarm,
    Reason,
    Reject,
    Side,
    Update,
    read_message,
    write_message,
)
from redstick.protocols.faults import Malformed

WORDS = st.text("abc <>&é1", min_size=1, max_size=40).map(str.strip).filter(bool)
MAYBE = st.just("") | WORDS
TIMES = st.integers(0, 4_000_000_000_000)
WHO = {"station": WORDS, "id": WORDS}
MESSAGES = st.one_of(
    st.builds(
        Alarm, **WHO, kind=WORDS, sent_at=TIMES, happened_at=TIMES, address=WORDS, municipality=MAYBE, state=MAYBE,
        premises=MAYBE, zone=MAYBE, callback=MAYBE, text=MAYBE,
    ),
    st.builds(Accept, **WHO, incident=WORDS),
    st.builds(Reject, **WHO, reason=st.sampled_from(Reason), text=MAYBE),
    st.builds(Update, **WHO, update=WORDS, side=st.sampled_from(Side), sent_at=TIMES, text=WORDS),
)  # fmt: skip


@given(MESSAGES)
def test_a_message_comes_back_as_it_was(message):
    """New alarm, acceptance, refusal, update of either side."""
    assert read_message(write_message(message)) == message


def inside(text):
    """A document of the profile."""
    return f'<alarmMessage xmlns="{NAMESPACE}">{text}</alarmMessage>'.encode()


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (b"<alarmMessage/>", ["/"]),
        (inside(""), ["/"]),
        (inside("<alert/>"), ["/alarmMessage/alert"]),
        (
            inside("<reject><station>s</station><id>1</id><reason>late</reason><extra/></reject>"),
            ["/alarmMessage/reject/reason", "/alarmMessage/reject/extra"],
        ),
        (
            inside("<accept><station>s</station><id/></accept>"),
            ["/alarmMessage/accept/id", "/alarmMessage/accept/incident"],
        ),
        (
            inside("<accept><station>s</station><station>s</station><id>1</id><incident>2</incident></accept>"),
            ["/alarmMessage/accept/station"],
        ),
    ],
)  # fmt: skip
def test_every_fault_is_named(data, places):
    """Unknown messages, unknown fields, fields twice, empty ones, wrong words."""
    with pytest.raises(Malformed) as caught:
        read_message(data)
    assert [fault.place for fault in caught.value.faults] == places


def test_size_is_bounded():
    """The document, and each text in it."""
    long = "x" * (MOST_TEXT + 1)
    for data in (b" " * (MOST_BYTES + 1), inside(f"<reject><station>{long}</station></reject>")):
        with pytest.raises(Malformed, match="at most"):
            read_message(data)


@given(st.binary() | st.text().map(str.encode) | st.text("<>/acdeijloprst").map(inside))
def test_any_bytes_are_refused_with_a_place(data):
    """Never another exception."""
    with pytest.raises(Malformed) as caught:
        read_message(data)
    assert caught.value.faults[0].place

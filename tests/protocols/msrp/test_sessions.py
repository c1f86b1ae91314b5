"""Two ends of a session of messages: every text arrives once and whole, each is told of once, strangers get nothing."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.faults import Malformed
from redstick.protocols.msrp.chunks import CHUNK, MOST_OCTETS, MOST_OPEN, MOST_PARTS, Assembly, TooLarge, cut
from redstick.protocols.msrp.messages import ABORTED, MORE, WHOLE, Frames, Request, Response, write_message
from redstick.protocols.msrp.sessions import ANSWERED_WITHIN_MS, MOST_UNDER_WAY, Said, Session, Settled
from redstick.protocols.msrp.uris import MsrpUri

HERE, THERE = MsrpUri("192.0.2.1", 2855, "ours"), MsrpUri("192.0.2.9", 7654, "theirs")
STRANGER = MsrpUri("192.0.2.66", 7654, "theirs")


def session(ours=HERE, theirs=THERE, accepts=("text/plain",)):
    """One end; its names count."""
    names = (f"{ours.session}{number:04}" for number in count())
    return Session(ours, (theirs,), accepts, lambda: next(names))


def carried(messages, to):
    """Over a stream and into the other end."""
    data = b"".join(write_message(one) for one in messages if isinstance(one, Request | Response))
    return [out for one in Frames().feed(data) for out in to.receive(one)]


def part(body, first=1, flag=WHOLE, name="m1", total="*", **more):
    """One request from there."""
    headers = (
        ("To-Path", str(HERE)), ("From-Path", str(THERE)), ("Message-ID", name),
        ("Byte-Range", f"{first}-{first + len(body) - 1}/{total}"), ("Content-Type", "text/plain"),
        *((key.replace("_", "-"), value) for key, value in more.items()),
    )  # fmt: skip
    return Request(transaction="t123", method="SEND", headers=headers, body=body, flag=flag)


@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=6_000), st.sampled_from(["text/plain", "message/cpim"])
)
def test_a_text_arrives_whole_and_is_delivered_once(text, accepted):
    """In parts and in an envelope where that is what they take; each part answered, one fact of it."""
    one, other = session(accepts=(accepted,)), session(THERE, HERE)
    out = carried(one.write(text, 7, 0.0), other)
    [said] = [event for event in out if isinstance(event, Said)]
    assert said.text == (text if accepted == "text/plain" else text.replace("\r\n", "\n"))
    assert carried(out, one) == [Settled(7, delivered=True)]
    assert one.due_ms is None


@given(st.binary(min_size=1, max_size=900), st.lists(st.integers(1, 300), min_size=1, max_size=20), st.randoms())
def test_parts_are_put_together_in_whatever_order_they_come(data, lengths, dice):
    """And however often: once all octets are there, and not before."""
    parts, at = [], 0
    for length in [*lengths, len(data)]:
        body = data[at : at + length]
        if body or not parts:
            parts.append(part(body, at + 1, WHOLE if at + length >= len(data) else MORE))
        at += length
    dice.shuffle(parts)
    assembly = Assembly()
    told = [assembly.take(one) for one in parts]
    assert [one for one in told if one is not None] == [("text/plain", data)]
    assert told[-1] is not None


def test_an_aborted_message_is_forgotten_and_a_gap_is_not_a_message():
    """What is missing is missing."""
    assembly = Assembly()
    assert assembly.take(part(b"he", flag=MORE)) is None
    assert assembly.take(part(b"", 3, ABORTED)) is None
    assert assembly.take(part(b"lp", 3)) is None  # its beginning is gone
    assert assembly.take(part(b"he", flag=MORE)) == ("text/plain", b"help")


def test_limits_of_a_message_and_of_messages_at_once():
    """413, and what was under way is forgotten: nobody fills our memory."""
    big = part(b"x" * 2048, 1, MORE, total=str(MOST_OCTETS + 1))
    with pytest.raises(TooLarge):
        Assembly().take(big)
    assembly = Assembly()
    for number in range(MOST_OPEN):
        assembly.take(part(b"x", 1, MORE, name=f"m{number}"))
    with pytest.raises(TooLarge):
        assembly.take(part(b"x", 1, MORE, name="one more"))
    for _ in range(MOST_PARTS - 1):
        assembly.take(part(b"x", 1, MORE))
    with pytest.raises(TooLarge):
        assembly.take(part(b"x", 1, MORE))
    for wrong in (part(b"x", total="y"), Request(transaction="t123", method="SEND", body=b"x")):
        with pytest.raises(Malformed):
            Assembly().take(wrong)
    [answer] = session().receive(big)
    assert answer.code == 413


def test_a_long_text_is_cut_as_the_standard_says():
    """At most 2,048 octets each; ranges that meet; only the last one ends the message."""
    parts = session().write("x" * 5_000, 1, 0.0)
    assert [one.flag for one in parts] == [MORE, MORE, WHOLE]
    assert [one.first("Byte-Range") for one in parts] == ["1-2048/5000", "2049-4096/5000", "4097-5000/5000"]
    assert cut(b"")[0][1:] == (0, b"")
    assert max(len(one.body) for one in parts) == CHUNK


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (part(b"x", Content_Type="x"), 200),  # the first of two headers counts
        (Request(transaction="t123", method="SEND", headers=part(b"x").headers), 200),
        (Request(transaction="t123", method="NICKNAME", headers=part(b"x").headers), 501),
        (Request(transaction="t123", method="SEND", headers=(), body=b"x"), 481),
        (part(b"x", total="y"), 400),
    ],
)
def test_each_request_has_its_answer(request_, code):
    """By the standard's codes; an empty one says only that somebody is there."""
    [answer] = [one for one in session().receive(request_) if isinstance(one, Response)]
    assert answer.code == code
    assert answer.transaction == "t123"


def test_who_is_none_of_the_session_gets_481_and_no_word_is_taken():
    """Another sender, or another session of ours; a stranger's report says nothing."""
    for ours, theirs in ((HERE, STRANGER), (MsrpUri("192.0.2.1", 2855, "another"), THERE)):
        out = session().receive(
            Request(transaction="t123", method="SEND", body=b"x",
                    headers=(("To-Path", str(ours)), ("From-Path", str(theirs)), ("Message-ID", "m")))
        )  # fmt: skip
        assert [one.code for one in out] == [481]
        assert session().receive(Request(transaction="t123", method="REPORT")) == []


def test_other_media_types_get_415():
    """Pictures are none of ours, within an envelope neither."""
    for kind in ("image/png", "message/cpim"):
        headers = tuple((name, kind if name == "Content-Type" else value) for name, value in part(b"x").headers)
        [answer] = session().receive(Request(transaction="t123", method="SEND", headers=headers, body=b"no envelope"))
        assert answer.code == 415


def test_success_is_reported_where_it_is_asked_for_and_answers_are_left_out_where_it_is_said():
    """RFC 4975 section 7.1.2."""
    answer, said, report = session().receive(part(b"hola", Success_Report="yes"))
    assert (answer.code, said) == (200, Said("hola"))
    assert (report.method, report.first("Status"), report.first("Byte-Range")) == ("REPORT", "000 200 OK", "1-4/4")
    assert report.first("To-Path") == str(THERE)
    assert session().receive(part(b"hola", Failure_Report="no")) == [Said("hola")]
    assert session().receive(part(b"hola", Failure_Report="partial")) == [Said("hola")]
    [answer] = session().receive(part(b"x", total="y", Failure_Report="partial"))
    assert answer.code == 400


def test_what_is_refused_unanswered_or_cut_off_was_not_delivered():
    """Each told once, with its reason; a later report of a failure counts, one of a success says nothing new."""
    one = session()
    [first], [second], [third] = (one.write("x", number, float(number)) for number in (1, 2, 3))
    refused = Response(transaction=first.transaction, code=403, comment="Forbidden")
    assert one.receive(refused) == [Settled(1, delivered=False, why="403 Forbidden")]
    assert one.receive(refused) == []
    assert one.due_ms == 2 + ANSWERED_WITHIN_MS
    assert one.tick(2 + ANSWERED_WITHIN_MS) == [Settled(2, delivered=False, why="408 no answer")]
    assert one.receive(Response(transaction=third.transaction, code=200)) == [Settled(3, delivered=True)]
    headers = (("To-Path", str(HERE)), ("From-Path", str(THERE)), ("Message-ID", third.first("Message-ID")))
    for status, told in (
        ("000 200 OK", []),
        ("000 408 Late", [Settled(3, delivered=False, why="408 Late")]),
        ("x", []),
    ):
        assert one.receive(
            Request(transaction="t123", method="REPORT", headers=(*headers, ("Status", status)))
        ) == told  # fmt: skip
    one.write("y", 4, 0.0)
    assert one.close("gone") == [Settled(4, delivered=False, why="gone")]
    assert (second.method, one.close("again")) == ("SEND", [])


def test_whoever_answers_nothing_has_a_bounded_queue():
    """So that a stalled peer costs what it may."""
    one = session()
    assert all(one.write("x", number, 0.0) for number in range(MOST_UNDER_WAY))
    assert one.write("x", 99, 0.0) is None
    assert one.hello().body is None


HEADERS = [
    *part(b"x", total="9").headers, ("Byte-Range", "9-*/*"), ("Status", "000 400"), ("Success-Report", "yes"),
    ("Message-ID", ""), ("Content-Type", "message/cpim"),
]  # fmt: skip
REQUESTS = st.builds(
    Request, transaction=st.just("t123"), method=st.sampled_from(["SEND", "REPORT", "AUTH"]),
    headers=st.lists(st.sampled_from(HEADERS), max_size=9).map(tuple), body=st.none() | st.binary(max_size=40),
    flag=st.sampled_from([WHOLE, MORE, ABORTED]),
)  # fmt: skip
NAMES = st.sampled_from(["ours0000", "ours0001", "t123"])
MESSAGES = REQUESTS | st.builds(Response, transaction=NAMES, code=st.integers(100, 999))


@given(st.lists(MESSAGES, max_size=20))
def test_any_messages_are_served(messages):
    """Nothing is raised, whatever comes in whatever order; and every text of ours is told of at the end."""
    one = session()
    one.write("x", 1, 0.0)
    out = [told for message in messages for told in one.receive(message)] + one.close("over")
    for answer in out:
        if isinstance(answer, Request | Response):
            write_message(answer)
    assert {told.number for told in out if isinstance(told, Settled)} == {1}

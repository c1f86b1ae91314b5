"""Subscriptions of one socket, stepped by hand: each rule of the conveyance protocol is one test."""

import itertools
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.conveyance import messages as said
from redstick.protocols.conveyance.filters import admits, read_filter
from redstick.protocols.conveyance.references import MOST_REFERENCES, References
from redstick.protocols.conveyance.subscriptions import CLOSED_FOR_MS, Known, Subscriptions
from redstick.protocols.faults import Malformed

NOW, SECOND = 1_700_000_000_000, 1000


def known(urn, kind="FSTRU", closed_at=None):
    """An incident with an EIDO that is as small as can be."""
    eido = {"$id": urn, "incidentComponent": {"incidentTypeCommonRegistryText": kind}}
    return Known(urn, msgspec.Raw(json.dumps(eido).encode()), closed_at)


class Socket:
    """One socket's subscriptions over a few incidents, with a clock that is set by hand."""

    def __init__(self, *incidents):
        self.incidents, self.now = list(incidents), NOW
        ids = itertools.count(1)
        self.rules = Subscriptions(lambda: self.incidents, lambda: f"id{next(ids)}")

    def say(self, name, **fields):
        """Send a message; gives the answers."""
        return list(self.rules.hear(json.dumps({name: fields}).encode(), self.now))

    def subscribe(self, **fields):
        """Subscribe and answer the first notification; gives the response and the EIDOs that came at once."""
        response, first = self.say("subscribe", requestId="r", requestType="eido", **fields)
        self.answer(first)
        return response, told(first)

    def answer(self, event):
        """Say that a notification was received."""
        assert self.say("eventResponse", transactionId=event.transaction_id, statusCode=200, statusText="OK") == []

    def change(self, incident):
        """An incident is new or has changed."""
        self.incidents = [one for one in self.incidents if one.urn != incident.urn] + [incident]
        self.rules.change(incident)

    def later(self, seconds=0):
        """What is sent when so much time has passed."""
        self.now += seconds * SECOND
        return list(self.rules.tick(self.now))


def told(event):
    """Ids of the incidents that a notification tells."""
    return [json.loads(bytes(one))["$id"] for one in event.notification]


def test_what_is_active_is_told_at_once():
    """A new subscription gets every open incident that matches, closed ones not."""
    socket = Socket(known("a"), known("b", closed_at=NOW), known("c"))
    response, first = socket.subscribe()
    assert response.status_code == said.OK
    assert first == ["a", "c"]


def test_nothing_is_told_at_once_too():
    """Where there is nothing the first notification is empty, and is sent all the same."""
    assert Socket().subscribe()[1] == []


def test_a_change_is_told_and_the_newest_wins():
    """Two changes before a tick are one notification with the later EIDO."""
    socket = Socket()
    socket.subscribe()
    socket.change(known("a", "FSTRU"))
    socket.change(known("a", "FTRASH"))
    [event] = socket.later()
    assert told(event) == ["a"]
    assert b"FTRASH" in bytes(event.notification[0])


def test_the_next_waits_for_an_answer():
    """One notification of a subscription is under way at a time; what happens meanwhile is told together."""
    socket = Socket()
    socket.subscribe()
    socket.change(known("a"))
    [event] = socket.later()
    socket.change(known("b"))
    socket.change(known("c"))
    assert socket.later() == []
    socket.answer(event)
    assert told(socket.later()[0]) == ["b", "c"]


def test_three_unanswered_notifications_end_it():
    """An answer in between begins the count anew."""
    socket = Socket()
    socket.subscribe()
    for _ in range(2):
        socket.change(known("a"))
        [event] = socket.later(6)
    socket.answer(event)
    for count in range(3):
        socket.change(known(f"b{count}"))
        assert isinstance(socket.later(6)[0], said.Event)
    [end] = socket.later(6)
    assert isinstance(end, said.Terminate)
    assert "not answered" in end.reason
    assert socket.rules.over


def test_a_single_incident_is_told_alone():
    """Others are not told, and its closing is the last that is told."""
    socket = Socket(known("a"), known("b"))
    assert socket.subscribe(requestSubType="single", incidentId="a")[1] == ["a"]
    socket.change(known("b"))
    assert socket.later() == []
    socket.change(known("a", closed_at=NOW))
    [event] = socket.later()
    socket.answer(event)
    assert told(event) == ["a"]
    [end] = socket.later()
    assert end.reason == "the incident is closed"


@pytest.mark.parametrize(("ago_ms", "code"), [(CLOSED_FOR_MS, said.OK), (CLOSED_FOR_MS + 1, said.NOT_FOUND)])
def test_a_closed_incident_may_be_asked_for_five_minutes_long(ago_ms, code):
    """Then it is told once, and no more comes."""
    socket = Socket(known("a", closed_at=NOW - ago_ms))
    answers = socket.say("subscribe", requestId="r", requestSubType="single", incidentId="a")
    assert answers[0].status_code == code
    assert [told(event) for event in answers[1:]] == ([["a"]] if code == said.OK else [])


def test_one_socket_carries_several_subscriptions():
    """Each is told by itself and ends by itself; the socket is over with the last."""
    socket = Socket(known("a", "FSTRU"), known("b", "LARCENY"))
    first, told_first = socket.subscribe(qualFilter="incidentComponent.incidentTypeCommonRegistryText = 'FSTRU'")
    second, told_second = socket.subscribe()
    assert (told_first, told_second) == (["a"], ["a", "b"])
    socket.say("unsubscribe", requestId="u", subscriptionId=second.subscription_id)
    assert not socket.rules.over
    [answer] = socket.say("unsubscribe", requestId="u", subscriptionId=first.subscription_id)
    assert answer.status_code == said.OK
    assert socket.rules.over


def test_only_the_end_of_a_subscription_may_change():
    """Asking again with its id prolongs it; an unknown id is not found."""
    socket = Socket(known("a"))
    response, _ = socket.subscribe(expires=20)
    socket.later(19)
    [again] = socket.say("subscribe", requestId="r2", subscriptionId=response.subscription_id, expires=20)
    assert (again.status_code, again.subscription_id) == (said.OK, response.subscription_id)
    assert socket.later(19) == []
    assert isinstance(socket.later(1)[0], said.Terminate)
    [lost] = socket.say("subscribe", requestId="r3", subscriptionId=response.subscription_id)
    assert lost.status_code == said.NOT_FOUND


def test_silence_is_broken_by_an_empty_notification():
    """With a minimum rate an empty message says that the link lives."""
    socket = Socket()
    socket.subscribe(minRate=20)
    assert socket.later(19) == []
    [event] = socket.later(1)
    assert event.notification == ()


def test_a_maximum_rate_gathers_changes():
    """With a maximum rate of one a minute, what happens within the minute comes together."""
    socket = Socket()
    socket.subscribe(maxRate=60)
    socket.change(known("a"))
    assert socket.later(30) == []
    socket.change(known("b"))
    assert told(socket.later(30)[0]) == ["a", "b"]


def test_a_request_of_the_largest_size_is_taken_and_a_larger_one_refused_by_name():
    """65,536 bytes are taken; one more is a bad request that says so."""
    socket = Socket()
    empty = len(json.dumps({"subscribe": {"requestId": ""}}))
    fits = socket.say("subscribe", requestId="x" * (said.MOST_REQUEST_BYTES - empty))
    assert fits[0].status_code == said.OK
    [refused] = socket.say("subscribe", requestId="x" * (said.MOST_REQUEST_BYTES - empty + 1))
    assert refused.status_code == said.BAD_REQUEST
    assert "65536" in refused.status_text


@pytest.mark.parametrize(
    ("text", "admitted"),
    [
        ("", True),
        ("incidentComponent.incidentTypeCommonRegistryText = 'FSTRU'", True),
        ("incidentComponent.incidentTypeCommonRegistryText != 'FSTRU'", False),
        ("incidentComponent.incidentTypeCommonRegistryText = 'FSTRU' and callComponent.direction = 'incoming'", True),
        ("callComponent.direction = 'outgoing' and callComponent.direction = 'incoming'", True),
        ("callComponent.direction != 'outgoing'", False),
        ("callComponent.nothing = 'x'", False),
        ("callComponent.nothing != 'x'", True),
    ],
)
def test_a_filter_means_any_member_of_a_list(text, admitted):
    """Equality asks for one such value, inequality for none."""
    eido = {
        "incidentComponent": {"incidentTypeCommonRegistryText": "FSTRU"},
        "callComponent": [{"direction": "incoming"}, {"direction": "outgoing"}],
    }
    assert admits(read_filter(text), eido) is admitted


@pytest.mark.parametrize(
    "text", ["a", "a = b", "a = 'b' or c = 'd'", "a = 'b' and", "and a = 'b'", "a == 'b'", "= 'b'"]
)
def test_a_filter_that_cannot_be_read_is_refused_with_the_place(text):
    """The subscription is not made, and the answer names the character."""
    [answer] = Socket().say("subscribe", requestId="r", qualFilter=text)
    assert answer.status_code == said.BAD_REQUEST
    assert "qualFilter (character" in answer.status_text


@given(st.binary() | st.text().map(str.encode) | st.dictionaries(st.sampled_from(sorted(said.KINDS)), st.dictionaries(
    st.sampled_from(["requestId", "subscriptionId", "expires", "minRate", "qualFilter", "x"]),
    st.text() | st.integers() | st.none() | st.lists(st.integers()), max_size=4), max_size=2,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_whatever_is_said_the_rules_hold(data):
    """Random bytes and random messages: an answer or silence, and the clock may run on."""
    socket = Socket(known("a"))
    answers = list(socket.rules.hear(data, NOW))
    assert all(said.write_message(answer) for answer in answers)
    list(socket.rules.tick(NOW + 10**9))


@given(st.text())
def test_any_filter_is_read_or_refused(text):
    """Never another exception than a named fault."""
    try:
        conditions = read_filter(text)
    except Malformed:
        return
    assert isinstance(admits(conditions, {"a": [1, {"b": True}]}), bool)


def test_a_reference_lives_for_its_time_and_for_its_holder():
    """Expired, another's and unknown ones are the same to who asks: there is none."""
    names = itertools.count()
    references = References(lambda: f"n{next(names)}")
    minted = references.mint("urn:a", NOW, 60, holder="peer")
    assert references.find(minted.name, NOW + 59_999, "peer").urn == "urn:a"
    assert references.find(minted.name, NOW + 60_000, "peer") is None
    assert references.find(minted.name, NOW, "other") is None
    assert references.find("n9", NOW, "peer") is None


def test_references_are_bounded():
    """So many and no more; the place of an expired one is free again."""
    names = itertools.count()
    references = References(lambda: f"n{next(names)}")
    assert all(references.mint("urn:a", NOW, 60) for _ in range(MOST_REFERENCES))
    assert references.mint("urn:a", NOW, 60) is None
    assert references.mint("urn:a", NOW + 60_000, 60) is not None

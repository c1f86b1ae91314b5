"""Before any request is looked at: names and headers. Each test states one fact."""

import asyncio

import pytest

from redstick.server.hosts import ALONE, HEADERS, LOOPBACK, guarded, host_of, refuse_host


@pytest.mark.parametrize("host", ["localhost:8080", "LOCALHOST", "127.0.0.1:9", "[::1]:8080", "[::1]"])
def test_the_names_of_this_machine_are_known_with_a_port_and_without(host):
    """However they are written."""
    assert host_of({"headers": [(b"host", host.encode())]}) in LOOPBACK


@pytest.mark.parametrize("host", ["elsewhere.test", "elsewhere.test:8080", "localhost.elsewhere.test", "", "0:80"])
def test_no_other_name_passes_for_one_of_them(host):
    """A page of another site may ask through a name that it has pointed here."""
    assert host_of({"headers": [(b"host", host.encode())]}) not in LOOPBACK


def test_a_request_without_a_host_names_none():
    """HTTP/1.0 does so."""
    assert host_of({"headers": []}) == ""


def sent_by(act):
    """What an ASGI application sends."""
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    asyncio.run(act(receive, send))
    return sent


def test_another_name_is_refused_as_misdirected():
    """421 over HTTP; a websocket is closed before it is accepted."""
    start, _ = sent_by(lambda receive, send: refuse_host({"type": "http", "path": "/"}, receive, send))
    assert start["status"] == 421
    [closed] = sent_by(lambda receive, send: refuse_host({"type": "websocket", "path": "/"}, receive, send))
    assert (closed["type"], closed["code"]) == ("websocket.close", 1008)


def test_every_answer_is_guarded():
    """The security headers stand beside those of the answer itself."""

    async def answer(receive, send):
        await guarded(send)({"type": "http.response.start", "status": 200, "headers": [(b"etag", b"1")]})

    [start] = sent_by(answer)
    assert dict(start["headers"]) == {
        b"etag": b"1",
        **{name.encode(): value.encode() for name, value in HEADERS.items()},
    }


def test_a_page_that_stands_alone_keeps_the_policy_that_it_brings():
    """One policy on an answer: two would forbid what either forbids, its own style too."""

    async def answer(receive, send):
        own = (b"content-security-policy", ALONE.encode())
        await guarded(send)({"type": "http.response.start", "status": 200, "headers": [own]})

    [start] = sent_by(answer)
    policies = [value for name, value in start["headers"] if name == b"content-security-policy"]
    assert policies == [ALONE.encode()]
    assert len(start["headers"]) == len(HEADERS)

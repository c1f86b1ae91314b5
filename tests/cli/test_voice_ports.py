"""The sockets of a line: one port for UDP and TCP, a free one where any will do."""

import socket

import pytest

from redstick.cli import voice
from redstick.cli.errors import Misuse
from redstick.cli.voice import TRIES, bind_voice

pytestmark = pytest.mark.sockets


def taken(number):
    """A TCP port that somebody else has, and the socket that has it."""
    one = socket.socket()
    one.bind(("127.0.0.1", number))
    one.listen()
    return one


def test_a_port_that_is_free_for_udp_alone_is_passed_over(monkeypatch):
    """As often as it may be; nothing is left open of those that were tried."""
    bound, failing, opened = voice._bound, iter(range(3)), []

    def unlucky(kind, host, port):
        if kind is socket.SOCK_STREAM and next(failing, None) is not None:
            raise Misuse("in use")
        opened.append(bound(kind, host, port))
        return opened[-1]

    monkeypatch.setattr(voice, "_bound", unlucky)
    found = bind_voice("127.0.0.1:0", None)
    assert found.datagrams.getsockname() == found.streams.getsockname()
    assert [one.fileno() >= 0 for one in opened] == [False, False, False, True, True]
    for one in (found.datagrams, found.streams):
        one.close()


def test_a_port_that_was_asked_for_and_is_taken_is_said_to_be(monkeypatch):
    """At once; and nobody tries for ever."""
    other = taken(0)
    with pytest.raises(Misuse, match="cannot be used"):
        bind_voice(f"127.0.0.1:{other.getsockname()[1]}", None)
    other.close()
    tried = []

    def never(kind, host, port):
        if kind is socket.SOCK_STREAM:
            tried.append(port)
            raise Misuse("in use")
        return socket.socket(socket.AF_INET, kind)

    monkeypatch.setattr(voice, "_bound", never)
    with pytest.raises(Misuse):
        bind_voice("127.0.0.1:0", None)
    assert len(tried) == TRIES + 1

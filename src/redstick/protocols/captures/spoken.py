"""What was said in a capture: whole SIP and HTTP messages, over UDP and over TCP put together, in the order they began.

A segment that was sent twice is heard once. A message over TCP begins where a start line does and goes on until its
length is reached or another begins, for captures of tests hold lengths that are wrong on purpose.
"""

import re
from collections.abc import Iterable

import msgspec

from redstick.protocols.captures.packets import TCP, UDP, Packet
from redstick.protocols.faults import Malformed
from redstick.protocols.sip.messages import Message
from redstick.protocols.sip.reading import read_message

MOST_WAITING = 4_096
_SIP = re.compile(rb"(?:SIP/2\.0 [0-9]{3}|[A-Z]{3,12} \S+ SIP/2\.0)")
_HTTP = re.compile(rb"(?:HTTP/1\.[01] [0-9]{3}|(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) \S+ HTTP/1\.[01])")
_LENGTH = re.compile(rb"\n(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,7})", re.IGNORECASE)


class Spoken(msgspec.Struct, frozen=True):
    """One message: `kind` is `sip` or `http`."""

    at: int
    kind: str
    source: tuple[str, int]
    target: tuple[str, int]
    raw: bytes

    @property
    def start(self) -> str:
        """The first line."""
        return self.raw.lstrip(b"\r\n").partition(b"\n")[0].decode(errors="replace").strip()

    @property
    def body(self) -> bytes:
        """What stands behind the empty line."""
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def sip(self) -> Message | None:
        """The SIP message, None where it cannot be read."""
        try:
            return read_message(self.raw) if self.kind == "sip" else None
        except Malformed:
            return None


class _Stream:
    """One direction of a connection: the message that is being heard."""

    def __init__(self, first: Packet) -> None:
        self.next = first.sequence
        self.begun: tuple[int, Packet] | None = None  # its place in the capture, and the packet
        self.kind, self.held = "", b""


def spoken_in(packets: Iterable[Packet]) -> list[Spoken]:
    """Every message, in the order of its first packet."""
    streams: dict[tuple[tuple[str, int], tuple[str, int]], _Stream] = {}
    found: list[tuple[int, Spoken]] = []
    for place, packet in enumerate(packets):
        if packet.protocol == UDP:
            if _SIP.match(packet.payload):
                one = Spoken(packet.at, "sip", packet.source, packet.target, packet.payload)
                found.append((place, one))
        elif packet.protocol == TCP:
            ends = (packet.source, packet.target)
            if ends not in streams:
                streams[ends] = _Stream(packet)
            _hear(streams[ends], place, packet, found)
    for stream in streams.values():
        _close(stream, found)
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _hear(stream: _Stream, place: int, packet: Packet, found: list[tuple[int, Spoken]]) -> None:
    behind = (stream.next - packet.sequence) % 2**32
    payload = packet.payload[behind:] if 0 < behind < 2**31 else packet.payload
    if not payload:
        return
    stream.next = (packet.sequence + len(packet.payload)) % 2**32
    if stream.begun is None:  # perhaps a start line that was cut in two
        payload, stream.held = (stream.held + payload)[-MOST_WAITING:], b""
    stripped = payload.lstrip(b"\r\n")
    for kind, pattern in (("sip", _SIP), ("http", _HTTP)):
        if pattern.match(stripped):
            _close(stream, found)
            stream.begun, stream.kind, payload = (place, packet), kind, stripped
    stream.held += payload
    if stream.begun is not None:
        _cut(stream, place, packet, found)


def _cut(stream: _Stream, place: int, packet: Packet, found: list[tuple[int, Spoken]]) -> None:
    """Close a message whose length is reached, where another begins behind it."""
    while True:
        head, gap, body = stream.held.partition(b"\r\n\r\n")
        said = _LENGTH.search(head) if gap else None
        if said is None or len(body) <= int(said[1]):
            return
        rest = body[int(said[1]) :].lstrip(b"\r\n")
        pattern = _SIP if stream.kind == "sip" else _HTTP
        if not pattern.match(rest):
            return
        kind = stream.kind
        stream.held = stream.held[: len(stream.held) - len(rest)]
        _close(stream, found)
        stream.begun, stream.kind, stream.held = (place, packet), kind, rest


def _close(stream: _Stream, found: list[tuple[int, Spoken]]) -> None:
    if stream.begun is not None:
        place, packet = stream.begun
        found.append((place, Spoken(packet.at, stream.kind, packet.source, packet.target, stream.held)))
    stream.begun, stream.kind, stream.held = None, "", b""

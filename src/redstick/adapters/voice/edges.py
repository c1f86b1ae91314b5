"""A SIP proxy of ours in front of the engine: everything comes and goes by it, and came from somewhere beyond.

It writes where from on the Via that it found on top (RFC 3581); we believe that of nobody else. What it cannot read it
passes on as it came, behind a line that says where from; it sends as it is what it gets behind such a line.
"""

import re
from typing import NamedTuple

import msgspec

from redstick.protocols.faults import Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.grammar import parameter
from redstick.protocols.sip.messages import Request

Address = tuple[str, int]
MOST_AS_THEY_CAME = 10_000


class Edge(msgspec.Struct, frozen=True):
    """`inner` is where it speaks with us; `where` are the URIs at which it is heard; `contact` leads to it."""

    inner: Address
    where: tuple[str, ...]
    contact: str


class Origin(NamedTuple):
    """Where a request really came from: host:port and UDP, TCP or TLS."""

    source: str
    transport: str


def origin_of(request: Request) -> Origin | None:
    """What the proxy noted of where a request came from; None where it noted nothing."""
    try:
        via = headers.read_via(headers.values(request, "Via")[1])
    except (Malformed, IndexError):
        return None
    host = parameter(via.parameters, "received") or via.host
    port = parameter(via.parameters, "rport") or str(via.port or 5060)
    return Origin(f"{host}:{port}", via.transport.upper()) if port.isdecimal() else None


_AS_IT_CAME = re.compile(rb"<(udp|tcp|tls):([0-9.]{7,15}:[0-9]{1,5})>\r\n")


def as_it_came(data: bytes) -> tuple[Origin, bytes] | None:
    """What the proxy could not read, and where it came from; None for what it could. No SIP begins so."""
    line = _AS_IT_CAME.match(data)
    return None if line is None else (Origin(line[2].decode(), line[1].decode().upper()), data[line.end() :])


def as_it_is(data: bytes, to: Origin) -> bytes:
    """What the proxy sends there, and does not read."""
    return f"<{to.transport.lower()}:{to.source}>\r\n".encode() + data


class AsTheyCame:
    """From where messages came that the proxy could not read, the latest; whatever goes there it does not read either.

    Such a call bears no trace of the proxy, which would send its messages where their sender believes to be.
    """

    def __init__(self) -> None:
        self._transports: dict[str, str] = {}

    @property
    def known(self) -> bool:
        """Whether there was any."""
        return bool(self._transports)

    def note(self, origin: Origin) -> None:
        """One came from there."""
        self._transports.pop(origin.source, None)
        self._transports[origin.source] = origin.transport
        if len(self._transports) > MOST_AS_THEY_CAME:
            del self._transports[next(iter(self._transports))]

    def get(self, source: str | None) -> Origin | None:
        """None where none came from."""
        transport = self._transports.get(source or "")
        return None if source is None or transport is None else Origin(source, transport)


def path_of(request: Request) -> tuple[str, ...]:
    """By which proxies whoever registers is reached, the nearest to us first (RFC 3327)."""
    try:
        return tuple(headers.values(request, "Path"))
    except Malformed:
        return ()

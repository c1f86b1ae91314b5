"""A SIP proxy of ours in front of the engine: everything comes and goes by it, and came from somewhere beyond.

It writes where from on the Via that it found on top (RFC 3581); we believe that of nobody else.
"""

from typing import NamedTuple

import msgspec

from redstick.protocols.faults import Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.grammar import parameter
from redstick.protocols.sip.messages import Request

Address = tuple[str, int]


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


def path_of(request: Request) -> tuple[str, ...]:
    """By which proxies whoever registers is reached, the nearest to us first (RFC 3327)."""
    try:
        return tuple(headers.values(request, "Path"))
    except Malformed:
        return ()

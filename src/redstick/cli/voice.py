"""Where voice is heard: the address of a line, its sockets, its certificate."""

import socket
import ssl
from contextlib import suppress
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

from redstick.cli.errors import Misuse

if TYPE_CHECKING:
    from redstick.adapters.voice.engine import Listening
    from redstick.adapters.voice_production.edge_server import EdgePorts


class VoiceEngine(StrEnum):
    """Who carries voice: this process alone, or with it Kamailio and Janus, which it begins beside itself."""

    EMBEDDED = "embedded"
    PRODUCTION = "production"


TRIES = 20  # of ports that are free for UDP, until one is for TCP too
BUFFER_BYTES = 4 << 20  # of datagrams that wait: a burst of calls is taken in, not dropped


def bind_voice(where: str, certificate: Path | None) -> "Listening":
    """The sockets of `HOST:PORT`: UDP and TCP there, TLS on the port after it where there is a certificate.

    Port 0 takes free ones. Raises Misuse, naming what is wrong.
    """
    from redstick.adapters.voice.engine import Listening

    host, _, port = where.rpartition(":")
    try:
        address, number = str(IPv4Address(host)), int(port)
    except (AddressValueError, ValueError) as error:
        raise Misuse(
            f"--voice {where}: expected an IPv4 address of this machine and a port, as 192.0.2.7:5060"
        ) from error
    if IPv4Address(address).is_unspecified or not 0 <= number < 65535:
        raise Misuse(f"--voice {where}: callers are told this address: it is one of this machine, with a port to 65534")
    _raise_open_files()
    context = _context(certificate)
    datagrams, streams = _bound_both(address, number)
    datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    if context is None:
        return Listening(address, datagrams, streams)
    secure = _bound(socket.SOCK_STREAM, address, number + 1 if number else 0)
    return Listening(address, datagrams, streams, (secure, context))


def bind_line(where: str, certificate: Path | None, engine: VoiceEngine) -> "tuple[Listening, EdgePorts | None]":
    """What an engine listens on, and the ports of its edge where it has one. Raises Misuse."""
    if engine is VoiceEngine.PRODUCTION:
        return bind_edge(where, certificate)
    return bind_voice(where, certificate), None


def bind_edge(where: str, certificate: Path | None) -> "tuple[Listening, EdgePorts]":
    """The engine's own end behind an edge that will be heard at `HOST:PORT`, TLS on the port after it.

    Those ports are found free, and are left to the edge. Raises Misuse.
    """
    from redstick.adapters.voice.engine import Listening
    from redstick.adapters.voice_production.edge_server import LOOPBACK, EdgePorts
    from redstick.adapters.voice_production.engine import missing

    absent = missing(secure=certificate is not None)
    if absent:
        raise Misuse(f"--voice-engine production: {absent}")
    outside = bind_voice(where, certificate)
    core, inner = _bound(socket.SOCK_DGRAM, LOOPBACK, 0), _bound(socket.SOCK_DGRAM, LOOPBACK, 0)
    core.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    secure = 0 if outside.secure is None else outside.secure[0].getsockname()[1]
    ports = EdgePorts(
        outside.host, outside.datagrams.getsockname()[1], core.getsockname()[1], inner.getsockname()[1], secure,
        None if certificate is None else certificate.resolve(),
    )  # fmt: skip
    for one in (outside.datagrams, outside.streams, inner, outside.secure[0] if outside.secure else None):
        if one is not None:
            one.close()
    return Listening(outside.host, core, context=outside.secure[1] if outside.secure else None), ports


def _raise_open_files() -> None:
    """Each leg has a port of its own: as many files as this system lets us open, not as few as a shell begins with."""
    try:
        import resource
    except ImportError:  # it is of POSIX systems alone
        return
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(OSError, ValueError):  # "no limit at all" is more than some systems take
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _context(certificate: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate)
    except (OSError, ssl.SSLError) as error:
        raise Misuse(f"--voice-tls {certificate}: cannot be used: {error}") from error
    return context


def _bound_both(address: str, number: int, tries: int = TRIES) -> tuple[socket.socket, socket.socket]:
    """UDP and TCP on one port; where any will do, on one that is free for both."""
    datagrams = _bound(socket.SOCK_DGRAM, address, number)
    try:
        return datagrams, _bound(socket.SOCK_STREAM, address, datagrams.getsockname()[1])
    except Misuse:
        datagrams.close()
        if number or not tries:
            raise
    return _bound_both(address, number, tries - 1)


def _bound(kind: socket.SocketKind, host: str, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET, kind)
    one.setblocking(False)
    if kind is socket.SOCK_STREAM:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        one.bind((host, port))
    except OSError as error:
        one.close()
        raise Misuse(f"--voice {host}:{port} cannot be used ({error.strerror})") from error
    return one

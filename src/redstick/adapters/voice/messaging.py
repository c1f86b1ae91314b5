"""Message sessions over TCP and TLS (MSRP, RFC 4975): who connects is told apart by the path that its SDP named.

One socket serves every session; who connects and names none is refused, and gone after a while. A peer that does not
read costs what its buffer holds and then its connection, never a call, nor anybody else's.
"""

import asyncio
import secrets
import ssl
import time
from collections.abc import Callable, Sequence
from ipaddress import AddressValueError, IPv4Address
from typing import cast

import msgspec

from redstick.protocols.faults import Malformed
from redstick.protocols.msrp.messages import Frames, Message, Request, Response, write_message
from redstick.protocols.msrp.sessions import OUR_TYPES, Out, Said, Session, Settled, refusal
from redstick.protocols.msrp.uris import MsrpUri, read_path
from redstick.protocols.plain_text import ENVELOPE, PLAIN
from redstick.protocols.sdp import session as sdp
from redstick.protocols.sdp.answering import Local

TRANSPORTS = {"TCP/MSRP": False, "TCP/TLS/MSRP": True}  # and whether it is in cipher
MOST_CONNECTIONS = 500
MOST_UNSENT = 256 << 10  # bytes that a peer does not take
PATIENCE_S = 30.0  # for the first message that names a session, and for a connection of ours
TOO_SLOW, CUT_OFF = "its connection takes nothing", "its connection is gone"


class MessageStream(msgspec.Struct, frozen=True):
    """A stream of messages that an offer or an answer holds: its place, its path, what it takes, who connects."""

    place: int
    path: tuple[MsrpUri, ...]
    accepts: tuple[str, ...]
    secure: bool
    we_connect: bool


def messages_of(session: sdp.Session, source: str) -> MessageStream | None:
    """The first stream of messages that we can take; `source` is where the call came from.

    Where we are asked to connect we do so to an address alone, and to one of this machine only for whoever is on it:
    nobody has us knock at doors of the house.
    """
    for place, media in enumerate(session.media):
        if media.kind != "message" or media.port == 0 or media.transport not in TRANSPORTS:
            continue
        accepts = tuple((media.first("accept-types") or "*").split()[:40])
        if not {PLAIN, ENVELOPE, "text/*", "*"} & {one.lower() for one in accepts}:
            continue
        try:
            path = read_path(media.first("path") or "")
        except Malformed:
            continue
        secure, we_connect = TRANSPORTS[media.transport], session.first(media, "setup") == "passive"
        if path[0].secure == secure and (not we_connect or _may_be_dialled(path[0].host, source)):
            return MessageStream(place, path, accepts, secure, we_connect)
    return None


def _may_be_dialled(host: str, source: str) -> bool:
    try:
        address, caller = IPv4Address(host), IPv4Address(source.rpartition(":")[0])
    except AddressValueError:
        return False
    if address.is_loopback:
        return caller.is_loopback
    return not (address.is_multicast or address.is_unspecified or address.is_link_local)


class Talk:
    """One leg's session. `tell` is given what is said and what became of ours."""

    def __init__(self, session: Session, stream: MessageStream, tell: Callable[[Said | Settled], None]) -> None:
        self.session, self.stream, self._tell = session, stream, tell
        self.connection: Connection | None = None
        self._waiting: list[Request] = []  # until somebody has connected
        self._timer: asyncio.TimerHandle | None = None

    @property
    def local(self) -> Local:
        """Our end, for an answer."""
        types = (("accept-types", OUR_TYPES), ("accept-wrapped-types", PLAIN), ("path", str(self.session.ours)))
        return Local(port=self.session.ours.port, transports=tuple(TRANSPORTS), attributes=types)

    def bound(self, connection: "Connection") -> None:
        """They are there, on this connection; on one that they had before nothing comes any more."""
        if self.connection is not None and self.connection is not connection:
            self.connection.talk = None
            self.connection.end()
        self.connection = connection
        waiting, self._waiting = self._waiting, []
        self._put([one for one in waiting if self.session.awaits(one)])

    def heard(self, message: Message) -> None:
        """A message of theirs, or an answer."""
        self._do(self.session.receive(message))

    def say(self, text: str, number: int) -> bool:
        """Write; False where too much is under way."""
        parts = self.session.write(text, number, _now_ms())
        if parts is None:
            return False
        if self.connection is None:
            self._waiting += parts
        else:
            self._put(parts)
        self._watch()
        return True

    def lost(self, connection: "Connection", why: str) -> None:
        """The connection is gone: what was on it did not arrive. They may come again."""
        if self.connection is connection:
            self.connection = None
            self._do(self.session.close(why))

    def close(self, why: str) -> None:
        """The call is over."""
        self._do(self.session.close(why))
        if self._timer is not None:
            self._timer.cancel()
        if self.connection is not None:
            self.connection.talk = None
            self.connection.end()

    def _do(self, out: list[Out]) -> None:
        self._put([one for one in out if isinstance(one, Request | Response)])
        for one in out:
            if isinstance(one, Said | Settled):
                self._tell(one)
        self._watch()

    def _put(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if self.connection is not None:
                self.connection.put(message)

    def _watch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        due = self.session.due_ms
        wait_s = None if due is None else max(0.001, (due - _now_ms()) / 1000)
        self._timer = None if wait_s is None else asyncio.get_running_loop().call_later(wait_s, self._late)

    def _late(self) -> None:
        self._do(self.session.tick(_now_ms()))


class Messaging:
    """The sessions of an engine, on ports of `host`: one over TCP, one over TLS where there is a certificate.

    `trust` is by whom the far end of a connection that we open over TLS must be vouched for.
    """

    def __init__(self, host: str, certificate: ssl.SSLContext | None, trust: ssl.SSLContext | None) -> None:
        self._host, self._certificate, self._trust = host, certificate, trust
        self._servers: dict[bool, asyncio.Server] = {}
        self.talks: dict[str, Talk] = {}  # by the name of our end
        self.connections: set[Connection] = set()
        self._dialling: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._servers[False] = await loop.create_server(lambda: Connection(self), self._host, 0)
        if self._certificate is not None:
            self._servers[True] = await loop.create_server(
                lambda: Connection(self), self._host, 0, ssl=self._certificate
            )

    def close(self) -> None:
        """Listen no more, and let everybody go."""
        for task in self._dialling:
            task.cancel()
        for server in self._servers.values():
            server.close()
        for connection in list(self.connections):
            connection.end()

    def takes(self, stream: MessageStream) -> bool:
        """Whether there is a port for it."""
        return stream.secure in self._servers

    def begin(self, stream: MessageStream, tell: Callable[[Said | Settled], None]) -> Talk:
        """A session of a leg."""
        port = self._servers[stream.secure].sockets[0].getsockname()[1]
        ours = MsrpUri(self._host, port, secrets.token_hex(12), stream.secure)
        talk = Talk(Session(ours, stream.path, stream.accepts, lambda: secrets.token_hex(8)), stream, tell)
        self.talks[ours.session] = talk
        if stream.we_connect:
            task = asyncio.get_running_loop().create_task(self._dial(talk, stream.path[0]))
            self._dialling.add(task)
            task.add_done_callback(self._dialling.discard)
        return talk

    async def _dial(self, talk: Talk, to: MsrpUri) -> None:
        """Where nobody answers, what is written is not delivered once its time is over."""
        context = (self._trust or ssl.create_default_context()) if to.secure else None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE_S):
                _, connection = await loop.create_connection(lambda: Connection(self), to.host, to.port, ssl=context)
        except (OSError, TimeoutError):
            return
        if self.talks.get(talk.session.ours.session) is not talk:  # the call is over
            connection.end()
            return
        connection.bind(talk)
        connection.put(talk.session.hello())

    def end(self, talk: Talk, why: str) -> None:
        """The leg is over."""
        self.talks.pop(talk.session.ours.session, None)
        talk.close(why)

    def of(self, request: Request) -> Talk | None:
        """The session that a request is of: both its ends fit."""
        try:
            [to] = read_path(request.first("To-Path") or "")
        except (Malformed, ValueError):
            return None
        talk = self.talks.get(to.session)
        return talk if talk is not None and talk.session.is_ours(request) else None


class Connection(asyncio.Protocol):
    """One connection. Its first request says of which session it is; a stream that is none is closed."""

    def __init__(self, messaging: Messaging) -> None:
        self._messaging, self._frames = messaging, Frames()
        self.talk: Talk | None = None
        self._transport: asyncio.Transport | None = None
        self._patience: asyncio.TimerHandle | None = None
        self._why = CUT_OFF

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        self._transport = made = cast("asyncio.Transport", transport)
        if len(self._messaging.connections) >= MOST_CONNECTIONS:
            made.abort()
            return
        self._messaging.connections.add(self)
        self._patience = asyncio.get_running_loop().call_later(PATIENCE_S, made.abort)

    def bind(self, talk: Talk) -> None:
        """It is of this session from now on."""
        self.talk = talk
        self._wait_no_more()
        talk.bound(self)

    def _wait_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def data_received(self, data: bytes) -> None:
        """More of the stream."""
        try:
            messages = self._frames.feed(data)
        except Malformed as malformed:
            self._why = str(malformed)
            self.end()
            return
        for message in messages:
            self._heard(message)

    def _heard(self, message: Message) -> None:
        if self.talk is None and isinstance(message, Request):
            talk = self._messaging.of(message)
            if talk is None:
                self.put(refusal(message, 481, "Session Does Not Exist"))
                self.end()
                return
            self.bind(talk)
        if self.talk is not None:
            self.talk.heard(message)

    def put(self, message: Message) -> None:
        """Send; who takes too little is cut off."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.write(write_message(message))
        if transport.get_write_buffer_size() > MOST_UNSENT:
            self._why = TOO_SLOW
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone; the call is not."""
        del exc
        self._wait_no_more()
        self._messaging.connections.discard(self)
        if self.talk is not None:
            self.talk.lost(self, self._why)

    def end(self) -> None:
        """Close it behind what is written; a peer that reads nothing is waited for no longer than it may."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()
            asyncio.get_running_loop().call_later(PATIENCE_S, self._transport.abort)


def _now_ms() -> float:
    return time.monotonic_ns() / 1e6

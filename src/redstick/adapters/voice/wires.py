"""An agent of SIP on a transport: bytes in, bytes out, and a timer. Nothing that comes from the network gets past here.

A wire never resolves names: a request goes to an address, on the way that a phone registered by, or back to where its
call came from.
"""

import asyncio
import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from ipaddress import AddressValueError, IPv4Address
from typing import cast

import msgspec

from redstick.adapters.voice.edges import AsTheyCame, Edge, Origin, as_it_came, as_it_is, origin_of
from redstick.protocols.faults import Malformed
from redstick.protocols.sip.agent import Agent
from redstick.protocols.sip.events import Asked, Event, Offered, Transmit
from redstick.protocols.sip.grammar import parameter
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.reading import Stream, read_message
from redstick.protocols.sip.uris import read_uri

MOST_CONNECTIONS = 1_000
MOST_UNSENT = 1 << 20  # bytes that a connection does not take: its reader is gone or means us ill
PATIENCE_S = 30.0  # for the first whole message of a connection
Address = tuple[str, int]
Hear = Callable[["Wire", Event, bytes], None]


class Wire(ABC):
    """One agent on one transport. `hear` is told each event with the bytes that it came of; `clock` gives ms.

    With an `edge` everything goes there, and what comes is told as having come from where the edge heard it.
    """

    def __init__(self, agent: Agent, hear: Hear, clock: Callable[[], int], edge: Edge | None = None) -> None:
        self.agent, self.clock, self.edge = agent, clock, edge
        self.ways: dict[str, str] = {}  # where a call came from, by its Call-ID; whoever ends it forgets it
        self.flows: dict[str, str] = {}  # where calls to phones that registered go, by Call-ID, whatever their contact
        self._hear, self._as_they_came = hear, AsTheyCame()
        self._timer: tuple[int, asyncio.TimerHandle] | None = None

    def receive(self, data: bytes, source: str) -> None:
        """The bytes of one message."""
        self.agent.receive(data, source, self.clock())
        self.work(data)

    def work(self, data: bytes = b"") -> None:
        """Send and tell everything that the agent gives out; whoever asked something of it calls this."""
        while out := self.agent.take():
            for one in out:
                if isinstance(one, Transmit):
                    self._transmit(one)
                else:
                    if isinstance(one, Offered):
                        self.ways[one.request.first("Call-ID") or ""] = one.source
                    self._hear(self, self._as_sent(one), data)
        self._wait()

    def _as_sent(self, event: Event) -> Event:
        if self.edge is None or not isinstance(event, Offered | Asked):
            return event
        return msgspec.structs.replace(event, source=self.origin(event.request, event.source).source)

    def origin(self, request: Request, source: str) -> Origin:
        """Where a request that came from `source` was sent from, and on which transport."""
        beyond = None if self.edge is None else self._as_they_came.get(source) or origin_of(request)
        return beyond or Origin(source, self.agent.identity.transport)

    def close(self) -> None:
        """Stop."""
        if self._timer is not None:
            self._timer[1].cancel()

    @property
    @abstractmethod
    def listens(self) -> bool:
        """Whether its socket is there."""

    def reaches(self, source: str) -> bool:
        """Whether what is sent to where something came from may arrive: a connection that is gone brings nothing."""
        del source
        return True

    def forget(self, call_id: str) -> None:
        """A call is over: where it came from or went to is not needed any more."""
        self.ways.pop(call_id, None)
        self.flows.pop(call_id, None)

    @abstractmethod
    def _put(self, data: bytes, to: Address) -> bool:
        """Send; False when there is no way there."""

    @abstractmethod
    def _dial(self, data: bytes, to: Address) -> None:
        """Send where no way leads yet, if one can be made."""

    def _transmit(self, one: Transmit) -> None:
        if self.edge is not None:
            beyond = self._as_it_came(one)
            self._put(one.data if beyond is None else as_it_is(one.data, beyond), self.edge.inner)
            return
        if any(there is not None and self._put(one.data, there) for there in self._there(one)):
            return
        to = resolved(one.hop or "")
        if to is not None:
            self._dial(one.data, to)

    def _as_it_came(self, one: Transmit) -> Origin | None:
        if not self._as_they_came.known:  # so it is nearly always, and nothing need be read for it
            return None
        return self._as_they_came.get(one.source or _source(self.ways, one.data))

    def _there(self, one: Transmit) -> Iterator[Address | None]:
        """Where it may go, the best way first; each is looked for only when those before it lead nowhere."""
        if one.source is not None:
            yield _address(one.source)
        else:
            yield _way(self.flows, one.data)
            yield resolved(one.hop or "")
        yield _way(self.ways, one.data)

    def _wait(self) -> None:
        due = self.agent.next_at
        if self._timer is not None:
            if self._timer[0] == due:
                return
            self._timer[1].cancel()
            self._timer = None
        if due is not None:
            wait_s = max(0, due - self.clock()) / 1000
            self._timer = due, asyncio.get_running_loop().call_later(wait_s, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.agent.tick(self.clock())
        self.work()


class DatagramWire(Wire, asyncio.DatagramProtocol):
    """SIP over UDP: a datagram is a message."""

    _transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is there."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    @property
    def listens(self) -> bool:
        """Until it is closed, by us or by a fault of the system."""
        return self._transport is not None and not self._transport.is_closing()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """A message, or a keep-alive of two line ends (RFC 5626), which nobody answers."""
        if self.edge is not None and addr != self.edge.inner:
            return
        source, found = f"{addr[0]}:{addr[1]}", None if self.edge is None else as_it_came(data)
        if found is not None:
            origin, data = found
            source = origin.source
            self._as_they_came.note(origin)
        if data.strip(b"\r\n\x00"):
            self.receive(data, source)

    def error_received(self, exc: Exception) -> None:
        """Somebody is not there any more: the transaction's own timer says so."""

    def _put(self, data: bytes, to: Address) -> bool:
        if self._transport is None or self._transport.is_closing():
            return False
        self._transport.sendto(data, to)
        return True

    def _dial(self, data: bytes, to: Address) -> None:
        """Nothing is to be opened: a socket that did not take it is gone."""

    def close(self) -> None:
        """Stop, and let the socket go."""
        super().close()
        if self._transport is not None:
            self._transport.close()


class StreamWire(Wire):
    """SIP over TCP or TLS: messages go back on the connection that their call came on; else one is opened.

    `trust` is by whom the far end of a connection that we open over TLS must be vouched for.
    """

    def __init__(self, agent: Agent, hear: Hear, clock: Callable[[], int], trust: ssl.SSLContext | None = None) -> None:
        super().__init__(agent, hear, clock)
        self.connections: dict[Address, Connection] = {}
        self._server: asyncio.Server | None = None
        self._trust, self._dialled = trust, dict[Address, list[bytes]]()
        self._dialling: set[asyncio.Task[None]] = set()

    async def open(self, listening: socket.socket, context: ssl.SSLContext | None) -> None:
        """Listen on a socket that is bound; with a context, TLS."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), sock=listening, ssl=context)

    @property
    def listens(self) -> bool:
        """Whether it takes connections."""
        return self._server is not None and self._server.is_serving()

    def _put(self, data: bytes, to: Address) -> bool:
        connection = self.connections.get(to)
        return connection is not None and connection.put(data)

    def reaches(self, source: str) -> bool:
        """Whether the connection is there."""
        return _address(source) in self.connections

    def _dial(self, data: bytes, to: Address) -> None:
        if to in self._dialled:
            self._dialled[to].append(data)
            return
        self._dialled[to] = [data]
        task = asyncio.get_running_loop().create_task(self._connect(to))
        self._dialling.add(task)
        task.add_done_callback(self._dialling.discard)

    async def _connect(self, to: Address) -> None:
        """Where nobody answers, the transaction's own timer says so."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await loop.create_connection(lambda: Connection(self), *to, ssl=self._trust)
        except (OSError, TimeoutError):
            return
        finally:
            waiting = self._dialled.pop(to)
        for data in waiting:
            self._put(data, to)

    def close(self) -> None:
        """Stop, and end every connection."""
        super().close()
        for task in self._dialling:
            task.cancel()
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections.values()):
            connection.end()


class Connection(asyncio.Protocol):
    """One connection of a stream wire. A stream that cannot be cut into messages is closed (RFC 3261, 18.3)."""

    def __init__(self, wire: StreamWire) -> None:
        self._wire, self._stream = wire, Stream()
        self._transport: asyncio.Transport | None = None
        self._peer: Address = ("", 0)
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        self._transport = made = cast("asyncio.Transport", transport)
        peer = made.get_extra_info("peername")
        if peer is None or len(self._wire.connections) >= MOST_CONNECTIONS:
            made.abort()
            return
        self._peer = (peer[0], peer[1])
        self._wire.connections[self._peer] = self
        self._patience = asyncio.get_running_loop().call_later(PATIENCE_S, made.abort)

    def data_received(self, data: bytes) -> None:
        """More of the stream."""
        try:
            messages = self._stream.feed(data)
        except Malformed:
            self.end()
            return
        for message in messages:
            if self._patience is not None:
                self._patience.cancel()
                self._patience = None
            self._wire.receive(message, f"{self._peer[0]}:{self._peer[1]}")

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone; the calls on it are not: they may be ended on another."""
        del exc
        if self._patience is not None:
            self._patience.cancel()
        if self._wire.connections.get(self._peer) is self:
            del self._wire.connections[self._peer]

    def put(self, data: bytes) -> bool:
        """Send; False when it cannot."""
        if self._transport is None or self._transport.is_closing():
            return False
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > MOST_UNSENT:
            self._transport.abort()
        return True

    def end(self) -> None:
        """Close it behind what is written."""
        if self._transport is not None:
            self._transport.close()


def _address(source: str) -> Address:
    host, _, port = source.rpartition(":")
    return host, int(port)


def _source(table: dict[str, str], data: bytes) -> str | None:
    """What stands in a table for the call of a message of ours."""
    if not table:
        return None
    try:
        return table.get(read_message(data).first("Call-ID") or "")
    except Malformed:  # pragma: no cover  (what we wrote can be read)
        return None


def _way(table: dict[str, str], data: bytes) -> Address | None:
    source = _source(table, data)
    return None if source is None else _address(source)


def resolved(hop: str) -> Address | None:
    """Address and port of a URI whose host is an IPv4 address; None for a name."""
    try:
        uri = read_uri(hop)
        IPv4Address(uri.host)
    except (Malformed, AddressValueError):
        return None
    secure = uri.scheme.lower() == "sips" or (parameter(uri.parameters, "transport") or "").lower() == "tls"
    return uri.host, uri.port or (5061 if secure else 5060)

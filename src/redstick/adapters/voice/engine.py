"""The embedded engine: SIP and voice of each leg, in this process. It fills `comms.ports.MediaPort`.

It takes calls and places them, and phones register with it. Refusals at overload are explicit, and other lines are
refused long before 911.
"""

import asyncio
import secrets
import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec

from redstick.adapters.voice.arrivals import arrival_of, fixes_of
from redstick.adapters.voice.calls import Bad, Leg, answered, offered, voice_of
from redstick.adapters.voice.edges import Edge
from redstick.adapters.voice.health import Health
from redstick.adapters.voice.media import Media
from redstick.adapters.voice.messaging import Messaging
from redstick.adapters.voice.outgoing import Credentials
from redstick.adapters.voice.signals import Signals
from redstick.adapters.voice.standing import Seats
from redstick.adapters.voice.switchboard import Switchboard
from redstick.adapters.voice.texts import Texts
from redstick.adapters.voice.wires import DatagramWire, StreamWire, Wire
from redstick.comms.ports import OPERATIONS, BodyPart, EngineEvent, Moved, Offer, Over, Role, Sound, Speech, Stats
from redstick.comms.signalling import PhoneUsers
from redstick.protocols.geopriv.conveyance import geolocation_of
from redstick.protocols.sip import events
from redstick.protocols.sip.agent import Agent, Identity
from redstick.protocols.sip.bodies import parts_of
from redstick.protocols.sip.checking import Abilities
from redstick.published.comms import LineKind

MOST_WAITING, MOST_OTHERS_WAITING = 256, 64  # legs that are not written down yet: all of them, and beside 911
MOST_LEGS, MOST_OTHERS = 1_000, 700  # legs that are alive: all of them, and beside 911
RETRY_AFTER = ("Retry-After", "5")
FOR_HELP = frozenset({"psap-callback", "emergency"})  # `Priority` of calls that are placed for somebody's sake
METHODS = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE", "INFO", "REFER", "NOTIFY", "MESSAGE")
EXTENSIONS = ("timer", "replaces")
SDP = ("Content-Type", "application/sdp")
PORTS = "a port for voice"
LOOKED_AT_S = 1.0  # how often it is looked whether the sockets are there


class Listening(msgspec.Struct, frozen=True):
    """Sockets that are bound: UDP and TCP on one port, TLS on another where there is a context for it.

    `host` is where voice is heard. Behind an `edge` there are datagrams alone, and they come from it alone; `context`
    is then for what is heard here beside SIP.
    """

    host: str
    datagrams: socket.socket
    streams: socket.socket | None = None
    secure: tuple[socket.socket, ssl.SSLContext] | None = None
    edge: Edge | None = None
    context: ssl.SSLContext | None = None


class EmbeddedEngine:
    """Legs by our own ids, `new_leg` gives them. `hear` is called on the event loop.

    Phones of `users` register here; `credentials` are user and password for a realm that asks who we are; `trust`
    vouches for whom we call over TLS, without it those do whom this machine trusts. What legs say is kept below
    `recordings`; without, nothing is. `seats` brings the voice of browsers; without, aiortc does in this process.
    """

    name = "embedded"
    parting_s = 0.0  # that those who are hung up at the end have to answer; here what was said is on its way

    def __init__(
        self,
        listening: Listening,
        new_leg: Callable[[], str],
        users: PhoneUsers | None = None,
        credentials: Credentials = lambda _: None,
        trust: ssl.SSLContext | None = None,
        recordings: Path | None = None,
        seats: Seats | None = None,
    ) -> None:
        self._listening, self._new_leg, self._trust = listening, new_leg, trust
        methods = (*METHODS, "REGISTER", "SUBSCRIBE") if users else METHODS
        self._abilities = Abilities(methods=methods, extensions=EXTENSIONS)
        self._hear: Callable[[EngineEvent], None] = lambda _: None
        self._legs: dict[str, Leg] = {}
        self._of_call: dict[str, str] = {}
        self._waiting: set[str] = set()
        self._others = 0
        self._wires: list[Wire] = []
        shared = self._legs, self._of_call, self._wires
        self._board = Switchboard(listening.host, *shared, self._enrol, self._over, self._tell, self._may_place)
        self._signals = Signals(self._board, users, credentials)
        self._media = Media(self._legs, self._tell, recordings, seats)
        self._messaging = Messaging(
            listening.host, listening.secure[1] if listening.secure else listening.context, trust
        )
        self._texts = Texts(self._board, self._messaging)
        self._lacks = frozenset[str]() if recordings is not None else frozenset({"record", "salvage"})
        self._pacing: asyncio.Task[None] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._health = Health(self.name, self._tell)
        self.refused: Counter[LineKind] = Counter()  # for want of room, by line

    @property
    def where(self) -> tuple[str, ...]:
        """UDP, TCP, and TLS where it is."""
        one = self._listening
        if one.edge is not None:
            return one.edge.where
        bound = [("udp", one.datagrams), *([("tcp", one.streams)] if one.streams else [])]
        bound += [("tls", one.secure[0])] if one.secure else []
        return tuple(f"sip:{one.host}:{sock.getsockname()[1]};transport={by}" for by, sock in bound)

    def _tell(self, event: EngineEvent) -> None:
        self._hear(event)

    def listen(self, hear: Callable[[EngineEvent], None]) -> None:
        """Whom everything is told."""
        self._hear = hear

    async def open(self) -> None:
        """Take the sockets."""
        one, loop = self._listening, asyncio.get_running_loop()
        datagrams = DatagramWire(self._agent("UDP", one.datagrams), self._on, _now, one.edge)
        await loop.create_datagram_endpoint(lambda: datagrams, sock=one.datagrams)
        self._wires.append(datagrams)
        if one.streams is not None:
            streams = StreamWire(self._agent("TCP", one.streams), self._on, _now)
            await streams.open(one.streams, None)
            self._wires.append(streams)
        if one.secure is not None:
            wire = StreamWire(
                self._agent("TLS", one.secure[0]), self._on, _now, self._trust or ssl.create_default_context()
            )
            await wire.open(*one.secure)
            self._wires.append(wire)
        await self._messaging.open()
        watch = self._health.watch
        self._pacing = asyncio.create_task(watch("the clock of voice", self._media.pace))
        self._keeping = asyncio.create_task(watch("the timers of calls", self._signals.keep))
        self._looking = asyncio.create_task(self._look())
        self._health.begun()

    async def _look(self) -> None:
        """Whether the sockets are still there on which calls come."""
        while True:
            for wire in self._wires:
                part = f"SIP over {wire.agent.identity.transport}"
                if wire.listens:
                    self._health.works(part)
                else:
                    self._health.failed(part, "its socket is closed")
            await asyncio.sleep(LOOKED_AT_S)

    async def close(self) -> None:
        """Say goodbye to every leg, and stop."""
        for leg in list(self._legs):
            self.hang_up(leg, "going down")
        await self._part()
        self._messaging.close()
        await self._media.close()
        running = [task for task in (self._pacing, self._keeping, self._looking) if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for wire in self._wires:
            wire.close()

    async def _part(self) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + self.parting_s
        while loop.time() < end and any(wire.agent.parting for wire in self._wires):  # noqa: ASYNC110  (no wire tells it)
            await asyncio.sleep(0.01)

    def _agent(self, transport: str, bound: socket.socket) -> Agent:
        host, port = bound.getsockname()[:2]
        by = "" if transport == "UDP" else f";transport={transport.lower()}"
        edge = self._listening.edge
        contact = f"sip:redstick@{host}:{port}{by}" if edge is None else edge.contact
        identity = Identity(transport=transport, host=host, port=port, contact=contact)
        return Agent(identity, lambda: secrets.token_hex(10), self._abilities)

    # What happens on the wires

    def _on(self, wire: Wire, event: events.Event, data: bytes) -> None:
        if self._texts.hear(wire, event) or self._signals.hear(wire, event):
            return
        match event:
            case events.Offered():
                self._offered(wire, event, data)
            case events.Cancelled(call=call):
                self._over(call, "them", "cancelled")
            case events.Ended(call=call, who="them"):
                self._over(call, "them", "bye")
            case events.Ended(call=call):
                leg = self._legs.get(self._of_call.get(call, ""))
                if leg is not None:
                    wire.agent.hang_up(leg.call, _now())
                self._over(call, "nobody", "no acknowledgement")
            case events.Acknowledged(call=call):
                self._acknowledged(call, event)
            case events.Renewed(call=call):
                self._renewed(wire, event)
            case events.Asked():
                self._asked(wire, event)
            case _:  # answers to our BYE, and what could not be read: the agent has done what is due
                return

    def _offered(self, wire: Wire, event: events.Offered, data: bytes) -> None:
        transport = wire.origin(event.request, event.source).transport
        arrival = arrival_of(event.request, data, event.source, transport)
        first = arrival.line is LineKind.EMERGENCY
        full = len(self._waiting) >= (MOST_WAITING if first else MOST_OTHERS_WAITING)
        if full or not self._has_room(first=first):
            self.refused[arrival.line] += 1
            wire.agent.respond(event.key, 503, "Service Unavailable", _now(), RETRY_AFTER)
            wire.forget(arrival.dialog)
            return
        refused, user = self._signals.refusal(event, arrival.line)
        if refused is not None:
            code, reason, told = refused
            wire.agent.respond(event.key, code, reason, _now(), *told)
            wire.forget(arrival.dialog)
            return
        leg = Leg(
            self._new_leg(), wire, wire.agent.calls[event.call], event.key, event.request, event.source, arrival.line,
            transport=transport,
        )  # fmt: skip
        replaces = self._board.leg_of(event.replaces)
        leg.replaces = "" if replaces is None else replaces.id
        self._enrol(leg)
        self._waiting.add(leg.id)
        self._hear(Offer(leg.id, arrival, user, leg.replaces))

    def _has_room(self, *, first: bool) -> bool:
        """Whether one leg more may be alive: on a 911 line or placed for its sake (`first`), or on any other."""
        placing = self._signals.outgoing.placing
        return len(self._legs) + placing < MOST_LEGS and (first or self._others + placing < MOST_OTHERS)

    def _may_place(self, headers: tuple[tuple[str, str], ...]) -> bool:
        first = any(name.lower() == "priority" and value in FOR_HELP for name, value in headers)
        if not self._has_room(first=first):
            self.refused[LineKind.ADMIN] += 1
            return False
        return True

    def _enrol(self, leg: Leg) -> None:
        leg.take_text = self._texts.take
        self._legs[leg.id] = leg
        self._of_call[leg.call.id] = leg.id
        self._others += leg.line is not LineKind.EMERGENCY

    def _acknowledged(self, call: str, event: events.Acknowledged) -> None:
        """Their answer to an offer of ours may be in it; without a voice in it the leg stays, and is silent."""
        leg = self._legs.get(self._of_call.get(call, ""))
        if leg is None or not leg.asked:
            return
        leg.asked = False
        try:
            voice = voice_of(event.request, leg.source)
        except Bad:
            return
        if voice is not None:
            leg.hear_from(voice)

    def _renewed(self, wire: Wire, event: events.Renewed) -> None:
        leg = self._legs.get(self._of_call.get(event.call, ""))
        if leg is None:
            wire.agent.respond(event.key, 481, "Call/Transaction Does Not Exist", _now())
            return
        fixes = fixes_of(geolocation_of(event.request, parts_of(event.request)))
        try:
            voice = voice_of(event.request, leg.source)
        except Bad:
            wire.agent.respond(event.key, 488, "Not Acceptable Here", _now())
            return
        held = self._signals.session(leg, event.request)
        if voice is not None:
            leg.hear_from(voice)
            body = answered(leg, voice, self._listening.host)
            wire.agent.respond(event.key, 200, "OK", _now(), SDP, *held, body=body)
        elif event.request.method == "INVITE":
            leg.asked = True
            wire.agent.respond(event.key, 200, "OK", _now(), SDP, *held, body=offered(leg, self._listening.host))
        else:  # an UPDATE that changes no voice
            wire.agent.respond(event.key, 200, "OK", _now(), *held)
        if fixes:
            self._hear(Moved(leg.id, fixes))

    def _asked(self, wire: Wire, event: events.Asked) -> None:
        if event.request.method == "OPTIONS":
            told = (("Allow", ", ".join(METHODS)), ("Accept", "application/sdp, multipart/mixed"))
            wire.agent.respond(event.key, 200, "OK", _now(), *told)
        elif event.request.body:
            wire.agent.respond(event.key, 415, "Unsupported Media Type", _now(), ("Accept", ""))
        else:
            wire.agent.respond(event.key, 200, "OK", _now())

    def _over(self, call: str, who: str, cause: str) -> None:
        leg = self._legs.pop(self._of_call.pop(call, ""), None)
        if leg is None:
            return
        self._waiting.discard(leg.id)
        self._others -= leg.line is not LineKind.EMERGENCY
        self._media.forget(leg.id)
        leg.wire.forget(leg.request.first("Call-ID") or "")
        self._signals.forget(leg.id)
        self._texts.forget(leg, cause)
        if leg.socket is not None:
            leg.socket.close()
        said = leg.stream.stats() if leg.stream is not None else Stats()
        self._hear(Over(leg.id, who, cause, said.packets_in, said.packets_out))

    # What is asked of it

    def ring(self, leg: str) -> bool:
        """180: whoever is told that it rings is written down, and may wait as long as it takes."""
        one = self._legs.get(leg)
        if one is None or one.answered or not one.call.incoming:
            return False
        self._waiting.discard(leg)
        said = one.wire.agent.respond(one.key, 180, "Ringing", _now())
        one.wire.work()
        return said is not None

    async def accept(self, leg: str) -> str | None:
        """200 with our end of the voice; 488 where no codec is common, 503 without a port: the leg is then over."""
        one = self._legs.get(leg)
        if one is None or one.answered or not one.call.incoming:
            return None
        self._waiting.discard(leg)
        try:
            voice = voice_of(one.request, one.source)
        except Bad as bad:
            one.wire.agent.respond(one.key, 488, "Not Acceptable Here", _now())
            one.wire.work()
            self._over(one.call.id, "us", str(bad))
            return None
        try:
            await one.open(self._listening.host)
            if one.id not in self._legs:  # cancelled while the port was opened
                one.close()
                return None
            if voice is not None:
                one.hear_from(voice)
        except OSError as error:  # no port is free, or no file may be opened: a neighbour must take it
            self._health.failed(PORTS, error.strerror or repr(error))
            one.wire.agent.respond(one.key, 503, "Service Unavailable", _now(), RETRY_AFTER)
            one.wire.work()
            self._over(one.call.id, "us", f"503 {error.strerror}")
            return None
        if voice is not None:
            body = answered(one, voice, self._listening.host)
        else:
            one.asked, body = True, offered(one, self._listening.host)
        self._health.works(PORTS)
        one.answered = True
        held = self._signals.session(one, one.request)
        one.wire.agent.respond(one.key, 200, "OK", _now(), SDP, *held, body=body)
        one.wire.work()
        if self._media.take_place(one.id, one.replaces):
            self.hang_up(one.replaces, "replaced")
        return one.stream.law.name if one.stream is not None else ""

    def reject(self, leg: str, code: int, reason: str) -> bool:
        """Refuse it."""
        one = self._legs.get(leg)
        if one is None or one.answered or not one.call.incoming:
            return False
        one.wire.agent.hang_up(one.call, _now(), code=code, reason=reason)
        one.wire.work()
        self._over(one.call.id, "us", f"{code} {reason}")
        return True

    def play(self, leg: str, sound: Sound | Speech | None) -> bool:
        """It is heard as soon as the leg has a voice."""
        return self._media.play(leg, sound)

    def stop(self, leg: str) -> bool:
        """Silence."""
        return self.play(leg, None)

    def echo(self, leg: str) -> bool:
        """What it says comes back."""
        return self._media.echo(leg)

    async def attach(self, leg: str, offer_sdp: str) -> str | None:
        """In G.711 where the browser can."""
        return await self._media.attach(leg, offer_sdp)

    def join(self, room: str, leg: str, role: Role = Role.SPEAKER) -> bool:
        """Rooms are as many as are named."""
        return self._media.join(room, leg, role)

    def leave(self, leg: str, room: str = "") -> bool:
        """Alone again."""
        return self._media.leave(leg, room)

    def hold(self, leg: str, sound: Sound | None) -> bool:
        """It hears this; the far end is not told, and may speak on."""
        return self._media.hold(leg, sound)

    def resume(self, leg: str) -> bool:
        """Undo that."""
        return self._media.resume(leg)

    def mute(self, leg: str, *, muted: bool) -> bool:
        """It is still heard and measured here, and goes nowhere."""
        return self._media.mute(leg, muted=muted)

    def send_key(self, leg: str, key: str, ms: int = 0) -> bool:
        """In the place of 20 ms and more of its voice."""
        return self._media.send_key(leg, key, ms)

    def kick(self, leg: str) -> bool:
        """A call is hung up."""
        return self.hang_up(leg, "put out") if leg in self._legs else self._media.leave(leg)

    def hang_up(self, leg: str, cause: str) -> bool:
        """BYE, or a refusal where it still rings."""
        one = self._legs.get(leg)
        if one is None:
            return self._media.detach(leg, "us", cause)
        one.wire.agent.hang_up(one.call, _now())
        one.wire.work()
        self._over(one.call.id, "us", cause)
        return True

    def stats(self, leg: str) -> Stats | None:
        """Its voice so far."""
        return self._media.stats(leg)

    def snapshot(self) -> tuple[str, ...]:
        """What is alive."""
        return self._media.alive()

    async def originate(
        self,
        leg: str,
        target: str,
        caller: str,
        headers: tuple[tuple[str, str], ...] = (),
        key: str = "",
        parts: tuple[BodyPart, ...] = (),
        *,
        text: bool = False,
    ) -> bool:
        """INVITE, once for a leg and for a key; what becomes of it is told."""
        return await self._signals.outgoing.originate(leg, target, caller, headers, key, parts, text=text)

    def transfer(self, leg: str, target: str, attended_leg: str = "") -> bool:
        """REFER; how it goes is told, and the leg is over only when it is done."""
        return self._signals.transfers.transfer(leg, target, attended_leg)

    def progress_transfer(self, leg: str, code: int, reason: str) -> bool:
        """NOTIFY whoever asked for a transfer."""
        return self._signals.transfers.progress(leg, code, reason)

    def say(self, leg: str, text: str, number: int = 0) -> bool:
        """By the richest way that the leg has."""
        return self._texts.say(leg, text, number)

    def inform(self, package: str, resource: str, body: bytes) -> bool:
        """NOTIFY."""
        subscriptions = self._signals.subscriptions
        return subscriptions is not None and subscriptions.inform(package, resource, body)

    def record(self, leg: str, known: int | None = None) -> bool:
        """As it is received."""
        return self._media.record(leg, known)

    def salvage(self, leg: str, known: int) -> bool:
        """From the folder of the leg."""
        return self._media.salvage(leg, known)

    def stop_recording(self, leg: str) -> bool:
        """Its last segment is closed."""
        return self._media.stop_recording(leg)

    def capabilities(self) -> frozenset[str]:
        """What is here."""
        return frozenset(OPERATIONS) - self._lacks


def _now() -> int:
    return time.monotonic_ns() // 1_000_000

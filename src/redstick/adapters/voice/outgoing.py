"""Calls that the engine places, and every answer to a request of ours within a call (RFC 3261 sections 13 and 14).

A call is placed once for a key, however often it is asked for. Who is called is a user whose phones registered here, or
an address; names of hosts are not resolved, and who is worth trying next is for the domain to say.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import msgspec

from redstick.adapters.voice.calls import Bad, Leg, offered, voice_of
from redstick.adapters.voice.realtime import RealTimeText
from redstick.adapters.voice.refreshes import Refreshes
from redstick.adapters.voice.registrar import Registrar
from redstick.adapters.voice.switchboard import Switchboard, now_ms
from redstick.adapters.voice.texts import T140
from redstick.adapters.voice.wires import Wire, resolved
from redstick.comms.ports import Answered, BodyPart, Progress, Text
from redstick.protocols.faults import Malformed
from redstick.protocols.sip import calling, events
from redstick.protocols.sip.agent import Call
from redstick.protocols.sip.bodies import Part, write_parts
from redstick.protocols.sip.digest import read_challenge
from redstick.protocols.sip.grammar import parameter
from redstick.protocols.sip.headers import Address, Kind, read_address
from redstick.protocols.sip.messages import Request, Response, with_headers
from redstick.protocols.sip.refreshing import agreed_by_them, asked, least_of
from redstick.protocols.sip.uris import Uri, read_uri
from redstick.published.comms import LineKind

MOST_KEYS = 20_000
Credentials = Callable[[str], tuple[str, str] | None]  # user and password for a realm
OWN_HEADERS = frozenset({
    "via", "from", "to", "call-id", "cseq", "contact", "max-forwards", "content-type", "content-length", "route",
    "record-route", "session-expires", "min-se", "supported", "allow", "authorization", "proxy-authorization",
})  # fmt: skip


class Way(NamedTuple):
    """Whom a request is for, on which wire, and to which host and port it goes, whatever stands in it.

    Beyond an edge it is reached by `transport` and along `path`.
    """

    target: str
    wire: Wire
    source: str
    transport: str = ""
    path: tuple[str, ...] = ()


class Outgoing:
    """The calling side of the engine. `credentials` answers those who ask who we are (401, 407)."""

    def __init__(
        self, board: Switchboard, refreshes: Refreshes, registrar: Registrar | None, credentials: Credentials
    ) -> None:
        self._board, self._refreshes, self._registrar = board, refreshes, registrar
        self._credentials = credentials
        self._placed: OrderedDict[str, str] = OrderedDict()
        self.placing = 0  # legs whose port is being opened, which are not on the board yet
        self._again: dict[str, set[int]] = {}  # refusals of a leg that were answered already

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
        """Call; False where there is no way to `target`, no room or no port, or where something cannot be read.

        Text is offered in the clear alone: where voice is in cipher nobody's words go beside it for all to read.
        Asked again for a leg that is here, or with a key that was asked before, it is True and nothing is placed.
        """
        if leg in self._board.legs or (key and key in self._placed):
            return True
        if not self._board.may_place(headers):
            return False
        way, sender = self._way(target), _sender(caller, self._board.host)
        if way is None or sender is None or any(name.lower() in OWN_HEADERS for name, _ in headers):
            return False
        kept = key or f"leg {leg}"
        self._placed[kept] = leg  # before anything is waited for, so that nobody places it meanwhile
        if len(self._placed) > MOST_KEYS:
            self._placed.popitem(last=False)
        blank = Request(method="INVITE", uri=way.target)
        call = Call(id="", incoming=False)
        one = Leg(leg, way.wire, call, (), blank, way.source, LineKind.ADMIN, transport=way.transport)
        self.placing += 1
        try:
            await one.open(self._board.host)
            if text and not one.secure:
                tell = partial(self._typed, leg)
                one.realtime = RealTimeText(self._board.host, way.source, tell)
        except OSError:  # nothing was sent: asked again it may be placed
            del self._placed[kept]
            return False
        finally:
            self.placing -= 1
        self._place(one, way, sender, headers, parts)
        return True

    def _typed(self, leg: str, text: str) -> None:
        self._board.tell(Text(leg, text, T140))

    def _place(
        self, one: Leg, way: Way, sender: Address, headers: tuple[tuple[str, str], ...], parts: tuple[BodyPart, ...]
    ) -> None:
        agent = way.wire.agent
        told = (*asked(), *(("Route", one) for one in way.path), *headers)
        kind, body = _together(offered(one, self._board.host), parts, agent.fresh())
        one.call = agent.calls[calling.invite(agent, way.target, sender, now_ms(), *told, body=body, kind=kind)]
        one.asked = True
        machine = agent.table.get(one.call.ours)
        if machine is not None:
            one.request = machine.request
        way.wire.flows[one.request.first("Call-ID") or ""] = way.source
        self._board.enrol(one)
        way.wire.work()

    def _way(self, target: str) -> Way | None:
        try:
            uri = read_uri(target)
        except Malformed:
            return None
        if not uri.is_sip:
            return None
        if self._registrar is not None:
            reached = self._registrar.find(uri, now_ms())
            if reached is not None:
                return Way(*reached)
            if uri.port is None and self._registrar.ours(uri.host):
                return None
        wire, at = self._board.wire(_transport(uri)), resolved(target)
        return None if wire is None or at is None else Way(target, wire, f"{at[0]}:{at[1]}", _transport(uri))

    # What the other side answers

    def progressed(self, event: events.Progress) -> None:
        """It rings, or something is heard already."""
        leg = self._board.leg_of(event.call)
        if leg is None or event.response.code == 100:
            return
        self._voice(leg, event.response)
        self._board.tell(Progress(leg.id, event.response.code))

    def told(self, event: events.Told) -> None:
        """A 2xx to an INVITE, the first or a later one; or what became of an UPDATE."""
        leg = self._board.leg_of(event.call)
        if leg is None:
            return
        if event.request.method == "UPDATE":
            self._refreshes.answered(leg, event.response, now_ms())
        elif event.request.method == "INVITE" and event.response is not None:
            self._accepted(leg, event.response)

    def _accepted(self, leg: Leg, response: Response) -> None:
        leg.wire.agent.confirm(leg.call)
        first, leg.answered = not leg.answered, True
        if not self._voice(leg, response) or leg.stream is None:
            self._board.end(leg, "us", "no codec in common")
            return
        try:
            self._refreshes.hold(leg, agreed_by_them(response), response, now_ms())
        except Malformed:
            self._refreshes.hold(leg, agreed_by_them(Response(code=200)), response, now_ms())
        if first:
            self._again.pop(leg.id, None)
            self._board.tell(Answered(leg.id, leg.stream.law.name))

    def _voice(self, leg: Leg, response: Response) -> bool:
        try:
            voice = voice_of(response, leg.source)
        except Bad:
            return False
        if voice is not None:
            leg.asked = False
            leg.hear_from(voice)
        return True

    def failed(self, event: events.Failed) -> None:
        """An INVITE of ours was refused: tried once more where something was asked for, else the leg is over.

        A refused renewal leaves the leg as it was, unless nobody is there any more.
        """
        leg = self._board.leg_of(event.call)
        if leg is None:
            return
        if leg.answered:
            self._refreshes.answered(leg, event.response, now_ms())
            return
        done = self._again.setdefault(leg.id, set())
        call = None if event.code in done else self._asked_for(leg, event)
        if call is None:
            self._again.pop(leg.id, None)
            who = "nobody" if event.response is None else "them"
            self._board.over(event.call, who, f"{event.code} {event.reason}")
            return
        done.add(event.code)
        self._board.of_call.pop(event.call, None)
        self._board.of_call[call], leg.call = leg.id, leg.wire.agent.calls[call]

    def _asked_for(self, leg: Leg, event: events.Failed) -> str | None:
        """The call that takes the place of a refused one: with a password, or for a longer time."""
        agent, response = leg.wire.agent, event.response
        if response is None:
            return None
        try:
            if event.code in {401, 407}:
                known = self._known(response)
                return None if known is None else calling.try_again(agent, event, *known, now_ms())[0]
            if event.code == 422:
                changed = event.request.headers
                for name, *values in asked(least=least_of(response)):
                    changed = with_headers(changed, name, *values)
                return calling.place_again(agent, msgspec.structs.replace(event.request, headers=changed), now_ms())
        except Malformed:
            return None
        return None

    def _known(self, response: Response) -> tuple[str, str] | None:
        for text in (*response.all("WWW-Authenticate"), *response.all("Proxy-Authenticate")):
            known = self._credentials(read_challenge(text).realm)
            if known is not None:
                return known
        return None


def _together(sdp: bytes, parts: tuple[BodyPart, ...], boundary: str) -> tuple[str, bytes]:
    """A description of voice and what goes with it, in one body; its media type first."""
    if not parts:
        return calling.SDP, sdp
    more = (Part(Kind(one.kind), one.data, (("Content-ID", f"<{one.id}>"),)) for one in parts)
    return write_parts((Part(Kind(calling.SDP), sdp), *more), boundary)


def _transport(uri: Uri) -> str:
    said = (parameter(uri.parameters, "transport") or "").upper()
    return said or ("TLS" if uri.scheme.lower() == "sips" else "UDP")


def _sender(caller: str, host: str) -> Address | None:
    """Who calls: an address as of SIP, or a number here."""
    try:
        return read_address(caller if ":" in caller else f"<sip:{caller}@{host};user=phone>", "From")
    except Malformed:
        return None

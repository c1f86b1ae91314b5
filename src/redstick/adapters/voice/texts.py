"""What is written on legs: a session of messages, real-time text, or SIP MESSAGE within the call (RFC 3428).

The richest that a leg has is taken, and of two the one that says what arrived.

Each text of ours that can be acknowledged is told of once, delivered or not; one that is under way when its leg ends
was not.
"""

from collections import deque
from collections.abc import Iterator
from functools import partial

from redstick.adapters.voice.calls import Leg, Voice
from redstick.adapters.voice.messaging import Messaging
from redstick.adapters.voice.realtime import RealTimeText
from redstick.adapters.voice.switchboard import Switchboard, now_ms
from redstick.adapters.voice.wires import Wire
from redstick.comms.ports import Text, TextSettled
from redstick.protocols.faults import Malformed
from redstick.protocols.msrp.sessions import Said, Settled
from redstick.protocols.plain_text import text_of
from redstick.protocols.sip import events, headers
from redstick.protocols.sip.messages import Message
from redstick.protocols.sip.transactions import Key

T140, MSRP, MESSAGE = "t140", "msrp", "message"
PLAIN = "text/plain;charset=UTF-8"
ACCEPT = ("Accept", "text/plain, message/cpim")
MOST_OCTETS = 1_000  # of a text in one MESSAGE: with its headers it stays below the 1,300 of RFC 3428 section 8
MOST_UNDER_WAY = 64  # texts of one leg; whoever acknowledges none is written no more


class Texts:
    """The texts of every leg of a switchboard."""

    def __init__(self, board: Switchboard, messaging: Messaging) -> None:
        self._board, self._messaging = board, messaging
        self._under_way: dict[str, deque[tuple[int, list[str]]]] = {}  # by leg: number and parts that are not there yet
        self._asked: dict[Key, str] = {}  # the leg of each MESSAGE of ours that has no answer yet

    def take(self, leg: Leg, voice: Voice) -> None:
        """An offer or an answer of a leg: its text is read and written as that says."""
        if voice.text is not None:
            if leg.realtime is None:
                leg.realtime = RealTimeText(self._board.host, leg.source, partial(self._typed, leg.id))
            leg.realtime.hear_from(voice.text)
        stream = voice.messages
        if stream is None or not self._messaging.takes(stream) or (leg.talk and leg.talk.stream.path == stream.path):
            return
        if leg.talk is not None:
            self._messaging.end(leg.talk, "another session has taken its place")
        leg.talk = self._messaging.begin(stream, partial(self._talked, leg.id))

    def _typed(self, leg: str, text: str) -> None:
        self._board.tell(Text(leg, text, T140))

    def _talked(self, leg: str, told: Said | Settled) -> None:
        if isinstance(told, Said):
            self._board.tell(Text(leg, told.text, MSRP))
        else:
            self._board.tell(TextSettled(leg, told.number, told.delivered, told.why))

    def say(self, leg: str, text: str, number: int) -> bool:
        """Write; whether there is a way."""
        one = self._board.legs.get(leg)
        if one is None or not one.answered or not text:
            return False
        if one.talk is not None:
            return one.talk.say(text, number)
        if one.realtime is not None and one.realtime.stream is not None:
            return one.realtime.say(text)
        waiting = self._under_way.setdefault(leg, deque())
        if not _takes_messages(one.request) or one.call.dialog is None or len(waiting) >= MOST_UNDER_WAY:
            return False
        waiting.append((number, list(_parts(text))))
        if len(waiting) == 1:
            self._send(one)
        return True

    def _send(self, leg: Leg) -> None:
        """The next part that is under way; the one before it has been answered."""
        waiting = self._under_way[leg.id]
        while waiting:
            number, parts = waiting[0]
            key = leg.wire.agent.ask(leg.call, "MESSAGE", now_ms(), body=parts[0].encode(), kind=PLAIN)
            if key is not None:
                self._asked[key] = leg.id
                leg.wire.work()
                return
            waiting.popleft()
            self._board.tell(TextSettled(leg.id, number, delivered=False, why="it cannot be sent on this call"))

    def hear(self, wire: Wire, event: events.Event) -> bool:
        """Whether an event was of a MESSAGE, theirs or ours, for which what is due has then been done."""
        match event:
            case events.Asked(request=request) if request.method == "MESSAGE":
                self._heard(wire, event)
            case events.Told(request=request) if request.method == "MESSAGE":
                self._answered(event)
            case _:
                return False
        return True

    def _heard(self, wire: Wire, event: events.Asked) -> None:
        leg = self._board.leg_of(event.call)
        if leg is None:  # nobody's call: a text to 911 comes in a call (INVITE), not outside of one
            allowed = ", ".join(one for one in wire.agent.abilities.methods if one != "MESSAGE")
            wire.agent.respond(event.key, 405, "Method Not Allowed", now_ms(), ("Allow", allowed))
            return
        text = text_of(event.request.first("Content-Type") or "text/plain", event.request.body)
        if text is None:
            wire.agent.respond(event.key, 415, "Unsupported Media Type", now_ms(), ACCEPT)
            return
        wire.agent.respond(event.key, 200, "OK", now_ms())
        if text:
            self._board.tell(Text(leg.id, text, MESSAGE))

    def _answered(self, event: events.Told) -> None:
        leg = self._board.legs.get(self._asked.pop(event.key, ""))
        waiting = None if leg is None else self._under_way.get(leg.id)
        if leg is None or not waiting:
            return
        number, parts = waiting[0]
        code, reason = (408, "no answer") if event.response is None else (event.response.code, event.response.reason)
        del parts[0]
        if code >= 300:
            self._board.tell(TextSettled(leg.id, number, delivered=False, why=f"{code} {reason}"))
        elif not parts:
            self._board.tell(TextSettled(leg.id, number, delivered=True))
        if code >= 300 or not parts:
            waiting.popleft()
        self._send(leg)

    def forget(self, leg: Leg, cause: str) -> None:
        """The leg is over: what it typed last is told, and what did not arrive there."""
        if leg.talk is not None:
            self._messaging.end(leg.talk, f"the call is over: {cause}")
            leg.talk = None
        if leg.realtime is not None:
            leg.realtime.close()
            leg.realtime = None
        self._asked = {key: of for key, of in self._asked.items() if of != leg.id}
        for number, _ in self._under_way.pop(leg.id, ()):
            self._board.tell(TextSettled(leg.id, number, delivered=False, why=f"the call is over: {cause}"))


def _takes_messages(peer: Message) -> bool:
    """Whether whoever sent a message can be sent a MESSAGE; whoever says nothing of it is asked."""
    try:
        allowed = headers.values(peer, "Allow")
    except Malformed:
        return True
    return not allowed or "MESSAGE" in (one.strip().upper() for one in allowed)


def _parts(text: str) -> Iterator[str]:
    """A text cut between characters, each part of so many octets at most."""
    part = ""
    for sign in text:
        if len((part + sign).encode()) > MOST_OCTETS:
            yield part
            part = ""
        part += sign
    if part:
        yield part

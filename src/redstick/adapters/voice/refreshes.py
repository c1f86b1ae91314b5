"""Session timers of all legs: a peer that vanished without a BYE ends its leg (RFC 4028)."""

from typing import NamedTuple

from redstick.adapters.voice.calls import Leg, offered
from redstick.adapters.voice.switchboard import Switchboard
from redstick.protocols.sip import headers
from redstick.protocols.sip.messages import Message, Response
from redstick.protocols.sip.refreshing import Refresh

GONE = frozenset({408, 481})  # the peer does not know the call, or does not answer
AGAIN_MS = 3_000  # after two refreshes that crossed, or while another request is under way
SDP = ("Content-Type", "application/sdp")


class _Held(NamedTuple):
    refresh: Refresh
    due: int
    by_update: bool


class Refreshes:
    """When each leg is to be refreshed, or is over unless its peer refreshes it. The time is handed in."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._held: dict[str, _Held] = {}

    def hold(self, leg: Leg, refresh: Refresh, peer: Message | None, now: int) -> None:
        """What was agreed. `peer` is a message that says what the peer can do, None for the same as before."""
        before = self._held.get(leg.id)
        by_update = before is not None and before.by_update if peer is None else _updates(peer)
        self._held[leg.id] = _Held(refresh, now + refresh.due_after_ms(), by_update)

    def tick(self, now: int) -> None:
        """Refresh what is ours to refresh; end what was not refreshed."""
        for name, held in list(self._held.items()):
            leg = self._board.legs.get(name)
            if leg is None:
                del self._held[name]
            elif held.due <= now and held.refresh.sent_by_us:
                self._refresh(leg, held, now)
            elif held.due <= now:
                self._board.end(leg, "nobody", "the peer has not refreshed its call")

    def _refresh(self, leg: Leg, held: _Held, now: int) -> None:
        told = (("Supported", "timer"), ("Session-Expires", f"{held.refresh.seconds};refresher=uac"))  # we, of this one
        if held.by_update:
            sent = leg.wire.agent.ask(leg.call, "UPDATE", now, *told)
        else:
            sent = leg.wire.agent.ask(leg.call, "INVITE", now, *told, body=offered(leg, self._board.host))
        after = AGAIN_MS if sent is None else held.refresh.due_after_ms()
        self._held[leg.id] = held._replace(due=now + after)
        leg.wire.work()

    def answered(self, leg: Leg, response: Response | None, now: int) -> None:
        """What became of a refresh: whoever is there keeps his leg, whatever he thinks of it."""
        held = self._held.get(leg.id)
        if response is None or response.code in GONE:
            self._board.end(leg, "nobody", "the peer does not answer any more")
        elif response.code == 491 and held is not None:
            self._held[leg.id] = held._replace(due=now + AGAIN_MS)


def _updates(peer: Message) -> bool:
    return "UPDATE" in (one.upper() for one in headers.values(peer, "Allow"))

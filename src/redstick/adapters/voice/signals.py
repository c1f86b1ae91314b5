"""The signalling of the engine beside the calls that come: calls placed, transfers, phones that register, timers."""

import asyncio
import secrets

from redstick.adapters.voice.calls import Leg
from redstick.adapters.voice.outgoing import Credentials, Outgoing
from redstick.adapters.voice.refreshes import Refreshes
from redstick.adapters.voice.registrar import Answer, Registrar
from redstick.adapters.voice.subscriptions import Subscriptions
from redstick.adapters.voice.switchboard import Switchboard, now_ms
from redstick.adapters.voice.transfers import Transfers
from redstick.adapters.voice.wires import Wire
from redstick.comms.signalling import PhoneUsers
from redstick.protocols.faults import Malformed
from redstick.protocols.sip import events
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.pressed import Keyed, key_of
from redstick.protocols.sip.refreshing import LEAST_S, TooShort, agreed_by_us
from redstick.published.comms import LineKind

KEEP_S = 1.0  # how often timers of sessions and registrations are looked at
Told = tuple[tuple[str, str], ...]


class Signals:
    """Parts that share a switchboard. Without `users` no phone registers here, and nobody is asked who he is."""

    def __init__(self, board: Switchboard, users: PhoneUsers | None, credentials: Credentials) -> None:
        self._board = board
        self.registrar = None if users is None else Registrar(users, board.host, _nonce, board.tell)
        self.refreshes = Refreshes(board)
        self.outgoing = Outgoing(board, self.refreshes, self.registrar, credentials)
        self.transfers = Transfers(board)
        self.subscriptions = None if self.registrar is None else Subscriptions(board, self.registrar)

    async def keep(self) -> None:
        """Look at the timers, as long as the engine runs."""
        while True:
            await asyncio.sleep(KEEP_S)
            self.tick(now_ms())

    def tick(self, now: int) -> None:
        """What the time brings."""
        self.refreshes.tick(now)
        if self.registrar is not None:
            self.registrar.tick(now)
        if self.subscriptions is not None:
            self.subscriptions.tick(now)

    def hear(self, wire: Wire, event: events.Event) -> bool:
        """Whether an event was for one of the parts, which has then done what is due."""
        match event:
            case events.Progress():
                self.outgoing.progressed(event)
            case events.Failed():
                self.outgoing.failed(event)
            case events.Told(request=request) if request.method == "REFER":
                self.transfers.answered(event)
            case events.Told(request=request) if request.method == "NOTIFY" and not event.call and self.subscriptions:
                self.subscriptions.told(wire, event)
            case events.Told():
                self.outgoing.told(event)
            case events.Referred():
                self.transfers.referred(wire, event)
            case events.Asked(request=request) if request.method == "REGISTER" and self.registrar is not None:
                self.registrar.hear(wire, event, now_ms())
            case events.Asked(request=request) if request.method == "SUBSCRIBE" and self.subscriptions is not None:
                self.subscriptions.hear(wire, event, now_ms())
            case events.Asked(request=request) if (keyed := key_of(request)) is not None:
                self._pressed(wire, event, keyed)
            case events.Asked():
                return self.transfers.noted(wire, event)
            case _:
                return False
        return True

    def _pressed(self, wire: Wire, event: events.Asked, keyed: Keyed) -> None:
        leg = self._board.leg_of(event.call)
        if leg is not None and leg.stream is not None:
            leg.stream.digits.informed(*keyed)
        wire.agent.respond(event.key, 200, "OK", now_ms())

    def refusal(self, event: events.Offered, line: LineKind) -> tuple[Answer | None, str]:
        """Why an INVITE is not taken, and as which user of ours it came.

        A call on a 911 line is never refused here, and nobody is asked for a password on it: its caller is a user of
        ours only where it comes from the very place that he registered from.
        """
        try:
            agreed_by_us(event.request)
        except TooShort:
            if line is not LineKind.EMERGENCY:
                return (422, "Session Interval Too Small", (("Min-SE", str(LEAST_S)),)), ""
        except Malformed:
            pass  # a header that cannot be read is as if it had not come
        user = "" if self.registrar is None else self.registrar.caller(event.request)
        if self.registrar is None or not user:
            return None, ""
        if line is LineKind.EMERGENCY:
            return None, user if self.registrar.known_at(user, event.source, now_ms()) else ""
        refused = self.registrar.refusal(event.request, user, event.source, now_ms())
        return refused, "" if refused else user

    def session(self, leg: Leg, request: Request) -> Told:
        """What a 2xx to an INVITE or UPDATE says of the time that a leg holds, which begins now."""
        try:
            refresh, told = agreed_by_us(request)
        except (TooShort, Malformed):
            refresh, told = agreed_by_us(Request(method="INVITE", uri=request.uri))
        self.refreshes.hold(leg, refresh, request, now_ms())
        return told

    def forget(self, leg: str) -> None:
        """The leg is over."""
        self.transfers.forget(leg)


def _nonce() -> str:
    return secrets.token_hex(16)

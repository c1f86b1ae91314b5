"""Phones that want to be told of something (RFC 6665): they subscribe with their password, and are notified.

What is so of a resource the domain says (`inform`). Of messages that wait (RFC 3842) a phone is told that has not
subscribed too, where it registered.
"""

from typing import NamedTuple

from redstick.adapters.voice.registrar import Registrar
from redstick.adapters.voice.switchboard import Switchboard, now_ms
from redstick.adapters.voice.wires import Wire
from redstick.comms.signalling import Subscribed
from redstick.protocols.faults import Malformed
from redstick.protocols.sip import calling, events, headers
from redstick.protocols.sip.dialogs import Dialog, dialog_of_server, followed, names_in_request, within
from redstick.protocols.sip.messages import Headers, Request
from redstick.protocols.sip.uris import read_uri

MESSAGES = "message-summary"
PACKAGES = {
    MESSAGES: "application/simple-message-summary",
    "dialog": "application/dialog-info+xml",
    "presence": "application/pidf+xml",
}
USUAL_S, LEAST_S, LONGEST_S = 3_600, 60, 3_600
MOST_SUBSCRIPTIONS = 5_000
OVER = "terminated;reason=timeout"


class Subscription(NamedTuple):
    """Somebody who is told: what of, on which way, until when (ms)."""

    user: str
    package: str
    resource: str
    wire: Wire
    source: str
    dialog: Dialog
    ends_at: int


class Subscriptions:
    """By the names of their dialogs."""

    def __init__(self, board: Switchboard, registrar: Registrar) -> None:
        self._board, self._registrar = board, registrar
        self._kept: dict[tuple[str, str, str], Subscription] = {}

    # What phones ask

    def hear(self, wire: Wire, event: events.Asked, now: int) -> None:
        """Answer a SUBSCRIBE; whoever is taken is told at once what is so."""
        request = event.request
        try:
            code, reason, told, known = self._heard(event, now)
        except Malformed as malformed:
            code, reason, told, known = 400, f"Bad {malformed.faults[0].place.partition(' ')[0]}", (), None
        contact = (("Contact", f"<{wire.agent.identity.contact}>"),) if code < 300 else ()
        said = wire.agent.respond(event.key, code, reason, now, *told, *contact)
        if code >= 300 or said is None:
            return
        seconds = int(dict(told)["Expires"])
        dialog = dialog_of_server(request, said) if known is None else followed(known.dialog, request)
        if dialog is None:
            return
        user, package, resource = _asked_for(request) if known is None else known[:3]
        kept = Subscription(user, package, resource, wire, event.source, dialog, now + seconds * 1_000)
        if seconds:
            self._kept[dialog.names] = kept
        else:
            self._kept.pop(dialog.names, None)
            self._notify(kept, OVER, "", b"", now)
        self._board.tell(Subscribed(user, package, resource))

    def _heard(self, event: events.Asked, now: int) -> tuple[int, str, Headers, Subscription | None]:
        request, known = event.request, self._kept.get(names_in_request(event.request))
        user, package, resource = _asked_for(request)
        to = headers.address(request, "To")
        if to is not None and to.tag and known is None:
            return 481, "Subscription Does Not Exist", (), None
        if package not in PACKAGES:
            return 489, "Bad Event", (("Allow-Events", ", ".join(PACKAGES)),), None
        if known is not None and followed(known.dialog, request) is None:
            return 500, "Out Of Order", (), None
        if not user or self._registrar.caller(request) != user:
            return 403, "Forbidden", (), None
        refused = self._registrar.refusal(request, user, event.source, now)
        if refused is not None:
            return *refused, None
        if package == MESSAGES and resource != user:
            return 403, "Forbidden", (), None
        seconds = headers.number(request, "Expires")
        seconds = USUAL_S if seconds is None else min(seconds, LONGEST_S)
        if 0 < seconds < LEAST_S:
            return 423, "Interval Too Brief", (("Min-Expires", str(LEAST_S)),), None
        if known is None and len(self._kept) >= MOST_SUBSCRIPTIONS:
            return 503, "Service Unavailable", (("Retry-After", "60"),), None
        return 200, "OK", (("Expires", str(seconds)),), known

    # What they are told

    def inform(self, package: str, resource: str, body: bytes) -> bool:
        """Tell whoever wants to know it; and of messages the phones that did not ask. Whether anybody was told."""
        now, told = now_ms(), set[str]()
        for one in list(self._kept.values()):
            if (one.package, one.resource) == (package, resource):
                left = max(0, one.ends_at - now) // 1_000
                self._notify(one, f"active;expires={left}", PACKAGES[package], body, now)
                told.add(one.source)
        if package != MESSAGES:
            return bool(told)
        for reach in self._registrar.reach(resource, now):
            if reach.source not in told:
                self._notify_unasked(reach.wire, reach.contact, reach.source, resource, body, now)
                told.add(reach.source)
        return bool(told)

    def _notify(self, one: Subscription, state: str, kind: str, body: bytes, now: int) -> None:
        typed = (("Content-Type", kind),) if body else ()
        told = (("Event", one.package), ("Subscription-State", state))
        contact = ("Contact", f"<{one.wire.agent.identity.contact}>")
        dialog, request = within(one.dialog, "NOTIFY", contact, *told, *typed, body=body)
        if dialog.names in self._kept:
            self._kept[dialog.names] = one._replace(dialog=dialog)
        self._send(one.wire, one.source, request, now)

    def _notify_unasked(self, wire: Wire, contact: str, source: str, user: str, body: bytes, now: int) -> None:
        agent = wire.agent
        sender = headers.read_address(f"<sip:{user}@{self._board.host}>", "From")
        told = (
            ("Event", MESSAGES), ("Subscription-State", "terminated;reason=noresource"),
            ("Content-Type", PACKAGES[MESSAGES]),
        )  # fmt: skip
        self._send(wire, source, calling.outside(agent, "NOTIFY", contact, sender, *told, body=body), now)

    def _send(self, wire: Wire, source: str, request: Request, now: int) -> None:
        wire.flows[request.first("Call-ID") or ""] = source
        wire.agent.send(request, now)
        wire.work()

    def told(self, wire: Wire, event: events.Told) -> None:
        """What became of a NOTIFY: who does not know the subscription, or says nothing, has none any more."""
        call_id = event.request.first("Call-ID") or ""
        gone = event.response is None or event.response.code in (404, 481)
        names = next((names for names in self._kept if names[0] == call_id), None)
        if names is not None and gone:
            del self._kept[names]
        if names is None or gone:
            wire.forget(call_id)

    def tick(self, now: int) -> None:
        """Whose time is over is told so."""
        for names, one in list(self._kept.items()):
            if one.ends_at <= now:
                del self._kept[names]
                self._notify(one, OVER, "", b"", now)


def _asked_for(request: Request) -> tuple[str, str, str]:
    """Who asks, for which package, of whom. Raises Malformed."""
    sender, uri = headers.address(request, "From"), read_uri(request.uri)
    user = "" if sender is None else sender.uri.user or ""
    package = (request.first("Event") or "").partition(";")[0].strip().lower()
    return user, package, uri.user or uri.number or ""

"""A user agent without I/O: bytes and the time in; bytes to send and events about calls out (RFC 3261, 8 to 15).

Calls bear ids of our own. The agent answers by itself what needs no decision (100 to an INVITE, 200 to a CANCEL, 481
and 405 and their like); everything else is an event, and whoever drives the agent decides. How a call is placed and
transferred stands in `calling.py`. Nothing that comes from the network raises.
"""

from collections.abc import Callable

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip import events, headers
from redstick.protocols.sip import transactions as tx
from redstick.protocols.sip.checking import Abilities, Refusal, discarded, refusal
from redstick.protocols.sip.dialogs import (
    Dialog,
    dialog_of_client,
    dialog_of_server,
    followed,
    names_in_request,
    refreshed,
    within,
)
from redstick.protocols.sip.grammar import parameter, with_parameter
from redstick.protocols.sip.messages import Request, Response, answer, with_headers
from redstick.protocols.sip.reading import read_message
from redstick.protocols.sip.referring import refer_to_of, replaces_of
from redstick.protocols.sip.tables import Table
from redstick.protocols.sip.timing import Timing
from redstick.protocols.sip.writing import write_message

MOST_TRANSACTIONS = 50_000
GONE = (481, "Call/Transaction Does Not Exist")


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Where this agent stands: transport (`UDP`, `TCP`, `TLS`), host and port of its Via, URI of its Contact."""

    transport: str
    host: str
    port: int
    contact: str
    product: str = "Redstick"

    @property
    def reliable(self) -> bool:
        """Whether the transport loses nothing by itself."""
        return self.transport != "UDP"


class Call(msgspec.Struct, kw_only=True, eq=False):
    """One leg. `theirs` and `ours` are the INVITEs under way.

    `ours_number` is the CSeq of our last INVITE, `ack` what we sent for its 2xx. `leaving` is set once we hang up while
    the protocol still forbids a BYE or a CANCEL.
    """

    id: str
    incoming: bool
    dialog: Dialog | None = None
    theirs: tx.Key | None = None
    ours: tx.Key | None = None
    ours_number: int = 1
    ack: Request | None = None
    leaving: bool = False

    @property
    def confirmed(self) -> bool:
        """Whether it was answered."""
        return self.dialog is not None and self.dialog.confirmed


class Agent:
    """One agent on one transport. `fresh` gives unguessable tokens for tags, branches, Call-IDs and calls."""

    def __init__(
        self,
        identity: Identity,
        fresh: Callable[[], str],
        abilities: Abilities | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.identity, self.abilities, self.timing = identity, abilities or Abilities(), timing or Timing()
        self.fresh = fresh
        self.calls: dict[str, Call] = {}
        self.table = Table()
        self._dialogs: dict[tuple[str, str, str], str] = {}
        self._out: list[events.Out] = []

    @property
    def next_at(self) -> int | None:
        """When `tick` is due (ms), None when only messages are waited for."""
        return self.table.next_at

    @property
    def parting(self) -> bool:
        """Whether a call that was hung up is not over for its peer, as far as is known here."""
        return any(call.leaving for call in self.calls.values()) or self.table.asks("BYE")

    def take(self) -> list[events.Out]:
        """Everything to send and to know since the last time, in order."""
        out, self._out = self._out, []
        return out

    def put(self, *out: events.Out) -> None:
        """Something for whoever drives the agent."""
        self._out.extend(out)

    # What comes from the network.

    def receive(self, data: bytes, source: str, now: int) -> None:
        """The bytes of one message. `source` is host:port of where they came from; answers go back there."""
        try:
            message = read_message(data)
            if isinstance(message, Request):
                self._receive_request(_seen_from(message, source), data, source, now)
            else:
                self._receive_response(message, now)
        except Malformed as malformed:
            self.put(events.Unread(data=data, source=source, faults=malformed.faults))

    def _receive_request(self, request: Request, data: bytes, source: str, now: int) -> None:
        refused = refusal(request, self.abilities)
        if refused is None and len(self.table) >= MOST_TRANSACTIONS:
            refused = Refusal(503, "Service Unavailable", Fault("agent", f"at most {MOST_TRANSACTIONS} transactions"))
        if refused is not None:  # without state: whoever repeats a broken request is answered again
            self.put(events.Unread(data=data, source=source, faults=(refused.fault,)))
            if request.method != "ACK" and request.first("Via"):
                self._back(answer(request, refused.code, refused.reason, *refused.headers, tag=self.fresh()), source)
            return
        key = tx.server_key(request)
        machine = self.table.get(key)
        if isinstance(machine, tx.Server) and not (request.method == "ACK" and machine.state == "accepted"):
            self.table.came_from(key, source)
            self._perform(key, machine, machine.receive(request, now))
        elif request.method == "ACK":
            self._receive_ack(request, now)
        else:
            self._begin(request, key, source, now)

    def _begin(self, request: Request, key: tx.Key, source: str, now: int) -> None:
        kind = tx.InviteServer if request.method == "INVITE" else tx.RequestServer
        machine = kind(request, reliable=self.identity.reliable, timing=self.timing)
        self.table.add(key, machine, source=source)
        self._perform(key, machine, machine.start(now))
        to = headers.address(request, "To")
        try:
            if request.method == "CANCEL":
                self._hear_cancel(request, key, now)
            elif to is not None and to.tag:
                self._hear_within(request, key, now)
            else:
                self._hear_outside(request, key, source, now)
        except Malformed as malformed:  # Replaces or Refer-To that cannot be read
            self.respond(key, 400, f"Bad {malformed.faults[0].place.partition(' ')[0]}", now)
            self.put(events.Unread(data=write_message(request), source=source, faults=malformed.faults))

    def _hear_outside(self, request: Request, key: tx.Key, source: str, now: int) -> None:
        if request.method == "INVITE":
            self._hear_offer(request, key, source, now)
        elif request.method in {"BYE", "UPDATE", "INFO"}:
            self.respond(key, *GONE, now)
        elif request.method == "REFER":
            self.put(events.Referred(call=None, key=key, refer_to=refer_to_of(request), request=request))
        else:
            self.put(events.Asked(key=key, request=request, source=source))

    def _hear_offer(self, request: Request, key: tx.Key, source: str, now: int) -> None:
        replaced: Call | None = None
        wanted = replaces_of(request)
        if wanted is not None:
            replaced = self.call_of((wanted.call_id, wanted.to_tag, wanted.from_tag))
            if replaced is None:
                self.respond(key, *GONE, now)
                return
            if wanted.early_only and replaced.confirmed:
                self.respond(key, 486, "Busy Here", now)  # RFC 3891 section 3
                return
        call = Call(id=self.fresh(), incoming=True, theirs=key)
        self.calls[call.id] = call
        self.table.own(key, call.id)
        replaces = None if replaced is None else replaced.id
        self.put(events.Offered(call=call.id, key=key, request=request, source=source, replaces=replaces))

    def _hear_within(self, request: Request, key: tx.Key, now: int) -> None:
        call = self.call_of(names_in_request(request))
        if call is None and request.method == "SUBSCRIBE":  # within a subscription, which is none of our calls
            self.put(events.Asked(key=key, request=request, source=self.table.source(key)))
            return
        if call is None or call.dialog is None:
            self.respond(key, *GONE, now)
            return
        after = followed(call.dialog, request)
        renewing = request.method in {"INVITE", "UPDATE"}
        if after is None:
            self.respond(key, 500, "Out Of Order", now)
        elif renewing and call.theirs is not None and (request.method == "INVITE" or call.confirmed):
            self.respond(key, 500, "Another INVITE Is Pending", now, ("Retry-After", "2"))
        elif renewing and call.ours is not None and call.confirmed:
            self.respond(key, 491, "Request Pending", now)
        else:
            self.seat(call, after)
            self.table.own(key, call.id)
            self._hear_in_call(call, request, key, now)

    def _hear_in_call(self, call: Call, request: Request, key: tx.Key, now: int) -> None:
        if request.method == "BYE":
            self.respond(key, 200, "OK", now)
            pending, call.theirs = call.theirs, None
            if pending is not None:
                self.respond(pending, 487, "Request Terminated", now)
            self.put(events.Ended(call=call.id, who="them", reason="bye", request=request))
            self.forget(call)
        elif request.method in {"INVITE", "UPDATE"}:
            call.theirs = key if request.method == "INVITE" else call.theirs
            self.put(events.Renewed(call=call.id, key=key, request=request))
        elif request.method == "REFER":
            self.put(events.Referred(call=call.id, key=key, refer_to=refer_to_of(request), request=request))
        else:
            self.put(events.Asked(call=call.id, key=key, request=request, source=self.table.source(key)))

    def _receive_ack(self, request: Request, now: int) -> None:
        call = self.call_of(names_in_request(request))
        machine = self.table.get(call.theirs) if call is not None else None
        if call is None or not isinstance(machine, tx.InviteServer) or machine.state != "accepted":
            return
        if headers.cseq(request).number != headers.cseq(machine.request).number:
            return
        machine.acknowledged()
        if call.theirs is not None:
            self.table.settle(call.theirs)
        call.theirs = None
        self.put(events.Acknowledged(call=call.id, request=request))
        if call.leaving:
            self._leave(call, now)

    def _hear_cancel(self, request: Request, key: tx.Key, now: int) -> None:
        invite = tx.server_key(request, "INVITE")
        machine = self.table.get(invite)
        if not isinstance(machine, tx.InviteServer):
            self.respond(key, *GONE, now)
            return
        self.respond(key, 200, "OK", now)
        call = self.calls.get(self.table.owner(invite))
        if machine.state == "proceeding" and call is not None:
            self.put(events.Cancelled(call=call.id, request=request))
            self.respond(invite, 487, "Request Terminated", now)

    def _receive_response(self, response: Response, now: int) -> None:
        fault = discarded(response)
        if fault is not None:
            raise Malformed(fault)
        key = tx.client_key(response)
        machine = self.table.get(key)
        if isinstance(machine, tx.Client):
            self._perform(key, machine, machine.receive(response, now))
            call = self.calls.get(self.table.owner(key))
            if call is not None and call.leaving:
                self._leave(call, now)

    # What its driver asks.

    def respond(
        self, key: tx.Key, code: int, reason: str, now: int, *extra: tuple[str, str], body: bytes = b""
    ) -> Response | None:
        """Answer a request that came; None when its transaction is gone or has had its final answer."""
        machine = self.table.get(key)
        if not isinstance(machine, tx.Server) or machine.state not in {"trying", "proceeding"}:
            return None
        request, call = machine.request, self.calls.get(self.table.owner(key))
        own = [("User-Agent", self.identity.product)]
        if 100 < code < 300 and request.method in {"INVITE", "UPDATE", "REFER"}:
            own += [("Contact", f"<{self.identity.contact}>"), ("Allow", ", ".join(self.abilities.methods))]
        tag = (call.dialog.local.tag if call and call.dialog else None) or self.fresh()
        said = msgspec.structs.replace(answer(request, code, reason, *own, *extra, tag=tag), body=body)
        if call is not None and request.method == "INVITE" and not call.confirmed:
            if 100 < code < 300:
                self.seat(call, dialog_of_server(request, said))
            elif code >= 300:
                self.forget(call)
        if call is not None and request.method == "INVITE" and code >= 300:
            call.theirs = None
        self._perform(key, machine, machine.respond(said, now))
        return said

    def send(self, request: Request, now: int, owner: str = "") -> tx.Key:
        """Send a request of ours, with our Via; what is answered comes as events that bear its key."""
        branch = f"{headers.MAGIC}{self.fresh()}"
        request = tx.through(request, self._via((("branch", branch), ("rport", None))))
        return self.start(request, now, owner)

    def start(self, request: Request, now: int, owner: str = "") -> tx.Key:
        """Begin the transaction of a request that has its Via already."""
        key = tx.client_key(request)
        kind = tx.InviteClient if request.method == "INVITE" else tx.RequestClient
        machine = kind(request, reliable=self.identity.reliable, timing=self.timing)
        self.table.add(key, machine, owner=owner)
        self._perform(key, machine, machine.start(now))
        return key

    def confirm(self, call: Call, *, body: bytes = b"") -> None:
        """Acknowledge the 2xx to an INVITE of ours; `body` answers an offer that came in it.

        No transaction repeats it (section 13.2.2.4): it is sent again whenever the 2xx comes again.
        """
        if call.dialog is None:
            return
        typed = (("Content-Type", "application/sdp"),) if body else ()
        _, request = within(call.dialog, "ACK", *typed, body=body, number=call.ours_number)
        call.ack = tx.through(request, self._via((("branch", f"{headers.MAGIC}{self.fresh()}"),)))
        self._on(call.ack)

    def ask(
        self,
        call: Call,
        method: str,
        now: int,
        *extra: tuple[str, str],
        body: bytes = b"",
        kind: str = "application/sdp",
    ) -> tx.Key | None:
        """A request within a call (re-INVITE, UPDATE, INFO, MESSAGE…); None where there is no dialog yet.

        A re-INVITE while another is under way, from either side, is not sent: None too (section 14.1).
        """
        if call.dialog is None or (method == "INVITE" and (call.ours is not None or call.theirs is not None)):
            return None
        typed = (("Content-Type", kind),) if body else ()
        contact = (("Contact", f"<{self.identity.contact}>"),) if method in {"INVITE", "UPDATE", "REFER"} else ()
        dialog, request = within(call.dialog, method, *contact, *typed, *extra, body=body)
        self.seat(call, dialog)
        key = self.send(request, now, call.id)
        if method == "INVITE":
            call.ours, call.ours_number, call.ack = key, dialog.local_number, None
        return key

    def hang_up(self, call: Call, now: int, *, code: int = 486, reason: str = "Busy Here") -> None:
        """End a call in whatever way it can be ended now: BYE, CANCEL, or a refusal with `code`. Twice is as once."""
        if call.incoming and not call.confirmed:
            if call.theirs is not None:
                self.respond(call.theirs, code, reason, now)
            return
        call.leaving = True
        self._leave(call, now)

    def _leave(self, call: Call, now: int) -> None:
        """Send the BYE or the CANCEL as soon as it may be sent (sections 9.1 and 15)."""
        if call.id not in self.calls:
            return
        if call.confirmed:
            if call.theirs is not None:  # our 2xx has no ACK yet
                return
            if not call.incoming and call.ack is None:
                self.confirm(call)
            self.ask(call, "BYE", now)
            self.forget(call)
            return
        machine = self.table.get(call.ours)
        if isinstance(machine, tx.InviteClient) and machine.state == "proceeding":
            cancel = tx.cancellation(machine.request)
            if self.table.get(tx.client_key(cancel)) is None:
                self.start(cancel, now, call.id)

    def call_of(self, names: tuple[str, str, str]) -> Call | None:
        """The call of a dialog, by Call-ID, our tag and theirs."""
        return self.calls.get(self._dialogs.get(names, ""))

    def seat(self, call: Call, dialog: Dialog) -> None:
        """The dialog of a call is now this one."""
        if call.dialog is not None:
            self._dialogs.pop(call.dialog.names, None)
        call.dialog = dialog
        self._dialogs[dialog.names] = call.id

    def forget(self, call: Call) -> None:
        """The call is over; transactions that still run end by themselves."""
        self.calls.pop(call.id, None)
        if call.dialog is not None:
            self._dialogs.pop(call.dialog.names, None)

    def tick(self, now: int) -> None:
        """What the time brings: repeats, and what nobody answered."""
        for key, machine in self.table.due(now):
            self._perform(key, machine, machine.tick(now))

    # How the machines are served.

    def _perform(self, key: tx.Key, machine: tx.Client | tx.Server, outputs: list[tx.Output]) -> None:
        for one in outputs:
            if isinstance(one, tx.TimedOut):
                self._time_out(key, machine)
            elif isinstance(one, tx.Heard):
                if isinstance(one.message, Response):
                    self._hear_response(key, machine.request, one.message)
            elif isinstance(one.message, Response):
                self._back(one.message, self.table.source(key))
            else:
                self._on(one.message)
        self.table.settle(key)

    def _hear_response(self, key: tx.Key, request: Request, response: Response) -> None:
        call = self.calls.get(self.table.owner(key))
        if request.method != "INVITE" or call is None:
            if call is not None and request.method == "UPDATE" and response.code < 300 and call.dialog is not None:
                self.seat(call, refreshed(call.dialog, response))
            if request.method != "CANCEL":
                owner = None if call is None else call.id
                self.put(events.Told(call=owner, key=key, request=request, response=response))
            return
        if response.code < 200:
            self._join(call, request, response)
            self.put(events.Progress(call=call.id, key=key, response=response))
        elif response.code < 300:
            if call.ack is not None and call.ack.first("CSeq") == f"{headers.cseq(response).number} ACK":
                self._on(call.ack)  # it was lost
                return
            self._join(call, request, response)
            call.ours = None
            self.put(events.Told(call=call.id, key=key, request=request, response=response))
        else:
            call.ours = None
            said = events.Failed(
                call=call.id, key=key, code=response.code, reason=response.reason, request=request, response=response
            )  # fmt: skip
            self.put(said)
            if not call.confirmed:
                self.forget(call)

    def _join(self, call: Call, request: Request, response: Response) -> None:
        to = headers.address(response, "To")
        if to is None or not to.tag:
            return
        if not call.confirmed:
            self.seat(call, dialog_of_client(request, response))
        elif call.dialog is not None and response.code >= 200:
            self.seat(call, refreshed(call.dialog, response))

    def _time_out(self, key: tx.Key, machine: tx.Client | tx.Server) -> None:
        call = self.calls.get(self.table.owner(key))
        if isinstance(machine, tx.InviteServer):
            if call is not None and call.theirs == key:
                call.theirs = None
                self.put(events.Ended(call=call.id, who="nobody", reason="no ACK came", request=None))
        elif isinstance(machine, tx.InviteClient) and call is not None:
            call.ours = None
            said = events.Failed(
                call=call.id, key=key, code=408, reason="Request Timeout", request=machine.request, response=None
            )  # fmt: skip
            self.put(said)
            if not call.confirmed:
                self.forget(call)
        elif machine.request.method != "CANCEL":
            owner = None if call is None else call.id
            self.put(events.Told(call=owner, key=key, request=machine.request, response=None))

    def _via(self, parameters: tuple[tuple[str, str | None], ...]) -> headers.Via:
        return headers.Via(self.identity.transport, self.identity.host, self.identity.port, parameters)

    def _back(self, response: Response, source: str) -> None:
        self.put(events.Transmit(data=write_message(response), source=source))

    def _on(self, request: Request) -> None:
        route = headers.values(request, "Route")
        hop = str(headers.read_address(route[0], "Route").uri) if route else request.uri
        self.put(events.Transmit(data=write_message(request), hop=hop))


def _seen_from(request: Request, source: str) -> Request:
    """The request with where it really came from on its Via (RFC 3261 section 18.2.1, RFC 3581)."""
    host, _, port = source.rpartition(":")
    host = host.strip("[]")
    try:
        first, *rest = headers.values(request, "Via") or [""]
        via = headers.read_via(first)
    except Malformed:
        return request
    parameters = via.parameters
    if via.host.strip("[]") != host:
        parameters = with_parameter(parameters, "received", host)
    if parameter(parameters, "rport") is not None:
        parameters = with_parameter(parameters, "rport", port)
    seen = msgspec.structs.replace(via, parameters=parameters)
    return msgspec.structs.replace(request, headers=with_headers(request.headers, "Via", str(seen), *rest))

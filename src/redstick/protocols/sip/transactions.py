"""The four transaction machines of RFC 3261 section 17, with the accepted state of RFC 6026. Stepped, without I/O.

A machine is fed messages and the time; it gives back what to send and what its user should hear. It repeats what a
lossy transport may have lost and absorbs what the other side repeats, so that its user hears each thing once.
"""

import msgspec

from redstick.protocols.sip import headers
from redstick.protocols.sip.messages import Message, Request, Response, answer, with_headers
from redstick.protocols.sip.timing import Deadlines, Timing

Key = tuple[str, ...]


class Send(msgspec.Struct, frozen=True):
    """Send this message: a request to its next hop, a response back where its request came from."""

    message: Message


class Heard(msgspec.Struct, frozen=True):
    """The transaction's user should know this message."""

    message: Message


class TimedOut(msgspec.Struct, frozen=True):
    """No answer, or no ACK, came in time."""


Output = Send | Heard | TimedOut


def server_key(request: Request, method: str = "") -> Key:
    """What tells a server transaction (section 17.2.3). An ACK has the key of its INVITE. Raises Malformed."""
    via = headers.top_via(request)
    method = method or ("INVITE" if request.method == "ACK" else request.method)
    sent_by = f"{via.host.lower()}:{via.port or 5060}"
    if via.branch:
        return (via.branch, sent_by, method)
    sender = headers.address(request, "From")
    tag = (sender.tag if sender else None) or ""
    return (
        "2543",
        request.uri,
        request.first("Call-ID") or "",
        str(headers.cseq(request).number),
        tag,
        str(via),
        method,
    )


def client_key(message: Message) -> Key:
    """What tells a client transaction (section 17.1.3): branch and method. Raises Malformed."""
    return (headers.top_via(message).branch or "", headers.cseq(message).method)


class _Machine:
    def __init__(self, request: Request, *, reliable: bool, timing: Timing) -> None:
        self.request, self.reliable, self.timing = request, reliable, timing
        self.state = ""
        self._deadlines = Deadlines()

    @property
    def next_at(self) -> int | None:
        """When the machine must be stepped again, None when it waits for messages only."""
        return self._deadlines.next_at

    @property
    def over(self) -> bool:
        """Whether the machine may be forgotten."""
        return self.state == "terminated"

    def _end(self) -> None:
        self.state = "terminated"
        self._deadlines.clear()


class InviteClient(_Machine):
    """An INVITE that we sent (section 17.1.1): calling, proceeding, completed or accepted, terminated."""

    def start(self, now: int) -> list[Output]:
        """The first sending."""
        self.state, self._gap = "calling", self.timing.t1_ms
        if not self.reliable:
            self._deadlines.put("A", now + self._gap)
        self._deadlines.put("B", now + self.timing.lifetime_ms)
        return [Send(self.request)]

    def receive(self, response: Response, now: int) -> list[Output]:
        """A response to it."""
        if self.state in {"calling", "proceeding"}:
            return self._first_final(response, now)
        if self.state == "completed" and response.code >= 300:
            return [Send(acknowledgement(self.request, response))]
        if self.state == "accepted" and 200 <= response.code < 300:
            return [Heard(response)]  # another fork, or the same again: its user sends the ACK
        return []

    def _first_final(self, response: Response, now: int) -> list[Output]:
        self._deadlines.drop("A", "B")
        if response.code < 200:
            self.state = "proceeding"
            return [Heard(response)]
        if response.code < 300:
            self.state = "accepted"
            self._deadlines.put("M", now + self.timing.lifetime_ms)
            return [Heard(response)]
        self.state = "completed"
        if self.reliable:
            self._end()
        else:
            self._deadlines.put("D", now + self.timing.rest_ms)
        return [Send(acknowledgement(self.request, response)), Heard(response)]

    def tick(self, now: int) -> list[Output]:
        """What the time brings."""
        out: list[Output] = []
        for name in self._deadlines.due(now):
            if name == "A":
                self._gap *= 2
                self._deadlines.put("A", now + self._gap)
                out.append(Send(self.request))
            elif name == "B":
                self._end()
                return [*out, TimedOut()]
            else:
                self._end()
        return out


class RequestClient(_Machine):
    """Any other request that we sent (section 17.1.2): trying, proceeding, completed, terminated."""

    def start(self, now: int) -> list[Output]:
        """The first sending."""
        self.state, self._gap = "trying", self.timing.t1_ms
        if not self.reliable:
            self._deadlines.put("E", now + self._gap)
        self._deadlines.put("F", now + self.timing.lifetime_ms)
        return [Send(self.request)]

    def receive(self, response: Response, now: int) -> list[Output]:
        """A response to it; a repeated final one is absorbed."""
        if self.state not in {"trying", "proceeding"}:
            return []
        if response.code < 200:
            self.state = "proceeding"
            return [Heard(response)]
        self.state = "completed"
        self._deadlines.clear()
        if self.reliable:
            self._end()
        else:
            self._deadlines.put("K", now + self.timing.t4_ms)
        return [Heard(response)]

    def tick(self, now: int) -> list[Output]:
        """What the time brings."""
        out: list[Output] = []
        for name in self._deadlines.due(now):
            if name == "E":
                self._gap = self.timing.t2_ms if self.state == "proceeding" else min(2 * self._gap, self.timing.t2_ms)
                self._deadlines.put("E", now + self._gap)
                out.append(Send(self.request))
            elif name == "F":
                self._end()
                return [*out, TimedOut()]
            else:
                self._end()
        return out


class InviteServer(_Machine):
    """An INVITE that came (section 17.2.1). A 2xx is repeated here until `acknowledged` tells its ACK (13.3.1.4)."""

    def start(self, now: int) -> list[Output]:  # noqa: ARG002  (all four machines start alike)
        """It came: 100 at once, so that it is not repeated while a person is looked for."""
        self.state, self._acked = "proceeding", False
        self._last: Response = answer(self.request, 100, "Trying")
        return [Send(self._last), Heard(self.request)]

    def receive(self, request: Request, now: int) -> list[Output]:
        """The INVITE again, or the ACK of a refusal."""
        if request.method == "ACK":
            if self.state == "completed":
                self.state = "confirmed"
                self._deadlines.clear()
                if self.reliable:
                    self._end()
                else:
                    self._deadlines.put("I", now + self.timing.t4_ms)
            return []
        return [Send(self._last)] if self.state in {"proceeding", "completed"} else []

    def respond(self, response: Response, now: int) -> list[Output]:
        """What its user answers. After a final answer nothing more is sent."""
        if self.state != "proceeding":
            return []
        self._last, self._gap = response, self.timing.t1_ms
        if response.code >= 200:
            self.state = "accepted" if response.code < 300 else "completed"
            self._deadlines.put("H", now + self.timing.lifetime_ms)
            if response.code < 300 or not self.reliable:
                self._deadlines.put("G", now + self._gap)
        return [Send(response)]

    def acknowledged(self) -> None:
        """The ACK of the 2xx has come: it is repeated no more."""
        self._deadlines.drop("G")
        self._acked = True

    def tick(self, now: int) -> list[Output]:
        """What the time brings."""
        out: list[Output] = []
        for name in self._deadlines.due(now):
            if name == "G":
                self._gap = min(2 * self._gap, self.timing.t2_ms)
                self._deadlines.put("G", now + self._gap)
                out.append(Send(self._last))
            elif name == "H" and not self._acked:
                self._end()
                return [*out, TimedOut()]
            else:
                self._end()
        return out


class RequestServer(_Machine):
    """Any other request that came (section 17.2.2): trying, proceeding, completed, terminated."""

    def start(self, now: int) -> list[Output]:  # noqa: ARG002  (all four machines start alike)
        """It came."""
        self.state = "trying"
        self._last: Response | None = None
        return [Heard(self.request)]

    def receive(self, request: Request, now: int) -> list[Output]:  # noqa: ARG002  (all four machines are fed alike)
        """The same again: the same answer again, if there is one."""
        return [] if self._last is None else [Send(self._last)]

    def respond(self, response: Response, now: int) -> list[Output]:
        """What its user answers. After a final answer nothing more is sent."""
        if self.state not in {"trying", "proceeding"}:
            return []
        self._last = response
        self.state = "proceeding" if response.code < 200 else "completed"
        if self.state == "completed":
            if self.reliable:
                self._end()
            else:
                self._deadlines.put("J", now + self.timing.lifetime_ms)
        return [Send(response)]

    def tick(self, now: int) -> list[Output]:
        """What the time brings."""
        if self._deadlines.due(now):
            self._end()
        return []


Client = InviteClient | RequestClient
Server = InviteServer | RequestServer


def acknowledgement(request: Request, response: Response) -> Request:
    """The ACK of a refused INVITE: of the same transaction, so with its Via (section 17.1.1.3)."""
    kept = [
        (name, value) for name, value in request.headers if name.lower() in {"from", "call-id", "route", "max-forwards"}
    ]
    return Request(
        method="ACK",
        uri=request.uri,
        headers=(
            ("Via", str(headers.top_via(request))),
            *kept,
            ("To", response.first("To") or request.first("To") or ""),
            ("CSeq", f"{headers.cseq(request).number} ACK"),
        ),
    )


def cancellation(request: Request) -> Request:
    """The CANCEL of an INVITE that has no final answer yet (section 9.1)."""
    kept = [
        (name, value)
        for name, value in request.headers
        if name.lower() in {"from", "to", "call-id", "route", "max-forwards"}
    ]
    via, number = ("Via", str(headers.top_via(request))), headers.cseq(request).number
    return Request(method="CANCEL", uri=request.uri, headers=(via, *kept, ("CSeq", f"{number} CANCEL")))


def through(request: Request, via: headers.Via) -> Request:
    """The request with our Via on top."""
    return msgspec.structs.replace(
        request, headers=with_headers(request.headers, "Via", str(via), *request.all("Via"))
    )  # fmt: skip

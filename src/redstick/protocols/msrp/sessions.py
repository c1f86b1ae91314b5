"""One session of messages (RFC 4975 sections 5, 7 and 8), without a connection: messages and the time in and out.

Who is spoken with was said in SDP; a request that comes from or is for anybody else gets 481. Each text of ours is told
of: delivered once every part was answered with 200, else not, and why; a report that says otherwise later counts.
"""

from collections import OrderedDict
from collections.abc import Callable

import msgspec

from redstick.protocols.faults import Malformed
from redstick.protocols.msrp.chunks import Assembly, TooLarge, cut
from redstick.protocols.msrp.messages import MORE, WHOLE, Message, Request, Response
from redstick.protocols.msrp.uris import MsrpUri, read_path
from redstick.protocols.plain_text import ENVELOPE, PLAIN, enveloped, text_of

ANSWERED_WITHIN_MS = 30_000.0  # section 7.1.2
MOST_UNDER_WAY, MOST_REMEMBERED = 64, 256
OUR_TYPES = f"{ENVELOPE} {PLAIN}"
OK = (200, "OK")


class Said(msgspec.Struct, frozen=True):
    """Text of theirs, whole."""

    text: str


class Settled(msgspec.Struct, frozen=True):
    """What became of a text of ours, by its number."""

    number: int
    delivered: bool
    why: str = ""


Out = Message | Said | Settled


class _Sent(msgspec.Struct):
    """A text under way: the transactions of its parts that have no answer yet."""

    number: int
    due_ms: float
    open: set[str]


class Session:
    """`ours` and `theirs` are the two paths; `fresh` gives unguessable names of 4 to 32 letters and digits.

    `accepts` are the media types that they take; where plain text is none of them it goes in an envelope.
    """

    def __init__(
        self, ours: MsrpUri, theirs: tuple[MsrpUri, ...], accepts: tuple[str, ...], fresh: Callable[[], str]
    ) -> None:
        self.ours, self.theirs, self._fresh = ours, theirs, fresh
        self._wraps = not {PLAIN, "text/*", "*"} & {one.lower() for one in accepts}
        self._assembly = Assembly()
        self._sent: dict[str, _Sent] = {}  # by Message-ID, not answered yet
        self._message: dict[str, str] = {}  # Message-ID by transaction
        self._numbers: OrderedDict[str, int] = OrderedDict()  # of texts that were sent, for reports that come late

    @property
    def due_ms(self) -> float | None:
        """When `tick` is due."""
        return min((one.due_ms for one in self._sent.values()), default=None)

    @property
    def paths(self) -> tuple[tuple[str, str], ...]:
        """The headers with which every request of ours begins."""
        return ("To-Path", " ".join(map(str, self.theirs))), ("From-Path", str(self.ours))

    # What comes

    def receive(self, message: Message) -> list[Out]:
        """What a message asks for and says."""
        if isinstance(message, Response):
            return self._answered(message)
        if not self.is_ours(message):
            return [] if message.method == "REPORT" else [refusal(message, 481, "Session Does Not Exist")]
        if message.method == "SEND":
            return self._said(message)
        return self._reported(message) if message.method == "REPORT" else [refusal(message, 501, "Unknown Method")]

    def is_ours(self, request: Request) -> bool:
        """Whether it comes from whom the session is with, and is for us."""
        try:
            to, sender = (read_path(request.first(name) or "") for name in ("To-Path", "From-Path"))
        except Malformed:
            return False
        return to == (self.ours,) and sender[-1] == self.theirs[-1]

    def _said(self, request: Request) -> list[Out]:
        if request.body is None:  # says that somebody is there
            return _answers(request, *OK)
        kind = request.first("Content-Type") or ""
        if kind.partition(";")[0].strip().lower() not in (PLAIN, ENVELOPE):
            return _answers(request, 415, "Unsupported Media Type")
        try:
            whole = self._assembly.take(request)
        except TooLarge as too_large:
            return _answers(request, 413, str(too_large)[:80])
        except Malformed as malformed:
            return _answers(request, 400, str(malformed)[:80])
        if whole is None:
            return _answers(request, *OK)
        text = text_of(*whole)
        if text is None:
            return _answers(request, 415, "Unsupported Media Type")
        reports = [self._report(request, len(whole[1]))] if _says(request, "Success-Report", "yes") else []
        return [*_answers(request, *OK), *([Said(text)] if text else []), *reports]

    def _report(self, request: Request, octets: int) -> Request:
        headers = (
            ("To-Path", request.first("From-Path") or ""), ("From-Path", str(self.ours)),
            ("Message-ID", request.first("Message-ID") or ""), ("Byte-Range", f"1-{octets}/{octets}"),
            ("Status", "000 200 OK"),
        )  # fmt: skip
        return Request(transaction=self._fresh(), method="REPORT", headers=headers)

    def _answered(self, response: Response) -> list[Out]:
        name = self._message.pop(response.transaction, "")
        sent = self._sent.get(name)
        if sent is None:
            return []
        sent.open.discard(response.transaction)
        if response.code != 200:
            return self._settle(name, delivered=False, why=f"{response.code} {response.comment}".strip())
        return [] if sent.open else self._settle(name, delivered=True)

    def _reported(self, request: Request) -> list[Out]:
        """No report is answered (section 7.1.2)."""
        name, status = request.first("Message-ID") or "", (request.first("Status") or "").split()
        if name not in self._numbers or len(status) < 2 or status[0] != "000":
            return []
        good = status[1] == "200"
        if name in self._sent:
            return self._settle(name, delivered=good, why="" if good else " ".join(status[1:]))
        return [] if good else [Settled(self._numbers[name], delivered=False, why=" ".join(status[1:]))]

    def _settle(self, name: str, *, delivered: bool, why: str = "") -> list[Out]:
        sent = self._sent.pop(name)
        for transaction in sent.open:
            self._message.pop(transaction, None)
        return [Settled(sent.number, delivered, why)]

    # What goes

    def hello(self) -> Request:
        """The first message of whoever opened the connection: nothing but who it is (section 5.4)."""
        headers = (*self.paths, ("Message-ID", self._fresh()))
        return Request(transaction=self._fresh(), method="SEND", headers=headers)

    def write(self, text: str, number: int, now_ms: float) -> list[Request] | None:
        """A text of ours, in parts; None while too many are under way."""
        if len(self._sent) >= MOST_UNDER_WAY:
            return None
        kind = ENVELOPE if self._wraps else f"{PLAIN};charset=UTF-8"
        data = enveloped(text, "sip:anonymous@anonymous.invalid", "sip:anonymous@anonymous.invalid") if (
            self._wraps) else text.encode()  # fmt: skip
        name, parts = self._fresh(), []
        for where, last, body in cut(data):
            flag = WHOLE if last == where.total else MORE
            headers = (
                *self.paths, ("Message-ID", name), ("Byte-Range", f"{where.first}-{last}/{where.total}"),
                ("Content-Type", kind),
            )  # fmt: skip
            parts.append(Request(transaction=self._name(body), method="SEND", headers=headers, body=body, flag=flag))
        self._sent[name] = _Sent(number, now_ms + ANSWERED_WITHIN_MS, {one.transaction for one in parts})
        self._message |= {one.transaction: name for one in parts}
        self._numbers[name] = number
        if len(self._numbers) > MOST_REMEMBERED:
            self._numbers.popitem(last=False)
        return parts

    def _name(self, body: bytes) -> str:
        """Of a transaction: not one that would end within its body."""
        while f"-------{(name := self._fresh())}".encode() in body:
            pass
        return name

    def awaits(self, request: Request) -> bool:
        """Whether a request of ours still has something to bring."""
        return request.transaction in self._message

    def tick(self, now_ms: float) -> list[Out]:
        """What nobody answered in time was not delivered."""
        late = [name for name, one in self._sent.items() if one.due_ms <= now_ms]
        return [told for name in late for told in self._settle(name, delivered=False, why="408 no answer")]

    def close(self, why: str) -> list[Out]:
        """The session or its connection is over: what is under way was not delivered."""
        return [told for name in list(self._sent) for told in self._settle(name, delivered=False, why=why)]


def refusal(request: Request, code: int, comment: str) -> Response:
    """An answer, back to whoever sent it (section 7.2)."""
    back = (request.first("From-Path") or "").partition(" ")[0]
    here = (request.first("To-Path") or "").partition(" ")[0]
    return Response(
        transaction=request.transaction, code=code, comment=comment, headers=(("To-Path", back), ("From-Path", here))
    )


def _answers(request: Request, code: int, comment: str) -> list[Out]:
    """An answer as Failure-Report asks for it: none, of failures alone, or always (section 7.1.2)."""
    if _says(request, "Failure-Report", "no") or (code == 200 and _says(request, "Failure-Report", "partial")):
        return []
    return [refusal(request, code, comment)]


def _says(request: Request, name: str, value: str) -> bool:
    return (request.first(name) or "").strip().lower() == value

"""Messages of MSRP, and a stream cut into them (RFC 4975 sections 7 and 9).

A message ends where a line says so with its own transaction's name; how long it is nobody says before. A stream of
which that cannot be found is refused whole, and so is a head that is none.
"""

import re

import msgspec

from redstick.protocols.faults import Fault, Malformed

MOST_BYTES = 256 << 10  # of one message on the wire
MOST_LINES, MOST_START = 60, 300
WHOLE, MORE, ABORTED = "$", "+", "#"
_IDENT = r"[A-Za-z0-9][A-Za-z0-9.\-+%=]{3,31}"
_REQUEST = re.compile(rf"MSRP ({_IDENT}) ([A-Z]{{1,32}})")
_RESPONSE = re.compile(rf"MSRP ({_IDENT}) ([0-9]{{3}})(?: ([^\r\n]{{0,200}}))?")
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9!#$%&'*+\-.^_`|~]{0,63}): ?([^\r\n]*)")
_START = re.compile(rf"MSRP ({_IDENT}) [^\r\n]*\r\n".encode())
Headers = tuple[tuple[str, str], ...]


class _Headed(msgspec.Struct, frozen=True, kw_only=True):
    """What every message has: its transaction, and headers in their order, of which paths come first."""

    transaction: str
    headers: Headers = ()

    def first(self, name: str) -> str | None:
        """The first value of a header, None where it is absent."""
        wanted = name.lower()
        return next((value for known, value in self.headers if known.lower() == wanted), None)


class Request(_Headed, frozen=True, kw_only=True):
    """SEND, REPORT and their like. `body` is None where there is none; `flag` whether more of the message comes."""

    method: str
    body: bytes | None = None
    flag: str = WHOLE


class Response(_Headed, frozen=True, kw_only=True):
    """An answer to a request."""

    code: int
    comment: str = ""


Message = Request | Response


class Frames:
    """A byte stream cut into messages. Raises Malformed where it can be cut no more: its connection must be closed."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._held, self._most = bytearray(), most
        self._end = b""  # how the line begins that ends the message under way
        self._sought = 0  # up to here no end was found

    def feed(self, data: bytes) -> list[Message]:
        """More bytes; every whole message that they complete."""
        self._held += data
        found = []
        while (message := self._next()) is not None:
            found.append(message)
        if len(self._held) > self._most:
            raise Malformed(Fault("message", f"at most {self._most} bytes"))
        return found

    def _next(self) -> Message | None:
        if not self._end and not self._begun():
            return None
        while True:
            at = self._held.find(self._end, self._sought)
            if at < 0:
                self._sought = max(0, len(self._held) - len(self._end))
                return None
            after = at + len(self._end)
            tail = bytes(self._held[after : after + 3])
            if len(tail) < 3:
                self._sought = at
                return None
            if tail[:1] in (b"$", b"+", b"#") and tail[1:] == b"\r\n":
                message = _read(bytes(self._held[: at + 2]), chr(tail[0]))
                del self._held[: after + 3]
                self._end, self._sought = b"", 0
                return message
            self._sought = after  # a line of the body that only looks like it

    def _begun(self) -> bool:
        line = self._held.find(b"\r\n")
        if line < 0:
            if len(self._held) > MOST_START:
                raise Malformed(Fault("start line", f"at most {MOST_START} bytes"))
            return False
        matched = _START.match(self._held) if line <= MOST_START else None
        if matched is None:
            raise Malformed(Fault("start line", f"one of MSRP, not {bytes(self._held[:40])!r}"))
        self._end, self._sought = b"\r\n-------" + matched[1], 0
        return True


def _read(data: bytes, flag: str) -> Message:
    """A message without its last line; `data` ends with the line end before that."""
    head, gap, body = data.partition(b"\r\n\r\n")
    if not gap:
        head = data[:-2]
    start, *lines = head.decode(errors="backslashreplace").split("\r\n")
    headers = _headers(lines)
    answered = _RESPONSE.fullmatch(start)
    if answered is not None:
        return Response(
            transaction=answered[1], headers=headers, code=int(answered[2]), comment=(answered[3] or "").strip()
        )
    asked = _REQUEST.fullmatch(start)
    if asked is None:
        raise Malformed(Fault("start line", f"a method or a code, not {start[:40]!r}"))
    return Request(
        transaction=asked[1], headers=headers, method=asked[2], body=body[:-2] if gap else None, flag=flag
    )  # fmt: skip


def _headers(lines: list[str]) -> Headers:
    matched = [_HEADER.fullmatch(line) for line in lines]
    if len(lines) > MOST_LINES or None in matched:
        raise Malformed(Fault("headers", f"at most {MOST_LINES} lines with a name and a value"))
    return tuple((one[1], one[2].strip()) for one in matched if one is not None)


def write_message(message: Message) -> bytes:
    """The bytes of a message. Raises ValueError for what would break out of its line, or end it too soon."""
    if isinstance(message, Response):
        start, body, flag = f"MSRP {message.transaction} {message.code:03} {message.comment}".rstrip(), None, WHOLE
    else:
        start, body, flag = f"MSRP {message.transaction} {message.method}", message.body, message.flag
    lines = [start, *(f"{name}: {value}" for name, value in message.headers)]
    end = f"-------{message.transaction}"
    if any("\r" in line or "\n" in line for line in lines) or (body is not None and end.encode() in body):
        raise ValueError("a line break within a line of MSRP, or the end of the message within it")
    data = b"" if body is None else b"\r\n" + body + b"\r\n"
    return "\r\n".join(lines).encode() + b"\r\n" + data + f"{end}{flag}\r\n".encode()

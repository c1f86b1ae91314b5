"""Bytes to SIP messages, within limits. Values of headers are left as text: who needs one reads it (`headers.py`).

One bad header line costs that line, never the call: it is named in `faults`. A start line that is none, or bytes beyond
the limits, are refused whole.
"""

import re

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip.grammar import TOKEN
from redstick.protocols.sip.messages import COMPACT, Message, Request, Response

MOST_BYTES = 256 << 10
MOST_HEAD_BYTES = 64 << 10
MOST_LINES = 400
_FOLD = re.compile(r"\r?\n[ \t]+")
_VERSION = re.compile(r"SIP/[0-9]{1,3}\.[0-9]{1,3}", re.IGNORECASE)
_STATUS = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?", re.IGNORECASE | re.DOTALL)


def read_message(data: bytes) -> Message:
    """The message of one datagram; octets behind its Content-Length are left out (RFC 3261 section 18.3).

    Raises Malformed: for a start line that is none, for more than the limits, for bytes that are a keep-alive only.
    """
    if len(data) > MOST_BYTES:
        raise Malformed(Fault("message", f"at most {MOST_BYTES} bytes, not {len(data)}"))
    data = data.lstrip(b"\r\n")  # section 7.5
    head, body = _divided(data)
    if len(head) > MOST_HEAD_BYTES:
        raise Malformed(Fault("headers", f"at most {MOST_HEAD_BYTES} bytes"))
    start, *lines = _FOLD.sub(" ", head.decode(errors="backslashreplace")).replace("\r\n", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise Malformed(Fault("headers", f"at most {MOST_LINES} lines"))
    headers, faults = _headers(lines)
    length = declared_length(headers)
    body = body if length is None else body[:length]
    return _started(start, headers, body, faults)


def _divided(data: bytes) -> tuple[bytes, bytes]:
    for gap in (b"\r\n\r\n", b"\n\n"):
        head, found, body = data.partition(gap)
        if found:
            return head, body
    return data.rstrip(b"\r\n"), b""


def _headers(lines: list[str]) -> tuple[tuple[tuple[str, str], ...], tuple[Fault, ...]]:
    headers: list[tuple[str, str]] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines, start=2):
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if colon and TOKEN.fullmatch(name) and "\r" not in value:  # a lone one would split the line when it is echoed
            headers.append((COMPACT.get(name.lower(), name), value.strip(" \t")))
        else:
            faults.append(Fault(f"line {number}", f"a header, not {line[:60]!r}"))
    return tuple(headers), tuple(faults)


def declared_length(headers: tuple[tuple[str, str], ...]) -> int | None:
    """What Content-Length says; None when it says nothing, nonsense, or two things."""
    said = {value for name, value in headers if name.lower() == "content-length"}
    [one, *more] = said or {""}
    return int(one) if not more and re.fullmatch(r"[0-9]{1,9}", one) else None


def _started(start: str, headers: tuple[tuple[str, str], ...], body: bytes, faults: tuple[Fault, ...]) -> Message:
    status = _STATUS.fullmatch(start)
    if status:
        reason = (status[2] or "").strip()
        return Response(code=int(status[1]), reason=reason, headers=headers, body=body, faults=faults)
    method, _, rest = start.partition(" ")
    uri, _, version = rest.rstrip().rpartition(" ")
    if not TOKEN.fullmatch(method) or not _VERSION.fullmatch(version) or not uri.strip() or "\r" in start:
        raise Malformed(Fault("start line", f"a request line or a status line of SIP, not {start[:60]!r}"))
    return Request(
        method=method, uri=uri.strip(), version=version.upper(), headers=headers, body=body, faults=faults
    )  # fmt: skip


class Stream:
    """A byte stream cut into messages by Content-Length (RFC 3261 section 18.3).

    Raises Malformed where the stream can no longer be cut: whoever owns the connection must close it.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._sought = 0  # up to here no end of a head was found
        self._whole = 0  # the length of the message that has begun, once its head is known

    def feed(self, data: bytes) -> list[bytes]:
        """More bytes; every whole message that they complete. Keep-alives between messages are dropped."""
        self._held += data
        found = []
        while self._begun() and len(self._held) >= self._whole:
            found.append(bytes(self._held[: self._whole]))
            del self._held[: self._whole]
            self._whole = self._sought = 0
        return found

    def _begun(self) -> bool:
        if self._whole:
            return True
        if self._sought == 0 and self._held[:1] in (bytearray(b"\r"), bytearray(b"\n")):
            del self._held[: len(self._held) - len(self._held.lstrip(b"\r\n"))]
        end = self._held.find(b"\r\n\r\n", self._sought)
        if (end if end >= 0 else len(self._held)) > MOST_HEAD_BYTES:
            raise Malformed(Fault("headers", f"at most {MOST_HEAD_BYTES} bytes"))
        if end < 0:
            self._sought = max(0, len(self._held) - 3)
            return False
        self._whole = end + 4 + self._length(bytes(self._held[:end]))
        return True

    def _length(self, head: bytes) -> int:
        lines = _FOLD.sub(" ", head.decode(errors="backslashreplace")).split("\r\n")[1:]
        length = declared_length(_headers(lines)[0])
        if length is None or length > MOST_BYTES:
            raise Malformed(Fault("Content-Length", f"one length of at most {MOST_BYTES} bytes on a stream"))
        return length

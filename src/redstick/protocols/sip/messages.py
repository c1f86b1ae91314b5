"""A SIP message as a value: a request or a response, its headers in order, its body as bytes.

Header names are told apart without regard to case; compact forms are spelled out when a message is read (RFC 3261
section 7.3.3), so `From` finds `f`.
"""

import msgspec

from redstick.protocols.faults import Fault

Headers = tuple[tuple[str, str], ...]

COMPACT = {
    "a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "d": "Request-Disposition", "e": "Content-Encoding",
    "f": "From", "i": "Call-ID", "j": "Reject-Contact", "k": "Supported", "l": "Content-Length", "m": "Contact",
    "n": "Identity-Info", "o": "Event", "r": "Refer-To", "s": "Subject", "t": "To", "u": "Allow-Events", "v": "Via",
    "x": "Session-Expires", "y": "Identity",
}  # fmt: skip


class _Message(msgspec.Struct, frozen=True, kw_only=True):
    headers: Headers = ()
    body: bytes = b""
    faults: tuple[Fault, ...] = ()  # lines that could not be read and were left out

    def all(self, name: str) -> list[str]:
        """Every value under a name, one for each line, in order."""
        wanted = name.lower()
        return [value for known, value in self.headers if known.lower() == wanted]

    def first(self, name: str) -> str | None:
        """The first value under a name, None when there is none."""
        return next(iter(self.all(name)), None)


class Request(_Message, frozen=True, kw_only=True):
    """A request. `uri` is the Request-URI as written; what is wrong with it is for `checking` to say."""

    method: str
    uri: str
    version: str = "SIP/2.0"


class Response(_Message, frozen=True, kw_only=True):
    """A response: a code from 100 to 699 and its words."""

    code: int
    reason: str = ""


Message = Request | Response


def with_headers(headers: Headers, name: str, *values: str) -> Headers:
    """The headers in which exactly these values stand under a name, where the first stood or at the end."""
    wanted, put, placed = name.lower(), tuple((name, value) for value in values), False
    kept: list[tuple[str, str]] = []
    for pair in headers:
        if pair[0].lower() != wanted:
            kept.append(pair)
        elif not placed:
            kept.extend(put)
            placed = True
    return (*kept, *(() if placed else put))


def answer(request: Request, code: int, reason: str, *headers: tuple[str, str], tag: str = "") -> Response:
    """A response to a request as RFC 3261 section 8.2.6 makes one. `tag` is ours, put on a To that has none.

    What the request lacks the response lacks too: nothing is invented for a broken request (RFC 4475 section 3.3.1).
    """
    copied = [pair for pair in request.headers if pair[0].lower() in {"via", "from", "to", "call-id", "cseq"}]
    if code < 300:
        copied += [pair for pair in request.headers if pair[0].lower() == "record-route"]
    if tag and code > 100:
        copied = [(name, _tagged(value, tag) if name.lower() == "to" else value) for name, value in copied]
    return Response(code=code, reason=reason, headers=(*copied, *headers))


def _tagged(value: str, tag: str) -> str:
    after = value.rpartition(">")[2]
    return value if ";tag=" in after.replace(" ", "").lower() else f"{value};tag={tag}"

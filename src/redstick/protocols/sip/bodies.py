"""The parts of a SIP body: multipart taken apart in any depth (RFC 2046 section 5.1, RFC 5621), and put together.

A broken part costs a flag, never the call: `Parts.faults` says what could not be read, and what could is there.
"""

import re

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip.grammar import TOKEN, parameter
from redstick.protocols.sip.headers import Kind, read_kind
from redstick.protocols.sip.messages import Headers, Message

MOST_PARTS, MOST_DEPTH, MOST_PART_BYTES = 64, 6, 128 << 10
_FOLD = re.compile(r"\r?\n[ \t]+")
_PLAIN = Kind("text/plain")


class Part(msgspec.Struct, frozen=True):
    """One leaf of a body: what it is, its own headers, its bytes as they came. `id` is its Content-ID, unbracketed."""

    kind: Kind
    body: bytes
    headers: Headers = ()

    @property
    def id(self) -> str:
        """The Content-ID without angle brackets, empty when there is none."""
        for name, value in self.headers:
            if name.lower() == "content-id":
                return value.strip().removeprefix("<").removesuffix(">")
        return ""


class Parts(msgspec.Struct, frozen=True):
    """All leaves in order, and what could not be read."""

    parts: tuple[Part, ...] = ()
    faults: tuple[Fault, ...] = ()

    def of(self, name: str) -> list[Part]:
        """The parts of a media type."""
        return [part for part in self.parts if part.kind.name == name]

    def by_id(self, uri: str) -> Part | None:
        """The part that a `cid:` URI or a bare Content-ID names, None when none does."""
        wanted = uri[4:] if uri.lower().startswith("cid:") else uri
        return next((part for part in self.parts if part.id and part.id == wanted), None)


def parts_of(message: Message) -> Parts:
    """The parts of a message. Never raises: what is broken stands in `faults`."""
    if not message.body:
        return Parts()
    said = message.first("Content-Type")
    faults: list[Fault] = []
    found: list[Part] = []
    own = tuple(pair for pair in message.headers if pair[0].lower().startswith("content-"))
    _walk(said, own, message.body, "body", 1, found, faults)
    return Parts(tuple(found), tuple(faults))


def _walk(
    said: str | None, own: Headers, body: bytes, place: str, depth: int, found: list[Part], faults: list[Fault]
) -> None:
    try:
        kind = _PLAIN if said is None else read_kind(said, f"{place} (Content-Type)")
    except Malformed as malformed:
        faults.extend(malformed.faults)
        return
    if not kind.name.startswith("multipart/"):
        if len(body) > MOST_PART_BYTES:
            faults.append(Fault(place, f"at most {MOST_PART_BYTES} bytes"))
        elif len(found) < MOST_PARTS:
            found.append(Part(kind, body, own))
        return
    boundary = parameter(kind.parameters, "boundary") or ""
    if not 0 < len(boundary) <= 70 or depth > MOST_DEPTH:
        faults.append(Fault(place, f"a boundary of 1 to 70 characters, and at most {MOST_DEPTH} levels"))
        return
    chunks, closed = _cut(body, boundary.encode())
    if not closed:
        faults.append(Fault(place, f"a closing boundary --{boundary[:30]}--"))
    if len(chunks) > MOST_PARTS:
        faults.append(Fault(place, f"at most {MOST_PARTS} parts"))
    for number, chunk in enumerate(chunks[:MOST_PARTS], start=1):
        inner, inner_body = _divided(chunk)
        name = f"{place}/{number}"
        kinds = [value for header, value in inner if header.lower() == "content-type"]
        _walk(kinds[0] if kinds else None, inner, inner_body, name, depth + 1, found, faults)


def _cut(body: bytes, boundary: bytes) -> tuple[list[bytes], bool]:
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    chunks: list[bytes] = []
    start = None
    for matched in line.finditer(body):
        if start is not None:
            chunks.append(body[start : matched.start()])
        start = matched.end()
        if matched[1]:
            return chunks, True
    if start is not None and body[start:].strip():
        chunks.append(body[start:])
    return chunks, False


def _divided(chunk: bytes) -> tuple[Headers, bytes]:
    chunk = chunk.removeprefix(b"\r\n") if chunk.startswith(b"\r\n") else chunk.removeprefix(b"\n")
    if chunk[:2] == b"\r\n" or chunk[:1] == b"\n":  # no headers at all
        return (), chunk.removeprefix(b"\r\n") if chunk.startswith(b"\r\n") else chunk[1:]
    gap = re.search(rb"\r?\n\r?\n", chunk)
    head, body = (chunk[: gap.start()], chunk[gap.end() :]) if gap else (chunk, b"")
    lines = _FOLD.sub(" ", head.decode(errors="backslashreplace")).splitlines()
    pairs = (line.partition(":") for line in lines)
    return tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon and _is_name(name)), body


def _is_name(text: str) -> bool:
    return TOKEN.fullmatch(text.strip()) is not None


def write_parts(parts: tuple[Part, ...], boundary: str) -> tuple[str, bytes]:
    """The Content-Type and the body of several parts. Raises ValueError when `boundary` occurs in one of them."""
    if any(f"--{boundary}".encode() in part.body for part in parts):
        raise ValueError("the boundary occurs within a part")
    written = []
    for part in parts:
        headers = [("Content-Type", str(part.kind)), *(h for h in part.headers if h[0].lower() != "content-type")]
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        written.append(f"--{boundary}\r\n{head}\r\n".encode() + part.body + b"\r\n")
    return f"multipart/mixed;boundary={boundary}", b"".join(written) + f"--{boundary}--\r\n".encode()

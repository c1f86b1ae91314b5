"""A session description as a value. Every line is kept, in order, also what means nothing to us (ICE, DTLS, labels).

Reading is tolerant where a call would be lost for a formality: a missing `s=` or `t=` is named in `faults` and the call
goes on. A media line that cannot be read is refused: answering it wrongly would be a call without a voice.
"""

import re

import msgspec

from redstick.protocols.faults import Fault, Malformed

MOST_BYTES, MOST_LINES, MOST_MEDIA = 64 << 10, 2_000, 64
Attributes = tuple[tuple[str, str | None], ...]
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+\-.^_`{|}~]+")
_MEDIA = re.compile(r"([A-Za-z0-9!#$%&'*+\-.^_`{|}~]+) ([0-9]{1,5})(?:/([0-9]{1,3}))? ([A-Za-z0-9/.+\-_]+)((?: \S+)+)")
_CONNECTION = re.compile(r"IN (IP4|IP6) (\S+)")
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


class Origin(msgspec.Struct, frozen=True):
    """Who made the description, and which version of it this is."""

    user: str
    id: str
    version: str
    family: str
    address: str

    def __str__(self) -> str:
        """The value as it stands in `o=`."""
        return f"{self.user} {self.id} {self.version} IN {self.family} {self.address}"


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """One stream: `m=` and what belongs to it. `connection` is family and address where they differ from the session's.

    `other` holds `i=`, `b=` and `k=` lines as they came, before the attributes.
    """

    kind: str
    port: int
    transport: str
    formats: tuple[str, ...]
    ports: int = 1
    connection: tuple[str, str] | None = None
    other: tuple[str, ...] = ()
    attributes: Attributes = ()

    def all(self, name: str) -> list[str]:
        """Every value of an attribute, in order; one without a value is empty."""
        return [value or "" for known, value in self.attributes if known == name]

    def first(self, name: str) -> str | None:
        """The first value of an attribute, None when it is absent."""
        return next(iter(self.all(name)), None)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A whole description. `other` holds i=, u=, e=, p=, b=, t=, r=, z= and k= lines of the session as they came."""

    origin: Origin | None = None
    name: str = "-"
    connection: tuple[str, str] | None = None
    other: tuple[str, ...] = ("t=0 0",)
    attributes: Attributes = ()
    media: tuple[Media, ...] = ()
    faults: tuple[Fault, ...] = ()

    def all(self, name: str) -> list[str]:
        """Every value of an attribute of the session."""
        return [value or "" for known, value in self.attributes if known == name]

    def of(self, kind: str) -> list[Media]:
        """The streams of a kind, in order, declined ones too."""
        return [media for media in self.media if media.kind == kind]

    def first(self, media: Media, name: str) -> str | None:
        """An attribute of a stream, or else of the session."""
        own = media.first(name)
        return own if own is not None else next(iter(self.all(name)), None)

    def direction(self, media: Media) -> str:
        """Who sends on a stream, as whoever wrote this sees it (RFC 3264 section 5.1)."""
        for attributes in (media.attributes, self.attributes):
            for name, _ in attributes:
                if name in DIRECTIONS:
                    return name
        return "sendrecv"

    def address(self, media: Media) -> str | None:
        """Where a stream is to be sent, None when nothing says it."""
        connection = media.connection or self.connection
        return None if connection is None else connection[1].partition("/")[0]

    def is_held(self, media: Media) -> bool:
        """Whether whoever wrote this does not want to hear us: by direction, or by the older all-zero address."""
        return self.direction(media) in {"sendonly", "inactive"} or self.address(media) == "0.0.0.0"  # noqa: S104  (an address read, not bound)


def read_sdp(data: bytes) -> Session:
    """The description that `data` holds. Raises Malformed."""
    if len(data) > MOST_BYTES:
        raise Malformed(Fault("sdp", f"at most {MOST_BYTES} bytes"))
    lines = [line for line in data.decode(errors="backslashreplace").replace("\r\n", "\n").split("\n") if line]
    if not lines or not lines[0].startswith("v=") or len(lines) > MOST_LINES:
        raise Malformed(Fault("sdp line 1", f"v=0, and at most {MOST_LINES} lines"))
    faults: list[Fault] = [] if lines[0].strip() == "v=0" else [Fault("sdp line 1", "v=0")]
    blocks: list[list[tuple[int, str, str]]] = [[]]
    for number, line in enumerate(lines[1:], start=2):
        kind, equals, value = line[:1], line[1:2], line[2:].rstrip("\r")
        if equals != "=" or "\r" in value:
            faults.append(Fault(f"sdp line {number}", f"a letter, an equals sign and a value, not {line[:40]!r}"))
            continue
        if kind == "m":
            blocks.append([])
        blocks[-1].append((number, kind, value))
    if len(blocks) > MOST_MEDIA + 1:
        raise Malformed(Fault("sdp", f"at most {MOST_MEDIA} streams"))
    media = tuple(_read_media(block) for block in blocks[1:])
    return _read_session(blocks[0], media, faults)


def _read_session(block: list[tuple[int, str, str]], media: tuple[Media, ...], faults: list[Fault]) -> Session:
    origin: Origin | None = None
    name: str | None = None
    connection: tuple[str, str] | None = None
    other: list[str] = []
    attributes: list[tuple[str, str | None]] = []
    for number, kind, value in block:
        if kind == "o":
            origin = _read_origin(value)
            if origin is None:
                faults.append(Fault(f"sdp line {number}", "who made it: six values"))
        elif kind == "s":
            name = value
        elif kind == "c":
            connection = _read_connection(value, number)
        elif kind == "a":
            attributes.append(_read_attribute(value))
        else:
            other.append(f"{kind}={value}")
    if name is None:
        faults.append(Fault("sdp", "a name (s=)"))
    if not any(line.startswith("t=") for line in other):
        faults.append(Fault("sdp", "a time (t=)"))
    return Session(
        origin=origin, name=name or "-", connection=connection, other=tuple(other), attributes=tuple(attributes),
        media=media, faults=tuple(faults),
    )  # fmt: skip


def _read_media(block: list[tuple[int, str, str]]) -> Media:
    number, _, value = block[0]
    matched = _MEDIA.fullmatch(value.rstrip())
    if not matched or int(matched[2]) > 65_535:
        raise Malformed(Fault(f"sdp line {number}", "a kind, a port, a transport and formats (m=)"))
    connection: tuple[str, str] | None = None
    other, attributes = [], []
    for line, kind, text in block[1:]:
        if kind == "c":
            connection = _read_connection(text, line)
        elif kind == "a":
            attributes.append(_read_attribute(text))
        else:
            other.append(f"{kind}={text}")
    return Media(
        kind=matched[1], port=int(matched[2]), ports=int(matched[3] or 1), transport=matched[4],
        formats=tuple(matched[5].split()), connection=connection, other=tuple(other), attributes=tuple(attributes),
    )  # fmt: skip


def _read_origin(value: str) -> Origin | None:
    parts = value.split()
    return Origin(parts[0], parts[1], parts[2], parts[4], parts[5]) if len(parts) == 6 and parts[3] == "IN" else None


def _read_connection(value: str, number: int) -> tuple[str, str]:
    matched = _CONNECTION.fullmatch(value.rstrip())
    if not matched:
        raise Malformed(Fault(f"sdp line {number}", "IN, IP4 or IP6, and an address (c=)"))
    return matched[1], matched[2]


def _read_attribute(value: str) -> tuple[str, str | None]:
    name, colon, rest = value.partition(":")
    return name, rest if colon else None


def write_sdp(session: Session) -> bytes:
    """The bytes of a description. Raises ValueError for a value that would break out of its line."""
    lines = ["v=0", f"o={session.origin or Origin('-', '0', '0', 'IP4', '127.0.0.1')}", f"s={session.name}"]
    before, after = _parted(session.other)
    lines += before
    if session.connection is not None:
        lines.append(f"c=IN {session.connection[0]} {session.connection[1]}")
    lines += after + [_written(*pair) for pair in session.attributes]
    for media in session.media:
        ports = f"/{media.ports}" if media.ports != 1 else ""
        lines.append(f"m={media.kind} {media.port}{ports} {media.transport} {' '.join(media.formats)}")
        before, after = _parted(media.other)
        lines += before
        if media.connection is not None:
            lines.append(f"c=IN {media.connection[0]} {media.connection[1]}")
        lines += after + [_written(*pair) for pair in media.attributes]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line break within a line of SDP")
    return ("\r\n".join(lines) + "\r\n").encode()


def _parted(other: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The lines that stand before `c=` and those behind it (RFC 8866 section 5)."""
    before = [line for line in other if line[:1] in "iuep"]
    return before, [line for line in other if line[:1] not in "iuep"]


def _written(name: str, value: str | None) -> str:
    return f"a={name}" if value is None else f"a={name}:{value}"

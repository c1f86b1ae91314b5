"""Addresses of MSRP (RFC 4975 section 6): where a session is reached, and which one it is."""

import re

import msgspec

from redstick.protocols.faults import Fault, Malformed

MOST_LENGTH, MOST_PORT = 300, 65_535
_URI = re.compile(
    r"(msrps?)://(?:[A-Za-z0-9\-._~!$&'()*+,;=:%]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._]+)(?::([0-9]{1,5}))?"
    r"/([A-Za-z0-9\-._~!$&'()*+,=%]+);tcp((?:;[^\s;]+)*)",
    re.IGNORECASE,
)


class MsrpUri(msgspec.Struct, frozen=True):
    """One address over TCP: host in lower case; the session's name is compared as it is written (section 6.1)."""

    host: str
    port: int
    session: str
    secure: bool = False

    def __str__(self) -> str:
        """As it stands in a path."""
        return f"{'msrps' if self.secure else 'msrp'}://{self.host}:{self.port}/{self.session};tcp"


def read_uri(text: str) -> MsrpUri:
    """An address. Raises Malformed."""
    matched = _URI.fullmatch(text) if len(text) <= MOST_LENGTH else None
    port = int(matched[3] or 2855) if matched else 0
    if matched is None or not 0 < port <= MOST_PORT:
        raise Malformed(Fault("path", f"msrp://host:port/session;tcp, not {text[:60]!r}"))
    return MsrpUri(matched[2].lower(), port, matched[4], matched[1].lower() == "msrps")


def read_path(text: str) -> tuple[MsrpUri, ...]:
    """A path: addresses with spaces between them, sixteen at most. Raises Malformed."""
    parts = text.split(" ") if len(text) <= 16 * MOST_LENGTH else []
    if not 1 <= len(parts) <= 16:
        raise Malformed(Fault("path", "one address to sixteen"))
    return tuple(read_uri(one) for one in parts)

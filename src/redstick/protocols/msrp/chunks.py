"""A message in parts (RFC 4975 sections 5.1 and 7.1.1): put together however they come, within limits; and cut."""

import re

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.msrp.messages import ABORTED, WHOLE, Request

MOST_OCTETS = 64 << 10  # of one message: a text of a person is never longer
MOST_OPEN, MOST_PARTS = 16, 512  # messages under way on one session, parts of one
CHUNK = 2_048  # octets: more must be interruptible
_RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9}|\*)/([0-9]{1,9}|\*)")


class TooLarge(Malformed):
    """More than is taken of one message, or of messages at once: 413."""


class Range(msgspec.Struct, frozen=True):
    """Which octets a part is, the first is 1; `total` is None where nobody knows yet."""

    first: int
    total: int | None = None


def range_of(request: Request) -> Range:
    """What Byte-Range says; all of it where it says nothing. Raises Malformed."""
    said = request.first("Byte-Range")
    if said is None:
        return Range(1)
    matched = _RANGE.fullmatch(said)
    if matched is None or int(matched[1]) < 1:
        raise Malformed(Fault("Byte-Range", f"first-last/total, not {said[:40]!r}"))
    return Range(int(matched[1]), None if matched[3] == "*" else int(matched[3]))


class _Open(msgspec.Struct):
    kind: str
    parts: list[tuple[int, bytes]]
    octets: int = 0
    last: int | None = None


class Assembly:
    """Messages of one session that are under way, by their ids."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}

    def take(self, request: Request) -> tuple[str, bytes] | None:
        """A part came: media type and octets of the message that it completes, None while more is to come.

        One that is aborted is forgotten. Raises Malformed, and TooLarge: what was under way is then forgotten too.
        """
        name, where = request.first("Message-ID") or "", range_of(request)
        body = request.body or b""
        last = where.first + len(body) - 1
        if not name:
            raise Malformed(Fault("Message-ID", "an id of the message"))
        if request.flag == ABORTED:
            self._open.pop(name, None)
            return None
        if where.first == 1 and request.flag == WHOLE and name not in self._open and len(body) <= MOST_OCTETS:
            return request.first("Content-Type") or "", body
        return self._add(name, request, where, body, last)

    def _add(self, name: str, request: Request, where: Range, body: bytes, last: int) -> tuple[str, bytes] | None:
        if name not in self._open and len(self._open) >= MOST_OPEN:
            raise TooLarge(Fault("message", f"at most {MOST_OPEN} messages at once"))
        one = self._open.setdefault(name, _Open(request.first("Content-Type") or "", []))
        one.octets += len(body)
        one.parts.append((where.first, body))
        too_far = max(last, where.total or 0, one.octets) > MOST_OCTETS
        if too_far or len(one.parts) > MOST_PARTS:
            del self._open[name]
            raise TooLarge(Fault("message", f"at most {MOST_OCTETS} octets in {MOST_PARTS} parts"))
        if request.flag == WHOLE:
            one.last = last
        whole = None if one.last is None else _together(one.parts, one.last)
        if whole is None:
            return None
        del self._open[name]
        return one.kind, whole


def _together(parts: list[tuple[int, bytes]], last: int) -> bytes | None:
    """The octets, None while some are missing."""
    whole = bytearray()
    for first, body in sorted(parts):
        if first > len(whole) + 1:
            return None
        whole[first - 1 : first - 1 + len(body)] = body
    return bytes(whole[:last]) if len(whole) >= last else None


def cut(data: bytes) -> list[tuple[Range, int, bytes]]:
    """Parts to be sent: where each stands, its last octet, its octets; of nothing one that is empty."""
    total = len(data)
    starts = range(0, max(total, 1), CHUNK)
    return [(Range(at + 1, total), min(at + CHUNK, total), data[at : at + CHUNK]) for at in starts]

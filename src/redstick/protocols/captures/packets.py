"""Packets of a capture file (pcap, pcapng), over Ethernet, raw IP, or loopback; IPv4 and IPv6, TCP and UDP.

Frames of other kinds are left out: a capture on a busy network is full of them. A file that ends within a packet gives
what came before.
"""

import struct
from collections.abc import Iterator
from ipaddress import ip_address

import msgspec

from redstick.protocols.faults import Fault, Malformed

MOST_BYTES = 256 << 20
MAGIC = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000), b"\xa1\xb2\xc3\xd4": (">", 1_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000), b"\xa1\xb2\x3c\x4d": (">", 1_000_000),
}  # fmt: skip
SECTION = b"\x0a\x0d\x0d\x0a"
TCP, UDP = 6, 17


class Packet(msgspec.Struct, frozen=True):
    """One TCP segment or UDP datagram with a payload. `at` is ms since the epoch; ends are (address, port)."""

    at: int
    protocol: int
    source: tuple[str, int]
    target: tuple[str, int]
    payload: bytes
    sequence: int = 0


def read_capture(data: bytes) -> list[Packet]:
    """Every packet that carries something, in the order of the file. Raises Malformed for what is no capture."""
    if len(data) > MOST_BYTES:
        raise Malformed(Fault("capture", f"at most {MOST_BYTES} bytes"))
    if data[:4] in MAGIC and len(data) >= 24:
        frames = _frames(data)
    elif data[:4] == SECTION:
        frames = _blocks(data)
    else:
        raise Malformed(Fault("capture (byte 0)", "a file of pcap or pcapng"))
    return [packet for at, link, frame in frames if (packet := _packet(at, link, frame)) is not None]


def _frames(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    order, unit = MAGIC[data[:4]]
    link = struct.unpack_from(f"{order}I", data, 20)[0] & 0xFFFF
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, length, _ = struct.unpack_from(f"{order}IIII", data, at)
        at += 16
        if at + length > len(data):
            return
        yield seconds * 1_000 + fraction // unit, link, data[at : at + length]
        at += length


def _blocks(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    order, at = "<", 0
    links: list[int] = []
    while at + 12 <= len(data):
        if data[at : at + 4] == SECTION:
            order, links = ("<" if data[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">"), []
        kind, length = struct.unpack_from(f"{order}II", data, at)
        if length < 12 or length % 4 or at + length > len(data):
            return
        if kind == 1 and length >= 20:
            links.append(struct.unpack_from(f"{order}H", data, at + 8)[0])
        elif kind == 6 and length >= 32:
            face, high, low, kept, _ = struct.unpack_from(f"{order}IIIII", data, at + 8)
            if face < len(links) and kept <= length - 32:
                yield ((high << 32) + low) // 1_000, links[face], data[at + 28 : at + 28 + kept]
        at += length


def _packet(at: int, link: int, frame: bytes) -> Packet | None:
    inner = _network(link, frame)
    if not inner:
        return None
    version = inner[0] >> 4
    if version == 4 and len(inner) >= 20:
        head, protocol = (inner[0] & 15) * 4, inner[9]
        if struct.unpack_from(">H", inner, 6)[0] & 0x1FFF:  # not the first fragment
            return None
        ends = (str(ip_address(inner[12:16])), str(ip_address(inner[16:20])))
        total = struct.unpack_from(">H", inner, 2)[0] or len(inner)
        return _transport(at, protocol, ends, inner[head:total])
    if version == 6 and len(inner) >= 40:
        ends = (str(ip_address(inner[8:24])), str(ip_address(inner[24:40])))
        total = 40 + struct.unpack_from(">H", inner, 4)[0]
        return _transport(at, inner[6], ends, inner[40:total])
    return None


def _network(link: int, frame: bytes) -> bytes:
    if link == 1:  # Ethernet, perhaps with tags of VLANs
        at = 12
        while frame[at : at + 2] in {b"\x81\x00", b"\x88\xa8"}:
            at += 4
        return frame[at + 2 :] if frame[at : at + 2] in {b"\x08\x00", b"\x86\xdd"} else b""
    if link == 0:
        return frame[4:]
    if link == 113:  # Linux' cooked form
        return frame[16:] if frame[14:16] in {b"\x08\x00", b"\x86\xdd"} else b""
    return frame if link in {12, 14, 101, 228, 229} else b""


def _transport(at: int, protocol: int, ends: tuple[str, str], data: bytes) -> Packet | None:
    if protocol == UDP and len(data) >= 8:
        source, target = struct.unpack_from(">HH", data)
        payload, sequence = data[8:], 0
    elif protocol == TCP and len(data) >= 20:
        source, target, sequence = struct.unpack_from(">HHI", data)
        payload = data[(data[12] >> 4) * 4 :]
    else:
        return None
    if not payload:
        return None
    return Packet(at, protocol, (ends[0], source), (ends[1], target), payload, sequence)

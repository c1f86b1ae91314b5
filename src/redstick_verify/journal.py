"""A journal's files: every byte held to the chain. The form is that of docs/journal-format.md, read here anew.

A journal is a folder of `segment-<first position>.log` (open) or `.sealed` (packed) and of `head.witness`. A line of
the form ends with ` check=<CRC-32 of what stands before>`: the first line of a segment, the line before each batch, the
two heads of the witness. A batch is `lines=` stored lines `<hash> <JSON>` in `bytes=` bytes, packed by zlib when
sealed; hash = SHA-256(previous hash as 32 bytes, then the JSON's bytes) in hexadecimal; positions count from 1.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

HEADER = re.compile(
    rb"redstick-(?:journal 1|sealed 1 last=(?P<last>\d{16}) head=(?P<head>[0-9a-f]{64}) root=(?P<root>[0-9a-f]{64}))"
    rb" first=(?P<first>\d{16}) previous=(?P<previous>[0-9a-f]{64})"
    rb"(?: broken=(?P<broken>\S+) byte=(?P<byte>\d+) good=(?P<good>\d{16}))?"
)
BATCH = re.compile(rb"batch first=(\d{16}) lines=(\d+) bytes=(\d+) previous=([0-9a-f]{64}) crc=([0-9a-f]{8})")
SLOT = re.compile(rb"redstick-head 1 position=(\d{16}) hash=([0-9a-f]{64})")
LINE = re.compile(rb'([0-9a-f]{64}) \{"position":(\d+),[^\n]*\n')
SLOT_BYTES, FORM_LINE_BYTES, CHECK_BYTES = 4096, 512, len(" check=01234567\n")

Placed = tuple[int, bytes]  # a position and its stored line


class Batch(NamedTuple):
    """What the line before a batch says, and where its bytes begin and end."""

    first: int
    lines: int
    previous: bytes
    crc: int
    begins: int
    ends: int


@dataclass
class Walk:
    """What was found so far. `linked` is False behind a fault, until the next batch says what it follows."""

    position: int = 0
    previous: bytes = bytes(32)
    linked: bool = True
    end: tuple[str, int] = ("", 0)  # file and byte behind the last good batch
    faults: list[str] = field(default_factory=list)
    breaks: list[dict[str, Any]] = field(default_factory=list)
    torn: str | None = None
    hashes: dict[int, set[bytes]] = field(default_factory=dict)  # at the positions that somebody cites

    def fault(self, file: str, byte: int, what: str) -> None:
        """Note a fault with its place."""
        self.faults.append(f"{file}: byte {byte}: {what}")
        self.linked = False

    def reach(self, position: int, digest: bytes, file: str, byte: int) -> None:
        """The chain is good up to here."""
        self.position, self.previous, self.linked, self.end = position, digest, True, (file, byte)
        if position in self.hashes:
            self.hashes[position].add(digest)


def check(folder: Path) -> dict[str, Any]:
    """Walk every file in order.

    Gives {ok, positions, head, first_bad, faults, breaks, torn, witness}: the last position and its hash; the first
    fault, or None; every fault with file and byte; the breaks that a later segment cites and goes on behind; where a
    batch lies that was being written when the world ended, which is no fault; the position that the witness saw.
    """
    walk = Walk()
    slots = _witnessed(folder, walk)
    walk.hashes = {position: set() for position in [*(position for position, _ in slots), *_cited(folder)]}
    for _ in _walk(folder, walk):
        pass
    for position, digest in slots:
        seen = walk.hashes[position]
        if position > walk.position:
            walk.fault(*walk.end, f"the witness saw position {position} durable, and it is not there")
        elif position and seen and digest not in seen:
            walk.fault(*walk.end, f"the witness saw another line at position {position}")
    bad = walk.faults + [f"{at['file']}: byte {at['byte']}: broken, as a later segment says" for at in walk.breaks]
    return {
        "ok": not bad,
        "positions": walk.position,
        "head": walk.previous.hex(),
        "first_bad": bad[0] if bad else None,
        "faults": walk.faults,
        "breaks": walk.breaks,
        "torn": walk.torn,
        "witness": max((position for position, _ in slots), default=None),
    }


def lines(folder: Path) -> Iterator[Placed]:
    """Every stored line that follows the one before it as that states itself, with its position, in order."""
    return _walk(folder, Walk())


def segments_in(folder: Path) -> list[Path]:
    """The segments of a folder, in order; where both forms of one are there, the open one first."""
    found = [path for path in folder.glob("segment-*") if re.fullmatch(r"segment-\d{16}\.(log|sealed)", path.name)]
    return sorted(found)


def _walk(folder: Path, walk: Walk) -> Iterator[Placed]:
    paths = segments_in(folder)
    for i, path in enumerate(paths):
        if i + 1 < len(paths) and paths[i + 1].stem == path.stem:  # a crash came between sealing it and removing it
            twin = Walk(walk.position, walk.previous, linked=False)
            for _ in _segment(path, twin):
                pass
            walk.faults += twin.faults
        else:
            yield from _segment(path, walk)
            if walk.torn and path != paths[-1]:
                walk.faults.append(walk.torn)
                walk.torn = None


# One segment


def _segment(path: Path, walk: Walk) -> Iterator[Placed]:
    """The lines of a segment that follow, and a note of everything else."""
    data, packed = path.read_bytes(), path.suffix == ".sealed"
    said, offset = _header(path, data, walk)
    leaves: list[bytes] = []
    while 0 <= offset < len(data) and (packed or data[offset] or data[offset:].strip(b"\0")):
        batch = _batch_at(data, offset)
        found, bad = _lines_of(batch, data, packed=packed) if batch else ([], 0)
        yield from found
        leaves += (hashlib.sha256(b"\0" + line).digest() for _, line in found)
        if batch and bad is None:
            if walk.linked and (batch.first - 1, batch.previous) != (walk.position, walk.previous):
                walk.fault(path.name, offset, f"position {batch.first} does not follow the line before it")
            walk.reach(found[-1][0], bytes.fromhex(found[-1][1][:64].decode()), path.name, batch.ends)
            offset = batch.ends
        elif not packed and _is_torn(batch, data, offset, len(found), walk):
            walk.torn = f"{path.name}: byte {offset}: a batch is not complete"
            return
        else:
            place = batch.begins + (bad or 0) if batch else len(data) - len(data[offset:].lstrip(b"\0"))
            walk.fault(path.name, place, "not the lines that were written" if batch else "no batch begins here")
            offset = _next_batch(data, offset + 1)
    if said.get("last") and (walk.position, walk.previous.hex()) != (int(said["last"]), said["head"]):
        walk.fault(path.name, 0, "the segment does not end where its header says")
    elif said.get("root", "") not in {"", _root(leaves).hex()}:
        walk.fault(path.name, 0, "the root is not that of the lines")


def _header(path: Path, data: bytes, walk: Walk) -> tuple[dict[str, str], int]:
    """Hold a segment's header to the chain before it; gives what it says, and where batches begin, or -1."""
    text = _form_line(data, 0) or b""
    found = HEADER.fullmatch(text)
    said = {name: value.decode() for name, value in (found.groupdict() if found else {}).items() if value}
    if _is_begun(path, data):
        walk.torn = f"{path.name}: byte 0: a segment was being begun"
        return {}, -1
    if not said or f"segment-{said['first']}.{'sealed' if 'last' in said else 'log'}" != path.name:
        walk.fault(path.name, 0, "not the header of this segment")
        return {}, _next_batch(data, 0)
    first, previous = int(said["first"]), bytes.fromhex(said["previous"])
    if "broken" in said:
        good = int(said["good"])
        walk.breaks.append({"file": said["broken"], "byte": int(said["byte"]), "good": good, "first": first})
        if walk.hashes.get(good) and previous not in walk.hashes[good]:
            walk.fault(path.name, 0, f"cites another line at position {good}")
    elif walk.linked and (first - 1, previous) != (walk.position, walk.previous):
        walk.fault(path.name, 0, f"position {first} does not follow {walk.position}, or not the line there")
    walk.reach(first - 1, previous, path.name, len(text) + CHECK_BYTES)
    return said, len(text) + CHECK_BYTES


def _lines_of(batch: Batch, data: bytes, *, packed: bool) -> tuple[list[Placed], int | None]:
    """The lines of a batch that follow, and at which of its bytes the first fault lies, if there is one."""
    stored = data[batch.begins : batch.ends]
    unpacked = _unpacked(stored) if packed else stored
    found: list[Placed] = []
    bad, at, previous = None, 0, batch.previous
    for line in re.findall(rb"[^\n]*\n|[^\n]+\Z", unpacked):
        said = LINE.fullmatch(line)
        if said and said[1].decode() == hashlib.sha256(previous + line[65:-1]).hexdigest():
            found.append((int(said[2]), line))
        elif bad is None:
            bad = 0 if packed else at
        previous, at = bytes.fromhex(said[1].decode()) if said else previous, at + len(line)
    counted = all(position == batch.first + i for i, (position, _) in enumerate(found))
    whole = counted and 0 < len(found) == batch.lines and len(stored) == batch.ends - batch.begins
    if bad is None and (not whole or zlib.crc32(stored) != batch.crc):
        bad = 0
    return found, bad


def _is_begun(path: Path, data: bytes) -> bool:
    """Whether there is no more of an open segment than a beginning of its header."""
    there, begins = data.rstrip(b"\0"), b"redstick-journal 1 first=%s previous=" % path.stem[-16:].encode()
    like = begins.startswith(there) or there.startswith(begins)
    return path.suffix == ".log" and like and not re.search(rb"\n| check=[0-9a-f]{8}.", there)


def _is_torn(batch: Batch | None, data: bytes, offset: int, good: int, walk: Walk) -> bool:
    """Whether a batch simply ends too early: everything that is there of it is as it was to be."""
    there = data[offset:].rstrip(b"\0")
    if batch is None:
        begins = b"batch first=%016d lines=" % (walk.position + 1)
        return b"\n" not in there and (begins.startswith(there) or there.startswith(begins))
    body = there[batch.begins - offset :]
    return len(body) < batch.ends - batch.begins and body.count(b"\n") == good


# Lines of the form


def _form_line(data: bytes, offset: int) -> bytes | None:
    """The text of the line of the form at `offset`, if it is one and its check is right."""
    end = data.find(b"\n", offset, offset + FORM_LINE_BYTES)
    text, check = data[offset : max(end + 1 - CHECK_BYTES, offset)], data[max(end + 1 - CHECK_BYTES, offset) : end + 1]
    return text if check == b" check=%08x\n" % zlib.crc32(text) else None


def _batch_at(data: bytes, offset: int) -> Batch | None:
    text = _form_line(data, offset) or b""
    found = BATCH.fullmatch(text)
    if found is None:
        return None
    begins, previous = offset + len(text) + CHECK_BYTES, bytes.fromhex(found[4].decode())
    return Batch(int(found[1]), int(found[2]), previous, int(found[5], 16), begins, begins + int(found[3]))


def _next_batch(data: bytes, offset: int) -> int:
    """Where the next batch begins that says so itself; -1 when there is none."""
    at = data.find(b"batch first=", offset)
    while at >= 0 and _batch_at(data, at) is None:
        at = data.find(b"batch first=", at + 1)
    return at


def _unpacked(stored: bytes) -> bytes:
    """What can be unpacked of a batch."""
    unpacking, found = zlib.decompressobj(), bytearray()
    with suppress(zlib.error):
        for at in range(0, len(stored), 4096):
            found += unpacking.decompress(stored[at : at + 4096])
    return bytes(found)


def _root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1: the root of a tree of these leaves."""
    level = leaves or [hashlib.sha256().digest()]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [hashlib.sha256(b"\1" + left + right).digest() for left, right in pairs] + level[len(level) & ~1 :]
    return level[0]


# What lies beside the segments


def _witnessed(folder: Path, walk: Walk) -> list[tuple[int, bytes]]:
    """The heads in the two slots of the witness, and a note of what is wrong with it."""
    path = folder / "head.witness"
    if not path.is_file():
        return []
    data = path.read_bytes()
    found = []
    for offset in (0, SLOT_BYTES):
        text = _form_line(data, offset) or b""
        slot = SLOT.fullmatch(text)
        behind = data[offset + len(text) + CHECK_BYTES : offset + SLOT_BYTES]
        if slot is None:
            walk.faults.append(f"{path.name}: byte {offset}: not a head as it was written")
            continue
        found.append((int(slot[1]), bytes.fromhex(slot[2].decode())))
        if behind.strip(b"\0"):
            byte = offset + SLOT_BYTES - len(behind.lstrip(b"\0"))
            walk.faults.append(f"{path.name}: byte {byte}: something stands behind a head")
    if len(data) != 2 * SLOT_BYTES:
        walk.faults.append(f"{path.name}: byte {len(data)}: not {2 * SLOT_BYTES} bytes long")
    return found


def _cited(folder: Path) -> list[int]:
    """The good positions that headers cite."""
    found = []
    for path in segments_in(folder):
        with path.open("rb") as file:
            header = HEADER.fullmatch(_form_line(file.read(FORM_LINE_BYTES), 0) or b"")
        if header and header["good"]:
            found.append(int(header["good"]))
    return found

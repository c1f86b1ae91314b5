"""What a leg said, kept as it was received: packets with their times, in segments that are chained by their hashes.

A file is the packets one after another, each with the time at which it came; nothing at its head changes when it is
closed (as it would in WAV), so that a file whose writer was killed is good to its last whole packet. `chain.jsonl`
beside the files has a line for each closed segment. The chain of a leg begins with SHA-256 of its id; each link is
SHA-256 of the link before and the hash of exactly the bytes of the segment.
"""

import hashlib
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from redstick.comms.ports import EngineEvent, RecordingFailed, Segment
from redstick.protocols.captures.rtp import Rtp

SEGMENT_MS = 10_000.0  # what a segment lasts; a crash leaves at most one that is not closed
HEAD = struct.Struct(">QIHBxH")  # microseconds of a clock that only goes forward, timestamp, sequence, type, octets
INDEX = "chain.jsonl"
SUFFIX = ".rtp"
MOST_LINE = 4 << 10  # bytes of the index that are read at a time; a line has about 220


class Link(msgspec.Struct, frozen=True):
    """A closed segment, as its line has it: `bytes` of the file, their hash, the chain to there.

    `salvaged` where it was closed for a writer that was killed.
    """

    index: int
    path: str
    bytes: int
    sha256: str
    chain: str
    salvaged: bool = False


class Recorder:
    """One leg's recording in a folder of its own; `tell` hears of each closed segment, or once that it failed.

    It may be closed and go on: where it is in its chain it knows, and reads from disk once. Of the segments there those
    behind the `known` first ones are told again, since whoever was killed may not have told them. Raises OSError or
    ValueError where what stands there cannot be gone on with.
    """

    def __init__(self, leg: str, folder: Path, tell: Callable[[EngineEvent], None], known: int | None = None) -> None:
        self._leg, self._folder, self._tell = leg, folder, tell
        self._file: BinaryIO | None = None
        self._began_ms = 0.0
        self.failed = False
        links = _newest(leg, folder, known)
        self._index, self._chain = (links[-1].index + 1, links[-1].chain) if links else (0, first_link(leg))
        for link in links:
            if known is not None and link.index >= known:
                self._say(link)

    def keep(self, packet: Rtp, now_ms: float) -> None:
        """A packet came: it is with the system before anything else happens to it, whatever becomes of this process."""
        if self.failed:
            return
        head = HEAD.pack(
            int(now_ms * 1000), packet.timestamp, packet.sequence, packet.payload_type, len(packet.payload)
        )
        try:
            if self._file is not None and now_ms - self._began_ms >= SEGMENT_MS:
                self._close()
            if self._file is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._file, self._began_ms = self._path.open("xb", buffering=0), now_ms
            self._file.write(head + packet.payload)
        except OSError as error:
            self._fail(error)

    def close(self) -> None:
        """Close what is open."""
        if self.failed or self._file is None:
            return
        try:
            self._close()
        except OSError as error:
            self._fail(error)

    @property
    def _path(self) -> Path:
        return self._folder / f"{self._index:06}{SUFFIX}"

    def _close(self) -> None:
        """Write, sync, hash, then tell: in this order."""
        if self._file is None:
            return
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        link = _linked(self._path, self._index, self._chain)
        _write_link(self._folder, link)
        self._index, self._chain = self._index + 1, link.chain
        self._say(link)

    def _say(self, link: Link) -> None:
        self._tell(Segment(self._leg, link.index, link.path, link.bytes, link.sha256, link.chain, link.salvaged))

    def _fail(self, error: OSError) -> None:
        self.failed = True
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        self._tell(RecordingFailed(self._leg, str(error)))


def first_link(leg: str) -> str:
    """Where the chain of a leg begins."""
    return hashlib.sha256(leg.encode()).hexdigest()


def salvage(leg: str, folder: Path) -> list[Link]:
    """Close what a writer that was killed has left: cut to its last whole packet and linked, marked as salvaged."""
    _newest(leg, folder)
    return read_links(folder)


def faults(leg: str, folder: Path) -> Iterator[str]:
    """Whatever of a recording is not as it was closed, in words; nothing when all of it verifies.

    A file without its link is none of them: it is still being written, or waits to be salvaged.
    """
    chain = first_link(leg)
    for number, link in enumerate(read_links(folder)):
        path = folder / link.path
        if link.index != number or link.path != f"{number:06}{SUFFIX}":
            yield f"segment {number} is called {link.index} at {link.path}"
        elif not path.exists():
            yield f"{link.path} is gone"
        else:
            said = _linked(path, number, chain)
            if (said.bytes, said.sha256) != (link.bytes, link.sha256):
                yield f"{link.path} has other bytes than when it was closed"
            elif said.chain != link.chain:
                yield f"{link.path} is not chained to the one before it"
        chain = link.chain


def packets(path: Path) -> Iterator[tuple[int, Rtp]]:
    """The whole packets of a segment, with the microseconds at which each came."""
    data, at = path.read_bytes(), 0
    while at + HEAD.size <= len(data):
        came_us, timestamp, sequence, kind, octets = HEAD.unpack_from(data, at)
        at += HEAD.size
        if at + octets > len(data):
            return
        yield came_us, Rtp(kind, sequence, timestamp, 0, (), data[at : at + octets])
        at += octets


def read_links(folder: Path) -> list[Link]:
    """The links that are whole; a last line that a crash has torn is none."""
    path = folder / INDEX
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [msgspec.json.decode(line, type=Link) for line in lines]


def _newest(leg: str, folder: Path, first: int | None = None) -> list[Link]:
    """The last links, back to that of number `first`, or the last one alone; what was left open is closed before."""
    links: list[Link] = []
    for line in _from_the_end(folder / INDEX):
        links.append(msgspec.json.decode(line, type=Link))
        if first is None or links[-1].index <= first:
            break
    links.reverse()
    index, chain = (links[-1].index + 1, links[-1].chain) if links else (0, first_link(leg))
    path = folder / f"{index:06}{SUFFIX}"
    if path.exists():
        _cut(path)
        links.append(msgspec.structs.replace(_linked(path, index, chain), salvaged=True))
        _cut_torn_line(folder)
        _write_link(folder, links[-1])
    return links


def _cut(path: Path) -> None:
    """To its last whole packet, on the disk before its hash is."""
    with path.open("rb+") as file:
        file.truncate(sum(HEAD.size + len(packet.payload) for _, packet in packets(path)))
        os.fsync(file.fileno())


def _from_the_end(path: Path) -> Iterator[bytes]:
    """The whole lines of a file, the last one first, read as far as they are taken; none of a file that is not."""
    if not path.exists():
        return
    with path.open("rb") as file:
        at, head, torn = file.seek(0, os.SEEK_END), b"", True
        while at:
            begin = max(0, at - MOST_LINE)
            file.seek(begin)
            head, *lines = (file.read(at - begin) + head).split(b"\n")
            at = begin
            if torn and lines:
                torn = False
                lines.pop()  # behind the last end of a line
            yield from reversed(lines)
        if not torn:
            yield head


def _cut_torn_line(folder: Path) -> None:
    """What is written behind half a line would be none."""
    path = folder / INDEX
    if path.exists():
        with path.open("rb") as index:
            size = index.seek(0, os.SEEK_END)
            index.seek(max(0, size - MOST_LINE))
            torn = len(index.read().rpartition(b"\n")[2])
        os.truncate(path, size - torn)


def _linked(path: Path, index: int, chain: str) -> Link:
    data = path.read_bytes()
    digest = hashlib.sha256(data)
    link = hashlib.sha256(bytes.fromhex(chain) + digest.digest()).hexdigest()
    return Link(index, path.name, len(data), digest.hexdigest(), link)


def _write_link(folder: Path, link: Link) -> None:
    with (folder / INDEX).open("ab", buffering=0) as index:
        index.write(msgspec.json.encode(link) + b"\n")
        os.fsync(index.fileno())

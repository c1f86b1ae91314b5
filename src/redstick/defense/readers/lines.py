"""Lines of a stream, each of bounded length: what is longer is counted and passed over, never held whole."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from redstick.defense.readers.event import Tally

MAX_LINE_BYTES = 8 * 1024 * 1024
SKIP_BYTES = 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"
TORN = (EOFError, zlib.error, gzip.BadGzipFile)  # what a compressed file raises that breaks off or is damaged


def open_bytes(path: Path) -> BinaryIO:
    """The bytes of a file: gzip is unpacked, UTF-16 (known by its mark) becomes UTF-8, a mark of UTF-8 is left out."""
    mark = b""
    with _unpacked(path) as start, suppress(*TORN):  # whoever reads on will meet the same fault, and count it
        mark = start.read(3)
    stream = _unpacked(path)
    if mark == codecs.BOM_UTF8:
        stream.read(3)
    if mark[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return cast("BinaryIO", io.BufferedReader(_FromUtf16(stream)))
    return stream


def _unpacked(path: Path) -> BinaryIO:
    with path.open("rb") as start:
        packed = start.read(2) == GZIP_MAGIC
    # GzipFile closes only a file that it opened itself.
    return cast("BinaryIO", gzip.GzipFile(path, "rb")) if packed else path.open("rb")


class _FromUtf16(io.RawIOBase):
    """A stream of UTF-16 text as UTF-8; what is no text becomes U+FFFD."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        """Fill `target` as far as one step reaches; 0 only at the end."""
        data = self._rest
        while not data:
            read = self._stream.read(SKIP_BYTES)
            data = self._decoder.decode(read, not read).encode()
            if not read:
                break
        self._rest = data[len(target) :]
        target[: len(data[: len(target)])] = data[: len(target)]
        return len(data) - len(self._rest)

    def close(self) -> None:
        """Close the file too."""
        self._stream.close()
        super().close()


def bounded_lines(stream: BinaryIO, tally: Tally, limit: int = MAX_LINE_BYTES) -> Iterator[bytes]:
    """Lines with their line ends, empty ones left out; a line over `limit` bytes is lost, the next one is not."""
    readline = stream.readline
    try:
        while line := readline(limit + 1):
            if len(line) > limit and line[-1] != 10:
                _skip_rest(stream)
                tally.lose(f"line longer than {limit} bytes")
            elif not line.isspace():
                yield line
    except TORN:
        tally.lose("compressed file is torn")


def _skip_rest(stream: BinaryIO) -> None:
    while rest := stream.readline(SKIP_BYTES):
        if rest[-1] == 10:
            return


def as_text(data: bytes, tally: Tally) -> str:
    """UTF-8 text; broken sequences become U+FFFD and the event counts as repaired."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        tally.repairs["broken UTF-8"] += 1
        return data.decode(errors="replace")

"""Lines of a stream, each of bounded length: what is longer is counted and passed over, never held whole."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from redstick.defense.readers.event import Tally

MAX_LINE_BYTES = 8 * 1024 * 1024
SKIP_BYTES = 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"


def open_bytes(path: Path) -> BinaryIO:
    """The bytes of a file; gzip is unpacked on the way, known by its first two bytes."""
    with path.open("rb") as start:
        packed = start.read(2) == GZIP_MAGIC
    # GzipFile closes only a file that it opened itself.
    return cast("BinaryIO", gzip.GzipFile(path, "rb")) if packed else path.open("rb")


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
    except (EOFError, zlib.error, gzip.BadGzipFile):
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

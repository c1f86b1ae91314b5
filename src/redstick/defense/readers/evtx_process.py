"""The native EVTX parser in a process of its own, started by `evtx_file` as a script.

Damaged chunks are known to send that parser into endless loops and endless allocations, which nothing inside a process
survives. So this process may use little memory in all and little CPU time a chunk; the system ends it beyond that, and
the parent goes on with the next chunk. It reads requests `[path, first chunk]` from standard input, one a line, and
answers each with lines: `#` and the number of a chunk that is begun, `+` and a record as JSON, `-` for a fault, `.` at
the end.
"""

import contextlib
import gzip
import io
import itertools
import json
import signal
import struct
import sys
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from evtx import PyEvtxParser

FILE_HEADER_BYTES, CHUNK_BYTES = 4096, 65536
CHUNK_MAGIC = b"ElfChnk\0"
CPU_S = 5  # a chunk takes milliseconds
MEMORY_BYTES = 512 * 1024 * 1024
MAX_RECORDS = 4_096  # of one chunk, which has room for fewer


def file_header() -> bytes:
    """A sound header of a file of one chunk: a damaged one then costs no chunk."""
    start = struct.pack("<8sQQQIHHHH76x", b"ElfFile\0", 0, 0, 2, 128, 1, 3, FILE_HEADER_BYTES, 1)
    return (start + struct.pack("<II", 0, zlib.crc32(start))).ljust(FILE_HEADER_BYTES, b"\0")


def chunks(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of every chunk that is in use, its end filled up where the file is torn."""
    file.read(FILE_HEADER_BYTES)
    for number in itertools.count():
        chunk = file.read(CHUNK_BYTES)
        if not chunk:
            return
        if chunk.strip(b"\0"):
            yield number, chunk.ljust(CHUNK_BYTES, b"\0")


def records(chunk: bytes) -> Iterator[bytes | None]:
    """Records of a chunk as JSON in one line; None for each that is broken."""
    if not chunk.startswith(CHUNK_MAGIC):
        yield None
        return
    try:
        found = iter(PyEvtxParser(io.BytesIO(file_header() + chunk), number_of_threads=1).records_json())
    except (RuntimeError, OSError, ValueError):
        yield None
        return
    for _ in range(MAX_RECORDS):
        try:
            record = next(found)
        except StopIteration:
            return
        except (RuntimeError, OSError, ValueError):
            yield None
            continue
        text = str((record or {}).get("data", ""))
        yield text.replace("\r", " ").replace("\n", " ").encode("utf-8", "replace")


def answer(path: str, first: int, out: BinaryIO) -> None:
    """All chunks of a file from number `first` on; every line goes out at once, for the next may be the last."""
    with open(path, "rb") as plain:  # noqa: PTH123  (no pathlib in a process whose start is waited for)
        packed = plain.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if packed else open(path, "rb") as file:  # noqa: PTH123  (as in the line above, no pathlib here)
        for number, chunk in chunks(file):  # type: ignore[arg-type]  # gzip's file reads as any other
            if number < first:
                continue
            out.write(b"#%d\n" % number)
            out.flush()
            guard(CPU_S)
            for record in records(chunk):
                out.write(b"-\n" if record is None else b"+" + record + b"\n")
                out.flush()
            guard(0)


def guard(cpu_s: float) -> None:
    """Have the system end this process after so much more CPU time; 0 takes that back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, cpu_s)


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    with contextlib.suppress(ImportError):  # not on Windows
        import resource  # noqa: PLC0415  (exists on some systems only)

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        path, first = json.loads(line)
        try:
            answer(path, first, out)
        except (OSError, EOFError, zlib.error):
            out.write(b"-\n")
        out.write(b".\n")
        out.flush()


if __name__ == "__main__":
    main()

"""Windows event log files (EVTX); a broken record or chunk is counted, the others are read.

The parsing is done by the `evtx` library in a process of its own (`evtx_process`), because a damaged chunk can make it
run or grow without end. Such a chunk is one loss, and reading goes on behind it.
"""

import atexit
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from redstick.defense.readers.event import Event, Tally
from redstick.defense.readers.json_events import events_in, loose_json
from redstick.defense.sigma.logsources import Source

MAGIC = b"ElfFile\0"
MAX_DEATHS = 3  # of the parser over one file; then the rest of the file is given up
MAX_FAULTS = 10_000  # a file that is nothing but faults is given up here
_SCRIPT = Path(__file__).with_name("evtx_process.py")


class Parser:
    """The parser's process, begun when it is first needed and again after it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def lines(self, path: Path, first_chunk: int) -> Iterator[bytes]:
        """Its answer on a file, line by line; it breaks off without the closing `.` where the process died."""
        process = self._process = self._process or subprocess.Popen(
            [sys.executable, "-I", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the parser's process has no pipes")
        line = b""
        try:
            process.stdin.write(json.dumps([str(path.resolve()), first_chunk]).encode() + b"\n")
            process.stdin.flush()
            for line in process.stdout:
                yield line
                if line == b".\n":
                    break
        except BrokenPipeError:
            return
        finally:
            if line != b".\n":  # it died, or nobody wants the rest
                self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


_PARSER = Parser()
atexit.register(_PARSER.close)


def evtx_events(path: Path, tally: Tally, forced: Source | None = None) -> Iterator[Event]:
    """Events of one EVTX file, in the order of its chunks; `forced` sets the source of all."""
    chunk, deaths, faults, ended = 0, 0, 0, False
    while not ended and deaths < MAX_DEATHS and faults < MAX_FAULTS:
        for line in _PARSER.lines(path, chunk):
            kind, body = line[:1], line[1:]
            if kind == b"+":
                yield from _event(body, tally, forced)
            elif kind == b"#":
                chunk = int(body)
            elif kind == b"-":
                tally.lose("broken EVTX record or chunk")
                faults += 1
                if faults >= MAX_FAULTS:
                    break
            ended = kind == b"."
        if not ended and faults < MAX_FAULTS:
            tally.lose("EVTX chunk that sends its parser round in circles")
            deaths += 1
            chunk += 1
    if not ended:
        tally.lose("too many broken EVTX chunks: the rest of the file was given up")


def _event(text: bytes, tally: Tally, forced: Source | None) -> Iterator[Event]:
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        document = loose_json(text, tally)
    if isinstance(document, dict):
        yield from events_in(document, tally, forced)
    else:
        tally.lose("EVTX record is no event")

"""Any log file to events: the reader is chosen by name of the format, or by what the file begins with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal, get_args

from redstick.defense.readers.auditd import audit_events
from redstick.defense.readers.cef import cef_lines
from redstick.defense.readers.event import Event, Tally
from redstick.defense.readers.evtx_file import MAGIC, evtx_events
from redstick.defense.readers.json_events import json_documents, json_lines, one_per_line
from redstick.defense.readers.lines import open_bytes
from redstick.defense.readers.syslog import syslog_lines
from redstick.defense.readers.zeek import zeek_tsv
from redstick.defense.sigma.logsources import Source

Format = Literal["auto", "evtx", "json", "syslog", "cef", "auditd", "suricata", "zeek"]
FORMATS: tuple[str, ...] = get_args(Format)
HEAD_BYTES = 64 * 1024


class NotThatFormat(Exception):  # noqa: N818  (named for what is the matter)
    """A file is not what it was said to be."""


@dataclass(frozen=True)
class Settings:
    """How files are read. `reference` is the latest time that an RFC 3164 line may mean; `forced` sets every source."""

    reference: datetime
    format: str = "auto"
    zone: tzinfo = UTC
    forced: Source | None = None
    is_clean: Callable[[bytes], bool] | None = None


def open_events(path: Path, tally: Tally, settings: Settings) -> Iterator[Event]:
    """Events of a file. Raises NotThatFormat, OSError; what is inside the file is counted and never raised."""
    kind = settings.format if settings.format != "auto" else guess(path)
    if kind == "evtx":
        if not _head(path).startswith(MAGIC):
            raise NotThatFormat(f"{path}: not an EVTX file; expected it to begin with ElfFile")
        yield from evtx_events(path, tally)
        return
    with open_bytes(path) as stream:
        if kind in {"json", "suricata"} or (kind == "zeek" and _head(path).lstrip()[:1] == b"{"):
            if one_per_line(_head(path)):
                yield from json_lines(
                    stream, tally, settings.is_clean if settings.forced is None else None, settings.forced
                )
            else:
                yield from json_documents(stream, tally, settings.forced)
        elif kind == "zeek":
            yield from zeek_tsv(stream, tally)
        elif kind == "cef":
            yield from cef_lines(stream, tally, settings.forced)
        elif kind == "auditd":
            yield from audit_events(stream, tally)
        else:
            yield from syslog_lines(stream, tally, settings.reference, settings.zone, settings.forced)


def guess(path: Path) -> str:
    """The format of a file by its first 64 kB; plain lines are taken for syslog."""
    head = _head(path)
    if head.startswith(MAGIC):
        return "evtx"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"{", b"["} and not start.startswith(b"[<"):
        return "json"
    if start.startswith((b"#separator", b"#fields")):
        return "zeek"
    first = b"\n".join(start.split(b"\n", 20)[:20])
    if b"CEF:0|" in first or b"CEF:1|" in first:
        return "cef"
    return "auditd" if b"type=" in first and b"msg=audit(" in first else "syslog"


def _head(path: Path) -> bytes:
    with open_bytes(path) as stream:
        try:
            return stream.read(HEAD_BYTES)
        except (EOFError, OSError):
            return b""

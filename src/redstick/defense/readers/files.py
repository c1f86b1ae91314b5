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
from redstick.defense.readers.json_documents import json_documents
from redstick.defense.readers.json_events import json_lines, loose_json
from redstick.defense.readers.lines import TORN, open_bytes
from redstick.defense.readers.syslog import syslog_lines
from redstick.defense.readers.zeek import zeek_tsv
from redstick.defense.sigma.logsources import Source

Format = Literal["auto", "evtx", "json", "syslog", "cef", "auditd", "suricata", "zeek"]
FORMATS: tuple[str, ...] = get_args(Format)
HEAD_BYTES = 64 * 1024
MAX_LINES = 50  # of the beginning, looked at
STRANGE_SHARE = 0.2  # of the beginning; a few broken bytes must not hide a log


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
    head = _head(path)
    kind = settings.format if settings.format != "auto" else guess(head)
    forced = settings.forced
    if kind == "evtx":
        if not head.startswith(MAGIC):
            raise NotThatFormat(f"{path}: not an EVTX file; expected it to begin with ElfFile")
        yield from evtx_events(path, tally, forced)
        return
    if kind == "binary":
        raise NotThatFormat(f"{path}: no log that is known here; expected text, JSON or EVTX")
    with open_bytes(path) as stream:
        if kind in {"json", "suricata"} or (kind == "zeek" and head.lstrip()[:1] == b"{"):
            if one_per_line(head):
                yield from json_lines(stream, tally, settings.is_clean if forced is None else None, forced)
            else:
                yield from json_documents(stream, tally, forced)
        elif kind == "zeek":
            yield from zeek_tsv(stream, tally, forced)
        elif kind == "cef":
            yield from cef_lines(stream, tally, forced)
        elif kind == "auditd":
            yield from audit_events(stream, tally, forced)
        else:
            yield from syslog_lines(stream, tally, settings.reference, settings.zone, forced)


def guess(head: bytes) -> str:
    """The format of a file by its first 64 kB; plain lines are taken for syslog, what is hardly text for `binary`."""
    if head.startswith(MAGIC):
        return "evtx"
    start = head.lstrip()
    if start[:1] in {b"{", b"["} and not start.startswith(b"[<"):
        return "json"
    if start.startswith((b"#separator", b"#fields")):
        return "zeek"
    first = b"\n".join(start.split(b"\n", 20)[:20])
    if b"CEF:0|" in first or b"CEF:1|" in first:
        return "cef"
    if b"type=" in first and b"msg=audit(" in first:
        return "auditd"
    strange = head.count(0) + head.decode(errors="replace").count("\ufffd")
    return "binary" if strange > len(head) * STRANGE_SHARE else "syslog"


def one_per_line(head: bytes) -> bool:
    """Whether a JSON file holds one object a line, as far as its beginning shows a whole one in the first column."""
    if head.lstrip()[:1] != b"{":
        return False
    lines = head.split(b"\n")[: MAX_LINES + 1]
    whole = lines if len(head) < HEAD_BYTES and len(lines) <= MAX_LINES else lines[:-1]
    return any(line[:1] == b"{" and isinstance(loose_json(line, Tally()), dict) for line in whole)


def _head(path: Path) -> bytes:
    with open_bytes(path) as stream:
        try:
            return stream.read(HEAD_BYTES)
        except TORN:
            return b""

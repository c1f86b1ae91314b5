"""Zeek logs, as JSON (`_path` names the log) or as its own tab-separated form.

In the tab-separated form the decoder declares two texts to be no text: the unset mark (`-`) is an absent field, the
empty mark (`(empty)`) an empty one; sets and vectors are lists.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from redstick.defense.readers.event import Event, Tally
from redstick.defense.readers.lines import as_text, bounded_lines
from redstick.defense.sigma.logsources import Source

_CATEGORIES = {"http": ("proxy", "webserver"), "dns": ("dns",), "conn": ("firewall",)}
_NAMES = {
    "http": {
        "c-uri": "uri",
        "c-useragent": "user_agent",
        "cs-method": "method",
        "cs-host": "host",
        "cs-referer": "referrer",
        "sc-status": "status_code",
    },
    "dns": {"record_type": "qtype_name", "answer": "answers"},
    "conn": {"src_ip": "id.orig_h", "src_port": "id.orig_p", "dst_ip": "id.resp_h", "dst_port": "id.resp_p"},
}
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")


def zeek_event(path: str, fields: dict[str, Any]) -> tuple[Source, dict[str, Any]]:
    """Source and fields of one record of the log `path`, Sigma's names beside Zeek's."""
    for name, own in _NAMES.get(path, {}).items():
        if own in fields:
            fields.setdefault(name, fields[own])
    return Source("zeek", (path.lower(),), _CATEGORIES.get(path, ())), fields


class _Header:
    """What the lines that begin with `#` say; they may come again in the middle of a file."""

    def __init__(self) -> None:
        self.separator = "\t"
        self.set_separator = ","
        self.empty = "(empty)"
        self.unset = "-"
        self.path = ""
        self.fields: list[str] = []
        self.types: list[str] = []

    def read(self, line: str) -> None:
        """Take one header line."""
        if line.startswith("#separator "):
            self.separator = _unescaped(line.removeprefix("#separator ").strip()) or "\t"
            return
        name, *values = line[1:].split(self.separator)
        value = values[0] if values else ""
        if name == "set_separator":
            self.set_separator = value or ","
        elif name == "empty_field":
            self.empty = value
        elif name == "unset_field":
            self.unset = value
        elif name == "path":
            self.path = value
        elif name == "fields":
            self.fields = values
        elif name == "types":
            self.types = values

    def value(self, text: str, kind: str) -> Any:
        """One column as text or as a list of texts."""
        if kind.startswith(("set[", "vector[")):
            return [] if text == self.empty else [_unescaped(part) for part in text.split(self.set_separator)]
        return "" if text == self.empty else _unescaped(text)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) if "\\x" in text else text


def zeek_tsv(stream: BinaryIO, tally: Tally, forced: Source | None = None) -> Iterator[Event]:
    """Events of a tab-separated Zeek log; a row whose number of columns is not the header's is lost."""
    header = _Header()
    for line in bounded_lines(stream, tally):
        text = as_text(line, tally).rstrip("\r\n")
        if text.startswith("#"):
            header.read(text)
            continue
        columns = text.split(header.separator)
        if len(columns) != len(header.fields):
            tally.lose(f"row with {len(columns)} columns under a header with {len(header.fields)}")
            continue
        types = header.types if len(header.types) == len(columns) else [""] * len(columns)
        named = zip(header.fields, columns, types, strict=True)
        fields = {name: header.value(column, kind) for name, column, kind in named if column != header.unset}
        tally.received += 1
        tally.decoded += 1
        source, fields = zeek_event(header.path, fields)
        yield Event(forced or source, fields, tally.received)

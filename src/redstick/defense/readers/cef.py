"""Common Event Format: a header of seven fields between bars, then `key=value` pairs whose values may hold spaces."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from redstick.defense.readers.event import Event, Tally
from redstick.defense.readers.lines import as_text, bounded_lines
from redstick.defense.sigma.logsources import Source

_HEADER = ("CEFVersion", "DeviceVendor", "DeviceProduct", "DeviceVersion", "SignatureID", "Name", "Severity")
_PART = re.compile(r"((?:\\.|[^|\\])*)\|")
_KEY = re.compile(r"(?:^|(?<=\s))([\w.\[\]-]+)=")
_ESCAPES = {"n": "\n", "r": "\r"}
_LABELLED = re.compile(r"(.+)Label")

# vendor in lower case -> Sigma's product
_PRODUCTS = {
    "fortinet": "fortigate",
    "palo alto networks": "paloalto",
    "cisco": "cisco",
    "juniper": "juniper",
    "huawei": "huawei",
    "microsoft": "windows",
    "checkpoint": "checkpoint",
    "check point": "checkpoint",
}


def cef_lines(stream: BinaryIO, tally: Tally, forced: Source | None = None) -> Iterator[Event]:
    """One event a line; what stands before `CEF:` (a syslog header) is kept as `syslog_header`."""
    for line in bounded_lines(stream, tally):
        fields = cef_fields(as_text(line, tally).rstrip("\r\n"))
        if fields is None:
            tally.lose("not a CEF line")
            continue
        tally.received += 1
        tally.decoded += 1
        vendor, product = str(fields["DeviceVendor"]).lower(), str(fields["DeviceProduct"]).lower()
        kind = str(fields.get("cat", "")).lower()
        services = tuple(dict.fromkeys(part for part in (product, "event", kind) if part))
        category = ("firewall",) if "act" in fields and "dst" in fields else ()
        source = Source(_PRODUCTS.get(vendor, vendor), services, category)
        yield Event(forced or source, fields, tally.received)


def cef_fields(text: str) -> dict[str, Any] | None:
    """Header fields by name and extension fields by key; `cs1=x cs1Label=User` also gives `User=x`. None if no CEF."""
    start = text.find("CEF:")
    if start < 0:
        return None
    parts: list[str] = []
    position = start + 4
    while len(parts) < len(_HEADER):
        found = _PART.match(text, position)
        if found is None:
            return None
        parts.append(_unescaped(found[1]))
        position = found.end()
    fields: dict[str, Any] = dict(zip(_HEADER, parts, strict=True))
    if text[:start].strip():
        fields["syslog_header"] = text[:start].strip()
    fields.update(_extension(text[position:]))
    return fields


def _extension(text: str) -> dict[str, str]:
    marks = list(_KEY.finditer(text))
    ends = [*(mark.start() for mark in marks), len(text)][1:]
    pairs = {m[1]: _unescaped(text[m.end() : end].rstrip()) for m, end in zip(marks, ends, strict=True)}
    for key, label in list(pairs.items()):
        named = _LABELLED.fullmatch(key)
        if named is not None and named[1] in pairs:
            pairs.setdefault(label, pairs[named[1]])
    if "src" in pairs:
        pairs.setdefault("src_ip", pairs["src"])
    for own, name in (("dst", "dst_ip"), ("spt", "src_port"), ("dpt", "dst_port"), ("act", "action")):
        if own in pairs:
            pairs.setdefault(name, pairs[own])
    return pairs


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), text) if "\\" in text else text

"""Linux audit log: the records of one event (same time and serial) joined into one.

A joined event has `type` as the list of its records' types and every field as the list of its values where records
differ. A program start also has Sigma's names for process creation (`Image`, `CommandLine`), a created file those for
file events (`TargetFilename`). Text that the kernel writes in hexadecimal, because it holds spaces, is decoded.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from redstick.defense.readers.event import Event, Tally
from redstick.defense.readers.lines import as_text, bounded_lines
from redstick.defense.sigma.logsources import Source

MAX_OPEN = 512  # events being joined; the oldest is given out when there are more
MAX_RECORDS = 256  # of one event; the kernel writes far fewer
MAX_LINE = 64 * 1024  # bytes; the kernel writes at most 8,970
MAX_HELD = 32_000_000  # characters in all events being joined

# Every repetition is bounded or cannot begin inside another: a hostile line costs time in proportion to its length.
_RECORD = re.compile(
    r"(?:node=([^\s=]{1,255}) )?type=([\w\[\]]{1,64}) msg=audit\((\d{1,12})\.(\d{1,9}):(\d{1,20})\): ?(.*)", re.DOTALL
)
_PAIR = re.compile(r"""(?<![\w-])([\w-]+(?:\[\d{1,4}\])?)=("[^"]*"|'[^']*'|[^\s'"]*)""")
_ARGUMENT = re.compile(r"a\d{1,6}(\[\d{1,4}\])?")
_HEX = re.compile(r"(?:[0-9A-F]{2})+")
# Fields in which unquoted hexadecimal is encoded text (audit's "untrusted strings")
_ENCODED = frozenset({"proctitle", "name", "exe", "comm", "cwd", "key", "acct", "data", "cmd", "path", "dir", "file"})


def audit_events(stream: BinaryIO, tally: Tally, forced: Source | None = None) -> Iterator[Event]:
    """Joined events, given out at their end record, or when enough others have come since."""
    waiting: OrderedDict[tuple[str, str], list[dict[str, str]]] = OrderedDict()
    held = 0
    for line in bounded_lines(stream, tally, MAX_LINE):
        record = audit_record(as_text(line, tally).rstrip("\r\n").replace("\x1d", " "))
        if record is None:
            tally.lose("not an audit record")
            continue
        key = (record["node"], record["id"])
        records = waiting.setdefault(key, [])
        if len(records) < MAX_RECORDS:
            records.append(record)
            held += _size([record])
        else:
            tally.repairs["records beyond the limit of one event"] += 1
        if record["type"] == "EOE":
            held -= _size(waiting[key])
            yield _event(waiting.pop(key), tally, forced)
        while len(waiting) > MAX_OPEN or held > MAX_HELD:
            _, oldest = waiting.popitem(last=False)
            held -= _size(oldest)
            yield _event(oldest, tally, forced)
    for records in waiting.values():
        yield _event(records, tally, forced)


def _size(records: list[dict[str, str]]) -> int:
    return sum(len(value) for record in records for value in record.values())


def audit_record(text: str) -> dict[str, str] | None:
    """Fields of one line, `id` being time and serial; None where it is no audit record. A prefix is passed over."""
    found = _RECORD.search(text)
    if found is None:
        return None
    node, kind, seconds, fraction, serial, body = found.groups()
    record = {
        "node": node or "",
        "type": kind,
        "id": f"{seconds}.{fraction}:{serial}",
        "timestamp": datetime.fromtimestamp(min(int(seconds), 253_402_300_799), UTC).isoformat()[:19]
        + f".{fraction}+00:00",
    }
    for name, value in _pairs(body):
        record.setdefault(name, _decoded(name, value, kind))
    return record


def _pairs(body: str) -> Iterator[tuple[str, str]]:
    """Pairs of the record, and those inside `msg='...'`, in which user programs put theirs."""
    for name, value in _PAIR.findall(body):
        if name == "msg" and value.startswith("'"):
            yield from _PAIR.findall(value[1:-1])
        yield name, value


def _decoded(name: str, value: str, kind: str) -> str:
    if value[:1] in {'"', "'"}:
        return value[1:-1]
    encoded = name in _ENCODED or (kind == "EXECVE" and _ARGUMENT.fullmatch(name))
    if encoded and _HEX.fullmatch(value):
        return bytes.fromhex(value).replace(b"\0", b" ").decode(errors="replace").rstrip()
    return value


def _event(records: list[dict[str, str]], tally: Tally, forced: Source | None) -> Event:
    tally.received += 1
    tally.decoded += 1
    fields: dict[str, Any] = {}
    for record in records:
        if record["type"] == "EOE" and len(records) > 1:
            continue
        for name, value in record.items():
            _join(fields, name, value)
    fields = {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
    if fields.get("node") == "":
        del fields["node"]
    categories = _add_process(fields, records) + _add_file(fields, records) + _add_connection(records)
    return Event(forced or Source("linux", ("auditd",), categories), fields, tally.received)


def _join(fields: dict[str, Any], name: str, value: str) -> None:
    values = fields.setdefault(name, [])
    if value not in values:
        values.append(value)


def _add_process(fields: dict[str, Any], records: list[dict[str, str]]) -> tuple[str, ...]:
    starts = [r for r in records if r["type"] == "EXECVE"]
    if not starts:
        return ()
    fields["CommandLine"] = " ".join(_arguments(starts))
    call: dict[str, str] = next((r for r in records if r["type"] == "SYSCALL"), {})
    named = {"Image": call.get("exe"), "ProcessId": call.get("pid"), "ParentProcessId": call.get("ppid")}
    named["User"] = call.get("UID") or call.get("uid")
    named["CurrentDirectory"] = next((r["cwd"] for r in records if "cwd" in r), None)
    fields.update({name: value for name, value in named.items() if value is not None})
    return ("process_creation",)


def _arguments(starts: list[dict[str, str]]) -> list[str]:
    """The arguments in order; a long one comes in pieces `a2[0]`, `a2[1]`, which may go on in further records."""
    whole: dict[str, str] = {}
    for record in starts:
        whole.update((name, value) for name, value in record.items() if _ARGUMENT.fullmatch(name))
    pieces: dict[int, list[tuple[int, str]]] = {}
    for name, value in whole.items():
        number, _, piece = name[1:].rstrip("]").partition("[")
        pieces.setdefault(int(number), []).append((int(piece or 0), value))
    return ["".join(text for _, text in sorted(pieces[number])) for number in sorted(pieces)]


def _add_file(fields: dict[str, Any], records: list[dict[str, str]]) -> tuple[str, ...]:
    created = [r["name"] for r in records if r["type"] == "PATH" and r.get("nametype") == "CREATE" and "name" in r]
    if not created:
        return ()
    fields["TargetFilename"] = created if len(created) > 1 else created[0]
    exe = next((r["exe"] for r in records if "exe" in r), None)
    if exe is not None:
        fields.setdefault("Image", exe)
    return ("file_event",)


def _add_connection(records: list[dict[str, str]]) -> tuple[str, ...]:
    return ("network_connection",) if any(r["type"] == "SOCKADDR" for r in records) else ()

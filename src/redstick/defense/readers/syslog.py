"""Syslog lines, RFC 5424 and RFC 3164 (BSD), to events of Linux services.

RFC 3164 writes neither year nor zone: the year is the one that brings the time closest before `reference`, so that
December read in January is last year's; the zone is a setting. A line that is neither form is an event with its text as
`message`: nothing is lost.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, BinaryIO

from redstick.defense.readers.event import Event, Tally
from redstick.defense.readers.lines import as_text, bounded_lines
from redstick.defense.sigma.logsources import Source

_5424 = re.compile(r"<(\d{1,3})>([1-9]\d?) (\S+) (\S+) (\S+) (\S+) (\S+) ?(.*)", re.DOTALL)
_3164 = re.compile(
    r"(?:<(\d{1,3})>)?([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\S+) ([^\s:\[]+)(?:\[(\d+)\])?: ?(.*)", re.DOTALL
)
_ISO = re.compile(r"(?:<(\d{1,3})>)?(\d{4}-\d\d-\d\dT\S+) (\S+) ([^\s:\[]+)(?:\[(\d+)\])?: ?(.*)", re.DOTALL)
_ELEMENT = re.compile(r'\[(\S+?)((?: [^=\s\]"]+="(?:\\.|[^"\\])*")*)\]')
_PARAMETER = re.compile(r' ([^=\s\]"]+)="((?:\\.|[^"\\])*)"')
_ESCAPED = re.compile(r'\\(["\\\]])')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AUTH_FACILITIES = frozenset({4, 10})

# program -> Sigma's services of Linux
_SERVICES = {
    "sshd": ("sshd", "auth"),
    "sshd-session": ("sshd", "auth"),
    "sudo": ("sudo", "auth"),
    "su": ("auth",),
    "login": ("auth",),
    "cron": ("cron",),
    "crond": ("cron",),
    "crontab": ("cron",),
    "clamd": ("clamav",),
    "clamav": ("clamav",),
    "freshclam": ("clamav",),
    "vsftpd": ("vsftpd",),
    "guacd": ("guacamole",),
    "audit": ("auditd",),
    "auditd": ("auditd",),
    "audispd": ("auditd",),
}


def syslog_lines(
    stream: BinaryIO, tally: Tally, reference: datetime, zone: tzinfo = UTC, forced: Source | None = None
) -> Iterator[Event]:
    """One event a line; `reference` is when the file was written or received, `zone` that of RFC 3164 times."""
    for line in bounded_lines(stream, tally):
        text = as_text(line, tally).rstrip("\r\n").replace("\0", "\ufffd")
        fields = syslog_fields(text, reference, zone)
        tally.received += 1
        tally.decoded += 1
        if len(fields) == 1:
            tally.repairs["no syslog header: the whole line is taken as its message"] += 1
        yield Event(forced or source_of(fields), fields, tally.received)


def source_of(fields: dict[str, Any]) -> Source:
    """Linux, and the services that the program and facility stand for."""
    program = str(fields.get("program", "")).rsplit("/", 1)[-1].lower()
    services = dict.fromkeys((*_SERVICES.get(program, ()), "syslog"))
    if fields.get("facility") in _AUTH_FACILITIES:
        services["auth"] = None
    return Source("linux", tuple(services))


def syslog_fields(text: str, reference: datetime, zone: tzinfo = UTC) -> dict[str, Any]:
    """Fields of one line: `message`, and as far as it has them `timestamp`, `host`, `program`, `pid`, priority."""
    found = _5424.fullmatch(text)
    if found is not None:
        return _new_form(found)
    found = _3164.fullmatch(text)
    if found is not None:
        priority, month, day, hour, minute, second, host, program, pid, message = found.groups()
        when = bsd_time(month, (int(day), int(hour), int(minute), int(second)), reference, zone)
        fields = _common(host, program, pid, message)
        if when is not None:
            fields["timestamp"] = when.isoformat()
        return fields | _priority(priority)
    found = _ISO.fullmatch(text)
    if found is not None:
        priority, when_text, host, program, pid, message = found.groups()
        return _common(host, program, pid, message) | {"timestamp": when_text} | _priority(priority)
    return {"message": text}


def _common(host: str, program: str, pid: str | None, message: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"host": host, "program": program, "message": message}
    return fields | ({"pid": pid} if pid else {})


def _priority(priority: str | None) -> dict[str, Any]:
    return {"facility": int(priority) // 8, "severity": int(priority) % 8} if priority else {}


def _new_form(found: re.Match[str]) -> dict[str, Any]:
    priority, _, when, host, program, pid, message_id, rest = found.groups()
    named = {"timestamp": when, "host": host, "program": program, "pid": pid, "msgid": message_id}
    fields: dict[str, Any] = {name: text for name, text in named.items() if text != "-"}  # "-" is RFC 5424's "no value"
    if rest.startswith("-"):
        message = rest[1:]
    else:
        end = 0
        while (element := _ELEMENT.match(rest, end)) is not None:
            for name, value in _PARAMETER.findall(element[2]):
                fields[f"{element[1]}.{name}"] = _ESCAPED.sub(r"\1", value)
            end = element.end()
        message = rest[end:]
    fields["message"] = message.removeprefix(" ").removeprefix("\ufeff")
    return fields | _priority(priority)


def bsd_time(month: str, parts: tuple[int, int, int, int], reference: datetime, zone: tzinfo) -> datetime | None:
    """The time of an RFC 3164 header in UTC: the year in which it lies last before a day after `reference`."""
    if month not in _MONTHS:
        return None
    latest = reference + timedelta(days=1)
    for year in (latest.year + 1, latest.year, latest.year - 1, latest.year - 2, latest.year - 3, latest.year - 4):
        try:
            when = datetime(year, _MONTHS.index(month) + 1, *parts, tzinfo=zone).astimezone(UTC)
        except ValueError:  # 29 February of another year, or no time at all
            continue
        if when <= latest:
            return when
    return None

"""Syslog: both forms, years that are not written, structured data, and lines that are neither."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from redstick.defense.readers.event import Tally
from redstick.defense.readers.syslog import bsd_time, syslog_fields, syslog_lines
from redstick.defense.sigma.logsources import Source

REFERENCE = datetime(2026, 1, 3, 12, tzinfo=UTC)


def test_the_new_form_with_structured_data():
    """RFC 5424 section 6.5, example 3: header, elements with escapes, message behind its mark."""
    text = (
        "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 "
        r'[exampleSDID@32473 iut="3" eventSource="App\"x\]" eventID="1011"][second@1 a="b"] '
        "\ufeffAn application event"
    )
    fields = syslog_fields(text, REFERENCE)
    assert fields["host"] == "mymachine.example.com"
    assert fields["exampleSDID@32473.eventSource"] == 'App"x]'
    assert fields["second@1.a"] == "b"
    assert fields["message"] == "An application event"
    assert (fields["facility"], fields["severity"]) == (20, 5)
    assert "pid" not in fields


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "<34>Oct 11 22:14:15 mymachine su[42]: 'su root' failed",
            {
                "timestamp": "2025-10-11T22:14:15+00:00",
                "host": "mymachine",
                "program": "su",
                "pid": "42",
                "facility": 4,
            },
        ),
        ("Jan  2 03:04:05 h sshd[1]: x", {"timestamp": "2026-01-02T03:04:05+00:00", "program": "sshd", "message": "x"}),
        ("2026-01-02T03:04:05.5+01:00 h cron: x", {"timestamp": "2026-01-02T03:04:05.5+01:00", "program": "cron"}),
        ("<165>1 - - - - - - just text", {"message": "just text"}),
        ("no header at all", {"message": "no header at all"}),
        ("", {"message": ""}),
        ("Feb 30 00:00:00 h p: x", {"host": "h", "message": "x"}),
    ],
)
def test_the_old_form_the_iso_form_and_neither(text, wanted):
    """RFC 3164 with and without priority, rsyslog's file form, plain text; nothing is lost."""
    fields = syslog_fields(text, REFERENCE)
    assert {name: fields.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("month", "reference", "year"),
    [
        ("Dec", datetime(2026, 1, 3, tzinfo=UTC), 2025),
        ("Jan", datetime(2026, 1, 3, tzinfo=UTC), 2026),
        ("Jan", datetime(2025, 12, 31, 23, tzinfo=UTC), 2026),
        ("Feb", datetime(2026, 1, 3, tzinfo=UTC), 2025),
    ],
)
def test_new_year_the_year_is_the_last_before_a_day_after_the_reference(month, reference, year):
    """December read in January is last year's; January at the turn of the year is the new one's."""
    assert bsd_time(month, (1, 0, 0, 0), reference, UTC).year == year


def test_29_february_is_the_last_leap_year_and_zones_are_kept():
    """A day that this year has not is looked for in the years before; local time is that of the setting."""
    assert bsd_time("Feb", (29, 0, 0, 0), REFERENCE, UTC).year == 2024
    assert bsd_time("Jan", (2, 0, 0, 0), REFERENCE, ZoneInfo("America/Chicago")).hour == 6
    assert bsd_time("Foo", (2, 0, 0, 0), REFERENCE, UTC) is None


@pytest.mark.parametrize(
    ("line", "services"),
    [
        ("Jan  2 03:04:05 h sshd[1]: x", ("sshd", "auth", "syslog")),
        ("Jan  2 03:04:05 h /usr/sbin/CRON[1]: x", ("cron", "syslog")),
        ("<86>Jan  2 03:04:05 h thing: x", ("syslog", "auth")),
        ("plain", ("syslog",)),
    ],
)
def test_program_and_facility_name_the_services(line, services):
    """Of Linux."""
    (event,) = syslog_lines(io.BytesIO(line.encode()), Tally(), REFERENCE)
    assert event.source == Source("linux", services)


def test_a_line_without_a_header_is_kept_and_counted():
    """Its text is the message; NUL becomes a sign."""
    tally = Tally()
    events = list(syslog_lines(io.BytesIO(b"a\0b\nJan  2 03:04:05 h p: x\n"), tally, REFERENCE))
    assert events[0].fields == {"message": "a\ufffdb"}
    assert sum(tally.repairs.values()) == 1
    assert tally.received == tally.decoded == 2

"""When an event happened: names in order of trust, zones, and what is no time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from redstick.defense.readers.event_time import event_time_ms

CHICAGO = ZoneInfo("America/Chicago")


def ms(*parts):
    """A time in UTC."""
    return round(datetime(*parts, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"TimeCreated_SystemTime": "2026-01-02T03:04:05.1234567Z"}, ms(2026, 1, 2, 3, 4, 5, 123_000)),
        ({"UtcTime": "2026-01-02 03:04:05.000"}, ms(2026, 1, 2, 3, 4, 5)),
        ({"EventTime": "2026-01-02 03:04:05"}, ms(2026, 1, 2, 9, 4, 5)),
        ({"timestamp": "2026-01-02T03:04:05.000000+0000"}, ms(2026, 1, 2, 3, 4, 5)),
        ({"ts": 1767323045.0}, ms(2026, 1, 2, 3, 4, 5)),
        ({"rt": "1767323045000"}, ms(2026, 1, 2, 3, 4, 5)),
        ({"rt": "Jan 02 2026 03:04:05 UTC"}, ms(2026, 1, 2, 3, 4, 5)),
        ({"rt": "Jan 02 2026 03:04:05"}, ms(2026, 1, 2, 9, 4, 5)),
        ({"@timestamp": "2026-01-02T04:00:00Z", "UtcTime": "2026-01-02 03:04:05"}, ms(2026, 1, 2, 3, 4, 5)),
        ({"timestamp": "yesterday", "@timestamp": "2026-01-02T03:04:05Z"}, ms(2026, 1, 2, 3, 4, 5)),
    ],
)
def test_the_first_readable_name_counts(fields, wanted):
    """Text without a zone is read in the zone of the settings, but where a name is UTC by definition."""
    assert event_time_ms(fields, CHICAGO) == wanted


@pytest.mark.parametrize(
    "fields", [{}, {"start": 5}, {"time": True}, {"ts": ["1767323045"]}, {"rt": "Jan 99 2026 03:04:05"}]
)
def test_what_is_no_time_is_none(fields):
    """Small numbers, booleans, lists and impossible days."""
    assert event_time_ms(fields) is None

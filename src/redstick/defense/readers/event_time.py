"""When an event happened, as far as it says so itself: one rule for every reader's fields."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from redstick.defense.sigma.values import text_of, time_of

# The first that is present and readable counts. Names with a zone, or that are UTC by their definition, come before
# those that collectors write in local time without saying so.
TIME_FIELDS = (
    "TimeCreated_SystemTime",  # Windows: the event's own header
    "UtcTime",  # Sysmon
    "eventTime",  # CloudTrail
    "requestReceivedTimestamp",  # Kubernetes
    "published",  # Okta
    "CreationTime",  # Microsoft 365
    "timestamp",
    "ts",  # Zeek
    "rt",  # CEF: received by the device
    "end",
    "start",
    "@timestamp",  # of the shipper where the event itself says nothing
    "TimeCreated",
    "EventTime",
    "time",
    "_time",
)
_IN_UTC = frozenset({"UtcTime", "TimeCreated_SystemTime"})  # whether or not the text says so
PLAUSIBLE_YEARS = range(1990, 2200)  # `start: 5` is no time
_CEF = re.compile(r"([A-Z][a-z]{2} \d{1,2}) (\d{4}) (\d\d:\d\d:\d\d)(?:\.\d+)?(?: (UTC|GMT|Z))?")


def event_time_ms(fields: Mapping[str, Any], zone: tzinfo = UTC) -> int | None:
    """Milliseconds since 1970, UTC; None where no field says it. Text that names no zone is read in `zone`."""
    for name in TIME_FIELDS:
        value = fields.get(name)
        if value is None or isinstance(value, bool | list):
            continue
        when = _read(text_of(value) or "", UTC if name in _IN_UTC else zone)
        if when is not None and when.year in PLAUSIBLE_YEARS:
            return round(when.timestamp() * 1000)
    return None


def _read(text: str, zone: tzinfo) -> datetime | None:
    found = _CEF.fullmatch(text)
    if found is None:
        return time_of(text, zone)
    try:
        when = datetime.strptime(" ".join(found.groups()[:3]), "%b %d %Y %H:%M:%S")  # noqa: DTZ007  (the zone follows)
    except ValueError:
        return None
    return when.replace(tzinfo=UTC if found[4] else zone).astimezone(UTC)

"""Times on the wire: RFC 3339 with an offset, to the millisecond; inside, milliseconds since the epoch (UTC)."""

import re
from datetime import UTC, datetime

AWARE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")


def write_time(time: int) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(time / 1000, tz=UTC).isoformat(timespec="milliseconds")


def read_time(text: str) -> int | None:
    """Milliseconds since the epoch; None when the text is no real time or names no offset."""
    if not AWARE.fullmatch(text):
        return None
    try:
        aware = datetime.fromisoformat(_LONG_FRACTION.sub(r"\1", text))
        return round(aware.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None

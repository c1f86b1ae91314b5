"""Keys of a telephone in the body of INFO: as nearly every phone can send them, though no RFC says how.

`application/dtmf-relay` has a line with the key and one with its duration in milliseconds, `application/dtmf` the key.
"""

import re
from typing import NamedTuple

from redstick.protocols.sip.messages import Request

RELAY, PLAIN = "application/dtmf-relay", "application/dtmf"
MOST_BODY = 256  # bytes
_SIGNAL = re.compile(r"Signal *= *(10|11|[0-9*#A-D])", re.IGNORECASE | re.ASCII)
_DURATION = re.compile(r"Duration *= *([0-9]{1,5})", re.IGNORECASE | re.ASCII)
NUMBERED = {"10": "*", "11": "#"}  # as events of RFC 4733 are numbered: some write these


class Keyed(NamedTuple):
    """A key, and for how long it was pressed: 0 where that is not said."""

    key: str
    ms: int


def key_of(request: Request) -> Keyed | None:
    """The key that an INFO tells of, None where it tells of something else, or cannot be read."""
    kind = (request.first("Content-Type") or "").partition(";")[0].strip().lower()
    if request.method != "INFO" or kind not in (RELAY, PLAIN) or len(request.body) > MOST_BODY:
        return None
    text = request.body.decode("latin-1")
    lines = [line.strip() for line in text.splitlines()]
    if kind == PLAIN and lines:
        lines[0] = f"Signal={lines[0]}"
    signal = next((found[1] for line in lines if (found := _SIGNAL.fullmatch(line))), None)
    duration = next((found[1] for line in lines if (found := _DURATION.fullmatch(line))), "0")
    return None if signal is None else Keyed(NUMBERED.get(signal, signal).upper(), int(duration))

"""From a question for a report to its bytes: what is asked is looked at first, then written in the asked form."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfoNotFoundError

from redstick.dispatch.lookback.kept import KEPT_MS, Kept
from redstick.dispatch.lookback.paperwork import Clockwork, incident_csv, incident_paper, span_csv, span_paper
from redstick.dispatch.lookback.questions import Paperwork
from redstick.dispatch.lookback.story import line_of
from redstick.dispatch.rules.incidents import Incident
from redstick.kernel.envelope import Envelope
from redstick.kernel.values import Rejection
from redstick.pages.paper import Paper

Typeset = Callable[[str, Mapping[str, bytes]], bytes]  # raises ValueError for a text that makes no document
PDF, CSV = "pdf", "csv"
SHIFT, MONTH = "shift", "month"
SHIFT_MS, MONTH_MS = 36 * 3_600_000, 32 * 86_400_000
TITLES = {SHIFT: "Shift report", MONTH: "Monthly report"}


def incident_report(
    asked: Paperwork, incident: Incident, lines: list[Envelope], kept: Kept, typeset: Typeset, zone: str
) -> bytes | Rejection:
    """One incident. Rejections: `zone_unknown`, `form_unknown`, `not_typeset`."""
    when = _clock(asked, zone)
    if isinstance(when, Rejection):
        return when
    told = [line_of(one) for one in lines]
    if asked.form == CSV:
        return incident_csv(told, kept.calls_of(incident), when, callers=asked.callers).encode()
    return _pdf(incident_paper(incident, told, kept.calls_of(incident), when, callers=asked.callers), typeset)


def span_report(asked: Paperwork, kept: Kept, typeset: Typeset, zone: str) -> bytes | Rejection:
    """A shift or a month. Rejections also: `span_unreadable`, `span_out_of_reach`, `nothing_there`."""
    when = _clock(asked, zone)
    if isinstance(when, Rejection):
        return when
    longest = SHIFT_MS if asked.about == SHIFT else MONTH_MS
    if not 0 < asked.ended - asked.begun <= longest:
        return Rejection("span_unreadable", {"from": asked.begun, "to": asked.ended, "at_most_ms": longest})
    if asked.begun < asked.now - KEPT_MS:
        return Rejection("span_out_of_reach", {"from": asked.now - KEPT_MS, "to": asked.now})
    anything = any(True for _ in kept.between(asked.begun, asked.ended))
    if not anything and not any(True for _ in kept.received(asked.begun, asked.ended)):
        return Rejection("nothing_there", {"from": asked.begun, "to": asked.ended})
    if asked.form == CSV:
        return span_csv(kept, asked.begun, asked.ended, when).encode()
    return _pdf(span_paper(kept, TITLES[asked.about], asked.begun, asked.ended, when), typeset)


def _clock(asked: Paperwork, zone: str) -> Clockwork | Rejection:
    if asked.form not in {PDF, CSV}:
        return Rejection("form_unknown", {"form": asked.form[:20], "forms": [PDF, CSV]})
    try:
        return Clockwork(asked.zone or zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return Rejection("zone_unknown", {"zone": asked.zone[:80]})


def _pdf(paper: Paper, typeset: Typeset) -> bytes | Rejection:
    try:
        return typeset(paper.text(), paper.pictures)
    except ValueError as error:
        return Rejection("not_typeset", {"why": str(error)[:500]})

"""Call detail records: one line a call that is over, as CSV (RFC 4180). A formula of a spreadsheet is never a cell."""

import csv
import datetime as dt
import io
from collections.abc import Iterable

from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant
from redstick.phones.rules.calls import CallEnded

COLUMNS = (
    "call", "began_at", "answered_at", "ended_at", "waited_s", "talked_s", "caller", "dialled", "answered_by",
    "verdict", "trunk", "cause",
)  # fmt: skip
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def records_csv(facts: Iterable[Fact], begins: Instant, ends: Instant) -> str:
    """The calls that began in a span (its end not with); times in UTC, ISO 8601, to the millisecond."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for fact in facts:
        if isinstance(fact.event, CallEnded) and begins <= fact.event.began_at < ends:
            writer.writerow([_plain(cell) for cell in _cells(fact.event, fact.envelope.recorded_at)])
    return out.getvalue()


def _cells(ended: CallEnded, ended_at: Instant) -> tuple[str, ...]:
    answered = ended.answered_at
    waited = (ended_at if answered is None else answered) - ended.began_at
    talked = 0 if answered is None else ended_at - answered
    return (
        ended.call, _utc(ended.began_at), "" if answered is None else _utc(answered), _utc(ended_at),
        f"{waited / 1000:.1f}", f"{talked / 1000:.1f}", ended.caller, ended.dialled, ended.answered_by, ended.verdict,
        ended.trunk, ended.cause,
    )  # fmt: skip


def _plain(cell: str) -> str:
    """A spreadsheet would reckon what begins so; numbers of the public network begin so too."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _utc(at: Instant) -> str:
    return dt.datetime.fromtimestamp(at / 1000, tz=dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""Hot lists and reads from tables, and every match between them, gathered by vehicle.

A list is outside data of several hands: its columns have many names, entries expire, some have no plate. What is not
used is counted by reason, never dropped silently.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redstick.crimecenter.analytics.days import MixedOrderError, read_days
from redstick.crimecenter.plates.matching import HotList, Match, MatchClass, Wanted, normal
from redstick.protocols.sheets.faults import SheetFault
from redstick.protocols.sheets.rows import open_rows

PLATE_NAMES = ("plate", "plate_number", "license_plate", "licence_plate", "lic", "tag", "read")
STATE_NAMES = ("state", "lis", "plate_state", "jurisdiction", "st")
CATEGORY_NAMES = ("category", "reason", "type", "offense")
EXPIRES_NAMES = ("expires", "expiry", "expiration", "valid_until", "until")
TIME_NAMES = ("time", "read_at", "datetime", "timestamp", "date", "seen")
CAMERA_NAMES = ("camera", "camera_id", "device", "reader", "site")


class PlatesError(Exception):
    """A file that is not what it was said to be: names the file, the row and what was expected."""

    def __init__(self, file: str, row: int | None, expected: str) -> None:
        super().__init__(f"{file if row is None else f'{file}, row {row}'}: expected {expected}")


@dataclass(frozen=True)
class ReadList:
    """A hot list as read: the index, and entries left out by reason."""

    hot_list: HotList
    source: str
    left_out: Mapping[str, int]
    has_expiry: bool


@dataclass
class Seen:
    """One entry under one text and class: how often, when first and last, by which cameras."""

    wanted: Wanted
    match_class: MatchClass
    plate_read: str
    state_read: str
    reads: int
    first: str
    last: str
    cameras: set[str]


@dataclass(frozen=True)
class Matched:
    """All reads against one list: `seen` with the surest first; `reads` compared, `left_out` by reason."""

    seen: Sequence[Seen]
    reads: int
    matched_reads: Mapping[MatchClass, int]
    expired: int
    left_out: Mapping[str, int]
    source: str


def read_hot_list(path: Path) -> ReadList:
    """The entries of a table with columns plate and state, and where it has them category and expires.

    Raises PlatesError for a file without a column of plates or without an entry.
    """
    left_out: Counter[str] = Counter()
    texts: list[tuple[int, str, str, str, str]] = []
    wanted = {"plate": PLATE_NAMES, "state": STATE_NAMES, "category": CATEGORY_NAMES, "expires": EXPIRES_NAMES}
    rows = _rows(path, wanted, left_out)
    columns = next(rows)[1]
    for number, row in rows:
        if not normal(row["plate"]):
            left_out["no plate"] += 1
            continue
        texts.append((number, row["plate"], row["state"], row["category"], row["expires"]))
    if not texts:
        raise PlatesError(path.name, None, "at least one entry with a plate")
    try:
        days = read_days([text[4] for text in texts]).days
    except MixedOrderError as error:
        raise PlatesError(path.name, texts[error.day_first][0], f"{error} in the column of expiry") from error
    entries = []
    for (number, plate, state, category, expires), day in zip(texts, days, strict=True):
        if expires and day is None:
            raise PlatesError(path.name, number, f"a day of expiry, such as 2026-01-31; found {expires[:40]!r}")
        entries.append(Wanted(plate, state, category, day))
    return ReadList(HotList(entries), path.name, dict(left_out), bool(columns["expires"]))


@dataclass(frozen=True)
class _Hit:
    """A read that matches something."""

    row: Mapping[str, str]
    matches: Sequence[Match]


def match_reads(path: Path, listed: ReadList, as_of: int | None = None) -> Matched:
    """Every read of a table (columns plate, and where it has them state, time, camera) against the list.

    An entry counts until its day of expiry, judged by the day of the read, or `as_of` where reads have no time. Raises
    PlatesError for a file without a column of plates or with days in two orders.
    """
    left_out: Counter[str] = Counter()
    hits: list[_Hit] = []
    wanted = {"plate": PLATE_NAMES, "state": STATE_NAMES, "time": TIME_NAMES, "camera": CAMERA_NAMES}
    rows = _rows(path, wanted, left_out)
    next(rows)
    reads = 0
    for _, row in rows:
        if not normal(row["plate"]):
            left_out["no plate"] += 1
            continue
        reads += 1
        matches = listed.hot_list.match(row["plate"], row["state"])
        if matches:
            hits.append(_Hit(row, matches))
    try:
        days = read_days([hit.row["time"] for hit in hits]).days
    except MixedOrderError as error:
        raise PlatesError(path.name, None, f"{error} in the column of time") from error
    seen, by_class, expired = _gathered(hits, [as_of if day is None else day for day in days])
    return Matched(seen, reads, by_class, expired, dict(left_out), path.name)


def _gathered(hits: Sequence[_Hit], days: Sequence[int | None]) -> tuple[list[Seen], dict[MatchClass, int], int]:
    """Hits on entries in force by entry, text and class; reads by surest class; reads of expired entries alone."""
    by_class: Counter[MatchClass] = Counter()
    seen: dict[tuple[int, MatchClass, str, str], Seen] = {}
    expired = 0
    for hit, day in sorted(zip(hits, days, strict=True), key=lambda pair: (pair[1] or 0, pair[0].row["time"])):
        live = [one for one in hit.matches if one.wanted.expires is None or day is None or day <= one.wanted.expires]
        expired += not live
        if live:
            by_class[live[0].match_class] += 1
        plate, state, time, camera = (hit.row[name] for name in ("plate", "state", "time", "camera"))
        for one in live:
            key = (id(one.wanted), one.match_class, plate, state)
            found = seen.setdefault(key, Seen(one.wanted, one.match_class, plate, state, 0, time, time, set()))
            found.reads, found.last = found.reads + 1, time
            found.cameras |= {camera} if camera else set()
    ordered = list(seen.values())
    ordered.sort(key=lambda one: (one.match_class, one.wanted.plate, one.wanted.state, one.plate_read))
    return ordered, dict(by_class), expired


def _rows(
    path: Path, wanted: Mapping[str, Sequence[str]], left_out: Counter[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """First the columns' own names, then each row's texts under the names wanted; what a file lacks is empty."""
    try:
        rows = open_rows(path)
        number, head = next(rows, (1, []))
        names = [cell.strip().lower() for cell in head]
        places = {
            name: next((names.index(one) for one in known if one in names), None) for name, known in wanted.items()
        }
        if places["plate"] is None:
            shown = ", ".join(" ".join(cell.split())[:40] for cell in head[:30])[:300]
            raise PlatesError(path.name, number, f"a column with plates, such as {PLATE_NAMES[0]}; there are: {shown}")
        yield number, {name: "" if at is None else head[at] for name, at in places.items()}
        for number, row in rows:
            if len(row) != len(head):
                left_out["another number of cells than the header"] += 1
                continue
            yield number, {name: "" if at is None else row[at].strip() for name, at in places.items()}
    except SheetFault as fault:
        raise PlatesError(path.name, fault.row, fault.expected.removeprefix("expected ")) from fault

"""What a history is: a city's past calls, in columns, with everything that was refused or doubted beside them.

Columns are numpy arrays of one length, so that a year of calls (a million unit rows) is measured in seconds. Whatever
the source spelled is kept as text in `Codes.values`; nothing is translated here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

MISSING_CODE = -1  # in `Codes.codes`
MISSING_E7 = -(2**31)  # in longitude_e7 and latitude_e7
MISSING_MS = -(2**63)  # in every stamp and window

ONE_ROW_PER = ("unit", "call", "snapshot")

# What a row may say in words. `call` is one contact, `incident` the thing that is worked; see the domain's vocabulary.
CATEGORIES = (
    "call",
    "incident",
    "unit",
    "unit_kind",
    "call_type",
    "call_group",
    "priority",
    "final_priority",
    "area",
    "station_area",
    "battalion",
    "address",
    "municipality",
    "postcode",
    "disposition",
    "agency",
)

# The moments of a call and of one unit's part in it, in the order in which they should happen.
STAMPS = (
    "received",
    "answered",
    "entered",
    "dispatched",
    "acknowledged",
    "en_route",
    "staged",
    "on_scene",
    "patient_contact",
    "transport",
    "at_hospital",
    "clear",
    "available",
    "closed",
)
CALL_STAMPS = ("received", "answered", "entered", "closed")  # said of the call, the same for each of its units


@dataclass(frozen=True)
class Codes:
    """A categorical column: `codes[i]` indexes `values`, `MISSING_CODE` means that the source was silent."""

    codes: I32  # (n,)
    values: list[str]  # distinct, in order of first appearance

    def text(self, i: int) -> str:
        """What row `i` says, "" where the source was silent."""
        code = int(self.codes[i])
        return self.values[code] if code >= 0 else ""


class Listed(NamedTuple):
    """A row that was refused, a row that was merged into an earlier one, or a cell that was doubted.

    `row` is the line in the source; `column` is the source's name, "" where the whole row is meant; `reason` is one of
    `REFUSALS`, `MERGES` or `DOUBTS`; `text` is what stood there, cut to `TEXT_MAX_CHARS`.
    """

    row: int
    column: str
    reason: str
    text: str


TEXT_MAX_CHARS = 200

# A refused row is not part of the history.
REFUSALS = (
    "too_few_fields",  # fewer cells than the header has names
    "too_many_fields",  # more cells, and the further ones are not empty
    "torn",  # the file ends in the middle of this row
    "nul_bytes",  # a zero byte: this is not text
    "no_call",  # nothing says which call or incident it belongs to
    "no_unit",  # one row a unit, and no unit is named
    "not_a_record",  # a JSON value that is not an object
)
# A merged row is part of the history, folded into the row that already stood for it.
MERGES = ("repeated",)
# A doubted cell: its row is kept, the cell is missing or flagged.
DOUBTS = (
    "not_a_time",  # the declared forms do not fit: the stamp is missing
    "not_a_place",  # no number, or outside of the world: the position is missing
    "dst_ambiguous",  # in the hour that the clocks repeat, and no neighbour tells which: the earlier was taken
    "dst_skipped",  # in the hour that the clocks leave out: read as if they had not been moved
    "differs",  # a repeated row says something else than the first did: the later was taken
    "backwards",  # a snapshot older than the one before it
)


@dataclass(frozen=True)
class Counts:
    """How many rows were read and what became of them: `read == accepted + refused`.

    `accepted` counts rows that are in the history, `merged` of them as part of another row. `doubted` counts doubted
    cells by (source column, reason), also those beyond the number that is listed one by one.
    """

    read: int
    accepted: int
    refused: int
    merged: int
    doubted: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Windows:
    """When a snapshot feed showed each row; four arrays of UTC milliseconds, `MISSING_MS` where the feed cannot say.

    The thing appeared after `absent_before_ms` and at the latest at `first_seen_ms`; it vanished after `last_seen_ms`
    and at the latest at `absent_after_ms`. The outer two are missing at the ends of the feed.
    """

    absent_before_ms: I64
    first_seen_ms: I64
    last_seen_ms: I64
    absent_after_ms: I64

    @property
    def columns(self) -> tuple[I64, I64, I64, I64]:
        """The four arrays in the order of time."""
        return self.absent_before_ms, self.first_seen_ms, self.last_seen_ms, self.absent_after_ms


@dataclass(frozen=True)
class HistoryRow:
    """One row, for a person who asks what stands behind a figure; only what the source said is in the mappings."""

    source: str
    row_number: int
    words: Mapping[str, str]  # category -> text
    stamps_ms: Mapping[str, int]  # stamp -> UTC milliseconds
    longitude_e7: int | None
    latitude_e7: int | None


@dataclass(frozen=True)
class History:
    """A city's past, `n` rows; every array has `n` entries, every category and every stamp is present.

    A category or stamp that the source does not have is all missing and is not in `mapped`. `one_row_per` tells what
    a row is: "unit" one unit's part in a call, "call" one call, "snapshot" one unit seen on one incident in a feed (or
    the incident itself while no unit is on it), with `windows`.
    """

    source: str
    one_row_per: str
    time_zone: str
    row_number: I32
    categories: Mapping[str, Codes]
    longitude_e7: I32
    latitude_e7: I32
    stamps: Mapping[str, I64]  # UTC milliseconds
    mapped: tuple[str, ...]  # which categories, stamps and "position" the source has, in the order of this module
    listed: list[Listed]
    counts: Counts
    notes: tuple[str, ...] = ()  # what was found out on reading, for people: the encoding, the order of dates
    windows: Windows | None = None

    def __len__(self) -> int:
        return len(self.row_number)

    @property
    def call(self) -> Codes:
        """The call each row belongs to; the incident where the source knows no calls."""
        return self.categories["call"] if "call" in self.mapped else self.categories["incident"]

    @property
    def incident(self) -> Codes:
        """The incident each row belongs to; the call where the source knows no incidents."""
        return self.categories["incident"] if "incident" in self.mapped else self.categories["call"]

    @property
    def unit(self) -> Codes:
        """The unit of each row."""
        return self.categories["unit"]

    def where(self, kept: NDArray[np.bool_]) -> "History":
        """The rows that are marked, (n,), in their order; what was listed and counted on reading stays as it was."""
        windows = self.windows
        return replace(
            self,
            row_number=self.row_number[kept],
            categories={name: Codes(codes.codes[kept], codes.values) for name, codes in self.categories.items()},
            longitude_e7=self.longitude_e7[kept],
            latitude_e7=self.latitude_e7[kept],
            stamps={name: stamps[kept] for name, stamps in self.stamps.items()},
            windows=None if windows is None else Windows(*(column[kept] for column in windows.columns)),
        )

    def from_row(self, i: int) -> HistoryRow:
        """Row `i` of the history with its line in the source."""
        placed = int(self.longitude_e7[i]) != MISSING_E7
        return HistoryRow(
            source=self.source,
            row_number=int(self.row_number[i]),
            words={name: self.categories[name].text(i) for name in CATEGORIES if self.categories[name].codes[i] >= 0},
            stamps_ms={name: int(self.stamps[name][i]) for name in STAMPS if self.stamps[name][i] != MISSING_MS},
            longitude_e7=int(self.longitude_e7[i]) if placed else None,
            latitude_e7=int(self.latitude_e7[i]) if placed else None,
        )

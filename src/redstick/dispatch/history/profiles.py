"""What a column holds, seen without its name: dates, times of day, numbers, places, unit names, identities, lists."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redstick.dispatch.history.column_map import FileForm
from redstick.dispatch.history.date_evidence import DateEvidence, Verdict
from redstick.dispatch.history.opening import open_table

SAMPLE_ROWS = 131_072
_DISTINCT_LOOKED_AT = 2_000
_FIRST_LOOKED_AT = 200  # a column of which none of the first cells is a date is not read to its end as one
_TIME_OF_DAY = re.compile(r"\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*")
_POINT = re.compile(r"[^\d-]{0,20}-?\d{1,3}\.\d+[,\s]+-?\d{1,3}\.\d+[^\d]{0,5}")
_UNIT = re.compile(r"(?=[^\d]*\d)(?=[^A-Z]*[A-Z])[A-Z0-9-]{2,8}")  # letters and digits, short: E39, 12A30, AM110
_NUMBER = re.compile(r"\s*[-+]?\d+(\.\d+)?\s*")
_CLOCK_DIRECTIVES = ("%H", "%I")
LIST_SEPARATORS = (",", ";", "|", "/")


@dataclass(frozen=True)
class Profile:
    """One column of the sample; shares are of its filled cells, 0 to 1."""

    name: str
    cells: Sequence[str]  # (n,) as they stand
    n_filled: int
    n_distinct: int
    dates: Verdict
    time_of_day: float
    numbers: float
    points: float
    units: float
    separator: str  # between unit names where cells hold lists of them
    low: float | None  # least and greatest number
    high: float | None

    @property
    def holds_moments(self) -> bool:
        """Dates with a time of day, in one form or in two that a person must choose between."""
        if self.dates.doubt:
            return any(piece in self.dates.doubt for piece in _CLOCK_DIRECTIVES)
        return bool(self.dates.forms) and (
            self.dates.forms[0] in {"epoch_s", "epoch_ms"}
            or any(piece in self.dates.forms[0] for piece in _CLOCK_DIRECTIVES)
            or (self.dates.forms[0] == "iso" and any(":" in cell for cell in self.cells[:200]))
        )

    @property
    def holds_days(self) -> bool:
        """Dates without a time of day."""
        return bool(self.dates.forms or self.dates.doubt) and not self.holds_moments

    @property
    def holds_epochs(self) -> bool:
        """Plain numbers that could be seconds or milliseconds since 1970."""
        return bool(self.dates.forms) and self.dates.forms[0] in {"epoch_s", "epoch_ms", "%Y%m%d%H%M%S"}


@dataclass(frozen=True)
class Sample:
    """The first rows of a file, by column; `rows[i]` is the line of row `i`; `whole` when it is the whole file."""

    columns: Mapping[str, Profile]
    rows: Sequence[int]
    whole: bool
    notes: Sequence[str]


def sample_file(path: Path, file: FileForm) -> Sample:
    """Profile every column over the first `SAMPLE_ROWS` rows. Raises HistoryError where the file cannot be read."""
    table = open_table(path, file, None)
    cells: dict[str, list[str]] = {name: [] for name in table.header}
    rows: list[int] = []
    whole = True
    for piece in table.pieces:
        for name, column in piece.cells.items():
            cells[name] += column
        rows += piece.rows
        if len(rows) >= SAMPLE_ROWS:
            whole = False
            break
    return Sample({name: profile(name, column) for name, column in cells.items()}, rows, whole, table.notes)


def profile(name: str, cells: Sequence[str]) -> Profile:
    """Look at one column."""
    times = Counter(cell.strip() for cell in cells)
    times.pop("", None)
    looked_at = [text for text, _ in times.most_common(_DISTINCT_LOOKED_AT)]
    separator = _separator(looked_at)
    parts = [part.strip() for text in looked_at for part in (text.split(separator) if separator else [text])]
    numbers = [float(text) for text in looked_at if _NUMBER.fullmatch(text)]
    return Profile(
        name=name,
        cells=cells,
        n_filled=sum(times.values()),
        n_distinct=len(times),
        dates=date_verdict(cells),
        time_of_day=_share(looked_at, _TIME_OF_DAY),
        numbers=len(numbers) / len(looked_at) if looked_at else 0.0,
        points=_share(looked_at, _POINT),
        units=_share(parts, _UNIT),
        separator=separator,
        low=min(numbers, default=None),
        high=max(numbers, default=None),
    )


def date_verdict(cells: Sequence[str]) -> Verdict:
    """What dates a column holds, over all the cells given."""
    first = [cell for cell in cells if cell.strip()][:_FIRST_LOOKED_AT]
    glance = DateEvidence()
    glance.add(first)
    if not glance.reads_some:
        return Verdict(())
    evidence = DateEvidence()
    evidence.add(cells)
    return evidence.verdict()


def _share(texts: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(1 for text in texts if pattern.fullmatch(text)) / len(texts) if texts else 0.0


def _separator(texts: Sequence[str]) -> str:
    """What stands between unit names, where most cells that have it are lists of them."""
    for separator in LIST_SEPARATORS:
        lists = [text for text in texts if separator in text]
        listed = [part.strip() for text in lists for part in text.split(separator)]
        if lists and _share(listed, _UNIT) > 0.8:
            return separator
    return ""

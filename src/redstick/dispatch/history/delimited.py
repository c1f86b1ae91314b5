"""Rows out of comma-separated text and its relatives (RFC 4180, with what exports do to it).

A row of another length than the header is refused and listed, never shifted; a file that ends in the middle of a row
loses that row, and says so.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path

from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.model import Listed
from redstick.dispatch.history.tables import PIECE_ROWS, Piece, Table, refused
from redstick.dispatch.history.text_lines import TextLines, look

DELIMITERS = (",", "\t", ";", "|")


def open_delimited(path: Path, wanted: Sequence[str] | None, delimiter: str = "", encoding: str = "") -> Table:
    """Open delimited text; `wanted` None means every column. Raises HistoryError where a wanted column is absent."""
    lines = TextLines(path, encoding)
    delimiter = delimiter or guess_delimiter(look(path), lines.encoding)
    rows = _Rows(lines, delimiter)
    header = rows.header()
    names = header if wanted is None else list(wanted)
    check_header(str(path), rows.header_line, header, names)
    return Table(header, rows.pieces(header, names), lines.notes)


def check_header(file: str, row: int, header: Sequence[str], wanted: Sequence[str]) -> None:
    """Refuse a header that lacks a wanted column, or names one twice so that the map could mean either."""
    times = Counter(header)
    for column in wanted:
        if times[column] == 0:
            raise HistoryError(file, row, column, f"a column of this name; the file has: {', '.join(header)[:500]}")
        if times[column] > 1:
            raise HistoryError(file, row, column, f"one column of this name; the header has {times[column]}")


def guess_delimiter(start: bytes, encoding: str) -> str:
    """The delimiter that splits the first lines into the same number of cells, the most cells first; else a comma."""
    text = start.decode(encoding, errors="replace")
    lines = text.splitlines()[:-1][:50] or text.splitlines()[:1]
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        if not counts:
            break
        width, times = max(counts.items(), key=lambda item: (item[1], item[0]))
        score = (times / sum(counts.values()), width)
        if width > 1 and (
            score[0] > best_score[0] + 0.2 or (score[0] >= best_score[0] - 0.2 and width > best_score[1])
        ):
            best, best_score = delimiter, score
    return best


class _Rows:
    """The rows of one file with the lines on which they begin."""

    def __init__(self, lines: TextLines, delimiter: str) -> None:
        self.lines = lines
        self._reader = csv.reader(iter(lines), delimiter=delimiter)
        self.header_line = 1

    def header(self) -> list[str]:
        try:
            for row in self._reader:
                if any(cell.strip() for cell in row):
                    self.header_line = self.lines.number
                    return _trimmed([cell.strip() for cell in row])
        except csv.Error as error:
            raise self._broken(error, 1) from error
        raise HistoryError(self.lines.name, None, None, "a header with the names of the columns")

    def pieces(self, header: Sequence[str], names: Sequence[str]) -> Iterator[Piece]:
        width, at = len(header), [header.index(name) for name in names]
        for rows, starts in self._batches():
            listed = self._refuse(rows, starts, width)
            cells = {name: [row[i] for row in rows] for name, i in zip(names, at, strict=True)}
            yield Piece(cells, starts, listed)

    def _batches(self) -> Iterator[tuple[list[list[str]], list[int]]]:
        start = self.lines.number + 1
        while True:
            try:
                rows = list(islice(self._reader, PIECE_ROWS))
            except csv.Error as error:
                raise self._broken(error, self.lines.number) from error
            if self.lines.number - start + 1 == len(rows) and all(rows):
                yield rows, list(range(start, start + len(rows)))
            else:
                starts = list(accumulate(map(_n_lines, rows), initial=start))
                filled = [(row, at) for row, at in zip(rows, starts, strict=False) if row]
                yield [row for row, _ in filled], [at for _, at in filled]
            start = self.lines.number + 1
            if len(rows) < PIECE_ROWS:
                return

    def _refuse(self, rows: list[list[str]], starts: list[int], width: int) -> list[Listed]:
        """Take the rows that cannot be right out of `rows` and `starts`, in place."""
        listed: list[Listed] = []
        torn = self._torn_row(rows, starts, width)
        if torn is not None:
            listed.append(refused(starts[-1], "torn", torn))
            rows.pop()
            starts.pop()
        if set(map(len, rows)) <= {width} and not self.lines.nul_lines:
            return listed
        kept_rows, kept_starts = [], []
        ends = [*[start - 1 for start in starts[1:]], self.lines.number]
        for row, start, end in zip(rows, starts, ends, strict=True):
            reason = self._fault(row, start, end, width)
            if reason:
                listed.append(refused(start, reason, ",".join(row)))
            else:
                kept_rows.append(row[:width])
                kept_starts.append(start)
        rows[:], starts[:] = kept_rows, kept_starts
        return listed

    def _fault(self, row: list[str], start: int, end: int, width: int) -> str:
        if any(start <= line <= end for line in self.lines.nul_lines):
            return "nul_bytes"
        if len(row) < width:
            return "too_few_fields"
        return "too_many_fields" if any(cell.strip() for cell in row[width:]) else ""

    def _torn_row(self, rows: list[list[str]], starts: list[int], width: int) -> str | None:
        """The text of the last row of the file if it stops in the middle: a quote left open, or cells lacking."""
        if not rows or not self.lines.unterminated:
            return None
        # A row that goes on over lines comes into its last one within quotation marks, so there one must be left over.
        spans_lines = starts[-1] != self.lines.number
        quote_left_open = (self.lines.last.count('"') % 2 == 1) != spans_lines
        if len(rows[-1]) < width or quote_left_open:
            return ",".join(rows[-1])
        return None

    def _broken(self, error: csv.Error, row: int) -> HistoryError:
        expected = f"rows of cells; {error} (is a quotation mark left open?)"
        return HistoryError(self.lines.name, row, None, expected)


def _n_lines(row: list[str]) -> int:
    """On how many lines of the file a row stands; a blank line is a row without cells."""
    return 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)


def _trimmed(header: list[str]) -> list[str]:
    """Without the empty names that a delimiter at the line's end makes."""
    while header and not header[-1]:
        header.pop()
    return header

"""The one exception of reading a history: it names the place and what was expected there."""


class HistoryError(Exception):
    """A file, or a column map, cannot be what it was said to be.

    `file` is the path as given, `row` the line (or the row of a sheet) counted from 1, or None where the whole file is
    meant, `column` the source's own name of the column or None, `expected` what would have been right.
    """

    def __init__(self, file: str, row: int | None, column: str | None, expected: str) -> None:
        place = file + ("" if row is None else f", row {row}") + ("" if column is None else f", column {column!r}")
        super().__init__(f"{place}: {expected}")
        self.file = file
        self.row = row
        self.column = column
        self.expected = expected

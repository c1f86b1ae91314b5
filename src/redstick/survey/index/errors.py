"""The one exception of this room: it names the file, the row and what was expected there."""


class IndexFault(Exception):  # noqa: N818  (named for what it is: a fault of the input, not of the program)
    """A model, a table or a choice cannot be what it was said to be.

    `file` is the path as given, or empty where no file is meant; `row` the line of a text file or the row of a sheet,
    counted from 1, or None where the whole file is meant; `expected` what would have been right.
    """

    def __init__(self, file: str, row: int | None, expected: str) -> None:
        place = file + ("" if row is None else f", row {row}" if file else f"row {row}")
        super().__init__(f"{place}: {expected}" if place else expected)
        self.file = file
        self.row = row
        self.expected = expected

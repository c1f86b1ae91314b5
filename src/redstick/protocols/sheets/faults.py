"""The one exception of this room."""


class SheetFault(Exception):  # noqa: N818  (named for what it is: a fault of the file, not of the program)
    """A file cannot be read as rows: `row` counts from 1, or is None where the whole file is meant."""

    def __init__(self, row: int | None, expected: str) -> None:
        super().__init__(expected if row is None else f"row {row}: {expected}")
        self.row = row
        self.expected = expected

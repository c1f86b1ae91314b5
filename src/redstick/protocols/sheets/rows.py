"""One way to open a table, whatever it is: a workbook by its mark or name, everything else as delimited text."""

from collections.abc import Iterator
from pathlib import Path

from redstick.protocols.sheets.delimited import delimited_rows
from redstick.protocols.sheets.faults import SheetFault
from redstick.protocols.sheets.workbook import workbook_rows

FILE_MAX_BYTES = 2 << 30
ZIP_MARK = b"PK\x03\x04"
OLD_MARK = b"\xd0\xcf\x11\xe0"  # workbooks of before 2007


def open_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(row counted from 1, its cells) of a CSV, also gzipped, or of the first sheet of a workbook; empty rows left out.

    Raises SheetFault, also while the rows are read.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            mark = file.read(4)
    except OSError as error:
        raise SheetFault(None, f"expected a file that can be read ({error.strerror})") from error
    if size > FILE_MAX_BYTES:
        raise SheetFault(None, f"expected a file of at most {FILE_MAX_BYTES >> 20} MiB")
    if mark == OLD_MARK or path.suffix.lower() == ".xls":
        raise SheetFault(None, "expected XLSX or CSV; open this old workbook and save it as one of them")
    return workbook_rows(path) if _is_workbook(path, mark) else delimited_rows(path)


def is_workbook(path: Path) -> bool:
    """Whether `open_rows` reads a file as a workbook. Raises OSError when it cannot be opened."""
    with path.open("rb") as file:
        return _is_workbook(path, file.read(4))


def _is_workbook(path: Path, mark: bytes) -> bool:
    return mark == ZIP_MARK or path.suffix.lower() in {".xlsx", ".xlsm"}

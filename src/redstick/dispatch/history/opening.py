"""Which reader a file needs: told by the column map, else by its first bytes and its name."""

from collections.abc import Sequence
from pathlib import Path

from redstick.dispatch.history.column_map import FileForm
from redstick.dispatch.history.delimited import open_delimited
from redstick.dispatch.history.json_records import open_json
from redstick.dispatch.history.tables import Table
from redstick.dispatch.history.text_lines import look
from redstick.dispatch.history.workbook import OLD_MARK, ZIP_MARK, open_workbook


def open_table(path: Path, file: FileForm, wanted: Sequence[str] | None, snapshot_time: str = "") -> Table:
    """Open a file of any known kind; `wanted` None means every column.

    Raises HistoryError where it cannot be read or lacks a wanted column.
    """
    kind = file.kind or guess_kind(path)
    if kind == "workbook":
        return open_workbook(path, wanted, file.sheet)
    if kind == "csv":
        return open_delimited(path, wanted, file.delimiter, file.encoding)
    by_lines = kind == "jsonl"
    return open_json(path, wanted, by_lines=by_lines, records=file.records, encoding=file.encoding, time=snapshot_time)


def guess_kind(path: Path) -> str:
    """The kind of a file, one of `column_map.KINDS`, by its first bytes and then its name.

    Raises HistoryError where there is no such file.
    """
    start = look(path)
    if start.startswith((ZIP_MARK, OLD_MARK)):
        return "workbook"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith((b"{", b"[")):
        return "csv"
    if text.startswith(b"["):
        return "json"
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    # Lines of objects each end with a brace and go on with another; a printed object does not.
    first, _, rest = text.partition(b"\n")
    return "jsonl" if first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{") else "json"

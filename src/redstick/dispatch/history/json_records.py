"""Rows out of JSON: a list of records, GeoJSON features, one record a line, or one snapshot of many records a line.

A column is named by its path, "properties.UID"; a list of numbers reads as "a, b". What stands around the records, such
as the time at which a feed was fetched, belongs to each of them and is found by its own name. Numbers keep
their digits.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.model import Listed
from redstick.dispatch.history.tables import PIECE_ROWS, Piece, Table, refused
from redstick.dispatch.history.text_lines import TextLines

WHOLE_MAX_CHARS = 512 << 20  # one JSON value is held in memory; a larger export is cut into lines
LOOK_RECORDS = 2_000


def open_json(
    path: Path, wanted: Sequence[str] | None, *, by_lines: bool, records: str = "", encoding: str = "", time: str = ""
) -> Table:
    """Open JSON; `wanted` None means every path that the first records have.

    `records` is the path of the list of records inside of each value; empty means the value is the record, or for a
    whole file the only list of objects in it. `time` names the path that marks a snapshot. Raises HistoryError for
    text that is no JSON, and at the end of reading for a wanted column that no record had.
    """
    lines = TextLines(path, encoding)
    values = _line_values(lines) if by_lines else _whole_value(lines)
    source = _Records(str(path), values, records, time)
    header = source.look()
    names = header if wanted is None else list(wanted)
    return Table(header, source.pieces(names), lines.notes)


def records_path(value: Any) -> str:
    """Where the list of objects stands in one value: its path, "" where the value itself is a record or a list."""
    if isinstance(value, dict):
        lists = [
            key for key, item in value.items() if isinstance(item, list) and all(isinstance(r, dict) for r in item)
        ]
        if len(lists) == 1:
            return str(lists[0])
    return ""


def outer_names(path: Path) -> tuple[str, list[str]]:
    """Of a file with one value a line: where its records stand ("" where each line is one), and what is around them."""
    for _, value in _line_values(TextLines(path)):
        if isinstance(value, dict):
            inside = records_path(value)
            return inside, [name for name, item in value.items() if not isinstance(item, dict | list)] if inside else []
    return "", []


def flat(record: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """A record's values by their paths, as text."""
    found: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{prefix}{key}."))
        else:
            found[f"{prefix}{key}"] = _text(value)
    return found


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value if not isinstance(item, dict))
    return repr(value)


def _line_values(lines: TextLines) -> Iterator[tuple[int, Any]]:
    """(line, value or the Listed that stands for it) of every line that is not blank."""
    for line in lines:
        if not line.strip():
            continue
        try:
            yield lines.number, msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            # A feed that is written while it is read ends in the middle of a line.
            reason = "torn" if lines.unterminated else "not_a_record"
            yield lines.number, refused(lines.number, reason, line.strip())


def _whole_value(lines: TextLines) -> Iterator[tuple[int, Any]]:
    pieces, size = [], 0
    for line in lines:
        pieces.append(line)
        size += len(line)
        if size > WHOLE_MAX_CHARS:
            expected = f"at most {WHOLE_MAX_CHARS >> 20} MiB in one JSON value; write one record a line instead"
            raise HistoryError(lines.name, lines.number, None, expected)
    try:
        value = msgspec.json.decode("".join(pieces))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise HistoryError(lines.name, lines.number, None, f"one whole JSON value: {error}") from error
    yield 0, value


class _Records:
    """The records of a file with the lines (or places in the list) that they came from."""

    def __init__(self, name: str, values: Iterator[tuple[int, Any]], path: str, time: str) -> None:
        self.name, self.values, self.path, self.time = name, values, path, time
        self._looked: list[tuple[int, Any]] = []
        self._outer: dict[str, str] = {}

    def look(self) -> list[str]:
        """Every path that the first records have, in order of appearance."""
        names: dict[str, None] = {}
        seen = 0
        for number, value in self.values:
            self._looked.append((number, value))
            for _, record, outer in self._unfold(number, value):
                if isinstance(record, dict):
                    names |= dict.fromkeys([*flat(record), *outer])
                    seen += 1
            if seen >= LOOK_RECORDS:
                break
        if not names:
            raise HistoryError(self.name, None, None, "JSON objects as records; none was found")
        return list(names)

    def pieces(self, names: Sequence[str]) -> Iterator[Piece]:
        unseen = set(names)
        columns, piece = _empty(names)
        for number, value in self._all():
            if isinstance(value, Listed):
                piece.refused.append(value)
                continue
            if self.time and isinstance(value, dict) and self.time in value:
                piece.snapshots.append((number, _text(value[self.time])))
            for row, record, outer in self._unfold(number, value):
                if not isinstance(record, dict):
                    piece.refused.append(refused(row, "not_a_record", repr(record)))
                    continue
                cells = outer | flat(record)
                unseen -= cells.keys()
                piece.rows.append(row)
                for name, column in columns.items():
                    column.append(cells.get(name, ""))
            if len(piece.rows) >= PIECE_ROWS:
                yield piece
                columns, piece = _empty(names)
        yield piece
        if unseen:
            absent = next(name for name in names if name in unseen)
            raise HistoryError(self.name, None, absent, "a field of this name in at least one record")

    def _all(self) -> Iterator[tuple[int, Any]]:
        yield from self._looked
        self._looked = []
        yield from self.values

    def _unfold(self, number: int, value: Any) -> Iterator[tuple[int, Any, dict[str, str]]]:
        """(row, record, what stands around it) for each record of one value."""
        if isinstance(value, Listed):
            return
        if number == 0 and not self.path:
            self.path = records_path(value)
        outer: dict[str, str] = {}
        for key in self.path.split(".") if self.path else ():
            if not isinstance(value, dict) or key not in value:
                yield number, value, outer
                return
            outer |= {name: _text(item) for name, item in value.items() if not isinstance(item, dict | list)}
            value = value[key]
        found = value if isinstance(value, list) else [value]
        for place, record in enumerate(found, start=1):
            yield (number or place), record, outer


def _empty(names: Sequence[str]) -> tuple[dict[str, list[str]], Piece]:
    """A piece without rows, and its columns to be filled."""
    columns: dict[str, list[str]] = {name: [] for name in names}
    return columns, Piece(columns, [])

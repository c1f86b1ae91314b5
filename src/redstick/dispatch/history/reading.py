"""Reading a city's history by its column map."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from redstick.dispatch.history.clocks import settle_repeated_hour
from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.date_forms import Form, form
from redstick.dispatch.history.delimited import open_delimited
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.gathering import Gathering
from redstick.dispatch.history.model import (
    CATEGORIES,
    MISSING_CODE,
    MISSING_MS,
    STAMPS,
    Codes,
    Counts,
    History,
)
from redstick.dispatch.history.tables import Table


def read(path: Path, column_map: ColumnMap) -> History:
    """Read an export. Raises HistoryError, naming file, row and column, where the file is not what the map says."""
    table = _open(path, column_map)
    gathering = Gathering(column_map, _forms(path, column_map))
    for piece in table.pieces:
        gathering.add(piece)
    return _history(column_map, gathering, tuple(table.notes))


def _open(path: Path, column_map: ColumnMap) -> Table:
    file = column_map.file
    return open_delimited(path, column_map.source_columns, file.delimiter, file.encoding)


def _forms(path: Path, column_map: ColumnMap) -> dict[str, list[Form]]:
    """The date forms of each stamp."""
    forms = {}
    for name, stamp in column_map.stamps.items():
        try:
            forms[name] = [form(text) for text in stamp.dates or column_map.dates]
        except ValueError as error:
            raise HistoryError(str(path), None, stamp.columns[0], f"a known date form: {error}") from error
    return forms


def _history(column_map: ColumnMap, gathering: Gathering, notes: tuple[str, ...]) -> History:
    categories, stamps, longitude, latitude, row_number = gathering.columns()
    call = categories.get("call", categories.get("incident"))
    for row, name in settle_repeated_hour(stamps, gathering.repeated, call.codes if call else row_number):
        column = " + ".join(column_map.stamps[name].columns)
        gathering.doubts.add(int(row_number[row]), column, "dst_ambiguous", name)
    n = len(row_number)
    refused, doubts = gathering.refused, gathering.doubts
    return History(
        source=column_map.source,
        one_row_per=column_map.one_row_per,
        time_zone=column_map.time_zone,
        row_number=row_number,
        categories=_all_categories(categories, n),
        longitude_e7=longitude,
        latitude_e7=latitude,
        stamps={name: stamps.get(name, np.broadcast_to(np.int64(MISSING_MS), n)) for name in STAMPS},
        mapped=column_map.mapped,
        listed=sorted([*refused, *doubts.listed]),
        counts=Counts(
            read=gathering.rows_read,
            accepted=gathering.rows_read - len(refused),
            refused=len(refused),
            merged=0,
            doubted=dict(sorted(doubts.counted.items())),
        ),
        notes=notes,
    )


def _all_categories(found: Mapping[str, Codes], n: int) -> dict[str, Codes]:
    """Every category; what the source does not have is missing everywhere and costs no memory."""
    absent = np.broadcast_to(np.int32(MISSING_CODE), n)
    return {name: found.get(name, Codes(absent, [])) for name in CATEGORIES}

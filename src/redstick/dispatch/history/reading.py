"""Reading a city's history by its column map."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from redstick.dispatch.history.clocks import settle_repeated_hour
from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.date_evidence import DateEvidence
from redstick.dispatch.history.date_forms import Form, form
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.gathering import SNAPSHOT, Gathering
from redstick.dispatch.history.model import (
    CATEGORIES,
    MISSING_CODE,
    MISSING_MS,
    STAMPS,
    Codes,
    Counts,
    History,
    Listed,
    Windows,
)
from redstick.dispatch.history.opening import open_table
from redstick.dispatch.history.repeats import Columns, fold, identities
from redstick.dispatch.history.snapshots import fold_snapshots

UNREAD_MIN = 12  # fewer cells that are no time are slips, which are listed one by one


def read(path: Path, column_map: ColumnMap) -> History:
    """Read an export. Raises HistoryError, naming file, row and column, where the file is not what the map says.

    A map without date forms has them found out over the whole file first, and the file is refused where two forms fit.
    """
    forms, notes = _forms(path, column_map)
    table = open_table(path, column_map.file, column_map.source_columns, column_map.snapshot_time)
    gathering = Gathering(column_map, forms)
    for piece in table.pieces:
        gathering.add(piece)
    columns = gathering.columns()
    _refuse_unread(path, column_map, gathering, columns)
    _settle_clocks(column_map, gathering, columns)
    if column_map.one_row_per == "snapshot":
        return _of_snapshots(column_map, gathering, columns, (*table.notes, *notes))
    return _of_rows(column_map, gathering, columns, (*table.notes, *notes))


def _forms(path: Path, column_map: ColumnMap) -> tuple[dict[str, list[Form]], list[str]]:
    """The date forms of each stamp, and what was said about those that had to be found out."""
    sources = {name: (stamp.columns, stamp.dates or column_map.dates) for name, stamp in column_map.stamps.items()}
    if column_map.snapshot_time:
        sources[SNAPSHOT] = ((column_map.snapshot_time,), column_map.dates)
    undeclared = {columns for columns, dates in sources.values() if not dates}
    found = _found_forms(path, column_map, sorted(undeclared)) if undeclared else {}
    forms = {}
    for name, (columns, dates) in sources.items():
        try:
            forms[name] = [form(text) for text in dates or found[columns]]
        except ValueError as error:
            raise HistoryError(str(path), None, columns[0], f"a known date form: {error}") from error
    notes = [f"{' + '.join(columns)}: read as {', '.join(dates)}" for columns, dates in found.items()]
    return forms, notes


def _found_forms(
    path: Path, column_map: ColumnMap, undeclared: Sequence[tuple[str, ...]]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    evidence = {columns: DateEvidence() for columns in undeclared}
    wanted = tuple(dict.fromkeys(column for columns in undeclared for column in columns))
    for piece in open_table(path, column_map.file, wanted).pieces:
        for columns, of in evidence.items():
            of.add([" ".join(parts).strip() for parts in zip(*(piece.cells[name] for name in columns), strict=True)])
    found = {}
    for columns, of in evidence.items():
        verdict = of.verdict()
        if verdict.doubt:
            raise HistoryError(str(path), None, " + ".join(columns), f"`dates` in the column map: {verdict.doubt}")
        found[columns] = verdict.forms or ("iso",)
    return found


def _refuse_unread(path: Path, column_map: ColumnMap, gathering: Gathering, columns: Columns) -> None:
    """A column in which more cells are no time than are one has another form than the map says: month and day swapped.

    Four in ten days of such a file would be read, each as another day.
    """
    for name, stamp in column_map.stamps.items():
        label = " + ".join(stamp.columns)
        unread = gathering.doubts.counted[label, "not_a_time"]
        if unread >= UNREAD_MIN and unread > int((columns.stamps[name] != MISSING_MS).sum()):
            first = next(one for one in gathering.doubts.listed if one[1:3] == (label, "not_a_time"))
            wanted = " or ".join(stamp.dates or column_map.dates) or "of a time"
            expected = (
                f"a time in the form {wanted} in most rows, not {first.text!r} as in {unread:,} (or name it `missing`)"
            )
            raise HistoryError(str(path), first.row, label, expected)


def _settle_clocks(column_map: ColumnMap, gathering: Gathering, columns: Columns) -> None:
    call = columns.categories.get("call") or columns.categories["incident"]
    for row, name in settle_repeated_hour(columns.stamps, gathering.repeated, call.codes):
        source = " + ".join(column_map.stamps[name].columns)
        gathering.doubts.add(int(columns.row_number[row]), source, "dst_ambiguous", name)


def _of_rows(column_map: ColumnMap, gathering: Gathering, columns: Columns, notes: tuple[str, ...]) -> History:
    merged: list[Listed] = []
    if column_map.key and column_map.repeats == "merge":
        identity = identities(columns.categories, column_map.key)
        folded = fold(columns, identity)
        _doubt_differing(column_map, gathering, columns, folded.differing)
        kept = np.zeros(len(columns), dtype=np.bool_)
        kept[folded.first] = True
        first_of = dict(zip(identity[folded.first].tolist(), columns.row_number[folded.first].tolist(), strict=True))
        for row in np.flatnonzero(~kept):
            text = f"as row {first_of[int(identity[row])]}"
            merged.append(Listed(int(columns.row_number[row]), "", "repeated", text))
        columns = folded.columns
    return _history(column_map, gathering, columns, notes, merged, len(merged), None)


def _of_snapshots(column_map: ColumnMap, gathering: Gathering, columns: Columns, notes: tuple[str, ...]) -> History:
    taken_ms = columns.stamps.pop(SNAPSHOT)
    moments = gathering.photographs_ms()
    if (taken_ms == MISSING_MS).any():
        row = int(columns.row_number[np.argmax(taken_ms == MISSING_MS)])
        raise HistoryError(column_map.source, row, column_map.snapshot_time, "the moment of the snapshot")
    incident = "incident" if "incident" in columns.categories else "call"
    seen = fold_snapshots(columns, taken_ms, moments, incident)
    _doubt_differing(column_map, gathering, columns, seen.folded.differing)
    incidents = len(np.unique(columns.categories[incident].codes))
    merged = gathering.rows_read - len(gathering.refused) - incidents
    notes = (*notes, f"{len(moments)} snapshots of {incidents} incidents")
    return _history(column_map, gathering, seen.folded.columns, notes, [], merged, seen.windows)


def _doubt_differing(
    column_map: ColumnMap, gathering: Gathering, columns: Columns, differing: Iterable[tuple[int, str]]
) -> None:
    for row, name in differing:
        if name in column_map.stamps:
            source = " + ".join(column_map.stamps[name].columns)
        else:
            source = " + ".join(column_map.categories.get(name, column_map.place.columns))
        text = columns.categories[name].text(row) if name in columns.categories else name
        gathering.doubts.add(int(columns.row_number[row]), source, "differs", text)


def _history(
    column_map: ColumnMap,
    gathering: Gathering,
    columns: Columns,
    notes: tuple[str, ...],
    merged: list[Listed],
    n_merged: int,
    windows: Windows | None,
) -> History:
    n = len(columns)
    refused, doubts = gathering.refused, gathering.doubts
    return History(
        source=column_map.source,
        one_row_per=column_map.one_row_per,
        time_zone=column_map.time_zone,
        row_number=columns.row_number,
        categories=_all_categories(columns.categories, n),
        longitude_e7=columns.longitude_e7,
        latitude_e7=columns.latitude_e7,
        stamps={name: columns.stamps.get(name, np.broadcast_to(np.int64(MISSING_MS), n)) for name in STAMPS},
        mapped=column_map.mapped,
        listed=sorted([*refused, *merged, *doubts.listed]),
        counts=Counts(
            read=gathering.rows_read,
            accepted=gathering.rows_read - len(refused),
            refused=len(refused),
            merged=n_merged,
            doubted=dict(sorted(doubts.counted.items())),
        ),
        notes=notes,
        windows=windows,
    )


def _all_categories(found: Mapping[str, Codes], n: int) -> dict[str, Codes]:
    """Every category; what the source does not have is missing everywhere and costs no memory."""
    absent = np.broadcast_to(np.int32(MISSING_CODE), n)
    return {name: found.get(name, Codes(absent, [])) for name in CATEGORIES}

"""Opening a city's export for a command: with its column map, or with one that is guessed and said to be."""

from pathlib import Path
from typing import TYPE_CHECKING

from redstick.cli.errors import Misuse

if TYPE_CHECKING:
    from redstick.dispatch.history import History
    from redstick.dispatch.history.column_map import ColumnMap


def open_history(
    calls: Path, columns: Path | None, time_zone: str | None
) -> "tuple[History, ColumnMap, tuple[str, ...]]":
    """The history, its map, and what the map's guesser was unsure of; raises Misuse that names the place."""
    from redstick.dispatch.history import HistoryError
    from redstick.dispatch.history.reading import read

    if not calls.is_file():
        raise Misuse(f"{calls}: there is no such file; expected an export of calls (CSV, JSON lines or xlsx)")
    try:
        if columns is None:
            column_map, guesses = _guessed(calls, time_zone)
        else:
            column_map, guesses = open_map(columns), ()
        history = read(calls, column_map)
    except HistoryError as error:
        raise Misuse(str(error)) from error
    if not len(history):
        refused = f" ({history.counts.refused:,} rows were refused)" if history.counts.refused else ""
        raise Misuse(f"{calls}: no call in it{refused}; expected at least one row that names its call")
    return history, column_map, guesses


def open_map(columns: Path) -> "ColumnMap":
    """A column map that was named; raises Misuse with the place in it."""
    from redstick.dispatch.history import HistoryError
    from redstick.dispatch.history.column_map import ColumnMap

    try:
        return ColumnMap.load(columns)
    except HistoryError as error:
        raise Misuse(str(error)) from error


def _guessed(calls: Path, time_zone: str | None) -> "tuple[ColumnMap, tuple[str, ...]]":
    """The drafted map with what it is unsure of; without a zone, times are taken as they are written (as if in UTC)."""
    from redstick.dispatch.history.guessing import guess

    draft = guess(calls)
    if time_zone is not None:
        draft = draft.in_zone(time_zone)
    said = []
    for doubt in draft.unsure:
        column = f"column “{doubt.column}”: " if doubt.column else ""
        said.append(f"{column}{doubt.question} {doubt.evidence}".rstrip())
    if draft.unused:
        said.append(f"These columns were not used: {', '.join(draft.unused)}.")
    column_map = draft.in_zone(time_zone or "UTC").column_map
    if not {"call", "incident"} & set(column_map.categories):
        expected = "expected a column that tells calls apart; name it in a map (`redstick columns guess`)"
        raise Misuse(f"{calls}: none of its columns looks like a call or incident number; {expected}")
    return column_map, tuple(said)

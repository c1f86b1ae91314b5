"""Opening a city's export for a command: with its column map, or with one that is guessed and said to be."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from redstick.cli.errors import Misuse

if TYPE_CHECKING:
    from redstick.dispatch.history import History
    from redstick.dispatch.history.column_map import ColumnMap


def open_history(
    calls: Path, columns: Path | None, time_zone: str | None
) -> "tuple[History, ColumnMap, tuple[str, ...]]":
    """The history, its map, and what the map's guesser was unsure of; raises Misuse that names the place.

    Rows left out and cells that could not be read are told on stderr, one line for each kind, with the first of them.
    """
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
    for line in _warnings(calls, history):
        sys.stderr.write(f"{line}\n")
    return history, column_map, guesses


def _warnings(calls: Path, history: "History") -> Iterator[str]:
    """What was left out or doubted, each kind with its first place; all of it stands in the report."""
    from redstick.dispatch.reads.report_sheets import DOUBTS, REFUSALS

    refused = Counter(one.reason for one in history.listed if one.reason in REFUSALS)
    told: set[tuple[str, str]] = set()
    for one in history.listed:
        if one.reason in {"differs", "repeated"} or (one.column, one.reason) in told:
            continue  # a feed that changes its mind is no fault of the file
        told.add((one.column, one.reason))
        if one.reason in REFUSALS:
            place, said, n, what = "", REFUSALS[one.reason], refused[one.reason], "left out"
        else:
            n, what = history.counts.doubted[one.column, one.reason], "doubted"
            place, said = f", column {one.column!r}", DOUBTS[one.reason]
        more = f" (and {n - 1:,} more {what})" if n > 1 else f" ({what})"
        yield f"warning: {calls}, row {one.row}{place}: {said}: {one.text[:60]!r}{more}"


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

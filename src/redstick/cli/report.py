"""`redstick report CALLS`: an export of a dispatch system in, one page out that a chief can read to a council.

The page is a single HTML file without scripts or outside references. Everything is computed before anything is written,
and each file is written beside its name and renamed, so that a failure leaves nothing behind.
"""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redstick.cli.errors import Failure, Misuse

if TYPE_CHECKING:
    from redstick.dispatch.history import History
    from redstick.dispatch.history.column_map import ColumnMap
    from redstick.dispatch.kpi import Standard
    from redstick.dispatch.reads.report_model import Report


def command(
    calls: Annotated[Path, typer.Argument(help="the export: CSV, JSON, JSON lines or a workbook; may be gzipped")],
    columns: Annotated[Path | None, typer.Option(help="its column map (TOML); guessed without one")] = None,
    standard: Annotated[
        list[str] | None, typer.Option(help="a standard to set beside the figures, by id or name; may be repeated")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="keep only rows with this, such as priority=1; may be repeated")
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="the city's clock (IANA), where the map is guessed")] = None,
    out: Annotated[Path | None, typer.Option(help="the page to write; report.html without it")] = None,
    csv: Annotated[Path | None, typer.Option(help="a folder to write every table to, as CSV")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="all figures on stdout; no page unless --out")] = False,
) -> None:
    """Measure an export and write the report."""
    page_path = out if out is not None or json_out else Path("report.html")
    _refuse_bad_places(calls, page_path, csv)
    _refuse_bad_zone(time_zone, columns)
    standards = _standards(standard or [])
    with _progress("Reading", quiet=json_out):
        history, column_map, guesses = _history(calls, columns, time_zone)
    for guess in guesses:
        sys.stderr.write(f"unsure: {guess}\n")
    chosen, said = _chosen(history, only or [], calls)
    with _progress("Measuring", quiet=json_out):
        report = _report(calls, chosen, column_map, standards, guesses, said, zone_named=bool(columns or time_zone))
    with _progress("Drawing", quiet=json_out):
        written = _texts(report, page_path, csv)
    _write(written)
    if json_out:
        from redstick.dispatch.reads.report_json import as_json

        typer.echo(json.dumps(as_json(report), indent=1, ensure_ascii=False))
        return
    typer.echo(f"{report.calls:,} calls, {report.rows_read:,} rows ({report.rows_refused:,} refused): {page_path}")
    if csv is not None:
        typer.echo(f"{len(written) - 1} tables: {csv}")


def _refuse_bad_places(calls: Path, page: Path | None, csv: Path | None) -> None:
    """What can be known to fail is refused before an hour of work, not after it."""
    if not calls.is_file():
        raise Misuse(f"{calls}: there is no such file; expected an export of calls (CSV, JSON lines or xlsx)")
    if page is not None and not page.resolve().parent.is_dir():
        raise Misuse(f"--out {page}: there is no folder {page.resolve().parent}")
    if page is not None and page.is_dir():
        raise Misuse(f"--out {page}: this is a folder; expected the name of the page to write")
    if page is not None and page.resolve() == calls.resolve():
        raise Misuse(f"--out {page}: this is the export itself")
    if csv is not None and csv.exists() and not csv.is_dir():
        raise Misuse(f"--csv {csv}: this is a file; expected a folder")


def _refuse_bad_zone(time_zone: str | None, columns: Path | None) -> None:
    """The zone is the map's to say where there is one, and must be a name that the world knows."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if time_zone is None:
        return
    if columns is not None:
        raise Misuse(f"--time-zone {time_zone}: the column map {columns} says it already; change it there")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Misuse(f"--time-zone {time_zone}: expected an IANA name such as America/Chicago") from error


def _standards(names: Sequence[str]) -> "tuple[Standard, ...]":
    from redstick.dispatch.reads.reports import UnknownStandardError, choose_standards

    try:
        return choose_standards(names)
    except UnknownStandardError as error:
        raise Misuse(f"--standard: {error}") from error


def _history(calls: Path, columns: Path | None, time_zone: str | None) -> "tuple[History, ColumnMap, tuple[str, ...]]":
    """The history, its map, and what the map's guesser was unsure of."""
    from redstick.dispatch.history import HistoryError
    from redstick.dispatch.history.column_map import ColumnMap
    from redstick.dispatch.history.reading import read

    try:
        if columns is None:
            column_map, guesses = _guessed(calls, time_zone)
        else:
            column_map, guesses = ColumnMap.load(columns), ()
        history = read(calls, column_map)
    except HistoryError as error:
        raise Misuse(str(error)) from error
    if not len(history):
        refused = f" ({history.counts.refused:,} rows were refused)" if history.counts.refused else ""
        raise Misuse(f"{calls}: no call in it{refused}; expected at least one row that names its call")
    return history, column_map, guesses


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
    return draft.in_zone(time_zone or "UTC").column_map, tuple(said)


def _chosen(history: "History", only: Sequence[str], calls: Path) -> "tuple[History, str]":
    """The rows that were asked for, and how to say so; values of one category add up, categories narrow down."""
    import numpy as np

    wanted: dict[str, list[str]] = {}
    for choice in only:
        name, equals, value = choice.partition("=")
        if not equals or name not in history.mapped or name not in history.categories:
            known = ", ".join(name for name in history.mapped if name in history.categories)
            raise Misuse(f"--only {choice}: expected NAME=VALUE with one of the names that {calls} has: {known}")
        if value not in history.categories[name].values:
            some = ", ".join(history.categories[name].values[:12])
            raise Misuse(f"--only {choice}: no row says so; {name} is, among others: {some}")
        wanted.setdefault(name, []).append(value)
    if not wanted:
        return history, ""
    kept = np.ones(len(history), dtype=np.bool_)
    for name, values in wanted.items():
        codes = history.categories[name]
        kept &= np.isin(codes.codes, [codes.values.index(value) for value in values])
    if not kept.any():
        raise Misuse(f"--only {' '.join(only)}: no row of {calls} is all of these")
    return history.where(kept), " and ".join(f"{name} {' or '.join(values)}" for name, values in wanted.items())


def _report(
    calls: Path,
    history: "History",
    column_map: "ColumnMap",
    standards: "Sequence[Standard]",
    guesses: Sequence[str],
    only: str,
    *,
    zone_named: bool,
) -> "Report":
    from redstick.dispatch.reads.reports import make_report

    with calls.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return make_report(
        history,
        column_map,
        file=calls.name,
        digest=digest,
        standards=standards,
        guesses=guesses,
        only=only,
        zone_named=zone_named,
    )


def _texts(report: "Report", page_path: Path | None, csv: Path | None) -> dict[Path, str]:
    """Every file to be written, whole, before the first is."""
    from redstick.dispatch.reads.report_page import page
    from redstick.dispatch.reads.report_sheets import csv_text, sheets

    texts: dict[Path, str] = {}
    if page_path is not None:
        texts[page_path] = page(report).render()
    if csv is not None:
        texts |= {csv / f"{sheet.name}.csv": csv_text(sheet) for sheet in sheets(report)}
    return texts


def _write(texts: Mapping[Path, str]) -> None:
    """All files beside their names first, then all renamed; what was begun is removed if one cannot be written."""
    begun: list[Path] = []
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.part")
            begun.append(beside)
            beside.write_bytes(text.encode("utf-8"))
        for beside, path in zip(begun, texts, strict=True):
            beside.replace(path)
    except OSError as error:
        for beside in begun:
            beside.unlink(missing_ok=True)
        raise Failure(f"{error.filename}: cannot be written ({error.strerror}); choose another place") from error


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[None]:
    """A word on stderr while a long step runs, for a person at a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …"):
        yield

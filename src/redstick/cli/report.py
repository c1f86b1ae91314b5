"""`redstick report CALLS`: an export of a dispatch system in, one page out that a chief can read to a council.

The page is a single HTML file without scripts or outside references. Everything is computed before anything is written,
and each file is written beside its name and renamed, so that a failure leaves nothing behind.
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redstick.cli.errors import Misuse
from redstick.cli.histories import open_history
from redstick.cli.output import progress, refuse_page, write_files

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
    refuse_page(page_path, calls)
    if csv is not None and csv.exists() and not csv.is_dir():
        raise Misuse(f"--csv {csv}: this is a file; expected a folder")
    _refuse_bad_zone(time_zone, columns)
    standards = _standards(standard or [])
    with progress("Reading", quiet=json_out):
        history, column_map, guesses = open_history(calls, columns, time_zone)
    for guess in guesses:
        sys.stderr.write(f"unsure: {guess}\n")
    chosen, said = _chosen(history, only or [], calls)
    with progress("Measuring", quiet=json_out):
        report = _report(calls, chosen, column_map, standards, guesses, said, zone_named=bool(columns or time_zone))
    with progress("Drawing", quiet=json_out):
        written = _texts(report, page_path, csv)
    write_files(written)
    if json_out:
        from redstick.dispatch.reads.report_json import as_json

        typer.echo(json.dumps(as_json(report), indent=1, ensure_ascii=False))
        return
    typer.echo(f"{report.calls:,} calls, {report.rows_read:,} rows ({report.rows_refused:,} refused): {page_path}")
    if csv is not None:
        typer.echo(f"{len(written) - 1} tables: {csv}")


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

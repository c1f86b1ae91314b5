"""`redstick columns`: draft the column map of a CAD export, and check that a map fits its file."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import typer
from rich.console import Console

from redstick.cli.errors import Misuse
from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.drafts import Draft
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.model import History

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)

Made = TypeVar("Made")
SHOWN_MAX = 20  # listed rows and cells that a person is shown; --json has them all


@app.callback()
def columns() -> None:
    """Draft the column map of a CAD export, and check that a map fits its file."""


@app.command()
def guess(
    calls: Annotated[Path, typer.Argument(help="A CAD export: CSV, JSON, JSON lines or Excel, packed or not.")],
    out: Annotated[Path | None, typer.Option(help="Write the map here instead of to the screen.")] = None,
    time_zone: Annotated[str, typer.Option(help="The IANA zone of the file's clocks, such as America/Chicago.")] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a text.")] = False,
) -> None:
    """Draft the column map of an export: a commented TOML file, every question beside its line."""
    from redstick.dispatch.history.guessing import guess as draft_of

    draft = _with_progress(f"Looking at {calls.name}", lambda: draft_of(calls))
    if time_zone:
        draft = draft.in_zone(_zone(time_zone))
    if out is not None:
        if not out.parent.is_dir():
            raise Misuse(f"{out.parent}: there is no such folder to write the map into")
        draft.column_map.save(out, draft.comments())
    if json:
        typer.echo(msgspec.json.encode(_draft_json(draft, out)).decode())
    elif out is None:
        typer.echo(draft.text(), nl=False)
    else:
        questions = f"{len(draft.unsure)} questions wait beside their lines" if draft.unsure else "nothing is open"
        typer.echo(f"{out}: {len(draft.column_map.source_columns)} columns mapped; {questions}.")


@app.command()
def check(
    calls: Annotated[Path, typer.Argument(help="A CAD export.")],
    columns: Annotated[Path, typer.Option("--columns", help="Its column map.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a text.")] = False,
) -> None:
    """Read an export by its map and say what was refused, merged and doubted; nothing is written."""
    from redstick.dispatch.history.reading import read

    history = _with_progress(f"Reading {calls.name}", lambda: read(calls, ColumnMap.load(columns)))
    if json:
        typer.echo(msgspec.json.encode(_history_json(history)).decode())
    else:
        typer.echo("\n".join(_history_lines(history)))


def _with_progress(what: str, work: Callable[[], Made]) -> Made:
    """Do some work while a person sees that it goes on; a file that cannot be right is a misuse."""
    try:
        with Console(stderr=True).status(what):
            return work()
    except HistoryError as error:
        raise Misuse(str(error)) from error


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Misuse(f"--time-zone: an IANA time zone such as America/Chicago, not {name!r}") from error
    return name


def _draft_json(draft: Draft, out: Path | None) -> dict[str, object]:
    return {
        "map": draft.column_map.tables(),
        "toml": draft.text(),
        "unsure": [
            {"column": doubt.column, "question": doubt.question, "evidence": doubt.evidence, "where": doubt.where}
            for doubt in draft.unsure
        ],
        "unused": draft.unused,
        "rows": draft.n_rows,
        "whole": draft.whole,
        "out": None if out is None else str(out),
    }


def _history_json(history: History) -> dict[str, object]:
    counts = history.counts
    return {
        "rows": len(history),
        "read": counts.read,
        "accepted": counts.accepted,
        "refused": counts.refused,
        "merged": counts.merged,
        "doubted": [{"column": column, "reason": reason, "n": n} for (column, reason), n in counts.doubted.items()],
        "mapped": list(history.mapped),
        "notes": list(history.notes),
        "listed": [
            {"row": one.row, "column": one.column, "reason": one.reason, "text": one.text} for one in history.listed
        ],
    }


def _history_lines(history: History) -> list[str]:
    counts = history.counts
    accepted = f"{counts.accepted:,} accepted, {counts.merged:,} of them merged"
    lines = [f"{counts.read:,} rows read: {accepted}; {counts.refused:,} refused"]
    lines += [f"  {n:,} cells {reason} in {column}" for (column, reason), n in counts.doubted.items()]
    lines += [f"  {note}" for note in history.notes]
    for one in history.listed[:SHOWN_MAX]:
        lines.append(f"row {one.row}: {one.reason} {one.column}: {one.text}".replace("\n", " "))
    if len(history.listed) > SHOWN_MAX:
        lines.append(f"and {len(history.listed) - SHOWN_MAX:,} more; --json lists them all")
    return lines

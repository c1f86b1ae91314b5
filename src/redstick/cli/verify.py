"""`redstick verify DATA`: check a journal's chain and positions with the independent verifier."""

import json
from pathlib import Path
from typing import Annotated

import typer

from redstick.cli.errors import Failure, Misuse
from redstick_verify.__main__ import check


def command(
    data: Annotated[Path, typer.Argument(help="the data directory, or the journal folder in it")],
    json_out: Annotated[bool, typer.Option("--json", help="{ok, positions, head, first_bad}")] = False,
) -> None:
    """Check every line of a journal against the chain; the verifier imports nothing of Redstick."""
    folder = data / "journal" if (data / "journal").is_dir() else data
    if not list(folder.glob("segment-*.log")):
        raise Misuse(f"{data}: no journal here; expected a folder with segment-*.log files, or one holding `journal`")
    found = check(folder)
    if json_out:
        typer.echo(json.dumps(found))
    elif found["ok"]:
        typer.echo(f"{found['positions']} positions, each as it was written; head {found['head']}")
    if not found["ok"]:
        raise Failure(f"{folder}: {found['first_bad']}. Keep the folder as it is and restore from a copy.")

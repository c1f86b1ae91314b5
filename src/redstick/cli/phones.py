"""`redstick phones`: a city's people with their extensions from a list, whole or not at all."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redstick.cli.errors import Failure, Misuse

if TYPE_CHECKING:
    from redstick.phones.importing import PeopleFile

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    help="The city's phones: people and extensions from a list.",
)  # fmt: skip

FAULTS_SHOWN = 50


@app.callback()
def phones() -> None:
    """The city's phones."""


@app.command("import")
def import_people(
    file: Annotated[Path, typer.Argument(help="CSV with the columns number and name, and as far as there are more")],
    data: Annotated[Path, typer.Option("--data", help="the city's data folder")],
    actor: Annotated[str | None, typer.Option("--as", help="the name of whoever does this; asked for the password")],
    check: Annotated[bool, typer.Option("--check", help="read the file, say what is wrong, do nothing")] = False,
    from_stdin: Annotated[bool, typer.Option("--password-stdin", help="read the password from stdin")] = False,
    json_out: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Enrol everybody in a list with their extensions: all of them, or none where one line cannot be."""
    from redstick.cli.acting import open_desk
    from redstick.phones.importing import read_people
    from redstick.phones.rules.people import ImportPeople

    try:
        found = read_people(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(f"{file}: {error}") from error
    if found.faults:
        raise Failure(_faults(file, found))
    if not check:
        with open_desk(data, from_stdin=from_stdin) as desk:
            outcome = desk.ask(ImportPeople(found.rows), desk.acting(actor))
        if outcome.rejection is not None:
            raise Failure(_refused(file, found, outcome.rejection.code, outcome.rejection.data))
    told = {"people": len(found.rows), "done": not check}
    words = f"{len(found.rows)} people with their extensions {'could be taken' if check else 'are here'}"
    typer.echo(json.dumps(told) if json_out else words)


def _faults(file: Path, found: "PeopleFile") -> str:
    shown = [f"  line {one.line}: {one.says}" for one in found.faults[:FAULTS_SHOWN]]
    more = len(found.faults) - len(shown)
    return "\n".join(
        [f"{file}: {len(found.faults)} faults; nothing was done", *shown, *([f"  and {more} more"] if more > 0 else [])]
    )


def _refused(file: Path, found: "PeopleFile", code: str, data: dict[str, object]) -> str:
    """Where a row was refused, its line is named: what is here already may stand against it."""
    row = data.get("row")
    if not isinstance(row, int):
        return f"{file}: refused, {code}; nothing was done"
    about = ", ".join(f"{key} {value}" for key, value in data.items() if key not in {"row", "code"})
    return f"{file}: line {found.lines[row - 1]}: {data['code']} ({about}); nothing was done"

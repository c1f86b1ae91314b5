"""`redstick eido check FILE…`: whether EIDOs keep to the standard, every fault with its place."""

import json
from pathlib import Path
from typing import Annotated

import typer

from redstick.cli.errors import Failure, Misuse

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
SHOWN = 20  # faults of a file, for people


@app.callback()
def group() -> None:
    """Emergency incident data objects (NENA-STA-021.1)."""


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="EIDOs, one JSON document each")],
    json_out: Annotated[bool, typer.Option("--json", help="every fault as JSON")] = False,
) -> None:
    """Judge EIDOs strictly: names, mandatory fields, codes, references, times, locations."""
    from redstick.protocols.eido import codec

    found = {}
    for path in files:
        try:
            found[path] = codec.check(path.read_bytes())
        except OSError as error:
            raise Misuse(f"{path}: cannot be read ({error.strerror})") from error
    if json_out:
        told = [
            {
                "file": str(path),
                "ok": not faults,
                "faults": [{"place": f.place, "expected": f.expected} for f in faults],
            }
            for path, faults in found.items()
        ]
        typer.echo(json.dumps(told, indent=1))
    else:
        for path, faults in found.items():
            typer.echo(f"{path}: {'keeps to the standard' if not faults else f'{len(faults)} faults'}")
            for fault in faults[:SHOWN]:
                typer.echo(f"  {fault}")
    faulty = [path for path, faults in found.items() if faults]
    if faulty:
        raise Failure(f"{len(faulty)} of {len(found)} have faults; whoever sent them should mend the places named")

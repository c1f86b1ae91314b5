"""`redstick types`: the interface's types for the console, in TypeScript."""

from pathlib import Path
from typing import Annotated

import typer

from redstick.cli.errors import Failure
from redstick.cli.output import write_files


def command(
    out: Annotated[Path | None, typer.Option("--out", help="a file; standard output without it")] = None,
    check: Annotated[bool, typer.Option("--check", help="write nothing; fail when --out differs")] = False,
) -> None:
    """Write TypeScript types made from the structs that the interface speaks."""
    from redstick.bootstrap import LIVE
    from redstick.kernel.house import House
    from redstick.server.api.typescript import typescript

    made = typescript(House(LIVE))
    if out is None:
        typer.echo(made, nl=False)
    elif check:
        if not out.is_file() or out.read_text(encoding="utf-8") != made:
            raise Failure(f"{out} is not what the interface speaks now; run `redstick types --out {out}`")
    else:
        write_files({out: made})

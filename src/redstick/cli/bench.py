"""`redstick bench [SUITE]`: run a suite of benchmarks/ and print each figure with its limit beside it.

A suite is a module `benchmarks/<suite>.py` with a function `measure() -> Iterable[Figure]`. Benchmarks stand in the
source tree, not in the wheel: they need its data and its peers.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from redstick.cli.errors import Misuse

ROOT = Path(__file__).parents[3]
TOOLS = {"figure", "doors", "transactions", "signalling", "ringing"}  # of the suites, and no suites themselves


def suites() -> list[str]:
    """Names of the suites in this source tree."""
    return sorted(p.stem for p in (ROOT / "benchmarks").glob("[a-z]*.py") if p.stem not in TOOLS)


def command(
    suite: Annotated[str | None, typer.Argument(help="one suite; all of them without it")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="a list of figures for machines")] = False,
) -> None:
    """Run benchmarks; each figure is printed with its limit from the same run."""
    known = suites()
    if not known:
        raise Misuse("benchmarks run from a source tree: there is no benchmarks/ beside this installation")
    if suite is not None and suite not in known:
        raise Misuse(f"there is no suite {suite!r}; there are: {', '.join(known)}")
    sys.path.insert(0, str(ROOT))
    figures: list[dict[str, Any]] = []
    try:
        for name in [suite] if suite else known:
            for figure in import_module(f"benchmarks.{name}").measure():
                figures.append(figure.as_json())
                if not json_out:
                    typer.echo(line(figures[-1]))
    finally:  # what was measured before another could not be is said all the same
        if json_out:
            typer.echo(json.dumps(figures, indent=1))


def line(figure: dict[str, Any]) -> str:
    """One figure for a person."""
    ratio = "" if figure["ratio"] is None else f"  ratio {figure['ratio']:.3g}"
    value, limit = f"{figure['value']:.4g} {figure['unit']}", f"{figure['limit']:.4g} {figure['limit_name']}"
    return f"{figure['name']:<28} {value:>20}   limit {limit}{ratio}  n={figure['n']}"

"""`redstick survey score|rank|robustness`: answers and a model in; scores, ranks and how sure they are out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick import __version__
from redstick.cli.errors import Misuse
from redstick.cli.output import progress, write_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from redstick.cli.output import Tell
    from redstick.survey.index.result import Result

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)

TableFile = Annotated[Path, typer.Argument(help="answers: CSV or XLSX, one row for each place")]
ModelFile = Annotated[Path, typer.Option("--model", help="the edition: indicators, groups, methods (TOML)")]
PlacesFile = Annotated[Path | None, typer.Option("--places", help="a roster with names, population, groups")]
RatingsFile = Annotated[Path | None, typer.Option("--ratings", help="judges' ratings: place, question, judge, rating")]
WeightsFile = Annotated[
    Path | None,
    typer.Option("--weights", help="weights instead of the model's: id, weight; or points: id, judge, weight"),
]
Out = Annotated[Path | None, typer.Option("--out", help="write the result as one HTML page")]
Stages = Annotated[Path | None, typer.Option("--stages", help="write every stage as CSV into this folder")]
Json = Annotated[bool, typer.Option("--json", help="one object for machines on stdout")]
LINES_SHOWN = 25
AGREEMENT_SEED = 1


@app.command("score")
def score_command(
    table: TableFile,
    model: ModelFile,
    places: PlacesFile = None,
    ratings: RatingsFile = None,
    weights: WeightsFile = None,
    out: Out = None,
    stages: Stages = None,
    as_json: Json = False,
) -> None:
    """Score every place, with each stage in the open."""
    result = _scored(table, model, places, ratings, weights)
    _write(result, out, stages)
    if as_json:
        from redstick.survey.index.result import as_json as whole

        _print_json(whole(result))
    else:
        _print_scores(result, out)


@app.command("rank")
def rank_command(
    table: TableFile,
    model: ModelFile,
    places: PlacesFile = None,
    ratings: RatingsFile = None,
    weights: WeightsFile = None,
    out: Out = None,
    stages: Stages = None,
    as_json: Json = False,
) -> None:
    """Rank places, within their classes where the model has classes."""
    result = _scored(table, model, places, ratings, weights)
    _write(result, out, stages)
    if as_json:
        from redstick.survey.index.result import ranks_json

        _print_json(ranks_json(result))
    else:
        _print_scores(result, out)


@app.command("robustness")
def robustness_command(
    table: TableFile,
    model: ModelFile,
    places: PlacesFile = None,
    ratings: RatingsFile = None,
    weights: WeightsFile = None,
    draws: Annotated[int, typer.Option("--draws", min=1, max=100_000, help="recounts")] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="the same seed gives the same bytes")] = 7,
    base: Annotated[
        int, typer.Option("--sobol", min=0, max=65_536, help="base of the sensitivity design, a power of two; 0: none")
    ] = 512,
    out: Out = None,
    stages: Stages = None,
    as_json: Json = False,
) -> None:
    """Say how sure each rank is, its chance of the top, and what decides it."""
    if base & (base - 1) or base == 1:
        raise Misuse(f"--sobol {base}: expected a power of two, such as 64 or 128, or 0")
    result = _scored(table, model, places, ratings, weights)
    result = _recounted(result, draws, seed, base, quiet=as_json)
    _write(result, out, stages)
    if as_json:
        from redstick.survey.index.result import as_json as whole

        _print_json(whole(result))
    else:
        _print_scores(result, out)


def _scored(table: Path, model: Path, places: Path | None, ratings: Path | None, weights: Path | None) -> "Result":
    """The nominal result. Raises Misuse with the one line of what is wrong."""
    from redstick.survey.index.errors import IndexFault
    from redstick.survey.index.model_file import read_model
    from redstick.survey.index.plan import score
    from redstick.survey.index.reading import read_inputs
    from redstick.survey.index.result import Result, agreements

    try:
        plan, data = read_inputs(read_model(model, weights), table, places, ratings)
        outcome = score(plan, data)
        return Result(plan, data, outcome, agreements(plan, data, AGREEMENT_SEED))
    except IndexFault as fault:
        raise Misuse(str(fault) if fault.file else f"{model}: {fault}") from fault


def _recounted(result: "Result", draws: int, seed: int, base: int, *, quiet: bool) -> "Result":
    from dataclasses import replace

    from redstick.survey.index.errors import IndexFault
    from redstick.survey.index.result import Robustness
    from redstick.survey.index.sensitivity import deciding, rank_sensitivity
    from redstick.survey.index.uncertainty import bands

    plan, data = result.plan, result.data
    try:
        with progress(f"0 of {draws:,} recounts", quiet=quiet) as tell:
            found = bands(plan, data, draws, seed, lambda done: tell(f"{done:,} of {draws:,} recounts"))[0]
            tell("what decides each rank")
            decides = deciding(plan, data)
            tell("which choice moves the ranks most")
            sobol = rank_sensitivity(plan, data, base, seed, _counting(tell)) if base else None
    except IndexFault as fault:
        raise Misuse(str(fault)) from fault
    return replace(result, robustness=Robustness(found, decides, sobol))


def _counting(tell: "Tell") -> "Callable[[int], None]":
    return lambda done: tell(f"which choice moves the ranks most: {done:,} recounts")


def _write(result: "Result", out: Path | None, stages: Path | None) -> None:
    """Every file whole before the first is put in its place."""
    texts: dict[Path, str] = {}
    if out is not None:
        from redstick.survey.index.page import page

        texts[out] = page(result, __version__).render()
    if stages is not None:
        from redstick.survey.index.stage_files import stage_files

        texts |= {stages / name: text for name, text in stage_files(result).items()}
    write_files(texts)


def _print_json(body: dict[str, Any]) -> None:
    typer.echo(json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False))


def _print_scores(result: "Result", out: Path | None) -> None:
    """The first places of each class, for a person at a terminal."""
    outcome, robust = result.outcome, result.robustness
    shown: dict[str, int] = {}
    for place in result.by_rank():
        group = result.class_name(place)
        shown[group] = shown.get(group, 0) + 1
        if not outcome.ranks[place] or shown[group] > LINES_SHOWN:
            continue
        if shown[group] == 1 and group:
            typer.echo(f"\n{group}")
        line = f"{int(outcome.ranks[place]):>6}  {outcome.shown[place]:>10.4g}  {result.data.names[place]}"
        if robust is not None:
            found = robust.bands
            line += f"  (band {found.low[place]:.0f} to {found.high[place]:.0f}, top {100 * found.top[place]:.0f} %)"
        typer.echo(line)
    typer.echo(f"\n{int((outcome.ranks > 0).sum()):,} places ranked, {int((outcome.ranks == 0).sum()):,} not ranked")
    if out is not None:
        typer.echo(f"page: {out}")

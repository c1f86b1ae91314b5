"""`redstick train`: a shift as an exercise, and what came of it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.output import progress, write_files

if TYPE_CHECKING:
    from redstick.simulation.training.sheet import Sheet

PAGE = "exercise.html"
app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    help="A generated or recorded shift as an exercise at one seat; robots hold the others. Scored from the journal.",
)  # fmt: skip

Seat = Annotated[
    str, typer.Option("--seat", help="the trainee's seat: calls:1, dispatch:1 (police), :2 (EMS), :3 (fire)")
]
Json = Annotated[bool, typer.Option("--json", help="for machines")]


@app.command()
def run(
    data: Annotated[Path, typer.Option("--data", help="an empty folder: the journal of the exercise is kept there")],
    seat: Seat = "dispatch:2",
    scenario: Annotated[str, typer.Option(help="ordinary, storm, football, festival, pile-up or ghosts")] = "ordinary",
    seed: Annotated[int, typer.Option(min=0, help="the same seed gives the same calls, whatever the trainee does")] = 7,
    recorded: Annotated[
        Path | None, typer.Option("--from", help="a recorded shift: the calls of this journal, at their times")
    ] = None,
    call_takers: Annotated[int, typer.Option(min=1, max=20, help="seats at the telephones, the trainee's too")] = 3,
    size: Annotated[str, typer.Option(help="full or small: which parish")] = "full",
    speed: Annotated[int, typer.Option(min=1, max=240, help="city seconds per second")] = 1,
    port: Annotated[int, typer.Option(min=0, max=65535, help="port on this machine; 0 takes any free one")] = 8080,
    json_out: Json = False,
) -> None:
    """Run a shift with an empty chair: take the seat in the browser. Ctrl-C ends it and prints the sheet."""
    from redstick.cli.demo import live

    live(port, speed, scenario, seed, size, data, json_=json_out, call_takers=call_takers, recorded=recorded)
    score(data, seat, out=data / PAGE, json_out=json_out)


@app.command()
def score(
    data: Annotated[Path, typer.Argument(help="the folder of an exercise, also while it runs")],
    seat: Seat = "dispatch:2",
    city: Annotated[
        Path | None, typer.Option("--city", help="the city folder of the journal, else that of the demo")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="write the page to this file too")] = None,
    json_out: Json = False,
) -> None:
    """Score what the person at a seat did: times, right units, duplicates, addresses, alerts; each with its moment."""
    from redstick.simulation.training.page import page
    from redstick.simulation.training.sheet import as_text

    with progress("scoring", quiet=json_out):
        sheet, zone = _scored(data, seat, city)
    if not sheet.persons:
        raise Failure(f"{data}: nobody but robots sat at {seat}; `--seat` names another")

    def clock(at: int) -> str:
        return f"{datetime.fromtimestamp(at / 1000, UTC).astimezone(zone):%Y-%m-%d %H:%M:%S}"

    if out is not None:
        write_files({out: page(sheet, f"The shift in {data.name}", clock).render()})
    if json_out:
        import msgspec

        typer.echo(json.dumps(msgspec.to_builtins(sheet), indent=1))
        return
    typer.echo(as_text(sheet, {item.at: clock(item.at) for item in sheet.items}))
    if out is not None:
        typer.echo(f"The page is {out}")


def _scored(data: Path, seat: str, city: Path | None) -> "tuple[Sheet, ZoneInfo]":
    from redstick.adapters.city_folder import UnusableCity, open_router, read_city, road_times
    from redstick.cli.journals import looked_at
    from redstick.kernel.errors import Corruption
    from redstick.simulation.city.robots.dispatchers import POLICY
    from redstick.simulation.training.scoring import Scoring

    folder = city or city_of(data)
    try:
        known = read_city(folder)
        roads = road_times(folder, open_router(folder, known))
    except (UnusableCity, OSError) as error:
        raise Misuse(f"--city {folder}: {error}") from error
    scoring = Scoring(seat, roads, {one.id: (one.x, one.y) for one in known.stations}, POLICY)
    with looked_at(data) as journal:
        try:
            scoring.read(journal.read(0))
        except Corruption as error:
            raise Failure(f"{data}: {error}; `redstick verify` tells more") from error
    return scoring.sheet(), ZoneInfo(known.time_zone)


def city_of(data: Path) -> Path:
    """The city that an exercise was lived in, as it says itself; raises Misuse where it says nothing."""
    from redstick.simulation.demo.opening import CITY_FILE

    try:
        return Path((data / CITY_FILE).read_text(encoding="utf-8").strip())
    except OSError as error:
        raise Misuse(f"{data} does not say in which city it was lived; give it with --city") from error

"""`redstick recommend`: the nearest units for a place, and for every other one the reason why not."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redstick.cli.cities import open_city, open_geocoder, open_road_times, parse_point
from redstick.cli.errors import Misuse

if TYPE_CHECKING:
    from redstick.dispatch.ports import Point
    from redstick.geo.city import City


def command(
    city: Annotated[Path, typer.Option(help="a city folder with stations and units")],
    type_: Annotated[str, typer.Option("--type", help="the kind of unit that is needed; several with commas")],
    at: Annotated[str, typer.Option(help="where: an address, a corner, a place, or LAT,LON")],
    count: Annotated[int, typer.Option(min=1, help="how many units are needed")] = 1,
    capability: Annotated[list[str] | None, typer.Option(help="what each must be able to do; may be repeated")] = None,
    ceiling_s: Annotated[int | None, typer.Option(min=1, help="the longest travel time that is of use")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="every unit of the roster once, with its reason")] = False,
) -> None:
    """Rank the units of a city, all of them free and in quarters, by road time on the open roads."""
    from redstick.dispatch.recommendation.nearest import Candidate, Requirement, recommend
    from redstick.dispatch.status_table import Status

    found = open_city(city)
    stations = {station.id: (station.x, station.y) for station in found.stations}
    roster = [
        Candidate(unit.id, unit.kind, unit.capabilities, Status.AQ, "", stations.get(unit.station), 0, True)
        for unit in found.units
    ]
    if not roster:
        raise Misuse(f"--city {city}: no units in it; import them with `redstick city import --units FILE`")
    kinds = tuple(kind.strip() for kind in type_.split(",") if kind.strip())
    unknown = [kind for kind in kinds if kind not in {unit.kind for unit in roster}]
    if unknown:
        known = ", ".join(sorted({unit.kind for unit in roster}))
        raise Misuse(f"--type {unknown[0]}: no unit is of this kind; there are: {known}")
    target = _place(city, found, at)
    need = Requirement(kinds, tuple(capability or ()), count, ceiling_s)
    roads = open_road_times(city, found)
    verdicts = recommend(roster, target, need, roads)
    if json_out:
        keys = ("unit", "kind", "reason", "words", "travel_s", "behind_s")
        rows = [{key: getattr(verdict, key) for key in keys} for verdict in verdicts]
        typer.echo(json.dumps([{**row, "calibrated": roads.calibrated} for row in rows], indent=1))
        return
    for verdict in verdicts:
        mark = "→" if verdict.chosen else " "
        typer.echo(f"{mark} {verdict.unit:<8} {verdict.kind:<10} {verdict.reason:<14} {verdict.words}")
    if not roads.calibrated:
        typer.echo("Times are free-flow guesses; `redstick city calibrate` fits them to drives that happened.")


def _place(folder: Path, city: "City", text: str) -> "Point":
    """The one place that a text names; raises Misuse with what it might mean when it is not just one."""
    point = parse_point(text)
    if point is not None:
        return point
    result = open_geocoder(folder, city).geocode(text)
    if result.kind == "unique":
        return (result.candidates[0].x, result.candidates[0].y)
    labels = "; ".join(candidate.label for candidate in result.candidates[:5]) or "nothing like it"
    reasons = ", ".join(str(reason).replace("_", " ") for reason in result.reasons)
    raise Misuse(f"--at {text!r} is {result.kind.replace('_', ' ')} ({reasons}); it may mean: {labels}")

"""`redstick geocode`: ranked places for a text, with the reasons for each; never a silent guess."""

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick.cli.cities import open_city, open_geocoder
from redstick.cli.errors import Misuse

if TYPE_CHECKING:
    from redstick.geo.geocoder import Candidate, Result

_HEADLINES = {
    "unique": "One place, without doubt.",
    "ambiguous": "Several places fit: a person must choose.",
    "partial": "Only a part was found: a person must confirm.",
    "not_found": "Nothing was found.",
    "conflict": "The text and the caller's position disagree.",
}


def command(
    text: Annotated[str, typer.Argument(help="What was entered: an address, a block, a corner, a place, a position.")],
    city: Annotated[Path, typer.Option(help="The city folder.")],
    near: Annotated[str, typer.Option(metavar="LAT,LON", help="The caller's position, in degrees.")] = "",
    uncertainty: Annotated[float | None, typer.Option(metavar="METRES", help="How uncertain that position is.")] = None,
    area: Annotated[str, typer.Option(help="Municipality or postcode, where the text does not say it.")] = "",
    json_: Annotated[bool, typer.Option("--json", help="One machine-readable object on standard output.")] = False,
) -> None:
    """Ranked places for a text, with reasons. Exit code 0 also when nothing was found: the answer says what failed."""
    position = _position(near)
    if uncertainty is not None and (not near or not math.isfinite(uncertainty) or uncertainty < 0):
        raise Misuse("--uncertainty is a number of metres, 0 or more, and needs --near")
    geocoder = open_geocoder(city, open_city(city))
    try:
        result = geocoder.geocode(text, near=position, uncertainty_m=uncertainty, area_hint=area or None)
    finally:
        geocoder.close()
    if json_:
        sys.stdout.write(json.dumps(result.as_json(), indent=2) + "\n")
    else:
        _print(result)


def _position(near: str) -> tuple[float, float] | None:
    if not near:
        return None
    try:
        latitude, longitude = (float(part) for part in near.split(","))
    except ValueError:
        raise Misuse(f"--near is {near!r}; expected latitude and longitude in degrees, such as 37.77,-122.42") from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise Misuse(f"--near is {near!r}; a latitude lies within ±90 degrees, a longitude within ±180")
    return latitude, longitude


def _print(result: "Result") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from redstick.geo.geocoder import SENTENCES

    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(Text(_HEADLINES[result.kind], style="bold"))
    for reason in result.reasons if result.kind != "unique" else ():
        console.print(Text(f"  {SENTENCES[reason]}"))
    if not result.candidates:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("", "Place", "Municipality", "Latitude, longitude", "Known to", "Distance", "Why"):
        table.add_column(head, overflow="fold")
    for number, candidate in enumerate(result.candidates, 1):
        why = "; ".join(SENTENCES[reason] for reason in candidate.reasons)
        table.add_row(*(Text(cell) for cell in (str(number), *_cells(candidate), why)))
    console.print(table)


def _cells(candidate: "Candidate") -> tuple[str, ...]:
    place = candidate.label + (f", unit {candidate.unit}" if candidate.unit else "")
    value: dict[str, Any] = candidate.as_json()
    known = str(candidate.quality) + (f", {candidate.side} side" if candidate.side else "")
    known += f" ±{candidate.extent_m:.0f} m" if candidate.extent_m else ""
    inside = {True: ", inside", False: ", outside", None: ""}[candidate.inside]
    distance = "" if candidate.distance_m is None else f"{candidate.distance_m:,.0f} m{inside}"
    area = " ".join(part for part in (candidate.area, candidate.postcode) if part)
    return place, area, f"{value['latitude']:.6f}, {value['longitude']:.6f}", known, distance

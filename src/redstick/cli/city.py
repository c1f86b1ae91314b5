"""`redstick city`: import, check, generate and calibrate a city folder."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from redstick.cli.cities import build_geocoder, fleet_of_city, open_city, open_router
from redstick.cli.errors import Failure, Misuse
from redstick.cli.histories import open_history

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    help="Import, generate, calibrate and check a city.",
)  # fmt: skip

Json = Annotated[bool, typer.Option("--json", help="One machine-readable object on standard output.")]


@app.command("import")
def import_command(
    roads: Annotated[Path, typer.Option(help="OSM .pbf, GeoJSON (.gz), shapefile (.zip) or file geodatabase.")],
    out: Annotated[Path | None, typer.Option(help="The city folder to write.")] = None,
    columns: Annotated[Path | None, typer.Option(help="Which column of the roads means what (TOML).")] = None,
    draft_columns: Annotated[
        Path | None, typer.Option(help="Write a guessed column map here and import nothing.")
    ] = None,
    addresses: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Address points; may be given again.")
    ] = None,
    zones: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Polygons of one kind; may be given again.")
    ] = None,
    zone_kind: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="beat, fire_district, municipality, esn…: one for each --zones."),
    ] = None,
    stations: Annotated[Path | None, typer.Option(help="CSV or points: station, address, position.")] = None,
    units: Annotated[Path | None, typer.Option(help="TOML or CSV: unit, kind, station, capabilities.")] = None,
    places: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Common places: name, kind, aliases, position.")
    ] = None,
    mileposts: Annotated[Path | None, typer.Option(help="Posts and exits: route, direction, measure.")] = None,
    name: Annotated[str, typer.Option(help="The city's name; else that of the roads file.")] = "",
    time_zone: Annotated[str, typer.Option(help="IANA name, such as America/Chicago.")] = "UTC",
    layer: Annotated[str | None, typer.Option(help="The layer of roads in a geodatabase.")] = None,
    crs: Annotated[str | None, typer.Option(help="The coordinate system of files that declare none.")] = None,
    json_: Json = False,
) -> None:
    """Import a city from the files that it has."""
    from redstick.geo.importers.columns import load_columns
    from redstick.geo.importers.gather import Sources

    with _misuse():
        if draft_columns is not None:
            _draft(roads, layer, crs, draft_columns, json_)
            return
        if out is None:
            raise Misuse("--out is missing: the folder that the city is written to")
        sources = Sources(
            roads=roads,
            columns=load_columns(columns) if columns else None,
            addresses=tuple(addresses or ()),
            zones=_paired(zones or [], zone_kind or []),
            stations=stations,
            units=units,
            places=tuple(places or ()),
            mileposts=mileposts,
            name=name,
            time_zone=_known_time_zone(time_zone),
            layer=layer,
            crs=crs,
        )
        summary = _import(sources, out)
    _print(summary, _import_lines, json_)


def _import(sources: Any, out: Path) -> dict[str, Any]:
    from redstick.geo.city import save_city
    from redstick.geo.importers.gather import gather

    with _progress() as tell:
        city, intakes = gather(sources, tell)
        tell(f"writing {out} and its geocoder's index")
        city = save_city(out, city, build_geocoder)
    return {"folder": str(out), **_contents(city), "intakes": [intake.as_json() for intake in intakes]}


def _contents(city: Any) -> dict[str, Any]:
    """What a city holds, for people and machines."""
    return {
        "digest": city.digest,
        "name": city.name,
        "time_zone": city.time_zone,
        "segments": city.roads.segments,
        "nodes": city.roads.nodes,
        "names": len(city.roads.names),
        "addresses": len(city.addresses),
        "places": len(city.places),
        "mileposts": len(city.mileposts),
        "zones": len(city.zones),
        "stations": len(city.stations),
        "units": len(city.units),
        "attribution": list(city.attribution),
    }


def _import_lines(summary: dict[str, Any]) -> Iterator[str]:
    yield f"{summary['name']}: {summary['folder']} ({summary['digest'][:16]})"
    for intake in summary["intakes"]:
        yield f"  {intake['what']:<22} {intake['taken']:>9,} taken from {intake['file']}"
        for reason, count in intake["skipped"].items():
            yield f"  {'':<22} {count:>9,} skipped: {reason}"
        for note in intake["notes"]:
            yield f"  {'':<22} {'note':>9}: {note}"
    if summary["time_zone"] == "UTC":
        yield "  Times will be shown in UTC: give --time-zone if the city keeps another."
    for credit in summary["attribution"]:
        yield f"  Show this credit wherever the map is shown: {credit}"


def _draft(roads: Path, layer: str | None, crs: str | None, target: Path, json_: bool) -> None:
    from redstick.geo.importers.columns import draft_toml, guess_columns
    from redstick.geo.importers.features import read_features

    if roads.name.lower().endswith(".pbf"):
        raise Misuse(f"{roads}: an OpenStreetMap extract needs no column map")
    guess, unsure = guess_columns(read_features(roads, layer=layer, crs=crs).columns)
    part = target.with_name(f".{target.name}.part")
    part.write_text(draft_toml(guess, unsure), "utf-8")
    part.replace(target)
    _print({"columns": str(target), "unsure": unsure}, _draft_lines, json_)


def _draft_lines(summary: dict[str, Any]) -> Iterator[str]:
    yield f"Column map drafted in {summary['columns']}; correct it and pass it by --columns."
    for doubt in summary["unsure"]:
        yield f"  unsure: {doubt}"


def _paired(zones: list[Path], kinds: list[str]) -> tuple[tuple[Path, str], ...]:
    if len(zones) != len(kinds):
        raise Misuse(f"{len(zones)} --zones but {len(kinds)} --zone-kind: give one kind for each file, in order")
    return tuple(zip(zones, kinds, strict=True))


def _known_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Misuse(f"--time-zone {name!r} is unknown; expected an IANA name such as America/Chicago") from error
    return name


@contextmanager
def _misuse() -> Iterator[None]:
    """Turn what the rooms below refuse into one clear line."""
    from redstick.geo.city import DamagedCity
    from redstick.geo.importers.fault import InputFault

    try:
        yield
    except (InputFault, DamagedCity, FileExistsError, NotADirectoryError) as error:
        raise Misuse(str(error)) from error
    except OSError as error:
        raise Failure(f"{error}; free the disk or choose another place, and run it again") from error


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Tell people on standard error what is being done; silent where nobody looks."""
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("starting") as status:
        yield status.update


def _print(summary: dict[str, Any], lines: Callable[[dict[str, Any]], Iterator[str]], json_: bool) -> None:
    text = json.dumps(summary, ensure_ascii=False) if json_ else "\n".join(lines(summary))
    sys.stdout.write(text + "\n")


@app.command("generate")
def generate_command(
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes on every machine.", min=0)],
    out: Annotated[Path, typer.Option(help="The city folder to write.")],
    size: Annotated[str, typer.Option(help="full: a city-parish of 450,000 people; small: a few quarters.")] = "full",
    json_: Json = False,
) -> None:
    """Generate a made-up parish to try everything on."""
    from redstick.geo.city import save_city
    from redstick.simulation.parish import SIZES, counts, generate, save_companion

    if size not in SIZES:
        raise Misuse(f"--size {size!r} is unknown; expected one of {', '.join(SIZES)}")
    with _misuse(), _progress() as tell:
        tell("generating")
        parish = generate(seed, size)
        tell(f"writing {out} and its geocoder's index")
        city = save_city(out, parish.city, build_geocoder)
        companion = save_companion(out, parish)
    summary = {"folder": str(out), "seed": seed, "size": size, **_contents(city), **counts(parish)}
    _print({**summary, "companion_sha256": companion}, _generate_lines, json_)


def _generate_lines(summary: dict[str, Any]) -> Iterator[str]:
    yield f"{summary['name']}: {summary['folder']} ({summary['digest'][:16]}), made from seed {summary['seed']}"
    for key in ("population", "segments", "addresses", "places", "zones", "stations", "units", "hospitals", "cameras"):
        yield f"  {summary[key]:>9,} {key}"


@app.command("calibrate")
def calibrate_command(
    city: Annotated[Path, typer.Option(help="A city folder with stations; the fitted times are kept in it.")],
    history: Annotated[Path, typer.Option(help="An export of calls with their units.")],
    columns: Annotated[Path | None, typer.Option(help="The export's column map (TOML); guessed without one.")] = None,
    homes: Annotated[Path | None, typer.Option(help="Where units are quartered, by their names (TOML).")] = None,
    judge_days: Annotated[int, typer.Option(min=1, help="Last days, kept to judge by.")] = 3,
    time_zone: Annotated[str | None, typer.Option(help="The clock of the export, where the map is guessed.")] = None,
    json_: Json = False,
) -> None:
    """Fit travel times to what happened, judge them on days not seen, and keep them with the city."""
    from redstick.dispatch.replay.calibration import TooFewDrivesError, fit_and_judge
    from redstick.geo.travel import TRAVEL_FILE

    with _misuse(), _progress() as tell:
        tell(f"reading {history}")
        record, _, _ = open_history(history, columns, time_zone)
        found = open_city(city)
        fleet = fleet_of_city(found, record, homes)
        if not fleet.units:
            raise Misuse(f"--city {city}: no unit of {history} has a known station; list units, or give --homes")
        tell("driving every trip again")
        try:
            model, judged = fit_and_judge(record, found.roads, open_router(city, found), fleet, judge_days)
        except TooFewDrivesError as error:
            raise Misuse(f"{history}: {error}") from error
        model.save(city / TRAVEL_FILE)
    summary = {"file": str(city / TRAVEL_FILE), "form": model.form, "judged": None if judged is None else vars(judged)}
    _print(summary, _calibrate_lines, json_)


def _calibrate_lines(summary: dict[str, Any]) -> Iterator[str]:
    yield f"Travel times ({summary['form']}) are kept in {summary['file']}"
    judged = summary["judged"]
    if judged is None:
        yield "  Too few days to judge them by days not seen."
        return
    yield f"  fitted on {judged['trips_fitted']:,} drives, judged on {judged['trips_judged']:,} of later days"
    error_s, line_s = judged["median_abs_error_s"], judged["baseline_error_s"]
    yield f"  median absolute error {error_s:.1f} s (a plain line: {line_s:.1f} s)"
    yield f"  mean {judged['bias']:+.1%}, above the predicted ninetieth percentile {judged['above_p90']:.1%}"


@app.command("check")
def check_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A city folder.")],
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 where an error makes dispatch unsafe.")] = False,
    json_: Json = False,
) -> None:
    """Find what in a city's geography would send a unit astray."""
    from redstick.geo.city import load_city
    from redstick.geo.linter import lint

    with _misuse(), _progress() as tell:
        tell(f"reading {folder}")
        city = load_city(folder)
        tell("checking")
        findings = [finding.as_json() for finding in lint(city)]
    counts = {level: sum(found["severity"] == level for found in findings) for level in ("error", "warning", "notice")}
    summary = {"folder": str(folder), "name": city.name, "digest": city.digest, "counts": counts, "findings": findings}
    _print(summary, _check_lines, json_)
    if strict and counts["error"]:
        raise typer.Exit(1)


SHOWN = 5  # findings of one code that people are shown; --json lists all


def _check_lines(summary: dict[str, Any]) -> Iterator[str]:
    counts = summary["counts"]
    yield f"{summary['name']}: {counts['error']:,} errors, {counts['warning']:,} warnings, {counts['notice']:,} notices"
    groups: dict[str, list[dict[str, Any]]] = {}
    for found in summary["findings"]:
        groups.setdefault(f"{found['severity']} {found['code']}", []).append(found)
    for heading, same in groups.items():
        yield f"\n{heading} ({len(same):,}): {same[0]['advice']}"
        for found in same[:SHOWN]:
            at = f" at {found['position']['y']:.6f},{found['position']['x']:.6f}" if found["position"] else ""
            yield f"  {found['place']}{at}: {found['found']}"
        if len(same) > SHOWN:
            yield f"  and {len(same) - SHOWN:,} more; --json lists all"

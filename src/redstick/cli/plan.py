"""`redstick plan`: response plans as text: check, compare, ask, replay the past under one, and exchange as CSV."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick.cli import coverage
from redstick.cli.cities import fleet_of_city, open_city, open_geocoder, parse_point
from redstick.cli.errors import Failure, Misuse
from redstick.cli.histories import open_history
from redstick.cli.output import progress, write_files

if TYPE_CHECKING:
    from redstick.dispatch.history import History
    from redstick.dispatch.plans.faults import Finding
    from redstick.dispatch.plans.linter import Ground
    from redstick.dispatch.plans.model import ResponsePlan
    from redstick.dispatch.plans.resolving import Answer, Within
    from redstick.dispatch.plans.roster import RosterUnit
    from redstick.dispatch.ports import TravelTimes
    from redstick.dispatch.replay.plan import Fleet
    from redstick.dispatch.replay.under_plan import Figures
    from redstick.geo.city import City

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, help=__doc__)

PlanFile = Annotated[Path, typer.Argument(help="a response plan: TOML, or CSV where the name ends so")]
CityFolder = Annotated[Path | None, typer.Option(help="a city folder: its zones, stations and units")]
Json = Annotated[bool, typer.Option("--json", help="everything on stdout, for machines")]
MEASURES = (("travel_p50", "travel, median"), ("travel_p90", "travel, 90 %"),
            ("response_p50", "response, median"), ("response_p90", "response, 90 %"))  # fmt: skip

app.command("coverage")(coverage.command)


@app.command()
def check(
    plan: PlanFile,
    city: CityFolder = None,
    roster: Annotated[Path | None, typer.Option(help="units with staffing and crews (CSV)")] = None,
    closed: Annotated[list[str] | None, typer.Option(help="a station that is closed; may be repeated")] = None,
    json_out: Json = False,
) -> None:
    """Read a plan and lint it: rules that never answer, incidents that none answers, what the roster cannot give."""
    from redstick.dispatch.plans.faults import PlanTextError, Severity
    from redstick.dispatch.plans.linter import lint
    from redstick.dispatch.plans.opening import read_file

    ground, digest = _ground(city, roster, tuple(closed or ()))
    try:
        read = read_file(plan)
    except PlanTextError as error:
        raise Misuse(str(error)) from error
    # What cannot be read leaves gaps that are none: the text comes first.
    findings = [] if read.faults else lint(read.plan, read.lines, ground)
    errors = sum(one.severity is Severity.ERROR for one in findings)
    if json_out:
        told = {
            "ok": not read.faults and not errors,
            "version": read.plan.version,
            "digest": _digest(plan),
            "city": digest,
            "units": len(ground.roster or ()),
            "rules": len(read.plan.rules),
            "faults": [{"entry": f.entry, "line": f.line or None, "expected": f.expected} for f in read.faults],
            "findings": [one.as_json() for one in findings],
        }
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        _tell(plan, [fault.told(str(plan)) for fault in read.faults], findings)
    if read.faults or errors:
        found = f"faults of the text: {len(read.faults)}, errors: {errors}"
        raise Failure(f"{plan}: {found}; until they are corrected this version cannot be activated")
    if not json_out:
        typer.echo(f"{plan}: version {read.plan.version}, {len(read.plan.rules)} rules, no error")


def _tell(plan: Path, faults: list[str], findings: "list[Finding]") -> None:
    for line in faults:
        typer.echo(line)
    for one in findings:
        line = f", line {one.line}" if one.line else ""
        typer.echo(f"{one.severity.name.lower()} {one.code}: {plan}{line}: {one.place}: {one.found}; {one.advice}")


@app.command()
def diff(
    before: PlanFile, after: Annotated[Path, typer.Argument(help="the other version")], json_out: Json = False
) -> None:
    """Tell what changed between two versions, rule by rule: + is new, - gone, ~ another value."""
    from redstick.dispatch.plans.differences import differences

    changes = differences(_load(before), _load(after))
    if json_out:
        keys = ("sign", "place", "before", "after")
        typer.echo(json.dumps([{key: getattr(one, key) for key in keys} for one in changes], indent=1))
        return
    for one in changes:
        typer.echo(one.told())
    typer.echo(f"{len(changes)} changes")


@app.command()
def convert(
    plan: PlanFile, out: Annotated[Path, typer.Option(help="the file to write: its name ends in .csv or .toml")]
) -> None:
    """Write a plan as CSV for a spreadsheet, or back as TOML; nothing is lost either way."""
    from redstick.dispatch.plans.exchange import to_csv
    from redstick.dispatch.plans.text import to_toml

    writers = {".csv": to_csv, ".toml": to_toml}
    if out.suffix.lower() not in writers:
        raise Misuse(f"--out {out}: expected a name that ends in .csv or .toml")
    write_files({out: writers[out.suffix.lower()](_load(plan))})
    typer.echo(str(out))


@app.command()
def show(
    plan: PlanFile,
    type_: Annotated[str, typer.Option("--type", help="the type of incident, as the plan spells it")],
    time: Annotated[str, typer.Option(help="local time, as 2026-03-04T22:30")],
    at: Annotated[str, typer.Option(help="where: an address, or LAT,LON (with --city)")] = "",
    group: Annotated[str, typer.Option(help="the type's group, where the plan does not list it")] = "",
    alarm: Annotated[int, typer.Option(min=1, max=20, help="the highest alarm raised")] = 1,
    flag: Annotated[list[str] | None, typer.Option(help="a declared flag; may be repeated")] = None,
    zone: Annotated[list[str] | None, typer.Option(help="LAYER=ZONE, where no city knows it; may be repeated")] = None,
    city: CityFolder = None,
    json_out: Json = False,
) -> None:
    """Say what a plan sends to an incident, by which rule, and why that one won over the others."""
    import msgspec

    from redstick.dispatch.plans.resolving import PlanIndex, Question

    made = _load(plan)
    moment = _moment(time, made.time_zone)
    zones = tuple(_zone(text) for text in zone or ())
    unknown = [name for name in flag or () if name not in made.flags]
    if unknown:
        raise Misuse(f"--flag {unknown[0]}: the plan knows {', '.join(made.flags) or 'no flags'}")
    if city is not None and at:
        zones += _zones_at(city, at, moment)
    question = Question(type_, moment, group, alarm, tuple(flag or ()), "" if parse_point(at) else at, zones)
    answer = PlanIndex(made).answer(question)
    if json_out:
        told = {"question": msgspec.to_builtins(question), "answer": msgspec.to_builtins(answer)}
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
        return
    _show(answer)


def _show(answer: "Answer") -> None:
    ways = {
        "rule": "by rule",
        "group_default": "by the default of the type's group",
        "last_resort": "LAST RESORT: no rule answers it; a person must decide",
    }
    typer.echo(f"version {answer.version}: {ways[answer.way]}")
    for chosen in answer.chosen:
        typer.echo(f"alarm {chosen.alarm}: rule {chosen.rule!r}, {chosen.why}")
        for beaten in chosen.beaten:
            typer.echo(f"    before {beaten.rule!r}, which {beaten.why}")
    for one in answer.requirements:
        what = " or ".join(one.kinds) or "any unit"
        able = f" with {', '.join(one.capabilities)}" if one.capabilities else ""
        order = f", by stations {', '.join(answer.stations[one.id])}" if one.id in answer.stations else ""
        typer.echo(f"  {one.count} × {what}{able}  [{one.id}]{order}")
    for name, said in (("notify", answer.notify), ("caution", answer.cautions)):
        for text in said:
            typer.echo(f"  {name}: {text}")
    if answer.talkgroup:
        typer.echo(f"  talkgroup: {answer.talkgroup}")


@app.command()
def replay(
    plan: PlanFile,
    calls: Annotated[Path, typer.Option(help="an export of past calls")],
    city: Annotated[Path, typer.Option(help="a city folder: its roads, stations and zones")],
    columns: Annotated[Path | None, typer.Option(help="the export's column map (TOML); guessed without one")] = None,
    homes: Annotated[Path | None, typer.Option(help="where units are quartered, by their names (TOML)")] = None,
    against: Annotated[
        Path | None, typer.Option(help="another plan to compare with; without it, what was recorded as sent")
    ] = None,
    time_zone: Annotated[str | None, typer.Option(help="the city's clock (IANA), where the map is guessed")] = None,
    seed: Annotated[int, typer.Option(help="of the bootstrap over days")] = 7,
    json_out: Json = False,
) -> None:
    """Live past calls again under a plan and beside another: how fast, with how many units, and what was not met."""
    from redstick.cli.replay import travel_times
    from redstick.dispatch.replay.comparison import compare
    from redstick.dispatch.replay.under_plan import PlanAccount, figures, period

    made, other = _load(plan), None if against is None else _load(against)
    with progress("Reading", quiet=json_out) as tell:
        history, _, _ = open_history(calls, columns, time_zone)
        found = open_city(city)
        fleet = fleet_of_city(found, history, homes)
        if not fleet.units:
            raise Misuse(f"--city {city}: no unit of {calls.name} has a known station; list units, or give --homes")
        tell("Calibrating travel times")
        _, travel = travel_times(history, city, found, fleet, 1)
        tell("Living the calls under what is compared with")
        before, before_lived = _lived(other, history, found, fleet, travel)
        tell(f"Living the calls under version {made.version}")
        after, after_lived = _lived(made, history, found, fleet, travel)
    since, until = period(history)
    account = PlanAccount(
        version=made.version,
        digest=_digest(plan),
        since=since,
        until=until,
        other=figures("as recorded" if other is None else other.version, before_lived, before),
        plan=figures(made.version, after_lived, after),
        changes=compare(before, after, tuple(sorted({unit.kind for unit in fleet.units.values()})), seed),
        ways=_ways(made, history, found),
    )
    if json_out:
        from redstick.dispatch.replay.account import change_json

        told = account.as_json() | {"changes": [change_json(change) for change in account.changes]}
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
        return
    _compare(account.other, account.plan)
    typer.echo(f"answers found: {', '.join(f'{way} {n:,}' for way, n in sorted(account.ways.items()))}")


def _compare(before: "Figures", after: "Figures") -> None:
    """Two columns, each percentile with its n."""
    typer.echo(f"{'':<28}{before.plan[:20]:>20}{after.plan[:20]:>20}")
    for name, title in MEASURES:
        cells = [
            f"{one.percentiles_s[name]} s (n {one.n[name.partition('_')[0]]:,})" if name in one.percentiles_s else "–"
            for one in (before, after)
        ]
        typer.echo(f"{title:<28}{cells[0]:>20}{cells[1]:>20}")
    rows = (("incidents", "incidents"), ("responses", "unit responses"), ("units_used", "units used"),
            ("decided_anew", "decided anew"), ("as_recorded", "left as recorded"), ("waited", "had to wait"),
            ("not_met", "requirements not met"))  # fmt: skip
    for key, title in rows:
        typer.echo(f"{title:<28}{getattr(before, key):>20,}{getattr(after, key):>20,}")
    for name, n in after.not_met_by.items():
        typer.echo(f"  not met, {name}: {n:,}")


def _lived(plan: "ResponsePlan | None", history: "History", city: "City", fleet: "Fleet", travel: "TravelTimes") -> Any:
    """A shift under a response plan, or without one with what was recorded as sent."""
    from redstick.cli.replay import live_shift
    from redstick.dispatch.plans.past import PastAnswers
    from redstick.dispatch.plans.places import PlaceZones
    from redstick.dispatch.plans.resolving import PlanIndex
    from redstick.dispatch.replay.plan import Plan

    if plan is None:
        return live_shift(history, fleet, Plan(), travel)
    answers = PastAnswers(PlanIndex(plan), PlaceZones(city) if city.zones else None)
    return live_shift(history, fleet, Plan(title=plan.version, answers=answers), travel)


def _ways(plan: "ResponsePlan", history: "History", city: "City") -> Any:
    """How the plan answered each incident: by a rule, by a group's default, by the last resort."""
    from collections import Counter

    from redstick.dispatch.plans.past import PastAnswers
    from redstick.dispatch.plans.places import PlaceZones
    from redstick.dispatch.plans.resolving import PlanIndex
    from redstick.dispatch.replay.requests import rows_by_call

    answers = PastAnswers(PlanIndex(plan), PlaceZones(city) if city.zones else None)
    return Counter(answers(history, rows[0], 1).way.value for rows in rows_by_call(history))


def _load(path: Path) -> "ResponsePlan":
    from redstick.dispatch.plans.faults import PlanTextError
    from redstick.dispatch.plans.opening import load_file

    try:
        return load_file(path)
    except PlanTextError as error:
        raise Misuse(str(error)) from error


def _digest(path: Path) -> str:
    """The digest under which a plan's text is known: of its file, of the TOML that a CSV stands for."""
    from hashlib import sha256

    from redstick.dispatch.plans.opening import read_file
    from redstick.dispatch.plans.text import to_toml

    text = to_toml(read_file(path).plan).encode() if path.suffix.lower() == ".csv" else path.read_bytes()
    return sha256(text).hexdigest()


def _ground(city: Path | None, roster: Path | None, closed: tuple[str, ...]) -> "tuple[Ground, str]":
    """What the linter may hold against a plan, and the city's digest; a roster file goes before the city's units."""
    from redstick.dispatch.plans.linter import Ground
    from redstick.dispatch.plans.places import PlaceZones

    units = _roster(roster) if roster is not None else None
    if city is None:
        return Ground(closed=closed, roster=units), ""
    found = open_city(city)
    if units is None and found.units:
        units = tuple(_of_city(found))
    stations = tuple(station.id for station in found.stations) or None
    return Ground(PlaceZones(found).names() if found.zones else None, stations, closed, units), found.digest


def _of_city(city: "City") -> "list[RosterUnit]":
    from redstick.dispatch.plans.roster import RosterUnit

    return [RosterUnit(unit.id, unit.kind, unit.station, unit.capabilities, unit.agency) for unit in city.units]


def _roster(path: Path) -> "tuple[RosterUnit, ...]":
    from redstick.dispatch.plans.faults import PlanTextError
    from redstick.dispatch.plans.roster_file import read_roster

    try:
        return read_roster(path)
    except PlanTextError as error:
        raise Misuse(f"--roster {error}") from error


def _moment(text: str, time_zone: str) -> int:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    try:
        clock = datetime.fromisoformat(text)
    except ValueError as error:
        raise Misuse(f"--time {text!r}: expected a local time as 2026-03-04T22:30") from error
    return round((clock if clock.tzinfo else clock.replace(tzinfo=ZoneInfo(time_zone))).timestamp() * 1000)


def _zone(text: str) -> "Within":
    from redstick.dispatch.plans.resolving import Within

    layer, equals, name = text.partition("=")
    if not equals or not layer or not name:
        raise Misuse(f"--zone {text!r}: expected LAYER=ZONE")
    return Within(layer, name)


def _zones_at(folder: Path, text: str, at: int) -> "tuple[Within, ...]":
    """The zones of the one place that a text names; raises Misuse when it is not just one."""
    from redstick.dispatch.plans.places import PlaceZones

    city = open_city(folder)
    point = parse_point(text)
    if point is None:
        result = open_geocoder(folder, city).geocode(text)
        if result.kind != "unique":
            labels = "; ".join(candidate.label for candidate in result.candidates[:5]) or "nothing like it"
            raise Misuse(f"--at {text!r} is {result.kind.replace('_', ' ')}; it may mean: {labels}")
        point = (result.candidates[0].x, result.candidates[0].y)
    return PlaceZones(city).at(*point, at) if city.zones else ()

"""`redstick recommend`: who should go to a place, and for every other unit of the roster the reason why not."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from redstick.cli.cities import closures_at, open_city, open_geocoder, open_road_times, parse_point
from redstick.cli.errors import Misuse
from redstick.cli.output import write_files
from redstick.cli.rosters import quiet_roster, random_place, seeded_roster

if TYPE_CHECKING:
    from redstick.dispatch.plans.model import ResponsePlan
    from redstick.dispatch.plans.resolving import Answer as Response
    from redstick.dispatch.ports import Point
    from redstick.dispatch.recommendation.answer import Answer
    from redstick.dispatch.recommendation.question import Candidate, Question
    from redstick.geo.city import City
    from redstick.kernel.values import Instant

RANDOM = "random"
WHEN = "2024-01-01T12:00"  # a Monday noon: the same answer on every day that it is asked
E7 = 10_000_000
FAR_OFF_M = 250


def command(
    city: Annotated[Path, typer.Option(help="a city folder with stations and units")],
    type_: Annotated[str, typer.Option("--type", help="an incident type, or kinds of unit with commas")],
    at: Annotated[str, typer.Option(help="where: an address, a corner, a place, LAT,LON, or `random` with a seed")],
    plan: Annotated[
        Path | None, typer.Option(help="the response plan (TOML or CSV) that the type is looked up in")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="make up the middle of a shift; the same seed, the same")
    ] = None,
    when: Annotated[str, typer.Option(help="the city's clock, for plans that go by it: 2024-01-01T12:00")] = WHEN,
    alarm: Annotated[int, typer.Option(min=1, max=20, help="the alarm level")] = 1,
    count: Annotated[int, typer.Option(min=1, help="of kinds: how many units")] = 1,
    capability: Annotated[list[str] | None, typer.Option(help="of kinds: what each must be able to do")] = None,
    ceiling_s: Annotated[int | None, typer.Option(min=1, help="of kinds: the longest travel time of use")] = None,
    record: Annotated[Path | None, typer.Option(help="write the frozen record, which proves the answer, here")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="every unit of the roster once, with its reason")] = False,
) -> None:
    """Choose units for an incident by a plan and by road time; without a seed all are free and in quarters."""
    from redstick.dispatch.recommendation.recommending import recommend
    from redstick.dispatch.recommendation.record import digest_of, written

    found = open_city(city)
    if not found.units:
        raise Misuse(f"--city {city}: no units in it; import them with `redstick city import --units FILE`")
    now = _instant(when, found.time_zone)
    target = _place(city, found, at, seed)
    response, title = _response(found, type_, plan, target, now, alarm, (count, capability, ceiling_s))
    roster = quiet_roster(found) if seed is None else seeded_roster(found, seed, now)
    question = _question(found, type_, target, now, alarm, roster, response)
    roads = open_road_times(city, found, now) if found.roads.segments else None
    off_road_m = round(roads.snap(target).distance_m) if roads is not None else None
    answer = recommend(question, roads)
    text = written(question, answer)
    if record is not None:
        write_files({record: text})
    if json_out:
        said = _as_json(question, answer, response, title, off_road_m)
        typer.echo(json.dumps({**said, "digest": digest_of(text)}, indent=1, ensure_ascii=False))
        return
    _tell(answer, response, title, off_road_m)


def _instant(when: str, time_zone: str) -> "Instant":
    """A local time as milliseconds since the epoch; raises Misuse."""
    try:
        said = datetime.fromisoformat(when)
    except ValueError as error:
        raise Misuse(f"--when {when!r}: expected a time as 2024-01-01T12:00") from error
    local = said if said.tzinfo is not None else said.replace(tzinfo=ZoneInfo(time_zone or "UTC"))
    return round(local.astimezone(UTC).timestamp() * 1000)


def _place(folder: Path, city: "City", text: str, seed: int | None) -> "Point":
    """The one place that a text names; raises Misuse with what it might mean when it is not just one."""
    if text == RANDOM:
        if seed is None:
            raise Misuse("--at random needs --seed, so that the same can be asked again")
        return random_place(city, seed)
    point = parse_point(text)
    if point is not None:
        return point
    result = open_geocoder(folder, city).geocode(text)
    if result.kind == "unique":
        return (result.candidates[0].x, result.candidates[0].y)
    labels = "; ".join(candidate.label for candidate in result.candidates[:5]) or "nothing like it"
    reasons = ", ".join(str(reason).replace("_", " ") for reason in result.reasons)
    raise Misuse(f"--at {text!r} is {result.kind.replace('_', ' ')} ({reasons}); it may mean: {labels}")


def _response(
    city: "City",
    kind: str,
    path: Path | None,
    target: "Point",
    now: "Instant",
    alarm: int,
    asked: tuple[int, list[str] | None, int | None],
) -> "tuple[Response, str]":
    """What is to be sent, and by which plan: the given one; for kinds of unit just these; else the default."""
    from redstick.dispatch.plans.requirement import Requirement
    from redstick.dispatch.plans.resolving import Answer, Way
    from redstick.dispatch.recommendation.default_plan import default_plan

    if path is not None:
        plan = _plan_of(path)
        return _answer_of(plan, city, kind, plan.types.get(kind, ""), target, now, alarm), plan.title or path.name
    known = {unit.kind.casefold(): unit.kind for unit in city.units}
    parts = [part.strip() for part in kind.split(",") if part.strip()]
    kinds = tuple(known[part.casefold()] for part in parts if part.casefold() in known)
    count, capabilities, ceiling_s = asked
    if kinds and len(kinds) == len(parts):
        need = Requirement("asked for", kinds, tuple(capabilities or ()), count, ceiling_s=ceiling_s)
        return Answer("", Way.RULE, (need,)), "No plan: the kinds of unit that were asked for"
    if (count, capabilities, ceiling_s) != (1, None, None):
        raise Misuse(f"--type {kind}: --count, --capability and --ceiling-s go with kinds of unit; {_kinds_of(city)}")
    plan = default_plan(known.values())
    return _answer_of(plan, city, kind, _known_group(city, kind), target, now, alarm), plan.title


def _plan_of(path: Path) -> "ResponsePlan":
    from redstick.dispatch.plans.faults import PlanTextError
    from redstick.dispatch.plans.opening import load_file

    try:
        return load_file(path)
    except PlanTextError as error:
        raise Misuse(f"--plan {' '.join(str(error).split())}") from error


def _known_group(city: "City", kind: str) -> str:
    from redstick.dispatch.recommendation.default_plan import GROUP_WORDS, group_of

    group = group_of(kind)
    if not group:
        groups = ", ".join(GROUP_WORDS)
        raise Misuse(
            f"--type {kind}: no unit is of this kind; {_kinds_of(city)}; and by its words it belongs to none of the "
            f"groups of the default plan ({groups}); give one of these, or a response plan with --plan"
        )
    return group


def _kinds_of(city: "City") -> str:
    return f"there are: {', '.join(sorted({unit.kind for unit in city.units}))}"


def _answer_of(
    plan: "ResponsePlan", city: "City", kind: str, group: str, target: "Point", now: "Instant", alarm: int
) -> "Response":
    from redstick.dispatch.plans.resolving import PlanIndex, Question, Within
    from redstick.geo.zones import ZoneIndex

    layers = [layer for layer in (*plan.special, *plan.layers) if any(zone.layer == layer for zone in city.zones)]
    zones = ZoneIndex.of(city) if layers else None
    found = [zones.at(*target, now, layer) for layer in layers] if zones is not None else []
    within = tuple(Within(answer.layer, answer.zone.id) for answer in found if answer.zone is not None)
    return PlanIndex(plan).answer(Question(kind, now, group, alarm, zones=within))


def _question(
    city: "City",
    kind: str,
    target: "Point",
    now: "Instant",
    alarm: int,
    roster: "tuple[Candidate, ...]",
    response: "Response",
) -> "Question":
    from redstick.dispatch.recommendation.question import Question

    return Question(
        target=target,
        now=now,
        requirements=response.requirements,
        roster=roster,
        stations={station.id: (station.x, station.y) for station in city.stations},
        station_orders=dict(response.stations),
        closures=tuple(closure.id for closure in closures_at(city, now)),
        kind=kind,
        alarm_level=alarm,
        plan=", ".join(chosen.rule for chosen in response.chosen),
        plan_version=response.version,
    )


def _as_json(
    question: "Question", answer: "Answer", response: "Response", title: str, off_road_m: int | None
) -> dict[str, Any]:
    """The contract: |chosen| + |refused| = roster. Fields are added, never renamed."""
    import msgspec

    x, y = question.target
    always = ("travel_s", "behind_s")
    units = {
        name: [
            {**dict.fromkeys(always), **msgspec.to_builtins(verdict), "calibrated": answer.calibrated}
            for verdict in verdicts
        ]
        for name, verdicts in (("chosen", answer.chosen), ("refused", answer.refused))
    }
    return {
        "roster": len(question.roster),
        **units,
        "unfilled": msgspec.to_builtins(answer.unfilled),
        "plan": {
            "title": title,
            "version": response.version,
            "way": str(response.way),
            "rules": [{"rule": chosen.rule, "alarm": chosen.alarm, "why": chosen.why} for chosen in response.chosen],
            "requirements": [msgspec.to_builtins(need) | {"count": need.count} for need in question.requirements],
        },
        "place": {"x": x, "y": y, "latitude": y / E7, "longitude": x / E7, "off_road_m": off_road_m},
        "when": question.now,
        "roads": answer.roads,
        "calibrated": answer.calibrated,
        "straight": answer.straight,
    }


def _tell(answer: "Answer", response: "Response", title: str, off_road_m: int | None) -> None:
    rules = "; ".join(f"{chosen.rule} ({chosen.why})" for chosen in response.chosen) or str(response.way)
    typer.echo(f"{title}: {rules}")
    for verdict in (*answer.chosen, *answer.refused):
        mark = "→" if verdict.chosen else " "
        typer.echo(f"{mark} {verdict.unit:<8} {verdict.kind:<10} {verdict.reason:<14} {verdict.words}")
    for lacking in answer.unfilled:
        typer.echo(f"! {lacking.requirement}: {lacking.words}")
    if off_road_m is not None and off_road_m > FAR_OFF_M:
        typer.echo(f"The place is {off_road_m:,} m from the nearest road; the times are to that road.")
    if answer.straight:
        typer.echo("There are no roads: the times are those of the straight line, longer by a detour.")
    elif not answer.calibrated:
        typer.echo("Times are free-flow guesses; `redstick city calibrate` fits them to drives that happened.")

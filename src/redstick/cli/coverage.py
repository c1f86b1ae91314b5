"""`redstick plan coverage`: ambulances through weeks of made-up calls, under one plan of posts and another."""

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.output import progress

if TYPE_CHECKING:
    from redstick.simulation.ems.measuring import Comparison
    from redstick.simulation.ems.opening import Study


def command(
    config: Annotated[Path, typer.Option(help="a city's folder of the simulator JEMSS.jl: models/ and data/")],
    policies: Annotated[str, typer.Option(help="static, even, mexclp, dmexclp; the first is compared with")] = (
        "static,mexclp,dmexclp"
    ),
    replications: Annotated[int, typer.Option(min=1, help="how often all is lived, each time with other calls")] = 30,
    seed: Annotated[int, typer.Option(min=0, help="of the calls; all policies meet the same")] = 7,
    days: Annotated[float | None, typer.Option(min=0.1, help="of a replication, else as the model says")] = None,
    turnout: Annotated[float, typer.Option(min=0, help="seconds until a unit at its post drives off")] = 0.0,
    by_hour: Annotated[
        str, typer.Option(help="24 factors of the rate of calls, by commas; the same at every hour without it")
    ] = "",
    busy: Annotated[
        float | None, typer.Option(min=0, max=1, help="the busy fraction for MEXCLP; found in a first run without it")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="a folder: report.html, report.pdf, coverage.json")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="everything on stdout, for machines")] = False,
) -> None:
    """Compare plans of posts: late calls with intervals, what moving costs, and a report to read."""
    from redstick.simulation.ems.measuring import busy_under, compare
    from redstick.simulation.ems.policies import WORDS, area_of, policy_named

    names = [name.strip() for name in policies.split(",") if name.strip()]
    unknown = [name for name in names if name not in WORDS]
    if unknown or not names or len(set(names)) < len(names):
        raise Misuse(f"--policies {policies!r}: expected some of {', '.join(WORDS)}, each once")
    if out is not None and out.exists() and not out.is_dir():
        raise Misuse(f"--out {out}: this is a file; expected a folder")
    factors = _factors(by_hour)  # before drives are worked out, which takes long
    with progress("Working out drives", quiet=json_out) as tell:
        study = _changed(_open(config), days, turnout, factors)
        if busy is None:
            tell("Finding how busy units are")
            busy = busy_under(study.ground, study.setting, study.deployed, seed)
        area = area_of(study.ground, study.setting, busy)
        made = [policy_named(name, study.ground, area, study.deployed) for name in names]
        try:
            comparison = compare(study.ground, study.setting, made, replications, seed, busy, tell)
        except ValueError as error:
            raise Misuse(f"--days: {error}") from error
    told = [one.as_json() for one in comparison.measured]
    if out is not None:
        _write(out, config, study, comparison, told)
    typer.echo(json.dumps(told, indent=1) if json_out else "\n".join(_lines(comparison)))


def _open(config: Path) -> "Study":
    from redstick.adapters.jemss import UnreadableModel
    from redstick.simulation.ems.opening import open_study

    if not (config / "models").is_dir():
        raise Misuse(f"--config {config}: expected a folder with models/ and data/ of a JEMSS city")
    try:
        return open_study(config)
    except (UnreadableModel, OSError, KeyError) as error:
        raise Misuse(f"--config {config}: {error}") from error


def _factors(by_hour: str) -> tuple[float, ...] | None:
    from redstick.simulation.ems.setting import check_hours

    if not by_hour:
        return None
    try:
        factors = tuple(float(one) for one in by_hour.split(","))
        check_hours(factors)
    except ValueError as error:
        raise Misuse(f"--by-hour {by_hour!r}: {error}") from error
    return factors


def _changed(study: "Study", days: float | None, turnout: float, by_hour: tuple[float, ...] | None) -> "Study":
    """The study with what the caller sets otherwise."""
    has = study.setting
    setting = dataclasses.replace(has, days=days or has.days, turnout_s=turnout, by_hour=by_hour or has.by_hour)
    return dataclasses.replace(study, setting=setting)


def _write(out: Path, config: Path, study: "Study", comparison: "Comparison", told: list[dict[str, object]]) -> None:
    from redstick.adapters.typesetting import NotTypeset, typeset
    from redstick.simulation.ems.report import page, paper
    from redstick.simulation.ems.report.content import Content

    content = Content(config.resolve().name.replace("_", " ").title(), study, comparison)
    printed = paper(content)
    try:
        pdf = typeset(printed.text(), printed.pictures)
    except NotTypeset as error:
        raise Failure(f"report.pdf: {error}; correct the names of the model, or leave out --out") from error
    files = {
        "report.html": page(content).render().encode("utf-8"),
        "report.pdf": pdf,
        "coverage.json": (json.dumps(told, indent=1) + "\n").encode(),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            beside = out / f".{name}.part"
            beside.write_bytes(data)
            beside.replace(out / name)
    except OSError as error:
        raise Failure(f"{error.filename}: cannot be written ({error.strerror}); choose another place") from error


def _lines(comparison: "Comparison") -> list[str]:
    """A table for a person."""
    head = f"{'plan':<10}{'late':>8}{'95 % interval':>20}{'mean':>9}{'90 %':>9}{'moves/h':>9}{'n':>10}"
    rows = [
        f"{one.policy:<10}{one.late.mean:>8.2%}{f'{one.late.low:.2%} to {one.late.high:.2%}':>20}"
        f"{one.mean_response_s:>7.0f} s{one.p90_s:>7.0f} s{one.moves_per_hour:>9.2f}{one.n_calls:>10,}"
        for one in comparison.measured
    ]
    first = comparison.measured[0].policy
    gains = []
    for one in comparison.measured[1:]:
        gain = comparison.relative_gain(one)
        gains.append(
            f"{one.policy} saves {gain.mean:.1%} of the late calls of {first} ({gain.low:.1%} to {gain.high:.1%}); "
            f"fewer late in {one.better_in} of {one.replications} replications"
        )
    return [head, *rows, *gains]

"""`redstick replay CALLS`: a past shift through the rules and the journal again, and once more under another plan."""

import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redstick.cli.cities import fleet_of_city, open_city, open_geocoder, open_router
from redstick.cli.errors import Misuse
from redstick.cli.histories import open_history
from redstick.cli.output import Tell, progress, refuse_page, write_files

if TYPE_CHECKING:
    from redstick.dispatch.history import History
    from redstick.dispatch.ports import TravelTimes
    from redstick.dispatch.replay.account import Account, Compared, Travel
    from redstick.dispatch.replay.places import PlaceCheck
    from redstick.dispatch.replay.plan import Fleet, Plan
    from redstick.dispatch.replay.what_if import Lived
    from redstick.geo.city import City


def command(
    calls: Annotated[Path, typer.Argument(help="the export: CSV, JSON lines or a workbook; may be gzipped")],
    city: Annotated[Path | None, typer.Option(help="a city folder: places, travel times and what-ifs need one")] = None,
    columns: Annotated[Path | None, typer.Option(help="the export's column map (TOML); guessed without one")] = None,
    homes: Annotated[Path | None, typer.Option(help="where units are quartered, by their names (TOML)")] = None,
    what_if: Annotated[Path | None, typer.Option(help="another plan to live the same calls under (TOML)")] = None,
    judge_days: Annotated[int, typer.Option(min=1, help="last days of the history, kept to judge travel times")] = 3,
    time_zone: Annotated[str | None, typer.Option(help="the city's clock (IANA), where the map is guessed")] = None,
    data: Annotated[Path | None, typer.Option(help="an empty folder, to keep the journal in")] = None,
    out: Annotated[Path | None, typer.Option(help="the page to write; replay.html without it")] = None,
    seed: Annotated[int, typer.Option(help="of the bootstrap over days")] = 7,
    json_out: Annotated[bool, typer.Option("--json", help="all figures on stdout; no page unless --out")] = False,
) -> None:
    """Run a real history through, as it happened; with --what-if, once more under another plan."""
    began = time.monotonic()
    page_path = out if out is not None or json_out else Path("replay.html")
    refuse_page(page_path, calls)
    _refuse_misuse(city, what_if, data)
    with progress("Reading", quiet=json_out) as tell:
        history, _, guesses = open_history(calls, columns, time_zone)
        account = _as_it_happened(history, calls.name, data, tell)
        account.notes = [f"The column map was guessed: {guess}" for guess in guesses]
        if city is not None:
            _with_city(account, history, city, homes, what_if, judge_days, seed, tell)
    account.wall_s = time.monotonic() - began
    if page_path is not None:
        from redstick.dispatch.replay.page import page

        write_files({page_path: page(account).render()})
    if json_out:
        typer.echo(json.dumps(account.as_json(), indent=1, ensure_ascii=False))
        return
    typer.echo(
        f"{account.calls:,} calls, {account.counts.accepted:,} of {account.counts.read:,} rows, "
        f"{account.played.commands:,} commands, {account.played.events:,} lines: {page_path}"
    )


def _refuse_misuse(city: Path | None, what_if: Path | None, data: Path | None) -> None:
    if what_if is not None and city is None:
        raise Misuse("--what-if needs --city: another plan is driven on its roads")
    if data is not None and data.exists() and not data.is_dir():
        raise Misuse(f"--data {data}: this is a file; expected an empty folder, or none yet")
    if data is not None and data.exists() and any(data.iterdir()):
        raise Misuse(f"--data {data}: this folder is not empty; a replay begins a journal of its own")


def _as_it_happened(history: "History", source: str, data: Path | None, tell: Tell) -> "Account":
    """Every row decided, journaled with full durability, folded, and measured on the fold."""
    from redstick.bootstrap import open_journaled
    from redstick.dispatch.kpi import measurable, measure
    from redstick.dispatch.reads.ledger import as_history
    from redstick.dispatch.replay.account import Account
    from redstick.dispatch.replay.requests import steps
    from redstick.dispatch.replay.shift import play

    tell("Replaying")
    with tempfile.TemporaryDirectory() as scratch:
        driver = open_journaled(data if data is not None else Path(scratch))
        played = play(driver, steps(history), lambda done: tell(f"Replaying: {done:,} commands"))
        state = driver.executor.committed["dispatch"]
        head = driver.executor.durable
        driver.journal.close()
    folded = as_history(state, source, history.time_zone)
    rejected = [(int(history.row_number[row]), found[0].code) for row, found in sorted(played.refused.items())]
    return Account(
        source=source,
        time_zone=history.time_zone,
        counts=history.counts,
        calls=len(state.calls),
        incidents=len(state.incidents),
        units=len(state.units),
        played=played,
        rejected_rows=rejected,
        kpis=measure(folded, measurable(history)),
        head=f"{head.position}:{head.hash.hex()}",
    )


def _with_city(
    account: "Account",
    history: "History",
    folder: Path,
    homes: Path | None,
    what_if: Path | None,
    judge_days: int,
    seed: int,
    tell: Tell,
) -> None:
    """What needs the city: where calls were, how long drives take, what another plan changes."""
    city = open_city(folder)
    tell("Looking up places")
    account.places = _places(history, folder, city)
    fleet = fleet_of_city(city, history, homes)
    if not fleet.units:
        account.notes.append("No unit has a known station: travel times are not calibrated and no plan can be tried.")
        if what_if is not None:
            raise Misuse(f"--what-if: no unit of {account.source} has a known station; list units, or give --homes")
        return
    tell("Calibrating travel times")
    account.travel, travel = travel_times(history, folder, city, fleet, judge_days)
    if what_if is not None:
        account.compared = _compared(history, fleet, what_if, travel, seed, tell)


def _places(history: "History", folder: Path, city: "City") -> "PlaceCheck":
    from redstick.dispatch.replay.places import check_places

    geocoder = open_geocoder(folder, city)
    return check_places(history, lambda text, hint: geocoder.geocode(text, area_hint=hint or None))


def travel_times(
    history: "History", folder: Path, city: "City", fleet: "Fleet", judge_days: int
) -> "tuple[Travel | None, TravelTimes]":
    """Times fitted to the drives of a history, and how good they are; raises Misuse where it has too few."""
    from redstick.dispatch.replay.calibration import TooFewDrivesError, calibrate

    try:
        return calibrate(history, city.roads, open_router(folder, city), fleet, judge_days)
    except TooFewDrivesError as error:
        raise Misuse(f"--city {folder}: {error}; leave the city out to replay without travel times") from error


def _compared(
    history: "History", fleet: "Fleet", path: Path, travel: "TravelTimes", seed: int, tell: Tell
) -> "Compared":
    """Today's plan and the other one, both lived under the other one's rule of choice; then side by side."""
    from redstick.dispatch.replay.account import Compared
    from redstick.dispatch.replay.comparison import compare, compare_areas
    from redstick.dispatch.replay.plan import Plan, PlanError, in_words, load_plan

    try:
        plan = load_plan(path)
        tell("Living the shift under today's plan")
        today, today_lived = live_shift(history, fleet, Plan(), travel)
        tell(f"Living the shift under “{plan.title}”")
        other, other_lived = live_shift(history, fleet, plan, travel)
    except PlanError as error:
        raise Misuse(f"--what-if {error}") from error
    kinds = tuple(sorted({unit.kind for unit in fleet.units.values()}))
    changes, by_area = compare(today, other, kinds, seed), compare_areas(today, other, seed)
    tried = in_words(fleet, plan)
    return Compared(Plan().title, plan.title, plan.rule, today_lived, other_lived, changes, by_area, tried)


def live_shift(history: "History", fleet: "Fleet", plan: "Plan", travel: "TravelTimes") -> "tuple[History, Lived]":
    """A shift under a plan, as a history of what then happened, and how much of it was decided anew."""
    from redstick.bootstrap import open_in_memory
    from redstick.dispatch.reads.ledger import as_history
    from redstick.dispatch.replay.what_if import WhatIf

    driver = open_in_memory()
    lived = WhatIf(driver, history, fleet, plan, travel).run()
    return as_history(driver.executor.committed["dispatch"], plan.title, history.time_zone), lived

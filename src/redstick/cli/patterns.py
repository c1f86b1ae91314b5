"""`redstick patterns hotspots|near-repeat|trend EVENTS`, `plates READS`: patterns from files, with what limits them."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick.cli.errors import Misuse
from redstick.cli.output import progress, write_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redstick.crimecenter.analytics.events import Events
    from redstick.crimecenter.plates.evaluation import Figures
    from redstick.crimecenter.plates.files import Matched, ReadList
    from redstick.pages.document import Document

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Crime patterns from a table of reported events; plate reads against a hot list.",
)

EventsFile = Annotated[
    Path, typer.Argument(metavar="EVENTS", help="CSV (may be gzipped) or XLSX with positions and dates")
]
X = Annotated[str | None, typer.Option(help="column: metres east, or longitude")]
Y = Annotated[str | None, typer.Option(help="column: metres north, or latitude")]
Date = Annotated[str | None, typer.Option("--date", help="column: when it happened")]
Kind = Annotated[str | None, typer.Option(help="column: what it was")]
Exclude = Annotated[list[str] | None, typer.Option(help="COLUMN=VALUE: rows to leave out; may be repeated")]
Only = Annotated[list[str] | None, typer.Option(help="COLUMN=VALUE: rows to keep; may be repeated")]
Out = Annotated[Path | None, typer.Option(help="the page to write")]
Json = Annotated[bool, typer.Option("--json", help="all figures on stdout; no page unless --out")]
Seed = Annotated[int, typer.Option(help="of the permutations")]

JUDGE_DAYS = 30  # the last days, kept for the back-test
PLATES_SEED = 7


@app.command("near-repeat")
def near_repeat(
    path: EventsFile,
    x: X = None,
    y: Y = None,
    day: Date = None,
    exclude: Exclude = None,
    only: Only = None,
    edges_m: Annotated[str, typer.Option(help="edges of the distance bands")] = "100,200,300",
    edges_days: Annotated[str, typer.Option(help="edges of the time bands")] = "7,14,21",
    metric: Annotated[str, typer.Option(help="manhattan or euclidean")] = "manhattan",
    permutations: Annotated[int, typer.Option(min=1, max=100_000)] = 999,
    seed: Seed = 7,
    out: Out = None,
    json_out: Json = False,
) -> None:
    """Whether an event raises the risk nearby for a while (the Knox test)."""
    from redstick.crimecenter.analytics.near_repeat import knox
    from redstick.crimecenter.analytics.near_repeat_page import near_repeat_page

    with _misuse(), progress("Counting pairs", quiet=json_out) as tell:
        events = _events(path, x, y, day, None, exclude, only)
        found = knox(
            events.x_m,
            events.y_m,
            events.day,
            space_edges_m=_numbers(edges_m, "--edges-m"),
            time_edges_days=_whole_numbers(edges_days, "--edges-days"),
            metric=metric,
            permutations=permutations,
            seed=seed,
            progress=lambda done: tell(f"Permutation {done:,}"),
        )
    answer = {
        "events": found.events,
        "near_pairs": found.near_pairs,
        "metric": found.metric,
        "permutations": found.permutations,
        "distance": found.space_labels,
        "days": found.time_labels,
        "observed": found.observed.tolist(),
        "expected": found.expected.tolist(),
        "low": found.low.tolist(),
        "high": found.high.tolist(),
        "ratio": [[None if math.isnan(value) else value for value in row] for row in found.ratio.tolist()],
        "p": found.p.tolist(),
        "skipped": dict(events.skipped),
    }
    _give(answer, near_repeat_page(events, found), out, "near-repeat.html", json_out=json_out)


@app.command("hotspots")
def hotspots(
    path: EventsFile,
    x: X = None,
    y: Y = None,
    day: Date = None,
    exclude: Exclude = None,
    only: Only = None,
    cell_m: Annotated[float, typer.Option(min=1, help="side of a cell")] = 100.0,
    bandwidth_m: Annotated[float, typer.Option(min=1, help="how far an event reaches")] = 250.0,
    judge_days: Annotated[int, typer.Option(min=1, help="last days, kept for the back-test")] = JUDGE_DAYS,
    out: Out = None,
    json_out: Json = False,
) -> None:
    """Where events cluster, and what flagging those places would have been worth."""
    from redstick.crimecenter.analytics import hotspots as method
    from redstick.crimecenter.analytics.hotspots_page import hotspots_page

    with _misuse(), progress("Smoothing", quiet=json_out):
        events = _events(path, x, y, day, None, exclude, only)
        grid = method.grid_around(events.x_m, events.y_m, cell_m)
        smooth = method.density(events.x_m, events.y_m, grid, bandwidth_m)
        hot = method.hottest(smooth, grid, 10, 2 * bandwidth_m)
        cut = int(events.day.max()) - judge_days + 1
        enough = bool((events.day < cut).any())
        tests = (
            method.back_test(events.x_m, events.y_m, events.day, grid, cut, bandwidth_m=bandwidth_m) if enough else []
        )
    answer = {
        "events": len(events),
        "cell_m": cell_m,
        "bandwidth_m": bandwidth_m,
        "columns": grid.columns,
        "rows": grid.rows,
        "densest": [_densest(events, *grid.centre(cell), value) for cell, value in hot],
        "back_test": [
            {
                "area_share": test.area_share,
                "cells": test.cells,
                "caught": test.caught,
                "events": test.events,
                "pai": test.pai,
                "pai_low": test.pai_interval[0],
                "pai_high": test.pai_interval[1],
                "plain_caught": test.plain_caught,
            }
            for test in tests
        ],
        "skipped": dict(events.skipped),
    }
    page = hotspots_page(events, smooth, grid, bandwidth_m, hot, tests, judge_days)
    _give(answer, page, out, "hotspots.html", json_out=json_out)


def _densest(events: "Events", x_m: float, y_m: float, value: float) -> dict[str, float]:
    """A place in metres, and in degrees where the file gave degrees."""
    place = {"x_m": x_m, "y_m": y_m}
    if events.to_degrees is not None:
        place["longitude"], place["latitude"] = events.to_degrees.transform(x_m, y_m)
    return place | {"events_per_km2": value}


@app.command("trend")
def trend(
    path: EventsFile,
    x: X = None,
    y: Y = None,
    day: Date = None,
    kind: Kind = None,
    exclude: Exclude = None,
    only: Only = None,
    days: Annotated[int, typer.Option(min=1, help="length of the later spell; the earlier is as long")] = 28,
    until: Annotated[str | None, typer.Option(help="last day of the later spell (YYYY-MM-DD)")] = None,
    out: Out = None,
    json_out: Json = False,
) -> None:
    """Whether counts really changed, kind by kind; "no real change" when that is all that can be said."""
    from redstick.crimecenter.analytics.trend import trends
    from redstick.crimecenter.analytics.trend_page import trend_page

    with _misuse(), progress("Comparing", quiet=json_out):
        events = _events(path, x, y, day, kind, exclude, only)
        end = (_date(until, "--until") if until else int(events.day.max())) + 1
        found = trends(events.kind, events.day, later_from=end - days, earlier_from=end - 2 * days, end=end)
    answer = {
        "events": len(events),
        "until": date.fromordinal(end - 1).isoformat(),
        "days": days,
        "trends": [{name: _finite(value) for name, value in vars(item).items()} for item in found],
        "skipped": dict(events.skipped),
    }
    _give(answer, trend_page(events, found, end), out, "trend.html", json_out=json_out)


def _finite(value: Any) -> Any:
    """JSON has no word for not-a-number and infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


@app.command("plates")
def plates(
    reads: Annotated[Path, typer.Argument(metavar="READS", help="reads: plate, state, time, camera (CSV or XLSX)")],
    hot_list: Annotated[Path, typer.Option("--hot-list", help="wanted: plate, state, category, expires")],
    as_of: Annotated[
        str | None, typer.Option(help="day (YYYY-MM-DD) by which entries expire, for reads without time")
    ] = None,
    noise_model: Annotated[
        bool, typer.Option("--noise-model", help="also recall and precision of every way of matching; takes a while")
    ] = False,
    out: Out = None,
    json_out: Json = False,
) -> None:
    """Which reads are on a hot list, in classes that say how sure; only the first may ever lead to a stop."""
    from redstick.crimecenter.plates.evaluation import NoiseModel, evaluate, made_world
    from redstick.crimecenter.plates.files import match_reads, read_hot_list
    from redstick.crimecenter.plates.page import plates_page

    with _misuse(), progress("Reading the list", quiet=json_out) as tell:
        _require_file(hot_list, "a hot list")
        _require_file(reads, "plate reads")
        listed = read_hot_list(hot_list)
        tell("Comparing reads")
        matched = match_reads(reads, listed, _date(as_of, "--as-of") if as_of else None)
        if noise_model:
            tell("Measuring every way of matching")
        model = NoiseModel()
        figures = evaluate(*made_world(model, PLATES_SEED)) if noise_model else []
    answer = _plates_json(matched, listed, figures)
    said = f"{matched.reads:,} reads, {sum(matched.matched_reads.values()):,} on the list"
    page = plates_page(matched, listed, figures, model)
    _give(answer, page, out, "plates.html", json_out=json_out, said=said)


def _plates_json(matched: "Matched", listed: "ReadList", figures: "Sequence[Figures]") -> dict[str, Any]:
    return {
        "reads": matched.reads,
        "entries": listed.hot_list.count,
        "matched_reads": {one.name.lower(): count for one, count in sorted(matched.matched_reads.items())},
        "expired": matched.expired,
        "matches": [
            {
                "class": seen.match_class.name.lower(),
                "may_stop_after_confirmation": seen.match_class.may_stop,
                "plate": seen.wanted.plate,
                "state": seen.wanted.state,
                "category": seen.wanted.category,
                "plate_read": seen.plate_read,
                "state_read": seen.state_read,
                "reads": seen.reads,
                "first": seen.first,
                "last": seen.last,
                "cameras": sorted(seen.cameras),
            }
            for seen in matched.seen
        ],
        "noise_model": [
            {
                "way": one.name,
                "alerts": one.alerts,
                "true": one.true_alerts,
                "wanted": one.wanted_reads,
                "recall": one.recall,
                "precision": one.precision,
            }
            for one in figures
        ],
        "left_out": {"reads": dict(matched.left_out), "entries": dict(listed.left_out)},
    }


def _events(
    path: Path,
    x: str | None,
    y: str | None,
    day: str | None,
    kind: str | None,
    exclude: list[str] | None,
    only: list[str] | None,
) -> "Events":
    from redstick.crimecenter.analytics.events import Columns, read_events

    _require_file(path, "a table of events")
    chosen = Columns(x, y, day, kind, _pairs(exclude, "--exclude"), _pairs(only, "--only"))
    return read_events(path, chosen)


def _require_file(path: Path, what: str) -> None:
    if not path.is_file():
        raise Misuse(f"{path}: there is no such file; expected {what}")


def _pairs(choices: list[str] | None, option: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for choice in choices or []:
        column, equals, value = choice.partition("=")
        if not equals:
            raise Misuse(f"{option} {choice}: expected COLUMN=VALUE")
        pairs.append((column, value))
    return tuple(pairs)


def _numbers(text: str, option: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = [math.nan]
    if not all(map(math.isfinite, numbers)):
        raise Misuse(f"{option} {text}: expected numbers with commas between them")
    return numbers


def _whole_numbers(text: str, option: str) -> list[int]:
    numbers = _numbers(text, option)
    if any(number != int(number) for number in numbers):
        raise Misuse(f"{option} {text}: expected whole numbers of days")
    return [int(number) for number in numbers]


def _date(text: str, option: str) -> int:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError as error:
        raise Misuse(f"{option} {text}: expected a day such as 2026-01-31") from error


@contextmanager
def _misuse() -> Iterator[None]:
    """What the methods refuse, in one line."""
    from redstick.crimecenter.analytics.events import EventsError
    from redstick.crimecenter.plates.files import PlatesError

    try:
        yield
    except (EventsError, PlatesError, ValueError) as error:
        raise Misuse(str(error)) from error


def _give(
    answer: dict[str, Any], document: "Document", out: Path | None, name: str, *, json_out: bool, said: str = ""
) -> None:
    page = out if out is not None or json_out else Path(name)
    if page is not None:
        write_files({page: document.render()})
    if json_out:
        typer.echo(json.dumps(answer, indent=1))
    else:
        typer.echo(f"{said or format(answer['events'], ',') + ' events'}: {page}")

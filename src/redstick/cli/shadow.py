"""`redstick shadow SOURCE`: beside a dispatch system that stays in charge; it is read and never written to."""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick.cli.cities import fleet_of_city, open_city, open_road_times
from redstick.cli.errors import Failure, Misuse
from redstick.cli.histories import open_history, open_map

if TYPE_CHECKING:
    from redstick.dispatch.history import History
    from redstick.dispatch.shadow.passes import Comparison, Pass
    from redstick.kernel.drivers import SynchronousDriver

GAIN_WORTH_SAYING_S = 30  # a unit this much nearer is worth a line; less is within the error of any prediction


def command(
    source: Annotated[str, typer.Argument(help="a folder or file of exports, or the URL of a database")],
    columns: Annotated[Path, typer.Option(help="the column map of what the source shows (TOML)")],
    city: Annotated[Path | None, typer.Option(help="a city folder: sets each sending beside the nearest unit")] = None,
    homes: Annotated[Path | None, typer.Option(help="where units are quartered, by their names (TOML)")] = None,
    view: Annotated[str | None, typer.Option(help="the view to read, where the source is a database")] = None,
    data: Annotated[Path | None, typer.Option(help="keep the journal here, and go on from it")] = None,
    every: Annotated[float, typer.Option(min=0.2, help="seconds between two looks")] = 10.0,
    once: Annotated[bool, typer.Option("--once", help="take what is there now, and stop")] = False,
    json_out: Annotated[bool, typer.Option("--json", help="one object a look, on a line of its own")] = False,
) -> None:
    """Follow a source, look by look; every change is decided, journaled and folded as if we were in charge."""
    from redstick.bootstrap import open_journaled

    looks = _looks(source, view, settled=once)
    open_map(columns)
    with tempfile.TemporaryDirectory() as scratch:
        driver = open_journaled(data if data is not None else Path(scratch))
        comparison: Comparison | None = None
        with suppress(KeyboardInterrupt):  # a person ends a shadow so, whatever it is doing
            for export in _in_time(looks, every, once=once):
                history: History | None = None
                with _passed_over(following=not once):
                    history, _, _ = open_history(export, columns, None)
                if history is None:
                    continue
                if comparison is None and city is not None:
                    comparison = _comparison(city, history, homes)
                _tell(export, _follow(driver, history, comparison), json_out=json_out)
        driver.journal.close()


def _in_time(looks: Callable[[Path], list[Path]], every: float, *, once: bool) -> Iterator[Path]:
    """The exports of one look after another, until interrupted."""
    with tempfile.TemporaryDirectory() as scratch:
        while True:
            exports: list[Path] = []
            with _passed_over(following=not once):
                exports = looks(Path(scratch))
            yield from exports
            if once:
                return
            time.sleep(every)


@contextmanager
def _passed_over(*, following: bool) -> Iterator[None]:
    """While a source is followed, a torn export or a database that is away is told, and the next look comes."""
    try:
        yield
    except (Misuse, Failure) as error:
        if not following:
            raise
        sys.stderr.write(f"passed over: {error}\n")
        sys.stderr.flush()


def _looks(source: str, view: str | None, *, settled: bool) -> Callable[[Path], list[Path]]:
    """A function that looks once and gives the exports to read; raises Misuse for a source that cannot be."""
    if "://" in source:
        if view is None:
            raise Misuse("--view is missing: which view or table of the database shows the calls")
        return _database(source, view)
    from redstick.adapters.hot_folder import HotFolder

    place = Path(source)
    if not place.exists():
        raise Misuse(f"{source}: there is no such file or folder, and it is not the URL of a database")
    folder = HotFolder(place)

    def look(scratch: Path) -> list[Path]:
        del scratch  # a folder needs none
        try:
            return folder.look(settled=settled)
        except OSError as error:
            raise Failure(
                f"{place}: cannot be read ({error.strerror}). Check that it is there and the rights."
            ) from error

    return look


def _database(url: str, view: str) -> Callable[[Path], list[Path]]:
    from redstick.adapters.sql_view import SqlView
    from redstick.kernel.errors import Unavailable

    try:
        database = SqlView(url, view)
    except ValueError as error:
        raise Misuse(str(error)) from error

    def look(scratch: Path) -> list[Path]:
        try:
            text = database.as_csv()
        except Unavailable as error:
            raise Failure(f"{error}. Check the URL, the rights and the name of the view.") from error
        path = scratch / f"{view}.csv"
        path.write_text(text, encoding="utf-8")
        return [path]

    return look


def _comparison(folder: Path, history: "History", homes: Path | None) -> "Comparison":
    from redstick.dispatch.shadow.passes import Comparison

    city = open_city(folder)
    fleet = fleet_of_city(city, history, homes)
    if not fleet.units:
        raise Misuse(f"--city {folder}: no unit of the source has a known station; list units, or give --homes")
    return Comparison(open_road_times(folder, city), {name: fleet.home(name) for name in fleet.units})


def _follow(driver: "SynchronousDriver", history: "History", comparison: "Comparison | None") -> "Pass":
    from redstick.dispatch.shadow.passes import one_pass

    return one_pass(driver, history, time.time_ns() // 1_000_000, comparison)


def _tell(export: Path, account: "Pass", *, json_out: bool) -> None:
    if json_out:
        typer.echo(json.dumps(_as_json(export, account)))
        sys.stdout.flush()
        return
    typer.echo(f"{export.name}: {account.commands:,} changes, {len(account.refused):,} refused")
    for kind, code in account.refused[:10]:
        typer.echo(f"  refused: {kind} ({code})")
    for sent in account.compared:
        if sent.gain_s is not None and sent.gain_s >= GAIN_WORTH_SAYING_S:
            typer.echo(
                f"  {sent.incident}: {sent.sent} was sent ({sent.sent_s} s by road from its station), "
                f"{sent.nearest} was free {sent.gain_s} s nearer"
            )


def _as_json(export: Path, account: "Pass") -> dict[str, Any]:
    return {
        "export": export.name,
        "commands": account.commands,
        "refused": [{"command": kind, "code": code} for kind, code in account.refused],
        "sent": [
            {
                "incident": sent.incident,
                "unit": sent.sent,
                "unit_s": sent.sent_s,
                "nearest": sent.nearest,
                "nearest_s": sent.nearest_s,
                "gain_s": sent.gain_s,
            }
            for sent in account.compared
        ],
    }

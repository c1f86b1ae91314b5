"""`redstick ledger DATA check|rebuild|query|lines|export`: what people look up later, beside a city's journal."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.journals import journal_folder, looked_at
from redstick.cli.output import progress

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from redstick.adapters.ledgers import SqlLedger, SubjectIndex
    from redstick.adapters.ledgers.check import Check

OPERATIONS, SUBJECTS = "operations", "subjects"
MOST_FINDINGS = 20  # in words; --json tells up to a thousand
LINES_AT_ONCE = 5000  # in one transaction of a rebuild

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

Json = Annotated[bool, typer.Option("--json", help="for machines")]


@app.callback()
def ledger(context: typer.Context, data: Annotated[Path, typer.Argument(help="the city's data folder")]) -> None:
    """Tables and indexes that are kept beside a journal and can be rebuilt from it at will."""
    context.obj = data


def _operations(engine: "Engine", *, make: bool) -> "SqlLedger":
    from redstick.adapters.ledgers import SqlLedger
    from redstick.dispatch.reads.projections import LEDGER

    return SqlLedger(engine, LEDGER, make=make)


def _subjects(engine: "Engine", *, make: bool) -> "SubjectIndex":
    from redstick.adapters.ledgers import SubjectIndex

    return SubjectIndex(engine, make=make)


KEPT: "dict[str, Callable[..., SqlLedger | SubjectIndex]]" = {OPERATIONS: _operations, SUBJECTS: _subjects}


@app.command()
def check(context: typer.Context, json_out: Json = False) -> None:
    """Build everything anew in memory and compare: any edit by hand and any flipped bit is named, table and key."""
    from redstick.adapters.ledgers import ledger_file

    journal_folder(context.obj)
    names = [name for name in KEPT if name == OPERATIONS or ledger_file(context.obj, name).is_file()]
    found = {name: _checked(context.obj, name) for name in names}
    ok = all(one.ok for one in found.values())
    if json_out:
        typer.echo(json.dumps({"ok": ok, "ledgers": [_check_json(name, one) for name, one in found.items()]}))
    else:
        typer.echo("\n".join(line for name, one in found.items() for line in _check_words(name, one)))
    if not ok:
        raise Failure(
            f"{context.obj}: not what the journal says; `redstick ledger {context.obj} rebuild` makes it anew"
        )


def _checked(data: Path, name: str) -> "Check":
    from redstick.adapters.ledgers import ledger_file, open_database
    from redstick.adapters.ledgers.check import Check, Finding, rebuild_check
    from redstick.bootstrap import LIVE
    from redstick.kernel.errors import Corruption, Unavailable
    from redstick.kernel.house import House

    place = ledger_file(data, name)
    if not place.is_file():
        return Check(0, {}, [Finding(name, None, "is not there")])
    engine = open_database(place)
    with looked_at(data) as journal, progress(f"building {name} anew"):
        try:
            return rebuild_check(KEPT[name](engine, make=False), journal, House(LIVE))
        except (Corruption, Unavailable) as error:
            return Check(0, {}, [Finding(name, None, str(error))])
        finally:
            engine.dispose()


def _check_json(name: str, found: "Check") -> dict[str, Any]:
    findings = [{"table": one.table, "key": one.key, "what": one.what} for one in found.findings]
    return {"name": name, "ok": found.ok, "position": found.position, "digests": found.digests, "findings": findings}


def _check_words(name: str, found: "Check") -> Iterator[str]:
    if found.ok:
        yield f"{name}: as the journal says, up to position {found.position:,}"
        return
    yield f"{name}: {len(found.findings):,} findings"
    for one in found.findings[:MOST_FINDINGS]:
        key = "" if one.key is None else " " + " ".join(f"{column}={value}" for column, value in one.key.items())
        yield f"  {one.table}{key}: {one.what}"


@app.command()
def rebuild(context: typer.Context, json_out: Json = False) -> None:
    """Build everything anew from the journal; the server must be stopped meanwhile."""
    from redstick.adapters.disk import PosixDisk
    from redstick.kernel.errors import Unavailable

    disk = PosixDisk(journal_folder(context.obj))
    try:
        disk.claim()
    except Unavailable as error:
        raise Failure(f"{error}; stop it first") from error
    try:
        built = {name: _rebuilt(context.obj, name) for name in KEPT}
    finally:
        disk.release()
    if json_out:
        typer.echo(json.dumps({"ledgers": [{"name": name, "position": position} for name, position in built.items()]}))
    else:
        typer.echo("\n".join(f"{name}: built up to position {position:,}" for name, position in built.items()))


def _rebuilt(data: Path, name: str) -> int:
    """Build a ledger beside its file, then let it take the file's name; gives its position."""
    from redstick.adapters.ledgers import ledger_file, open_database
    from redstick.bootstrap import LIVE
    from redstick.kernel.house import House
    from redstick.kernel.ledgers import catch_up

    place = ledger_file(data, name)
    beside = place.with_name(f"{place.name}.making")
    _remove(beside)
    engine = open_database(beside)
    with looked_at(data) as journal, progress(f"building {name}"):
        kept = KEPT[name](engine, make=True)
        catch_up(kept, journal, House(LIVE), batch=LINES_AT_ONCE)
        position = kept.standing().position
    engine.dispose()  # the last connection folds the write-ahead log into the file
    _remove(place)
    beside.replace(place)
    return position


def _remove(place: Path) -> None:
    """A database with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)


@contextmanager
def _opened(data: Path) -> Iterator["SqlLedger"]:
    """The operations' ledger as it stands; raises Failure when it is not there, or not to be used."""
    from redstick.adapters.ledgers import ledger_file, open_database
    from redstick.kernel.errors import Corruption, Unavailable

    place, way_out = ledger_file(data, OPERATIONS), f"`redstick ledger {data} rebuild` builds it from the journal"
    if not place.is_file():
        raise Failure(f"{place} is not there; {way_out}")
    engine = open_database(place)
    try:
        yield _operations(engine, make=False)
    except (Corruption, Unavailable) as error:
        raise Failure(f"{error}; {way_out}") from error
    finally:
        engine.dispose()


@app.command()
def query(
    context: typer.Context,
    table: Annotated[str | None, typer.Argument(help="a table; without it, the tables are listed")] = None,
    where: Annotated[list[str] | None, typer.Option(help="COLUMN=VALUE, empty for none; repeat")] = None,
    about: Annotated[str | None, typer.Option(help="as things were at this time (ISO 8601, with its zone)")] = None,
    believed: Annotated[
        str | None, typer.Option(help="as it was believed at this time, or behind this position of the journal")
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="every version, in the order of belief")] = False,
    csv_out: Annotated[bool, typer.Option("--csv", help="for a spreadsheet")] = False,
    json_out: Json = False,
) -> None:
    """Rows as they are believed now, or as they were believed then, about now or about any time."""
    from redstick.cli import ledger_rows

    with _opened(context.obj) as kept:
        if table is None:
            typer.echo("\n".join(f"{one.name:<18}{one.about}" for one in kept.plan.tables))
            return
        if table not in kept.schema.tables:
            raise Misuse(f"there is no table {table!r}; there are: {', '.join(kept.schema.tables)}")
        declared = kept.schema.tables[table].declared
        equal = ledger_rows.conditions(declared, where or [])
        rows = kept.history(table, equal) if history else kept.rows(table, equal, **ledger_rows.belief(about, believed))
    if json_out:
        typer.echo(json.dumps(rows))
    else:
        typer.echo(ledger_rows.as_csv(declared, rows) if csv_out else ledger_rows.in_words(declared, rows), nl=False)


@app.command()
def lines(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(help="the id of an incident, a call, a unit, a person")],
    json_out: Json = False,
) -> None:
    """Every line of the journal that concerns a subject, retired or not, as it is stored."""
    from redstick.adapters.ledgers import ledger_file, open_database
    from redstick.bootstrap import LIVE
    from redstick.kernel.errors import Conflict
    from redstick.kernel.house import House
    from redstick.kernel.ledgers import catch_up

    engine = open_database(ledger_file(context.obj, SUBJECTS))
    with looked_at(context.obj) as journal, progress("looking"):
        index = _subjects(engine, make=True)
        try:
            catch_up(index, journal, House(LIVE), batch=LINES_AT_ONCE)
        except Conflict as error:
            raise Failure(f"{error}; `redstick ledger {context.obj} rebuild` builds it from this one") from error
        found = [next(journal.read(position - 1)).decode() for position in index.positions_of(subject)]
    engine.dispose()
    if not found:
        raise Failure(f"{subject!r}: no line of this journal concerns it")
    bodies = [line.split(" ", 1)[1].rstrip("\n") for line in found]
    typer.echo(f"[{', '.join(bodies)}]" if json_out else "".join(found), nl=json_out)


@app.command()
def export(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="a folder; one Parquet file for each table")],
    json_out: Json = False,
) -> None:
    """Write every version of every row as Parquet, so that any engine can read it."""
    from redstick.adapters.ledgers import parquet

    with _opened(context.obj) as kept, progress("writing"):
        try:
            counts = parquet.export(kept, out)
        except OSError as error:
            raise Failure(f"{out}: cannot be written ({error.strerror}); choose another place") from error
        position = kept.standing().position
    if json_out:
        typer.echo(json.dumps({"position": position, "rows": counts}))
    else:
        typer.echo(f"{sum(counts.values()):,} versions in {len(counts)} tables, up to position {position:,}: {out}")

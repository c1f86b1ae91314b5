"""`redstick people`: who may act in a city, from the machine that it runs on; the console does the same for others."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick.cli.errors import Misuse

if TYPE_CHECKING:
    from redstick.cli.acting import Desk
    from redstick.kernel.values import Command

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    help="Who may act: add, list, give roles, suspend. Names and passwords stay out of the journal.",
)  # fmt: skip

Data = Annotated[Path, typer.Option("--data", help="the city's data folder")]
Name = Annotated[str, typer.Argument(help="the name that the person signs in with")]
As = Annotated[str | None, typer.Option("--as", help="the name of whoever does this; asked for the password")]
Stdin = Annotated[
    bool, typer.Option("--password-stdin", help="read passwords from stdin, a line each: --as first, then the new one")
]
Json = Annotated[bool, typer.Option("--json", help="for machines")]


@app.command()
def add(
    name: Name,
    data: Data,
    roles: Annotated[list[str] | None, typer.Option("--role", help="a role; repeat for several")] = None,
    policy: Annotated[
        Path | None, typer.Option(help="for the first person of all: a folder of policies; those that ship without it")
    ] = None,
    actor: As = None,
    from_stdin: Stdin = False,
    json_out: Json = False,
) -> None:
    """Enrol a person with an account. The first of all needs nobody's leave and becomes an administrator."""
    from redstick.cli.acting import CONSOLE, new_id, now_ms, open_desk
    from redstick.kernel.authority.accounts import Account, login_name
    from redstick.kernel.authority.people import EnrollPerson

    if not login_name(name):
        raise Misuse("a name has at least one character")
    with open_desk(data, from_stdin=from_stdin) as desk:
        first = desk.access.policy is None
        if policy is not None and not first:
            raise Misuse("--policy is for the first person of all; `redstick policy adopt` changes it later")
        if desk.book.find(login_name(name), CONSOLE)[0] is not None:
            raise Misuse(f"{name}: there is an account of that name")
        acting = "" if first else desk.acting(actor)
        hashed = desk.new_password(name)
        person = new_id("per", now_ms())
        if first:
            _bootstrap(desk, person, roles or ["administrator"], policy)
        else:
            desk.act(EnrollPerson(person, roles or []), acting)
        desk.book.add(Account(person, login_name(name), hashed, now_ms()))
        _tell(desk, login_name(name), person, json_out=json_out)


def _bootstrap(desk: "Desk", person: str, roles: list[str], policy: Path | None) -> None:
    from redstick.bootstrap import SHIPPED_POLICIES
    from redstick.cli.policy import compiled
    from redstick.kernel.authority.adoption import Bootstrap

    found = compiled(policy or SHIPPED_POLICIES)
    desk.act(Bootstrap(person, roles, found.policy, found.words.services), person)


@app.command()
def roles(
    name: Name,
    data: Data,
    grant: Annotated[list[str] | None, typer.Option(help="a role more; repeat for several")] = None,
    revoke: Annotated[list[str] | None, typer.Option(help="a role less; repeat for several")] = None,
    actor: As = None,
    from_stdin: Stdin = False,
    json_out: Json = False,
) -> None:
    """Show a person's roles; with --grant or --revoke, change them."""
    from redstick.kernel.authority.people import GrantRole, RevokeRole

    def changes(person: str) -> list["Command"]:
        granted = [GrantRole(person, role) for role in grant or []]
        return [*granted, *(RevokeRole(person, role) for role in revoke or [])]

    _act(name, data, actor, changes, from_stdin=from_stdin, json_out=json_out)


@app.command()
def suspend(
    name: Name,
    data: Data,
    reason: Annotated[str, typer.Option(help="why, for the journal")],
    actor: As = None,
    from_stdin: Stdin = False,
    json_out: Json = False,
) -> None:
    """Stop a person from doing or reading anything; every session of theirs ends."""
    from redstick.kernel.authority.people import SuspendPerson

    _act(name, data, actor, lambda person: [SuspendPerson(person, reason)], from_stdin=from_stdin, json_out=json_out)


@app.command()
def restore(name: Name, data: Data, actor: As = None, from_stdin: Stdin = False, json_out: Json = False) -> None:
    """Undo a suspension."""
    from redstick.kernel.authority.people import RestorePerson

    _act(name, data, actor, lambda person: [RestorePerson(person)], from_stdin=from_stdin, json_out=json_out)


def _act(
    name: str,
    data: Path,
    actor: str | None,
    changes: Callable[[str], list["Command"]],
    *,
    from_stdin: bool,
    json_out: bool,
) -> None:
    """Ask the commands that change a person, as somebody who has proven it, and tell what the person is then."""
    from redstick.cli.acting import open_desk

    with open_desk(data, from_stdin=from_stdin) as desk:
        account = desk.account(name)
        wanted = changes(account.person)
        acting = desk.acting(actor) if wanted else ""
        for change in wanted:
            desk.act(change, acting)
        _tell(desk, account.name, account.person, json_out=json_out)


@app.command()
def password(name: Name, data: Data, actor: As = None, from_stdin: Stdin = False) -> None:
    """Give a person a new password, where the old one is lost; every session of theirs ends."""
    from redstick.cli.acting import now_ms, open_desk
    from redstick.kernel.authority.sessions import EndSessions

    with open_desk(data, from_stdin=from_stdin) as desk:
        account = desk.account(name)
        acting = desk.acting(actor)
        hashed = desk.new_password(name)
        desk.act(EndSessions(account.person), acting)
        desk.book.change_password(account, hashed, now_ms())


@app.command("list")
def list_people(data: Data, json_out: Json = False) -> None:
    """Everyone who is enrolled: name, roles, and who is suspended."""
    from redstick.cli.acting import open_desk

    with open_desk(data) as desk:
        names = {account.person: account.name for account in desk.book.accounts()}
        rows = [_row(desk, names.get(person), person) for person in desk.access.people]
    rows.sort(key=lambda row: (row["service"], row["name"] or "", row["person"]))
    if json_out:
        typer.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        typer.echo(_line(row))


def _row(desk: "Desk", name: str | None, person: str) -> dict[str, Any]:
    found = desk.access.people[person]
    return {
        "name": name,
        "person": person,
        "roles": found.roles,
        "suspended": found.suspended,
        "service": found.service,
        "emergency_until": found.emergency_until,
    }


def _line(row: dict[str, Any]) -> str:
    marks = [word for word in ("suspended", "service") if row[word]]
    marks += ["in an emergency"] if row["emergency_until"] is not None else []
    told = f"  ({', '.join(marks)})" if marks else ""
    return f"{row['name'] or '-':<20} {row['person']:<31} {', '.join(row['roles']) or 'no role'}{told}"


def _tell(desk: "Desk", name: str, person: str, *, json_out: bool) -> None:
    row = _row(desk, name, person)
    typer.echo(json.dumps(row) if json_out else _line(row))

"""`redstick policy`: who may do and read what, from the files that a council reads, or as it is in force."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redstick.cli.errors import Failure, Misuse

if TYPE_CHECKING:
    from redstick.adapters.cedar.compiling import Compiled
    from redstick.kernel.authority.policy import Cells, Policy

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    help="Who may do and read what. Policies are Cedar files beside a words.toml; without DIR, those that ship.",
)  # fmt: skip

Folder = Annotated[Path | None, typer.Argument(help="a folder of policies; those that ship without it")]
Json = Annotated[bool, typer.Option("--json", help="for machines")]


@app.command()
def check(folder: Folder = None, json_out: Json = False) -> None:
    """Say whether a folder of policies holds together, and what it leaves to nobody."""
    from redstick.adapters.cedar.compiling import compile_folder
    from redstick.adapters.cedar.faults import PolicyFault
    from redstick.bootstrap import SHIPPED_POLICIES, command_kinds

    place = folder or SHIPPED_POLICIES
    try:
        found = compile_folder(place, command_kinds())
    except PolicyFault as error:
        if json_out:
            typer.echo(json.dumps({"ok": False, "faults": error.faults}))
        else:
            typer.echo("\n".join(error.faults))
        raise Failure(f"{place}: {len(error.faults)} faults; nothing would be adopted") from error
    told = _summary(found)
    if json_out:
        typer.echo(json.dumps(told, indent=1))
        return
    typer.echo(
        f"{len(told['roles'])} roles, {told['commands']} commands, {told['reads']} reads: {told['permitted']:,} cells "
        f"permit, {told['forbidden']:,} forbid, of {told['cells']:,}"
    )
    typer.echo(f"asked by nobody: {', '.join(told['nobodys']) or 'none'}")


def _summary(found: "Compiled") -> dict[str, Any]:
    from redstick.adapters.cedar.compiling import every_question
    from redstick.bootstrap import command_kinds

    kinds, policy = command_kinds(), found.policy
    permitted = {cells.action for cells in policy.permits}
    return {
        "ok": True,
        "faults": [],
        "texts": {text.name: text.sha256 for text in policy.texts},
        "roles": policy.roles,
        "commands": len(kinds),
        "reads": len(found.words.reads),
        "cells": sum(1 for _ in every_question(found.words, kinds)),
        "permitted": sum(len(cells.purposes) for cells in policy.permits),
        "forbidden": sum(len(cells.purposes) for cells in policy.forbids),
        "nobodys": [action for action in (*kinds, *found.words.reads) if action not in permitted],
    }


@app.command()
def show(
    folder: Folder = None,
    role: Annotated[str | None, typer.Option(help="one role")] = None,
    data: Annotated[Path | None, typer.Option(help="the policy in force in this data folder")] = None,
    json_out: Json = False,
) -> None:
    """Tell, role by role, what may be asked and seen, for which purposes, and what never."""
    if folder is not None and data is not None:
        raise Misuse("a folder and --data are two policies; `redstick policy compare` sets them side by side")
    policy, sentences = _open(folder, data)
    if role is not None and role not in policy.roles:
        raise Misuse(f"--role {role}: there are {', '.join(policy.roles)}")
    wanted = [role] if role else policy.roles
    if json_out:
        typer.echo(json.dumps({name: _of_role(policy, name) for name in wanted}, indent=1))
        return
    for name in wanted:
        typer.echo(f"{name}: {sentences[name]}" if name in sentences else name)
        for verb, lines in _of_role(policy, name).items():
            for number, line in enumerate(lines):
                typer.echo(f"  {verb if number == 0 else '':<6} {line}")


def _of_role(policy: "Policy", role: str) -> dict[str, list[str]]:
    every = len(policy.purposes)
    return {
        "asks": [_told(cells, every) for cells in policy.permits if cells.role == role and not cells.audience],
        "sees": [_told(cells, every) for cells in policy.permits if cells.role == role and cells.audience],
        "never": [_told(cells, every) for cells in policy.forbids if cells.role == role],
    }


def _told(cells: "Cells", every: int) -> str:
    """`dispatch.view.history as floor for open_case`; without purposes where they do not matter."""
    audience = f" as {cells.audience}" if cells.audience else ""
    purposes = "" if len(cells.purposes) == every else f" for {', '.join(cells.purposes)}"
    return f"{cells.action}{audience}{purposes}"


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="a folder of policies, or a data folder with one in force")],
    after: Annotated[Path, typer.Argument(help="a folder of policies")],
    json_out: Json = False,
) -> None:
    """Tell what changes for whom, cell by cell: + is permitted from then on, - no longer."""
    old = _open(None, before)[0] if (before / "journal").is_dir() else compiled(before).policy
    new = compiled(after).policy
    gained, lost = sorted(_permitted(new) - _permitted(old)), sorted(_permitted(old) - _permitted(new))
    if json_out:
        keys = ("role", "action", "audience", "purpose")
        told = {name: [dict(zip(keys, cell, strict=True)) for cell in cells]
                for name, cells in (("gained", gained), ("lost", lost))}  # fmt: skip
        typer.echo(json.dumps(told, indent=1))
        return
    for sign, cells in (("+", gained), ("-", lost)):
        for line in _gathered(cells):
            typer.echo(f"{sign} {line}")
    typer.echo(f"{len(gained)} cells more, {len(lost)} fewer")


Cell = tuple[str, str, str, str]


def _permitted(policy: "Policy") -> set[Cell]:
    """Role, action, audience and purpose of every cell that is permitted to someone of that role alone."""

    def spread(every: "Iterable[Cells]") -> set[Cell]:
        return {(cells.role, cells.action, cells.audience, purpose) for cells in every for purpose in cells.purposes}

    return spread(policy.permits) - spread(policy.forbids)


def _gathered(cells: Iterable[Cell]) -> list[str]:
    together: dict[str, list[str]] = {}
    for role, action, audience, purpose in cells:
        together.setdefault(f"{role} {action}{f' as {audience}' if audience else ''}", []).append(purpose)
    return [f"{what} for {', '.join(purposes)}" for what, purposes in together.items()]


@app.command()
def schema(folder: Folder = None) -> None:
    """Print the Cedar schema of a folder, for other Cedar tools."""
    from redstick.adapters.cedar.faults import PolicyFault
    from redstick.adapters.cedar.words import read_words, schema_text
    from redstick.bootstrap import SHIPPED_POLICIES, command_kinds

    place = folder or SHIPPED_POLICIES
    try:
        typer.echo(schema_text(read_words(place, command_kinds()), command_kinds()), nl=False)
    except PolicyFault as error:
        raise Failure(f"{place}: {'; '.join(error.faults)}") from error


@app.command()
def adopt(
    folder: Annotated[Path, typer.Argument(help="a folder of policies")],
    data: Annotated[Path, typer.Option(help="the city's data folder")],
    actor: Annotated[str | None, typer.Option("--as", help="the name of whoever does this")] = None,
    from_stdin: Annotated[bool, typer.Option("--password-stdin", help="read the password from stdin")] = False,
) -> None:
    """Put a folder's policies into force: from the next command on, in the journal for good."""
    from redstick.cli.acting import open_desk
    from redstick.kernel.authority.adoption import AdoptPolicy

    policy = compiled(folder).policy
    with open_desk(data, from_stdin=from_stdin) as desk:
        desk.act(AdoptPolicy(policy), desk.acting(actor))
    typer.echo("\n".join(f"{text.sha256}  {text.name}" for text in policy.texts))


def compiled(folder: Path) -> "Compiled":
    """A folder's policy; raises Failure with every fault."""
    from redstick.adapters.cedar.compiling import compile_folder
    from redstick.adapters.cedar.faults import PolicyFault
    from redstick.bootstrap import command_kinds

    try:
        return compile_folder(folder, command_kinds())
    except PolicyFault as error:
        raise Failure(f"{folder}: {'; '.join(error.faults)}") from error


def _open(folder: Path | None, data: Path | None) -> tuple["Policy", dict[str, str]]:
    """A policy, and a sentence for each role where there are words."""
    from redstick.bootstrap import SHIPPED_POLICIES
    from redstick.cli.acting import open_desk

    if data is None:
        found = compiled(folder or SHIPPED_POLICIES)
        return found.policy, found.words.roles
    with open_desk(data) as desk:
        policy = desk.access.policy
    if policy is None:
        raise Failure(f"{data}: no policy is in force; `redstick people add` begins with one")
    return policy, {}

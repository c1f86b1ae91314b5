"""`redstick savings`: legacy lines from bills, and what bills prove to have been saved; imports are whole or not."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.output import write_files

if TYPE_CHECKING:
    from redstick.kernel.values import Command, Rejection
    from redstick.savings.bills.reading import Draft
    from redstick.savings.state import Savings

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True,
    help="Legacy telephone lines: bills in, and what bills prove to have been saved.",
)  # fmt: skip

Bills = Annotated[list[Path], typer.Argument(help="bills as CSV, in any layout and order")]
Provider = Annotated[str, typer.Option(help="the provider, of bills that name none")]
Account = Annotated[str, typer.Option(help="the account, of bills that name none")]
Month = Annotated[
    str, typer.Option(help="the month, of bills that name none; otherwise it is looked for in their names")
]
Plan = Annotated[Path | None, typer.Option(help="a TOML file: waves, steps and costs, as commands")]
Json = Annotated[bool, typer.Option("--json", help="for machines")]
FAULTS_SHOWN = 20


@app.command()
def preview(
    bills: Bills, provider: Provider = "", account: Account = "", month: Month = "", json_out: Json = False
) -> None:
    """Say what would be understood of bills: columns, statements, sums, doubts. Nothing is written."""
    from redstick.savings.desk import told_of

    drafts = _drafts(bills, provider, account, month)
    if json_out:
        typer.echo(json.dumps([told_of(draft) for draft in drafts], indent=1))
    else:
        typer.echo("\n".join(line for draft in drafts for line in _lines(draft)))
    _refuse_faults(drafts)


@app.command("import")
def import_bills(
    data: Annotated[Path, typer.Option(help="the city's data folder")],
    bills: Annotated[list[Path] | None, typer.Argument(help="bills as CSV, in any layout and order")] = None,
    plan: Plan = None,
    provider: Provider = "",
    account: Account = "",
    month: Month = "",
    corrects: Annotated[
        bool, typer.Option("--corrects", help="these bills may replace statements that differ")
    ] = False,
    actor: Annotated[str | None, typer.Option("--as", help="the name of whoever does this")] = None,
    from_stdin: Annotated[bool, typer.Option("--password-stdin", help="read the password from stdin")] = False,
    json_out: Json = False,
) -> None:
    """Take bills into a city's journal, all of them or none; a bill that is known changes nothing."""
    from redstick.cli.acting import open_desk
    from redstick.savings.rehearsal import rehearsed

    drafts = _drafts(bills or [], provider, account, month)
    if not drafts and plan is None:
        raise Misuse("expected a bill, or --plan")
    _refuse_faults(drafts)
    commands = _commands(drafts, plan, corrects=corrects)
    with open_desk(data, from_stdin=from_stdin) as desk:
        person = desk.acting(actor)
        before: Savings = desk.driver.executor.committed["savings"]
        known = len(before.lines), len(before.statements)
        _, command, rejection = rehearsed(before, commands)
        if command is not None and rejection is not None:
            raise Failure(f"{_refused(command, rejection)}; nothing was taken")
        for asked in commands:
            desk.act(asked, person)
        after: Savings = desk.driver.executor.committed["savings"]
        told = {
            "lines": len(after.lines),
            "statements": len(after.statements),
            "new_lines": len(after.lines) - known[0],
            "new_statements": len(after.statements) - known[1],
        }
    words = "{lines:,} lines ({new_lines:,} new) on {statements:,} statements ({new_statements:,} new)"
    typer.echo(json.dumps(told) if json_out else words.format(**told))


@app.command()
def report(
    bills: Annotated[list[Path] | None, typer.Argument(help="bills as CSV; no city needed")] = None,
    data: Annotated[Path | None, typer.Option(help="a city's data folder, instead of bills")] = None,
    plan: Plan = None,
    provider: Provider = "",
    account: Account = "",
    month: Month = "",
    out: Annotated[Path | None, typer.Option(help="the page to write; savings.html without it")] = None,
    csv: Annotated[Path | None, typer.Option(help="a folder to write every table to, as CSV")] = None,
    pdf: Annotated[Path | None, typer.Option(help="the same on paper, as accessible PDF")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="all figures on stdout; no page unless --out")] = False,
) -> None:
    """Write what is saved: the curve, what is proven, claimed and planned, alarms, waves, every line."""
    from redstick.savings.desk import figures_of
    from redstick.savings.reads.report import NothingBilled, page, paper, report_of, tables

    state = _state(bills or [], data, plan, (provider, account, month))
    try:
        found = report_of(state)
    except NothingBilled as error:
        raise Failure("no bill was taken yet; `redstick savings import` takes them") from error
    texts: dict[Path, str] = {}
    if out is not None or not json_out:
        texts[out or Path("savings.html")] = page(found)
    if csv is not None:
        texts |= {csv / name: text for name, text in tables(found).items()}
    if pdf is not None:
        from redstick.adapters.typesetting import typeset

        sheet = paper(found)
        made = typeset(sheet.text(), sheet.pictures)
        try:
            pdf.write_bytes(made)
        except OSError as error:
            raise Failure(f"{pdf}: cannot be written ({error.strerror}); choose another place") from error
    write_files(texts)
    if json_out:
        typer.echo(json.dumps(figures_of(found), indent=1))
    else:
        typer.echo(
            "\n".join([*map(str, texts if csv is None else [next(iter(texts)), csv]), *([str(pdf)] if pdf else [])])
        )


def _state(bills: Sequence[Path], data: Path | None, plan: Path | None, instead: tuple[str, str, str]) -> "Savings":
    """Of a city's journal, or of bills and a plan alone."""
    from redstick.cli.acting import open_desk
    from redstick.savings.rehearsal import rehearsed
    from redstick.savings.state import Savings

    if (data is None) == (not bills):
        raise Misuse("expected bills, or --data with a city's folder")
    if data is not None:
        if plan is not None:
            raise Misuse("--plan goes with bills; `redstick savings import --plan` writes it down in a city")
        with open_desk(data) as desk:
            found: Savings = desk.driver.executor.committed["savings"]
            return found
    drafts = _drafts(bills, *instead)
    _refuse_faults(drafts)
    state, command, rejection = rehearsed(Savings(), _commands(drafts, plan, corrects=False))
    if command is not None and rejection is not None:
        raise Misuse(_refused(command, rejection))
    return state


def _drafts(bills: Sequence[Path], provider: str, account: str, month: str) -> "list[Draft]":
    from redstick.savings.bills.reading import read_bill

    drafts = []
    for path in bills:
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise Misuse(f"{path}: cannot be read ({error.strerror})") from error
        drafts.append(read_bill(raw, path.name, provider=provider, account=account, month=month))
    return drafts


def _refuse_faults(drafts: "Sequence[Draft]") -> None:
    """Raises Misuse that names file, line and what was expected; nothing is done then."""
    faults = [f"{draft.name}, line {fault.line}: {fault.expected}" for draft in drafts for fault in draft.faults]
    if faults:
        more = [f"and {len(faults) - FAULTS_SHOWN} more"] if len(faults) > FAULTS_SHOWN else []
        raise Misuse("\n  ".join(["nothing was taken:", *faults[:FAULTS_SHOWN], *more]))


def _commands(drafts: "Sequence[Draft]", plan: Path | None, *, corrects: bool) -> "list[Command]":
    from redstick.savings.plan_file import NoPlan, commands_of

    commands: list[Command] = [draft.command(corrects=corrects) for draft in drafts]
    if plan is not None:
        try:
            commands += commands_of(plan.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, NoPlan) as error:
            raise Misuse(f"{plan}: {error}") from error
    return commands


def _refused(command: "Command", rejection: "Rejection") -> str:
    told = ", ".join(f"{key} {value}" for key, value in rejection.data.items())
    return f"{command.command_kind} would be refused, {rejection.code}{f' ({told})' if told else ''}"


def _lines(draft: "Draft") -> list[str]:
    from redstick.savings.desk import told_of
    from redstick.savings.money import dollars

    told = told_of(draft)
    lines = [f"{draft.name}: {draft.rows:,} rows, {draft.duplicates:,} of them repeated, {len(draft.faults):,} faults"]
    lines += [f"  {heading!r} is {meaning}" for heading, meaning in draft.understood]
    lines += [f"  not used: {', '.join(told['ignored'])}"] if told["ignored"] else []
    form = "  {provider}, account {account}, {month}: {lines:,} lines, {dollars}"
    lines += [form.format(**one, dollars=dollars(one["cents"])) for one in told["statements"]]
    return lines + [f"  line {one.line}: {one.says}" for one in draft.remarks[:FAULTS_SHOWN]]

"""`redstick`: one command line for the house; each command group stands in a file of its own.

A group's module is imported only when it is called, so that `redstick --help` answers at once. Every command takes
`--json` for machines, returns 0 only on success, 2 for a misuse with one clear line, 1 for a failure that says what to
do next.
"""

import sys
from importlib import import_module

from redstick import __version__
from redstick.cli.errors import Failure, Misuse

# name -> (module, one line of help). The module offers `app`, a typer.Typer, or `command`, a plain function.
GROUPS: dict[str, tuple[str, str]] = {
    "report": ("redstick.cli.report", "A CAD export in, a report a chief can read out; no city needed."),
    "columns": ("redstick.cli.columns", "Draft the column map of a CAD export."),
    "city": ("redstick.cli.city", "Import, generate, calibrate and check a city."),
    "geocode": ("redstick.cli.geocode", "Ranked places for a text, with reasons."),
    "recommend": ("redstick.cli.recommend", "Ranked units, with the reason for every one refused."),
    "plan": ("redstick.cli.plan", "Response plans: check, compare, ask, replay the past under one."),
    "replay": ("redstick.cli.replay", "Run a real history through; compare with another plan."),
    "shadow": ("redstick.cli.shadow", "Read-only beside an existing CAD, live."),
    "demo": ("redstick.cli.demo", "A made-up parish that lives, with a seat for whoever comes."),
    "train": ("redstick.cli.train", "A shift as an exercise at one seat, and what came of it."),
    "people": ("redstick.cli.people", "Who may act: add, list, give roles, suspend."),
    "phones": ("redstick.cli.phones", "The city's phones: people and extensions from a list."),
    "policy": ("redstick.cli.policy", "Who may do and read what: check, show, compare, adopt."),
    "serve": ("redstick.cli.serve", "A live city behind its HTTP interface."),
    "verify": ("redstick.cli.verify", "Check a journal: chain, positions, signed heads."),
    "proof": ("redstick.cli.proof", "Evidence that fits a mail: one record, or an unbroken history."),
    "keys": ("redstick.cli.keys", "The key that signs heads, and the ring that seals personal fields."),
    "ledger": ("redstick.cli.ledger", "What people look up later: check, rebuild, query, export."),
    "upgrade": ("redstick.cli.upgrade", "What this version would do to a journal, before it does."),
    "eido": ("redstick.cli.eido", "EIDOs from elsewhere: whether they keep to the standard."),
    "neris": ("redstick.cli.neris", "Incidents as NERIS dispatch payloads, validated before they leave."),
    "defend": ("redstick.cli.defend", "Detections over log files."),
    "survey": ("redstick.cli.survey", "Score, rank and say how sure, from files."),
    "savings": ("redstick.cli.savings", "Legacy lines from bills, and what bills prove to have been saved."),
    "patterns": ("redstick.cli.patterns", "Crime patterns from files."),
    "simulate": ("redstick.cli.simulate", "Fault simulation; a failure prints the one command that replays it."),
    "types": ("redstick.cli.types", "The interface's types in TypeScript, for the console."),
    "bench": ("redstick.cli.bench", "Benchmarks, with their limits beside them."),
}


def usage() -> str:
    """What `redstick --help` prints: every group with its one line, none of them imported."""
    lines = [f"  {name:<10} {line}" for name, (_, line) in GROUPS.items()]
    head = "Redstick: the software that a city runs on when it matters. Not for live 911 yet."
    return "\n".join(
        [head, "", "Usage: redstick COMMAND [OPTIONS]   (redstick COMMAND --help tells more)", "", *lines, ""]
    )


def run(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        sys.stdout.write(usage())
        return 0
    if arguments[0] == "--version":
        sys.stdout.write(f"redstick {__version__}\n")
        return 0
    name = arguments[0]
    if name not in GROUPS:
        raise Misuse(f"there is no command {name!r}; `redstick --help` lists them")
    import typer  # not above: whatever a server begins beside itself imports this module once more

    module = import_module(GROUPS[name][0])
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command()(module.command)
    code = typer.main.get_command(app).main(args=arguments[1:], prog_name=f"redstick {name}", standalone_mode=True)
    return code if isinstance(code, int) else 0


def main() -> None:
    """Run a command; turn our two kinds of error into one clear line and the right exit code."""
    try:
        sys.exit(run(sys.argv[1:]))
    except Misuse as error:
        sys.stderr.write(f"redstick: {error}\n")
        sys.exit(2)
    except Failure as error:
        sys.stderr.write(f"redstick: {error}\n")
        sys.exit(1)

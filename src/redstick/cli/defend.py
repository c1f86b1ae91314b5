"""`redstick defend FILES --rules DIR`: Sigma detections over log files, and why a rule fired or did not."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.output import progress

if TYPE_CHECKING:
    from redstick.defense.findings.finding import Finding
    from redstick.defense.findings.scan import Scan
    from redstick.defense.readers.files import Settings
    from redstick.defense.sigma.image import Compiled

OUTPUTS = ("table", "json", "ocsf")
CACHE = Path("~/.cache/redstick/sigma")
PLAIN_WIDTH = 160  # where the output is no terminal


def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILES", help="Logs, or folders of logs; gzip is unpacked.")],
    rules: Annotated[Path, typer.Option(metavar="DIR", help="Sigma rules: a folder, a file, or a packed .tar.gz.")],
    explain: Annotated[str | None, typer.Option(metavar="RULE", help="Why did this rule fire, or why not?")] = None,
    event: Annotated[int | None, typer.Option(min=1, help="With --explain: the event's number in its file.")] = None,
    form: Annotated[str, typer.Option("--format", help=f"{', '.join(OUTPUTS)}.")] = "table",
    json_out: Annotated[bool, typer.Option("--json", help="JSON lines; the same as --format json.")] = False,
    level: Annotated[str, typer.Option(help="The lowest level to show.")] = "informational",
    logs: Annotated[str, typer.Option(help="The logs' format, where it is not to be guessed.")] = "auto",
    source: Annotated[str, typer.Option(metavar="PRODUCT/CATEGORY/SERVICE", help="Their log source; - for none.")] = "",
    time_zone: Annotated[str, typer.Option(help="Of times that name none.")] = "UTC",
    placeholders: Annotated[Path | None, typer.Option(help="YAML: values of the rules' %placeholders%.")] = None,
    cache: Annotated[Path, typer.Option(help="Where compiled rules are kept.")] = CACHE,
) -> None:
    """Detections over log files: EVTX, JSON lines, syslog, CEF, auditd, Suricata EVE, Zeek.

    The exit code is 0 also when rules fire: the findings are the answer. It is 1 where a file could not be read.
    """
    form = "json" if json_out else form
    _known("--format", form, OUTPUTS)
    now = datetime.now(UTC)
    paths = _paths(files)
    settings = _settings(logs, source, time_zone, now)
    compiled = _compiled(rules, cache, _placeholders(placeholders), quiet=_mixes(form))
    with _quiet_pipe():
        if explain is not None:
            _explain(compiled, settings, paths, explain, event, as_json=form == "json")
        else:
            _scan(compiled, settings, paths, form, level, now)


def _known(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise Misuse(f"{option} {value}: expected one of {', '.join(allowed)}")


def _mixes(form: str) -> bool:
    """Whether a progress line would stand among lines for machines, on one terminal."""
    return form != "table" and sys.stdout.isatty()


def _paths(files: list[Path]) -> list[Path]:
    from redstick.defense.findings.scan import log_files

    for path in files:
        if not path.exists():
            raise Misuse(f"{path}: there is no such file or folder; expected logs")
        if not path.is_file() and not path.is_dir():  # a pipe gives its bytes once, and the format is read first
            raise Misuse(f"{path}: no plain file; write it to one and name that")
    paths = log_files(files)
    if not paths:
        raise Misuse(f"{files[0]}: the folder is empty; expected logs")
    return paths


def _settings(logs: str, source: str, time_zone: str, now: datetime) -> "Settings":
    from redstick.defense.readers.files import FORMATS, Settings
    from redstick.defense.sigma.logsources import Source

    _known("--logs", logs, FORMATS)
    try:
        zone = ZoneInfo(time_zone)
    except (KeyError, OSError, ValueError) as error:
        raise Misuse(f"--time-zone {time_zone}: expected a name such as America/Chicago") from error
    forced = None
    if source:
        parts = [part if part != "-" else "" for part in source.lower().split("/")]
        if len(parts) != 3 or not any(parts):
            raise Misuse(f"--source {source}: expected PRODUCT/CATEGORY/SERVICE, with - for one that there is not")
        product, category, service = parts
        forced = Source(product, (service,) if service else (), (category,) if category else ())
    return Settings(reference=now, format=logs, zone=zone, forced=forced)


def _placeholders(path: Path | None) -> dict[str, list[str]]:
    import yaml

    if path is None:
        return {}
    try:
        values = yaml.safe_load(path.read_bytes())
    except (OSError, yaml.YAMLError, ValueError) as error:
        raise Misuse(f"{path}: not readable as YAML ({str(error).splitlines()[0]})") from error
    if not isinstance(values, dict) or not all(isinstance(v, list) for v in values.values()):
        raise Misuse(f"{path}: expected a list of values under each placeholder's name")
    return {str(name): list(map(str, listed)) for name, listed in values.items()}


def _compiled(rules: Path, cache: Path, placeholders: dict[str, list[str]], *, quiet: bool) -> "Compiled":
    from redstick.defense.sigma.image import image_path, load
    from redstick.defense.sigma.rule_files import NoRules

    if not rules.exists():
        raise Misuse(f"{rules}: there is no such folder or file; expected Sigma rules")
    folder = cache.expanduser()
    first = not image_path(rules, folder).exists()
    words = "Compiling the rules, once; the public corpus takes about ten seconds" if first else "Loading the rules"
    try:
        with progress(words, quiet=quiet):
            compiled = load(rules, folder, placeholders)
    except (NoRules, OSError) as error:
        raise Misuse(str(error)) from error
    if not compiled.rules.rules:
        reasons = "; ".join(f"{r.path}: {r.reason}" for r in compiled.rules.refusals[:3])
        raise Misuse(f"{rules}: no rule here can be used ({reasons})")
    if compiled.unsaved:
        sys.stderr.write(f"redstick: compiled rules were not kept ({compiled.unsaved}); name another --cache\n")
    return compiled


def _scan(compiled: "Compiled", settings: "Settings", paths: list[Path], form: str, level: str, now: datetime) -> None:
    from redstick.defense.findings.scan import Scan
    from redstick.defense.sigma.rules import LEVELS

    _known("--level", level, LEVELS)
    scan = Scan(compiled, settings)
    with progress("Reading", quiet=_mixes(form)) as tell:

        def told(begun: int, events: int, findings: int) -> None:
            tell(f"Reading file {begun} of {len(paths)}: {events:,} events, {findings:,} findings")

        findings = scan.run(paths, told)
        shown = (
            f for f in findings if f.about.level not in LEVELS or LEVELS.index(f.about.level) >= LEVELS.index(level)
        )
        _give(shown, scan, compiled, form, now)
    account = scan.account
    for name, reason in account.unreadable.items():
        rest = f" and {len(account.unreadable) - 1} more" if len(account.unreadable) > 1 else ""
        raise Failure(f"{name}{rest} could not be read ({reason}); make it readable and run again")
    for name, reason in account.skipped.items():
        if not account.whole.received:
            raise Misuse(f"{name}: {reason}")


def _give(findings: "Iterator[Finding]", scan: "Scan", compiled: "Compiled", form: str, now: datetime) -> None:
    from redstick.defense.findings import groups, json_lines, ocsf, table

    if form == "json":
        for finding in findings:
            typer.echo(json_lines.finding_line(finding))
        typer.echo(json_lines.summary_line(scan.account, compiled))
    elif form == "ocsf":
        for finding in findings:
            typer.echo(ocsf.ocsf_line(finding, round(now.timestamp() * 1000)))
        for line in table.account_lines(scan.account, compiled):  # OCSF has no place for what was not read
            sys.stderr.write(f"{line.plain}\n")
    else:
        worst = groups.grouped(findings).worst_first()
        _print(table.headline(worst), "")
        if worst:
            _print(table.findings_table(worst, scan.account.files), "")
        _print(*table.account_lines(scan.account, compiled))


def _explain(
    compiled: "Compiled", settings: "Settings", paths: list[Path], wanted: str, event: int | None, *, as_json: bool
) -> None:
    from redstick.defense.findings import table, why

    if event is not None and len(paths) != 1:
        raise Misuse("--event names an event of one file; name one file with it")
    try:
        number = why.find_rule(compiled, wanted)
        with progress("Looking for the event that answers best", quiet=_mixes("json" if as_json else "table")):
            found = why.answer(compiled, settings, paths, number, event)
    except why.NoSuchRule as error:
        raise Misuse(str(error)) from error
    except OSError as error:
        raise Failure(f"{error.filename}: {error.strerror}; make it readable") from error
    if event is not None and found.explanation is None:
        raise Misuse(f"{paths[0]}: there is no event {event} that can be read")
    if as_json:
        typer.echo(json.dumps(why.answer_object(found, compiled.rules.rules[number].about)))
    elif found.explanation is None:
        typer.echo("There is no event in these files that can be read.")
    else:
        _print(*table.explanation_lines(found.explanation, found.place), table.gates_line(found.gates))


def _print(*parts: Any) -> None:
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)
    for part in parts:
        console.print(part, markup=False) if isinstance(part, str) else console.print(part)


@contextlib.contextmanager
def _quiet_pipe() -> Iterator[None]:
    """A reader such as `head` may close the pipe; that is its right and no fault."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

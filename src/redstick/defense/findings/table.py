"""Findings for a person: a table of rules, worst first, and under it what was read and what was not.

Values of events are an attacker's own words: whatever a terminal would obey is shown as a sign and never sent.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePath

from rich.console import Group as Stack
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from redstick.defense.findings.finding import Finding
from redstick.defense.findings.groups import Group
from redstick.defense.findings.scan import Account
from redstick.defense.sigma.explain import Explanation, quoted
from redstick.defense.sigma.image import Compiled
from redstick.defense.sigma.rules import LEVELS

STYLES = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "informational": "dim",
}
HOSTS_SHOWN = 3
VALUES_SHOWN = 3
LISTED = 5  # of anything under the table
_SETTLED = {"EventID", "Channel", "Provider_Name", "type"}  # what kind of event it is: the title says so already
# Who did what, whether or not the rule asked for it: the first of each that the event has.
_ALWAYS = (
    {"CommandLine": None, "ScriptBlockText": None, "message": None},
    {"User": None, "SubjectUserName": None, "TargetUserName": None, "user": None, "acct": None},
)
_NOTHING = {"unknown", "unlikely", "none", "n/a", "-"}
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def printable(text: str) -> str:
    r"""The text with control, direction and invisible characters as `\xNN` or `\uNNNN`; tabs and line ends too."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_sign(c) if unicodedata.category(c) in _UNSAFE else c for c in text)


def _sign(character: str) -> str:
    code = ord(character)
    return {9: "\\t", 10: "\\n", 13: "\\r"}.get(code) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def headline(groups: Sequence[Group]) -> Text:
    """What a person needs before any detail: how bad, how many, where, when."""
    if not groups:
        return Text("No rule fired.", style="bold")
    levels = Counter(group.about.level for group in groups)
    said = ", ".join(f"{levels[level]:,} {level}" for level in reversed(LEVELS) if levels[level])
    hosts = {host for group in groups for host in group.hosts if host}
    where = f" on {next(iter(hosts))}" if len(hosts) == 1 else f" on {len(hosts):,} hosts" if hosts else ""
    rules = f"{len(groups):,} rule{'s' * (len(groups) != 1)} fired{printable(where)} ({said})"
    first = min((g.first_ms for g in groups if g.first_ms is not None), default=None)
    last = max((g.last_ms for g in groups if g.last_ms is not None), default=None)
    if first is None or last is None:
        return Text(f"{rules}.", style="bold")
    return Text(f"{rules}, {_span(first, last)} UTC.", style="bold")


def findings_table(groups: Sequence[Group], files: Iterable[str]) -> Table:
    """One entry a rule: its level; then what it is, how often, when, where, and what was seen first."""
    names = short_names(files)
    table = Table(box=None, pad_edge=False, show_edge=False, show_header=False)
    table.add_column("Level", no_wrap=True)
    table.add_column("What", overflow="fold")
    for group in groups:
        level = Text(group.about.level, style=STYLES.get(group.about.level, ""))
        table.add_row(level, _what(group, names))
    return table


def short_names(files: Iterable[str]) -> dict[str, str]:
    """Files by the shortest end of their path that no other one shares."""
    paths = [PurePath(file) for file in files]
    out: dict[str, str] = {}
    for path in paths:
        for length in range(1, len(path.parts) + 1):
            end = path.parts[-length:]
            if sum(other.parts[-length:] == end for other in paths) == 1 or length == len(path.parts):
                out[str(path)] = str(PurePath(*end))
                break
    return out


def _what(group: Group, names: Mapping[str, str]) -> RenderableType:
    about, example = group.about, group.example
    events = group.example.events if group.findings == 1 else group.findings
    counted = f"{events:,} event{'s' * (events != 1)}"
    facts = ", ".join(part for part in (counted, _span(group.first_ms, group.last_ms), _hosts(group)) if part)
    lines = [Text(printable(about.title), style="bold"), Text(facts), *map(Text, map(printable, _seen(example)))]
    known = "; ".join(text for text in about.false_positives if text.lower().rstrip(".") not in _NOTHING)
    if known:
        lines.append(Text(f"false positives: {printable(known)}", style="italic"))
    file, _, number = (example.places[0] if example.places else "").rpartition("#")
    if file:
        lines.append(Text(f"{printable(names.get(file, file))} event {number}", style="dim"))
    return Stack(*lines, Text(f"rule {printable(about.id)}", style="dim"), Text(""))


def _seen(finding: Finding) -> Iterator[str]:
    """The group of a correlation; else the values that made the rule fire, each field once, the telling ones first."""
    if finding.kind == "correlation":
        group = ", ".join(f"{name} {value}" for name, value in finding.fields.items())
        yield f"{finding.events:,} events together{': ' if group else ''}{group}"
        return
    seen: dict[str, str] = {}
    for reason in finding.because:
        if reason.wanted or reason.seen not in {"absent", "null", "in no value", "''"}:
            seen.setdefault(reason.field, reason.seen)
    telling = [field for field in seen if field not in _SETTLED] or list(seen)
    shown = {field: seen[field] for field in telling[:VALUES_SHOWN]}
    for names in _ALWAYS:
        field = next((name for name in names if str(finding.fields.get(name) or "-") != "-"), "")
        if field and not shown.keys() & names:
            shown[field] = quoted(str(finding.fields[field]))
    for field, value in shown.items():
        yield f"{field} {value}".strip()


def _hosts(group: Group) -> str:
    names = sorted((h for h in group.hosts if h), key=lambda h: (-group.hosts[h], h))
    rest = len(names) - HOSTS_SHOWN
    more = f" and {'over ' if group.other_hosts else ''}{rest:,} more" if rest > 0 else ""
    return f"on {', '.join(map(printable, names[:HOSTS_SHOWN]))}{more}" if names else ""


def _span(first_ms: int | None, last_ms: int | None) -> str:
    """One time, or the first and the last; the second day only where it is another."""
    if first_ms is None or last_ms is None:
        return "at a time not said"
    first, last = _clock(first_ms), _clock(last_ms)
    return first if first == last else f"{first} to {last if first[:10] != last[:10] else last[11:]}"


def _clock(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def account_lines(account: Account, compiled: Compiled) -> Iterator[Text]:
    """What was received and what became of it; what a reader must know before trusting the table."""
    whole, rules = account.whole, compiled.rules
    files = f"{whole.received:,} events in {len(account.files):,} file{'s' * (len(account.files) != 1)}"
    yield Text(f"{files}, {whole.lost:,} of them lost; {account.findings:,} finding{'s' * (account.findings != 1)}.")
    correlations = f" and {len(rules.correlations):,} correlations" if rules.correlations else ""
    yield Text(f"{len(rules.rules):,} rules{correlations}; {len(rules.refusals):,} could not be used.")
    if account.held_back:
        yield Text(f"{account.held_back:,} events that fired only feed correlations and are not listed.")
    for name, reason in account.unreadable.items():
        yield Text(f"not read: {printable(name)}: {printable(reason)}", style="bold red")
    yield from _by_reason("files passed over", [(reason, name, 1) for name, reason in account.skipped.items()])
    for word, kind in (("lost", "losses"), ("repaired", "repairs")):
        told = [
            (reason, name, n) for name, tally in account.files.items() for reason, n in getattr(tally, kind).items()
        ]
        yield from _by_reason(f"events {word}", told)
    yield from _by_reason("rules not used", [(refusal.reason, refusal.path, 1) for refusal in rules.refusals])
    yield from _listed("no rule looks at", account.unwatched)
    yield from _listed("no log source known for", rules.unrouted)
    counts = dict(account.correlations) | {"without a time": account.without_time}
    doubted = {name: n for name, n in counts.items() if n and name not in {"received", "alerts"}}
    yield from _listed("for correlations", [f"{n:,} events {name}" for name, n in sorted(doubted.items())])


def _by_reason(what: str, told: Iterable[tuple[str, str, int]]) -> Iterator[Text]:
    """One line a reason: how many, why, and where the first of them is."""
    counts: Counter[str] = Counter()
    places: dict[str, dict[str, None]] = {}
    for reason, place, count in told:
        counts[reason] += count
        places.setdefault(reason, {})[place] = None
    for reason, count in counts.most_common(LISTED):
        first, more = next(iter(places[reason])), len(places[reason]) - 1
        rest = f" and {more:,} more" if more else ""
        yield Text(f"{count:,} {what}: {printable(reason)} ({printable(first)}{rest})", style="yellow")
    if len(counts) > LISTED:
        yield Text(f"and {len(counts) - LISTED:,} other reasons; --json lists all", style="yellow")


def _listed(what: str, items: Sequence[str]) -> Iterator[Text]:
    for item in items[:LISTED]:
        yield Text(f"{what}: {printable(item)}", style="yellow")
    if len(items) > LISTED:
        yield Text(f"{what}: and {len(items) - LISTED:,} more; --json lists all", style="yellow")


def explanation_lines(explanation: Explanation, place: str) -> Iterator[Text]:
    """One rule on one event: the verdict, and every comparison that settles it."""
    verdict = "fires on" if explanation.fired else "does not fire on"
    file, _, number = place.rpartition("#")
    yield Text(f"{printable(explanation.rule.title)} {verdict} event {number} of {printable(file)}", style="bold")
    if not explanation.fired:
        yield Text(f"stopped by the {explanation.gate}: {printable(explanation.sentence)}")
    for reason in explanation.reasons:
        right = reason.holds == reason.wanted
        mark = Text("  yes  " if right else "  no   ", style="green" if right else "red")
        said = f"{'' if reason.wanted else 'not '}{reason.text}"
        yield Text.assemble(mark, printable(said), (f"   has {printable(reason.seen)}", "dim"))


def gates_line(gates: Mapping[str, int]) -> Text:
    """Where the events stopped."""
    words = {"fired": "fired", "source": "of another source", "event id": "with another event id"}
    counted = [f"{n:,} {words.get(gate, f'stopped by the {gate}')}" for gate, n in sorted(gates.items())]
    return Text(f"All events: {', '.join(counted)}." if sum(gates.values()) > 1 else "", style="dim")

"""Files through the rules: every event read, matched, and handed to the correlations; everything else counted."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from redstick.defense.findings.finding import Finding, host_of, uid_of
from redstick.defense.readers.event import Event, Tally
from redstick.defense.readers.event_time import event_time_ms
from redstick.defense.readers.files import NotThatFormat, Settings, open_events
from redstick.defense.readers.json_events import IsClean
from redstick.defense.sigma.bucket import with_aliases
from redstick.defense.sigma.correlation import Alert, Correlator, Limits, Signal
from redstick.defense.sigma.explain import Reason, event_source_text, proof
from redstick.defense.sigma.image import Compiled
from redstick.defense.sigma.logsources import Source, windows_source
from redstick.defense.sigma.rawlines import LineJudge
from redstick.defense.sigma.tree import Node

MAX_REASONS = 10
MAX_SEEN = 1_000_000  # distinct events that fired, remembered in one file to tell repeated ones apart
MAX_SOURCES = 10_000  # told apart in the account
AHEAD_MS = 5 * 60_000  # an event may lie so far ahead of the clock; beyond, correlations doubt it
TELL_EVERY = 5_000  # events

Told = Callable[[int, int, int], None]  # files begun, events received, findings


def _tell_nobody(files: int, events: int, findings: int) -> None:
    del files, events, findings


@dataclass
class Account:
    """What a scan received and what became of it, by file as it was named."""

    files: dict[str, Tally] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)  # the system would not let it be read
    skipped: dict[str, str] = field(default_factory=dict)  # no log
    sources: set[Source | str] = field(default_factory=set)  # a channel of Windows, or the source of others
    findings: int = 0
    held_back: int = 0  # detections that only feed correlations
    without_time: int = 0  # detections that could not feed one because their event says no time
    correlations: Counter[str] = field(default_factory=Counter)
    unwatched: tuple[str, ...] = ()  # sources that no rule looks at

    @property
    def whole(self) -> Tally:
        """All files together."""
        sum_of = Tally()
        for tally in self.files.values():
            sum_of.add(tally)
        return sum_of


class Scan:
    """One pass over files with one rule set; `account` is complete when `run` is exhausted."""

    def __init__(self, compiled: Compiled, settings: Settings, limits: Limits | None = None) -> None:
        """`settings.reference` is now: nothing is taken to have happened later."""
        self._engine = compiled.engine
        self._rules = compiled.engine.rules
        self._judge = LineJudge(compiled.engine) if settings.forced is None else None
        self._settings = settings
        self._received = 0  # from the files that are done
        correlations = compiled.rules.correlations
        ceiling_ms = round(settings.reference.timestamp() * 1000) + AHEAD_MS
        self._correlator = Correlator(correlations, limits or Limits(ceiling_ms=ceiling_ms))
        self._abouts = {correlation.about.id: correlation.about for correlation in correlations}
        self._read = self._correlator.fields_read
        loud = {rule for correlation in correlations if correlation.generate for rule in correlation.rules}
        self._muted = self._correlator.base_rules - loud
        self.account = Account()

    def run(self, paths: Iterable[Path], told: Told = _tell_nobody) -> Iterator[Finding]:
        """Findings in order of the files and their events; those of correlations as their windows close."""
        for path in paths:
            yield from self._file(path, told)
        yield from self._correlated(self._correlator.finish())
        self.account.correlations = self._correlator.counts
        self.account.unwatched = self._unwatched()

    def _file(self, path: Path, told: Told) -> Iterator[Finding]:
        """One file; what cannot be opened or breaks off is named, and the scan goes on."""
        account, name = self.account, str(path)
        tally = account.files[name] = Tally()
        before = self._received
        seen: Counter[bytes] = Counter()

        def tell() -> None:
            told(len(account.files), before + tally.received, account.findings)

        try:
            for event in open_events(path, tally, self._settings_for(path, tell)):
                if len(account.sources) < MAX_SOURCES:
                    account.sources.add(event.source.channel or event.source)
                numbers = self._engine.match(event.source, event.fields, event.raw)
                if numbers:
                    yield from self._fired(event, numbers, name, seen)
                if not event.number % TELL_EVERY:
                    tell()
        except NotThatFormat as error:
            account.skipped[name] = str(error).removeprefix(f"{name}: ")
        except OSError as error:
            account.unreadable[name] = str(error.strerror or error)
        self._received += tally.received
        tell()

    def _settings_for(self, path: Path, tell: Callable[[], None]) -> Settings:
        """Lines without a year were written before the file was last changed; clean lines are told of too."""
        is_clean = None if self._judge is None else _told_of(self._judge.is_clean, tell)
        reference = self._settings.reference
        with suppress(OSError, OverflowError, ValueError):
            reference = min(datetime.fromtimestamp(path.stat().st_mtime, UTC), reference)
        return replace(self._settings, reference=reference, is_clean=is_clean)

    def _fired(self, event: Event, numbers: Sequence[int], file: str, seen: Counter[bytes]) -> Iterator[Finding]:
        identity = _identity(event, seen)
        whole: dict[str, Any] = dict(with_aliases(event.fields, self._engine.bucket(event.source).aliases))
        when_ms, place = event_time_ms(event.fields, self._settings.zone), f"{file}#{event.number}"
        for number in numbers:
            about = self._rules[number].about
            if about.id not in self._muted:
                self.account.findings += 1
                yield Finding(
                    kind="detection",
                    uid=uid_of(about.id, identity),
                    about=about,
                    first_ms=when_ms,
                    last_ms=when_ms,
                    events=1,
                    host=host_of(event.fields),
                    source=event.source,
                    fields=event.fields,
                    places=(place,),
                    because=_because(self._rules[number].tree, whole),
                )
            else:
                self.account.held_back += 1
            yield from self._correlated(self._fed(about.id, when_ms, whole, identity, place))

    def _fed(self, rule: str, when_ms: int | None, fields: dict[str, Any], identity: str, place: str) -> list[Alert]:
        if rule not in self._correlator.base_rules:
            return []
        if when_ms is None:
            self.account.without_time += 1
            return []
        read = {name: fields[name] for name in self._read if name in fields}
        return self._correlator.feed(Signal(rule, when_ms, read, identity, place))

    def _correlated(self, alerts: Iterable[Alert]) -> Iterator[Finding]:
        for alert in alerts:
            if alert.correlation in self._muted:
                self.account.held_back += 1
                continue
            self.account.findings += 1
            group = dict(alert.group)
            yield Finding(
                kind="correlation",
                uid=uid_of(alert.correlation, *group.values(), str(alert.from_ms)),
                about=self._abouts[alert.correlation],
                first_ms=alert.from_ms,
                last_ms=alert.last_ms,
                events=alert.events,
                host=host_of(group),
                source=None,
                fields=group,
                places=tuple(alert.references),
                value=float(alert.value),
            )

    def _unwatched(self) -> tuple[str, ...]:
        """Sources of which events came, and at which no rule looks."""
        channels = set() if self._judge is None else self._judge.channels()
        return tuple(
            sorted(_name(s) for s in self.account.sources | channels if not self._engine.watches(_as_source(s)))
        )


def log_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and all files below the folders named but hidden ones; each once, in the order given."""
    out: dict[Path, Path] = {}
    for path in paths:
        inside = path.is_dir()
        for file in sorted(p for p in path.rglob("*") if p.is_file()) if inside else [path]:
            if not inside or not any(part.startswith(".") for part in file.relative_to(path).parts):
                out.setdefault(file.resolve(), file)
    return list(out.values())


def _told_of(is_clean: IsClean, tell: Callable[[], None]) -> IsClean:
    """The same judgement, telling of every so many lines."""
    lines = 0

    def judged(line: bytes) -> bool:
        nonlocal lines
        lines += 1
        if not lines % TELL_EVERY:
            tell()
        return is_clean(line)

    return judged


def _as_source(seen: Source | str) -> Source:
    return windows_source(seen, "") if isinstance(seen, str) else seen


def _name(seen: Source | str) -> str:
    return f"windows channel {seen}" if isinstance(seen, str) else event_source_text(seen)


def _identity(event: Event, seen: Counter[bytes]) -> str:
    """The same for the same event read again from a copy of its file; equal lines of one file are told apart."""
    whole = msgspec.json.encode([event.source, event.fields], order="deterministic")
    digest = hashlib.blake2b(whole, digest_size=16).digest()
    if len(seen) >= MAX_SEEN:
        seen.clear()
    seen[digest] += 1
    return f"{digest.hex()}.{seen[digest]}"


def _because(tree: Node, fields: dict[str, Any]) -> tuple[Reason, ...]:
    """The comparisons that made a rule fire; what it would exclude, and did not find, comes after what it asks for."""
    return tuple(sorted(proof(tree, fields), key=lambda reason: not reason.wanted)[:MAX_REASONS])

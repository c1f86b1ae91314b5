"""Which rules fire on an event: route, remember, prefilter, verify.

1. Route: the event's source names a bucket, the rules that can see it (`looks_at`, EventID). There are finitely many
   buckets, because what no rule names is left out of a bucket's key.
2. Remember: a verdict depends on the fields that the bucket's rules read and on nothing else; equal fields, equal
   verdict.
3. Prefilter: a rule whose witness does not stand in the text cannot fire.
4. Verify: what is left is decided by the compiled rule, or leaf by leaf where a field is a list.
"""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from redstick.defense.sigma.bucket import Bucket
from redstick.defense.sigma.databases import Databases
from redstick.defense.sigma.logsources import (
    CATEGORY_PLACES,
    SERVICE_CHANNELS,
    Source,
    aliases_of,
    categories_of,
    looks_at,
    windows_source,
)
from redstick.defense.sigma.rules import DetectionRule, LogSource
from redstick.defense.sigma.tree import Match, leaves_of
from redstick.defense.sigma.values import Fields

MAX_ROUTES = 20_000  # sources remembered; beyond, the table is begun anew


class Engine:
    """Matches events against a fixed set of rules. Verdicts are tuples of rule numbers, ascending."""

    def __init__(
        self,
        rules: Sequence[DetectionRule],
        databases: Databases | None = None,
        *,
        pure: bool = False,
        memo_characters: int = 24_000_000,
    ) -> None:
        self.rules = tuple(rules)
        self.databases = databases if databases is not None else Databases({}, pure=pure)
        self._memo_characters = memo_characters
        self._by_source: dict[LogSource, list[int]] = {}
        for number, rule in enumerate(self.rules):
            self._by_source.setdefault(rule.source, []).append(number)
        self._named_ids = self._ids_that_matter()
        self._routes: dict[Source, Bucket] = {}
        self._buckets: dict[tuple[Any, ...], Bucket] = {}

    def match(self, source: Source, fields: Fields, raw: bytes | None = None) -> tuple[int, ...]:
        """Numbers of the rules that fire; `raw`, the event's own JSON text, spares work where it is at hand."""
        bucket = self._routes.get(source)
        if bucket is None:
            bucket = self.bucket(source)
        return bucket.match(fields, raw)

    def bucket(self, source: Source) -> Bucket:
        """The bucket of a source, built when it is first asked for."""
        known = self._routes.get(source)
        if known is not None:
            return known
        event_id = source.event_id if source.event_id in self._named_ids else ""
        numbers = self._numbers(source, event_id)
        fixed = event_id if any(self._reads_id(n) for n in numbers) else ""
        aliases = aliases_of(source)
        key = (numbers, fixed, tuple(aliases.items()))
        bucket = self._buckets.get(key)
        if bucket is None:
            members = [(n, self.rules[n]) for n in numbers]
            bucket = Bucket(members, self.databases, aliases, fixed_id=fixed, budget=self._memo_characters)
            self._buckets[key] = bucket
        if len(self._routes) >= MAX_ROUTES:
            self._routes.clear()
        self._routes[source] = bucket
        return bucket

    def watches(self, source: Source) -> bool:
        """Whether any rule looks at this source; of a Windows channel, at any of its events."""
        wide = replace(source, categories=categories_of(source.channel)) if source.channel else source
        return any(looks_at(log_source, wide) for log_source in self._by_source)

    def warm(self) -> None:
        """Build the buckets of every Windows place that a rule names, so that no first event waits for one."""
        for places in CATEGORY_PLACES.values():
            for channel, event_id in places:
                self.bucket(windows_source(channel, event_id))
        for channels in SERVICE_CHANNELS.values():
            for channel in channels:
                for event_id in ("", *sorted(self._channel_ids(channel))):
                    self.bucket(windows_source(channel, event_id))

    def forget(self) -> None:
        """Remember no verdict any more: capacity is measured on a stream whose events were never seen before."""
        for bucket in self._buckets.values():
            bucket.forget()

    def _channel_ids(self, channel: str) -> set[str]:
        source = windows_source(channel, "")
        ids: set[str] = set()
        for log_source, numbers in self._by_source.items():
            if looks_at(log_source, source):
                ids.update(i for n in numbers for i in self.rules[n].event_ids or ())
        return ids

    def _numbers(self, source: Source, event_id: str) -> tuple[int, ...]:
        seen = [n for s, numbers in self._by_source.items() if looks_at(s, source) for n in numbers]
        return tuple(sorted(n for n in seen if self._can_see(n, source, event_id)))

    def _can_see(self, number: int, source: Source, event_id: str) -> bool:
        ids = self.rules[number].event_ids
        return ids is None or source.product != "windows" or event_id in ids

    def _reads_id(self, number: int) -> bool:
        return any(leaf.field == "EventID" for leaf in leaves_of(self.rules[number].tree))

    def _ids_that_matter(self) -> frozenset[str]:
        """Event ids that some rule names; all others behave alike."""
        ids: set[str] = set()
        for rule in self.rules:
            for leaf in leaves_of(rule.tree):
                if isinstance(leaf, Match) and leaf.field == "EventID" and leaf.op == "equals":
                    ids.update(leaf.values)
        return frozenset(ids)

"""The rules that can see one kind of event, and the shortest way to the few that fire."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redstick.defense.sigma.compiled import Folded, Plain, Verdict, compilable, compile_rule
from redstick.defense.sigma.databases import Databases
from redstick.defense.sigma.evaluate import holds
from redstick.defense.sigma.keywords import Keywords
from redstick.defense.sigma.linescan import LineScan, pattern_of
from redstick.defense.sigma.memo import Memo
from redstick.defense.sigma.rules import DetectionRule
from redstick.defense.sigma.tree import Exists, fields_of, leaves_of
from redstick.defense.sigma.values import ABSENT, Fields, fold, text_of, texts
from redstick.defense.sigma.witness import EDGE

Member = tuple[int, DetectionRule]
Values = tuple[Any, ...]

PLAIN = frozenset({str, type(None)})
FEW = 6  # rules; below, looking at each costs less than a scan


class Bucket:
    """Rules with the same view. `keys` are the fields that decide their verdicts; `aliases` fill absent ones.

    `fixed_id` is the EventID of every event here, where that is known and some rule reads it, else empty.
    """

    def __init__(
        self,
        members: Sequence[Member],
        databases: Databases,
        aliases: Mapping[str, str],
        *,
        fixed_id: str,
        budget: int,
    ) -> None:
        keyword = [m for m in members if any(leaf.field is None for leaf in leaves_of(m[1].tree))]
        looking = {number for number, _ in keyword}
        plain = [m for m in members if m[0] not in looking]
        self.aliases = tuple(aliases.items())
        self._fixed = {"EventID": fixed_id} if fixed_id else {}
        self.keywords = Keywords(keyword, databases) if keyword else None
        self.asks_presence = any(isinstance(leaf, Exists) for _, r in plain for leaf in leaves_of(r.tree))
        self.rules = dict(plain)
        self.numbers = frozenset(number for number, _ in members)
        self._verdicts: dict[int, Verdict] = {}
        self._always, watched = _split(plain)
        scanned = dict.fromkeys(f for _, r in watched if r.witness for f in r.witness.fields if f)
        read = scanned | dict.fromkeys(name for _, rule in plain for name in fields_of(rule.tree))
        if fixed_id:  # the same for every event here
            scanned.pop("EventID", None)
            read.pop("EventID", None)
        self.keys = tuple(scanned) + tuple(name for name in read if name not in scanned)
        self._scanned = len(scanned)
        self._owners: list[tuple[int, ...]] = []
        self._foreign = tuple(n for n, rule in watched if rule.witness is not None and rule.witness.foreign)
        self.has_foreign = any(rule.witness is not None and rule.witness.foreign for _, rule in members)
        self._scan: Callable[[str], list[int]] | None = None
        if watched:
            self._watch(watched, databases)
        self._budget = budget
        self._memo = Memo(budget)
        self.line_scan = self._line_scan(members, databases)

    def _line_scan(self, members: Sequence[Member], databases: Databases) -> LineScan | None:
        """A scan of the raw line for every witness; None where some rule has none or nothing is gained.

        It knows literals only: where `has_foreign`, it may be asked about lines of ASCII alone.
        """
        if not members or any(rule.witness is None for _, rule in members):
            return None
        literals = sorted({text for _, rule in members if rule.witness for text in rule.witness.literals})
        return databases.lines(literals) if all(map(pattern_of, literals)) else None

    def _watch(self, watched: Sequence[Member], databases: Databases) -> None:
        owners: dict[str, list[int]] = {}
        for number, rule in watched:
            for literal in rule.witness.literals if rule.witness else ():
                owners.setdefault(literal, []).append(number)
        literals = sorted(owners)
        self._owners = [tuple(owners[literal]) for literal in literals]
        self._scan = databases.get(literals).found

    def match(self, fields: Fields, raw: bytes | None) -> tuple[int, ...]:
        """Numbers of the rules that fire, ascending."""
        if self.aliases:
            fields = with_aliases(fields, self.aliases)
        found = self.verdict(self._values(fields), fields) if self.rules else ()
        if self.keywords is not None:
            more = self.keywords.match(fields, raw)
            return tuple(sorted(found + more)) if more else found
        return found

    def forget(self) -> None:
        """Remember no verdict any more."""
        self._memo = Memo(self._budget)

    def _values(self, fields: Fields) -> Values:
        if self.asks_presence:
            return tuple([fields.get(key, ABSENT) for key in self.keys])
        return tuple(map(fields.get, self.keys))

    def verdict(self, values: Values, fields: Fields | None = None) -> tuple[int, ...]:
        """Rules without keywords that fire on these values of `keys`, in their order; None for absent and null.

        `fields` may be left out where the bucket does not ask for presence: the values say all that its rules read.
        """
        simple = PLAIN.issuperset(map(type, values))
        if not simple:
            values = tuple(map(comparable, values))
            simple = PLAIN.issuperset(map(type, values))
        known = self._memo.get(values)
        if known is not None:
            return known
        numbers = self.candidates(values, simple=simple)
        verdict: tuple[int, ...] = ()
        if numbers:
            whole = self._fixed | dict(zip(self.keys, values, strict=True)) if fields is None else fields
            verdict = self._verified(numbers, whole, simple=simple)
        self._memo.put(values, verdict)
        return verdict

    def candidates(self, values: Values, *, simple: bool) -> Sequence[int]:
        """Rules that may fire: those whose witness stands in the text, and those without one."""
        if self._scan is None:
            return self._always
        looked_at = values[: self._scanned]
        kept = list(filter(None, looked_at)) if simple else [t for v in looked_at for t in texts(v)]
        text = fold(EDGE + EDGE.join(kept) + EDGE)
        hits = self._scan(text)
        if self._foreign and not text.isascii():
            return tuple({n for hit in hits for n in self._owners[hit]}.union(self._foreign)) + self._always
        if not hits:
            return self._always
        if len(hits) == 1:
            return self._always + self._owners[hits[0]]
        return tuple({n for hit in hits for n in self._owners[hit]}) + self._always

    def is_candidate(self, number: int, fields: Fields) -> bool:
        """Whether the prefilter lets a rule without keywords through; keyword rules are always looked at."""
        if number not in self.rules:
            return True
        values = tuple(map(comparable, self._values(with_aliases(fields, self.aliases))))
        return number in self.candidates(values, simple=False)

    def _verified(self, numbers: Sequence[int], fields: Fields, *, simple: bool) -> tuple[int, ...]:
        if not simple:
            return tuple(sorted(n for n in numbers if holds(self.rules[n].tree, fields)))
        plain = Plain(fields)
        folded = Folded(plain)
        verdicts = self._verdicts
        fired = [n for n in numbers if (verdicts.get(n) or self._compiled(n))(folded, plain)]
        return tuple(sorted(fired))

    def _compiled(self, number: int) -> Verdict:
        tree = self.rules[number].tree
        verdict: Verdict = compile_rule(tree) if compilable(tree) else lambda _, plain: holds(tree, plain.fields)
        self._verdicts[number] = verdict
        return verdict


def _split(members: Sequence[Member]) -> tuple[tuple[int, ...], list[Member]]:
    """Rules that are always candidates, and those with a witness; a witness pays only where there are a few rules."""
    watched = [m for m in members if m[1].witness is not None] if len(members) >= FEW else []
    numbers = {n for n, _ in watched}
    return tuple(n for n, _ in members if n not in numbers), watched


def with_aliases(fields: Fields, aliases: Sequence[tuple[str, str]]) -> Fields:
    """The event with Sigma's names beside the source's own, where those are missing."""
    extra = {name: fields[own] for name, own in aliases if own in fields and name not in fields}
    return {**fields, **extra} if extra else fields


def comparable(value: Any) -> Any:
    """A value as text, or as a tuple of texts: True, 1 and 1.0 are one key to Python, and must not be one here."""
    if value is ABSENT or value is None or type(value) is str:
        return value
    if isinstance(value, list | tuple):
        return tuple(map(text_of, value))
    return text_of(value)

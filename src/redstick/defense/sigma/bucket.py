"""The rules that can see one kind of event, and the shortest way to the few that fire."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redstick.defense.sigma import prefilter
from redstick.defense.sigma.compiled import Verdict, compilable, compile_rule
from redstick.defense.sigma.evaluate import holds
from redstick.defense.sigma.prefilter import Prefilter
from redstick.defense.sigma.rules import DetectionRule
from redstick.defense.sigma.tree import Exists, fields_of, leaves_of
from redstick.defense.sigma.values import ABSENT, Fields, all_texts, fold, text_of, texts
from redstick.defense.sigma.witness import EDGE

Member = tuple[int, DetectionRule]

PLAIN = frozenset({str, type(None)})
FEW = 6  # rules; below, looking at each costs less than a scan
MAX_MEMO_KEY = 8_192  # characters; larger events are as good as unique


class Databases:
    """Prefilter databases by the digest of their literals, so that an image can carry them."""

    def __init__(self, stored: Mapping[str, bytes], *, pure: bool = False) -> None:
        self._stored = dict(stored)
        self._live: dict[str, Prefilter] = {}
        self._pure = pure

    def get(self, literals: Sequence[str]) -> Prefilter:
        """The database of these literals: live, stored, or built now."""
        digest = hashlib.sha256("\x1f".join(literals).encode()).hexdigest()
        if digest not in self._live:
            self._live[digest] = prefilter.build(literals, self._stored.get(digest, b""), pure=self._pure)
        return self._live[digest]

    def stored(self) -> dict[str, bytes]:
        """Every live database in its stored form, by digest."""
        return {digest: live.stored() for digest, live in sorted(self._live.items())}


class Bucket:
    """Rules with the same view: their fields, witnesses and verdicts so far."""

    def __init__(
        self,
        members: Sequence[Member],
        databases: Databases,
        aliases: Mapping[str, str],
        *,
        fixed_id: bool,
        budget: int,
    ) -> None:
        keyword = [m for m in members if any(leaf.field is None for leaf in leaves_of(m[1].tree))]
        plain = [m for m in members if m not in keyword] if keyword else list(members)
        self._aliases = tuple(aliases.items())
        self._rules = dict(plain)
        self._verdicts: dict[int, Verdict] = {}
        self._keywords = Keywords(keyword, databases) if keyword else None
        read = dict.fromkeys(name for _, rule in plain for name in fields_of(rule.tree))
        if fixed_id:
            read.pop("EventID", None)  # the same for every event here
        self._asks_presence = any(isinstance(leaf, Exists) for _, r in plain for leaf in leaves_of(r.tree))
        self._always, watched = _split(plain)
        scanned = dict.fromkeys(f for _, rule in watched for f in rule.witness.fields if f) if watched else {}
        if fixed_id:
            scanned.pop("EventID", None)
        self._keys = tuple(scanned) + tuple(name for name in read if name not in scanned)
        self._scanned = len(scanned)
        self._literal_rules: list[tuple[int, ...]] = []
        self._scan: Callable[[str], list[int]] | None = None
        if watched:
            self._watch(watched, databases)
        self._memo = Memo(budget)

    def _watch(self, watched: Sequence[Member], databases: Databases) -> None:
        owners: dict[str, list[int]] = {}
        for number, rule in watched:
            assert rule.witness is not None
            for literal in rule.witness.literals:
                owners.setdefault(literal, []).append(number)
        literals = sorted(owners)
        self._literal_rules = [tuple(owners[literal]) for literal in literals]
        self._scan = databases.get(literals).found

    def is_idle(self, raw: bytes) -> bool:
        """Whether no rule here can fire on an event with this JSON text."""
        return not self._rules and (self._keywords is None or not self._keywords.possible(raw))

    def match(self, fields: Fields, raw: bytes | None) -> tuple[int, ...]:
        """Numbers of the rules that fire, ascending."""
        if self._aliases:
            fields = with_aliases(fields, self._aliases)
        found = self._match_plain(fields) if self._rules else ()
        if self._keywords is not None and (raw is None or self._keywords.possible(raw)):
            more = self._keywords.match(fields)
            return tuple(sorted(found + more)) if more else found
        return found

    def _match_plain(self, fields: Fields) -> tuple[int, ...]:
        if self._asks_presence:
            values: tuple[Any, ...] = tuple([fields.get(key, ABSENT) for key in self._keys])
        else:
            values = tuple(map(fields.get, self._keys))
        simple = PLAIN.issuperset(map(type, values))
        if not simple:
            values = tuple(map(comparable, values))
            simple = PLAIN.issuperset(map(type, values))
        known = self._memo.get(values)
        if known is not None:
            return known
        numbers, size = self._candidates(values, simple=simple)
        verdict = self._verified(numbers, fields, simple=simple)
        self._memo.put(values, verdict, size)
        return verdict

    def _candidates(self, values: tuple[Any, ...], *, simple: bool) -> tuple[Sequence[int], int]:
        """Rules that may fire, and the number of characters looked at."""
        if self._scan is None:
            return self._always, 0
        looked_at = values[: self._scanned]
        kept = list(filter(None, looked_at)) if simple else [t for v in looked_at for t in texts(v)]
        text = fold(EDGE + EDGE.join(kept) + EDGE)
        hits = self._scan(text)
        if not hits:
            return self._always, len(text)
        owners = self._literal_rules
        if len(hits) == 1:
            return self._always + owners[hits[0]], len(text)
        return tuple({n for hit in hits for n in owners[hit]}) + self._always, len(text)

    def _verified(self, numbers: Sequence[int], fields: Fields, *, simple: bool) -> tuple[int, ...]:
        if not numbers:
            return ()
        if not simple:
            return tuple(sorted(n for n in numbers if holds(self._rules[n].tree, fields)))
        plain = Plain(fields)
        folded = Folded(plain)
        verdicts = self._verdicts
        out = []
        for number in numbers:
            verdict = verdicts.get(number) or self._compiled(number)
            if verdict(folded, plain):
                out.append(number)
        return tuple(sorted(out))

    def _compiled(self, number: int) -> Verdict:
        tree = self._rules[number].tree
        if compilable(tree):
            verdict = compile_rule(tree)
        else:

            def verdict(_folded: Any, plain: Any) -> bool:
                return holds(tree, plain.fields)

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


class Plain(dict[str, str | None]):
    """Field name to text as recorded, None for absent and null; filled as rules ask."""

    __slots__ = ("fields",)

    def __init__(self, fields: Fields) -> None:
        super().__init__()
        self.fields = fields

    def __missing__(self, name: str) -> str | None:
        text = self[name] = text_of(self.fields.get(name))
        return text


class Folded(dict[str, str | None]):
    """Field name to folded text, None for absent and null; filled as rules ask."""

    __slots__ = ("plain",)

    def __init__(self, plain: Plain) -> None:
        super().__init__()
        self.plain = plain

    def __missing__(self, name: str) -> str | None:
        text = self.plain[name]
        folded = self[name] = None if text is None else fold(text)
        return folded


class Memo:
    """Verdicts by the values that decide them, in two generations; holds at most twice `budget` characters."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._young: dict[tuple[Any, ...], tuple[int, ...]] = {}
        self._old: dict[tuple[Any, ...], tuple[int, ...]] = {}

    def get(self, key: tuple[Any, ...]) -> tuple[int, ...] | None:
        """The verdict on these values, if it is remembered."""
        found = self._young.get(key)
        return found if found is not None else self._old.get(key)

    def put(self, key: tuple[Any, ...], verdict: tuple[int, ...], size: int) -> None:
        """Remember; `size` is the number of characters of the key as far as it was looked at."""
        if size > MAX_MEMO_KEY or self._budget <= 0:
            return
        self._used += size + 200
        if self._used > self._budget:
            self._old, self._young, self._used = self._young, {}, size + 200
        self._young[key] = verdict


class Keywords:
    """Rules with keywords: they look through every value of an event."""

    def __init__(self, members: Sequence[Member], databases: Databases) -> None:
        self._members = list(members)
        witnesses = [rule.witness for _, rule in members]
        literals = sorted({text.strip(EDGE) for w in witnesses if w is not None for text in w.literals})
        complete = all(w is not None for w in witnesses)
        safe = complete and all(map(_survives_json, literals))
        self._raw_scan = databases.get(literals).found if safe and literals else None

    def possible(self, raw: bytes) -> bool:
        """Whether a keyword can stand in this JSON text; True in doubt: escapes or letters beyond ASCII."""
        if self._raw_scan is None or not raw.isascii() or b"\\u" in raw:
            return True
        return bool(self._raw_scan(raw.decode("ascii").lower()))

    def match(self, fields: Fields) -> tuple[int, ...]:
        """Numbers of the keyword rules that fire."""
        text = EDGE + fold(EDGE.join(all_texts(fields))) + EDGE
        return tuple(n for n, rule in self._members if _stands(rule, text) and holds(rule.tree, fields))


def _stands(rule: DetectionRule, text: str) -> bool:
    return rule.witness is None or any(literal in text for literal in rule.witness.literals)


def _survives_json(literal: str) -> bool:
    """Whether JSON writes the literal as it is, unless it uses backslash-u escapes."""
    return literal.isascii() and literal.isprintable() and not set(literal) & set('"\\/')

"""Keyword rules: they look through every value of an event.

Their prefilter looks at the event's own JSON text where that is at hand and plain (`linescan`), which costs no
decoding; otherwise at all values, folded.
"""

from collections.abc import Sequence

from redstick.defense.sigma.databases import Databases
from redstick.defense.sigma.evaluate import holds
from redstick.defense.sigma.rules import DetectionRule
from redstick.defense.sigma.values import Fields, all_texts, fold
from redstick.defense.sigma.witness import EDGE


class Keywords:
    """The keyword rules of a bucket, by number."""

    def __init__(self, members: Sequence[tuple[int, DetectionRule]], databases: Databases) -> None:
        self._rules = dict(members)
        owners: dict[str, list[int]] = {}
        for number, rule in members:
            for literal in rule.witness.literals if rule.witness is not None else ():
                owners.setdefault(literal.strip(EDGE), []).append(number)
        literals = sorted(owners)
        self._owners = [owners[literal] for literal in literals]
        self._always = [n for n, rule in members if rule.witness is None]
        self._foreign = [n for n, rule in members if rule.witness is not None and rule.witness.foreign]
        self._in_text = databases.get(literals) if literals else None
        self._in_json = databases.keywords(literals) if literals else None

    def possible(self, raw: bytes) -> bool:
        """Whether a keyword rule can fire on an event with this JSON text; True in doubt."""
        if self._always or (self._foreign and not raw.isascii()):
            return True
        if self._in_json is None:
            return self._in_text is not None or bool(self._foreign)
        hits = self._in_json.found(raw)
        return hits is None or bool(hits)

    def match(self, fields: Fields, raw: bytes | None) -> tuple[int, ...]:
        """Numbers of the keyword rules that fire."""
        hits = None if raw is None or self._in_json is None else self._in_json.found(raw)
        foreign = raw is None or not raw.isascii()
        if hits is None:
            text = fold("\n".join(all_texts(fields)))
            hits, foreign = [] if self._in_text is None else self._in_text.found(text), not text.isascii()
        numbers = {n for hit in hits for n in self._owners[hit]}.union(self._always, self._foreign if foreign else ())
        return tuple(n for n in sorted(numbers) if holds(self._rules[n].tree, fields))

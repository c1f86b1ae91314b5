"""Keyword rules: they look through every value of an event, so their prefilter scans the event as JSON text.

The event's own text is at hand before decoding. In JSON a literal stands in one escaped form only, as long as neither a
`u` escape nor an escaped slash nor a character beyond ASCII occurs; an event with one of those is written afresh.
"""

from collections.abc import Sequence

import msgspec

from redstick.defense.sigma.databases import Databases
from redstick.defense.sigma.evaluate import holds
from redstick.defense.sigma.rules import DetectionRule
from redstick.defense.sigma.values import Fields, fold
from redstick.defense.sigma.witness import EDGE


class Keywords:
    """The keyword rules of a bucket, by number."""

    def __init__(self, members: Sequence[tuple[int, DetectionRule]], databases: Databases) -> None:
        self._rules = dict(members)
        owners: dict[str, list[int]] = {}
        for number, rule in members:
            for literal in rule.witness.literals if rule.witness is not None else ():
                owners.setdefault(_in_json(literal.strip(EDGE)), []).append(number)
        literals = sorted(owners)
        self._owners = [owners[literal] for literal in literals]
        self._always = [n for n, rule in members if rule.witness is None]
        self._scanner = databases.raw(literals) if literals else None

    def possible(self, raw: bytes) -> bool:
        """Whether a keyword rule can fire on an event with this JSON text; True in doubt."""
        if self._always or self._scanner is None:
            return True
        hits = self._scanner.found_raw(raw)
        return hits is None or bool(hits)

    def match(self, fields: Fields, raw: bytes | None) -> tuple[int, ...]:
        """Numbers of the keyword rules that fire."""
        hits: list[int] = []
        if self._scanner is not None:
            found = None if raw is None else self._scanner.found_raw(raw)
            hits = self._scanner.found(fold(msgspec.json.encode(fields).decode())) if found is None else found
        if not hits and not self._always:
            return ()
        numbers = {n for hit in hits for n in self._owners[hit]}.union(self._always)
        return tuple(n for n in sorted(numbers) if holds(self._rules[n].tree, fields))


def _in_json(literal: str) -> str:
    return fold(msgspec.json.encode(literal).decode()[1:-1])

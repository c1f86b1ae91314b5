"""Kinds of incidents: read in any spelling that is near enough to one of them, and shown as understood."""

from __future__ import annotations

from typing import NamedTuple

from rapidfuzz import fuzz, process

from redstick.dispatch.codes.default import DEFAULT
from redstick.dispatch.codes.table import CodeTable, TypeCode, folded

NEAR_ENOUGH = 86  # of 100: two letters wrong in a word of a dozen
APART = 4  # how much nearer the nearest must be than the next, or both are meant
SHOWN = 4


class KindRead(NamedTuple):
    """What a text may mean, the likeliest first. `exact` when it is the city's own word or code."""

    types: tuple[TypeCode, ...]
    score: float
    exact: bool

    @property
    def clear(self) -> bool:
        """Whether one kind alone is meant."""
        return len(self.types) == 1 and self.score >= NEAR_ENOUGH


def table_of(codes: CodeTable) -> tuple[TypeCode, ...]:
    """The kinds that the city uses; before it has adopted a table, those of the default one."""
    return codes.types or DEFAULT.types


def kind_of(codes: CodeTable, said: str) -> KindRead:
    """The kinds that a text may mean: the exact one, else what is near enough to tell it from the rest."""
    word, types = folded(said), table_of(codes)
    exact = [one for one in types if word and word in (folded(one.word), one.common.casefold())]
    if exact:
        return KindRead(tuple(exact[:1]), 100, True)
    if not word or len(word) > 100:
        return KindRead((), 0, False)
    near = process.extract(word, [folded(one.word) for one in types], scorer=fuzz.ratio, limit=SHOWN)
    near = near or []
    best = near[0][1] if near else 0
    if best >= NEAR_ENOUGH:
        return KindRead(tuple(types[i] for _, score, i in near if score > best - APART), best, False)
    begins = [one for one in types if folded(one.word).startswith(word)] if len(word) >= 4 else []
    if begins:
        return KindRead(tuple(begins[:SHOWN]), NEAR_ENOUGH, False)
    return KindRead(tuple(types[i] for _, score, i in near if score >= 60), best, False)

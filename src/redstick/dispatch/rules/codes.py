"""Codes: the city's words for kinds and dispositions, adopted by an event, and what is said of others.

A word that a person says and the table does not know is a fact, and flagged; said by a machine it is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.dispatch.codes.table import CodeTable, check
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


@event("dispatch.codes_adopted")
class CodesAdopted(Event, frozen=True):
    """From now on these words mean these codes."""

    table: CodeTable
    by: str = ""


@command("dispatch.adopt_codes")
class AdoptCodes(Command, frozen=True):
    """Adopt a code table.

    `common_types` and `common_dispositions` are the lists that it is to be judged by, empty for none; `words` and
    `endings` are the local words that must be in it.
    """

    table: CodeTable
    by: str
    common_types: list[str] = []
    common_dispositions: list[str] = []
    words: list[str] = []
    endings: list[str] = []


def decide_adopt_codes(state: Dispatch, asked: AdoptCodes, now: Instant) -> Decision:
    """Rejections: `name_needed`, `codes_unsound` (names all that is wrong, and every word not mapped)."""
    del now
    if not asked.by.strip():
        return Rejection("name_needed")
    found = check(asked.table, asked.common_types, asked.common_dispositions, asked.words, asked.endings)
    if found:
        wrong = [{"code": one.code, "word": one.word, "said": one.said} for one in found]
        return Rejection("codes_unsound", {"findings": wrong})
    return [] if asked.table == state.codes else [CodesAdopted(asked.table, asked.by)]


def apply_codes_adopted(state: Dispatch, happened: CodesAdopted, at: Instant) -> None:
    """The table holds; what was said before keeps its words."""
    del at
    state.codes = happened.table


def kind_flags(state: Dispatch, kind: str) -> list[str]:
    """What is to be said of a word for a kind: `kind_unmapped`, or nothing. Without a table nothing is judged."""
    known = not kind or not state.codes.types or state.codes.type_of(kind) is not None
    return [] if known else ["kind_unmapped"]


def disposition_flags(state: Dispatch, words: list[str]) -> list[str]:
    """What is to be said of words for endings: `disposition_unmapped`, or nothing; nothing without a table."""
    known = not state.codes.dispositions or all(state.codes.disposition_of(word) is not None for word in words)
    return [] if known else ["disposition_unmapped"]


DECIDERS: Deciders = {AdoptCodes: decide_adopt_codes}
APPLIERS: Appliers = {CodesAdopted: apply_codes_adopted}

"""Status words: what an agency says on the radio, mapped onto the canonical statuses by a person who knows.

A table is adopted whole: every word of the agency's list is mapped, and a word that means one thing here and another
there is mapped expressly. Kinds of units that speak otherwise, or have fewer statuses, have tables of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.status_table import AMBIGUOUS, Status, unmapped
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


@event("dispatch.status_words_adopted")
class StatusWordsAdopted(Event, frozen=True):
    """A table of words holds, for units of `kind`, or for all that have none of their own; `by` confirmed it."""

    words: dict[str, Status]
    by: str
    kind: str = ""


@command("dispatch.adopt_status_words")
class AdoptStatusWords(Command, frozen=True):
    """Adopt a table of status words. `used` is the agency's own list of words, each of which must be mapped.

    `confirmed_by` is who vouches for it; a word of `AMBIGUOUS` counts only when it is mapped expressly.
    """

    words: dict[str, Status]
    used: list[str]
    confirmed_by: str
    kind: str = ""


def decide_adopt_status_words(state: Dispatch, asked: AdoptStatusWords, now: Instant) -> Decision:
    """The same table again changes nothing.

    Rejections: `name_needed`, `words_needed`, `word_twice`, `words_unmapped` (names them), `words_ambiguous` (names
    canonical codes whose meaning here nobody has said).
    """
    del now
    words = {word.strip().upper(): status for word, status in asked.words.items()}
    if not asked.confirmed_by.strip():
        return Rejection("name_needed")
    if not words or "" in words:
        return Rejection("words_needed")
    if len(words) != len(asked.words):
        return Rejection("word_twice")
    lacking = unmapped(asked.used, words)
    if lacking:
        return Rejection("words_unmapped", {"words": lacking})
    unsaid = sorted(AMBIGUOUS - set(words))
    if unsaid:
        return Rejection("words_ambiguous", {"words": unsaid})
    held = state.statuses.kinds.get(asked.kind) if asked.kind else state.statuses.words
    return [] if held == words else [StatusWordsAdopted(words, asked.confirmed_by, asked.kind)]


def apply_status_words_adopted(state: Dispatch, happened: StatusWordsAdopted, at: Instant) -> None:
    """From now on; what was said before keeps the meaning that it had."""
    del at
    table = state.statuses
    if happened.kind:
        kinds = {**table.kinds, happened.kind: dict(happened.words)}
        state.statuses = msgspec.structs.replace(table, kinds=kinds)
    else:
        state.statuses = msgspec.structs.replace(table, words=dict(happened.words))


DECIDERS: Deciders = {AdoptStatusWords: decide_adopt_status_words}
APPLIERS: Appliers = {StatusWordsAdopted: apply_status_words_adopted}

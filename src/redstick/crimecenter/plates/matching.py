"""Matching a plate read with a hot list of half a million plates, in microseconds and in classes.

Readers confuse a few characters (O and 0, B and 8) and read the state or not. The list is indexed by a *fold key* in
which confusable characters are one. A candidate has the read's fold key and length; how many of its characters differ,
and whether the state agrees, make the class. No folded class may ever raise a stop: a person looks first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

# O Q D to 0, I L to 1, B to 8, S to 5, Z to 2, G to 6, T to 7, A to 4, Y U to V
FOLD = str.maketrans("OQDILBSZGTAYU", "00011852674VV")
DROPPED = str.maketrans("", "", " -.·")  # what some readers put between groups
UNREAD = ""


class MatchClass(IntEnum):
    """How sure a match is; the lower the surer."""

    EXACT_STATE = 1  # every character and the state: a stop candidate, after confirmation
    EXACT_STATE_UNREAD = 2  # every character; the state was not read, or the list does not say it
    POSSIBLE = 3  # one confusable character differs, the state agrees: needs eyes
    POSSIBLE_STATE_UNREAD = 4  # one confusable character differs and the state was not read

    @property
    def may_stop(self) -> bool:
        """Only the first class may lead to a stop, and only after a person has confirmed it."""
        return self is MatchClass.EXACT_STATE


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry of a hot list; `expires` is the last day on which it counts (proleptic ordinal), None for no end."""

    plate: str
    state: str
    category: str = ""
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that a read may be, and in which class."""

    wanted: Wanted
    match_class: MatchClass


def normal(plate: str) -> str:
    """Upper case without spaces and dashes: how plates are compared."""
    return plate.upper().translate(DROPPED)


def differing(one: str, other: str) -> int:
    """In how many characters two plates of one length differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))


class HotList:
    """An index over wanted plates, immutable: a new list is a new index, swapped whole."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self._by_fold: dict[str, list[tuple[str, str, Wanted]]] = {}
        self.count = 0
        for entry in wanted:
            plate = normal(entry.plate)
            if not plate:
                raise ValueError(f"an entry without a plate: {entry}")
            self._by_fold.setdefault(plate.translate(FOLD), []).append((plate, entry.state.upper(), entry))
            self.count += 1

    def match(self, plate: str, state: str = UNREAD) -> list[Match]:
        """Every entry that the read may be, the surest first, then by plate and state; usually none."""
        read = plate.upper().translate(DROPPED)
        candidates = self._by_fold.get(read.translate(FOLD))
        if candidates is None:
            return []
        return self._graded(candidates, read, state.upper())

    def candidates(self, plate: str) -> Sequence[tuple[str, str, Wanted]]:
        """(plate, state, entry) of all with the read's fold key, whatever differs: for looking, not for alerts."""
        return self._by_fold.get(normal(plate).translate(FOLD), ())

    def _graded(self, candidates: list[tuple[str, str, Wanted]], read: str, state: str) -> list[Match]:
        """The default classes: at most one confusable character, and the state equal or unread."""
        found: list[Match] = []
        for plate, wanted_state, entry in candidates:
            unread = UNREAD in (state, wanted_state)
            if not unread and state != wanted_state:
                continue
            if plate == read:
                found.append(Match(entry, MatchClass.EXACT_STATE_UNREAD if unread else MatchClass.EXACT_STATE))
            elif differing(plate, read) == 1:
                found.append(Match(entry, MatchClass.POSSIBLE_STATE_UNREAD if unread else MatchClass.POSSIBLE))
        found.sort(key=lambda match: (match.match_class, match.wanted.plate, match.wanted.state))
        return found

"""Patterns of dialled digits, as switches have them.

`X` is any digit, `Z` 1 to 9, `N` 2 to 9; a `.` at the end is one or more digits; `+` stands for itself at the front. A
pattern without its `.` is a box: a set of digits for each place. What several patterns leave of one is computed
exactly, box by box, up to the longest number that can be dialled.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

LONGEST = 18  # digits that anybody dials: a prefix, 011 and 15 of E.164 would be more than any carrier takes
PATTERN = re.compile(r"\+?[0-9XZN]{0,18}\.?")
PLACES = {"X": "0123456789", "Z": "123456789", "N": "23456789"}
SETS = {place: frozenset(PLACES.get(place, place)) for place in "+0123456789XZN"}
MOST_PIECES = 20_000  # that are cut for one plan, over all its rules and lengths; beyond it nothing is claimed

END = "$"  # what stands in a place behind the last digit
SYMBOLS = "0123456789+" + END
LANE = len(SYMBOLS) + 1  # bits of a place: one for each symbol, and one into which a place that holds any carries
FULL, CARRY = (sum(bits << at * LANE for at in range(LONGEST + 2)) for bits in ((1 << LANE - 1) - 1, 1 << LANE - 1))

Box = tuple[frozenset[str], ...]


class TooManyPieces(Exception):  # noqa: N818 (named for what it is, as the house has it)
    """Earlier patterns cut a pattern into more pieces than are looked at."""


class Pieces:
    """Counts the pieces that are cut, over all that is asked with it: work that has an end, and the same each time."""

    def __init__(self, most: int = MOST_PIECES) -> None:
        self.left = most

    def cut(self, box: Box, other: Box) -> list[Box]:
        """What is left of a box, in boxes that share nothing. Raises TooManyPieces, and from then on each time."""
        parts = list(_without(box, other)) if self.left > 0 else []
        self.left -= len(parts)
        if self.left <= 0:
            raise TooManyPieces
        return parts


def is_pattern(text: str) -> bool:
    """Whether a text is a pattern that fits something."""
    return bool(text) and text != "+" and PATTERN.fullmatch(text) is not None


def matches(pattern: str, digits: str) -> bool:
    """Whether digits fit."""
    head, many = pattern.removesuffix("."), pattern.endswith(".")
    if not (len(digits) > len(head) if many else len(digits) == len(head)):
        return False
    fits = all(digit in PLACES.get(place, place) for place, digit in zip(head, digits, strict=False))
    rest = digits[len(head) :]
    return fits and (not rest or (rest.isascii() and rest.isdigit()))


def left_of(pattern: str, earlier: Iterable[str], pieces: Pieces | None = None) -> str:
    """Digits that fit a pattern and none of the earlier ones; "" where these take all of it.

    Raises TooManyPieces. Several questions with the same `pieces` share what may be cut.
    """
    pieces, others = pieces or Pieces(), list(earlier)
    for length in lengths(pattern):
        left = [box_of(pattern, length)]
        for other in others:
            if left and length in lengths(other):
                theirs = box_of(other, length)
                left = [part for box in left for part in pieces.cut(box, theirs)]
        if left:
            return "".join(min(place) for place in left[0])
    return ""


def shared(one: str, other: str) -> str:
    """Digits that fit both patterns, the fewest that do; "" where none do."""
    if not meet(one, other):
        return ""
    length = max(lengths(one).start, lengths(other).start)
    return "".join(min(a & b) for a, b in zip(box_of(one, length), box_of(other, length), strict=True))


def meet(one: str, other: str) -> bool:
    """Whether any digits fit both: all places in one step, for five hundred rules are a hundred thousand pairs."""
    return ((_bits(one) & _bits(other)) + FULL) & CARRY == CARRY


def lengths(pattern: str) -> range:
    """How many digits may fit."""
    head = len(pattern.removesuffix("."))
    return range(head + 1, max(LONGEST, head + 1) + 1) if pattern.endswith(".") else range(head, head + 1)


def box_of(pattern: str, length: int) -> Box:
    """What fits in each place, of the digits of one length that fit at all."""
    return tuple(SETS[place] for place in pattern.removesuffix(".").ljust(length, "X"))


@lru_cache(maxsize=4096)
def _bits(pattern: str) -> int:
    """What fits in each place, and in the places behind the last, as bits."""
    head, many = pattern.removesuffix("."), pattern.endswith(".")
    fits = [SETS[place] for place in head] + ([SETS["X"]] if many else [])
    behind = SETS["X"] | {END} if many else frozenset(END)
    fits += [behind] * (LONGEST + 2 - len(fits))
    return sum(1 << at * LANE + SYMBOLS.index(one) for at, place in enumerate(fits) for one in place)


def _without(box: Box, other: Box) -> Iterator[Box]:
    """What is left of a box, in boxes that share nothing."""
    if not all(a & b for a, b in zip(box, other, strict=True)):
        yield box
        return
    for at, (mine, theirs) in enumerate(zip(box, other, strict=True)):
        if mine - theirs:
            yield (*box[:at], mine - theirs, *box[at + 1 :])
        box = (*box[:at], mine & theirs, *box[at + 1 :])

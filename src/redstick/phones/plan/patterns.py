"""Patterns of dialled digits, as switches have them.

`X` is any digit, `Z` 1 to 9, `N` 2 to 9; a `.` at the end is one or more digits; `+` stands for itself at the front. A
pattern without its `.` is a box: a set of digits for each place. What several patterns leave of one is computed
exactly, box by box, up to the longest number that can be dialled.
"""

import re
from collections.abc import Iterable, Iterator

LONGEST = 18  # digits that anybody dials: a prefix, 011 and 15 of E.164 would be more than any carrier takes
PATTERN = re.compile(r"\+?[0-9XZN]{0,18}\.?")
PLACES = {"X": "0123456789", "Z": "123456789", "N": "23456789"}
MOST_PIECES = 20_000  # of a pattern that is cut up; beyond it nothing is claimed

Box = tuple[frozenset[str], ...]


class TooManyPieces(Exception):  # noqa: N818 (named for what it is, as the house has it)
    """Earlier patterns cut a pattern into more pieces than are looked at."""


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


def left_of(pattern: str, earlier: Iterable[str]) -> str:
    """Digits that fit a pattern and none of the earlier ones; "" where these take all of it.

    Raises TooManyPieces.
    """
    others = list(earlier)
    for length in lengths(pattern):
        pieces = [box_of(pattern, length)]
        for other in others:
            if length in lengths(other):
                pieces = [part for piece in pieces for part in _without(piece, box_of(other, length))]
                if len(pieces) > MOST_PIECES:
                    raise TooManyPieces
        if pieces:
            return "".join(min(place) for place in pieces[0])
    return ""


def shared(one: str, other: str) -> str:
    """Digits that fit both patterns, "" where none do."""
    for length in sorted(set(lengths(one)) & set(lengths(other))):
        both = [a & b for a, b in zip(box_of(one, length), box_of(other, length), strict=True)]
        if all(both):
            return "".join(min(place) for place in both)
    return ""


def lengths(pattern: str) -> range:
    """How many digits may fit."""
    head = len(pattern.removesuffix("."))
    return range(head + 1, max(LONGEST, head + 1) + 1) if pattern.endswith(".") else range(head, head + 1)


def box_of(pattern: str, length: int) -> Box:
    """What fits in each place, of the digits of one length that fit at all."""
    head = pattern.removesuffix(".")
    return tuple(frozenset(PLACES.get(place, place)) for place in head.ljust(length, "X"))


def _without(box: Box, other: Box) -> Iterator[Box]:
    """What is left of a box, in boxes that share nothing."""
    if not all(a & b for a, b in zip(box, other, strict=True)):
        yield box
        return
    for at, (mine, theirs) in enumerate(zip(box, other, strict=True)):
        if mine - theirs:
            yield (*box[:at], mine - theirs, *box[at + 1 :])
        box = (*box[:at], mine & theirs, *box[at + 1 :])

"""Completing what is being typed: streets and places that begin with it."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from heapq import nsmallest

from redstick.geo.geocoder.index import Index
from redstick.geo.geocoder.vocabulary import DIRECTIONALS
from redstick.geo.geocoder.words import clean, squashed

_NUMBER = re.compile(r"(\d{1,6}(?:-[A-Z0-9]{1,4})?(?: BLOCK(?: OF)?)?) (.*)")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: its text, and whether it is a `street` or a `place`."""

    text: str
    kind: str


def suggestions(index: Index, prefix: str, limit: int) -> list[Suggestion]:
    """The first `limit` completions in the order of their names; none for an empty prefix."""
    typed = clean(prefix)[:80]
    number, rest = "", typed
    if match := _NUMBER.fullmatch(typed):
        number, rest = match[1] + " ", match[2]
    if not rest or limit <= 0:
        return []
    found = [Suggestion(number + index.streets[i].spelled, "street") for i in _streets(index, rest, limit)]
    if not number:
        key = squashed(rest)
        at = bisect_left(index.place_keys, key)
        while key and at < len(index.place_keys) and index.place_keys[at].startswith(key) and len(found) < 2 * limit:
            found.append(Suggestion(index.place_spelled[at], "place"))
            at += 1
    return nsmallest(limit, dict.fromkeys(found), key=lambda s: (s.kind != "street", s.text))


def _streets(index: Index, rest: str, limit: int) -> list[int]:
    """Streets, sorted by key, whose base begins with the text, or whose base does once a directional is off."""
    words = rest.split()
    heads = [("", squashed(rest))]
    if len(words) > 1 and words[0] in DIRECTIONALS:
        heads.append((DIRECTIONALS[words[0]], squashed(" ".join(words[1:]))))
    found: list[int] = []
    for pre, key in heads:
        at = bisect_left(index.streets, key, key=lambda street: street.name.key)
        while key and at < len(index.streets) and index.streets[at].name.key.startswith(key) and len(found) < limit:
            if not pre or index.streets[at].name.pre == pre:
                found.append(at)
            at += 1
    if not found:  # a suffix is being typed: `MAIN S`
        folded = " ".join(words)
        found = [i for i, street in enumerate(index.streets) if street.spelled.upper().startswith(folded)]
    return found[:limit]

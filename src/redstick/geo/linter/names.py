"""Street names that a caller, or a call-taker, will mix up."""

from collections.abc import Iterator

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from redstick.geo.city import City
from redstick.geo.geocoder.words import StreetName, read_street, squashed
from redstick.geo.linter.finding import Finding, Severity, segment_place, segment_position
from redstick.geo.roads import Roads

SHORTEST = 5  # letters; shorter names differ by one letter all the time (OAK, ELM) and nobody mixes them up


def street_of(name: str) -> StreetName:
    """A name as the geocoder reads it: what it folds into one is one street. Names in other scripts stay whole."""
    read = read_street(name)
    return read if read.base else StreetName("", " ".join(name.casefold().split()), "", "")


def street_key(name: str) -> tuple[str, str, str, str]:
    """What is equal for two spellings of one street: directional, squashed base, suffix, directional."""
    read = street_of(name)
    return read.pre, read.key, read.suffix, read.post


def check_names(city: City) -> Iterator[Finding]:
    """Names that differ only by their suffix, only by how they are written, or by one letter."""
    roads = city.roads
    first = _first_segments(roads)
    seen: dict[object, str] = {}
    for name in sorted(first):
        # Read as the geocoder does, and letter for letter: WILLARD NORTH and WILLARDNORTH are only equal in the second.
        for key in (street_key(name), squashed(name)):
            if key and key in seen:
                found = f"{name!r} and {seen[key]!r} are one name written in two ways"
                yield _finding(roads, first[name], "NAME_SPELLING", Severity.WARNING, found, "Choose one spelling.")
                break
        seen.setdefault(street_key(name), name)
        seen.setdefault(squashed(name), name)
    yield from _suffix_only(roads, first)
    yield from _one_letter(roads, first)


def _first_segments(roads: Roads) -> dict[str, int]:
    first: dict[str, int] = {}
    for segment, index in enumerate(roads.name.tolist()):
        if index >= 0:
            first.setdefault(roads.names[index], segment)
    return first


def _suffix_only(roads: Roads, first: dict[str, int]) -> Iterator[Finding]:
    by_base: dict[tuple[str, str, str], dict[str, str]] = {}
    for name in sorted(first):
        pre, key, suffix, post = street_key(name)
        if suffix:
            by_base.setdefault((pre, key, post), {}).setdefault(suffix, name)
    for base in sorted(by_base):
        names = [by_base[base][suffix] for suffix in sorted(by_base[base])]
        if len(names) > 1:
            found = f"{', '.join(names)} differ by the suffix only"
            advice = "Ask callers for the suffix; never take one from the name alone."
            yield _finding(roads, first[names[0]], "NAME_SUFFIX_ONLY", Severity.NOTICE, found, advice)


def _one_letter(roads: Roads, first: dict[str, int]) -> Iterator[Finding]:
    """Names of one suffix one letter apart (inserted, lost, changed, swapped). Numbered streets are meant so."""
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for name in sorted(first):
        read = street_of(name)
        if len(read.base) >= SHORTEST and not any(letter.isdigit() for letter in read.base):
            groups.setdefault((read.pre, read.suffix, read.post), []).append((read.base, name))
    for group in sorted(groups):
        bases = [base for base, _ in groups[group]]
        distance = cdist(bases, bases, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
        for i, j in np.argwhere(np.triu(distance == 1, 1)).tolist():
            one, other = groups[group][i][1], groups[group][j][1]
            if bases[i].replace(" ", "") == bases[j].replace(" ", ""):
                continue  # already reported as one name in two spellings
            if _lettered(bases[i], bases[j]):
                continue
            found = f"{one!r} and {other!r} differ by one letter"
            advice = "Correct the misspelt one; if both are right, have call-takers read the name back."
            yield _finding(roads, first[one], "NAME_ONE_LETTER", Severity.NOTICE, found, advice)


def _lettered(one: str, other: str) -> bool:
    """Whether two names differ in a word of one or two letters: AVENUE B and AVENUE C are meant so."""
    pairs = [(a, b) for a, b in zip(one.split(), other.split(), strict=False) if a != b]
    return len(one.split()) == len(other.split()) and all(len(a) <= 2 and len(b) <= 2 for a, b in pairs)


def _finding(roads: Roads, segment: int, code: str, severity: Severity, found: str, advice: str) -> Finding:
    return Finding(code, severity, segment_place(roads, segment), found, advice, segment_position(roads, segment))

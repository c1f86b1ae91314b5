"""Street names that a caller, or a call-taker, will mix up."""

import re
from collections.abc import Iterator

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from redstick.geo.city import City
from redstick.geo.linter.finding import Finding, Severity, segment_place, segment_position
from redstick.geo.roads import Roads

# Street suffixes as the United States Postal Service abbreviates them, with what agencies write for them.
_SUFFIX = {
    "ALY": "ALY", "ALLEY": "ALY", "AV": "AVE", "AVE": "AVE", "AVENUE": "AVE", "BL": "BLVD", "BLVD": "BLVD",
    "BOULEVARD": "BLVD", "CIR": "CIR", "CR": "CIR", "CIRCLE": "CIR", "CT": "CT", "COURT": "CT", "CV": "CV",
    "COVE": "CV", "DR": "DR", "DRIVE": "DR", "EXPY": "EXPY", "FWY": "FWY", "HWY": "HWY", "HIGHWAY": "HWY", "HY": "HWY",
    "LN": "LN", "LANE": "LN", "LOOP": "LOOP", "PARK": "PARK", "PKWY": "PKWY", "PARKWAY": "PKWY", "PL": "PL",
    "PLACE": "PL", "PLZ": "PLZ", "PLAZA": "PLZ", "PZ": "PLZ", "RD": "RD", "ROAD": "RD", "ROW": "ROW", "SQ": "SQ",
    "SQUARE": "SQ", "ST": "ST", "STREET": "ST", "TER": "TER", "TERRACE": "TER", "TR": "TER", "TRL": "TRL",
    "TRAIL": "TRL", "WAY": "WAY", "WY": "WAY",
}  # fmt: skip
SHORTEST = 5  # letters; shorter names differ by one letter all the time (OAK, ELM) and nobody mixes them up


def plain_name(name: str) -> str:
    """A name in capitals, without punctuation and repeated spaces: what must be equal to be one street."""
    return " ".join(re.sub(r"[^\w\s]", "", name).upper().split())


def suffix_apart(name: str) -> tuple[str, str]:
    """A plain name without its street suffix, and the suffix as the Postal Service writes it."""
    words = name.split()
    if len(words) > 1 and words[-1] in _SUFFIX:
        return " ".join(words[:-1]), _SUFFIX[words[-1]]
    return name, ""


def check_names(city: City) -> Iterator[Finding]:
    """Names that differ only by their suffix, only by how they are written, or by one letter."""
    roads = city.roads
    first = _first_segments(roads)
    written: dict[str, list[str]] = {}
    for name in sorted(first):
        base, suffix = suffix_apart(plain_name(name))
        written.setdefault(f"{base} {suffix}".strip().replace(" ", ""), []).append(name)
    for same in written.values():
        for name in same[1:]:
            found = f"{name!r} and {same[0]!r} are one name written in two ways"
            yield _finding(roads, first[name], "NAME_SPELLING", Severity.WARNING, found, "Choose one spelling.")
    yield from _suffix_only(roads, first)
    yield from _one_letter(roads, first)


def _first_segments(roads: Roads) -> dict[str, int]:
    first: dict[str, int] = {}
    for segment, index in enumerate(roads.name.tolist()):
        if index >= 0:
            first.setdefault(roads.names[index], segment)
    return first


def _suffix_only(roads: Roads, first: dict[str, int]) -> Iterator[Finding]:
    by_base: dict[str, dict[str, str]] = {}
    for name in sorted(first):
        base, suffix = suffix_apart(plain_name(name))
        if suffix:
            by_base.setdefault(base, {}).setdefault(suffix, name)
    for base in sorted(by_base):
        names = [by_base[base][suffix] for suffix in sorted(by_base[base])]
        if len(names) > 1:
            found = f"{', '.join(names)} differ by the suffix only"
            advice = "Ask callers for the suffix; never take one from the name alone."
            yield _finding(roads, first[names[0]], "NAME_SUFFIX_ONLY", Severity.NOTICE, found, advice)


def _one_letter(roads: Roads, first: dict[str, int]) -> Iterator[Finding]:
    """Names of one suffix one letter apart (inserted, lost, changed, swapped). Numbered streets are meant so."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(first):
        base, suffix = suffix_apart(plain_name(name))
        if len(base) >= SHORTEST and not any(letter.isdigit() for letter in base):
            groups.setdefault(suffix, []).append((base, name))
    for suffix in sorted(groups):
        bases = [base for base, _ in groups[suffix]]
        distance = cdist(bases, bases, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
        for i, j in np.argwhere(np.triu(distance == 1, 1)).tolist():
            one, other = groups[suffix][i][1], groups[suffix][j][1]
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

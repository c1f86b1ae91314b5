"""Which streets a typed name may mean, and in what each differs from it."""

from dataclasses import replace
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from redstick.geo.geocoder.index import Index, Street
from redstick.geo.geocoder.result import DOUBTS, Reason
from redstick.geo.geocoder.vocabulary import SUFFIXES
from redstick.geo.geocoder.words import StreetName, read_street, suffix_meanings

_FULL_DIRECTIONALS = {"NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W"}
_SHORTLIST = 20
_MIN_SCORE = 60.0  # below this two names have too little in common to be worth a person's look


class Match(NamedTuple):
    """A street that a name may mean: `reasons` say in what it differs, `cost` how much (0 is not at all)."""

    street: Street
    reasons: tuple[Reason, ...]
    cost: float

    @property
    def doubts(self) -> frozenset[Reason]:
        """The differences for which a person must look."""
        return frozenset(self.reasons) & DOUBTS


def matches(index: Index, text: str) -> list[Match]:
    """Streets whose base is the typed one, whatever their suffix and directionals; best first.

    A street is exact, or lacks nothing but what the text left out, or differs. All are given: which of them are
    contenders is the verdict's question.
    """
    found: dict[int, Match] = {}
    for name, spacing in _spellings(index, text):
        for own, street in index.by_key.get(name.key, ()):
            reasons, cost = _difference(name, own)
            if spacing or own.base != name.base:
                reasons = (*reasons, Reason.SPACING)
            if street.id not in found or cost < found[street.id].cost:
                found[street.id] = Match(street, reasons, cost)
    siblings = len(found)
    out = []
    for match in found.values():
        # A suffix that was left out is supplied where only one street bears the name at all.
        alone = siblings == 1 and Reason.SUFFIX_MISSING in match.reasons
        reasons = tuple(Reason.SUFFIX_SUPPLIED if alone and r is Reason.SUFFIX_MISSING else r for r in match.reasons)
        out.append(match._replace(reasons=reasons))
    return sorted(out, key=lambda m: (m.cost, m.street.id))


def _spellings(index: Index, text: str) -> list[tuple[StreetName, bool]]:
    """The name as read, and other divisions of its words where the city knows no such base."""
    name = read_street(text)
    if not name.base:
        return []
    spelled = [(name, False)]
    if name.suffix:  # the suffix may be the name's own last word: `LAKE MERCED HILL`
        whole = StreetName(name.pre, f"{name.base} {_as_word(index, name)}", "", name.post)
        if whole.key in index.by_key:
            spelled.append((whole, False))
    if name.base in _FULL_DIRECTIONALS and name.suffix:  # `NORTH POINT` may lack the suffix of N POINT ST
        bare = StreetName(_FULL_DIRECTIONALS[name.base], _as_word(index, replace(name, base="")), "", name.post)
        spelled.append((bare, False))
    if name.key in index.by_key:
        return spelled
    for word, letter in _FULL_DIRECTIONALS.items():
        if name.base.endswith(word) and not name.post and len(name.base) > len(word):
            spelled.append((StreetName(name.pre, name.base.removesuffix(word), name.suffix, letter), True))
        if name.base.startswith(word) and not name.pre and len(name.base) > len(word):
            spelled.append((StreetName(letter, name.base.removeprefix(word), name.suffix, name.post), True))
    return spelled


def _as_word(index: Index, name: StreetName) -> str:
    """The suffix as a word of a name, in whichever spelling the city has it."""
    spellings = sorted(word for word, short in SUFFIXES.items() if short == name.suffix)
    return next((word for word in spellings if name.key + word in index.by_key), name.suffix)


def _difference(typed: StreetName, known: StreetName) -> tuple[tuple[Reason, ...], float]:
    """In what a known street differs from the typed name; directionals weigh more than suffixes."""
    reasons: list[Reason] = []
    cost = 0.0
    if typed.suffix != known.suffix and not set(suffix_meanings(typed.suffix)) & set(suffix_meanings(known.suffix)):
        missing = not typed.suffix
        reasons.append(Reason.SUFFIX_MISSING if missing else Reason.SUFFIX_DIFFERS)
        cost += 1.0 if missing else (2.0 if not known.suffix else 3.0)
    given, own = (typed.pre, typed.post), (known.pre, known.post)
    if given != own:
        missing = all(g in {"", o} for g, o in zip(given, own, strict=True))
        reasons.append(Reason.DIRECTIONAL_MISSING if missing else Reason.DIRECTIONAL_DIFFERS)
        moved = sorted(given) == sorted(own)
        extra = all(o in {"", g} for g, o in zip(given, own, strict=True))
        cost += 1.5 if missing else (1.6 if moved else (2.5 if extra else 4.0))
    return tuple(reasons), cost


def similar(index: Index, text: str, limit: int = _SHORTLIST) -> list[Match]:
    """Streets with a similar name: a shortlist by ratio, ranked by edits (Damerau-Levenshtein). Never to be trusted."""
    typed = str(read_street(text))[:80]
    if len(typed) < 2:
        return []
    shortlist = process.extract(typed, index.full_names, scorer=fuzz.ratio, limit=limit, score_cutoff=_MIN_SCORE)
    ranked = [
        Match(index.streets[i], (Reason.FUZZY_NAME,), 10.0 + DamerauLevenshtein.distance(typed, name))
        for name, _, i in shortlist
    ]
    return sorted(ranked, key=lambda m: (m.cost, m.street.id))

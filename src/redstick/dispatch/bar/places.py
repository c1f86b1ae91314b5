"""Places: what was typed, as the city's geocoder understood it. Only what is unique is taken without a question."""

from __future__ import annotations

from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.reader import FEW, SHOWN, Reader
from redstick.dispatch.bar.reading import Candidate, PlaceWanted
from redstick.dispatch.computing.answers import PlaceFound
from redstick.dispatch.place import Place

UNIQUE = "unique"
TEXT_AT_MOST = 500
Found = tuple[Place, dict[str, str], str]


def place_at(r: Reader, words: Words) -> Found | None:
    """The place that words name, with its zones and in words; `@2` behind it takes the second candidate, `@0` none.

    While several places may be meant it is a problem, with the candidates; where none is known, or nobody can look it
    up, the text stands as an unverified place, and that is said.
    """
    picked = words.words[-1].text if words and words.words[-1].text.startswith("@") else ""
    named = words.upto(len(words.words) - 1) if picked else words
    text = named.text.strip(" ,")
    if not text or len(text) > TEXT_AT_MOST:
        r.problem("place_needed", "say where" if not text else "that is too long for a place", text)
        return None
    r.wants.append(PlaceWanted(text))
    answer = r.answers.places.get(text)
    if answer is None:
        return _as_typed(r, text, "not looked up")
    if picked:
        return _picked(r, text, picked, answer.candidates)
    if answer.kind == UNIQUE:
        label = _label(answer.candidates[0]) if answer.candidates else text
        r.part("place", text, label)
        return answer.place, answer.zones, label
    r.candidates += [
        Candidate("place", _label(one), f"{_label(one)}: {_why(one)}", r.line_with(words, f"{text} @{count}"))
        for count, one in enumerate(answer.candidates[:FEW], start=1)
    ]
    if answer.candidates:
        r.part("place", text, f"{answer.kind.replace('_', ' ')}: {len(answer.candidates)} may be meant")
        r.problem("place_ambiguous", "choose the place: @1, @2 … behind it, or @0 to take it as it is typed", text)
        return None
    return _as_typed(r, text, "the city is not asked" if answer.fallback else "the geofile does not know it")


def _picked(r: Reader, text: str, picked: str, candidates: list[PlaceFound]) -> Found | None:
    said = picked[1:]
    count = int(said) if said.isascii() and said.isdigit() and len(said) <= 2 else -1
    if count == 0:
        return _as_typed(r, text, "as it is typed")
    if not 1 <= count <= len(candidates):
        r.problem("candidate_unknown", f"there are {len(candidates)} to choose from", picked)
        return None
    chosen = candidates[count - 1]
    label = _label(chosen)
    r.part("place", f"{text} {picked}", label)
    return chosen.place, chosen.zones, label


def _as_typed(r: Reader, text: str, why: str) -> Found:
    r.part("place", text, f"{text[:SHOWN]} (unverified: {why})")
    return Place(text, source="entered"), {}, f"{text[:SHOWN]} (unverified: {why})"


def _label(found: PlaceFound) -> str:
    said = str(found.found.get("label") or found.place.text)
    return ", ".join(dict.fromkeys(part for part in (said, found.place.municipality) if part))


def _why(found: PlaceFound) -> str:
    reasons = [str(one).replace("_", " ").lower() for one in found.found.get("reasons", ())]
    return "; ".join(reasons) or found.place.quality

"""Municipalities and postcodes: what a text or a hint says, held against where a hit lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from redstick.geo.geocoder.hits import Hit
from redstick.geo.geocoder.index import Index
from redstick.geo.geocoder.result import Reason
from redstick.geo.geocoder.words import squashed

_CUT_AT = 4  # a municipality cut off by a narrow field still has this many characters


@dataclass(frozen=True, slots=True)
class AreaFilter:
    """Which municipalities or postcodes were meant; `ids` empty means that the city does not know the words."""

    kind: Literal["area", "postcode"]
    ids: frozenset[int]


def area_filters(index: Index, home: frozenset[str], words: Sequence[str]) -> list[AreaFilter]:
    """A filter for each text that names something; the names of the whole city filter nothing."""
    filters = []
    for text in words:
        key = squashed(text[:80])
        if not key or key in home:
            continue
        if key.isdigit():
            ids = frozenset(i for i, name in enumerate(index.postcodes) if name[:5] == key[:5])
            filters.append(AreaFilter("postcode", ids))
        elif not _cut_home(key, home):
            filters.append(AreaFilter("area", _areas(index, key)))
    return filters


def _cut_home(key: str, home: frozenset[str]) -> bool:
    return len(key) >= _CUT_AT and any(name.startswith(key) for name in home)


def _areas(index: Index, key: str) -> frozenset[int]:
    """The municipality of this name, else those whose name was cut off to it."""
    if key in index.area_keys:
        return frozenset(index.area_keys[key])
    if len(key) < _CUT_AT:
        return frozenset()
    return frozenset(i for name, ids in sorted(index.area_keys.items()) if name.startswith(key) for i in ids)


def checked(index: Index, hit: Hit, filters: Sequence[AreaFilter]) -> Hit:
    """The hit, doubted where it does not lie in what was meant or cannot be held against it."""
    for wanted in filters:
        if not wanted.ids:
            hit = hit.doubted(Reason.AREA_UNKNOWN)
            continue
        own = set(hit.areas if wanted.kind == "area" else hit.postcodes)
        if wanted.kind == "area" and not own and hit.area_text:
            own = set(index.area_keys.get(squashed(hit.area_text), ()))
        if not own:
            hit = hit.doubted(Reason.AREA_UNVERIFIED)
        elif not own & wanted.ids:
            hit = hit.doubted(Reason.AREA_DIFFERS)
    return hit

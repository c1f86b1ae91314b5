"""The terms of a travel-time model by name, so that a saved model can be read by a person.

`network_s` is a column, `priority=2` is 1 where the trip's word is "2", and `priority=2:network_s` is their product.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from redstick.geo.travel.features import Drives
from redstick.geo.travel.trips import Trips

F64 = NDArray[np.float64]

WORD_TRIPS_MIN = 30  # a word that fewer trips carry has no term of its own
WORDS_MAX = 6  # terms for the most frequent words of a kind, the most frequent one being the base
TRIPS_PER_TERM = 25  # fewer trips than this for each term would fit the noise
LINE_TERMS = ("one", "network_s")

# Most telling first: with few trips the last are left out. `*` stands for each word that has a term.
_RANKED = (
    "one", "network_s", "priority=*", "workday_hours", "crow_m", "first_due", "blocks", "unit_kind=*", "left_turns",
    "right_turns", "rival_nearer_s", "priority=*:network_s", "rival_farther_s", "call_type=*", "underway",
    "underway_lead_s", "root_s", "on_scene_before", "many_together", "unit_kind=*:network_s", "hour_cos", "hour_sin",
)  # fmt: skip

_COLUMNS: dict[str, Callable[[Trips, Drives], F64]] = {
    "one": lambda _, d: np.ones(len(d)),
    "network_s": lambda _, d: d.network_s,
    "root_s": lambda _, d: np.sqrt(np.maximum(d.network_s, 0)),
    "crow_m": lambda _, d: d.crow_m,
    "blocks": lambda _, d: d.blocks,
    "left_turns": lambda _, d: d.left_turns,
    "right_turns": lambda _, d: d.right_turns,
    "rival_nearer_s": lambda _, d: _lead_s(d).clip(0, 600),
    "rival_farther_s": lambda _, d: _lead_s(d).clip(-300, 0),
    "first_due": lambda t, _: t.first_due.astype(float),
    "underway": lambda _, d: np.isfinite(d.underway_s).astype(float),
    "underway_lead_s": lambda _, d: np.nan_to_num(d.network_s - d.underway_s, nan=0.0),
    "on_scene_before": lambda t, _: (t.on_scene_before > 0).astype(float),
    "many_together": lambda t, _: (t.sent_together > 3).astype(float),
    "workday_hours": lambda t, _: _workday_hours(t),
    "hour_cos": lambda t, _: np.cos(t.local_hour * np.pi / 12),
    "hour_sin": lambda t, _: np.sin(t.local_hour * np.pi / 12),
}


def choose_terms(trips: Trips) -> tuple[str, ...]:
    """The terms that a record of this size bears; ties between words are broken by the word."""
    words = {kind: _words(getattr(trips, kind).tolist()) for kind in ("priority", "unit_kind", "call_type")}
    chosen: list[str] = []
    for ranked in _RANKED:
        kind, star, rest = ranked.partition("=*")
        chosen += [f"{kind}={word}{rest}" for word in words[kind]] if star else [ranked]
    return tuple(chosen[: max(len(trips) // TRIPS_PER_TERM, len(LINE_TERMS))])


def table_of(trips: Trips, drives: Drives, terms: Sequence[str]) -> F64:
    """(n, k) values of the terms. Raises KeyError for a term that is not known."""
    columns = [np.prod([_factor(trips, drives, name) for name in _factors(term)], axis=0) for term in terms]
    return np.stack(columns, axis=1)


def _factors(term: str) -> list[str]:
    """The word itself may hold a colon; only a known column after the last one is a factor."""
    head, colon, tail = term.rpartition(":")
    return [head, tail] if colon and tail in _COLUMNS else [term]


def _factor(trips: Trips, drives: Drives, name: str) -> F64:
    if name in _COLUMNS:
        return _COLUMNS[name](trips, drives)
    kind, equals, word = name.partition("=")
    if not equals or kind not in {"priority", "unit_kind", "call_type"}:
        raise KeyError(f"unknown term {name!r}")
    found: F64 = (getattr(trips, kind) == word).astype(np.float64)
    return found


def _words(words: list[str]) -> list[str]:
    ranked = sorted(Counter(words).items(), key=lambda item: (-item[1], item[0]))
    return [word for word, count in ranked[1 : WORDS_MAX + 1] if count >= WORD_TRIPS_MIN]


def _lead_s(drives: Drives) -> F64:
    """By how much the nearest free unit of the kind would have been quicker; negative where this one was nearest."""
    lead_s: F64 = np.where(np.isfinite(drives.rival_s), drives.network_s - drives.rival_s, -300.0)
    return lead_s


def _workday_hours(trips: Trips) -> F64:
    hours: F64 = (trips.working_day & (trips.local_hour >= 7) & (trips.local_hour < 19)).astype(np.float64)
    return hours

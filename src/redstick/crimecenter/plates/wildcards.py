"""Whether anything on a hot list would match a read with one character unknown: for measuring how wide that is.

A plate is a number of its folded characters; with one place left out it is a key, so that one sorted array for each
place answers for all reads at once.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from redstick.crimecenter.plates.matching import FOLD, UNREAD, normal

I64 = NDArray[np.int64]

_PLATE = re.compile("[0-9A-Z]{1,10}")  # longer ones would not fit into the number
_NUMBER = np.zeros(256, dtype=np.int64)
_NUMBER[[ord(character) for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"]] = np.arange(1, 37)
_BASE = 37


class WildcardList:
    """Wanted (plate, state) pairs by every key that leaves one character out, with and without their state."""

    def __init__(self, wanted: Sequence[tuple[str, str]]) -> None:
        self._states = {state: number for number, state in enumerate(sorted({state for _, state in wanted}), start=1)}
        self._by_length: dict[int, tuple[list[I64], list[I64]]] = {}
        for length, at in _by_length([plate for plate, _ in wanted]).items():
            codes = _codes([wanted[i][0] for i in at], length)
            states = np.array([self._states[wanted[i][1]] for i in at], dtype=np.int64)
            keys = list(_keys(codes, length))
            with_state = [np.sort(key * (len(self._states) + 1) + states) for key in keys]
            self._by_length[length] = ([np.sort(key) for key in keys], with_state)

    def any_match(self, plates: Sequence[str], states: Sequence[str]) -> NDArray[np.bool_]:
        """For each read whether an entry of its length and state, or of any state where none was read, matches it."""
        out = np.zeros(len(plates), dtype=np.bool_)
        for length, at in _by_length(plates).items():
            if length not in self._by_length:
                continue
            codes = _codes([plates[i] for i in at], length)
            seen = np.array([self._states.get(states[i], 0) for i in at], dtype=np.int64)
            unread = np.array([states[i] == UNREAD for i in at], dtype=np.bool_)
            found = np.zeros(len(at), dtype=np.bool_)
            for key, bare, with_state in zip(_keys(codes, length), *self._by_length[length], strict=True):
                found |= np.where(unread, _holds(bare, key), _holds(with_state, key * (len(self._states) + 1) + seen))
            out[at] = found
        return out


def _by_length(plates: Sequence[str]) -> dict[int, list[int]]:
    """Positions of the plates of each length; what is longer than any plate, or holds another sign, is left out."""
    found: dict[int, list[int]] = {}
    for at, plate in enumerate(plates):
        text = normal(plate)
        if _PLATE.fullmatch(text):
            found.setdefault(len(text), []).append(at)
    return found


def _codes(plates: Sequence[str], length: int) -> I64:
    """(plates, length): the number of each folded character."""
    folded = "".join(map(normal, plates)).translate(FOLD).encode("ascii")
    return _NUMBER[np.frombuffer(folded, np.uint8)].reshape(-1, length)


def _keys(codes: I64, length: int) -> Iterator[I64]:
    """One key for each place left out."""
    powers = _BASE ** np.arange(length, dtype=np.int64)
    whole = codes @ powers
    for place in range(length):
        yield whole - codes[:, place] * powers[place]


def _holds(ordered: I64, keys: I64) -> NDArray[np.bool_]:
    at = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return np.asarray(ordered[at] == keys)

"""Verdicts remembered by the values that decide them."""

from typing import Any

MAX_MEMO_KEY = 8_192  # characters; larger events are as good as unique

Key = tuple[Any, ...]  # texts, None, or tuples of those; never numbers or booleans: 1, True and 1.0 are one key


class Memo:
    """Verdicts in two generations; the keys hold at most twice `budget` characters."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._young: dict[Key, tuple[int, ...]] = {}
        self._old: dict[Key, tuple[int, ...]] = {}

    def get(self, key: Key) -> tuple[int, ...] | None:
        """The verdict on these values, if it is remembered."""
        found = self._young.get(key)
        return found if found is not None else self._old.get(key)

    def put(self, key: Key, verdict: tuple[int, ...]) -> None:
        """Remember a verdict, and forget the older generation when the younger has reached the budget."""
        size = 200 + sum(map(_characters, key))
        if size > MAX_MEMO_KEY or size > self._budget:
            return
        self._used += size
        if self._used > self._budget:
            self._old, self._young, self._used = self._young, {}, size
        self._young[key] = verdict


def _characters(value: Any) -> int:
    if isinstance(value, tuple):
        return sum(map(_characters, value)) + 60
    return len(value) if isinstance(value, str) else 0

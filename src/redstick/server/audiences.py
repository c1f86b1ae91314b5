"""Audiences: rows of committed state, rendered once for each class of people who may see the same of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from redstick.kernel.fold import Fact
from redstick.server.board import Board
from redstick.server.ports import Row

MOST_OWED = 1_000  # rows: what is owed stays small, and so does the pause when it is asked for


class View(Protocol):
    """Keyed rows of committed state. What an audience may not see, its row does not hold."""

    name: str

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """Keys of the rows that a fact may have changed; `states` are those after it."""

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A row as an audience may see it; None when there is none for it."""

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Keys of every live row."""


class Audiences:
    """One board for each audience. Facts mark rows; `publish` renders the marked ones, each once an audience.

    A board that no seat follows is owed its rows: they are rendered once somebody asks, or when they have become many.
    """

    def __init__(self, view: View, audiences: Sequence[str], states: Mapping[str, Any], at: int, now: int) -> None:
        self._view = view
        self.boards = {audience: Board() for audience in audiences}
        self._touched: dict[str, None] = dict.fromkeys(view.keys(states))
        self._owed: dict[str, dict[str, None]] = {audience: {} for audience in audiences}
        self.publish(states, at, now)

    def note(self, states: Mapping[str, Any], facts: Iterable[Fact]) -> None:
        """Mark the rows that facts touched, in the order of the facts."""
        for fact in facts:
            self._touched.update(dict.fromkeys(self._view.touched(states, fact)))

    def publish(self, states: Mapping[str, Any], at: int, now: int, *, followed: bool = False) -> None:
        """Tell every board, or only those that are `followed`, its marked rows as they are at position `at`."""
        touched, self._touched = self._touched, {}
        for audience, board in self.boards.items():
            owed = self._owed[audience]
            owed.update(touched)
            if owed and not (followed and not board.followed and len(owed) < MOST_OWED):
                self._owed[audience] = {}
                self._render(audience, owed, states, at, now)

    def _render(self, audience: str, keys: Iterable[str], states: Mapping[str, Any], at: int, now: int) -> None:
        rows = {key: self._view.row(states, key, audience) for key in keys}
        changed = {key: row for key, row in rows.items() if row is not None}
        self.boards[audience].publish(now, changed, [key for key, row in rows.items() if row is None], at)

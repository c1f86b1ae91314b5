"""Audiences: rows of committed state, rendered once for each class of people who may see the same of them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

from redstick.kernel.fold import Fact
from redstick.server.board import Board
from redstick.server.ports import Row

MOST_OWED = 10_000  # rows of a board that nobody follows; beyond, the oldest are drawn, which have mostly ended
SLICE = 100  # rows that are drawn at a time while nobody may be held up: some 2 ms


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

    A board that no seat follows is owed its rows until somebody asks, and what changes ten times meanwhile is rendered
    once. Whoever asks has them drawn slice by slice (`draw_some`), so that the debt of a quiet board holds nobody up.
    """

    def __init__(self, view: View, audiences: Sequence[str], states: Mapping[str, Any], at: int, now: int) -> None:
        self._view = view
        self.boards = {audience: Board() for audience in audiences}
        self._touched: dict[str, None] = dict.fromkeys(view.keys(states))
        self._owed: dict[str, dict[str, None]] = {audience: {} for audience in audiences}
        self.publish(states, at, now)

    def note(self, states: Mapping[str, Any], facts: Iterable[Fact]) -> None:
        """Mark the rows that facts touched, in the order of the facts."""
        touched = self._touched
        for fact in facts:
            for key in self._view.touched(states, fact):
                touched[key] = None

    def publish(self, states: Mapping[str, Any], at: int, now: int, *, followed: bool = False) -> None:
        """Tell every board, or only those that are `followed`, its marked rows as they are at position `at`."""
        marked = len(self._touched)
        self._owe()
        for audience, board in self.boards.items():
            owed = self._owed[audience]
            if board.followed or not followed:
                self._draw(audience, len(owed), states, at, now)
            elif len(owed) > MOST_OWED:
                self._draw(audience, SLICE + marked, states, at, now)

    def draw_some(self, audience: str, states: Mapping[str, Any], at: int, now: int) -> bool:
        """Draw the next of what a board owes that nobody follows, `SLICE` rows at most; whether it owes more.

        Who follows a board is told of it by `publish` alone: a frame holds for one position, never for half of it.
        """
        if self.boards[audience].followed:
            return False
        self._owe()
        self._draw(audience, SLICE, states, at, now)
        return bool(self._owed[audience])

    def _owe(self) -> None:
        """Marked rows are owed to every board, each behind those that were owed before."""
        touched, self._touched = self._touched, {}
        for owed in self._owed.values():
            owed.update(touched)

    def _draw(self, audience: str, most: int, states: Mapping[str, Any], at: int, now: int) -> None:
        owed = self._owed[audience]
        keys = list(islice(owed, most))
        if not keys:
            return
        for key in keys:
            del owed[key]
        self._render(audience, keys, states, at, now)

    def _render(self, audience: str, keys: Iterable[str], states: Mapping[str, Any], at: int, now: int) -> None:
        rows = {key: self._view.row(states, key, audience) for key in keys}
        changed = {key: row for key, row in rows.items() if row is not None}
        self.boards[audience].publish(now, changed, [key for key, row in rows.items() if row is None], at)

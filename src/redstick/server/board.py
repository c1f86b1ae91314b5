"""The board: rows by key, and what each seat has not seen of them yet."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

import msgspec

from redstick.server.ports import Frame, Row, Snapshot

_encoder = msgspec.json.Encoder()


class Board:
    """A `Feed`. Each change is encoded once, however many seats read it; publishing never waits for any of them."""

    def __init__(self) -> None:
        self._rows: dict[str, msgspec.Raw] = {}
        self._seats: dict[BoardSeat, None] = {}
        self.at, self.now, self.turn = 0, 0, 0

    def publish(self, now: int, changed: Mapping[str, Row], gone: Iterable[str] = (), at: int | None = None) -> None:
        """Rows as they are from now on, and keys that are no more; what did not really change is not told.

        `at` is the feed position from which they hold, never behind the one before; without it changes are counted.
        """
        self.now = now
        rows = {key: msgspec.Raw(_encoder.encode(row)) for key, row in changed.items()}
        rows = {key: row for key, row in rows.items() if self._rows.get(key) != row}
        ended = [key for key in gone if self._rows.pop(key, None) is not None]
        if not rows and not ended:
            return
        self._rows.update(rows)
        self.turn += 1
        self.at = self.at + 1 if at is None else at
        for seat in self._seats:
            seat.take(rows, ended)

    @property
    def followed(self) -> bool:
        """Whether any seat is told of its changes."""
        return bool(self._seats)

    def snapshot(self) -> Snapshot:
        """Every row now."""
        return Snapshot(self.at, self.now, dict(self._rows))

    def subscribe(self) -> tuple[Snapshot, "BoardSeat"]:
        """A snapshot, and a seat that sees every change after it."""
        seat = BoardSeat(self)
        self._seats[seat] = None
        return self.snapshot(), seat

    def subscribe_quietly(self, woken: Callable[[], None]) -> "BoardSeat":
        """A seat that begins behind the snapshot of now, and is told of each change by a call."""
        seat = BoardSeat(self, woken)
        self._seats[seat] = None
        return seat

    def forget(self, seat: "BoardSeat") -> None:
        """Tell a seat nothing more."""
        self._seats.pop(seat, None)


class BoardSeat:
    """What one seat has not seen yet: the newest version of each row, so that a slow seat costs no more memory."""

    def __init__(self, board: Board, woken: Callable[[], None] | None = None) -> None:
        self._woken = woken
        self._board, self._seen, self._turn = board, board.at, board.turn
        self.span = (board.turn, board.turn)  # of the changes in the last frame: the same span, the same rows
        self._rows: dict[str, msgspec.Raw] = {}
        self._gone: dict[str, None] = {}
        self._changed = asyncio.Event()

    def take(self, rows: Mapping[str, msgspec.Raw], gone: Iterable[str]) -> None:
        """Add a change to what is unseen; the later one of a key wins."""
        for key in gone:
            self._rows.pop(key, None)
            self._gone[key] = None
        for key, row in rows.items():
            self._gone.pop(key, None)
            self._rows[key] = row
        self._changed.set()
        if self._woken is not None:
            self._woken()

    async def frame(self, patience_s: float) -> Frame:
        """Everything since the last frame, in one; an empty one when nothing changed within `patience_s`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):  # wait_for would lose a cancellation that comes with the change
                await self._changed.wait()
        return self.cut()

    def cut(self) -> Frame:
        """Everything since the last frame, in one."""
        frame = Frame(self._seen, self._board.at, self._board.now, self._rows, list(self._gone))
        self.span = (self._turn, self._board.turn)
        self._turn = self._board.turn
        self._seen, self._rows, self._gone = self._board.at, {}, {}
        self._changed.clear()
        return frame

    def leave(self) -> None:
        """Read no more."""
        self._board.forget(self)

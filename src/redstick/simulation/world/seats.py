"""Seats: consoles that look on through a node, and are compared with the journal for whatever they showed."""

from random import Random

import msgspec

from redstick.server.board import BoardSeat
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.processes import Process


class Seat:
    """Looks on through one process, and through another when that is gone.

    `seen` has the positions it stood at with the rows it showed there, one in `noted_each`. It looks again after one of
    the `pauses`, in milliseconds; a stalled one does not read at all for a while, and is behind when it does.
    """

    def __init__(
        self,
        name: str,
        audience: str,
        timeline: Timeline,
        random: Random,
        processes: dict[str, Process],
        pauses: tuple[int, ...] = (30, 60, 120, 900),
        noted_each: int = 1,
    ) -> None:
        self.name, self.audience = name, audience
        self.rows: dict[str, msgspec.Raw] = {}
        self.at = 0
        self.seen: list[tuple[int, dict[str, msgspec.Raw]]] = []
        self.went_back = 0
        self._timeline, self._random, self._processes = timeline, random, processes
        self._process: Process | None = None
        self._life = self._stalled_until = self._looks = 0
        self._pauses, self._noted_each = pauses, noted_each
        self._stream: BoardSeat | None = None
        timeline.at(random.randrange(300), self.look)

    def look(self) -> None:
        """Take what is new; begin anew where the process has died or was never there."""
        self._timeline.at(self._timeline.now + self._random.choice(self._pauses), self.look)
        if self._timeline.now < self._stalled_until:
            return
        process = self._process
        if process is None or process.node is None or process.born != self._life or self._random.randrange(40) == 0:
            self._sign_on()
        elif self._stream is not None and process.alive:
            process.board(self.audience)  # where rows are rendered only when somebody looks, somebody looks now
            frame = self._stream.cut()
            if frame.start != self.at or frame.end < self.at:
                self.went_back += 1
            for key in frame.gone:
                self.rows.pop(key, None)
            self.rows.update(frame.rows)
            self._stand(frame.end)

    def stall(self, until: int) -> None:
        """Read nothing until then."""
        self._stalled_until = max(self._stalled_until, until)

    def _sign_on(self) -> None:
        process = self._random.choice(list(self._processes.values()))
        board = process.board(self.audience)
        if board is None or not process.alive or board.at < self.at:
            return  # one that lags behind what was seen already is passed over
        snapshot, stream = board.subscribe()
        self._process, self._life, self._stream = process, process.born, stream
        self.rows = dict(snapshot.rows)
        self._stand(snapshot.at)

    def _stand(self, at: int) -> None:
        self.at = at
        self._looks += 1
        if self._looks % self._noted_each == 0:
            self.seen.append((at, dict(self.rows)))

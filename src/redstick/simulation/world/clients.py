"""Those outside the proving ground: clients that ask until they are told, and seats that look on."""

from random import Random

import msgspec

from redstick.kernel.executor import Lane
from redstick.kernel.ids import make_id
from redstick.kernel.values import Command, Instant, Request
from redstick.server.board import BoardSeat
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.askers import Asker
from redstick.simulation.world.household import EPOCH_MS
from redstick.simulation.world.processes import Process
from redstick.simulation.world.proving import (
    STRANGER,
    Break,
    CloseBox,
    OpenBox,
    Put,
    ReopenBox,
    SetAlarm,
    StopAlarm,
    Transfer,
)

BOXES = 7


class Client(Asker):
    """Asks commands one after the other or several at once, again and again with the same id, until it is told."""

    def plan(
        self, command: Command, at_ms: int, lane: Lane = Lane.ORDINARY, happened_at: Instant | None = None
    ) -> None:
        """Ask a command at a moment."""

        def begin() -> None:
            name = make_id("cmd", EPOCH_MS + self._timeline.now, self._random.getrandbits(64))
            actor = STRANGER if self._random.randrange(30) == 0 else self.name
            self.send(Request(name, command, actor, happened_at), lane)
            if self._random.randrange(12) == 0:  # an impatient hand
                self._ask(name)

        self._timeline.at(at_ms, begin)


class Seat:
    """Looks on through one process, and through another when that is gone. `seen` has every position it stood at."""

    def __init__(
        self, name: str, audience: str, timeline: Timeline, random: Random, processes: dict[str, Process]
    ) -> None:
        self.name, self.audience = name, audience
        self.rows: dict[str, msgspec.Raw] = {}
        self.at = 0
        self.seen: list[tuple[int, dict[str, msgspec.Raw]]] = []
        self.went_back = 0
        self._timeline, self._random, self._processes = timeline, random, processes
        self._process: Process | None = None
        self._life = 0
        self._stream: BoardSeat | None = None
        timeline.at(random.randrange(300), self.look)

    def look(self) -> None:
        """Take what is new; begin anew where the process has died or was never there."""
        self._timeline.at(self._timeline.now + self._random.choice((30, 60, 120, 900)), self.look)
        process = self._process
        if process is None or process.node is None or process.born != self._life or self._random.randrange(40) == 0:
            self._sign_on()
        elif self._stream is not None and process.alive:
            frame = self._stream.cut()
            if frame.start != self.at or frame.end < self.at:
                self.went_back += 1
            for key in frame.gone:
                self.rows.pop(key, None)
            self.rows.update(frame.rows)
            self._stand(frame.end)

    def _sign_on(self) -> None:
        process = self._random.choice(list(self._processes.values()))
        board = process.audiences.boards[self.audience] if process.audiences is not None else None
        if board is None or not process.alive or board.at < self.at:
            return  # one that lags behind what was seen already is passed over
        snapshot, stream = board.subscribe()
        self._process, self._life, self._stream = process, process.born, stream
        self.rows = dict(snapshot.rows)
        self._stand(snapshot.at)

    def _stand(self, at: int) -> None:
        self.at = at
        self.seen.append((at, dict(self.rows)))


def a_command(random: Random, *, fragile: bool = False) -> Command:
    """What a client might ask next; boxes are few, so that commands meet."""
    if fragile:
        return Break()
    box, other = f"box{random.randrange(BOXES)}", f"box{random.randrange(BOXES)}"
    kind = random.choices(
        ("open", "put", "transfer", "alarm", "stop", "close", "reopen"), weights=(8, 46, 18, 10, 3, 7, 8)
    )[0]
    made: dict[str, Command] = {
        "open": OpenBox(box, f"note of {box}"),
        "put": Put(box, random.randrange(-20, 50)),
        "transfer": Transfer(box, other, random.randrange(1, 20)),
        "alarm": SetAlarm(box, random.choice((50, 400, 2_000, 5_000))),
        "stop": StopAlarm(box),
        "close": CloseBox(box),
        "reopen": ReopenBox(box),
    }
    return made[kind]

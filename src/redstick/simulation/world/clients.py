"""Those outside: clients that ask until they are told, and seats that look on."""

from dataclasses import dataclass, field
from random import Random

import msgspec

from redstick.kernel.executor import Lane
from redstick.kernel.ids import make_id
from redstick.kernel.node import Redirect
from redstick.kernel.values import Command, Instant, Outcome, Request
from redstick.server.board import BoardSeat
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.network import Network
from redstick.simulation.world.processes import EPOCH_MS, Process
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
UNDECIDED = {"busy", "command_from_ahead", "ask_again"}  # said without a decision
RETRY_MS = 400


@dataclass
class Asked:
    """A request and everything that was ever said about it, each with the moment."""

    request: Request
    lane: Lane
    told: list[tuple[int, Outcome]] = field(default_factory=list)


class Client:
    """Asks commands one after the other or several at once, again and again with the same id, until it is told."""

    def __init__(
        self, name: str, timeline: Timeline, random: Random, network: Network, processes: dict[str, Process]
    ) -> None:
        self.name = name
        self.asked: dict[str, Asked] = {}
        self._timeline, self._random, self._network, self._processes = timeline, random, network, processes
        self._leader = ""

    def plan(
        self, command: Command, at_ms: int, lane: Lane = Lane.ORDINARY, happened_at: Instant | None = None
    ) -> None:
        """Ask a command at a moment."""

        def begin() -> None:
            name = make_id("cmd", EPOCH_MS + self._timeline.now, self._random.getrandbits(64))
            actor = STRANGER if self._random.randrange(30) == 0 else self.name
            self.asked[name] = Asked(Request(name, command, actor, happened_at), lane)
            self._ask(name)
            if self._random.randrange(12) == 0:  # an impatient hand
                self._ask(name)

        self._timeline.at(at_ms, begin)

    def hear(self, said: Outcome | Redirect) -> None:
        """An outcome, or a hint where to ask."""
        if isinstance(said, Redirect):
            self._leader = said.leader
            return
        asked = self.asked[said.request]
        if said.rejection is not None and said.rejection.code in UNDECIDED:
            return  # asked again when the time comes
        asked.told.append((self._timeline.now, said))

    @property
    def waits(self) -> list[str]:
        """Ids of requests that nobody has answered."""
        return [name for name, asked in self.asked.items() if not asked.told]

    def _ask(self, name: str) -> None:
        asked = self.asked[name]
        if asked.told and self._random.randrange(8):
            return  # told; now and then it asks again all the same, as a lost answer would have it do
        names = list(self._processes)
        target = self._leader if self._leader in names and self._random.randrange(4) else self._random.choice(names)
        process = self._processes[target]
        self._network.send(self.name, target, lambda: process.ask(asked.request, asked.lane))
        if not asked.told:
            self._timeline.at(self._timeline.now + RETRY_MS + self._random.randrange(RETRY_MS), lambda: self._ask(name))


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

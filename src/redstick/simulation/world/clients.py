"""Clients of the proving ground: they ask of it until they are told."""

from random import Random

from redstick.kernel.executor import Lane
from redstick.kernel.ids import make_id
from redstick.kernel.values import Command, Instant, Request
from redstick.simulation.world.askers import Asker
from redstick.simulation.world.household import EPOCH_MS
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

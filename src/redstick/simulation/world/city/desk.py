"""A robot's desk over the simulated network: commands in their order, each asked until its outcome is known.

Its screen is the committed fold of the node that it is connected to. That may lag behind; when the node dies the screen
stands still until another takes the desk on, and a stalled screen stands still for as long as the stall.
"""

from collections.abc import Sequence
from random import Random

import msgspec

from redstick.dispatch.state import Dispatch
from redstick.kernel.executor import Lane
from redstick.kernel.ids import make_id
from redstick.kernel.values import Command, Instant, Outcome, Request
from redstick.simulation.ports import Told, ignore
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.askers import Asked, Asker
from redstick.simulation.world.city.house import domain
from redstick.simulation.world.household import EPOCH_MS
from redstick.simulation.world.network import Network
from redstick.simulation.world.processes import Process

RETRY_MS, AGAIN_EACH = 1_500, 100


class WorldDesk(Asker):
    """Fills the `Desk` of the robots. Whatever was asked is told once, when all of it is known."""

    def __init__(
        self,
        name: str,
        timeline: Timeline,
        random: Random,
        network: Network,
        processes: dict[str, Process],
        owners: dict[str, Asker],
    ) -> None:
        super().__init__(name, timeline, random, network, processes, RETRY_MS, AGAIN_EACH)
        self._screen = Dispatch()
        self._process: Process | None = None
        self._stalled_until = 0
        self._follows: dict[str, tuple[list[Request], list[Outcome], Told]] = {}
        self._owners = owners  # of every request, so that what leaves a node finds its way back
        self._urgent = domain().urgent

    @property
    def state(self) -> Dispatch:
        """The committed fold of the node that this desk is connected to."""
        if self._timeline.now < self._stalled_until:
            return self._screen
        process = self._process
        if process is None or process.node is None or not self._reaches(process):
            self._process = process = self._another()
        if process is not None and process.node is not None:
            self._screen = process.node.executor.committed["dispatch"]
        return self._screen

    def stall(self, until: int) -> None:
        """Read nothing more until then: what is on the screen stays on it."""
        self._screen = msgspec.json.decode(msgspec.json.encode(self.state), type=Dispatch)
        self._stalled_until = until

    def ask(self, now: Instant, actor: str, commands: Sequence[Command], told: Told = ignore) -> None:
        """Ask for each command in its order, the next one when the one before it is known."""
        del now
        self.ask_at(actor, commands, told, None)

    def ask_at(
        self, actor: str, commands: Sequence[Command], told: Told, happened_at: Instant | None, name: str = ""
    ) -> None:
        """As `ask`; of something that happened at another time, and under a name of its own where one is given."""
        moment = EPOCH_MS + self._timeline.now
        names = [name or make_id("cmd", moment, self._random.getrandbits(64)) for _ in commands]
        requests = [Request(key, one, actor, happened_at) for key, one in zip(names, commands, strict=True)]
        self._next(requests, [], told)

    def _next(self, requests: list[Request], outcomes: list[Outcome], told: Told) -> None:
        if not requests:
            told(outcomes)
            return
        first, *rest = requests
        self._follows[first.id] = (rest, outcomes, told)
        self._owners[first.id] = self
        self.send(first, Lane.EMERGENCY if type(first.command) in self._urgent else Lane.ORDINARY)

    def _answered(self, asked: Asked) -> None:
        rest, outcomes, told = self._follows.pop(asked.request.id)
        self._next(rest, [*outcomes, asked.told[0][1]], told)

    def _another(self) -> Process | None:
        alive = [one for one in self._processes.values() if one.node is not None and self._reaches(one)]
        return self._random.choice(alive) if alive else None

    def _reaches(self, process: Process) -> bool:
        cut = self._network.cut
        return max(cut.get(process.name, 0), cut.get(self.name, 0)) <= self._timeline.now

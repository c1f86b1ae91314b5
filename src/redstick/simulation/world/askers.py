"""Those outside who ask: again and again under the same id, of whichever node leads, until an outcome is known."""

from dataclasses import dataclass, field
from random import Random

from redstick.kernel.executor import Lane
from redstick.kernel.node import Redirect
from redstick.kernel.values import Outcome, Request
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.network import Network
from redstick.simulation.world.processes import Process

UNDECIDED = {"busy", "command_from_ahead", "ask_again"}  # said without a decision
RETRY_MS = 400


@dataclass
class Asked:
    """A request and everything that was ever said about it, each with the moment."""

    request: Request
    lane: Lane
    told: list[tuple[int, Outcome]] = field(default_factory=list)
    sent: bool = False


class Asker:
    """Sends requests over the network and keeps what it was told.

    `retry_ms` is the least wait before it asks again; one in `again_each` is asked again though it was told.
    """

    def __init__(
        self,
        name: str,
        timeline: Timeline,
        random: Random,
        network: Network,
        processes: dict[str, Process],
        retry_ms: int = RETRY_MS,
        again_each: int = 8,
    ) -> None:
        self.name = name
        self.asked: dict[str, Asked] = {}
        self._timeline, self._random, self._network, self._processes = timeline, random, network, processes
        self._leader = ""
        self._retry_ms, self._again_each = retry_ms, again_each

    def hear(self, said: Outcome | Redirect) -> None:
        """An outcome, or a hint where to ask."""
        if isinstance(said, Redirect):
            self._leader = said.leader
            return
        asked = self.asked[said.request]
        if said.rejection is not None and said.rejection.code in UNDECIDED:
            return  # asked again when the time comes
        asked.told.append((self._timeline.now, said))
        if len(asked.told) == 1:
            self._answered(asked)

    @property
    def waits(self) -> list[str]:
        """Ids of requests that nobody has answered."""
        return [name for name, asked in self.asked.items() if not asked.told]

    def send(self, request: Request, lane: Lane) -> None:
        """Ask for the first time."""
        self.asked[request.id] = Asked(request, lane)
        self._ask(request.id)

    def _answered(self, asked: Asked) -> None:
        """A request was answered for the first time; whoever waits for that says here what follows."""

    def _ask(self, name: str) -> None:
        asked = self.asked[name]
        if asked.told and self._random.randrange(self._again_each):
            return  # told; now and then it asks again all the same, as a lost answer would have it do
        names = list(self._processes)
        target = self._leader if self._leader in names and self._random.randrange(4) else self._random.choice(names)
        process = self._processes[target]
        asked.sent = True
        self._network.send(self.name, target, lambda: process.ask(asked.request, asked.lane))
        if not asked.told:
            again = self._timeline.now + self._retry_ms + self._random.randrange(self._retry_ms)
            self._timeline.at(again, lambda: self._ask(name))

"""Alert paths: what the house hands over, what a provider makes of it, and what a device says or never says.

The house's side is the real outbox, run by whoever leads. The provider delivers one key once, unless it is faulty; what
it really delivered stands in `delivered`, which is the truth that "alerted" is held against.
"""

from dataclasses import dataclass
from random import Random

from redstick.dispatch.alerting.outbox import Outbox
from redstick.dispatch.alerting.paths import Step
from redstick.dispatch.ports import Handed, Outgoing
from redstick.dispatch.rules.alerts import ReportReceipt
from redstick.kernel.executor import Lane
from redstick.kernel.fold import Fact
from redstick.kernel.node import Standing
from redstick.simulation.ports import ignore
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.city.crews import Crew
from redstick.simulation.world.city.desk import WorldDesk
from redstick.simulation.world.household import EPOCH_MS
from redstick.simulation.world.network import Network
from redstick.simulation.world.processes import Process

POLL_MS, ANSWER_MS = 700, 2_500
PROVIDER = "provider"


@dataclass
class PathFaults:
    """What befalls alerts: percent dropped, doubled and held up, and until when; devices that never say anything."""

    dropped: tuple[int, int] = (0, 0)
    twice: tuple[int, int] = (0, 0)
    late: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        """Nobody is mute yet."""
        self.mute: dict[str, int] = {}


class Provider:
    """Takes messages, delivers them to devices, and reports what it heard of them."""

    def __init__(self, timeline: Timeline, random: Random, desk: WorldDesk, crews: dict[str, Crew]) -> None:
        self.faults = PathFaults()
        self.delivered: dict[str, int] = {}  # keys that a device really has, and when
        self._seen: dict[str, None] = {}
        self._timeline, self._random, self._desk, self._crews = timeline, random, desk, crews

    def take(self, message: Outgoing) -> Handed:
        """Accept a message: it is sent, and no more is known of it yet."""
        if message.key not in self._seen:
            self._seen[message.key] = None
            if not self._happens(self.faults.dropped):
                for _ in range(2 if self._happens(self.faults.twice) else 1):
                    late_ms = self._random.randrange(30_000) if self._happens(self.faults.late) else 0
                    at = self._timeline.now + 300 + self._random.randrange(2_500) + late_ms
                    self._timeline.at(at, lambda: self._deliver(message))
        return Handed(Step.SENT, f"queued {message.key}")

    def _deliver(self, message: Outgoing) -> None:
        unit = message.alert.split("/")[1]
        if self.faults.mute.get(unit, 0) > self._timeline.now:
            return
        self.delivered.setdefault(message.key, self._timeline.now)
        self._crews[unit].hear(message.alert)
        self._report(message, Step.DELIVERED, 200)
        if self._random.random() < 0.3:
            self._report(message, Step.READ, 4_000)

    def _report(self, message: Outgoing, step: Step, after_ms: int) -> None:
        """A receipt on its way back: it may come twice, late, or before an earlier one."""
        told = ReportReceipt(message.incident, message.alert, message.key, step, f"device {step}")
        for _ in range(2 if self._happens(self.faults.twice) else 1):
            late_ms = self._random.randrange(20_000) if self._happens(self.faults.late) else 0
            at = self._timeline.now + after_ms + self._random.randrange(1_500) + late_ms
            self._timeline.at(at, lambda: self._desk.ask_at(PROVIDER, [told], ignore, None))

    def _happens(self, chance: tuple[int, int]) -> bool:
        percent, until = chance
        return until > self._timeline.now and self._random.randrange(100) < percent


class House:
    """What a process does beside its node while it leads: it empties the outbox, begun anew under each epoch."""

    def __init__(self, process: Process, timeline: Timeline, random: Random, network: Network, way: Provider) -> None:
        self._process, self._timeline, self._network, self._provider = process, timeline, network, way
        self._outbox = Outbox()
        self._epoch = 0
        process.noted = self._note
        timeline.at(random.randrange(POLL_MS), self._poll)

    def _note(self, facts: list[Fact]) -> None:
        node = self._process.node
        if node is None or node.standing is not Standing.LEADING or node.epoch != self._epoch:
            return
        self._outbox.note(node.executor.committed, (fact.event for fact in facts), self._now())

    def _poll(self) -> None:
        self._timeline.at(self._timeline.now + POLL_MS, self._poll)
        node = self._process.node
        if node is None or not self._process.alive or node.standing is not Standing.LEADING:
            return
        if node.epoch != self._epoch:
            self._epoch, self._outbox = node.epoch, Outbox()
            self._outbox.begin(node.executor.committed["dispatch"], self._now())
        for message in self._outbox.take(self._now()):
            self._hand_over(message)

    def _hand_over(self, message: Outgoing) -> None:
        """Over the network and back; an answer that does not come leaves it open whether the message arrived."""
        outbox, answers = self._outbox, [False]

        def back(answer: Handed) -> None:
            if not answers[0]:
                answers[0] = True
                self._process.ask(outbox.handed(message, answer, self._now()), Lane.ORDINARY)

        def arrive() -> None:
            answer = self._provider.take(message)
            self._network.send(PROVIDER, self._process.name, lambda: back(answer))

        def missed() -> None:
            if not answers[0]:
                answers[0] = True
                outbox.unreachable(message, self._now())

        self._network.send(self._process.name, PROVIDER, arrive)
        self._timeline.at(self._timeline.now + ANSWER_MS, missed)

    def _now(self) -> int:
        return EPOCH_MS + self._timeline.now

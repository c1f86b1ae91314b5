"""The machines of a run: nodes over their journal, disk and network on one timeline; what breaks them, what heals them.

They run whatever household is given to them. Who asks of them, who looks on and what must hold of the household's own
affairs belongs to the run (`world` for the proving ground, `city` for the living city).
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from redstick.kernel.envelope import Gap, Head, opened
from redstick.kernel.executor import Executor
from redstick.kernel.node import Redirect, Standing
from redstick.kernel.snapshots import Snapshot, read_snapshot, written_snapshot
from redstick.kernel.values import Outcome
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.chain import Problem
from redstick.simulation.world.disk import SimulatedDisk
from redstick.simulation.world.household import Household
from redstick.simulation.world.journals import OwnJournal, SharedJournal
from redstick.simulation.world.network import Network
from redstick.simulation.world.plan import NODES, Fault
from redstick.simulation.world.processes import Process

REST_STEP_MS = 500
Deliver = Callable[[Process, str, Outcome | Redirect], None]


class Machines:
    """`nodes` processes of a household: one on a disk of its own, or three over a shared journal with a lease.

    `deliver` is given what leaves a process, with the id of the request that it answers; it was made durable before, or
    that is a problem.
    """

    def __init__(self, seed: int, nodes: int, household: Household, deliver: Deliver) -> None:
        self.seed, self.household = seed, household
        self.timeline = Timeline(0)
        self.problems: list[Problem] = []
        self.network = Network(self.timeline, self.random("network"))
        self.disk = SimulatedDisk(self.random("disk"))
        self.journal: SharedJournal | OwnJournal = self._own_journal() if nodes == 1 else self._shared_journal()
        self._deliver = deliver
        self.processes = {
            name: Process(name, household, self.timeline, self.random(name), self.journal, self._told)
            for name in NODES[:nodes]
        }
        self._dark_until = 0
        if isinstance(self.journal, OwnJournal):
            self.journal.went_dark = self._went_dark

    def random(self, name: str) -> Random:
        """A source of its own for each part, so that a change in one leaves the others as they were."""
        return Random(f"{self.seed}/{name}")  # noqa: S311  (a seed is to be repeated, not to be secret)

    def stored(self) -> list[bytes]:
        """The journal's lines."""
        return self.journal.lines(0)

    @property
    def gaps(self) -> Sequence[Gap]:
        """Where the chain was broken and went on."""
        return self.journal.journal.gaps

    def leader(self) -> str:
        """Who leads; the first node when nobody does."""
        leading = [
            p.name for p in self.processes.values() if p.node is not None and p.node.standing is Standing.LEADING
        ]
        return leading[-1] if leading else NODES[0]

    def _own_journal(self) -> OwnJournal:
        return OwnJournal(self.timeline, self.random("journal"), self.disk, self.household.segments)

    def _shared_journal(self) -> SharedJournal:
        return SharedJournal(self.timeline, self.network)

    def _told(self, process: Process, said: Outcome | Redirect) -> None:
        """An outcome leaves a node: what it stands on must be durable by now."""
        if isinstance(said, Outcome) and said.position > self.journal.durable.position:
            told = f"{said.request} was told at position {said.position}"
            self.problems.append(Problem("durable_before_told", told))
        overtaken = process.waiting.told(said)
        if overtaken:
            told = f"{said.request} was told before {overtaken}, which is urgent and came earlier"
            self.problems.append(Problem("emergency_first", told))
        self._deliver(process, said.request, said)

    # What must hold of any household

    def fold_problems(self, stored: list[bytes], fresh: "Folded | None" = None) -> Iterator[Problem]:
        """All nodes stand where the journal ends; every fold, from a snapshot or from nothing, is the same bytes.

        `fresh` is the fold from nothing, where it is known already.
        """
        fresh = fresh or self.folded(stored, None)
        for process in self.processes.values():
            node = process.node
            if node is None or node.executor.durable != fresh.head:
                yield Problem("everyone_catches_up", f"{process.name} does not stand at position {len(stored)}")
                continue
            if written_snapshot(node.executor.snapshot()) != fresh.written:
                yield Problem("same_lines_same_fold", f"{process.name} holds another fold than the journal gives")
            if process.lossy_snapshots:
                yield Problem("snapshot_equals_fold", f"a snapshot of {process.name} does not bring back all of it")
            kept = process.kept
            if kept is not None and self.folded(stored, read_snapshot(kept)).written != fresh.written:
                yield Problem("snapshot_equals_fold", f"{process.name}'s snapshot leads to another fold")
        if isinstance(self.journal, SharedJournal) and any(epoch != newest for epoch, newest in self.journal.accepted):
            yield Problem("fencing", "an append of an older epoch was accepted")

    def folded(self, stored: list[bytes], snapshot: Snapshot | None) -> "Folded":
        """What the journal's lines fold to, from nothing or from a snapshot."""
        executor = self.household.executor()
        if snapshot is not None:
            executor.restore(snapshot)
        first = bisect_right(stored, executor.durable.position, key=lambda line: opened(line).position)
        if self.gaps:
            executor.refold(stored[first:], self.gaps)  # it may end behind a break
        else:
            deque(executor.follow(stored[first:]), maxlen=0)
        return Folded(executor, executor.durable, written_snapshot(executor.snapshot()))

    # Faults

    def befall(self, fault: Fault) -> None:
        """Let a fault of machines happen now."""
        until = self.timeline.now + fault.for_ms
        process = self.processes.get(self.leader() if fault.where == "leader" else fault.where)
        match fault.kind:
            case "kill" if process is not None:
                self._die(process, until)
            case "part":
                self.network.cut[process.name if process is not None else fault.where] = until
            case "loss":
                self.network.loss = (fault.amount, until)
            case "twice":
                self.network.twice = (fault.amount, until)
            case "slow" if isinstance(self.journal, OwnJournal):
                self.journal.slow_until = until
            case "slow":
                self.network.slow[process.name if process is not None else fault.where] = (fault.amount, until)
            case "pause" if process is not None:
                process.paused_until = until
            case "clock" if process is not None:
                process.clock_offset_ms += fault.amount
            case _ if process is not None:
                self._disk_fault(fault, process, until)

    def _disk_fault(self, fault: Fault, process: Process, until: int) -> None:
        faults = self.disk.faults
        match fault.kind:
            case "power":
                self._power_off(process, until)
            case "dark":  # power is lost so many changes from now: before, inside or after a write
                self._dark_until = until
                self.disk.lose_power_in(fault.amount)
            case "sync_fails":
                faults.sync_fails = 0.5
                self.timeline.at(until, lambda: setattr(faults, "sync_fails", 0.0))
            case "lies":
                faults.sync_lies = 0.5
                self.timeline.at(until, lambda: setattr(faults, "sync_lies", 0.0))
            case "full":
                faults.capacity = sum(map(len, self.disk.contents().values())) + fault.amount
                self.timeline.at(until, lambda: setattr(faults, "capacity", None))
            case "flip":
                self._die(process, until)
                if any(data.strip(b"\0") for data in self.disk.contents().values()):
                    self.disk.flip()

    def _went_dark(self) -> None:
        """Power was lost inside an operation of the only node."""
        self._power_off(self.processes[NODES[0]], max(self._dark_until, self.timeline.now + 1))

    def _power_off(self, process: Process, until: int) -> None:
        process.kill()
        self.disk.crash()
        self.timeline.at(until, process.start)

    def _die(self, process: Process, until: int) -> None:
        process.kill()
        self.timeline.at(until, process.start)

    def heal(self) -> None:
        """From now on nothing breaks: clocks agree, what is dead is started, what was cut off is joined."""
        self.network.cut.clear()
        self.network.slow.clear()
        self.network.loss = self.network.twice = (0, 0)
        self.disk.lose_power_in(None)
        self.disk.faults.sync_fails = self.disk.faults.sync_lies = 0.0
        self.disk.faults.capacity = None
        ahead = max(0, *(process.clock_offset_ms for process in self.processes.values()))
        for process in self.processes.values():
            process.clock_offset_ms, process.paused_until = ahead, 0
            process.start()

    def come_to_rest(self, most_ms: int) -> None:
        """Let time pass until every node stands where the journal ends; a node that never does is then seen."""
        until = self.timeline.now + most_ms
        while self.timeline.now < until:
            end = self.journal.durable
            nodes = [process.node for process in self.processes.values()]
            if all(node is not None and node.executor.durable == end for node in nodes):
                return
            self.timeline.run_until(self.timeline.now + REST_STEP_MS)


@dataclass(frozen=True)
class Folded:
    """A fold of the whole journal: who holds it, where it stands, and its bytes."""

    executor: Executor
    head: Head
    written: bytes

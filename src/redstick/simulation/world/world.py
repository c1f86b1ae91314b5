"""One run of a plan: build the world, let the faults befall it, let it come right, check everything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from redstick.kernel.envelope import Gap, Head, opened
from redstick.kernel.executor import Executor, Lane
from redstick.kernel.node import Redirect, Standing
from redstick.kernel.snapshots import Snapshot, read_snapshot, written_snapshot
from redstick.kernel.values import Outcome
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.chain import Problem
from redstick.simulation.world.checkers import liveness_problems, problems_of
from redstick.simulation.world.clients import BOXES, Client, Seat, a_command
from redstick.simulation.world.disk import SimulatedDisk
from redstick.simulation.world.journals import OwnJournal, SharedJournal
from redstick.simulation.world.network import Network
from redstick.simulation.world.plan import FAULTS_UNTIL_MS, NODES, Fault, Plan
from redstick.simulation.world.processes import EPOCH_MS, LIMITS, Process
from redstick.simulation.world.proving import AUDIENCES, OpenBox, domain, fragile, guard

CALM_MS = 14_000  # behind the faults: long enough for every retry, lease, alarm and retirement
SNAPSHOTS_EVERY_MS = 2_500


@dataclass
class Result:
    """What a run came to."""

    plan: Plan
    head: Head
    lines: int
    virtual_ms: int
    problems: list[Problem] = field(default_factory=list)


def run(plan: Plan) -> Result:
    """Live one plan through and check it. The same plan gives the same head on any machine, in any order of runs."""
    world = World(plan)
    world.live()
    stored = world.stored()
    gaps = world.journal.journal.gaps
    if any(fault.kind == "lies" for fault in plan.faults):
        problems = [*world.problems, *liveness_problems(stored, gaps, world.clients)]
    else:
        outside = problems_of(stored, gaps, world.clients, world.seats)
        problems = [*world.problems, *outside, *world.fold_problems(stored)]
    head = Head(len(stored), bytes.fromhex(stored[-1][:64].decode())) if stored else Head()
    return Result(plan, head, len(stored), world.timeline.now, problems)


class World:
    """Nodes, their journal, clients and seats on one timeline."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.timeline = Timeline(0)
        self.problems: list[Problem] = []
        self.network = Network(self.timeline, self._random("network"))
        names = NODES[: plan.nodes]
        self.disk = SimulatedDisk(self._random("disk"))
        self.journal: SharedJournal | OwnJournal = (
            OwnJournal(self.timeline, self._random("journal"), self.disk)
            if plan.nodes == 1
            else SharedJournal(self.timeline, self.network)
        )
        self.processes = {
            name: Process(name, self.timeline, self._random(name), self.journal, self._told) for name in names
        }
        self.clients = [
            Client(f"client{i}", self.timeline, self._random(f"client{i}"), self.network, self.processes)
            for i in range(plan.clients)
        ]
        self.seats = [
            Seat(f"seat{i}", AUDIENCES[i % 2], self.timeline, self._random(f"seat{i}"), self.processes)
            for i in range(3)
        ]
        self._dark_until = 0
        if isinstance(self.journal, OwnJournal):
            self.journal.went_dark = self._went_dark
        self._plan_work()

    def live(self) -> None:
        """Let everything happen."""
        for fault in self.plan.faults:
            self.timeline.at(fault.at_ms, partial(self._befall, fault))
        self.timeline.run_until(FAULTS_UNTIL_MS)
        self._heal()
        if isinstance(self.journal, OwnJournal):
            self.timeline.at(FAULTS_UNTIL_MS + CALM_MS // 2, self.journal.scrub)
        self.clients[0].plan(a_command(self._random("last")), FAULTS_UNTIL_MS + CALM_MS // 2 + 100)
        self.timeline.run_until(FAULTS_UNTIL_MS + CALM_MS)

    def stored(self) -> list[bytes]:
        """The journal's lines at the end."""
        return self.journal.lines(0)

    def fold_problems(self, stored: list[bytes]) -> Iterator[Problem]:
        """All nodes stand where the journal ends; every fold, from a snapshot or from nothing, is the same bytes."""
        gaps = self.journal.journal.gaps
        fresh = _folded(stored, gaps, None)
        for process in self.processes.values():
            node = process.node
            if node is None or node.executor.durable != fresh.fold_head:
                yield Problem("everyone_catches_up", f"{process.name} does not stand at position {len(stored)}")
                continue
            if written_snapshot(node.executor.snapshot()) != fresh.written:
                yield Problem("same_lines_same_fold", f"{process.name} holds another fold than the journal gives")
            if process.lossy_snapshots:
                yield Problem("snapshot_equals_fold", f"a snapshot of {process.name} does not bring back all of it")
            kept = process.kept
            if kept is not None and _folded(stored, gaps, read_snapshot(kept)).written != fresh.written:
                yield Problem("snapshot_equals_fold", f"{process.name}'s snapshot leads to another fold")
        if isinstance(self.journal, SharedJournal) and any(epoch != newest for epoch, newest in self.journal.accepted):
            yield Problem("fencing", "an append of an older epoch was accepted")

    # Work

    def _plan_work(self) -> None:
        random = self._random("work")
        for box in range(0, BOXES, 2):
            self.clients[0].plan(OpenBox(f"box{box}", f"note of box{box}"), random.randrange(400))
        moments = [fault.at_ms for fault in self.plan.faults] or [FAULTS_UNTIL_MS // 2]
        for _ in range(self.plan.commands):
            client = random.choice(self.clients)
            at_ms = random.randrange(400, FAULTS_UNTIL_MS + 2_000)
            if random.randrange(3) == 0:  # most of what goes wrong goes wrong around a fault
                at_ms = max(400, random.choice(moments) + random.randrange(-150, 150))
            lane = Lane.EMERGENCY if random.randrange(10) == 0 else Lane.ORDINARY
            happened_at = EPOCH_MS + at_ms - 3_600_000 if random.randrange(8) == 0 else None
            client.plan(a_command(random), at_ms, lane, happened_at)
        at_ms = 0
        while at_ms < FAULTS_UNTIL_MS + CALM_MS - 2_000:
            at_ms += random.randrange(2 * SNAPSHOTS_EVERY_MS)
            process = random.choice(list(self.processes.values()))
            self.timeline.at(at_ms, process.keep_snapshot)

    def _told(self, process: Process, said: Outcome | Redirect) -> None:
        """An outcome leaves a node: what it stands on must be durable by now."""
        if isinstance(said, Redirect):
            client = self._client_of(said.request)
        else:
            client = self._client_of(said.request)
            if said.position > self.journal.durable.position:
                self.problems.append(
                    Problem("durable_before_told", f"{said.request} was told at position {said.position}")
                )
        if client is not None:
            self.network.send(process.name, client.name, lambda: client.hear(said))

    def _client_of(self, request: str) -> Client | None:
        return next((client for client in self.clients if request in client.asked), None)

    # Faults

    def _befall(self, fault: Fault) -> None:
        until = self.timeline.now + fault.for_ms
        process = self.processes.get(self._leader() if fault.where == "leader" else fault.where)
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
            case "fragile":
                self.clients[0].plan(a_command(self._random("fragile"), fragile=True), self.timeline.now)
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

    def _leader(self) -> str:
        leading = [
            p.name for p in self.processes.values() if p.node is not None and p.node.standing is Standing.LEADING
        ]
        return leading[-1] if leading else NODES[0]

    def _die(self, process: Process, until: int) -> None:
        process.kill()
        self.timeline.at(until, process.start)

    def _heal(self) -> None:
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

    def _random(self, name: str) -> Random:
        """A source of its own for each part, so that a change in one leaves the others as they were."""
        return Random(f"{self.plan.seed}/{name}")  # noqa: S311  (a seed is to be repeated, not to be secret)


@dataclass(frozen=True)
class _Folded:
    fold_head: Head
    written: bytes


def _folded(stored: list[bytes], gaps: Sequence[Gap], snapshot: Snapshot | None) -> _Folded:
    executor = Executor([domain, fragile], LIMITS, guard)
    if snapshot is not None:
        executor.restore(snapshot)
    executor.refold([line for line in stored if opened(line).position > executor.durable.position], gaps)
    return _Folded(executor.durable, written_snapshot(executor.snapshot()))

"""One run of a plan over the proving ground: let the faults befall it, let it come right, check everything."""

from dataclasses import dataclass, field
from functools import partial

from redstick.kernel.envelope import Head
from redstick.kernel.executor import Lane
from redstick.kernel.node import Redirect
from redstick.kernel.values import Outcome
from redstick.simulation.world.chain import Problem
from redstick.simulation.world.checkers import liveness_problems, problems_of
from redstick.simulation.world.clients import BOXES, Client, a_command
from redstick.simulation.world.household import EPOCH_MS, Household
from redstick.simulation.world.journals import OwnJournal
from redstick.simulation.world.machines import Machines
from redstick.simulation.world.plan import FAULTS_UNTIL_MS, Fault, Plan
from redstick.simulation.world.processes import Process
from redstick.simulation.world.proving import AUDIENCES, BoxView, OpenBox, domain, fragile, guard
from redstick.simulation.world.seats import Seat

CALM_MS = 14_000  # behind the faults: long enough for every retry, lease, alarm and retirement
SNAPSHOTS_EVERY_MS = 2_500
PROVING = Household([domain, fragile], guard, BoxView(), AUDIENCES)


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
    machines = world.machines
    stored, gaps = machines.stored(), machines.gaps
    if any(fault.kind == "lies" for fault in plan.faults):
        problems = [*machines.problems, *liveness_problems(stored, gaps, world.clients)]
    else:
        outside = problems_of(stored, gaps, world.clients, world.seats)
        problems = [*machines.problems, *outside, *machines.fold_problems(stored)]
    head = Head(len(stored), bytes.fromhex(stored[-1][:64].decode())) if stored else Head()
    return Result(plan, head, len(stored), machines.timeline.now, problems)


class World:
    """The proving ground on its machines, with clients that ask of it and seats that look on."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.machines = Machines(plan.seed, plan.nodes, PROVING, self._deliver)
        self.timeline, self._random = self.machines.timeline, self.machines.random
        network, processes = self.machines.network, self.machines.processes
        self.clients = [
            Client(f"client{i}", self.timeline, self._random(f"client{i}"), network, processes)
            for i in range(plan.clients)
        ]
        self.seats = [
            Seat(f"seat{i}", AUDIENCES[i % 2], self.timeline, self._random(f"seat{i}"), processes) for i in range(3)
        ]
        self._plan_work()

    def live(self) -> None:
        """Let everything happen."""
        for fault in self.plan.faults:
            self.timeline.at(fault.at_ms, partial(self._befall, fault))
        self.timeline.run_until(FAULTS_UNTIL_MS)
        self.machines.heal()
        if isinstance(self.machines.journal, OwnJournal):
            self.timeline.at(FAULTS_UNTIL_MS + CALM_MS // 2, self.machines.journal.scrub)
        self.clients[0].plan(a_command(self._random("last")), FAULTS_UNTIL_MS + CALM_MS // 2 + 100)
        self.timeline.run_until(FAULTS_UNTIL_MS + CALM_MS)

    def _befall(self, fault: Fault) -> None:
        if fault.kind == "fragile":
            self.clients[0].plan(a_command(self._random("fragile"), fragile=True), self.timeline.now)
        else:
            self.machines.befall(fault)

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
            process = random.choice(list(self.machines.processes.values()))
            self.timeline.at(at_ms, process.keep_snapshot)

    def _deliver(self, process: Process, request: str, said: Outcome | Redirect) -> None:
        client = next((client for client in self.clients if request in client.asked), None)
        if client is not None:
            self.machines.network.send(process.name, client.name, lambda: client.hear(said))

"""A night of the whole living city, roads and all, on machines that fail.

Its robots are those of the demo and of training; nothing is known to them of networks and nodes. What they hear is the
committed journal, each event once and in order, from whichever node had it first.
"""

from functools import lru_cache, partial

from redstick.dispatch.reads.seats import FLOOR
from redstick.geo.routing import EdgeRouter, open_router
from redstick.kernel.fold import Fact
from redstick.kernel.node import Redirect
from redstick.kernel.values import Event, Outcome
from redstick.simulation import city as living
from redstick.simulation.parish import Parish, generate
from redstick.simulation.world.askers import Asker
from redstick.simulation.world.city.desk import WorldDesk
from redstick.simulation.world.city.house import city
from redstick.simulation.world.city.plan import BEGINS_MS, CALM_MS, FAULTS_UNTIL_MS, REST_MS, CityPlan
from redstick.simulation.world.household import EPOCH_MS
from redstick.simulation.world.journals import OwnJournal
from redstick.simulation.world.machines import Machines
from redstick.simulation.world.processes import Process
from redstick.simulation.world.seats import Seat

STEP_MS = 100  # how finely the city's own clock follows that of the machines
HEARD_AFTER_MS = 15
PARISH_SEED = 7
WAYS = living.Ways(staffing=living.Staffing(call_takers=3), habits=living.Habits(calls_a_day=4_800))


@lru_cache(maxsize=1)
def _ground() -> tuple[Parish, EdgeRouter]:
    """The small parish and its roads: the same for every night, so made once in a process."""
    parish = generate(PARISH_SEED)
    return parish, open_router(parish.city.roads)


class ParishNight:
    """The parish on the machines of a plan."""

    def __init__(self, plan: CityPlan) -> None:
        self.plan = plan
        self.askers: dict[str, Asker] = {}
        self.machines = Machines(plan.seed, plan.nodes, city(), self._deliver)
        self.timeline = self.machines.timeline
        random, processes = self.machines.random, self.machines.processes
        self.desk = WorldDesk("desk", self.timeline, random("desk"), self.machines.network, processes, self.askers)
        pauses = (2_000, 5_000, 11_000)
        self.watcher = Seat("watcher", FLOOR, self.timeline, random("watcher"), processes, pauses, noted_each=16)
        self._heard, self._over = 0, False
        for process in processes.values():
            process.noted = self._note
        self.timeline.at(BEGINS_MS // 2, self._begin)

    @property
    def desks(self) -> list[WorldDesk]:
        """All robots share one, which keeps what each asks in its order."""
        return [self.desk]

    def live(self) -> None:
        """Faults first, then time in which nothing breaks."""
        for fault in self.plan.faults:
            self.timeline.at(fault.at_ms, partial(self.machines.befall, fault))
        self.timeline.run_until(FAULTS_UNTIL_MS)
        self.machines.heal()
        if isinstance(self.machines.journal, OwnJournal):
            self.timeline.at(FAULTS_UNTIL_MS + CALM_MS // 2, self.machines.journal.scrub)
        self.timeline.run_until(FAULTS_UNTIL_MS + CALM_MS)
        self._over = True
        self.machines.come_to_rest(REST_MS)

    def _begin(self) -> None:
        parish, router = _ground()
        start = EPOCH_MS + self.timeline.now
        self._life = living.begin(parish, self.plan.seed, start=start, desk=self._sat_at, router=router, ways=WAYS)
        self.timeline.at(self.timeline.now + STEP_MS, self._step)

    def _sat_at(self, hear: living.Hear) -> WorldDesk:
        """The robots' desk. It tells them nothing of what is committed: they hear that from the nodes."""
        del hear
        return self.desk

    def _step(self) -> None:
        if self._over:
            return
        self._life.advance(EPOCH_MS + self.timeline.now)
        self.timeline.at(self.timeline.now + STEP_MS, self._step)

    def _note(self, facts: list[Fact]) -> None:
        """Facts are durable and folded at a node: those that nobody has heard yet are told to the city."""
        fresh = [fact for fact in facts if fact.envelope.position > self._heard]
        if fresh:
            self._heard = fresh[-1].envelope.position
            events = [fact.event for fact in fresh]
            self.timeline.at(self.timeline.now + HEARD_AFTER_MS, lambda: self._tell(events))

    def _tell(self, events: list[Event]) -> None:
        if self.timeline.now > BEGINS_MS // 2 and not self._over:
            self._life.advance(EPOCH_MS + self.timeline.now)
            self._life.hear(events)

    def _deliver(self, process: Process, request: str, said: Outcome | Redirect) -> None:
        asker = self.askers.get(request)
        if asker is not None:
            self.machines.network.send(process.name, asker.name, lambda: asker.hear(said))

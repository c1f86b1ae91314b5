"""One night: the town with its robots on the machines of a world, and all that befalls it."""

from collections.abc import Sequence
from functools import partial

from redstick.dispatch.alerting.paths import Path, PathKind
from redstick.dispatch.reads.seats import FLOOR
from redstick.dispatch.rules.calls import CallState
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit
from redstick.kernel.node import Redirect
from redstick.kernel.values import Command, Outcome
from redstick.simulation.world.askers import Asker
from redstick.simulation.world.city.avl import LIES, Avl
from redstick.simulation.world.city.crews import Around, Crew, Device
from redstick.simulation.world.city.desk import WorldDesk
from redstick.simulation.world.city.dispatchers import Dispatcher
from redstick.simulation.world.city.ground import GROUPS, SEATS, Point, roster
from redstick.simulation.world.city.house import city
from redstick.simulation.world.city.paths import House, Provider
from redstick.simulation.world.city.plan import BEGINS_MS, CALM_AT_MOST_MS, CALM_MS, FAULTS_UNTIL_MS, REST_MS, CityPlan
from redstick.simulation.world.city.robots import Robot, Town
from redstick.simulation.world.city.takers import Taker
from redstick.simulation.world.city.telephone import Telephone
from redstick.simulation.world.journals import OwnJournal
from redstick.simulation.world.machines import Machines
from redstick.simulation.world.plan import Fault
from redstick.simulation.world.processes import Process
from redstick.simulation.world.seats import Seat

CALLS_UNTIL_MS = FAULTS_UNTIL_MS - 20_000
WATCHER_PAUSES_MS, WATCHER_NOTED_EACH = (2_000, 5_000, 11_000), 16
PATHS = {
    "ENGINE": (PathKind.STATION, PathKind.MOBILE), "MEDIC": (PathKind.PAGER, PathKind.MOBILE),
    "PATROL": (PathKind.MOBILE,),
}  # fmt: skip
PATH_WAIT_MS = 12_000
EMPTY_AFTER_MS = 12_000


class Night:
    """Everything of a run. `askers` has every request that was ever asked, by its id."""

    def __init__(self, plan: CityPlan) -> None:
        self.plan = plan
        self.askers: dict[str, Asker] = {}
        self.machines = Machines(plan.seed, plan.nodes, city(), self._deliver)
        self.timeline, self._random = self.machines.timeline, self.machines.random
        self._crew_town()
        self._settle()

    def live(self) -> None:
        """Let everything happen: faults first, then time in which nothing breaks."""
        for fault in self.plan.faults:
            self.timeline.at(fault.at_ms, partial(self._befall, fault))
        self.telephone.open(CALLS_UNTIL_MS, self.plan.call_every_ms)
        self.timeline.run_until(FAULTS_UNTIL_MS)
        self.machines.heal()
        if isinstance(self.machines.journal, OwnJournal):
            self.timeline.at(FAULTS_UNTIL_MS + CALM_MS // 2, self.machines.journal.scrub)
        self.timeline.run_until(FAULTS_UNTIL_MS + CALM_MS)
        while self._something_waits() and self.timeline.now < FAULTS_UNTIL_MS + CALM_AT_MOST_MS:
            self.timeline.run_until(self.timeline.now + REST_MS)
        self.machines.come_to_rest(REST_MS)

    def _something_waits(self) -> bool:
        """Whether the city is still at work on what the faults have left: a small fleet takes a while for a storm."""
        state = self._desks[0].state
        return (
            bool(state.callbacks)
            or any(call.state is not CallState.ENDED for call in state.calls.values())
            or any(incident.closed_at is None for incident in state.incidents.values())
            or any(unit.emergency_at is not None or unit.quality not in ("", "fresh") for unit in state.units.values())
            or any(alert.chased for incident in state.incidents.values() for alert in incident.alerts.values())
        )

    @property
    def desks(self) -> Sequence[WorldDesk]:
        """Every desk, in the order of their making."""
        return self._desks

    def _crew_town(self) -> None:
        """Telephone, crews with their devices, paths, receivers, robots at their seats, and one who looks on."""
        self._desks: list[WorldDesk] = []
        self.telephone = Telephone(self.timeline, self._random("telephone"), self._desk("telephone"))
        self.around = Around(self.timeline, Device(), self._claimed)
        self.crews = {
            unit.id: Crew(unit, self.around, self._random(f"crew {unit.id}"), self._desk(f"unit {unit.id}"))
            for unit in roster()
        }
        self.provider = Provider(self.timeline, self._random("provider"), self._desk("provider"), self.crews)
        for process in self.machines.processes.values():
            random = self._random(f"house {process.name}")
            House(process, self.timeline, random, self.machines.network, self.provider)
        self.avl = Avl(self.timeline, self._random("avl"), self._desk("avl"), self.crews)
        town = Town(self.telephone, self.crews)
        self.robots = {name: self._robot(name, town) for name in SEATS}
        processes, random = self.machines.processes, self._random("watcher")
        self.watcher = Seat("watcher", FLOOR, self.timeline, random, processes, WATCHER_PAUSES_MS, WATCHER_NOTED_EACH)

    def _robot(self, seat: str, town: Town) -> Robot:
        kind = Taker if seat.startswith("calls") else Dispatcher
        random = self._random(f"robot {seat}")
        return kind(seat, self.timeline, random, self._desk(seat), town, BEGINS_MS // 2 + random.randrange(3_000))

    def _desk(self, name: str) -> WorldDesk:
        desk = WorldDesk(
            name,
            self.timeline,
            self._random(f"desk {name}"),
            self.machines.network,
            self.machines.processes,
            self.askers,
        )
        self._desks.append(desk)
        return desk

    def _settle(self) -> None:
        """Groups, units and how each is reached are set up; then everybody comes on duty."""
        asked: list[Command] = [
            DefineGroup(name, list(agencies), supervises=name == "supervisors") for name, agencies in GROUPS.items()
        ]
        for unit in roster():
            paths = [Path(kind, f"{kind}:{unit.id}", wait_ms=PATH_WAIT_MS) for kind in PATHS[unit.kind]]
            asked += [EnrollUnit(unit.id, unit.kind, unit.agency), EnrollRecipient(f"of {unit.id}", unit.id, paths)]

        def settled(outcomes: list[Outcome]) -> None:
            del outcomes
            for crew in self.crews.values():
                crew.begin()

        self.timeline.at(100, lambda: self._desk("roster").ask(0, "roster", asked, settled))

    def _claimed(self, unit: str, here: Point) -> Point:
        return self.avl.claimed(unit, here)

    def _deliver(self, process: Process, request: str, said: Outcome | Redirect) -> None:
        asker = self.askers.get(request)
        if asker is not None:
            self.machines.network.send(process.name, asker.name, lambda: asker.hear(said))

    # Faults

    def _befall(self, fault: Fault) -> None:
        until = self.timeline.now + fault.for_ms
        share = (fault.amount, until)
        device, paths = self.around.device, self.provider.faults
        match fault.kind:
            case "avl":
                self.avl.lie(fault.where, LIES[fault.amount], until)
            case "status_lost":
                device.lost = share
            case "status_late":
                device.late = share
            case "status_twice":
                device.twice = share
            case "stall":
                self.robots[fault.where].desk.stall(until)
                self.watcher.stall(until)
            case "mute":
                paths.mute[fault.where] = until
            case "alert_drop":
                paths.dropped = share
            case "alert_twice":
                paths.twice = share
            case "alert_late":
                paths.late = share
            case "storm":
                self.telephone.storm(fault.amount, fault.for_ms)
            case "away":
                self.robots[fault.where].vanish(until)
            case "sign_off":
                self.robots[fault.where].sign_off(until)
            case "button":
                self.crews[fault.where].press_button()
            case "empty":
                self._empty_the_floor(fault.where, until)
            case _:
                self.machines.befall(fault)

    def _empty_the_floor(self, unit: str, until: int) -> None:
        """No path delivers, then nobody sits at any dispatch seat, and just then a responder is in danger."""
        self.provider.faults.dropped = (100, until)
        seats = [robot for seat, robot in self.robots.items() if not seat.startswith("calls")]
        for robot in seats:
            self.timeline.at(self.timeline.now + EMPTY_AFTER_MS, partial(robot.vanish, until))
        self.timeline.at(self.timeline.now + EMPTY_AFTER_MS + 4_000, self.crews[unit].press_button)

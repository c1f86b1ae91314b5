"""A living city: callers call, robots answer and send, crews drive; every act through the commands of dispatch."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

import shapely

from redstick.bootstrap import open_in_memory
from redstick.dispatch.alerting.paths import Path, PathKind
from redstick.dispatch.rules.accountability import RollOpened
from redstick.dispatch.rules.assignments import AssignmentEnded
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.incidents import IncidentMoved
from redstick.dispatch.rules.links import AssignmentMoved
from redstick.dispatch.rules.plans import ActivatePlanUnseen, DraftPlan
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.seats import SeatSignedOn
from redstick.dispatch.rules.units import EnrollUnit, StatusReported
from redstick.dispatch.state import Dispatch
from redstick.geo.city import City, Unit
from redstick.geo.routing import Course, EdgeRouter, Point, open_router
from redstick.geo.zones import zone_shape
from redstick.kernel.values import Command, Event, Instant
from redstick.simulation.city.arrivals.callers import HOUR_MS, Callers, Habits
from redstick.simulation.city.arrivals.grounds import Grounds
from redstick.simulation.city.arrivals.telephone import Calls, Telephone
from redstick.simulation.city.dice import Dice
from redstick.simulation.city.floor import Clockwork, DeskFactory, Floor, Hear
from redstick.simulation.city.plans import CityPlans
from redstick.simulation.city.roads import CityRoads
from redstick.simulation.city.robots.call_takers import GROUP, CallTakers
from redstick.simulation.city.robots.crews import SEAT_OF_UNIT, Crew, Hospital, Manners, World
from redstick.simulation.city.robots.devices import Devices
from redstick.simulation.city.robots.dispatchers import Dispatchers
from redstick.simulation.city.robots.seat import Seat
from redstick.simulation.city.scenarios import SCENARIOS, Scenario
from redstick.simulation.desk import JournaledDesk
from redstick.simulation.parish import Parish
from redstick.simulation.parish.response_plan import VERSION, response_plan
from redstick.simulation.ports import Desk

DAY_MS = 24 * HOUR_MS
SEVERE = ("Cardiac arrest", "Chest pain", "Stroke symptoms", "Crash with injuries", "Pile-up")
NOT_FOR = {"Women and Children's Pavilion": SEVERE, "Eastbank Emergency Center": SEVERE[2:]}
SUPERVISORS = "supervisors"
CORNERS_OF_A_ROUND = 7
ROSTER = "roster"


@dataclass(frozen=True)
class Staffing:
    """Who is on: seats at the telephones, and the groups of incidents of each dispatch seat."""

    call_takers: int = 7
    dispatch: tuple[tuple[str, ...], ...] = (("police", "traffic"), ("ems",), ("fire",))


@dataclass(frozen=True)
class Ways:
    """How the city is beside its seed. `recorded`: every recommendation is kept in the journal with its reasons."""

    staffing: Staffing = field(default_factory=Staffing)
    habits: Habits = field(default_factory=Habits)
    manners: Manners = field(default_factory=Manners)
    recorded: bool = True


class Life:
    """The city from `start` on. `advance` moves its time; the journal behind the desk tells what happened.

    Positions are read from `crews`; what callers say from `telephone`. A desk that does not share this process's clock
    is advanced by its owner: then `hear` must be called with every committed event as it becomes visible, at a virtual
    time that has been reached by `advance`.
    """

    def __init__(
        self, parish: Parish, router: EdgeRouter, seed: int, scenario: Scenario, start: Instant, ways: Ways,
        recorded: Calls | None = None,
    ) -> None:  # fmt: skip
        self.parish, self.scenario, self.ways = parish, scenario, ways
        self.floor = Floor(start, seed)
        city = parish.city
        self.roads, self.plans = CityRoads(router), CityPlans(city, scenario.flags)
        callers = recorded or Callers(Grounds(city), ZoneInfo(city.time_zone), seed, scenario, start, ways.habits)
        local = datetime.fromtimestamp(start / 1000, UTC).astimezone(ZoneInfo(city.time_zone))
        self.telephone = Telephone(self.floor, callers, seed, local.hour)
        world = World(self.floor, self.roads, _hospitals(parish), ways.manners, self._working)
        self.crews = _crews(city, world, self.roads, seed)
        self.devices = Devices(self.floor, self.crews, seed)
        stations = {station.id: (station.x, station.y) for station in city.stations}
        groups = [list(own) for own in ways.staffing.dispatch]
        self.call_takers = CallTakers(self.floor, self.telephone, self.plans, ways.staffing.call_takers, seed)
        self.dispatchers = Dispatchers(
            self.floor, self.roads, self.plans, self.crews, stations, groups, seed, recorded=ways.recorded
        )
        self.supervisor = Seat(self.floor, "supervisor", [SUPERVISORS], lambda _: None)
        self._tell_crews()

    @property
    def now(self) -> Instant:
        """The virtual moment."""
        return self.floor.now

    @property
    def seats(self) -> list[Seat]:
        """Every seat that a robot holds while no person does."""
        return [*self.call_takers.seats, *self.dispatchers.seats, self.supervisor]

    @property
    def state(self) -> Dispatch:
        """Dispatch as the desk sees it."""
        return self.floor.state

    def hear(self, events: Iterable[Event]) -> None:
        """Committed events have become visible."""
        self.floor.hear(events)

    def begin(self, desk: Desk) -> None:
        """Sit down at a desk: enrol what it does not know yet, sign on, and go on duty."""
        self.floor.sit(desk)
        self.floor.ask(ROSTER, self._set_up())
        for seat in self.seats:
            seat.sit()
        for crew in self.crews.values():
            crew.on_duty()

    def look(self) -> None:
        """Find from the state alone what is to be done: after a start on a journal, or when events were missed."""
        self.call_takers.look()
        self.dispatchers.look()
        for name, crew in self.crews.items():
            unit = self.state.units.get(name)
            if unit is not None:
                crew.look(unit.work)

    def advance(self, moment: Instant) -> None:
        """Live up to `moment`. The same life comes of one step and of thousands."""
        timeline, desk = self.floor.timeline, self.floor.desk
        clock = desk if isinstance(desk, Clockwork) else None
        while True:
            act_at, due_at = timeline.next(), clock.next_due() if clock is not None else None
            if clock is not None and due_at is not None and due_at <= moment and (act_at is None or due_at <= act_at):
                timeline.reach(due_at)
                if clock.tick(timeline.now):
                    continue
            if act_at is None or act_at > moment:
                break
            timeline.run_until(act_at)
        timeline.reach(moment)

    def _set_up(self) -> list[Command]:
        enrolled: list[Command] = [
            EnrollUnit(unit.id, unit.kind, unit.agency, unit.station, list(unit.capabilities))
            for unit in self.parish.city.units
        ]
        groups = sorted({group for own in self.ways.staffing.dispatch for group in own})
        enrolled += [DefineGroup(group, [group]) for group in groups]
        enrolled += [DefineGroup(GROUP, [GROUP]), DefineGroup(SUPERVISORS, supervises=True)]
        enrolled += [EnrollRecipient(f"crew of {unit.id}", unit.id, _paths(unit)) for unit in self.parish.city.units]
        why = "the plan that this parish begins with"
        enrolled += [DraftPlan(response_plan(self.parish.city), "Plans officer"),
                     ActivatePlanUnseen(VERSION, "Plans officer", why)]  # fmt: skip
        return enrolled

    def _working(self, incident: str) -> None:
        self.dispatchers.working(incident)

    def _tell_crews(self) -> None:
        """What crews hear of by radio."""
        crews, floor = self.crews, self.floor

        def ended(happened: AssignmentEnded) -> None:
            if happened.unit in crews:
                floor.later(0, lambda: crews[happened.unit].called_off(happened.incident, happened.ending))

        def taken_along(happened: AssignmentMoved) -> None:
            if happened.unit in crews:
                crews[happened.unit].goes_on_as(happened.before, happened.incident)

        def moved(happened: IncidentMoved) -> None:
            known = floor.state.incidents.get(happened.incident)
            for unit in known.assignments if known is not None else ():
                if unit in crews:
                    floor.later(8_000, partial(crews[unit].moved, happened.incident))

        def asked(happened: RollOpened) -> None:
            for unit in happened.units:
                if unit in crews:
                    crews[unit].roll_call(happened.incident)

        def seated(happened: SeatSignedOn) -> None:
            kind, _, unit = happened.seat.partition(":")
            crew = crews.get(unit) if f"{kind}:" == SEAT_OF_UNIT else None
            if crew is not None:
                floor.later(0, crew.taken_over if crew.held else crew.goes_on)

        def said(happened: StatusReported) -> None:
            crew = crews.get(happened.unit)
            if crew is not None and crew.held:
                floor.later(0, partial(crew.drives_as_said, happened.status, happened.incident))

        for heard, ear in ((AssignmentEnded, ended), (AssignmentMoved, taken_along), (IncidentMoved, moved),
                          (RollOpened, asked), (SeatSignedOn, seated), (StatusReported, said)):  # fmt: skip
            floor.listen(heard, ear)


def begin(
    parish: Parish, seed: int, scenario: str = "ordinary", *, start: Instant, desk: DeskFactory | None = None,
    router: EdgeRouter | None = None, ways: Ways | None = None,
) -> Life:  # fmt: skip
    """A city at `start`, everybody on duty; `life.advance(moment)` lets it live. See `live` for the rest."""
    life = Life(parish, router or open_router(parish.city.roads), seed, SCENARIOS[scenario], start, ways or Ways())
    life.begin((desk or (lambda hear: in_memory(hear, seed)))(life.hear))
    return life


def live(
    parish: Parish, seed: int, scenario: str = "ordinary", days: float = 1.0, desk_factory: DeskFactory | None = None,
    *, start: Instant, router: EdgeRouter | None = None, ways: Ways | None = None,
) -> Life:  # fmt: skip
    """Live through `days` of a scenario and give the city as it is then. Raises KeyError for an unknown scenario.

    `desk_factory` makes the robots' desk; it is given a function to be called with committed events as they become
    visible, in their order. Without one the city lives on the live domain of dispatch and a journal in memory.
    """
    life = begin(parish, seed, scenario, start=start, desk=desk_factory, router=router, ways=ways)
    life.advance(start + round(days * DAY_MS))
    return life


def in_memory(hear: Hear, seed: int) -> JournaledDesk:
    """A desk on the live domain and a journal in memory, on the city's own time."""
    return JournaledDesk.on(open_in_memory(live=True), seed, hear)


def _paths(unit: Unit) -> list[Path]:
    """Stations print, and everyone has a telephone."""
    mobile = Path(PathKind.MOBILE, f"mobile of {unit.id}")
    printer = Path(PathKind.STATION, f"printer of {unit.station}", wait_ms=20_000)
    return [mobile] if unit.agency == "Police" else [printer, mobile]


def _hospitals(parish: Parish) -> list[Hospital]:
    places = [place for place in parish.city.places if place.kind == "hospital"] or [parish.hospital]
    return [Hospital(place.id, (place.x, place.y), NOT_FOR.get(place.name, ())) for place in places]


def _crews(city: City, world: World, roads: CityRoads, seed: int) -> dict[str, Crew]:
    """A crew for each unit. Patrols go round in their beat: by the name of the unit, else dealt out in order."""
    stations = {station.id: (station.x, station.y) for station in city.stations}
    beats = {zone.id: zone for zone in city.zones if zone.layer == "beat"}
    names = sorted(beats)

    @cache
    def corners(beat: str) -> tuple[Point, ...]:
        shape = zone_shape(beats[beat].polygons)
        x, y = city.roads.node_x, city.roads.node_y
        inside = shapely.contains_xy(shape, x, y).nonzero()[0].tolist()
        dice = Dice(seed, "round", beat)
        return tuple((int(x[i]), int(y[i])) for i in (dice.pick(inside) for _ in range(CORNERS_OF_A_ROUND)))

    @cache
    def legs(beat: str) -> list[Course]:
        around = corners(beat)
        made = [roads.course(a, b) for a, b in zip(around, (*around[1:], around[0]), strict=True)]
        return [leg for leg in made if leg is not None and leg.ms > 0]

    crews, dealt = {}, 0
    for unit in city.units:
        home, way = stations[unit.station], None
        if unit.agency == "Police" and names:
            beat = next((name for name in names if unit.id.startswith(name)), names[dealt // 2 % len(names)])
            dealt, way, home = dealt + 1, beat, corners(beat)[0]
        crews[unit.id] = Crew(world, unit, home, seed, _rounds(legs, way))
    return crews


def _rounds(legs: Callable[[str], list[Course]], beat: str | None) -> Callable[[], list[Course]]:
    return lambda: legs(beat) if beat is not None else []

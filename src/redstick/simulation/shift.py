"""A living shift: callers call, robots answer and dispatch by road time, crews drive; all of it through the kernel.

Deterministic: the same seed gives the same journal, however the time is cut into steps. Positions between status
reports are tracks, not events: they are read from the crews.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from msgspec.structs import replace
from numpy.random import PCG64, Generator, SeedSequence

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.recommendation.by_road import ByRoad
from redstick.dispatch.recommendation.question import Candidate, Policy, Question
from redstick.dispatch.recommendation.reasons import Verdict
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.rules.assignments import AssignUnits, open_assignments
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident
from redstick.dispatch.rules.needs import SetNeeds
from redstick.dispatch.rules.units import EnrollUnit
from redstick.geo.city import City
from redstick.geo.routing import Point, Router
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.ids import make_id
from redstick.kernel.values import Instant, Outcome
from redstick.simulation.callers import Callers, Contact
from redstick.simulation.crew import TURNOUT_S, Crew, World
from redstick.simulation.desk import JournaledDesk
from redstick.simulation.parish import Parish
from redstick.simulation.ports import Desk
from redstick.simulation.timeline import Timeline

ANSWER_S, QUESTIONS_S, DECIDE_S = 5, 38, 9  # middle times of the robots at the phones and the dispatch seat
DISPOSITIONS = {"ems": "Treated", "traffic": "Report taken", "fire": "Fire service rendered", "police": "Handled"}
PLAN = "what robots send"  # the needs of each nature, in the stead of a plan
SHOWN = 4  # units that were not sent, shown with the reason


@dataclass(slots=True)
class Waiting:
    """An incident that still needs units: each requirement with how many are missing."""

    incident: str
    contact: Contact
    missing: list[Requirement]


class Shift:
    """The city from `start` on. `advance` moves its time; the driver's journal tells what happened."""

    def __init__(
        self, parish: Parish, driver: SynchronousDriver, router: Router, seed: int, start: Instant,
        busiest_per_hour: float = 14.0, sits_at: Callable[[SynchronousDriver, Generator], Desk] = JournaledDesk,
    ) -> None:  # fmt: skip
        streams = [Generator(PCG64(child)) for child in SeedSequence(seed).spawn(4)]
        self.timeline = Timeline(start)
        self.desk = sits_at(driver, streams[0])
        self._callers = Callers(parish.city, streams[1], busiest_per_hour)
        self._rng, self._roads = streams[2], ByRoad(router)
        self._stations = {station.id: (station.x, station.y) for station in parish.city.stations}
        hospital = (parish.hospital.x, parish.hospital.y)
        world = World(self.timeline, self.desk, router, streams[3], hospital, self._cleared, self._freed)
        self.crews = _crews(parish.city, world)
        self.plans: dict[str, list[Verdict]] = {}
        self._waiting: dict[str, Waiting] = {}
        self._count = 0
        self._begin()

    def advance(self, now: Instant) -> None:
        """Live up to `now`."""
        self.timeline.run_until(now)

    def _begin(self) -> None:
        enrolled = [
            EnrollUnit(crew.unit.id, crew.unit.kind, crew.unit.agency, crew.unit.station, list(crew.unit.capabilities))
            for crew in self.crews.values()
        ]
        self.desk.ask(self.timeline.now, "roster", enrolled)
        for crew in self.crews.values():
            crew.on_duty()
        self.timeline.at(self._callers.next_moment(self.timeline.now), self._call)

    # The phone

    def _call(self) -> None:
        """A call comes in; the next one is planned."""
        now, contact = self.timeline.now, self._callers.contact()
        call = make_id("call", now, int(self._rng.integers(2**62)))
        self.desk.ask(now, "telephone", [ReceiveCall(call, "voice", contact.callback, contact.place)])
        seat = f"calls:{1 + self._count % 3}"
        answer_s = self._about(ANSWER_S)
        self.timeline.after(answer_s, lambda: self._answer(call, seat, contact))
        self.timeline.at(self._callers.next_moment(now), self._call)

    def _answer(self, call: str, seat: str, contact: Contact) -> None:
        self.desk.ask(self.timeline.now, seat, [AnswerCall(call, seat)])
        quick = 0.6 if contact.nature.priority == 1 else 1.0
        self.timeline.after(self._about(QUESTIONS_S) * quick, lambda: self._open(call, seat, contact))

    def _open(self, call: str, seat: str, contact: Contact) -> None:
        now, nature = self.timeline.now, contact.nature
        self._count += 1
        incident = make_id("inc", now, int(self._rng.integers(2**62)))
        opened = OpenIncident(incident, "", nature.kind, nature.group, nature.priority, contact.place, call=call)
        needed = SetNeeds(incident, list(nature.needs), PLAN, f"{nature.group}: {nature.kind}")
        self.desk.ask(now, seat, [opened, AddNote(incident, contact.said), needed])
        self._waiting[incident] = Waiting(incident, contact, list(nature.needs))
        self.timeline.after(self._about(DECIDE_S), lambda: self._dispatch(incident))
        self.timeline.after(self._about(35), lambda: self._end(call, seat))

    def _end(self, call: str, seat: str) -> None:
        self.desk.ask(self.timeline.now, seat, [EndCall(call)])

    # The dispatch seat

    def _dispatch(self, incident: str) -> None:
        """Send the nearest by road for what is still missing; what nobody can fill goes on waiting."""
        waiting = self._waiting.get(incident)
        if waiting is None:
            return
        place = waiting.contact.place
        target = (place.x or 0, place.y or 0)
        verdicts, still = self._choose(target, waiting.missing)
        chosen = [verdict for verdict in verdicts if verdict.chosen]
        self.plans[incident] = [*self._sent(incident), *chosen, *_not_sent(verdicts)]
        if chosen:
            self._send(waiting, chosen, target, still)

    def _sent(self, incident: str) -> list[Verdict]:
        """Why the units of earlier rounds were sent."""
        return [verdict for verdict in self.plans.get(incident, []) if verdict.chosen]

    def _choose(self, target: Point, needs: Sequence[Requirement]) -> tuple[list[Verdict], list[Requirement]]:
        question = Question(
            target,
            self.timeline.now,
            tuple(needs),
            self._roster(),
            self._stations,
            policy=Policy(turnout_by_kind=TURNOUT_S),
        )
        answer = recommend(question, self._roads)
        verdicts = [verdict for verdict in (*answer.chosen, *answer.refused) if _fits(needs, verdict)]
        by_id = {need.id: need for need in needs}
        return verdicts, [replace(by_id[lack.requirement], count=lack.missing) for lack in answer.unfilled]

    def _send(self, waiting: Waiting, chosen: list[Verdict], target: Point, still: list[Requirement]) -> None:
        """Assign and, once that is a fact, alert; what the rules refuse has not happened, and it goes on waiting."""
        names = [verdict.unit for verdict in chosen]
        words = "; ".join(f"{verdict.unit} {verdict.words}" for verdict in chosen)

        def told(outcomes: list[Outcome]) -> None:
            if not outcomes[0].accepted:
                return
            self.desk.ask(self.timeline.now, "dispatch:1", [AddNote(waiting.incident, f"Nearest by road: {words}")])
            waiting.missing = still
            if not still:
                self._waiting.pop(waiting.incident, None)
            medics = [name for name in names if self.crews[name].unit.kind == "medic"]
            for name in names:
                self.crews[name].sent(waiting.incident, waiting.contact.nature, target, carries=name in medics[:1])

        self.desk.ask(self.timeline.now, "dispatch:1", [AssignUnits(waiting.incident, names)], told)

    def _roster(self) -> tuple[Candidate, ...]:
        roster = []
        for name, unit in self.desk.state.units.items():
            here = self.crews[name].fix()
            work = unit.work[0] if unit.work else ""
            number = self.desk.state.incidents[work].number if work else ""
            roster.append(
                Candidate(
                    name, unit.kind, tuple(unit.capabilities), station=unit.station, status=unit.status,
                    incident=number, at=(here.x, here.y), seen_at=here.at,
                )
            )  # fmt: skip
        return tuple(roster)

    def _cleared(self, incident: str) -> None:
        """Close an incident that holds nobody any more and waits for nobody."""
        known = self.desk.state.incidents[incident]
        if not open_assignments(known) and incident not in self._waiting:
            words = DISPOSITIONS.get(known.group, "Handled")
            self.desk.ask(self.timeline.now, "dispatch:1", [CloseIncident(incident, words)])
            self.plans.pop(incident, None)

    def _freed(self) -> None:
        """A crew may be sent again: think of those that wait."""
        if self._waiting:
            self.timeline.after(self._about(DECIDE_S), self._serve)

    def _serve(self) -> None:
        """The most urgent first, then who waits longest: ids sort by the time they were made."""
        for name in sorted(self._waiting, key=lambda name: (self._waiting[name].contact.nature.priority, name)):
            self._dispatch(name)

    def _about(self, middle_s: float) -> float:
        return float(middle_s * self._rng.lognormal(0.0, 0.4))


def _fits(needs: Sequence[Requirement], verdict: Verdict) -> bool:
    """A unit of another kind is no alternative, and its refusal tells a dispatcher nothing."""
    return any(not need.kinds or verdict.kind in need.kinds for need in needs)


def _not_sent(verdicts: Sequence[Verdict]) -> list[Verdict]:
    sent = {verdict.unit for verdict in verdicts if verdict.chosen}
    others = {verdict.unit: verdict for verdict in verdicts if verdict.unit not in sent}
    quickest_first = sorted(others.values(), key=lambda v: (v.travel_s is None, v.travel_s or 0, v.unit))
    return quickest_first[:SHOWN]


def _crews(city: City, world: World) -> dict[str, Crew]:
    """A crew for each unit of the city; patrols walk the corners of their beat, two to a beat."""
    stations = {station.id: (station.x, station.y) for station in city.stations}
    corners = np.c_[city.roads.node_x, city.roads.node_y]
    beats = sorted((zone for zone in city.zones if zone.layer == "beat"), key=lambda zone: zone.id)
    ground = [shapely.Polygon(zone.polygons[0][0]) for zone in beats]
    rounds = [[(int(x), int(y)) for x, y in corners[shapely.contains_xy(shape, corners)]] for shape in ground]
    crews = {}
    patrols = 0
    for unit in city.units:
        own: list[Point] = []
        if unit.kind == "patrol":
            own = rounds[patrols // 2 % len(rounds)]
            patrols += 1
        crews[unit.id] = Crew(world, unit, own[len(own) // 2] if own else stations[unit.station], own)
    return crews

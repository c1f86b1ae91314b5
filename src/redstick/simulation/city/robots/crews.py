"""Crews: turnout, the real way, the scene, the nearest suitable hospital, and the way home or on with the round.

Statuses are said as crews say them: now and then late, or not at all. Nothing of a drive is planned but its end; where
a unit is between is worked out when somebody looks.
"""

from collections.abc import Callable
from dataclasses import dataclass

from redstick.dispatch.avl.quality import Fix as DeviceFix
from redstick.dispatch.rules.accountability import AnswerRoll
from redstick.dispatch.rules.units import RaiseEmergency, ReportStatus
from redstick.dispatch.status_table import Status
from redstick.geo.city import Unit
from redstick.geo.routing import Course, Point
from redstick.kernel.values import Outcome
from redstick.simulation.city.dice import Dice
from redstick.simulation.city.floor import Floor
from redstick.simulation.city.roads import CityRoads, Drive, Round
from redstick.simulation.drives import Fix
from redstick.simulation.natures import BY_KIND, UNKNOWN, Nature

TURNOUT_S = {
    "engine": 68, "ladder": 75, "battalion chief": 55, "rescue": 70, "hazmat": 80, "boat": 110, "medic": 55,
    "basic transport": 55, "field supervisor": 40, "patrol": 9, "watch sergeant": 9, "K-9": 12,
}  # fmt: skip
AFOOT = ("patrol", "watch sergeant", "K-9")  # always on the road
CARRIES = ("medic", "basic transport")
EMERGENCY, ROUTINE, PATROL = 920, 1_200, 1_900  # thousandths of free-flow time
BACK_MS = 15_000  # so long after a person has left the robot takes the unit up
AT_WORK = (Status.ONS, Status.PTC, Status.TRN, Status.HSP)
CLEARING_MS, HANDOVER_MS, PATIENT_MS, RETURN_MS, WAKE_MS = 35_000, 17 * 60_000, 70_000, 15_000, 12 * 60_000
SEAT_OF_UNIT = "unit:"  # with the unit's id: the seat of whoever is its crew
PERSONS = {"engine": 4, "ladder": 4, "rescue": 3, "patrol": 1, "battalion chief": 1}


@dataclass(frozen=True, slots=True)
class Hospital:
    """Where patients go. `takes` are the kinds that it is not for by name."""

    id: str
    place: Point
    not_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manners:
    """How crews are, in percent: of statuses said late or never, of alerts missed, of fires that work, of dangers."""

    late: float = 4.0
    skipped: float = 3.0
    deaf: float = 0.5
    working_fire: float = 25.0
    emergency: float = 0.15


@dataclass(slots=True)
class World:
    """What every crew shares. `working` is told of an incident that needs a further alarm."""

    floor: Floor
    roads: CityRoads
    hospitals: list[Hospital]
    manners: Manners
    working: Callable[[str], None]


class Crew:
    """One unit and its people: a robot that does what it is sent to, and says so.

    While a person holds the unit's seat the robot says nothing and plans nothing. What stays is the vehicle: it drives
    where its person says that it goes.
    """

    def __init__(self, world: World, unit: Unit, home: Point, seed: int, legs: Callable[[], list[Course]]) -> None:
        self.unit, self.home = unit, home
        self._world, self._floor, self._legs = world, world.floor, legs
        self._dice = Dice(seed, "crew", unit.id)
        self._place = home
        self.drive: Drive | None = None
        self._round: Round | None = None
        self._errand = 0  # counts what the crew was told to do; an act planned for an older errand does nothing
        self.incident = ""  # what it works on, "" for nothing
        self._there = False
        self._steps = 0  # statuses that were to be said
        self._next: list[str] = []  # what it was sent to besides
        self._deaf = False
        self._roams = unit.kind in AFOOT

    # Where it is

    def fix(self) -> Fix:
        """Where the unit is now."""
        if self.drive is not None:
            return self.drive.fix(self._floor.now)
        if self._round is not None:
            return self._round.fix(self._floor.now)
        return Fix(*self._place, 0, self._floor.now, moving=False)

    @property
    def around(self) -> Point:
        """About where it is, without looking: a patrol on its round is in its beat."""
        return self.home if self._round is not None else self._place

    def device_fix(self) -> DeviceFix | None:
        """What its device reported last, for one question to the roads; None for a unit that stands where it said."""
        driven, now = self.drive or self._round, self._floor.now
        if driven is None:
            return None
        here = driven.position(now)
        if here is None:
            fix = driven.fix(now)
            return DeviceFix(fix.x, fix.y, now, now)
        self._world.roads.times.know(here.point, here)
        return DeviceFix(*here.point, now, now)

    # Who is its crew

    @property
    def held(self) -> bool:
        """Whether a person is its crew."""
        return bool(self._floor.person_at(self._actor))

    def taken_over(self) -> None:
        """A person holds the unit from here on: nothing that was planned is done."""
        self._halt()
        self.incident, self._there, self._deaf, self._next = "", False, False, []

    def goes_on(self) -> None:
        """The person has left: take up what the unit is at, as the board has it."""
        unit = self._floor.state.units[self.unit.id]
        self._halt()
        if not unit.work:
            self._then(BACK_MS, self._available)
            return
        incident = self.incident = unit.work[0]
        self._there = unit.status in AT_WORK
        ways: dict[str, Callable[[], None]] = {
            Status.TRN: lambda: self._transport(incident, UNKNOWN), Status.HSP: lambda: self._hand_over(incident),
            Status.ONS: lambda: self._clear(incident), Status.PTC: lambda: self._transport(incident, UNKNOWN),
            Status.ENR: lambda: self._go_to(incident), Status.STG: lambda: self._go_to(incident),
        }  # fmt: skip
        self._then(BACK_MS, ways.get(unit.status, lambda: self._roll(incident)))

    def drives_as_said(self, status: Status, incident: str) -> None:
        """What its person says moves the vehicle: to the incident, to a hospital; any other status stops it."""
        self._halt()
        known = self._floor.state.incidents.get(incident)
        if status is Status.ENR and known is not None and known.place.x is not None and known.place.y is not None:
            self._go((known.place.x, known.place.y), EMERGENCY, lambda: None)
        elif status is Status.TRN:
            nearest = self._world.roads.nearest_from(self._place, [one.place for one in self._world.hospitals])
            if nearest is not None:
                self._go(self._world.hospitals[nearest].place, ROUTINE, lambda: None)

    # What it is told

    def on_duty(self) -> None:
        """Sign on: at the station, or straight out on the round."""
        legs = self._legs()
        if legs:
            self._place = legs[0].at(0)[0].point
        self._say("LOG")
        self._say("AR" if self._roams else "AQ")
        self._rest()

    def told(self, incident: str, *, by_radio: bool = False) -> None:
        """Alerted to an incident, by device or by radio; a crew that misses an alert hears nothing for a while."""
        if self.held or self._deaf or incident in (self.incident, *self._next):
            return
        if self.incident:
            self._next.append(incident)
        elif not by_radio and self._dice.happens(self._world.manners.deaf):
            self._deaf = True
            self._then(self._dice.about(WAKE_MS), self._wake)
        else:
            self._roll(incident)

    def answers_radio(self, incident: str) -> bool:
        """Called by radio: whether anybody answers. Whom no device has told goes now."""
        if not self._deaf and not self.incident:
            self._floor.later(3_000, lambda: self.told(incident, by_radio=True))
        return not self._deaf

    def called_off(self, incident: str, ending: str) -> None:
        """Its part in an incident has ended; whoever did not say so itself says that it is free."""
        if incident in self._next:
            self._next.remove(incident)
        if self.held or self._deaf:
            return  # its person sees it; a crew that is deaf finds out when it wakes
        if incident == self.incident or (not self.incident and ending != "cleared"):
            self._halt()
            self.incident, self._there = "", False
            self._then(self._dice.about(12_000, 0.3), self._available)

    def look(self, work: list[str]) -> None:
        """What the board says that it is on: it goes to what it has not heard of, and leaves what it is not on."""
        if self.incident and self.incident not in work:
            self.called_off(self.incident, "cancelled")
        for incident in work:
            self.told(incident, by_radio=True)

    def goes_on_as(self, before: str, incident: str) -> None:
        """Its incident has become another one's: the work is the same."""
        if self.incident == before:
            self.incident = incident

    def moved(self, incident: str) -> None:
        """The incident is elsewhere: turn, while on the way."""
        if not self.held and incident == self.incident and self.drive is not None and not self._there:
            self._halt()
            self._go_to(incident)

    def roll_call(self, incident: str) -> None:
        """Asked whether all are well."""
        if self.held:
            return
        persons = PERSONS.get(self.unit.kind, 2)
        answer = AnswerRoll(incident, self.unit.id, persons, f"officer of {self.unit.id}")
        self._floor.later(self._dice.about(20_000, 0.5), lambda: self._floor.ask(self._actor, [answer]))

    # A job

    def _roll(self, incident: str) -> None:
        self._halt()
        self.incident, self._there = incident, False
        turnout_ms = self._dice.about(TURNOUT_S.get(self.unit.kind, 60) * 1000, 0.3)
        if not self._roams and self._dice.happens(60):
            self._then(min(self._dice.about(9_000, 0.5), turnout_ms - 1), lambda: self._say("ACK", incident))
        self._then(turnout_ms, lambda: self._leave(incident))

    def _leave(self, incident: str) -> None:
        self._say("ENR", incident, may_lack=True)
        self._go_to(incident)

    def _go_to(self, incident: str) -> None:
        known = self._floor.state.incidents.get(incident)
        if known is None or known.place.x is None or known.place.y is None:
            self._then(60_000, lambda: self._go_to(incident))  # nobody knows where: it waits to be told
            return
        pace = EMERGENCY if known.priority <= 3 else ROUTINE
        self._go((known.place.x, known.place.y), pace, lambda: self._arrive(incident))

    def _arrive(self, incident: str) -> None:
        self._there = True
        self._say("ONS", incident)
        known = self._floor.state.incidents.get(incident)
        nature = BY_KIND.get(known.kind, UNKNOWN) if known is not None else UNKNOWN
        if self.unit.kind in CARRIES:
            self._then(self._dice.about(PATIENT_MS, 0.3), lambda: self._say("PTC", incident, may_lack=True))
        level = known.alarm_level if known is not None else 1
        if nature.kind in ("Structure fire", "Pile-up") and self._is_first(incident):
            chance = self._world.manners.working_fire if nature.kind == "Structure fire" else 100
            if self._dice.happens(chance):
                self._then(self._dice.about(150_000), lambda: self._world.working(incident))
        if self._dice.happens(self._world.manners.emergency) and self.unit.agency != "EMS":
            here = self._place
            pressed = RaiseEmergency(self.unit.id, "button", x=here[0], y=here[1])
            self._then(self._dice.about(240_000), lambda: self._floor.ask(self._actor, [pressed]))
        scene_ms = 90_000 + self._dice.about(nature.scene_min * 60_000 * (100 + 60 * (level - 1)) // 100)
        carries = self.unit.kind in CARRIES and self._dice.happens(nature.transport * 100)
        self._then(scene_ms, lambda: self._transport(incident, nature) if carries else self._clear(incident))

    def _is_first(self, incident: str) -> bool:
        known = self._floor.state.incidents.get(incident)
        others = known.assignments.values() if known is not None else ()
        return not any("on_scene" in part.stamps and part.unit != self.unit.id for part in others)

    def _transport(self, incident: str, nature: Nature) -> None:
        open_to = [one for one in self._world.hospitals if nature.kind not in one.not_for] or self._world.hospitals
        nearest = self._world.roads.nearest_from(self._place, [one.place for one in open_to])
        if nearest is None:
            self._clear(incident)
            return
        self._say("TRN", incident)
        self._go(open_to[nearest].place, ROUTINE, lambda: self._hand_over(incident))

    def _hand_over(self, incident: str) -> None:
        self._say("HSP", incident)
        self._then(self._dice.about(HANDOVER_MS, 0.3), lambda: self._clear(incident))

    def _clear(self, incident: str) -> None:
        self._halt()
        self.incident, self._there = "", False
        self._say("CLR", incident, leaves=True)
        self._then(self._dice.about(CLEARING_MS, 0.4), self._available)

    def _available(self) -> None:
        """Free: unless it was sent to something else meanwhile."""
        work = self._floor.state.units[self.unit.id].work
        waiting = [name for name in (*self._next, *work) if name in work]
        self._next = []
        if waiting:
            self._roll(waiting[0])
            return
        self._say("AR")
        self._rest()

    def _wake(self) -> None:
        """The crew that heard nothing is found, and goes where it is still waited for."""
        self._deaf = False
        self._available()

    # Between jobs

    def _rest(self) -> None:
        """Back into the beat and on with the round, or back to the station."""
        self._halt()
        legs = self._legs()
        if legs:
            which = self._dice.below(len(legs))
            begins = legs[which].at(0)[0].point
            if self._place == begins:
                self._go_round(which)
            else:
                self._go(begins, ROUTINE, lambda: self._go_round(which))
        elif self._place != self.home:
            self._then(self._dice.about(RETURN_MS, 0.5), lambda: self._go(self.home, ROUTINE, lambda: self._say("AQ")))

    def _go_round(self, which: int) -> None:
        """From the beginning of a leg on; nothing more is planned until it is sent."""
        self._round = Round(self._legs(), self._floor.now, which, PATROL)

    def _go(self, target: Point, pace: int, arrived: Callable[[], None]) -> None:
        here, roads = self._place, self._world.roads
        ms = roads.ms_between(here, target)
        if ms is None:
            self._then(60_000, lambda: self._go(target, pace, arrived))
            return
        lasts_ms = max(ms * pace // 1000 * self._dice.between(900, 1_120) // 1000, 1_000)
        self.drive = drive = Drive(roads, here, target, self._floor.now, lasts_ms)

        def there() -> None:
            self.drive, self._place = None, roads.times.snap(target).point
            arrived()

        self._then(drive.arrives_at - self._floor.now, there)

    def _halt(self) -> None:
        """Forget what was planned; stay where the drive has come to."""
        if self.drive is not None or self._round is not None:
            here = self.fix()
            self._place = (here.x, here.y)
        self.drive, self._round = None, None
        self._errand += 1

    def _then(self, ms: int, act: Callable[[], None]) -> None:
        errand = self._errand
        self._floor.later(ms, lambda: act() if errand == self._errand else None)

    # What it says

    @property
    def _actor(self) -> str:
        return f"{SEAT_OF_UNIT}{self.unit.id}"

    def _say(self, status: str, incident: str = "", *, leaves: bool = False, may_lack: bool = False) -> None:
        """A status, now; or late; or, where the next one tells as much, never."""
        manners = self._world.manners
        if self.held:
            return
        if may_lack and self._dice.happens(manners.skipped):
            return
        self._steps += 1
        x, y, step = *self._place, self._steps
        said = ReportStatus(self.unit.id, status, incident, leaves, x=x, y=y)
        if may_lack and self._dice.happens(manners.late):
            self._then(self._dice.about(45_000, 0.6), lambda: self._say_late(said, step))
            return
        self._floor.ask(self._actor, [said], lambda outcomes: self._refused(outcomes, incident))

    def _say_late(self, said: ReportStatus, step: int) -> None:
        """Unless the next one was said meanwhile."""
        if step == self._steps:
            self._floor.ask(self._actor, [said])

    def _refused(self, outcomes: list[Outcome], incident: str) -> None:
        """Its part is over or has moved on: look again at what it is on."""
        if outcomes[0].accepted or not incident or self.incident != incident:
            return
        work = self._floor.state.units[self.unit.id].work
        if incident not in work:
            self._halt()
            self.incident, self._there = "", False
            self._then(5_000, self._available)

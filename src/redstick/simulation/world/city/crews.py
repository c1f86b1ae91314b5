"""Crews and their devices: they go when they are told, say what they do, and their devices lose, delay and double it.

What a crew is really doing stands here; what the journal knows of it came over a device, a path or the radio.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from redstick.dispatch.alerting.chase import Purpose
from redstick.dispatch.rules.units import RaiseEmergency, ReportStatus
from redstick.kernel.values import Instant, Outcome
from redstick.simulation.ports import ignore
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.city.desk import WorldDesk
from redstick.simulation.world.city.ground import NATURES, SOUTH, STEP, WEST, Nature, Point, Rostered, about, drive_ms
from redstick.simulation.world.household import EPOCH_MS

ACKNOWLEDGE_MS, TURNOUT_MS, HANDOVER_MS, STOW_MS = 6_000, 14_000, 20_000, 8_000
LOOK_MS = 40_000  # how often a crew looks whether its own terminal is right
DANGER_MS = 25_000
HOSPITAL: Point = (WEST + 5 * STEP, SOUTH - STEP)
BEGUN = frozenset({"acknowledged", "en_route", "on_scene", "transport", "at_hospital"})


@dataclass
class Device:
    """What befalls the statuses that are pressed on devices: percent lost, delayed and doubled, and until when."""

    lost: tuple[int, int] = (0, 0)
    late: tuple[int, int] = (0, 0)
    twice: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Job:
    """What a crew was told to do."""

    incident: str
    sequence: int
    status: str = ""


@dataclass
class Drive:
    """Where a crew is: on its way from one point to another, straight, or there."""

    source: Point
    target: Point
    since: int = 0
    until: int = 0

    def at(self, now: int) -> Point:
        """The true position at a moment."""
        share = 1.0 if now >= self.until else (now - self.since) / (self.until - self.since)
        (x0, y0), (x1, y1) = self.source, self.target
        return round(x0 + (x1 - x0) * share), round(y0 + (y1 - y0) * share)


@dataclass
class Around:
    """What crews share: time, their devices' faults, what their receivers claim, who knows an incident's kind."""

    timeline: Timeline
    device: Device
    claimed: Callable[[str, Point], Point]
    kinds: dict[str, Nature] = field(default_factory=lambda: {nature.kind: nature for nature in NATURES})


class Crew:
    """One unit and its people."""

    def __init__(self, unit: Rostered, around: Around, random: Random, desk: WorldDesk) -> None:
        self.unit, self.safe = unit, True
        self.job: Job | None = None
        self.drive = Drive(unit.home, unit.home)
        self._around, self._random, self._desk = around, random, desk
        self._told: dict[tuple[str, int], None] = {}
        self._called_off: dict[tuple[str, int], None] = {}
        self._errand = 0

    @property
    def now(self) -> int:
        """The virtual moment."""
        return self._around.timeline.now

    def begin(self) -> None:
        """On duty at the station; from now on the terminal is looked at."""
        self._press("LOG")
        self._press("AQ")
        self._around.timeline.at(self.now + about(self._random, LOOK_MS), self._look)

    def hear(self, alert: str) -> None:
        """An alert has come through, on a path or by voice; again, late or out of order makes no difference."""
        incident, _, sequence, purpose, *_ = alert.split("/")
        what = (incident, int(sequence))
        if purpose == Purpose.CANCEL:
            self._called_off[what] = None
            if self.job is not None and self.job.incident == incident:
                self._stand_down()
        elif purpose == Purpose.DISPATCH and what not in self._told and what not in self._called_off:
            self._told[what] = None
            self._go(Job(*what))

    def says(self, incident: str) -> ReportStatus | None:
        """What the crew answers on the radio; who was never told to come is told now, and comes."""
        unit = self._desk.state.units.get(self.unit.id)
        if self.job is not None:
            return ReportStatus(self.unit.id, self.job.status) if self.job.status else None
        known = self._desk.state.incidents.get(incident)
        part = known.assignments.get(self.unit.id) if known is not None else None
        if unit is None or part is None or part.ended_at is not None:
            return None
        if BEGUN & set(part.stamps):
            return ReportStatus(self.unit.id, "CLR", incident, leaves=True)
        self.hear(f"{incident}/{self.unit.id}/{part.sequence}/{Purpose.DISPATCH}/radio")
        return ReportStatus(self.unit.id, "ACK", incident)

    def press_button(self) -> None:
        """A responder is in danger, for a while."""
        self.safe = False
        self._desk.ask(self.now, f"unit:{self.unit.id}", [RaiseEmergency(self.unit.id, "button")])

        def well() -> None:
            self.safe = True

        self._around.timeline.at(self.now + about(self._random, DANGER_MS), well)

    def point(self) -> Point:
        """Where it really is."""
        return self.drive.at(self.now)

    # A job

    def _go(self, job: Job) -> None:
        self.job = job
        self._errand += 1
        self._later(ACKNOWLEDGE_MS, lambda: self._step("ACK"))
        self._later(ACKNOWLEDGE_MS + TURNOUT_MS, self._leave)

    def _leave(self) -> None:
        incident = self._desk.state.incidents.get(self.job.incident) if self.job is not None else None
        place = incident.place if incident is not None else None
        target = (place.x, place.y) if place is not None and place.x is not None and place.y is not None else None
        self._step("ENR")
        self._to(target or self.unit.home, self._arrive)

    def _arrive(self) -> None:
        self._step("ONS")
        incident = self._desk.state.incidents.get(self.job.incident) if self.job is not None else None
        nature = self._around.kinds.get(incident.kind if incident is not None else "", NATURES[0])
        carries = nature.carries and self.unit.kind == "MEDIC" and self._random.random() < 0.5
        self._later(about(self._random, nature.scene_ms), self._carry if carries else self._clear)

    def _carry(self) -> None:
        self._step("TRN")
        self._to(HOSPITAL, self._hand_over)

    def _hand_over(self) -> None:
        self._step("HSP")
        self._later(HANDOVER_MS, self._clear)

    def _clear(self) -> None:
        job = self.job
        self.job = None
        if job is not None:
            self._press("CLR", job.incident, leaves=True)
        self._later(STOW_MS, self._home)

    def _home(self) -> None:
        self._press("AR")
        self._to(self.unit.home, lambda: None)

    def _stand_down(self) -> None:
        self.job = None
        self._errand += 1
        here = self.point()
        self.drive = Drive(here, here)
        self._press("AR")

    def _step(self, status: str) -> None:
        if self.job is not None:
            self.job.status = status
            self._press(status, self.job.incident)

    def _to(self, target: Point, arrived: Callable[[], None]) -> None:
        here, now = self.point(), self.now
        self.drive = Drive(here, target, now, now + drive_ms(here, target))
        errand = self._errand
        self._around.timeline.at(self.drive.until, lambda: arrived() if errand == self._errand else None)

    def _later(self, ms: int, act: Callable[[], None]) -> None:
        errand = self._errand
        moment = self.now + ms
        self._around.timeline.at(moment, lambda: act() if errand == self._errand else None)

    # The terminal

    def _look(self) -> None:
        """Put right what the terminal says wrongly: a step that was lost leaves a crew shown where it is not."""
        self._around.timeline.at(self.now + about(self._random, LOOK_MS), self._look)
        unit = self._desk.state.units.get(self.unit.id)
        if unit is None or self.job is not None:
            return
        if unit.work:
            incident = self._desk.state.incidents.get(unit.work[0])
            part = incident.assignments.get(self.unit.id) if incident is not None else None
            if part is not None and BEGUN & set(part.stamps):
                self._press("CLR", unit.work[0], leaves=True)
        elif unit.status not in ("AQ", "AR"):
            self._press("AR")

    def _press(self, status: str, incident: str = "", *, leaves: bool = False) -> None:
        """A key of the terminal, and what becomes of it."""
        device, now = self._around.device, self.now
        if self._happens(device.lost):
            return
        late_ms = about(self._random, 30_000) if self._happens(device.late) else 0
        for _ in range(2 if self._happens(device.twice) else 1):
            self._around.timeline.at(now + late_ms, lambda: self._send(status, incident, now, leaves=leaves))

    def _send(self, status: str, incident: str, pressed_at: int, *, leaves: bool) -> None:
        x, y = self._around.claimed(self.unit.id, self.point())
        happened_at: Instant | None = EPOCH_MS + pressed_at if pressed_at < self.now else None
        said = ReportStatus(self.unit.id, status, incident, leaves, x=x, y=y)

        def told(outcomes: list[Outcome]) -> None:
            if incident and outcomes[0].rejection is not None:  # a split has given the part to another incident
                self._send(status, "", pressed_at, leaves=leaves)

        self._desk.ask_at(f"unit:{self.unit.id}", [said], told if incident else ignore, happened_at)

    def _happens(self, chance: tuple[int, int]) -> bool:
        percent, until = chance
        return until > self.now and self._random.randrange(100) < percent

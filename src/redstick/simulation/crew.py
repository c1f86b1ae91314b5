"""Crews: what a unit does once it is sent, and while nobody needs it."""

from collections.abc import Callable
from dataclasses import dataclass

from numpy.random import Generator

from redstick.dispatch.rules.units import ReportStatus
from redstick.geo.city import Unit
from redstick.geo.routing import REACHED, Point, Router
from redstick.kernel.values import Command
from redstick.simulation.drives import Drive, Fix
from redstick.simulation.natures import Nature
from redstick.simulation.ports import Desk
from redstick.simulation.timeline import Timeline

TURNOUT_S = {"engine": 68, "ladder": 75, "battalion chief": 55, "medic": 55, "patrol": 9}
CLEARING_S = 35  # from clear to available: gear stowed, a word on the radio
EMERGENCY_PACE, ROUTINE_PACE = 0.92, 1.2  # against free flow


@dataclass(frozen=True, slots=True)
class World:
    """What every crew shares. `cleared` is told the incident that a crew is done with, `freed` when it may be sent."""

    timeline: Timeline
    desk: Desk
    router: Router
    rng: Generator
    hospital: Point
    cleared: Callable[[str], None]
    freed: Callable[[], None]


class Crew:
    """One unit and the people in it: a robot that answers its alerts and drives real routes."""

    def __init__(self, world: World, unit: Unit, home: Point, rounds: list[Point]) -> None:
        self.unit, self.home = unit, home
        self._world, self._rounds = world, rounds
        self._place = Fix(*home, 0, world.timeline.now, moving=False)
        self.drive: Drive | None = None
        self._errand = 0  # counts what the crew was told to do; an act planned for an older errand does nothing

    def fix(self) -> Fix:
        """Where the unit is now."""
        if self.drive is not None:
            self._place = self.drive.fix(self._world.timeline.now)
        return self._place

    def on_duty(self) -> None:
        """Sign on: at the station, or for a patrol straight out on its rounds."""
        self._report("LOG")
        self._report("AR" if self._rounds else "AQ")
        self._idle()

    def sent(self, incident: str, nature: Nature, target: Point, *, carries: bool) -> None:
        """Alerted to an incident; `carries` says that this crew takes the patient to the hospital."""
        self._halt()
        turnout_s = self._about(TURNOUT_S[self.unit.kind], 0.3)
        pace = EMERGENCY_PACE if nature.priority <= 3 else ROUTINE_PACE

        def en_route() -> None:
            self._report("ENR", incident)
            self._go(target, pace, on_scene)

        def on_scene() -> None:
            self._report("ONS", incident)
            if self.unit.kind == "medic":
                self._later(self._about(70, 0.3), lambda: self._report("PTC", incident))
            done = transport if carries and self._world.rng.uniform() < nature.transport else clear
            self._later(90 + self._about(nature.scene_min * 60, 0.35), done)

        def transport() -> None:
            self._report("TRN", incident)
            self._go(self._world.hospital, ROUTINE_PACE, at_hospital)

        def at_hospital() -> None:
            self._report("HSP", incident)
            self._later(self._about(17 * 60, 0.3), clear)

        def clear() -> None:
            self._report("CLR", incident, leaves=True)
            self._world.cleared(incident)
            self._later(self._about(CLEARING_S, 0.4), available)

        def available() -> None:
            self._report("AR")
            self._idle()
            self._world.freed()

        self._later(turnout_s, en_route)

    def _idle(self) -> None:
        """Back to the station, or on with the rounds."""
        self._halt()
        if self._rounds:
            self._later(self._about(50, 0.8), self._patrol)
        elif self.fix().x != self.home[0] or self.fix().y != self.home[1]:
            self._later(self._about(15, 0.5), lambda: self._go(self.home, ROUTINE_PACE, lambda: self._report("AQ")))

    def _patrol(self) -> None:
        corner = self._rounds[int(self._world.rng.integers(len(self._rounds)))]
        self._go(corner, ROUTINE_PACE * 1.3, lambda: self._later(self._about(60, 0.9), self._patrol))

    def _go(self, target: Point, pace: float, arrived: Callable[[], None]) -> None:
        here, router, now = self.fix(), self._world.router, self._world.timeline.now
        route = router.path(router.snap((here.x, here.y)), router.snap(target))
        if route.reason != REACHED or not route.geometry:
            self._later(60, lambda: self._go(target, pace, arrived))
            return
        self.drive = drive = Drive(route, now, pace * float(self._world.rng.uniform(0.9, 1.12)))

        def there() -> None:
            self.fix()
            self.drive = None
            arrived()

        self._later((drive.arrives_at - now) / 1000, there)

    def _halt(self) -> None:
        """Forget what was planned; stay where the drive has come to."""
        here = self.fix()
        self._place = Fix(here.x, here.y, here.heading_deg, here.at, moving=False)
        self.drive = None
        self._errand += 1

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        errand = self._errand
        self._world.timeline.after(seconds, lambda: act() if errand == self._errand else None)

    def _report(self, status: str, incident: str = "", *, leaves: bool = False) -> None:
        here = self.fix()
        said: list[Command] = [ReportStatus(self.unit.id, status, incident, leaves, x=here.x, y=here.y)]
        self._world.desk.ask(self._world.timeline.now, f"unit:{self.unit.id}", said)

    def _about(self, middle: float, spread: float) -> float:
        """A time around a middle one, in its unit: lognormal."""
        return float(middle * self._world.rng.lognormal(0.0, spread))

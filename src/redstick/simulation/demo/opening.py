"""From a seed to a living city behind its server: an hour is lived at a journal, then the server takes over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from redstick.adapters.city_folder import open_router
from redstick.bootstrap import open_beforehand, open_live, write_down
from redstick.dispatch.codes.default import DEFAULT
from redstick.dispatch.rules.codes import AdoptCodes
from redstick.kernel.authority.sessions import SessionLimits
from redstick.kernel.ids import make_id
from redstick.kernel.values import Instant, Request
from redstick.simulation.city.arrivals.callers import Habits
from redstick.simulation.city.life import Life, Ways
from redstick.simulation.city.scenarios import SCENARIOS, Scenario
from redstick.simulation.demo.base import Base
from redstick.simulation.demo.city import DemoCity
from redstick.simulation.demo.clock import CityClock
from redstick.simulation.demo.desks import EarlyDesk, LiveDesk
from redstick.simulation.demo.living import LivingCity
from redstick.simulation.demo.people import OPERATOR, opening
from redstick.simulation.demo.phones import set_up_phones
from redstick.simulation.demo.sitting import Sitting
from redstick.simulation.training.recorded import RecordedCalls

MIDNIGHT = datetime(2026, 11, 20)  # noqa: DTZ001  (local to the parish; a Friday)
EVENING_H = 17 + 2 / 3  # when an ordinary shift is entered
WARM_UP_MS = 50 * 60_000  # lived before the first visitor, so that work is under way
CITY_FILE = "lived-in"  # beside the journal: the folder of the city
BEFORE_MS = 5 * 60_000  # before the first of recorded calls, in which crews go on duty
YEAR_MS = 365 * 24 * 3600 * 1000
HABITS = Habits(hasty=10.0)  # about six calls in a hundred are over before anybody can answer, as on most evenings
LIMITS = SessionLimits(YEAR_MS, YEAR_MS)  # the city's hours may pass in minutes: nobody is put out by them


@dataclass(frozen=True)
class Wanted:
    """Which shift: from a seed and a scenario of `SCENARIOS`, at a pace, with these staffing and manners.

    Where calls were `recorded` those come, at their times, and the scenario brings none.
    """

    seed: int
    scenario: str = "ordinary"
    speed: int = 1
    ways: Ways = field(default_factory=Ways)
    recorded: RecordedCalls | None = None


def begins_at(scenario: Scenario, time_zone: str) -> Instant:
    """When a visitor comes in: as the first thing of the scenario befalls, else in the evening."""
    hours = [*(burst.begins_h for burst in scenario.bursts), *(fault.begins_h for fault in scenario.ghosts)]
    moment = MIDNIGHT + timedelta(hours=min(hours, default=EVENING_H))
    return round(moment.replace(tzinfo=ZoneInfo(time_zone)).timestamp() * 1000)


def open_demo(data: Path, base: Base, wanted: Wanted, tell: Callable[[str], None]) -> DemoCity:
    """A city in an empty folder that has lived for `WARM_UP_MS` already; raises what its journal raises."""
    scenario = SCENARIOS[wanted.scenario]
    begin = begins_at(scenario, base.parish.city.time_zone)
    if wanted.recorded is not None:
        begin = wanted.recorded.contacts[0].at - BEFORE_MS
    tell("living through the hour before")
    life = lived_before(data, base, wanted, begin)
    clock = CityClock(begin)
    operations = open_live(data, carried_elsewhere=True, city=base.folder, clock=clock, limits=LIMITS)
    desk = LiveDesk(operations, wanted.seed, life.hear)
    life.floor.sit(desk)
    robots = {seat.name: seat.groups for seat in life.seats}
    living = LivingCity(life.floor.timeline, life.crews, operations, desk, clock, wanted.speed)
    city = base.parish.city
    return DemoCity(
        city.name, city.time_zone, wanted.seed, scenario, operations, living, Sitting(operations, robots), life
    )


def lived_before(data: Path, base: Base, wanted: Wanted, until: Instant) -> Life:
    """The city after its first hour, written down in `data`; the robots still sit at the journal of that hour."""
    driver, begun = open_beforehand(), until - (WARM_UP_MS if wanted.recorded is None else BEFORE_MS)
    first = (opening(base.authorities.policy, base.authorities.services), AdoptCodes(DEFAULT, OPERATOR))
    asked = [Request(make_id("cmd", begun, wanted.seed + n), one, OPERATOR) for n, one in enumerate(first)]
    for outcome in driver.run(asked, begun):
        if outcome.rejection is not None:
            raise RuntimeError(f"the demo's city cannot begin: {outcome.rejection}")
    router = open_router(base.folder, base.parish.city)
    scenario = SCENARIOS[wanted.scenario]
    life = Life(base.parish, router, wanted.seed, scenario, begun, wanted.ways, wanted.recorded)
    desk = EarlyDesk.on(driver, wanted.seed, life.hear)
    set_up_phones(desk, begun, base.parish.city)
    life.begin(desk)
    life.advance(until)
    write_down(driver, data)
    (data / CITY_FILE).write_text(f"{base.folder}\n", encoding="utf-8")
    return life

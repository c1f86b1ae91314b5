"""From a seed to a living city behind its server: an hour is lived at the journal, then the server takes over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from numpy.random import Generator

from redstick.adapters.city_folder import open_router
from redstick.bootstrap import open_beforehand, open_live, write_down
from redstick.kernel.authority.sessions import SessionLimits
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.ids import make_id
from redstick.kernel.values import Instant, Rejection, Request
from redstick.server.accounts.signing_in import SignedIn
from redstick.server.demo import DemoTold, Pace, PaceChange, ScenarioOffered, SeatOffered
from redstick.server.operations import LiveOperations
from redstick.simulation.demo.base import Base
from redstick.simulation.demo.clock import CityClock
from redstick.simulation.demo.desks import LiveDesk, MovedDesk
from redstick.simulation.demo.living import LivingCity
from redstick.simulation.demo.people import OPERATOR, ROBOT, opening
from redstick.simulation.demo.seats import OFFERS
from redstick.simulation.demo.sitting import Sitting
from redstick.simulation.shift import Shift

FRIDAY_EVENING = datetime(2026, 11, 20, 17, 40, tzinfo=ZoneInfo("America/Chicago"))
WARM_UP_MS = 50 * 60_000  # lived before the first visitor, so that work is under way
YEAR_MS = 365 * 24 * 3600 * 1000
LIMITS = SessionLimits(YEAR_MS, YEAR_MS)  # the city's hours pass in minutes: nobody is put out by them
ROBOT_SEATS = ("calls:1", "calls:2", "calls:3", "dispatch:1")


@dataclass(frozen=True)
class Wanted:
    """Which shift: from a seed and a scenario, at a pace."""

    seed: int
    scenario: str
    speed: int


class DemoCity:
    """A city that lives and can be visited: fills the server's `Demo`. `start`, then `run` until cancelled, `close`."""

    def __init__(
        self, base: Base, wanted: Wanted, shift: Shift, operations: LiveOperations, clock: CityClock, desk: LiveDesk
    ) -> None:
        self.operations = operations
        self._base, self._wanted = base, wanted
        self._sitting = Sitting(operations, ROBOT_SEATS)
        self._living = LivingCity(shift, operations, desk, clock, wanted.speed)

    async def start(self) -> None:
        """Come up; raises what the journal raises."""
        self._sitting.attend()
        await self.operations.start()
        await self._sitting.begin()

    async def run(self) -> None:
        """Live until cancelled."""
        await self._living.run()

    async def close(self) -> None:
        """Go down in order."""
        await self._sitting.close()
        await self.operations.close()

    # What the interface needs

    def told(self) -> DemoTold:
        """Seats, scenarios, the clock."""
        scenarios = [
            ScenarioOffered("ordinary", "An ordinary evening", "A Friday evening, as busy as most.", running=True)
        ]
        return DemoTold(
            self._base.parish.city.name,
            self._wanted.seed,
            self._wanted.scenario,
            scenarios,
            [self._offered(offer.seat) for offer in OFFERS],
            self._living.pace(),
        )

    def _offered(self, seat: str) -> SeatOffered:
        offer = next(one for one in OFFERS if one.seat == seat)
        holder = self._sitting.holder(seat)
        return SeatOffered(
            offer.seat, offer.path, offer.title, offer.sentence, offer.first_act, offer.role,
            holder, holder.startswith(ROBOT),
        )  # fmt: skip

    async def change(self, wanted: PaceChange) -> Pace | Rejection:
        """Set the clock."""
        return self._living.change(wanted)

    async def take_seat(self, seat: str, token: str, address: str) -> SignedIn | Rejection:
        """Let a visitor sit down."""
        return await self._sitting.take(seat, token, address)

    async def leave_seat(self, seat: str, token: str) -> Rejection | None:
        """Let a robot go on."""
        return await self._sitting.leave(seat, token)


def open_demo(data: Path, base: Base, wanted: Wanted, tell: Callable[[str], None]) -> DemoCity:
    """A city in an empty folder that has lived for `WARM_UP_MS` already; raises what its journal raises."""
    begin = round(FRIDAY_EVENING.timestamp() * 1000)
    tell("living through the first hour")
    shift, desk = _warmed_up(data, base, wanted, begin)
    clock = CityClock(begin)
    operations = open_live(data, city=base.folder, clock=clock, limits=LIMITS)
    return DemoCity(base, wanted, shift, operations, clock, desk.move_to(operations))


def _warmed_up(data: Path, base: Base, wanted: Wanted, until: Instant) -> tuple[Shift, MovedDesk]:
    driver = open_beforehand()
    desks: list[MovedDesk] = []

    def sits_at(driver: SynchronousDriver, rng: Generator) -> MovedDesk:
        begun = until - WARM_UP_MS
        asked = opening(base.authorities.policy, base.authorities.services)
        ids = [make_id("cmd", begun, int(rng.integers(2**62))) for _ in asked]
        requests = [Request(key, command, OPERATOR) for key, command in zip(ids, asked, strict=True)]
        for outcome in driver.run(requests, begun):
            if outcome.rejection is not None:
                raise RuntimeError(f"the demo's city cannot begin: {outcome.rejection}")
        desks.append(MovedDesk(driver, rng))
        return desks[-1]

    router = open_router(base.folder, base.parish.city)
    shift = Shift(base.parish, driver, router, wanted.seed, until - WARM_UP_MS, sits_at=sits_at)
    shift.advance(until)
    write_down(driver, data)
    return shift, desks[-1]

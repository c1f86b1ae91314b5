"""Where the robots of a demo sit: at the journal itself while the first hour is lived, then at the live server."""

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

from numpy.random import Generator

from redstick.dispatch.state import Dispatch
from redstick.kernel.authority.people import EnrollPerson
from redstick.kernel.authority.state import Access
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Lane
from redstick.kernel.ids import make_id
from redstick.kernel.values import Command, Instant, Outcome, Request
from redstick.server.operations import LiveOperations
from redstick.simulation.demo.people import OPERATOR, person_of_robot, roles_of_robot
from redstick.simulation.ports import Desk, Told, ignore


class MovedDesk:
    """One desk for robots that is carried from the journal to the live server: they notice nothing of it."""

    def __init__(self, driver: SynchronousDriver, rng: Generator) -> None:
        self._rng = rng
        self._at: Desk = EarlyDesk(driver, rng)

    @property
    def state(self) -> Dispatch:
        """The committed fold of dispatch."""
        return self._at.state

    def ask(self, now: Instant, actor: str, commands: Sequence[Command], told: Told = ignore) -> None:
        """Ask where the desk stands now."""
        self._at.ask(now, actor, commands, told)

    def move_to(self, operations: LiveOperations) -> "LiveDesk":
        """Stand before the live server from now on, with the same stream of ids."""
        self._at = desk = LiveDesk(operations, self._rng)
        return desk


class EarlyDesk:
    """Robots ask the journal itself, one after another; whoever asks for the first time is enrolled before."""

    def __init__(self, driver: SynchronousDriver, rng: Generator) -> None:
        self._driver, self._rng = driver, rng

    @property
    def state(self) -> Dispatch:
        """The committed fold of dispatch."""
        return cast("Dispatch", self._driver.executor.committed["dispatch"])

    def ask(self, now: Instant, actor: str, commands: Sequence[Command], told: Told = ignore) -> None:
        """Run commands in one batch and tell their outcomes, in their order; not those of timers and reactions."""
        access: Access = self._driver.executor.committed["access"]
        person = person_of_robot(actor)
        if person not in access.people:
            self._driver.run(_requests([EnrollPerson(person, roles_of_robot(actor))], OPERATOR, now, self._rng), now)
        requests = _requests(commands, person, now, self._rng)
        outcomes = {outcome.request: outcome for outcome in self._driver.run(requests, now)}
        told([outcomes[request.id] for request in requests])


class LiveDesk:
    """Robots ask the live server as any client does. Outcomes are told once durable, on the server's own loop."""

    def __init__(self, operations: LiveOperations, rng: Generator) -> None:
        self._operations, self._rng = operations, rng
        self._asking: set[asyncio.Task[None]] = set()
        self._failed: BaseException | None = None

    @property
    def state(self) -> Dispatch:
        """The committed fold of dispatch; what was asked and is not durable yet is not in it."""
        return cast("Dispatch", self._operations.states()["dispatch"])

    def ask(self, now: Instant, actor: str, commands: Sequence[Command], told: Told = ignore) -> None:
        """Ask for each command in its order; whoever asks for the first time is enrolled before."""
        person = person_of_robot(actor)
        requests = _requests(commands, person, now, self._rng)
        if person not in self._operations.states()["access"].people:
            enrolled = _requests([EnrollPerson(person, roles_of_robot(actor))], OPERATOR, now, self._rng)
            self._begin(enrolled, lambda _: self._begin(requests, told))
        else:
            self._begin(requests, told)

    async def settled(self) -> None:
        """Return once everything that was asked is told, and what was asked because of that too.

        Raises what a robot raised when it was told.
        """
        while self._asking:
            await asyncio.wait(self._asking)
        if self._failed is not None:
            raise self._failed

    def _begin(self, requests: Sequence[Request], told: Callable[[list[Outcome]], None]) -> None:
        asking = [asyncio.ensure_future(self._operations.ask(one, self._lane(one))) for one in requests]
        task = asyncio.ensure_future(_tell(asking, told))
        self._asking.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._asking.discard(task)
        if not task.cancelled():
            self._failed = self._failed or task.exception()

    def _lane(self, request: Request) -> Lane:
        return Lane.EMERGENCY if type(request.command) in self._operations.house.urgent else Lane.ORDINARY


async def _tell(asking: "Sequence[asyncio.Future[Outcome]]", told: Callable[[list[Outcome]], None]) -> None:
    told(list(await asyncio.gather(*asking)))


def _requests(commands: Sequence[Command], actor: str, now: Instant, rng: Generator) -> list[Request]:
    return [Request(make_id("cmd", now, int(rng.integers(2**62))), command, actor) for command in commands]

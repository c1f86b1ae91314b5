"""Where the robots of a demo sit: at the journal itself while an hour is lived beforehand, then at the live server."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import cast

from numpy.random import PCG64, Generator, SeedSequence

from redstick.dispatch.state import Dispatch
from redstick.kernel.authority.people import EnrollPerson
from redstick.kernel.authority.state import Access
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Lane
from redstick.kernel.ids import make_id
from redstick.kernel.values import Command, Event, Instant, Outcome, Request
from redstick.server.operations import LiveOperations
from redstick.simulation.demo.people import OPERATOR, person_of_robot, roles_of_robot
from redstick.simulation.desk import JournaledDesk
from redstick.simulation.ports import Told, ignore

Hear = Callable[[Iterable[Event]], None]


class EarlyDesk(JournaledDesk):
    """Robots ask a journal of their own, under authority: whoever asks for the first time is enrolled before."""

    @classmethod
    def on(cls, driver: SynchronousDriver, seed: int, hear: Hear) -> "EarlyDesk":
        """A desk whose ids follow from `seed`; `hear` is called with the events of each batch once they are folded."""
        driver.listen(lambda facts: hear([fact.event for fact in facts]))
        return cls(driver, Generator(PCG64(SeedSequence([seed, 0]))))

    def ask(self, now: Instant, actor: str, commands: Sequence[Command], told: Told = ignore) -> None:
        """Run commands in one batch and tell their outcomes, in their order; not those of timers and reactions."""
        access: Access = self._driver.executor.committed["access"]
        person = person_of_robot(actor)
        if person not in access.people:
            super().ask(now, OPERATOR, [EnrollPerson(person, roles_of_robot(actor))])
        super().ask(now, person, commands, told)


class LiveDesk:
    """Robots ask the live server as any client does. Outcomes are told once durable, on the server's own loop."""

    def __init__(self, operations: LiveOperations, seed: int, hear: Hear) -> None:
        self._operations = operations
        self._rng = Generator(PCG64(SeedSequence([seed, 1])))
        self._asking: set[asyncio.Task[None]] = set()
        self._failed: BaseException | None = None
        operations.driver.listen(lambda facts: hear([fact.event for fact in facts]))

    @property
    def state(self) -> Dispatch:
        """The committed fold of dispatch; what was asked and is not durable yet is not in it."""
        return cast("Dispatch", self._operations.states()["dispatch"])

    def ask(self, now: Instant, actor: str, commands: Sequence[Command], told: Told = ignore) -> None:
        """Ask for each command in its order; whoever asks for the first time is enrolled before."""
        person = person_of_robot(actor)
        requests = self._requests(commands, person, now)
        if person in self._operations.states()["access"].people:
            self._begin(requests, told)
        else:
            enrolled = self._requests([EnrollPerson(person, roles_of_robot(actor))], OPERATOR, now)
            self._begin(enrolled, lambda _: self._begin(requests, told))

    async def settled(self) -> None:
        """Return once everything that was asked is told, and what was asked because of that too.

        Raises what a robot raised when it was told.
        """
        while self._asking:
            await asyncio.wait(self._asking)
        if self._failed is not None:
            raise self._failed

    def _requests(self, commands: Sequence[Command], person: str, now: Instant) -> list[Request]:
        return [Request(make_id("cmd", now, int(self._rng.integers(2**62))), command, person) for command in commands]

    def _begin(self, requests: Sequence[Request], told: Told) -> None:
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


async def _tell(asking: "Sequence[asyncio.Future[Outcome]]", told: Told) -> None:
    told(list(await asyncio.gather(*asking)))

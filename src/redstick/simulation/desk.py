"""The desk: robots ask the real kernel, with ids that follow from the seed."""

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from numpy.random import PCG64, Generator, SeedSequence

from redstick.dispatch.state import Dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.ids import make_id
from redstick.kernel.values import Command, Event, Instant, Request
from redstick.simulation.ports import Told, ignore


class JournaledDesk:
    """Puts commands to a driver; outcomes are told before `ask` returns, their events in the journal and folded."""

    def __init__(self, driver: SynchronousDriver, rng: Generator) -> None:
        self._driver, self._rng = driver, rng

    @classmethod
    def on(cls, driver: SynchronousDriver, seed: int, hear: Callable[[Iterable[Event]], None]) -> "JournaledDesk":
        """A desk whose ids follow from `seed`; `hear` is called with the events of each batch once they are folded."""
        driver.listen(lambda facts: hear([fact.event for fact in facts]))
        return cls(driver, Generator(PCG64(SeedSequence([seed, 0]))))

    @property
    def driver(self) -> SynchronousDriver:
        """What steps the executor."""
        return self._driver

    def next_due(self) -> Instant | None:
        """When the next timer is due; None when none runs."""
        return self._driver.executor.next_due()

    def tick(self, now: Instant) -> bool:
        """Let the timers that are due fire; False when none did."""
        before = self._driver.executor.durable.position
        self._driver.drain(now)
        return self._driver.executor.durable.position != before

    @property
    def state(self) -> Dispatch:
        """The committed fold of dispatch."""
        return cast("Dispatch", self._driver.executor.committed["dispatch"])

    def ask(self, now: Instant, actor: str, commands: Sequence[Command], told: Told = ignore) -> None:
        """Run commands in one batch and tell their outcomes, in their order; not those of timers and reactions."""
        ids = [make_id("cmd", now, int(self._rng.integers(2**62))) for _ in commands]
        requests = [Request(key, command, actor) for key, command in zip(ids, commands, strict=True)]
        outcomes = {outcome.request: outcome for outcome in self._driver.run(requests, now)}
        told([outcomes[key] for key in ids])

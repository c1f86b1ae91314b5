"""A dispatch centre that a scenario can hurt: the live domain on its journal, on a disk that may lose power.

Whoever asks while it is dark is not answered, and asks again under the same id when it is back, as a console does.
What it told is kept here, outside of it, to be held against its journal afterwards.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from random import Random

from redstick.dispatch.state import Dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.executor import Lane
from redstick.kernel.fold import Fact
from redstick.kernel.ports import Journal
from redstick.kernel.snapshots import Snapshot, read_snapshot, stands_in, written_snapshot
from redstick.kernel.values import Command, Instant, Outcome, Request
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Problem
from redstick.simulation.museum.record import Line, read
from redstick.simulation.timeline import Timeline
from redstick.simulation.world.disk import PowerLost, SimulatedDisk

NOON: Instant = 1_700_000_000_000
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
LATELY = 30  # so many requests can be asked again


def dice(seed: int, of: str) -> Random:
    """A source of chance for one part of a scenario, so that a change in one leaves the others as they were."""
    return Random(f"{seed}/{of}")  # noqa: S311  (a seed is to be repeated, not to be secret)


class Centre:
    """One node on one disk. `timeline` moves its time; `told` holds every outcome that left it, by request."""

    def __init__(self, build: Build, seed: int, start: Instant = NOON) -> None:
        self.build, self.timeline = build, Timeline(start)
        self.disk = SimulatedDisk(dice(seed, "disk"))
        self.told: dict[str, Outcome] = {}
        self.unanswered: dict[str, tuple[Request, Lane]] = {}
        self.lately: deque[Request] = deque(maxlen=LATELY)  # what was asked last
        self.kept: bytes | None = None  # the last snapshot
        self.refolded: list[int] = []  # how many lines each restart had to fold
        self.heard: list[Callable[[list[Fact]], None]] = []  # told of what is durable, over restarts
        self._asked, self._wake_at = 0, 0
        self.driver: SynchronousDriver | None = None
        self.restart()

    # Time

    @property
    def now(self) -> Instant:
        """The virtual moment."""
        return self.timeline.now

    def after(self, seconds: float, act: Callable[..., None], *of: object) -> None:
        """Plan an act."""
        self.timeline.after(seconds, partial(act, *of))

    def live(self, ms: int) -> None:
        """Let so much time pass; what is planned and what is due happens when its time has come."""
        self.timeline.run_until(self.now + ms)

    # Work

    @property
    def up(self) -> bool:
        """Whether anybody answers."""
        return self.driver is not None

    @property
    def state(self) -> Dispatch:
        """The committed fold; raises Unavailable while it is dark."""
        if self.driver is None:
            raise Unavailable("the centre is dark")
        state: Dispatch = self.driver.executor.committed["dispatch"]
        return state

    def ask(
        self, command: Command, actor: str = "floor", at: Instant | None = None, *, name: str = "",
        lane: Lane = Lane.ORDINARY,
    ) -> Outcome | None:  # fmt: skip
        """The durable outcome; None while nobody answers: then it is asked again, under its id, after the restart."""
        self._asked += 1
        request = Request(name or f"ask{self._asked}", command, actor, at)
        return self.ask_request(request, lane)

    def ask_request(self, request: Request, lane: Lane = Lane.ORDINARY) -> Outcome | None:
        """The same, of a request that has its id."""
        self.unanswered[request.id] = (request, lane)
        self.lately.append(request)
        with_answer: list[Outcome] = []
        self._try(lambda driver: with_answer.extend(driver.run([request], self.now, lane)))
        self._tell(with_answer)
        return self.told.get(request.id)

    def all_of(self, commands: Iterable[Command], actor: str = "floor") -> None:
        """Ask commands that nobody could refuse; raises ValueError when one is refused all the same."""
        for command in commands:
            outcome = self.ask(command, actor)
            if outcome is not None and not outcome.accepted:
                raise ValueError(f"{command}: {outcome.rejection}")

    # What befalls it

    def lose_power(self) -> None:
        """Now."""
        self._go_dark()

    def kill(self) -> None:
        """The process dies; what it wrote can be read, synced or not."""
        self.disk.kill()
        self.driver = None

    def keep_snapshot(self) -> None:
        """What a follower takes now and then."""
        if self.driver is not None:
            self.kept = written_snapshot(self.driver.executor.snapshot())

    def restart(self) -> bool:
        """Come up from the disk alone; False when power was lost again meanwhile.

        What was unanswered is asked again.
        """
        try:
            journal = self.build.journal(self.disk)
            snapshot = self._usable(journal)
            driver = SynchronousDriver(self.build.executor([self.build.domain]), journal, snapshot=snapshot)
            driver.listen(self._note)
            self.refolded.append(journal.head().position - (snapshot.fold.position if snapshot else 0))
            self.driver = driver
            self._tell(driver.lead("node", self.now))
        except (PowerLost, Unavailable):
            self._go_dark()
            return False
        self._plan_wake()
        for request, lane in list(self.unanswered.values()):
            self.ask_request(request, lane)
        return self.up

    def _usable(self, journal: Journal) -> Snapshot | None:
        if self.kept is None:
            return None
        try:
            snapshot = read_snapshot(self.kept)
        except Corruption:
            return None
        return snapshot if stands_in(snapshot, journal.read) else None

    def _go_dark(self) -> None:
        self.disk.crash()
        self.driver = None

    def _try(self, act: Callable[[SynchronousDriver], object]) -> None:
        if self.driver is None:
            return
        try:
            act(self.driver)
            self.driver.journal.tend()
        except (PowerLost, Unavailable):
            self._go_dark()
        self._plan_wake()

    def _tell(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self.told[outcome.request] = outcome
            self.unanswered.pop(outcome.request, None)

    def _note(self, facts: list[Fact]) -> None:
        for listener in self.heard:
            listener(facts)

    def _plan_wake(self) -> None:
        due = self.driver.executor.next_due() if self.driver is not None else None
        if due is not None and not self.now < self._wake_at <= due:
            self._wake_at = due if due > self.now else self.now + SECOND  # what is held is looked at again, in time
            self.timeline.at(self._wake_at, self._wake)

    def _wake(self) -> None:
        self._try(lambda driver: self._tell(driver.drain(self.now)))

    # Its record

    @property
    def journal(self) -> Journal:
        """The open journal; raises Unavailable while it is dark."""
        if self.driver is None:
            raise Unavailable("the centre is dark")
        return self.driver.journal

    def stored(self) -> list[bytes]:
        """The lines of its journal as they are on the disk."""
        return list(self.journal.read())

    def lines(self) -> list[Line]:
        """The same, read from outside."""
        return read(self.stored())

    def fold(self) -> bytes:
        """The committed fold as bytes."""
        if self.driver is None:
            raise Unavailable("the centre is dark")
        return written_snapshot(self.driver.executor.snapshot())

    def told_otherwise(self, clause: str) -> Iterator[Problem]:
        """What was asked last, asked again under the same ids: whoever is told something else is a problem."""
        for request in list(self.lately):
            before = self.told.get(request.id)
            again = self.ask_request(request)
            if before is not None and (again is None or again.position != before.position):
                yield Problem(clause, f"{request.id} was told {before.position}, and when asked again {again}")

    def untrue(self, clause: str) -> Iterator[Problem]:
        """What was told and is not what the journal says, and what nobody was told: each is a problem of `clause`."""
        last = {line.cause: line for line in self.lines()}
        unjournaled = {"command_id_reused", "command_expired", "busy", "ask_again"}
        for name, outcome in self.told.items():
            line = last.get(name)
            code = outcome.rejection.code if outcome.rejection is not None else ""
            if line is None:
                if code not in unjournaled:
                    yield Problem(clause, f"{name} was told an outcome that is not in the journal")
            elif (line.kind == "kernel.rejected") != bool(code) or line.position != outcome.position:
                yield Problem(clause, f"{name} was told {code or 'accepted'} at {outcome.position}: {line.kind}")
        yield from (Problem(clause, f"{name} was never answered") for name in self.unanswered)

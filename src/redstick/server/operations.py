"""A live city as the server runs it: the driver, the boards that seats look at, who is signed in, who follows."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, Protocol

import msgspec

from redstick.dispatch.rules.plans import MAX_TEXT, DraftPlan
from redstick.kernel.asynchronous import AsyncDriver
from redstick.kernel.authority.accounts import AccountBook, Passwords
from redstick.kernel.authority.attempts import Attempts
from redstick.kernel.authority.authority import Authority, Reading
from redstick.kernel.authority.sessions import SessionLimits, holds
from redstick.kernel.authority.state import Access
from redstick.kernel.errors import Unavailable
from redstick.kernel.executor import Lane
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Instant, Outcome, Rejection, Request
from redstick.server.accounts.reading import ReadGate
from redstick.server.accounts.sessions import OwnThread, Sessions
from redstick.server.accounts.signing_in import SignedIn, SigningIn
from redstick.server.api.ports import Drawn
from redstick.server.attendance import Attendance
from redstick.server.audiences import Audiences, View
from redstick.server.city_desk import CityDesk
from redstick.server.collection import SlicedCollection
from redstick.server.lookback import Lookback
from redstick.server.map.desk import MapDesk
from redstick.server.past import Past, ReadLines
from redstick.server.positions import NAME as POSITIONS
from redstick.server.positions import Positions
from redstick.server.savings import SavingsDesk
from redstick.server.tracks import INTERVAL_MS, Tracks

HOUSE = "house"  # as which the server itself asks
FRAME_S, TELL_S, TIDY_S = 0.05, 0.2, 60.0


class Follower(Protocol):
    """Whatever keeps ledgers and snapshots beside the server."""

    def tell(self, position: int) -> None:
        """Say how far the journal is durable; never waits."""

    def close(self) -> None:
        """Have it end."""


class Beside(Protocol):
    """Work beside the server that follows what is committed, and asks commands as the house."""

    def start(self) -> None:
        """Begin from committed state; no fact passes between that and the first `note`."""

    def note(self, facts: list[Fact]) -> None:
        """What was committed."""

    async def close(self) -> None:
        """End."""


class LiveOperations:
    """Fills the `Operations` of the interface. `start` comes up, `close` goes down; between them it runs by itself.

    `follow` starts the follower once the journal is open; `keep_index` stores the index of retired things as it stands
    at a position; `new_id` makes ids, `entropy` random bytes; `open_desk` starts what computes beside the server.
    `read_lines` reads durable lines beside the one that writes them; `open_map` starts what cuts the city's map,
    `open_lookback` what looks back, `open_savings` what reads bills.
    """

    def __init__(
        self,
        driver: AsyncDriver,
        views: Sequence[View],
        audiences: Sequence[str],
        book: AccountBook,
        passwords: Passwords,
        follow: Callable[[], Follower],
        keep_index: Callable[[int], None],
        clock: Callable[[], Instant],
        new_id: Callable[[Instant], str],
        entropy: Callable[[int], bytes],
        beside: Callable[["LiveOperations"], Sequence[Beside]] = lambda _: (),
        open_desk: Callable[["LiveOperations"], CityDesk] | None = None,
        read_lines: ReadLines = lambda *_: iter(()),
        open_map: Callable[[], MapDesk] | None = None,
        open_lookback: Callable[["LiveOperations"], Lookback] | None = None,
        limits: SessionLimits | None = None,
        open_savings: Callable[[], SavingsDesk] | None = None,
    ) -> None:
        self.driver, self.house = driver, driver.executor.house
        self._drawings: dict[str, Audiences] = {}
        self._happened = asyncio.Event()  # something since the last frame
        self.views: dict[str, Drawn] = {}
        self._drawn, self._for = views, audiences
        self._clock, self._new_id, self._follow = clock, new_id, follow
        self._keep_index = keep_index
        self._follower: Follower | None = None
        self._book, self._accounts, self._passwords = book, OwnThread(), passwords
        self._sessions = Sessions(
            book, lambda session: holds(self._access().people, session), entropy, self._accounts, limits
        )
        self._signing_in = SigningIn(
            book, passwords, self._sessions, Attempts(entropy(32)), self._ask_itself, self._accounts
        )
        self._gate = ReadGate(self._access, self._ask_itself)
        self._collection = SlicedCollection()
        self._tasks: list[asyncio.Task[None]] = []
        self._attendance = Attendance(self.states, self._ask_itself)
        self.tracks = Tracks(self.states, self._ask_itself, self.now)
        self._beside: list[Beside] = [self._attendance, self.tracks, *beside(self)]
        self.past = Past(read_lines, self.house, self.position)
        self._open_desk, self._authority = open_desk, Authority()
        self.desk: CityDesk | None = None
        self._open_map = open_map
        self.map: MapDesk | None = None
        self._open_lookback = open_lookback
        self.lookback: Lookback | None = None
        self._open_savings = open_savings
        self.savings: SavingsDesk | None = None
        self._positions = Positions(audiences, self.states, self.tracks.track, INTERVAL_MS)
        self.tracks.listen(self._positions.touch)
        driver.listen(self._note)

    def beside(self, work: Beside) -> None:
        """Have work of the server's own run beside it; before `start`."""
        self._beside.append(work)

    async def start(self) -> None:
        """Come up; raises what the journal raises."""
        await self.driver.start()
        for view in self._drawn:
            executor = self.driver.executor
            drawing = Audiences(view, self._for, executor.committed, executor.durable.position, self.now())
            self._drawings[view.name] = drawing
        self.views = {**self._drawings, POSITIONS: self._positions}
        self._collection.begin()
        self._follower = self._follow()
        self.desk = None if self._open_desk is None else self._open_desk(self)
        self.map = None if self._open_map is None else self._open_map()
        self.lookback = None if self._open_lookback is None else self._open_lookback(self)
        self.savings = None if self._open_savings is None else self._open_savings()
        moving = self._positions.run(self.position, self.now)
        works = (self._publish(), self._tell(self._follower), self._tidy(), self._collection.run(), moving)
        self._tasks = [asyncio.create_task(work) for work in works]
        for one in self._beside:
            one.start()
            self.driver.listen(one.note)

    async def close(self) -> None:
        """Go down in order."""
        for one in self._beside:
            await one.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(Unavailable):
            await self._signing_in.tidy(self.now())
            await self._gate.tidy(self.now())
            self._keep_index(self.driver.executor.durable.position)
        await self.driver.close()
        if self._follower is not None:
            self._follower.close()
        if self.desk is not None:
            self.desk.close()
        if self.map is not None:
            self.map.close()
        if self.lookback is not None:
            self.lookback.close()
        if self.savings is not None:
            self.savings.close()
        self._accounts.close()
        self._passwords.close()
        self._collection.end()

    # Operations

    async def complete(self, person: str, command: Command, purpose: str | None) -> Command | Rejection:
        """The command with what is computed outside before it is decided: the reading of a drafted plan's text.

        Nobody else's word is taken for it, and nothing is computed for whom the executor will refuse. Rejections:
        `filled_by_the_server`, `computing_unavailable`.
        """
        if not isinstance(command, DraftPlan):
            return command
        if command.reading is not None:
            return Rejection("filled_by_the_server", {"field": "reading"})
        refused = self._authority.refusal(self._access(), Request("", command, person, purpose=purpose)) is not None
        if refused or self.desk is None or len(command.text) > MAX_TEXT:  # decide reads no text that is longer
            return command
        reading = await self.desk.reading_of(command.text)
        return reading if isinstance(reading, Rejection) else msgspec.structs.replace(command, reading=reading)

    def ask(self, request: Request, lane: Lane) -> Awaitable[Outcome]:
        """The outcome of a request, once it is durable."""
        return self.driver.ask(request, lane)

    async def settled(self, patience_s: float) -> None:
        """Return once everything that was asked is decided and durable, or after that long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self.driver.settled()

    def now(self) -> Instant:
        """Time as the journal knows it: never falls."""
        return max(self._clock(), self.driver.executor.recorded_at)

    def position(self) -> int:
        """Up to which position of the journal everything is durable."""
        return self.driver.executor.durable.position

    def states(self) -> Mapping[str, Any]:
        """Committed state, by domain."""
        return self.driver.executor.committed

    @property
    def idle_ms(self) -> int:
        """How long a session lasts unused."""
        return self._sessions.limits.idle_ms

    def person_of(self, token: str) -> str | None:
        """Who holds a session's token; None when nobody does, or not any more."""
        session = self._sessions.look_up(token, self.now()) if token else None
        return None if session is None else session.person

    async def sign_in(self, name: str, password: str, address: str, instead_of: str | None) -> SignedIn | Rejection:
        """Begin a session."""
        return await self._signing_in.sign_in(name, password, address, self.now(), instead_of)

    async def vouch_for(self, person: str, address: str, instead_of: str | None) -> SignedIn | Rejection:
        """Begin a session without a password, for whoever a demo has made up; no route of a real city asks this."""
        return await self._signing_in.vouch_for(person, address, self.now(), instead_of)

    async def names(self) -> dict[str, str]:
        """The name that each person signs in with; raises Unavailable."""
        return {account.person: account.name for account in await self._accounts(self._book.accounts)}

    async def sign_out(self, token: str) -> None:
        """End a session."""
        await self._signing_in.sign_out(token)

    async def admit(self, person: str, view: str, audience: str | None, purpose: str | None) -> Reading:
        """Whether a person may be shown a view; recorded where law asks."""
        return await self._gate.admit(person, view, audience, self.now(), purpose)

    async def draw(self, boards: Iterable[tuple[str, str]]) -> None:
        """Draw what these boards owe, by view and audience; returns in the very turn in which all of it is drawn.

        A board that nobody followed may owe much: it is drawn in slices, between which the loop does other work.
        """
        executor = self.driver.executor
        drawn = [(self._drawings[view], audience) for view, audience in boards if view in self._drawings]
        owing = True
        while owing:
            at, now, owing = executor.durable.position, self.now(), False
            for drawing, audience in drawn:
                owing |= drawing.draw_some(audience, executor.committed, at, now)
            if owing:
                await asyncio.sleep(0)
        self._draw_followed()

    def stream(self, person: str, seat: str) -> AbstractContextManager[None]:
        """A stream of a person is open, at this seat; at every seat of theirs where it names none."""
        return self._attendance.stream(person, seat)

    def stale(self, reading: Reading) -> bool:
        """Whether people or policy have changed since that answer."""
        return self._gate.stale(reading)

    # By itself

    def _access(self) -> Access:
        state: Access = self.driver.executor.committed["access"]
        return state

    def _ask_itself(self, command: Command) -> Awaitable[Outcome]:
        return self.driver.ask(Request(self._new_id(self.now()), command, HOUSE))

    def _note(self, facts: list[Fact]) -> None:
        states = self.driver.executor.committed
        for drawing in self._drawings.values():
            drawing.note(states, facts)
        self._positions.note(facts)
        self._happened.set()

    async def _publish(self) -> None:
        """A frame as soon as something has happened, and none sooner than `FRAME_S` behind the one before."""
        while True:
            await self._happened.wait()
            self._happened.clear()
            self._draw_followed()
            await asyncio.sleep(FRAME_S)

    def _draw_followed(self) -> None:
        """All in one turn: whoever follows several boards sees them at one position."""
        executor = self.driver.executor
        for drawing in self._drawings.values():
            drawing.publish(executor.committed, executor.durable.position, self.now(), followed=True)

    async def _tell(self, follower: Follower) -> None:
        while True:
            follower.tell(self.driver.executor.durable.position)
            await asyncio.sleep(TELL_S)

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(TIDY_S)
            with suppress(Unavailable):
                await self._signing_in.tidy(self.now())
                await self._gate.tidy(self.now())
                self._keep_index(self.driver.executor.durable.position)

"""A live city as the server runs it: the driver, the boards that seats look at, who is signed in, who follows."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from redstick.kernel.asynchronous import AsyncDriver
from redstick.kernel.authority.accounts import AccountBook, Passwords
from redstick.kernel.authority.attempts import Attempts
from redstick.kernel.authority.authority import Reading
from redstick.kernel.authority.sessions import holds
from redstick.kernel.authority.state import Access
from redstick.kernel.errors import Unavailable
from redstick.kernel.executor import Lane
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Instant, Outcome, Rejection, Request
from redstick.server.accounts.reading import ReadGate
from redstick.server.accounts.sessions import OwnThread, Sessions
from redstick.server.accounts.signing_in import SignedIn, SigningIn
from redstick.server.audiences import Audiences, View
from redstick.server.following import Following

HOUSE = "house"  # as which the server itself asks
FRAME_S, TIDY_S = 0.05, 60.0
SNAPSHOT_LINES = 50_000  # after so many a follower takes a snapshot

Snapshotting = Callable[[int], Awaitable[None]]


class LiveOperations:
    """Fills the `Operations` of the interface. `start` comes up, `close` goes down; between them it runs by itself.

    `snapshot` has a follower take one of the journal up to a position; `new_id` makes ids, `entropy` random bytes.
    """

    def __init__(
        self,
        driver: AsyncDriver,
        views: Sequence[View],
        audiences: Sequence[str],
        book: AccountBook,
        passwords: Passwords,
        followings: Sequence[Following],
        snapshot: Snapshotting,
        clock: Callable[[], Instant],
        new_id: Callable[[Instant], str],
        entropy: Callable[[int], bytes],
    ) -> None:
        self.driver, self.house = driver, driver.executor.house
        self.views: dict[str, Audiences] = {}
        self._drawn, self._for = views, audiences
        self._clock, self._new_id, self._snapshot = clock, new_id, snapshot
        self._followings = followings
        self._accounts = OwnThread()
        self._sessions = Sessions(book, lambda session: holds(self._access().people, session), entropy, self._accounts)
        self._signing_in = SigningIn(
            book, passwords, self._sessions, Attempts(entropy(32)), self._ask_itself, self._accounts
        )
        self._gate = ReadGate(self._access, self._ask_itself)
        self._tasks: list[asyncio.Task[None]] = []
        self._snapshot_at = 0
        driver.listen(self._note)

    async def start(self) -> None:
        """Come up; raises what the journal raises."""
        await self.driver.start()
        for view in self._drawn:
            executor = self.driver.executor
            self.views[view.name] = Audiences(
                view, self._for, executor.committed, executor.durable.position, self.now()
            )
        gc.collect()
        gc.freeze()  # what is there now stays: later collections need not look at it
        works = (self._publish(), self._tidy(), *(following.run() for following in self._followings))
        self._tasks = [asyncio.create_task(work) for work in works]

    async def close(self) -> None:
        """Go down in order."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(Unavailable):
            await self._signing_in.tidy(self.now())
        await self.driver.close()
        for following in self._followings:
            following.close()
        self._accounts.close()
        gc.unfreeze()

    # Operations

    def ask(self, request: Request, lane: Lane) -> Awaitable[Outcome]:
        """The outcome of a request, once it is durable."""
        return self.driver.ask(request, lane)

    def now(self) -> Instant:
        """Time as the journal knows it: never falls."""
        return max(self._clock(), self.driver.executor.recorded_at)

    def states(self) -> Mapping[str, Any]:
        """Committed state, by domain."""
        return self.driver.executor.committed

    def person_of(self, token: str) -> str | None:
        """Who holds a session's token; None when nobody does, or not any more."""
        session = self._sessions.look_up(token, self.now()) if token else None
        return None if session is None else session.person

    async def sign_in(self, name: str, password: str, address: str, instead_of: str | None) -> SignedIn | Rejection:
        """Begin a session."""
        return await self._signing_in.sign_in(name, password, address, self.now(), instead_of)

    async def sign_out(self, token: str) -> None:
        """End a session."""
        await self._signing_in.sign_out(token)

    async def admit(self, person: str, view: str, audience: str | None, purpose: str | None) -> Reading:
        """Whether a person may be shown a view; recorded where law asks."""
        return await self._gate.admit(person, view, audience, self.now(), purpose)

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
        for board in self.views.values():
            board.note(states, facts)
        for following in self._followings:
            following.note(facts)

    async def _publish(self) -> None:
        while True:
            await asyncio.sleep(FRAME_S)
            executor = self.driver.executor
            for board in self.views.values():
                board.publish(executor.committed, executor.durable.position, self.now())
            if executor.durable.position - self._snapshot_at >= SNAPSHOT_LINES:
                self._snapshot_at = executor.durable.position
                self._tasks.append(asyncio.create_task(self._snapshot_up_to(self._snapshot_at)))

    async def _snapshot_up_to(self, position: int) -> None:
        await self._snapshot(position)

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(TIDY_S)
            with suppress(Unavailable):
                await self._signing_in.tidy(self.now())
                await self._gate.tidy(self.now())

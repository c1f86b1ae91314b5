"""Who is signed in: looked up in memory at each request, kept in the book of accounts beside it.

A look-up reads no disk and waits for nothing. What must be durable is written through in a thread of its own: a new
session before its token is given out, the end of one before sign-out is answered. When a session was last used is
written now and then; a crash may so end it early, never late.
"""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol, TypeVar

from redstick.kernel.authority.accounts import AccountBook
from redstick.kernel.authority.sessions import Session, SessionLimits
from redstick.kernel.values import Instant

TOKEN_BYTES = 32
SLICE = 1000  # sessions looked through before others may run
T = TypeVar("T")


class Offload(Protocol):
    """Runs blocking work beside the event loop, one piece after another."""

    def __call__(self, work: Callable[..., T], /, *arguments: object) -> Awaitable[T]:
        """What `work(*arguments)` gives, or raises."""


class OwnThread:
    """An `Offload` to one thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="accounts")

    def __call__(self, work: Callable[..., T], /, *arguments: object) -> Awaitable[T]:
        """Run it when what was given before is done."""
        return asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *arguments))

    def close(self) -> None:
        """Finish what was given."""
        self._thread.shutdown()


class Sessions:
    """The sessions of one node.

    `holds` says whether the journal lets a session stand (see `kernel.authority.sessions.holds`); it is asked at every
    look-up, so that a suspension needs to tell nobody. `entropy` gives so many random bytes.
    """

    def __init__(
        self,
        book: AccountBook,
        holds: Callable[[Session], bool],
        entropy: Callable[[int], bytes],
        offload: Offload,
        limits: SessionLimits | None = None,
    ) -> None:
        self.limits = limits or SessionLimits()
        self._book, self._holds, self._entropy, self._offload = book, holds, entropy, offload
        self._live: dict[bytes, Session] = {session.key: session for session in book.sessions()}
        self._unwritten: dict[bytes, Instant] = {}  # uses that the book does not know yet
        self._over: set[bytes] = set()  # ended in memory; the book still keeps them

    def look_up(self, token: str, now: Instant) -> Session | None:
        """The session of a token, and it counts as used; None when there is none, or none any more."""
        key = key_of(token)
        session = self._live.get(key)
        if session is None:
            return None
        if self.limits.over(session, now) or not self._holds(session):
            self._drop(key)
            return None
        if now > session.seen_at:
            session.seen_at = self._unwritten[key] = now
        return session

    async def begin(self, person: str, address: str, now: Instant, instead_of: str | None = None) -> str:
        """A new session's token, which exists nowhere else; the session of the token `instead_of` ends.

        A person who has too many loses the one that was not used for longest.
        """
        token = base64.urlsafe_b64encode(self._entropy(TOKEN_BYTES)).decode().rstrip("=")
        session = Session(key_of(token), person, address, now, now)
        before = None if instead_of is None else key_of(instead_of)
        if before is not None:
            self._drop(before)
        await self._offload(self._book.keep_session, session, before)
        self._live[session.key] = session
        others = [other for other in self._live.values() if other.person == person]
        others.sort(key=lambda other: (other.seen_at, other.began_at))
        await self._end(other.key for other in others[: -self.limits.per_person])
        return token

    async def end(self, token: str) -> Session | None:
        """End a session for good; gives what it was, None when there was none."""
        session = self._live.get(key_of(token))
        if session is not None:
            await self._end([session.key])
        return session

    async def tidy(self, now: Instant) -> None:
        """Write down uses and ends. Ask it every minute or so, and before closing."""
        for count, session in enumerate(list(self._live.values())):
            if self.limits.over(session, now) or not self._holds(session):
                self._drop(session.key)
            if count % SLICE == SLICE - 1:
                await asyncio.sleep(0)
        seen = dict(self._unwritten)
        if seen:
            await self._offload(self._book.saw, seen)
        for key, at in seen.items():
            if self._unwritten.get(key) == at:
                del self._unwritten[key]
        await self._end(())

    async def _end(self, keys: Iterable[bytes]) -> None:
        for key in keys:
            self._drop(key)
        over = set(self._over)
        if over:
            await self._offload(self._book.forget_sessions, over)
        self._over -= over

    def _drop(self, key: bytes) -> None:
        self._live.pop(key, None)
        self._unwritten.pop(key, None)
        self._over.add(key)


def key_of(token: str) -> bytes:
    """What a token is kept and looked up as: who reads the book learns no token from it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()

"""Beside the phones: passwords that are made here and kept nowhere, and digests that go with their device.

Sounds go with the message that they are.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from redstick.kernel.errors import Unavailable
from redstick.kernel.fold import Fact
from redstick.phones.credentials import PASSWORD_BYTES, CredentialBook
from redstick.phones.ports import Sounds
from redstick.phones.rules.messages import VoicemailDropped
from redstick.phones.rules.places import DeviceRemoved
from redstick.phones.state import Phones


def new_password() -> str:
    """A password that nobody guesses, of letters, digits, - and _."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


class Hushing:
    """Drops the sound of messages that are dropped, as long as it runs: it is none of another one's, nor a greeting."""

    def __init__(self, sounds: Sounds, states: Callable[[], Mapping[str, Any]]) -> None:
        self._sounds, self._states = sounds, states
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """What a crash has left is a file that nothing names."""

    def note(self, facts: list[Fact]) -> None:
        """What was committed."""
        for fact in facts:
            if isinstance(fact.event, VoicemailDropped) and fact.event.sha256:
                task = asyncio.create_task(self._drop(fact.event.sha256))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End, with what is at hand done."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _drop(self, sha256: str) -> None:
        state: Phones = self._states()["phones"]
        kept = {one.sha256 for one in state.voicemails.values()} | set(state.greetings.values())
        if sha256 not in kept:
            with suppress(OSError):
                await asyncio.to_thread(self._sounds.drop, sha256)


class Forgetting:
    """Forgets the digests of devices that are removed, as long as it runs."""

    def __init__(self, book: CredentialBook, states: Callable[[], Mapping[str, Any]]) -> None:
        self._book, self._states = book, states
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """A registrar asks the state too, so a digest that was left by a crash opens nothing."""

    def note(self, facts: list[Fact]) -> None:
        """What was committed."""
        for fact in facts:
            if isinstance(fact.event, DeviceRemoved):
                task = asyncio.create_task(self._forget(fact.event.device))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End, with what is at hand done."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _forget(self, device: str) -> None:
        if device not in self._states()["phones"].devices:
            with suppress(Unavailable):
                await asyncio.to_thread(self._book.forget, device)

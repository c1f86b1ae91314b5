"""Beside the phones: passwords that are made here and kept nowhere, and digests that go with their device."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from redstick.kernel.errors import Unavailable
from redstick.kernel.fold import Fact
from redstick.phones.credentials import PASSWORD_BYTES, CredentialBook
from redstick.phones.rules.places import DeviceRemoved


def new_password() -> str:
    """A password that nobody guesses, of letters, digits, - and _."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


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

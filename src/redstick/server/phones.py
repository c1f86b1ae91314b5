"""Beside the phones: passwords that are made here and kept nowhere, and digests that go with their device.

Sounds go with the message or the greeting that they are, hashes of PINs with their number.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Protocol

from redstick.kernel.errors import Unavailable
from redstick.kernel.fold import Fact
from redstick.phones.credentials import PASSWORD_BYTES, CredentialBook
from redstick.phones.lookups import sounds_named
from redstick.phones.pins import PinBook
from redstick.phones.ports import Sounds
from redstick.phones.rules.messages import GreetingSet, VoicemailDropped
from redstick.phones.rules.people import NumberReleased
from redstick.phones.rules.places import DeviceRemoved
from redstick.phones.state import Phones


def new_password() -> str:
    """A password that nobody guesses, of letters, digits, - and _."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


class Book(CredentialBook, PinBook, Protocol):
    """Both are in one."""


class Hushing:
    """Drops the sounds of messages that are dropped and of greetings that are replaced, as long as it runs.

    What is that of another message, a greeting or a menu too stays.
    """

    def __init__(self, sounds: Sounds, states: Callable[[], Mapping[str, Any]]) -> None:
        self._sounds, self._states = sounds, states
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """What a crash has left is a file that nothing names."""

    def note(self, facts: list[Fact]) -> None:
        """What was committed."""
        for fact in facts:
            match fact.event:
                case VoicemailDropped(sha256=sha256) | GreetingSet(before=sha256) if sha256:
                    task = asyncio.create_task(self._drop(sha256))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End, with what is at hand done."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _drop(self, sha256: str) -> None:
        state: Phones = self._states()["phones"]
        if sha256 not in sounds_named(state):
            with suppress(OSError):
                await asyncio.to_thread(self._sounds.drop, sha256)


class Forgetting:
    """Forgets digests of devices that are removed, and PINs of numbers that are released, as long as it runs."""

    def __init__(self, book: Book, states: Callable[[], Mapping[str, Any]]) -> None:
        self._book, self._states = book, states
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """A registrar asks the state too, so a digest that was left by a crash opens nothing."""

    def note(self, facts: list[Fact]) -> None:
        """What was committed."""
        for fact in facts:
            match fact.event:
                case DeviceRemoved(device=device):
                    self._do(self._forget(device))
                case NumberReleased(number=number):
                    self._do(self._forget_pins(number))

    async def close(self) -> None:
        """End, with what is at hand done."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _forget_pins(self, number: str) -> None:
        pin = self._states()["phones"].pins.get(number)
        with suppress(Unavailable):
            await asyncio.to_thread(self._book.forget_pins, number, "" if pin is None else pin.id)

    async def _forget(self, device: str) -> None:
        if device not in self._states()["phones"].devices:
            with suppress(Unavailable):
                await asyncio.to_thread(self._book.forget, device)

"""PINs of boxes: set where they are none that somebody would guess, tried one after another so that each is counted."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any

from redstick.kernel.authority.accounts import Busy, Passwords
from redstick.kernel.errors import Unavailable
from redstick.kernel.values import Command, Instant, Outcome, Rejection
from redstick.phones.pins import PinBook, is_closed, pin_refusal
from redstick.phones.rules.boxes import OpenBox, RefusePin
from redstick.phones.state import Phones

Ask = Callable[[Command], Awaitable[Outcome]]


class Tried(StrEnum):
    """What became of a PIN."""

    OPENED = "opened"
    WRONG = "pin_wrong"
    CLOSED = "pin_closed"
    NONE = "pin_none"
    CANNOT = "cannot"


class BoxPins:
    """`book` keeps hashes, `passwords` makes them; `states` are committed, `now` is the city's time, `name` makes ids.

    `ask` asks as the house and gives the durable outcome.
    """

    def __init__(
        self,
        book: PinBook,
        passwords: Passwords,
        states: Callable[[], Mapping[str, Any]],
        now: Callable[[], Instant],
        name: Callable[[str], str],
        ask: Ask,
    ) -> None:
        self._book, self._passwords, self._states = book, passwords, states
        self._now, self._name, self._ask = now, name, ask
        self._one_by_one = asyncio.Lock()

    def refusal(self, number: str, pin: str) -> Rejection | None:
        """Why digits may not be the PIN of a number's box."""
        direct = [outside for outside, ours in self._phones.direct.items() if ours == number]
        return pin_refusal(pin, number, direct)

    async def put(self, number: str, pin: str, ask: Callable[[str], Awaitable[Rejection | None]]) -> Rejection | None:
        """Put a PIN in the place of the one before, under a new id, which `ask` has the journal name or refuse.

        The hash is durable before it is named, and those before go behind it: whenever this is killed, the journal
        names one that is there. Rejections: those of `pin_refusal` and of `ask`, `busy`, `credentials_unavailable`.
        """
        refused = self.refusal(number, pin)
        if refused is not None:
            return refused
        made = self._name("pin")
        try:
            hashed = await self._passwords.hash(pin)
            await asyncio.to_thread(self._book.keep_pin, number, made, hashed)
            rejection = await ask(made)
        except Busy:
            return Rejection("busy")
        except Unavailable:
            return Rejection("credentials_unavailable", {"number": number})
        counts = self._phones.pins.get(number)
        with suppress(Unavailable):  # what is left opens nothing, and goes with the next one
            await asyncio.to_thread(self._book.forget_pins, number, "" if counts is None else counts.id)
        return rejection

    async def attempt(self, number: str, call: str, pin: str) -> Tried:
        """Open a box in a call, if this is its PIN. A wrong one is counted before anybody is told that it is wrong."""
        async with self._one_by_one:
            kept = self._phones.pins.get(number)
            if kept is None:
                return Tried.NONE
            if is_closed(kept, self._now()):
                return Tried.CLOSED
            try:
                stored = await asyncio.to_thread(self._book.pin, number, kept.id)
                right = await self._passwords.verify(stored, pin)
            except Unavailable:
                return Tried.CANNOT
            if right:
                opened = await self._ask(OpenBox(number, call, by_pin=True))
                return Tried.CANNOT if opened.rejection is not None else Tried.OPENED
            if (await self._ask(RefusePin(number, call))).rejection is not None:
                return Tried.CANNOT
        return Tried.CLOSED if is_closed(self._phones.pins.get(number, kept), self._now()) else Tried.WRONG

    @property
    def _phones(self) -> Phones:
        state: Phones = self._states()["phones"]
        return state

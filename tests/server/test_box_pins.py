"""PINs between the journal and the book of their hashes: whichever of the two fails, one PIN opens the box."""

import asyncio

import pytest
from tests.phones.switchboard import city_hall

from redstick.adapters.phone_book import SqlCredentialBook
from redstick.kernel.errors import Unavailable
from redstick.phones.pins import CLOSED_MS, TRIES
from redstick.phones.rules.boxes import SetMyPin
from redstick.phones.rules.calls import BeginPhoneCall
from redstick.server.phoning.pins import BoxPins, Tried

OLD, NEW, WRONG = "48213", "59324", "70435"


class Passwords:
    """A hash that is quick; what is tried is counted."""

    def __init__(self):
        self.tried = 0

    async def hash(self, password):
        """In the open."""
        await asyncio.sleep(0)
        return f"hash of {password}"

    async def verify(self, stored, password):
        """Against nothing it is false."""
        self.tried += 1
        await asyncio.sleep(0)
        return stored == f"hash of {password}"


class House:
    """A city hall with the box of ann, a book on disk, and a call from outside that is in its greeting."""

    def __init__(self, folder):
        self.hall, self.book, self.passwords = city_hall(), SqlCredentialBook(folder / "book"), Passwords()
        names = iter(range(1_000))
        self.pins = BoxPins(
            self.book, self.passwords, lambda: {"phones": self.hall.state}, lambda: self.hall.now,
            lambda prefix: f"{prefix}-{next(names)}", self.ask,
        )  # fmt: skip
        self.hall.events(BeginPhoneCall("c1", "+15045550123", "2100"))

    async def ask(self, command):
        """Durable, after others had their turn."""
        await asyncio.sleep(0)
        return self.hall.ask(command)

    async def put(self, pin, person="per_ann"):
        """Set it on the seat of somebody; why not."""

        async def ask(made):
            return (await self.ask(SetMyPin(person, "2100", made))).rejection

        refused = await self.pins.put("2100", pin, ask)
        return None if refused is None else refused.code

    async def opening(self):
        """The PINs that open the box now."""
        tried = {pin: await self.pins.attempt("2100", "c1", pin) for pin in (OLD, NEW)}
        self.hall.wait(CLOSED_MS)
        return [pin for pin, became in tried.items() if became is Tried.OPENED]


@pytest.fixture
def house(tmp_path):
    """No PIN yet."""
    made = House(tmp_path)
    yield made
    made.book.close()


def test_one_pin_opens_a_box_whatever_fails_while_another_is_set(house, monkeypatch):
    """The hash cannot be kept, the journal refuses, or the old hash cannot be forgotten."""

    def fails(*_):
        raise Unavailable("the book")

    async def lived():
        assert await house.pins.attempt("2100", "c1", OLD) is Tried.NONE
        assert await house.put(OLD) is None
        assert await house.opening() == [OLD]
        with monkeypatch.context() as broken:
            broken.setattr(house.book, "keep_pin", fails)
            assert await house.put(NEW) == "credentials_unavailable"
        assert await house.opening() == [OLD]
        assert await house.put(NEW, "per_bob") == "not_your_number"
        assert await house.opening() == [OLD]
        with monkeypatch.context() as broken:
            broken.setattr(house.book, "forget_pins", fails)
            assert await house.put(NEW) is None
        assert await house.opening() == [NEW]
        assert await house.put("1234") == "pin_refused"
        assert await house.opening() == [NEW]

    asyncio.run(lived())


def test_who_tries_many_at_once_tries_no_more_than_one_by_one(house):
    """Each is counted before the next is looked at; a box that is closed looks at none."""

    async def lived():
        assert await house.put(OLD) is None
        tries = [house.pins.attempt("2100", "c1", WRONG) for _ in range(40)]
        became = await asyncio.gather(*tries, house.pins.attempt("2100", "c1", OLD))
        assert house.passwords.tried == TRIES
        assert became == [Tried.WRONG] * (TRIES - 1) + [Tried.CLOSED] * 37
        assert house.hall.state.pins["2100"].wrong == TRIES

    asyncio.run(lived())


def test_a_pin_that_cannot_be_checked_or_written_down_opens_nothing(house, monkeypatch):
    """The right one neither: nobody tries for nothing where wrong ones cannot be counted."""

    def fails(*_):
        raise Unavailable("the book")

    async def lived():
        assert await house.put(OLD) is None
        with monkeypatch.context() as broken:
            broken.setattr(house.book, "pin", fails)
            assert await house.pins.attempt("2100", "c1", OLD) is Tried.CANNOT
        assert await house.pins.attempt("2100", "over", OLD) is Tried.CANNOT
        assert await house.pins.attempt("2100", "over", WRONG) is Tried.CANNOT

    asyncio.run(lived())

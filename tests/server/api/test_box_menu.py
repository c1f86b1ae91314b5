"""A box by telephone on the real server: its PIN, what is done in it by keys, and its greeting."""

import asyncio
import signal
from contextlib import asynccontextmanager

import pytest
from tests.server.api.handset import TONE, Handset
from tests.server.api.line import facts, handsets, outside_line
from tests.server.api.test_phone_boxes import leave, recorded
from tests.server.api.test_phones import Caller
from tests.server.api.test_voice import at, events, until
from tests.server.api.words import hears, put_words

from redstick.adapters.voice.g711 import PACKET_SAMPLES, PCMU
from redstick.adapters.voice.spoken import samples_of

pytestmark = [pytest.mark.sockets, pytest.mark.voice]
PIN = "48213"


class Owner(Caller):
    """dan, who has the extension 2102 and its box."""

    def __init__(self, server, ada):
        super().__init__(server, "dan")
        self.me = self.http.get("/api/session", headers=self.headers).json()["person"]
        ada.do("enroll-user", user={"id": "dan", "name": "Dan Dee", "person": self.me})
        what = {"type": "extension", "name": "Desk 2102", "user": "dan", "site": "hall", "ring_s": 1}
        ada.do("assign-number", number="2102", what=what)

    def set_pin(self, pin, number="2102"):
        """Ask it on the seat; the answer."""
        return self.http.post("/api/phones/set-pin", json={"number": number, "pin": pin}, headers=self.headers)


@pytest.fixture
def owner(exchange, ada, keys):
    """The box of 2102 in a house whose words can be told apart."""
    put_words(exchange.folder)
    return Owner(exchange, ada)


@asynccontextmanager
async def calling(phone, dialled, key=""):
    """A call into a box, and out of it; `key` is pressed once the greeting is heard."""
    invite, said = await phone.call(dialled)
    assert said.code == 200
    if key:
        await hears(phone, "greeting")
        phone.press(said, key)
    yield said
    await phone.bye(invite, said)


def test_a_box_opens_at_another_phone_by_its_pin_alone_and_its_own_phone_is_asked_by_choice(exchange, owner, keys):
    """`*` while it greets asks the PIN. Without one it does not open; each opening is a fact with who and how."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            async with calling(one, "2102", "*"):
                await hears(one, "pin_none")
            await facts(exchange, "phones.call_ended")
            assert (await asyncio.to_thread(owner.set_pin, PIN)).status_code == 200
            async with calling(one, "2102", "*") as said:
                await hears(one, "pin")
                one.press(said, "99999#")
                await hears(one, "pin_wrong")
                await hears(one, "pin")
                one.press(said, f"{PIN}#")
                await hears(one, "you_have")
            await asyncio.to_thread(owner.do, "ask-my-pin", number="2102", always=True, person=owner.me)
            async with calling(two, "2102") as said:
                await hears(two, "pin")
                two.press(said, f"{PIN}#")
                await hears(two, "you_have")
            opened = await facts(exchange, "phones.box_opened", 2)
            assert [(one["caller"], one["device"], one["by_pin"]) for one in opened] == [
                ("2101", "2101", True), ("2102", "2102", True),
            ]  # fmt: skip
            [refused] = events(exchange, "phones.pin_refused")
            assert (refused["number"], refused["caller"], refused["closed"]) == ("2102", "2101", False)

    asyncio.run(lived())
    kept = (exchange.folder / "phones.sqlite3").read_bytes()
    assert b"$argon2id$" in kept
    assert PIN.encode() not in kept


def test_wrong_pins_close_a_box_to_other_phones_and_its_own_opens(exchange, owner, keys):
    """The fifth is told as the one that closed it; then the right one does not open it, until a new one is set."""
    assert owner.set_pin(PIN).status_code == 200

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            for count, tries in enumerate((3, 2)):
                async with calling(one, "2102", "*") as said:
                    for _ in range(tries):
                        await hears(one, "pin")
                        one.press(said, "00000#")
                        await hears(one, "pin_wrong" if count == 0 else "pin_wrong" if _ == 0 else "pin_closed")
            async with calling(one, "2102", "*") as said:
                await hears(one, "pin")
                one.press(said, f"{PIN}#")
                await hears(one, "pin_closed")
            refused = await facts(exchange, "phones.pin_refused", 5)
            assert [one["closed"] for one in refused] == [False] * 4 + [True]
            [number] = (await asyncio.to_thread(owner.mine))["numbers"]
            assert (number["pin"]["wrong"], number["pin"]["closed"]) == (5, True)
            async with calling(two, "2102"):
                await hears(two, "you_have")
            assert (await asyncio.to_thread(owner.set_pin, "48214")).status_code == 200
            async with calling(one, "2102", "*") as said:
                await hears(one, "pin")
                one.press(said, "48214#")
                await hears(one, "you_have")

    asyncio.run(lived())

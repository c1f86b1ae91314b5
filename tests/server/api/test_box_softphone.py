"""baresip, from Debian, minds a box of the real server by its keys: PIN, menu and greeting."""

import asyncio
import hashlib
from array import array
from contextlib import asynccontextmanager

import pytest
from tests.adapters.voice.baresip import Phone, energy
from tests.server.api.line import facts
from tests.server.api.test_box_menu import PIN, Owner
from tests.server.api.test_voice import at, until
from tests.server.api.words import octet_of, put_words

from redstick.adapters.voice.g711 import PCMU, RATE
from redstick.adapters.voice.spoken import samples_of

pytestmark = [pytest.mark.sockets, pytest.mark.voice]


class Softphone(Phone):
    """It presses keys, and what it hears is in a file of the call."""

    async def call(self, number, realm):
        """Dial a box; it answers."""
        self.do("dial", f"sip:{number}@{realm}")
        await self.until("CALL_ESTABLISHED")

    async def hears(self, word):
        """Once a word was heard since it was last asked: a fiftieth of a second of its level, which no other has."""
        level = PCMU.decode(bytes([octet_of(word)]))[0]
        said = array("h", [level] * (RATE // 50)).tobytes()
        self.heard = await asyncio.to_thread(until, lambda: self._found(said))

    def _found(self, said):
        whole = b"".join(path.read_bytes()[44:] for path in sorted(self.folder.glob("dump-*-dec.wav")))
        at = whole.find(said, getattr(self, "heard", 0))
        return at + len(said) if at >= 0 else 0

    def press(self, keys):
        """Keys, one after another."""
        for key in keys:
            self.do("sndcode", key)


@asynccontextmanager
async def softphone(exchange, made, folder):
    """A phone that has registered."""
    phone = Softphone(folder / made["device"], made["device"], made["password"], made["realm"], at(exchange))
    await phone.open()
    try:
        await phone.let_in()
        yield phone
    finally:
        await phone.end()


def test_a_softphone_records_a_greeting_in_its_box_and_another_hears_it_and_opens_the_box_by_its_pin(
    exchange, ada, keys, tmp_path
):
    """Its voice is the greeting; the other one presses `*` and the PIN, a wrong one first, and is in the menu."""
    put_words(exchange.folder)
    owner = Owner(exchange, ada)
    assert owner.set_pin(PIN).status_code == 200

    async def lived():
        realm, folder = keys["2101"]["realm"], exchange.folder / "recordings"
        async with softphone(exchange, keys["2102"], tmp_path) as two:
            await two.call("2102", realm)
            for word, key in (("menu", "3"), ("greeting_menu", "2")):
                await two.hears(word)
                two.press(key)
            await two.hears("speak")
            await asyncio.to_thread(
                until, lambda: sum(path.stat().st_size for path in folder.glob("*/*.rtp")) > 2 * RATE
            )  # fmt: skip
            two.press("#")
            await two.hears("keep_menu")
            two.press("#")
            await two.hears("greeting_kept")
            two.do("hangup")
        [kept] = await facts(exchange, "phones.greeting_set")
        wav = (exchange.folder / "sounds" / f"{kept['sha256']}.wav").read_bytes()
        assert (hashlib.sha256(wav).hexdigest(), max(samples_of(wav)) > 5_000) == (kept["sha256"], True)
        async with softphone(exchange, keys["2101"], tmp_path) as one:
            await one.call("2102", realm)
            await asyncio.to_thread(until, lambda: energy(tmp_path / "2101") > 0.05)
            one.press("*")
            for word, pressed in (("pin", "99999#"), ("pin_wrong", ""), ("pin", f"{PIN}#"), ("you_have", "")):
                await one.hears(word)
                one.press(pressed)
            one.do("hangup")
        [refused] = await facts(exchange, "phones.pin_refused")
        opened = (await facts(exchange, "phones.box_opened", 2))[-1]
        assert (refused["caller"], opened["caller"], opened["by_pin"]) == ("2101", "2101", True)

    asyncio.run(lived())

"""A box by telephone on the real server: its PIN, what is done in it by keys, and its greeting."""

import asyncio
import hashlib
import signal
from array import array
from contextlib import asynccontextmanager

import pytest
from tests.server.api.handset import TONE, Handset
from tests.server.api.line import facts, handsets, outside_line
from tests.server.api.test_phone_boxes import leave, recorded
from tests.server.api.test_phones import Caller
from tests.server.api.test_voice import at, events, until
from tests.server.api.words import hears, put_words

from redstick.adapters.voice.g711 import PCMU
from redstick.adapters.voice.spoken import samples_of, wav_of

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
            assert [(one["caller"], one["device"], one.get("by_pin")) for one in opened] == [
                ("2101", "2101", True), ("2102", "2102", True),
            ]  # fmt: skip
            [refused] = events(exchange, "phones.pin_refused")
            assert (refused["number"], refused["caller"], "closed" in refused) == ("2102", "2101", False)

    asyncio.run(lived())
    kept = (exchange.folder / "phones.sqlite3").read_bytes()
    assert b"$argon2id$" in kept
    assert PIN.encode() not in kept


def test_wrong_pins_close_a_box_to_other_phones_and_its_own_opens(exchange, owner, keys):
    """The fifth is told as the one that closed it; then the right one does not open it, until a new one is set."""
    assert owner.set_pin(PIN).status_code == 200

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            for words in (("pin_wrong",) * 3, ("pin_wrong", "pin_closed")):
                async with calling(one, "2102", "*") as said:
                    for word in words:
                        await hears(one, "pin")
                        one.press(said, "00000#")
                        await hears(one, word)
            async with calling(one, "2102", "*") as said:
                await hears(one, "pin")
                one.press(said, f"{PIN}#")
                await hears(one, "pin_closed")
            refused = await facts(exchange, "phones.pin_refused", 5)
            assert ["closed" in one for one in refused] == [False] * 4 + [True]
            [number] = (await asyncio.to_thread(owner.get, "mine")).json()["numbers"]
            assert (number["pin"]["wrong"], number["pin"]["closed"]) == (5, True)
            async with calling(two, "2102"):
                await hears(two, "you_have")
            assert (await asyncio.to_thread(owner.set_pin, "48214")).status_code == 200
            async with calling(one, "2102", "*") as said:
                await hears(one, "pin")
                one.press(said, "48214#")
                await hears(one, "you_have")

    asyncio.run(lived())


def test_a_pin_that_is_easy_is_refused_with_why_on_the_seat_and_by_phone_where_it_is_pressed_twice(
    exchange, owner, keys
):
    """Nobody but whoever has the box sets it."""
    for pin, code, because in (
        ("123", "pin_malformed", None), ("2102", "pin_refused", "is_the_number"), ("1234", "pin_refused", "in_a_row"),
        ("7777", "pin_refused", "one_digit"), ("4848", "pin_refused", "repeated"),
    ):  # fmt: skip
        answer = owner.set_pin(pin)
        assert (answer.status_code, answer.json()["code"], answer.json()["data"].get("because")) == (409, code, because)
    assert owner.set_pin(PIN, "2101").json()["code"] == "not_your_number"
    assert Caller(exchange).http.post("/api/phones/set-pin", json={"number": "2102", "pin": PIN}).status_code == 401

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            async with calling(two, "2102") as said:
                await hears(two, "menu")
                two.press(said, "4")
                for pressed, word in (("1234#", "pin_in_a_row"), (f"{PIN}#", "pin_again")):
                    await hears(two, "pin_new")
                    two.press(said, pressed)
                    await hears(two, word)
                two.press(said, "99999#")
                await hears(two, "pin_differs")
                await hears(two, "pin_new")
                two.press(said, f"{PIN}#")
                await hears(two, "pin_again")
                two.press(said, f"{PIN}#")
                await hears(two, "pin_kept")
            [kept] = await facts(exchange, "phones.pin_set")
            assert (kept["number"], kept["by"]) == ("2102", "phone 2102")
            async with calling(one, "2102", "*") as said:
                await hears(one, "pin")
                one.press(said, f"{PIN}#")
                await hears(one, "you_have")

    asyncio.run(lived())


def test_messages_are_counted_saved_heard_again_and_deleted_by_keys(exchange, owner, keys):
    """New ones are heard first, the others from the menu; what is heard is saved until it is deleted."""

    async def lived():
        async with handsets(exchange, keys, "2101") as [one]:
            await leave(exchange, one)
            two = await (await Handset(at(exchange), keys["2102"]).open()).register()
            async with calling(two, "2102") as said:
                for word in ("you_have", "1", "new_message", "0", "saved_messages", "from", "2", "1", "0", "1"):
                    await hears(two, word)
                two.press(said, "1")
                await hears(two, "from")
                two.press(said, "2")
                for word in ("saved", "no_more", "menu"):
                    await hears(two, word)
                two.press(said, "1")
                await hears(two, "from")
                two.press(said, "7")
                for word in ("deleted", "no_more", "menu"):
                    await hears(two, word)
                two.press(said, "1")
                await hears(two, "menu")
                two.press(said, "*")
                await hears(two, "goodbye")
            assert len(await facts(exchange, "phones.voicemail_heard", 3)) == 3
            assert len(await facts(exchange, "phones.voicemail_dropped")) == 1
            two.close()

    asyncio.run(lived())


def test_whoever_left_a_message_is_called_back_by_a_key_from_a_phone_of_the_house(exchange, owner, ada, keys):
    """It is a call of its own, with its own record, by the plan; nobody dials for it."""
    outside_line(ada, "127.0.0.1:9")

    async def lived():
        async with handsets(exchange, keys, "2101") as [one]:
            await leave(exchange, one)
            two = await (await Handset(at(exchange), keys["2102"]).open()).register()
            _, said = await two.call("2102")
            await hears(two, "from")
            two.press(said, "8")
            rung = await one.next("INVITE")
            assert "2102@" in rung.first("From")
            await one.answer(rung)
            ended = await facts(exchange, "phones.call_ended", 2)
            assert (ended[-1]["answered_by"], ended[-1]["cause"]) == ("box 2102", "called 2101 back")
            one.hang_up(rung)
            two.say(await two.next("BYE"), 200, "OK")
            [*_, last] = await facts(exchange, "phones.call_ended", 3)
            assert (last["caller"], last["dialled"], last["answered_by"]) == ("2102", "2101", "2101")
            two.close()

    asyncio.run(lived())


async def recording(phone, said):
    """In the menu of the greeting, as far as the tone behind which it is recorded."""
    await hears(phone, "menu")
    phone.press(said, "3")
    await hears(phone, "greeting_menu")
    phone.press(said, "2")
    await hears(phone, "speak")


def test_a_greeting_is_recorded_heard_and_kept_and_callers_hear_it_until_the_standard_one_is_back(
    exchange, owner, keys
):
    """What stands in its file has the hash of the fact; a draft that is not kept leaves no file."""

    async def lived():
        async with handsets(exchange, keys, "2102") as [two]:
            async with calling(two, "2102") as said:
                await recording(two, said)
                await recorded(exchange, two, said)
                two.press(said, "#")
                await heard_greeting(two)
                await hears(two, "keep_menu")
                two.press(said, "*")
                await hears(two, "greeting_as_it_was")
                await asyncio.to_thread(until, lambda: not list((exchange.folder / "sounds").glob("*.wav")))
                assert events(exchange, "phones.greeting_set") == []
                await hears(two, "greeting_menu")
                two.press(said, "2")
                await hears(two, "speak")
                await recorded(exchange, two, said)
                two.press(said, "#")
                await hears(two, "keep_menu")
                two.press(said, "#")
                await hears(two, "greeting_kept")
                [kept] = await facts(exchange, "phones.greeting_set")
                wav = (exchange.folder / "sounds" / f"{kept['sha256']}.wav").read_bytes()
                assert (hashlib.sha256(wav).hexdigest(), max(samples_of(wav)) > 5_000) == (kept["sha256"], True)
            one = await (await Handset(at(exchange), keys["2101"]).open()).register()
            async with calling(one, "2102") as said:
                one.speak(said, 1)
                await heard_greeting(one)
            async with calling(two, "2102") as said:
                await hears(two, "menu")
                two.press(said, "3")
                await hears(two, "greeting_menu")
                two.press(said, "3")
                await hears(two, "greeting_standard")
            async with calling(one, "2102"):
                await hears(one, "greeting")
            await asyncio.to_thread(until, lambda: not list((exchange.folder / "sounds").glob("*.wav")))
            one.close()

    asyncio.run(lived())


async def heard_greeting(phone):
    """Once a phone hears the tone that was recorded, which may begin within a packet."""
    spoken = PCMU.decode(TONE)
    while max(PCMU.decode(await phone.voice())) < max(spoken) * 0.9:
        pass


def test_a_greeting_that_a_kill_cut_off_replaces_none_and_is_no_message(exchange, owner, keys):
    """The one before is what callers hear when the server is up again; nothing of the draft is left."""
    wav = wav_of(array("h", PCMU.decode(TONE * 50)))
    kept = owner.http.post("/api/phones/sounds", content=wav, headers=owner.headers).json()["sha256"]
    owner.do("set-greeting", number="2102", sha256=kept, person=owner.me)

    async def lived():
        async with handsets(exchange, keys, "2102") as [two]:
            _, said = await two.call("2102")
            await recording(two, said)
            await recorded(exchange, two, said)
            exchange.end(signal.SIGKILL)
            exchange.opened.clear()
            exchange.start()
            await asyncio.to_thread(until, lambda: not list((exchange.folder / "recordings").glob("*")))
            await asyncio.to_thread(until, lambda: not list((exchange.folder / "sounds" / "begun").glob("*.note")))

    asyncio.run(lived())
    [number] = Caller(exchange, "dan").get("mine").json()["numbers"]
    assert (number["greeting"], number["voicemails"]) == (kept, [])
    assert [path.read_bytes() for path in (exchange.folder / "sounds").glob("*.wav")] == [wav]
    assert len(events(exchange, "phones.greeting_set")) == 1

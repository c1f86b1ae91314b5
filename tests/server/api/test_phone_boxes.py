"""Voicemail on the real server: left with its sound, announced by lamp and letter, heard by who has the box alone."""

import asyncio
import hashlib
import io
import re
import shutil
import signal
import wave
from array import array
from contextlib import asynccontextmanager

import pytest
from tests.adapters.voice.baresip import Phone, energy
from tests.contracts.alert_providers import MailProvider
from tests.server.api.conftest import Server
from tests.server.api.handset import TONE, Handset
from tests.server.api.line import facts, handsets
from tests.server.api.test_phones import SITE, Caller
from tests.server.api.test_voice import at, events, until
from tests.server.api.words import hears, put_words

from redstick.adapters.voice.g711 import PCMU
from redstick.adapters.voice.spoken import samples_of, wav_of

pytestmark = [pytest.mark.sockets, pytest.mark.voice]


@pytest.fixture
def box(ada, keys, exchange):
    """2102 has voicemail, and dan has 2102; the words of the house are short."""
    put_words(exchange.folder)
    dan = Caller(exchange, "dan")
    me = dan.http.get("/api/session", headers=dan.headers).json()["person"]
    ada.do("enroll-user", user={"id": "dan", "name": "Dan Dee", "person": me, "email": "dan@city.example"})
    what = {"type": "extension", "name": "Desk 2102", "user": "dan", "site": "hall", "ring_s": 1}
    ada.do("assign-number", number="2102", what=what)
    return dan


async def recorded(server, phone, said, packets=100):
    """Speak until so much is kept."""
    folder = server.folder / "recordings"
    while sum(path.stat().st_size for path in folder.glob("*/*.rtp")) < packets * len(TONE):
        phone.speak(said, 5)
        await asyncio.sleep(0.02)


async def leave(server, phone):
    """A message of two seconds; its fact."""
    invite, said = await phone.call("2102")
    assert said.code == 200
    await recorded(server, phone, said)
    await phone.bye(invite, said)
    return (await facts(server, "phones.voicemail_left"))[-1]


def test_a_message_is_left_with_its_sound_and_lights_the_lamp(exchange, box, keys):
    """What stands in the file has the hash of the fact; the phone is told when it registers, and when it was heard."""

    async def lived():
        async with handsets(exchange, keys, "2101") as [one]:
            left = await leave(exchange, one)
            assert (left["number"], left["caller"]) == ("2102", "2101")
            wav = (exchange.folder / "sounds" / f"{left['sha256']}.wav").read_bytes()
            assert hashlib.sha256(wav).hexdigest() == left["sha256"]
            with wave.open(io.BytesIO(wav)) as file:
                samples = array("h", file.readframes(file.getnframes()))
            assert abs(len(samples) / 8 - left["length_ms"]) < 1
            assert left["length_ms"] >= 1_500
            assert max(samples) > 5_000
            [ended] = await facts(exchange, "phones.call_ended")
            assert (ended["answered_by"], ended["cause"]) == ("voicemail 2102", "the caller hung up")
            await asyncio.to_thread(until, lambda: not list((exchange.folder / "recordings").glob("*")))
            two = await (await Handset(at(exchange), keys["2102"]).open()).register()
            assert await lamp(two) == "yes 1/0"
            _, said = await two.call("2102")
            await heard_tone(two)
            await facts(exchange, "phones.voicemail_heard")
            assert await lamp(two) == "no 0/1"
            two.press(said, "7")
            [dropped] = await facts(exchange, "phones.voicemail_dropped")
            assert (dropped["message"], dropped["person"]) == (left["message"], "phone 2102")
            assert await lamp(two) == "no 0/0"
            await hears(two, "menu")
            two.press(said, "*")
            two.say(await two.next("BYE"), 200, "OK")
            await asyncio.to_thread(until, lambda: not list((exchange.folder / "sounds").glob("*.wav")))
            two.close()

    asyncio.run(lived())


async def lamp(phone):
    """What the next NOTIFY says of waiting messages."""
    notify = await phone.next("NOTIFY")
    phone.say(notify, 200, "OK")
    assert notify.first("Event") == "message-summary"
    lines = dict(line.split(": ") for line in notify.body.decode().split("\r\n") if line)
    return f"{lines['Messages-Waiting']} {lines['Voice-Message'].split(' ')[0]}"


async def heard_tone(phone):
    """Once the phone hears what was said."""
    while await phone.voice() != TONE:
        pass


def test_a_phone_subscribes_to_its_own_box_and_to_no_other(exchange, box, keys):
    """By its password; it is told at once, and as it changes, on that way alone."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102") as [one, two]:
            assert await lamp(two) == "no 0/0"
            await lamp(one)
            asked = two.request(
                "SUBSCRIBE", f"sip:2102@{two.realm}", f"<sip:2102@{two.realm}>", ("Event", "message-summary"),
                ("Expires", "600"),
            )  # fmt: skip
            _, said = await two.ask(asked)
            assert (said.code, said.first("Expires")) == (200, "600")
            first = await two.next("NOTIFY")
            two.say(first, 200, "OK")
            assert (first.first("Call-ID"), first.first("Subscription-State")[:6]) == (asked.first("Call-ID"), "active")
            for target, package, code in (("2101", "message-summary", 403), ("2102", "conference", 489)):
                asked = two.request(
                    "SUBSCRIBE", f"sip:{target}@{two.realm}", f"<sip:{target}@{two.realm}>", ("Event", package)
                )
                assert (await two.ask(asked))[1].code == code
            exchange_call = asyncio.create_task(one.call("2102"))
            two.say(await two.next("INVITE"), 486, "Busy Here")
            _, said = await exchange_call
            await recorded(exchange, one, said)
            one.press(said, "#")
            one.say(await one.next("BYE"), 200, "OK")
            notify = await two.next("NOTIFY")
            two.say(notify, 200, "OK")
            assert (notify.first("Call-ID"), b"1/0" in notify.body) == (first.first("Call-ID"), True)

    asyncio.run(lived())


def test_a_phone_sees_that_another_extension_rings_and_speaks(exchange, keys):
    """By its subscription (RFC 4235), and never with whom; unasked nobody is told."""

    async def lived():
        async with handsets(exchange, keys, "2101", "2102", "2103") as [one, two, three]:
            asked = three.request(
                "SUBSCRIBE", f"sip:2102@{three.realm}", f"<sip:2102@{three.realm}>", ("Event", "dialog"),
                ("Expires", "600"),
            )  # fmt: skip
            assert (await three.ask(asked))[1].code == 200
            assert await seen(three) == ""
            calling = asyncio.create_task(one.call("2102"))
            rung = await two.next("INVITE")
            assert await seen(three) == "early"
            await two.answer(rung)
            invite, said = await calling
            assert await seen(three) == "confirmed"
            await one.bye(invite, said)
            two.say(await two.next("BYE"), 200, "OK")
            assert await seen(three) == ""
            assert [one for one in two.waiting if one.first("Event") == "dialog"] == []

    asyncio.run(lived())


async def seen(phone):
    """What the next NOTIFY says of the extension that it watches."""
    notify = await phone.hear(lambda one: one.first("CSeq").endswith("NOTIFY") and one.first("Event") == "dialog")
    phone.say(notify, 200, "OK")
    assert b"2101" not in notify.body
    return (re.search(rb"<state>(.*)</state>", notify.body) or [b"", b""])[1].decode()


def test_who_says_nothing_leaves_no_message(exchange, box, keys):
    """And nothing of the call is kept."""

    async def lived():
        async with handsets(exchange, keys, "2101") as [one]:
            invite, said = await one.call("2102")
            await asyncio.to_thread(until, lambda: list((exchange.folder / "sounds" / "begun").glob("*.note")))
            await one.bye(invite, said)
            await facts(exchange, "phones.call_ended")
            await asyncio.to_thread(until, lambda: not list((exchange.folder / "sounds" / "begun").glob("*.note")))
            assert events(exchange, "phones.voicemail_left") == []
            await asyncio.to_thread(until, lambda: not list((exchange.folder / "recordings").glob("*")))

    asyncio.run(lived())


def test_what_was_being_said_when_the_server_was_killed_is_a_message_when_it_is_up_again(exchange, box, keys):
    """Its sound is all that had arrived; no message stands without one."""

    async def lived():
        async with handsets(exchange, keys, "2101") as [one]:
            _, said = await one.call("2102")
            await recorded(exchange, one, said)
            exchange.end(signal.SIGKILL)
            assert events(exchange, "phones.voicemail_left") == []
            exchange.opened.clear()
            exchange.start()
            [left] = await facts(exchange, "phones.voicemail_left")
            assert (left["number"], left["caller"], left["length_ms"] >= 1_500) == ("2102", "2101", True)
            assert (exchange.folder / "sounds" / f"{left['sha256']}.wav").exists()

    asyncio.run(lived())


def test_a_box_whose_sound_cannot_be_kept_takes_no_message(exchange, box, keys):
    """As on a full disk: the caller hears that it cannot be done, and no message says that it is there."""
    (exchange.folder / "sounds").write_text("no folder")

    async def lived():
        async with handsets(exchange, keys, "2101") as [one]:
            _, said = await one.call("2102")
            assert said.code == 200
            bye = await one.next("BYE")
            one.say(bye, 200, "OK")
            await facts(exchange, "phones.call_ended")
            assert events(exchange, "phones.voicemail_left") == []

    asyncio.run(lived())


def test_a_greeting_is_heard_by_who_is_not_answered(exchange, box, keys):
    """It is uploaded as WAV; what is none, or of another kind, is refused."""
    dan = box
    wav = wav_of(array("h", PCMU.decode(TONE * 50)))

    def send(data):
        return dan.http.post("/api/phones/sounds", content=data, headers=dan.headers)

    assert send(b"RIFF").status_code == 400
    assert Caller(exchange).http.post("/api/phones/sounds", content=wav).status_code == 401
    kept = send(wav).json()["sha256"]
    me = dan.http.get("/api/session", headers=dan.headers).json()["person"]
    dan.do("set-greeting", number="2102", sha256=kept, person=me)

    async def lived():
        async with handsets(exchange, keys, "2101") as [one]:
            invite, said = await one.call("2102")
            one.speak(said, 1)
            await heard_tone(one)
            await one.bye(invite, said)

    asyncio.run(lived())


def test_a_message_is_heard_on_the_seat_by_whoever_has_the_box_and_it_is_recorded(exchange, box, ada, keys):
    """The administrator, who runs the phones, does not; that somebody asked for it is written down."""

    async def lived():
        async with handsets(exchange, keys, "2101") as [one]:
            return await leave(exchange, one)

    left = asyncio.run(lived())
    path = f"/api/phones/voicemail/{left['message']}"
    answer = box.http.get(path, headers=box.headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert hashlib.sha256(answer.content).hexdigest() == left["sha256"]
    assert answer.headers["cache-control"] == "no-store"
    assert ada.http.get(path, headers=ada.headers).status_code == 409
    assert Caller(exchange).http.get(path).status_code == 401
    assert box.http.get("/api/phones/voicemail/none", headers=box.headers).status_code == 404
    assert box.http.get(path, headers=box.headers).status_code == 200
    me = box.http.get("/api/session", headers=box.headers).json()["person"]
    heard = events(exchange, "phones.voicemail_heard")
    assert [(one["message"], one["person"]) for one in heard] == [(left["message"], me)] * 2
    (exchange.folder / "sounds" / f"{left['sha256']}.wav").write_bytes(b"other")
    assert box.http.get(path, headers=box.headers).status_code == 409


def test_a_message_is_given_in_parts_to_a_player_and_one_hearing_is_one_record(exchange, box, ada, keys):
    """Each part is of the file that its hash names; nobody else has a part; what has other bytes is not given."""

    async def lived():
        async with handsets(exchange, keys, "2101") as [one]:
            return await leave(exchange, one)

    left = asyncio.run(lived())
    kept, path = left["sha256"], f"/api/phones/voicemail/{left['message']}"
    wav = (exchange.folder / "sounds" / f"{kept}.wav").read_bytes()

    def part(asked, who=box):
        return who.http.get(path, headers={**who.headers, "range": asked})

    first, last = part("bytes=0-"), part("bytes=-10")
    assert (first.status_code, first.headers["content-range"]) == (206, f"bytes 0-{len(wav) - 1}/{len(wav)}")
    assert (first.headers["accept-ranges"], first.headers["etag"]) == ("bytes", f'"{kept}"')
    assert (first.content, last.content, part("bytes=5-8").content) == (wav, wav[-10:], wav[5:9])
    beyond = part(f"bytes={len(wav)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(wav)}")
    assert part("bytes=0-1,4-5").status_code == 200
    assert part("bytes=0-", ada).status_code == 409
    assert Caller(exchange).http.get(path, headers={"range": "bytes=0-"}).status_code == 401
    assert len(events(exchange, "phones.voicemail_heard")) == 2  # the parts, and the whole file
    (exchange.folder / "sounds" / f"{kept}.wav").write_bytes(b"other" * 100)
    assert part("bytes=0-3").status_code == 409


@asynccontextmanager
async def mailing(enrolled, folder):
    """A server that sends letters to a mail server of the test."""
    async with MailProvider() as mail:
        paths = folder / "paths.toml"
        paths.write_text(
            f'[email]\nhost = "127.0.0.1"\nport = {mail.port}\nsender = "pbx@city.example"\nstarttls = false\n'
        )
        data = shutil.copytree(enrolled, folder / "mailing")
        server = await asyncio.to_thread(Server, data, "--voice", "127.0.0.1:0", "--alerting", str(paths))
        try:
            yield server, mail
        finally:
            await asyncio.to_thread(server.end)


def test_whoever_is_owed_a_notice_has_a_letter(enrolled, tmp_path):
    """Of 911 in the house, with the place; of voicemail from whom and how long, and nothing of what was said."""

    async def lived():
        async with mailing(enrolled, tmp_path) as (server, mail):
            keys = await asyncio.to_thread(prepared, server)
            async with handsets(server, keys, "2101") as [one]:
                await leave(server, one)
                await asyncio.to_thread(until, lambda: len(mail.letters) >= 1)
                invite, said = await one.call("911")
                await asyncio.to_thread(until, lambda: len(mail.letters) >= 2)
                await one.bye(invite, said)
            first, second = mail.letters
            assert (first["To"], "from 2101 in the box of 2102" in first["Subject"]) == ("dan@city.example", True)
            assert (second["To"], "222 Saint Louis St" in second.get_content()) == ("desk@city.example", True)
            delivered = await facts(server, "phones.notice_delivered", 2)
            assert len({one["notice"] for one in delivered}) == 2

    asyncio.run(lived())


def prepared(server):
    """Two extensions, one with a box whose user has an address; the credentials of their phones."""
    ada = Caller(server, "ada")
    ada.do("keep-site", site=SITE)
    ada.do("enroll-user", user={"id": "dan", "name": "Dan Dee", "email": "dan@city.example"})
    for number, user in (("2101", ""), ("2102", "dan")):
        what = {"type": "extension", "name": "Desk", "user": user, "site": "hall", "ring_s": 1}
        ada.do("assign-number", number=number, what=what)
    return {number: ada.do("add-phone", id=number, number=number) for number in ("2101", "2102")}


def test_a_softphone_leaves_a_message_and_another_hears_it(exchange, box, keys, tmp_path):
    """baresip, from Debian: its voice is in the file, and in the ear of whoever has the box."""

    async def lived():
        opened = []

        async def softphone(number):
            made = keys[number]
            phone = Phone(tmp_path / number, number, made["password"], made["realm"], at(exchange))
            opened.append(await phone.open())
            await phone.let_in()
            return phone

        try:
            one = await softphone("2101")
            one.do("dial", f"sip:2102@{keys['2102']['realm']}")
            await one.until("CALL_ESTABLISHED")
            folder = exchange.folder / "recordings"
            enough = 100 * len(TONE)
            await asyncio.to_thread(
                until, lambda: sum(path.stat().st_size for path in folder.glob("*/*.rtp")) > enough
            )  # fmt: skip
            one.do("hangup")
            [left] = await facts(exchange, "phones.voicemail_left")
            kept = array("h", samples_of((exchange.folder / "sounds" / f"{left['sha256']}.wav").read_bytes()))
            assert max(kept) > 5_000
            two = await softphone("2102")
            two.do("dial", f"sip:2102@{keys['2102']['realm']}")
            await two.until("CALL_ESTABLISHED")
            await asyncio.to_thread(until, lambda: energy(tmp_path / "2102") > 0.05)
            await facts(exchange, "phones.voicemail_heard")
        finally:
            for phone in opened:
                await phone.end()

    asyncio.run(lived())

"""The softphone of the Phones seat, by keyboard, with real phones of SIP (baresip): speaks, hands on, calls 911."""

import asyncio
import threading

import pytest
from tests.adapters.voice.baresip import Phone, energy
from tests.server.api.line import ELIN, NUMBERS
from tests.server.api.test_phones import SITE, Caller
from tests.server.api.test_voice import at, events, rows
from tests.server.api.window import SOFTPHONE, has_softphone

from redstick.phones.numbering import tidy

from .conftest import MEASURED, PATIENCE_S, until

pytestmark = [pytest.mark.browser, pytest.mark.sockets, pytest.mark.voice]
ON, LINE = ".softphone[data-standing=on]", ".softphone .line"


class Desks:
    """Phones of SIP on a loop of their own, since a page keeps this thread's."""

    def __init__(self, server, keys, folder):
        self.server, self.keys, self.folder, self.phones = server, keys, folder, {}
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, doing):
        """What it gives, once it is done."""
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(PATIENCE_S)

    def open(self, number):
        """A phone of baresip, registered; it answers by itself and says a tone."""

        async def opened():
            made = self.keys[number]
            phone = Phone(self.folder / number, number, made["password"], made["realm"], at(self.server))
            await phone.open()
            self.phones[number] = phone
            await phone.let_in()
            return phone

        return self.run(opened())

    def hears(self, number):
        """Once it hears somebody."""
        until(lambda: energy(self.folder / number) > 0.005)

    def close(self):
        """All of them."""
        for phone in self.phones.values():
            self.run(phone.end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture
def hall(psap, tmp_path):
    """Three extensions at the hall; 2101 is Dan's, and has a softphone."""
    ada = Caller(psap, "ada")
    ada.do("keep-site", site={**SITE, "elins": [ELIN]})
    for number in NUMBERS:
        what = {
            "type": "extension",
            "name": f"Desk {number}",
            "site": "hall",
            "ring_s": 2 * PATIENCE_S,
            "voicemail": False,
        }
        ada.do("assign-number", number=number, what=what)
    keys = {number: ada.do("add-phone", id=number, number=number) for number in NUMBERS}
    psap.ada, psap.phone_of = ada, has_softphone(psap, ada)
    psap.desks = Desks(psap, keys, tmp_path)
    yield psap
    psap.desks.close()


@pytest.fixture
def phones(hall, seat):
    """Dan's window with the softphone on, by a key."""
    page = seat("microphone", at="phones")
    page.locator(".softphone[data-standing=off]").wait_for()
    page.keyboard.press("Shift+F2")
    page.locator(ON).wait_for()
    until(lambda: {"device": SOFTPHONE, "number": "2101", "reachable": True} in events(hall, "phones.device_reported"))
    return page


def heard(page):
    """What the newest connection of the page has heard: packets, those lost, energy."""
    said = page.evaluate(MEASURED)["inbound-rtp"]
    return said["packetsReceived"], said["packetsLost"], said["totalAudioEnergy"]


def hears(page, packets=150):
    """It hears so many packets more, all of them, with somebody in them."""
    before = heard(page)
    until(lambda: (now := heard(page))[0] > before[0] + packets and now[2] > before[2])  # a tone of ringing pauses
    assert heard(page)[1] == before[1]


def dial(page, number):
    """From the field, by keyboard."""
    page.keyboard.press("F3")
    page.keyboard.type(number)
    page.keyboard.press("Enter")


def line(page, state):
    """The line in a state, once there is one."""
    found = page.locator(f"{LINE}[data-state={state}]")
    found.first.wait_for()
    return found.first


def begun(hall):
    """The calls so far: who dialled what."""
    return [(one["caller"], tidy(one["dialled"])) for one in events(hall, "phones.call_begun")]


def no_line(page):
    """Once none is left."""
    page.locator(LINE).first.wait_for(state="detached")


def test_a_phone_of_sip_calls_a_browser_which_answers_by_a_key_and_both_hear_each_other(hall, phones, violations):
    """It rings with name and number, F2 answers; packets both ways, none lost, with energy; hold is silence."""
    desk = hall.desks.open("2102")
    desk.do("dial", f"sip:2101@{hall.desks.keys['2101']['realm']}")
    assert "Desk 2102" in line(phones, "rings").inner_text()
    assert violations(phones) == []
    phones.keyboard.press("F2")
    line(phones, "speaks")
    until(lambda: phones.evaluate("window.peers.at(-1).connectionState") == "connected")
    hears(phones)
    hall.desks.hears("2102")
    assert violations(phones) == []
    phones.keyboard.press("F8")
    line(phones, "held")
    phones.keyboard.press("F8")
    line(phones, "speaks")
    hears(phones)
    phones.keyboard.press("F4")
    no_line(phones)
    [ended] = until(lambda: events(hall, "phones.call_ended"))
    assert (ended["caller"], ended["answered_by"], ended["cause"]) == ("2102", "2101", "the other side hung up")
    phones.goto("about:blank")
    until(lambda: {"device": SOFTPHONE, "number": "2101", "reachable": False} in events(hall, "phones.device_reported"))


def test_a_browser_calls_a_phone_of_sip_and_hands_it_on_to_another(hall, phones):
    """Dialled by keyboard; once 2103 has answered the two phones of SIP have one call, and the browser has none."""
    hall.desks.open("2102")
    hall.desks.open("2103")
    dial(phones, "2102")
    line(phones, "speaks")
    hears(phones)
    phones.get_by_label("Hand on to").fill("2103")
    phones.keyboard.press("Enter")
    no_line(phones)
    hall.desks.hears("2103")
    assert begun(hall) == [("2101", "2102"), ("2102", "2103")]
    phones.keyboard.press("F6")  # once more: 2102 speaks, and a second call waits for no one
    phones.locator(".said", has_text="2102: busy").wait_for()


def test_a_phone_of_sip_hands_a_browser_on_to_another_phone(hall, phones):
    """By REFER of baresip: the browser's call goes on, now with 2103, and nobody need press anything."""
    desk = hall.desks.open("2102")
    hall.desks.open("2103")
    desk.do("dial", f"sip:2101@{hall.desks.keys['2101']['realm']}")
    line(phones, "rings")
    phones.keyboard.press("F2")
    line(phones, "speaks")
    hall.desks.run(desk.until("CALL_ESTABLISHED"))
    hears(phones)
    desk.do("transfer", f"sip:2103@{hall.desks.keys['2103']['realm']}")
    hall.desks.hears("2103")
    hears(phones)
    assert begun(hall)[-1] == ("2101", "2103")
    line(phones, "speaks")
    phones.keyboard.press("F4")
    no_line(phones)


def test_911_of_a_browser_is_a_911_call_of_the_floor_with_the_place_that_its_person_said(hall, phones):
    """Direct, without a prefix; those on site are told, the call taker sees where it is and by what to call back."""
    dial(phones, "911")
    [call] = until(lambda: rows(hall.dan, "dispatch.view.calls"))
    assert call["callback"] == ELIN
    assert "222 Saint Louis St" in str(call)
    [dialled] = until(lambda: events(hall, "phones.emergency_dialled"))
    assert (dialled["number"], dialled["device"], dialled["site"]) == ("2101", SOFTPHONE, "hall")
    assert dialled["told"] == ["desk@city.example"]
    line(phones, "speaks")
    hears(phones)
    phones.keyboard.press("F4")
    no_line(phones)
    until(lambda: [one for one in events(hall, "comms.leg_ended") if one["who"] == "them"])


def test_a_calls_seat_has_the_microphone_before_a_softphone(hall, phones):
    """It comes while the softphone is on: that is off, says why, and cannot be on again beside it."""
    calls = phones.context.new_page()
    calls.goto(f"{hall.url}/calls")
    calls.locator(".voice[role=status]", has_text="connected").wait_for()
    said = phones.locator(".softphone[data-standing=off] .said", has_text="Calls seat")
    said.wait_for()
    until(lambda: {"device": SOFTPHONE, "number": "2101", "reachable": False} in events(hall, "phones.device_reported"))
    phones.keyboard.press("Shift+F2")
    phones.locator(".softphone .said", has_text="Leave that first").wait_for()
    assert calls.locator(".voice[role=status]", has_text="connected").count() == 1


def keys_of(phone):
    """The keys that a phone of baresip has told of so far."""
    return "".join(one["param"] for one in phone.told if one.get("type") == "CALL_DTMF_START")


def test_keys_are_typed_into_a_call_while_the_keypad_is_open(hall, phones, violations):
    """Fast and in order, and clicked; the keypad has the focus when it opens, and gives it back when it is closed."""
    desk = hall.desks.open("2102")
    dial(phones, "2102")
    line(phones, "speaks")
    assert phones.locator(".keypad").count() == 0
    phones.keyboard.press("Shift+F7")
    phones.locator(".keypad button:focus").wait_for()
    assert violations(phones) == []
    phones.keyboard.type("8675309")
    phones.locator(".keypad button", has_text="#").click()
    until(lambda: len(keys_of(desk)) >= 8)
    assert keys_of(desk) == "8675309#"
    phones.keyboard.press("Escape")
    phones.locator(".keypad").wait_for(state="detached")
    assert phones.evaluate("document.activeElement.id") == "softphone-number"
    phones.keyboard.press("F4")
    no_line(phones)
    assert keys_of(desk) == "8675309#"
    assert events(hall, "comms.key_pressed") == []
    assert not phones.locator("body").get_by_text("8675309").count()

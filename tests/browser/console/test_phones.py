"""The Phones seat: who can be called, one's own voicemail, what a call would become; 911 in the house above all."""

import secrets
import shutil
import time
from array import array

import httpx
import pytest

from redstick.adapters.voice.g711 import RATE
from redstick.adapters.voice.spoken import wav_of
from redstick.adapters.voice.tones import WAITING
from redstick.kernel.ids import make_id

from .conftest import DESK, LAPTOP
from .floor import PASSWORD, Floor, key_of, redstick, until

pytestmark = pytest.mark.browser

PARTS = ("directory", "mine", "groups", "system", "people", "plan")
MORE = {"gus": "gateway", "swen": "switchboard", "eve": "employee"}
FOOT = ".told-foot"
SHA = "ef" * 32  # of a sound that is not here
SECONDS = 20  # longer than a slow machine takes to press a key while it is played
PLAN = {
    "rules": [
        {"name": "911", "pattern": "911", "action": "emergency"},
        {"name": "911 by habit", "pattern": "9911", "action": "emergency"},
        {"name": "local", "pattern": "9NXXXXXX", "action": "outside", "trunks": ["t1"], "strip": 1, "prepend": "+1225"},
    ],
    "prefix": "9",
    "main_number": "+12255550100",
}


class Hall:
    """A floor with phones, and those who run and report them past any browser."""

    def __init__(self, floor):
        self.floor = floor
        self.people = {name: self._client(name) for name in ("ada", "gus", "eve")}

    def _client(self, name):
        client = httpx.Client(base_url=self.floor.url, timeout=30)
        token = client.post("/api/session", json={"name": name, "password": PASSWORD}).json()["token"]
        client.cookies.clear()
        client.headers["authorization"] = f"Bearer {token}"
        return client

    def do(self, who, command, **fields):
        """Ask a command of the phones; it must be taken."""
        key = make_id("cmd", time.time_ns() // 1_000_000, secrets.randbits(64))
        answer = self.people[who].post(f"/api/phones/{command}", json=fields, headers={"idempotency-key": key})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def set_up(self):
        """Two people, a lobby, a group, two trunks of which one is down, a plan, messages for eve."""
        eve = self.people["eve"].get("/api/session").json()["person"]
        site = {"id": "hall", "address": "222 Saint Louis St", "floor": "3", "validated": True}
        self.do("ada", "keep-site", site=site | {"contacts": ["desk@city.example"]})
        self.do("ada", "enroll-user", user={"id": "eve", "name": "Eve Ess", "department": "Parks", "person": eve})
        for number, name, user, site in (("2100", "Eve Ess", "eve", "hall"), ("2101", "Lobby", "", "")):
            what = {"type": "extension", "name": name, "user": user, "site": site}
            self.do("ada", "assign-number", number=number, what=what)
            self.do("ada", "add-phone", id=f"{number}-1", number=number)
            self.do("gus", "report-device", device=f"{number}-1", reachable=True)
        group = {"type": "group", "name": "Front desk", "members": ["2100", "2101"], "strategy": "in_order"}
        self.do("ada", "assign-number", number="3000", what=group)
        for trunk in ("t1", "t2"):
            self.do("ada", "keep-trunk", trunk={"id": trunk, "carrier": "A carrier", "capacity": 4})
        self.do("gus", "report-trunk", trunk="t2", up=False, why="no answer to OPTIONS")
        self.do("ada", "propose-plan", plan=PLAN)
        said = wav_of(array("h", (WAITING.samples * SECONDS)[: SECONDS * RATE]))
        sha = self.people["eve"].post("/api/phones/sounds", content=said).json()["sha256"]
        for name, caller, kept in (("m1", "+15045550123", sha), ("m2", "2101", sha), ("m3", "", SHA)):
            message = {"message": name, "number": "2100", "caller": caller, "length_ms": SECONDS * 1000}
            self.do("gus", "leave-voicemail", **message, sha256=kept)

    def close(self):
        """Leave."""
        for client in self.people.values():
            client.close()


@pytest.fixture(scope="module")
def hall(founded, tmp_path_factory):
    """A floor of its own with phones on it."""
    folder = tmp_path_factory.mktemp("hall")
    shutil.copytree(founded, folder / "founded")
    for name, role in MORE.items():
        lines = f"{PASSWORD}\n{PASSWORD}\n"
        data = str(folder / "founded" / "data")
        redstick("people", "add", name, "--data", data, "--password-stdin", "--as", "ada", "--role", role, words=lines)
    floor = Floor(folder / "founded", folder)
    running = Hall(floor)
    try:
        running.set_up()
        yield running
    finally:
        running.close()
        floor.end()


def opened(hall, sit, name, look=("dark", LAPTOP)):
    """The seat as somebody, its rows there."""
    page = sit(hall.floor, name, "/phones", look)
    page.locator(key_of("phone/2100")).wait_for()
    return page


@pytest.mark.parametrize("look", [("dark", LAPTOP), ("light", DESK)], ids=["night", "day"])
def test_every_part_can_be_read_by_everybody_and_has_a_key(hall, sit, violations, tmp_path, look):
    """Alt and a digit opens each; no violation of axe; nothing is wider than the window; no complaint."""
    page = opened(hall, sit, "swen", look)
    page.locator(key_of("phone/2100")).click()
    for i, part in enumerate(PARTS):
        page.keyboard.press(f"Alt+{i + 1}")
        page.locator(f".parts button[aria-keyshortcuts='Alt+{i + 1}'][aria-current=page]").wait_for()
        page.locator(".part-page h2").first.wait_for()
        if part == "plan":
            page.get_by_label("If this number").fill("2101")
            page.get_by_label("dialled").fill("9911")
            page.keyboard.press("Enter")
            page.get_by_label("Why").wait_for()
        page.wait_for_timeout(200)
        page.screenshot(path=str(tmp_path / f"{part}.png"))
        assert (part, violations(page)) == (part, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), part
    assert page.complaints == []


def test_on_a_phone_the_page_fills_the_window_and_who_is_chosen_is_in_sight(hall, sit, violations):
    """What was done stays at the window's foot, and below the list is who was pressed."""
    page = opened(hall, sit, "swen", ("light", (390, 844)))
    page.locator(key_of("phone/2100")).click()
    page.get_by_label("The selected number").get_by_text("Parks").wait_for()
    foot, chosen = page.locator(FOOT).bounding_box(), page.locator(".detail h2").bounding_box()
    assert round(foot["y"] + foot["height"]) == 844
    assert chosen["y"] + chosen["height"] < foot["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_what_would_happen_is_asked_and_answered_by_keyboard(hall, sit):
    """9911 on a Sunday from the lobby: a call for help, with the reason and that its place is not known."""
    page = opened(hall, sit, "swen")
    page.keyboard.press("Alt+6")
    page.get_by_label("If this number").fill("2101")
    page.get_by_label("dialled").fill("9911")
    page.get_by_label("at (empty: now)").fill("2026-11-29T10:00")
    page.keyboard.press("Alt+k")
    why = page.get_by_label("Why")
    why.get_by_text("Kari's Law").wait_for()
    why.get_by_text("no dispatchable location is known for 2101").wait_for()
    page.get_by_label("Steps").get_by_text("emergency center").wait_for()
    page.keyboard.press("Alt+o")
    page.locator(FOOT, has_text="counts from the next call on").wait_for()
    page.get_by_label("dialled").fill("95551234")
    page.keyboard.press("Enter")
    page.get_by_label("Steps").get_by_text("trunk t1 +12255551234").wait_for()


def test_ones_own_voicemail_and_presence_and_nothing_of_the_system(hall, sit):
    """An employee sees the directory and their own box; what they say of themself is in the directory at once."""
    page = opened(hall, sit, "eve")
    assert page.locator(".parts button").count() == 3
    page.keyboard.press("Alt+2")
    message = page.locator(key_of("voicemail/m1"), has_text="+15045550123")
    message.click()
    page.keyboard.press("Alt+m")
    page.locator(FOOT, has_text="Marked as heard").wait_for()
    page.locator(f"{key_of('voicemail/m1')} .chip", has_text="○ heard").wait_for()
    page.keyboard.press("Alt+d")
    page.keyboard.press("Alt+1")
    page.locator(f"{key_of('phone/2100')} .chip", has_text="do not disturb").wait_for()
    page.keyboard.press("Alt+2")
    page.keyboard.press("Alt+v")
    page.get_by_label("Always", exact=True).fill("2100")
    page.keyboard.press("Alt+f")
    page.locator(f"{FOOT} .refused", has_text="forward loop").wait_for()
    assert page.complaints == ["Failed to load resource: the server responded with a status of 409 (Conflict)"]


AT = "document.querySelector('audio').currentTime"


@pytest.mark.parametrize("look", [("dark", LAPTOP), ("light", DESK)], ids=["night", "day"])
def test_a_message_is_played_and_sought_by_keyboard_and_is_heard_from_then_on(hall, sit, violations, tmp_path, look):
    """In parts, of which the first is the record of access; the row says it; who had it is one key away."""
    page, parts = opened(hall, sit, "eve", look), []
    page.on("response", lambda answer: parts.append(answer.status) if "/voicemail/" in answer.url else None)
    page.keyboard.press("Alt+2")
    page.locator(key_of("voicemail/m2")).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Listen").wait_for()
    assert violations(page) == []
    page.screenshot(path=str(tmp_path / "box.png"))
    page.keyboard.press("Alt+l")
    until(page, f"{AT} > 0.3")
    page.get_by_role("button", name="Pause").wait_for()
    page.locator(f"{key_of('voicemail/m2')} .chip", has_text="○ heard").wait_for()
    page.keyboard.press("Alt+l")
    page.get_by_role("button", name="Listen").wait_for()
    place = page.get_by_label("Place in the message")
    place.focus()
    page.keyboard.press("End")
    until(page, f"{AT} > {SECONDS - 0.2}")
    page.keyboard.press("Home")
    until(page, f"{AT} < 0.2")
    assert set(parts) == {206}
    page.keyboard.press("Alt+b")
    page.locator(FOOT, has_text="Dial 2101 at your phone").wait_for()
    assert page.complaints == []


def test_a_message_is_deleted_once_that_is_said_twice_and_what_is_no_sound_is_told(hall, sit):
    """Between the two it can be kept; a sound that is not here is no silence."""
    page = opened(hall, sit, "eve")
    page.keyboard.press("Alt+2")
    row = page.locator(key_of("voicemail/m3"))
    row.click()
    page.keyboard.press("Alt+l")
    page.locator(f"{FOOT} .refused", has_text="its sound is not here").wait_for()
    page.keyboard.press("Alt+x")
    page.keyboard.press("Alt+z")
    page.get_by_role("button", name="Delete", exact=True).wait_for()
    page.keyboard.press("Alt+x")
    page.get_by_role("button", name="Delete for good").wait_for()
    assert row.count() == 1
    page.keyboard.press("Alt+x")
    row.wait_for(state="detached")
    page.locator(FOOT, has_text="The message is deleted").wait_for()


def test_the_pin_of_ones_box_is_set_and_why_one_may_not_be_is_told(hall, sit, violations):
    """What is typed is shown to nobody and kept nowhere; whether it is always asked is a choice."""
    page = opened(hall, sit, "eve")
    page.keyboard.press("Alt+2")
    field = page.get_by_label("New PIN")
    for pin, why in (("1234", "Digits in a row"), ("2100", "telephone number"), ("12", "4 to 10 digits")):
        field.fill(pin)
        field.press("Enter")
        page.locator(f"{FOOT} .refused", has_text=why).wait_for()
    field.fill("48213")
    field.press("Enter")
    page.locator(FOOT, has_text="has a new PIN").wait_for()
    assert field.input_value() == ""
    page.get_by_text("your own do not").wait_for()
    page.get_by_role("button", name="Ask it at my own phones too").click()
    page.locator("p", has_text="Every phone asks the PIN").wait_for()
    assert violations(page) == []
    assert "48213" not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_911_in_the_house_stands_above_everything_until_somebody_has_seen_it(hall, sit, violations):
    """From where, and how it is called back; a key acknowledges it by name and it is gone for everybody."""
    page, other = opened(hall, sit, "swen"), opened(hall, sit, "sue")
    hall.do("gus", "begin-call", call="help-1", caller="2100", dialled="9911", device="2100-1")
    for seat in (page, other):
        seat.locator(".helped", has_text="911 was dialled from 2100 Eve Ess at 222 Saint Louis St, floor 3").wait_for()
    assert violations(page) == []
    page.keyboard.press("Alt+a")
    for seat in (page, other):
        seat.locator(".helped").wait_for(state="detached")
    hall.do("gus", "end-call", call="help-1", cause="BYE")


def test_a_new_phone_shows_its_password_once(hall, sit):
    """A person gets an extension and a phone by keyboard; the password goes when it was typed, and is not kept."""
    page = opened(hall, sit, "swen")
    page.keyboard.press("Alt+5")
    page.get_by_label("Extension", exact=True).fill("2200")
    page.get_by_label("Name", exact=True).fill("Fay Fox")
    page.keyboard.press("Alt+n")
    page.locator(FOOT, has_text="2200 is Fay Fox's").wait_for()
    page.get_by_label("For extension").fill("2200")
    page.keyboard.press("Alt+p")
    page.locator(".secret", has_text="user 2200-1").wait_for()
    page.keyboard.press("Alt+o")
    page.locator(".secret").wait_for(state="detached")
    page.keyboard.press("Alt+1")
    page.locator(key_of("phone/2200"), has_text="no phone reachable").wait_for()

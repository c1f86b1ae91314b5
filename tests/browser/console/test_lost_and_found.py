"""When the link goes, and when somebody is in danger: it is said at once, nothing is done late, nothing is lost."""

import signal

import pytest

from .floor import key_of, until

pytestmark = pytest.mark.browser
TONES = """window.tones = 0;
const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.tones += 1; return make.call(this); };"""


def test_a_killed_server_is_said_at_once_and_healed_and_nothing_is_done_late(own_floor, sit, violations):
    """The last truth stays with its age; an act on it is refused and never done late; what was done is there."""
    i1, i2 = own_floor.opened(), own_floor.opened()
    page = sit(own_floor, "dan", "/dispatch")
    page.locator(key_of(f"incident/{i1}")).click()
    page.locator(".card .rec button.go:not(:disabled)").wait_for()
    page.keyboard.press("F8")
    page.locator(".sent").wait_for()
    page.locator(key_of(f"incident/{i2}")).click()
    page.locator(".card .rec button.go:not(:disabled)").wait_for()
    page.get_by_label("Add to the narrative").fill("half a note")
    own_floor.end(signal.SIGKILL)
    page.locator(".link.lost[role=status]").wait_for()
    assert "link down: showing" in page.locator(".link[role=status]").inner_text()
    assert page.locator(".row.incident").count() == 2
    assert page.get_by_role("button", name="Send E").is_disabled()
    page.keyboard.press("F8")
    assert violations(page) == []
    own_floor.start()
    page.locator(".link:not(.lost)[role=status]").wait_for()
    assert page.get_by_label("Add to the narrative").input_value() == "half a note"
    assert [len(own_floor.incident(one)["units"]) for one in (i1, i2)] == [1, 0]
    page.locator(key_of(f"incident/{i2}")).wait_for()


def test_a_link_that_falls_silent_is_said_to_be_lost(own_floor, sit):
    """A server that is stopped and not dead says nothing: the seat says so by itself, and heals with its word."""
    page = sit(own_floor, "dan", "/dispatch")
    own_floor.process.send_signal(signal.SIGSTOP)
    page.locator(".link.lost[role=status]").wait_for()
    own_floor.process.send_signal(signal.SIGCONT)
    page.locator(".link:not(.lost)[role=status]").wait_for()


def test_a_session_that_has_ended_asks_to_sign_in_again(quiet_floor, sit):
    """The stream ends with it; the page says what was kept."""
    page = sit(quiet_floor, "dan", "/dispatch")
    page.request.delete(f"{quiet_floor.url}/api/session")
    page.get_by_text("The session has ended").wait_for()


def test_a_responder_in_danger_is_seen_and_heard_until_somebody_answers_by_name(quiet_floor, sit):
    """Whatever is muted it sounds; it comes first; Alt+H answers for it, which the server keeps by name."""
    page = sit(quiet_floor, "dan", "/dispatch", before=TONES)
    page.locator(key_of("unit/E01")).click()
    page.keyboard.press("Alt+q")
    quiet_floor.ask("raise-emergency", unit="E01", mayday=True)
    alarm = page.get_by_role("alert").filter(has_text="MAYDAY E01")
    alarm.wait_for()
    until(page, "window.tones > 4")  # more than one round of it
    page.keyboard.press("Alt+h")
    page.get_by_text("heard by you").wait_for()
    assert quiet_floor.unit("E01")["heard_by"] != ""
    alarm.wait_for(state="detached")
    assert page.locator(".need.emergency").count() == 1


def test_an_emergency_never_takes_the_field_from_who_types(quiet_floor, sit):
    """The note goes on where it was; the alarm has its own line."""
    i1 = quiet_floor.opened()
    page = sit(quiet_floor, "dan", "/dispatch")
    page.locator(key_of(f"incident/{i1}")).click()
    page.get_by_label("Add to the narrative").focus()
    page.keyboard.type("caller says ")
    card = page.locator(".card").bounding_box()
    quiet_floor.ask("raise-emergency", unit="E02")
    page.locator(".need.emergency").wait_for()
    page.keyboard.type("the door is locked")
    assert page.get_by_label("Add to the narrative").input_value() == "caller says the door is locked"
    assert page.locator(".card").bounding_box() == card

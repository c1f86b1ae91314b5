"""Work without a link: paper, what was voiced at its true time, and a person who enters or drops each of it."""

import signal
import time

import pytest

from .floor import PAPER, key_of, record, until

pytestmark = pytest.mark.browser


def now_ms():
    """The real city's time."""
    return time.time_ns() // 1_000_000


def test_paper_that_is_opened_by_its_address_has_its_own_style(quiet_floor, sit):
    """The page stands alone and brings what it looks like; its policy lets that in and nothing else."""
    page = sit(quiet_floor, "dan", "/dispatch")
    page.goto(f"{quiet_floor.url}/api/dispatch/cards?seat=dispatch:1&zone=America/Chicago")
    page.get_by_role("heading", name="Units").wait_for()
    sheets = page.evaluate("[...document.styleSheets].map(one => one.cssRules.length)")
    assert sheets
    assert all(sheets)
    assert page.evaluate("getComputedStyle(document.querySelector('table')).borderSpacing").startswith("0px")
    assert page.complaints == []


@pytest.fixture
def cut(own_floor, sit):
    """A dispatcher with paper at hand, an incident with E01 on it, and the server killed."""
    own_floor.i1 = own_floor.opened()
    own_floor.i2 = own_floor.opened()
    own_floor.ask("assign-units", incident=own_floor.i1, units=["E01"])
    page = sit(own_floor, "dan", "/dispatch")
    until(page, PAPER)
    own_floor.end(signal.SIGKILL)
    page.locator(".link.lost[role=status]").wait_for()
    page.keyboard.press("Alt+Shift+o")
    page.get_by_role("form", name="Record what was voiced").wait_for()
    return own_floor, page


def test_what_was_voiced_is_never_sent_by_itself_and_is_entered_at_its_true_time(cut, sit, violations):
    """Nothing is done when the link comes back; a person enters it, and the record has the time of the voice."""
    floor, page = cut
    began = now_ms()
    record(page, What_was_voiced="status", Unit="E01", Status="ENR")
    voiced = now_ms()
    assert violations(page) == []
    page.wait_for_timeout(3000)
    floor.start()
    page.locator(".link:not(.lost)[role=status]").wait_for()
    page.get_by_text("nothing speaks against it").wait_for()
    assert floor.unit("E01")["status"] == "DSP"
    page.keyboard.press("Alt+Shift+e")
    page.get_by_text("1 settled").wait_for()
    row = floor.unit("E01")
    assert row["status"] == "ENR"
    assert began - 2000 <= row["since"] <= voiced
    [part] = floor.incident(floor.i1)["units"]
    assert part["stamps"]["en_route"] == row["since"]


def test_a_new_incident_from_a_reserved_card_is_entered_and_says_that_it_is_from_paper(cut):
    """The card has its printed number, and who was sent by voice is on it; nobody is alerted a second time."""
    floor, page = cut
    record(
        page, What_was_voiced="incident", Place="behind the old mill", Type="Brush fire", Priority="2",
        Units_sent="E02", What_was_said="smoke over the trees",
    )  # fmt: skip
    assert "card P-0" in page.get_by_role("form", name="Record what was voiced").inner_text()
    floor.start()
    page.locator(".link:not(.lost)[role=status]").wait_for()
    page.get_by_role("button", name="Enter it").first.click()
    page.get_by_text("1 settled").wait_for()
    [row] = [row for row in floor.rows("incidents").values() if row["kind"] == "Brush fire"]
    assert row["number"].startswith("P-")
    assert [part["unit"] for part in row["units"]] == ["E02"]
    assert [note["text"] for note in row["notes"]] == ["smoke over the trees"]


def test_what_the_board_knows_better_is_a_conflict_that_a_person_drops_with_a_reason(cut):
    """E01 said more after the voice: the conflict is shown; it can be kept as a note, or dropped with a reason."""
    floor, page = cut
    record(page, What_was_voiced="status", Unit="E01", Status="ENR")
    record(page, What_was_voiced="dispatch", Incident=floor.i2, Units_sent="E01")
    page.wait_for_timeout(1500)
    floor.start()
    floor.ask("report-status", unit="E01", status="ONS")
    page.locator(".link:not(.lost)[role=status]").wait_for()
    page.get_by_text("E01 has said since").first.wait_for()
    page.reload()
    page.locator(".top time").wait_for()
    page.keyboard.press("Alt+Shift+o")
    first = page.locator(".recorded li").filter(has_text="en route")
    first.get_by_role("button", name="Keep it as a note").click()
    page.get_by_text("1 settled").wait_for()
    second = page.locator(".recorded li").filter(has_text="sent to").first
    assert second.get_by_role("button", name="Drop").is_disabled()
    second.get_by_label("Reason").fill("it was sent elsewhere")
    second.get_by_role("button", name="Drop").click()
    page.get_by_text("2 settled").wait_for()
    assert floor.unit("E01")["status"] == "ONS"
    assert [note["text"] for note in floor.incident(floor.i1)["notes"]][-1].startswith("Voiced at ")
    assert floor.incident(floor.i2)["units"] == []


def test_cards_are_printed_without_a_link(cut):
    """What goes to paper is the cards alone: open incidents, units, blank cards with the numbers of the seat."""
    floor, page = cut
    page.emulate_media(media="print")
    paper = page.locator(".paper")
    paper.wait_for()
    assert floor.i1 in paper.inner_text()
    assert "REDSTICK CARD P-0" in paper.inner_text()
    assert not page.locator("main").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("window.print = () => (window.printed = true)")
    page.keyboard.press("Alt+Shift+p")
    until(page, "window.printed === true")


def test_notes_and_searches_of_the_local_copy_go_on(cut):
    """A note is written on and kept; another incident is looked at from the rows that are there."""
    floor, page = cut
    page.locator(key_of(f"incident/{floor.i2}")).click()
    page.get_by_label("Add to the narrative").fill("door is locked")
    page.locator(key_of(f"incident/{floor.i1}")).click()
    page.locator(".sent").wait_for()
    page.locator(key_of(f"incident/{floor.i2}")).click()
    assert page.get_by_label("Add to the narrative").input_value() == "door is locked"

"""A crew's page on a phone: its incident, next status, call for help; dead zones lose and double nothing."""

import signal
import time

import pytest

from .floor import await_look, key_of

pytestmark = pytest.mark.browser

PHONE = (390, 844)
STATUS = "**/api/dispatch/report-status"
THUMBS = """() => [...document.querySelectorAll('.statuses :is(.next, .others) button, .emergency, .row.pick')]
    .map(one => one.getBoundingClientRect()).filter(box => box.height < 56 || box.width < 56).length"""


@pytest.fixture
def crewed(sit):
    """Opens the page of a unit's crew on a phone."""

    def crewed(floor, unit="E02", scheme="dark"):
        page = sit(floor, "rae", "/field", (scheme, PHONE))
        page.locator(key_of(f"unit/{unit}")).click()
        page.locator(".statuses").wait_for()
        return page

    return crewed


def sent_to(floor, unit="E02"):
    """An incident that a unit is on."""
    name = floor.opened(needs=())
    floor.ask("assign-units", incident=name, units=[unit])
    return name


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_crew_reads_where_it_goes_and_says_its_next_status_with_a_thumb(quiet_floor, crewed, violations, scheme):
    """Place, way and narrative are there; one press says the next status; every target is 56 pixels; axe is silent."""
    incident = sent_to(quiet_floor)
    quiet_floor.ask("add-note", incident=incident, text="Gate is locked")
    page = crewed(quiet_floor, scheme=scheme)
    page.get_by_text("Gate is locked").wait_for()
    page.locator(".mine .drive b").wait_for()
    page.locator(".map.small .canvas[data-drawn]").wait_for()
    page.get_by_role("button", name="en route").click()
    await_look(page, lambda: quiet_floor.unit("E02")["status"] == "ENR")
    page.get_by_role("button", name="Other status").click()
    assert violations(page) == []
    assert page.evaluate(THUMBS) == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []


def test_choosing_a_unit_is_a_list_that_everybody_can_use(quiet_floor, sit, violations):
    """Units that were sent come first; a few letters find one; nobody else than crews is offered the page."""
    sent_to(quiet_floor, "E02")
    page = sit(quiet_floor, "rae", "/field", ("light", PHONE))
    page.locator(".row.pick").first.wait_for()
    assert "E02" in page.locator(".row.pick").first.inner_text()
    assert violations(page) == []
    page.get_by_label("Find by its name or kind").fill("nothing of the kind")
    page.get_by_text("No unit is called so").wait_for()
    start = sit(quiet_floor, "dan", "/")
    assert start.get_by_role("heading", name="Field").count() == 0


def test_a_dead_zone_keeps_what_was_reported_and_sends_it_once_at_its_true_time(own_floor, crewed, violations):
    """The server is killed under the page: it says so, keeps, and sends once it is back, with its times."""
    incident = sent_to(own_floor)
    page = crewed(own_floor)
    page.get_by_role("button", name="en route").click()
    await_look(page, lambda: own_floor.unit("E02")["status"] == "ENR")
    own_floor.end(signal.SIGKILL)
    page.get_by_text("Dead zone").wait_for()
    page.get_by_role("button", name="on scene").click()
    page.get_by_label("Add to the narrative").fill("smoke from the roof")
    page.keyboard.press("Enter")
    said_ms = time.time_ns() // 1_000_000
    page.get_by_role("heading", name="Not sent yet: 2").wait_for()
    page.locator(".statuses .chip", has_text="not sent yet").wait_for()
    assert violations(page) == []
    page.wait_for_timeout(2000)
    own_floor.start()
    page.locator(".unsent section").wait_for(state="detached")
    row = own_floor.incident(incident)
    [part] = row["units"]
    assert part["stamps"]["on_scene"] <= said_ms
    assert [note["text"] for note in row["notes"]] == ["E02: smoke from the roof"]
    assert own_floor.unit("E02")["status"] == "ONS"


def test_what_waits_survives_a_reload_and_is_sent_under_the_same_id(quiet_floor, crewed):
    """Whatever becomes of the page, the report keeps its id and its time, and the server does it once."""
    sent_to(quiet_floor)
    page = crewed(quiet_floor)
    keys = []

    def lost(route):
        keys.append((route.request.headers["idempotency-key"], route.request.headers["redstick-at"]))
        route.abort()

    page.route(STATUS, lost)
    page.get_by_role("button", name="en route").click()
    page.get_by_role("heading", name="Not sent yet: 1").wait_for()
    page.reload()
    page.get_by_role("heading", name="Not sent yet: 1").wait_for()
    await_look(page, lambda: len(keys) >= 2)
    assert len(set(keys)) == 1
    page.unroute(STATUS)
    page.locator(".unsent section").wait_for(state="detached")
    assert quiet_floor.unit("E02")["status"] == "ENR"


def test_what_the_server_does_not_take_is_told_and_stays_until_it_is_read(quiet_floor, crewed, violations):
    """A note that is too long: the crew reads that it was not taken, and the status after it was."""
    sent_to(quiet_floor)
    page = crewed(quiet_floor)
    page.get_by_label("Add to the narrative").fill("floor " * 2000)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="en route").click()
    page.get_by_role("heading", name="Not taken: 1").wait_for()
    await_look(page, lambda: quiet_floor.unit("E02")["status"] == "ENR")
    assert violations(page) == []
    page.get_by_role("button", name="Read").click()
    page.locator(".conflicts").wait_for(state="detached")


def test_the_emergency_button_is_held_and_shows_who_heard_it(quiet_floor, crewed, violations):
    """A touch does nothing; held it is there; the page says who answered and has no way to end it."""
    sent_to(quiet_floor)
    page = crewed(quiet_floor)
    page.locator(".emergency").click()
    page.wait_for_timeout(300)
    assert quiet_floor.unit("E02")["emergency_at"] is None
    page.locator(".emergency").focus()
    page.keyboard.down("Space")
    page.get_by_text("Nobody has answered for it by name yet").wait_for()
    page.keyboard.up("Space")
    assert quiet_floor.unit("E02")["emergency_at"] is not None
    assert violations(page) == []
    quiet_floor.ask("acknowledge-emergency", unit="E02", by="sue")
    page.get_by_text("Heard by sue").wait_for()
    assert page.get_by_role("button", name="Emergency").count() == 0

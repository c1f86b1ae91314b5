"""The administration: people, words, the fleet, closed roads. Every change is a command, and what it wrote is told."""

import pytest

from .conftest import DESK, LAPTOP
from .floor import key_of

pytestmark = pytest.mark.browser

PARTS = ("people", "may", "plans", "codes", "fleet", "closures", "city")
FOOT = ".told-foot"


def people_of(floor, page):
    """Everybody who is enrolled, as whoever sits at the page may read it."""
    return page.request.get(f"{floor.url}/api/admin/people").json()["people"]


def person_of(floor, page, name):
    """The id under which the journal knows a sign-in name."""
    return next(one["person"] for one in people_of(floor, page) if one["name"] == name)


@pytest.mark.parametrize("look", [("dark", LAPTOP), ("light", DESK)], ids=["night", "day"])
def test_every_part_can_be_read_by_everybody_and_has_a_key(floor, sit, violations, look):
    """Alt and a digit opens each; no violation of axe; nothing is wider than the window; no complaint."""
    page = sit(floor, "ada", "/admin", look)
    page.locator(".row.person").first.click()
    for i, part in enumerate(PARTS):
        page.keyboard.press(f"Alt+{i + 1}")
        page.locator(f".parts button[aria-keyshortcuts='Alt+{i + 1}'][aria-current=page]").wait_for()
        page.locator(".part-page h2").first.wait_for()
        page.wait_for_timeout(300)
        assert (part, violations(page)) == (part, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), part
    assert page.complaints == []


def test_the_administration_is_offered_to_administrators_alone(floor, sit):
    """Whoever sends units has no tile for it."""
    assert sit(floor, "dan", "/").get_by_role("heading", name="Administration").count() == 0
    assert sit(floor, "ada", "/").get_by_role("heading", name="Administration").count() == 1


def test_a_road_is_picked_on_the_map_closed_with_a_reason_and_reopened(floor, sit):
    """What was pressed becomes a closure of that road, by name; its events are told; reopening takes it away."""
    page = sit(floor, "ada", "/admin")
    page.keyboard.press("Alt+6")
    page.locator(".map.small .canvas[data-drawn]").wait_for()
    box = page.locator(".map.small").bounding_box()
    for step in range(1, 200):
        if page.locator(".picks li").count():
            break
        # A second press on a road takes it back, so each is awaited until what it found is drawn.
        with page.expect_response("**/api/city/segments") as answered:
            page.mouse.click(box["x"] + box["width"] * (0.2 + 0.003 * step), box["y"] + box["height"] * 0.5)
        answered.value.finished()
        page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    page.keyboard.press("Alt+c")
    page.locator(FOOT, has_text="Say why it is closed").wait_for()
    assert floor.rows("closures") == {}
    page.get_by_label("Why").fill("high water")
    page.keyboard.press("Alt+c")
    page.locator(FOOT, has_text="dispatch.road_closed").wait_for()
    [closure] = floor.rows("closures").values()
    ada = person_of(floor, page, "ada")
    assert (closure["reason"], closure["by"], closure["ends_at"]) == ("high water", ada, None)
    assert (len(closure["segments"]) >= 1, len(closure["line"]) >= 4) == (True, True)
    page.get_by_role("button", name="Reopen", exact=True).click()
    page.locator(FOOT, has_text="dispatch.road_reopened").wait_for()
    assert floor.rows("closures") == {}


def test_somebody_is_invited_given_a_role_suspended_and_restored(floor, sit):
    """Each is one act; a suspension asks for its reason; nobody suspends themself."""
    page = sit(floor, "ada", "/admin")
    page.get_by_label("Invite: their sign-in id").fill("b.newman")
    page.keyboard.press("Enter")
    page.locator(FOOT, has_text="access.person_enrolled").wait_for()
    page.locator(key_of("person/b.newman")).click()
    page.get_by_role("button", name="dispatcher", exact=True).click()
    page.locator(FOOT, has_text="access.role_granted").wait_for()
    page.keyboard.press("Alt+s")
    page.locator(FOOT, has_text="Say why").wait_for()
    page.get_by_label("Why").fill("left the city")
    page.keyboard.press("Alt+s")
    page.locator(key_of("person/b.newman")).get_by_text("suspended").wait_for()
    known = {one["person"]: one for one in people_of(floor, page)}
    assert (known["b.newman"]["roles"], known["b.newman"]["suspended"]) == (["dispatcher"], True)
    page.keyboard.press("Alt+r")
    page.get_by_text("May sign in.").wait_for()
    page.locator(key_of(f"person/{person_of(floor, page, 'ada')}")).click()
    assert page.get_by_role("button", name="Suspend").count() == 0


def test_a_unit_is_corrected_without_losing_what_was_not_touched(floor, sit):
    """Its capabilities change; everything else that is known of it stays."""
    before = floor.unit("E02")
    page = sit(floor, "ada", "/admin")
    page.keyboard.press("Alt+5")
    page.locator(key_of("unit/E02")).click()
    page.get_by_label("Capabilities, by commas").fill("foam, ladder")
    page.keyboard.press("Alt+e")
    page.locator(FOOT, has_text="dispatch.unit_enrolled").wait_for()
    after = floor.unit("E02")
    assert after["capabilities"] == ["foam", "ladder"]
    assert {**after, "capabilities": []} == {**before, "capabilities": []}


def test_a_table_of_codes_is_adopted_whole_and_what_it_leaves_open_is_said_before(floor, sit):
    """A line that cannot be read is named and refuses it; a gap is told before it counts."""
    page = sit(floor, "ada", "/admin")
    page.keyboard.press("Alt+4")
    table = page.locator(".detail textarea")
    table.fill("type; FIRE; Structure Fire; fire; 9")
    page.get_by_text('Line 1: has the priority "9"').wait_for()
    page.keyboard.press("Alt+a")
    page.locator(FOOT, has_text="Nothing was done").wait_for()
    table.fill("type; Structure Fire; Structure Fire")
    page.get_by_text("Structure Fire belongs to no group.").wait_for()


def test_a_draft_that_cannot_be_read_is_refused_and_kept(floor, sit):
    """What was typed is there after the refusal and after a reload."""
    page = sit(floor, "ada", "/admin")
    page.keyboard.press("Alt+3")
    page.get_by_role("button", name="Draft one").wait_for()
    page.keyboard.press("Alt+n")
    page.locator(".part.grow textarea").fill("this is no plan")
    page.keyboard.press("Alt+s")
    page.locator(f"{FOOT} .refused").wait_for()
    page.reload()
    page.get_by_role("button", name="Draft one").wait_for()
    page.keyboard.press("Alt+n")
    assert page.locator(".part.grow textarea").input_value() == "this is no plan"

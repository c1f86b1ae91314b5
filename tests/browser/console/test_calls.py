"""The Calls seat: a call is answered once, its place is found while one types, one key sends it to dispatch."""

import pytest

from .floor import CORNER, key_of, until

pytestmark = pytest.mark.browser


@pytest.fixture
def ringing(quiet_floor):
    """A floor on which a call rings; its name is new."""
    quiet_floor.named += 1
    quiet_floor.call = f"c{quiet_floor.named}"
    quiet_floor.ask("receive-call", call=quiet_floor.call, source="911", callback="225-555-0100")
    return quiet_floor


def test_a_call_becomes_a_waiting_incident_by_keys_alone(ringing, sit):
    """Answer, place, type, priority, words, send: opened where the geofile says, with what the plan sends."""
    page = sit(ringing, "cal", "/calls")
    page.locator(key_of(f"call/{ringing.call}")).wait_for()
    page.keyboard.press("F2")
    until(page, "document.activeElement.id === 'location-line'")
    page.keyboard.type(CORNER)
    page.locator("#location-says .chip.good").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Alt+k")
    page.get_by_label("Type").focus()
    page.keyboard.type("Structure Fire")
    page.keyboard.press("Enter")
    page.keyboard.type("Smoke from the roof")
    page.keyboard.press("Alt+2")
    page.keyboard.press("F8")
    page.get_by_text("sent to dispatch as").wait_for()
    [row] = ringing.rows("incidents").values()
    assert (row["kind"], row["priority"], row["spoken_of_by"]) == ("Structure Fire", 2, [ringing.call])
    assert (row["in_geofile"], row["caller_confirmed"]) == (True, True)
    assert [note["text"] for note in row["notes"]] == ["Smoke from the roof"]
    assert {need["incident"] for need in ringing.rows("pending").values()} == {row["incident"]}


def test_what_a_demos_caller_says_is_read_once_they_are_answered(ringing, sit):
    """Nobody can hear them: their words and the place as they say it, at the seat that speaks with them."""
    page = sit(ringing, "cal", "/calls")
    clock = {"speed": 1, "paused": False, "now": 0, "speeds": [1]}
    heard = {"call": ringing.call, "said": "My husband fell.", "place": CORNER, "what": "Fall"}
    page.route("**/api/demo", lambda route: route.fulfill(json={"seats": [], "clock": clock}))
    page.route("**/api/demo/calls/*", lambda route: route.fulfill(json=heard))
    page.reload()
    page.locator(key_of(f"call/{ringing.call}")).wait_for()
    assert page.get_by_text("The caller says").count() == 0
    page.keyboard.press("F2")
    page.get_by_text(f"“My husband fell.”, at “{CORNER}”").wait_for()


def test_a_place_that_nobody_knows_is_sent_as_it_was_said_and_marked(ringing, sit):
    """The line says so while one types; the incident is flagged as not in the geofile."""
    page = sit(ringing, "cal", "/calls")
    page.keyboard.press("F2")
    page.get_by_label("Location").fill("behind the old mill")
    page.locator("#location-says", has_text="not in geofile").wait_for()
    page.get_by_label("Type").fill("Smoke")
    page.keyboard.press("F8")
    page.get_by_text("sent to dispatch as").wait_for()
    [row] = ringing.rows("incidents").values()
    assert (row["text"], row["in_geofile"], row["x"]) == ("behind the old mill", False, None)


def test_who_answers_a_second_call_sees_the_first_on_hold(ringing, sit):
    """F2 twice: the first caller waits and is seen to; one key speaks with them again, and the second waits."""
    ringing.ask("receive-call", call=f"{ringing.call}x", source="911", callback="225-555-0101")
    page = sit(ringing, "cal", "/calls")
    first, second = (page.locator(key_of(f"call/{call}")) for call in (ringing.call, f"{ringing.call}x"))
    second.wait_for()
    page.keyboard.press("F2")
    first.filter(has_text="●").wait_for()
    page.keyboard.press("F2")
    second.filter(has_text="●").wait_for()
    first.filter(has_text="❚❚").wait_for()
    assert "1 held" in page.locator(".queue.calls h2").inner_text()
    first.click()
    page.keyboard.press("Alt+o")
    first.filter(has_text="●").wait_for()
    second.filter(has_text="❚❚").wait_for()


def test_of_two_who_answer_one_call_one_has_it_and_the_other_is_told_at_once(ringing, sit):
    """The slower answer is refused with the seat that was faster; only one speaks with the caller."""
    first, second = sit(ringing, "cal", "/calls"), sit(ringing, "cy", "/calls")
    held = []
    second.route("**/answer-call", lambda route: held.append(route))
    for page in (first, second):
        page.locator(key_of(f"call/{ringing.call}")).wait_for()
    second.keyboard.press("F2")
    while not held:
        second.wait_for_timeout(20)
    first.keyboard.press("F2")
    first.get_by_label("Location").wait_for()
    held[0].continue_()
    second.get_by_text("was faster and has this call").wait_for()
    seat = ringing.rows("calls")[f"call/{ringing.call}"]["seat"]
    assert seat == first.locator(".console-name").inner_text()
    assert seat in second.locator("#bar-says").inner_text()
    assert second.get_by_label("Location").count() == 0


def test_nothing_of_a_card_is_lost_when_it_is_refused_or_left(ringing, sit):
    """A refused send keeps every field; another call and back keeps them too."""
    page = sit(ringing, "cal", "/calls")
    page.keyboard.press("F2")
    page.get_by_label("Location").fill("somewhere")
    page.get_by_label("Type").fill("Smoke")
    page.get_by_label("What is said").fill("half a sentence")
    page.route("**/open-incident", lambda route: route.abort())
    page.keyboard.press("F8")
    page.get_by_text("No answer came").wait_for()
    fields = ("Location", "Type", "What is said")
    kept = ["somewhere", "Smoke", "half a sentence"]
    assert [page.get_by_label(one).input_value() for one in fields] == kept
    page.reload()
    page.get_by_label("Location").wait_for()
    assert [page.get_by_label(one).input_value() for one in fields] == kept


def test_a_second_caller_is_attached_to_the_incident_nearby(ringing, sit):
    """An open incident at the place is offered with its distance; one key says that the call speaks of it."""
    known = ringing.opened()
    page = sit(ringing, "cal", "/calls")
    page.keyboard.press("F2")
    page.get_by_label("Location").fill(CORNER)
    page.get_by_label("Incidents nearby").get_by_text(f"#{known}").wait_for()
    page.keyboard.press("Alt+j")
    page.get_by_text("sent to dispatch as").wait_for()
    assert ringing.incident(known)["spoken_of_by"] == [ringing.call]


def test_who_hung_up_is_called_back_until_reached(quiet_floor, sit):
    """Claimed by one key; no answer keeps it in the queue with what was tried; reached ends it."""
    quiet_floor.named += 1
    name, number = f"c{quiet_floor.named}", f"225-555-02{quiet_floor.named:02d}"
    quiet_floor.ask("receive-call", call=name, source="911", callback=number)
    quiet_floor.ask("abandon-call", call=name)
    page = sit(quiet_floor, "cal", "/calls")
    owed = page.locator(".owed", has_text=number)
    owed.wait_for()
    page.keyboard.press("Alt+b")
    page.get_by_role("button", name="No answer").wait_for()
    page.keyboard.press("Alt+Shift+n")
    owed.get_by_text("tried: no answer").wait_for()
    page.keyboard.press("Alt+b")
    page.get_by_role("button", name="Reached").wait_for()
    page.keyboard.press("Alt+Shift+r")
    owed.wait_for(state="detached")
    assert quiet_floor.rows("callbacks") == {}

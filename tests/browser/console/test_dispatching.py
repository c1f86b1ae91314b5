"""The Dispatch seat: an incident is dispatched by keys alone; what was shown is what is done; nothing typed is lost."""

import pytest

from .floor import key_of, until

pytestmark = pytest.mark.browser


def shown(page, name):
    """Select an incident and wait for who should go."""
    page.locator(key_of(f"incident/{name}")).click()
    page.locator(".card .head").wait_for()
    page.locator(".card .rec button.go:not(:disabled)").wait_for()


def alerted(floor, incident):
    """Who is on an incident."""
    return [part["unit"] for part in floor.incident(incident)["units"] if part["ended_at"] is None]


def test_an_incident_is_dispatched_and_cleared_by_keys_alone(quiet_floor, sit):
    """Select, send, step through every status, close: 24 keys, no mouse."""
    i1 = quiet_floor.opened()
    page = sit(quiet_floor, "dan", "/dispatch")
    page.keyboard.press("F2")
    until(page, f"document.activeElement.dataset.key === 'incident/{i1}'")
    page.keyboard.press("Enter")
    page.locator(".card .rec button.go:not(:disabled)").wait_for()
    page.keyboard.press("F8")
    page.locator(".sent").wait_for()
    [unit] = alerted(quiet_floor, i1)
    page.keyboard.press("F4")
    while page.evaluate("document.activeElement.dataset.key") != f"unit/{unit}":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    for status in ("en route", "on scene", "on radio"):
        page.locator(f"button[title^='{unit} {status}']").wait_for()
        page.keyboard.press("F7")
        page.locator(key_of(f"unit/{unit}"), has_text=status).wait_for()
        until(page, f"document.activeElement.dataset.key === 'unit/{unit}'")  # also where it is in another group now
    assert alerted(quiet_floor, i1) == []
    page.keyboard.press("Alt+x")
    page.get_by_label("How it ended").focus()
    page.keyboard.type("Fire out")
    page.keyboard.press("Enter")
    page.locator(key_of(f"incident/{i1}")).wait_for(state="detached")
    assert quiet_floor.incident(i1) is None


def test_a_recommendation_gives_reasons_for_and_against_every_unit(quiet_floor, sit):
    """The chosen one with its time, each other one with why not; together they are the roster."""
    i1 = quiet_floor.opened()
    page = sit(quiet_floor, "dan", "/dispatch")
    shown(page, i1)
    units = page.locator(".verdicts li .call")
    assert sorted(units.all_inner_texts()) == ["E01", "E02", "E03", "T01"]
    assert page.locator(".verdicts li").filter(has_text="T01").inner_text().strip() != "T01"


def test_what_has_changed_since_it_was_shown_is_not_sent(quiet_floor, sit):
    """The unit goes out of service between the look and the key: nothing is sent, and the new answer is shown."""
    i1 = quiet_floor.opened()
    page = sit(quiet_floor, "dan", "/dispatch")
    shown(page, i1)
    first = page.locator("[aria-label='Recommended units'] .call").inner_text()
    held, free = [], []

    def hold(route):  # the page cannot learn of it by asking anew
        route.continue_() if free else held.append(route)

    page.route("**/recommendation", hold)
    quiet_floor.ask("report-status", unit=first, status="OOS")
    page.locator(key_of(f"unit/{first}"), has_text="out of service").wait_for()
    page.keyboard.press("F8")
    page.locator(".changed").wait_for()
    assert alerted(quiet_floor, i1) == []
    free.append(True)
    for route in held:
        route.continue_()
    until(
        page,
        "first => document.querySelector(\"[aria-label='Recommended units'] .call\")?.textContent !== first",
        first,
    )
    page.keyboard.press("F8")
    page.locator(".sent").wait_for()
    assert first not in alerted(quiet_floor, i1)


def test_a_unit_is_chosen_by_drag_or_by_key_and_sent_by_an_act_of_its_own(quiet_floor, sit):
    """Dropping a unit on an incident shows it on the card and sends nothing; F8 does."""
    i1 = quiet_floor.opened(needs=())
    page = sit(quiet_floor, "dan", "/dispatch")
    page.locator(key_of("unit/T01")).drag_to(page.locator(key_of(f"incident/{i1}")))
    page.get_by_role("heading", name="Chosen by you").wait_for()
    page.locator(key_of("unit/E03")).click()
    page.keyboard.press("Alt+a")
    page.get_by_role("button", name="Send T01 + E03").wait_for()
    assert alerted(quiet_floor, i1) == []
    page.keyboard.press("F8")
    page.locator(".sent").wait_for()
    assert sorted(alerted(quiet_floor, i1)) == ["E03", "T01"]


def test_a_unit_that_is_not_free_is_sent_only_with_a_reason(quiet_floor, sit):
    """The refusal says what it is doing, keeps the choice, and asks for a reason; with one it is sent."""
    i1 = quiet_floor.opened(needs=())
    quiet_floor.ask("report-status", unit="E01", status="OOS")
    page = sit(quiet_floor, "dan", "/dispatch")
    page.locator(key_of(f"incident/{i1}")).click()
    page.locator(key_of("unit/E01")).click()
    page.keyboard.press("Alt+a")
    page.get_by_role("button", name="Send E01").wait_for()
    page.keyboard.press("F8")
    page.get_by_text("E01 is out of service. Nothing was sent").wait_for()
    assert alerted(quiet_floor, i1) == []
    page.get_by_label("Reason to send all the same").fill("crew is back")
    page.keyboard.press("Enter")
    page.locator(".sent").wait_for()
    assert alerted(quiet_floor, i1) == ["E01"]


def test_nothing_jumps_but_priority_1_is_pinned_on_top(quiet_floor, sit):
    """New rows come at the foot whatever their urgency; only priority 1 goes over them."""
    i1, i2 = (quiet_floor.opened(priority=priority) for priority in (4, 3))
    page = sit(quiet_floor, "dan", "/dispatch")
    order = "[...document.querySelectorAll('.row.incident')].map(row => row.dataset.key)"
    page.locator(key_of(f"incident/{i2}")).wait_for()
    assert page.evaluate(order) == [f"incident/{i2}", f"incident/{i1}"]
    i3 = quiet_floor.opened(priority=2)
    i4 = quiet_floor.opened(priority=1)
    page.locator(key_of(f"incident/{i4}")).wait_for()
    assert page.evaluate(order) == [f"incident/{i4}", f"incident/{i2}", f"incident/{i1}", f"incident/{i3}"]


def test_what_is_typed_survives_another_incident_a_reload_and_a_lost_session(quiet_floor, sit):
    """A note of each incident, a line in the bar: each is where it was left."""
    i1, i2 = quiet_floor.opened(), quiet_floor.opened()
    page = sit(quiet_floor, "dan", "/dispatch")
    note, bar = page.get_by_label("Add to the narrative"), page.get_by_label("Command bar")
    page.locator(key_of(f"incident/{i1}")).click()
    note.fill("first half of a")
    page.locator(key_of(f"incident/{i2}")).click()
    assert note.input_value() == ""
    bar.fill(f"#{i2} n second")
    page.locator(key_of(f"incident/{i1}")).click()
    assert note.input_value() == "first half of a"
    page.reload()
    page.wait_for_selector(".card .head")
    assert (note.input_value(), bar.input_value()) == ("first half of a", f"#{i2} n second")
    page.request.delete(f"{quiet_floor.url}/api/session")
    page.get_by_text("What you typed is kept").wait_for()
    page.get_by_label("Name").fill("dan")
    page.get_by_label("Password").fill("a sentence that nobody else would say")
    page.keyboard.press("Enter")
    page.wait_for_selector(".card .head")
    assert (note.input_value(), bar.input_value()) == ("first half of a", f"#{i2} n second")


def test_a_bare_letter_begins_a_command_and_never_acts(quiet_floor, sit):
    """Whatever has the focus, letters go to the bar; in a field they stay there."""
    i1 = quiet_floor.opened()
    page = sit(quiet_floor, "dan", "/dispatch")
    page.locator(key_of(f"incident/{i1}")).click()
    page.keyboard.type(f"d #{i1} e01")
    assert page.get_by_label("Command bar").input_value() == f"d #{i1} e01"
    assert alerted(quiet_floor, i1) == []


def test_enter_does_what_the_bar_shows_or_shows_it_again(quiet_floor, sit):
    """The parse and the effect stand there while one types; a world that has changed executes nothing."""
    i1 = quiet_floor.opened()
    page = sit(quiet_floor, "dan", "/dispatch")
    bar = page.get_by_label("Command bar")
    bar.fill(f"d #{i1} e01")
    page.get_by_text("does exactly this").wait_for()
    assert "E01" in page.locator("#bar-says").inner_text()
    quiet_floor.ask("report-status", unit="E01", status="OOS")
    page.locator(key_of("unit/E01"), has_text="out of service").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("The world has changed: nothing was done").wait_for()
    assert alerted(quiet_floor, i1) == []
    assert bar.input_value() == f"d #{i1} e01"
    bar.fill(f"d #{i1} e02")
    page.get_by_text("does exactly this").wait_for()
    page.keyboard.press("Enter")
    page.locator(".sent").or_(page.locator(key_of("unit/E02"), has_text="alerted")).first.wait_for()
    assert alerted(quiet_floor, i1) == ["E02"]
    assert bar.input_value() == ""


def test_two_marks_for_two_facts_and_how_sure_the_place_is(quiet_floor, sit):
    """A place that only the caller confirmed is not called in geofile; source, age and metres are said."""
    place = {
        "text": "behind the mill",
        "x": -911950000,
        "y": 304050000,
        "source": "caller",
        "uncertainty_m": 180,
        "caller_confirmed": True,
    }
    i1 = quiet_floor.opened(place=place)
    page = sit(quiet_floor, "dan", "/dispatch")
    page.locator(key_of(f"incident/{i1}")).click()
    marks = page.get_by_label("How the place is known").inner_text()
    assert "✕ not in geofile" in marks
    assert "✓ caller confirmed" in marks
    assert "said by the caller" in marks
    assert "±180 m" in marks
    assert "±180 m" in page.locator(key_of(f"incident/{i1}")).inner_text()

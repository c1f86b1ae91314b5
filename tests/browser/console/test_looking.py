"""Who looks on: the shift lead, the city, and whoever looks back. What is shown is what was, with how it is known."""

import re

import pytest

from .conftest import EVERY_LOOK
from .floor import key_of

pytestmark = pytest.mark.browser

ENHANCED = '{runOnly: ["color-contrast-enhanced"], rules: {"color-contrast-enhanced": {enabled: true}}}'


@pytest.fixture(scope="module")
def lived(floor):
    """A floor with a past: one incident worked to its end, one that is open, two groups of which one is watched."""
    floor.ask("define-group", group="fire", agencies=["fire"])
    floor.lead = floor.http.get("/api/session").json()["person"]
    floor.ask("sign-on", seat="dispatch:7", person=floor.lead, groups=["all", "fire"])
    floor.over = floor.opened(kind="Chest pain", priority=1)
    floor.ask("assign-units", incident=floor.over, units=["E01"])
    for status in ("ENR", "ONS", "AQ"):
        floor.ask("report-status", unit="E01", status=status)
    floor.ask("release-unit", incident=floor.over, unit="E01")
    for number in ("c1", "c2"):
        floor.ask("receive-call", call=number, source="911", callback=f"225-555-010{number[1]}")
        floor.ask("answer-call", call=number, seat="calls:7")
        floor.ask("end-call", call=number)
    floor.ask("close-incident", incident=floor.over, disposition="done")
    floor.open = floor.opened(kind="Structure Fire", priority=2)
    floor.ask("assign-units", incident=floor.open, units=["E02"])
    floor.ask("add-note", incident=floor.open, text="Smoke from the roof")
    return floor


def shown(page, selector):
    """The page, once something is there."""
    page.wait_for_selector(selector)
    return page


def lived_again(page):
    """The lead's page on which the past was lived once more without E01."""
    page.keyboard.press("Alt+i")
    page.get_by_role("combobox", name=re.compile("^unit")).select_option("E01")
    page.keyboard.press("Alt+a")
    page.keyboard.press("F5")
    return shown(page, ".differing tbody tr")


def looked_at(sit, floor, look):
    """Each page of those who look on, in a state with much to see."""
    lead = shown(sit(floor, "sue", "/supervisor", look), ".chart svg")
    yield "supervisor", lead
    lead.keyboard.press("Alt+b")
    yield "supervisor, bars", lead
    lead.keyboard.press("Alt+y")
    yield "queues", shown(lead, ".queues tbody th")
    lead.keyboard.press("Alt+s")
    yield "staffing", shown(lead, ".staffing .gap")
    yield "what if", lived_again(lead)
    yield "overview", shown(sit(floor, "sue", "/overview", look), ".counted .row")
    then = shown(sit(floor, "sue", "/time", look), key_of(f"incident/{floor.open}"))
    then.locator(key_of(f"incident/{floor.open}")).click()
    then.keyboard.press("Alt+i")
    yield "time", shown(then, ".lines .row")
    then.keyboard.press("Alt+c")
    then.keyboard.press("F8")
    yield "what changed", shown(then, ".differing")


@pytest.mark.parametrize("look", EVERY_LOOK, ids=lambda look: f"{look[0]}-{look[1][0]}")
def test_pages_that_look_on_can_be_read_by_everybody(lived, sit, violations, look):
    """No violation of axe, 7 to 1 in lists and cards, as wide as the window, and no word of complaint.

    In each theme at one size; every theme at every size is slow.
    """
    for name, page in looked_at(sit, lived, look):
        assert (name, violations(page)) == (name, [])
        for part in (".queue", ".card", ".units"):
            if page.locator(part).count():
                assert (name, part, violations(page, within=f"'{part}'", options=ENHANCED)) == (name, part, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert (name, page.complaints) == (name, [])


def test_every_picture_is_a_table_too(lived, sit):
    """Behind each chart stands a table with a title, a head and rows; the picture itself is not spoken."""
    page = shown(sit(lived, "sue", "/supervisor"), ".chart svg")
    for chart in page.locator(".chart:has(svg)").all():
        assert chart.locator("svg").get_attribute("aria-hidden") == "true"
        assert chart.locator("caption").inner_text() != ""
        assert chart.locator("tbody tr").count() > 0


def test_a_past_without_a_unit_stands_beside_the_past_as_it_is(lived, sit):
    """What is tried is said; both distributions are in one table; a call that differs names who was sent in both."""
    page = lived_again(shown(sit(lived, "sue", "/supervisor"), ".chart svg"))
    assert "Out of service: E01." in page.locator(".gist").inner_text()
    heads = page.locator(".what-if .chart").first.locator("th[scope=col]").all_inner_texts()
    assert heads == ["Measure", "as it is", "what if"]
    row = page.locator(".differing tbody tr").first
    assert "E01" in row.locator("td").nth(1).inner_text()
    assert "E01" not in row.locator("td").nth(2).inner_text()


def test_a_floor_of_an_hour_has_no_forecast_and_says_when_it_will(lived, sit):
    """Nothing is drawn from nothing; what is assumed stands there all the same."""
    page = shown(sit(lived, "sue", "/supervisor"), ".chart svg")
    page.keyboard.press("Alt+s")
    assert shown(page, ".staffing .gap").locator(".staffing .gap").inner_text() == "No forecast yet."
    assert "after seven days" in page.locator(".staffing .empty").first.inner_text()
    assert "180 s, assumed" in page.locator(".staffing li").first.inner_text()


def test_a_time_is_told_with_its_standard_its_number_and_its_method(lived, sit):
    """What was measured of two answered calls, against each standard, with n and how it was reckoned."""
    page = shown(sit(lived, "sue", "/supervisor"), ".chart svg")
    caption = page.locator(".chart figcaption").first.inner_text()
    assert re.search(r"n \d+ of \d+ begun; nearest rank", caption)
    assert "too few to say how sure" in caption
    told = page.locator(".standards").inner_text()
    assert "90 % within 15 s" in told
    assert "met: 100 %" in told


def test_a_group_that_nobody_watches_alarms_until_somebody_answers_by_name(lived, sit):
    """The last seat goes: red, in words; F8 answers, which the server keeps; it stays unwatched and says so."""
    lived.ask("define-group", group="traffic", agencies=["traffic"])
    lived.ask("sign-on", seat="dispatch:8", person=lived.lead, groups=["traffic"])
    page = shown(sit(lived, "sue", "/supervisor"), ".chart svg")
    lived.ask("sign-off", seat="dispatch:8", despite="a test of the alarm")
    page.locator(".uncovered:not(.heard)", has_text="traffic").wait_for()
    page.keyboard.press("F8")
    page.get_by_text("known to you").wait_for()
    assert page.locator(".uncovered.heard", has_text="traffic").count() == 1
    [alarm] = [row["alarm"] for key, row in lived.rows("seats").items() if key == "group/traffic"]
    assert alarm["acknowledged_by"] == lived.lead


def test_an_address_in_doubt_is_settled_by_name(lived, sit):
    """It is listed, chosen, and gone once somebody says how it ended."""
    lived.opened(place={"text": "1 NOWHERE LN"}, needs=())
    page = shown(sit(lived, "sue", "/supervisor"), '.row[data-key^="follow_up/"]')
    row = next(iter(lived.rows("follow_ups")))
    page.locator(key_of(row)).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Left as it is").click()
    page.locator(key_of(row)).wait_for(state="detached")
    assert row not in lived.rows("follow_ups")


def test_what_each_station_can_send_is_said_in_words(lived, sit):
    """Those that can send nothing come first, with a cross."""
    page = shown(sit(lived, "sue", "/supervisor"), ".stations tbody code")
    first = page.locator(".stations tbody tr").first.inner_text()
    assert "✕ 0 of" in first
    assert "nothing" in first


def test_a_report_comes_as_a_file(lived, sit):
    """The shift as a table; one that there is not is refused in words."""
    page = shown(sit(lived, "sue", "/supervisor"), ".reports")
    with page.expect_download() as coming:
        page.locator(".reports .line").first.get_by_role("button", name="CSV").click()
    assert coming.value.suggested_filename == "shift.csv"
    page.get_by_label("Incident", exact=True).fill("no such")
    page.keyboard.press("Enter")
    page.get_by_text("This incident is not known").wait_for()


def test_a_figure_of_today_opens_to_its_proof(lived, sit):
    """Each says what it counts, and between which lines; its hash is that of the journal's own line."""
    page = shown(sit(lived, "cal", "/overview"), ".counted .row")
    told = lived.http.get("/api/overview").json()["figures"]
    assert page.locator(".counted .row").count() == len(told)
    page.get_by_role("button", name="Incidents opened").click()
    proof = page.locator("aside").inner_text()
    assert "several calls about one thing are one incident" in proof
    assert re.search(r"lines \d+ to \d+ of the journal|nothing to check", proof)


def test_the_overview_shows_no_person(lived, sit):
    """Neither a caller's number nor a note nor a name of the floor is anywhere on it."""
    page = shown(sit(lived, "cal", "/overview"), ".counted .row")
    words = page.locator("main").inner_text()
    assert re.findall(r"225-555|Smoke from|\b(?:dot|dan|sue)\b", words) == []


def test_the_slider_shows_what_was(lived, sit):
    """Now the second incident is open; at the first line that names the first it is that one; nothing can be asked."""
    page = shown(sit(lived, "sue", "/time"), key_of(f"incident/{lived.open}"))
    assert page.locator(key_of(f"incident/{lived.over}")).count() == 0
    page.get_by_label("Find an incident").fill(lived.over)
    page.keyboard.press("Enter")
    page.locator(".found .row").first.click()
    page.locator(key_of(f"incident/{lived.over}")).wait_for()
    assert page.locator(key_of(f"incident/{lived.open}")).count() == 0
    assert "E01" not in page.locator(key_of(f"incident/{lived.over}")).inner_text()
    assert page.locator(".bar").count() == 0


def test_one_steps_from_event_to_event(lived, sit):
    """F7 goes one line back and F8 one on; what the event changed is said, and the slider speaks its time."""
    page = shown(sit(lived, "sue", "/time"), ".slider input[type=range]")
    line = re.compile(r"line (\d+) of (\d+)")
    at = int(line.search(page.locator(".slider").inner_text())[1])
    page.keyboard.press("F7")
    page.get_by_text(f"line {at - 1} of").wait_for()
    page.keyboard.press("F8")
    page.get_by_text(f"line {at} of").wait_for()
    assert re.match(r"\d\d:\d\d:\d\d, ", page.get_by_label("Moment").get_attribute("aria-valuetext"))


def test_a_line_of_the_timeline_leads_to_its_moment(lived, sit):
    """The note is a line; pressing the line before it shows the incident without the note."""
    page = shown(sit(lived, "sue", "/time"), key_of(f"incident/{lived.open}"))
    page.locator(key_of(f"incident/{lived.open}")).click()
    page.locator(".narrative").get_by_text("Smoke from the roof").wait_for()
    page.keyboard.press("Alt+i")
    lines = page.locator(".lines .row")
    lines.first.wait_for()
    texts = lines.all_inner_texts()
    note = next(i for i, text in enumerate(texts) if "Smoke from the roof" in text)
    lines.nth(note - 1).click()
    page.locator(".narrative").wait_for(state="detached")
    assert lines.nth(note - 1).get_attribute("aria-current") == "step"


def test_a_relief_is_told_what_changed(lived, sit):
    """Since the first line: the fire is new, with its words; a dispatcher is shown this page alone."""
    page = shown(sit(lived, "sue", "/time"), ".slider input[type=range]")
    page.get_by_label("Moment").press("Home")
    page.locator(key_of(f"incident/{lived.open}")).wait_for(state="detached")
    page.keyboard.press("Alt+c")
    page.keyboard.press("F8")
    page.locator(".differing li", has_text=f"#{lived.open} Structure Fire").wait_for()
    other = sit(lived, "dan", "/time")
    other.get_by_role("button", name="Tell what changed").wait_for()
    assert other.locator(".slider").count() == 0

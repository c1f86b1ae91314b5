"""What holds on every page, in both themes and at two sizes: nothing leaves, axe is silent, all of it can be read."""

import pytest

from .conftest import EVERY_LOOK, watched
from .floor import PATIENCE_MS, key_of, until

pytestmark = pytest.mark.browser

ENHANCED = '{runOnly: ["color-contrast-enhanced"], rules: {"color-contrast-enhanced": {enabled: true}}}'
SMALL_TEXT = """() => [...document.querySelectorAll('body *')].filter(one => [...one.childNodes].some(
    node => node.nodeType === 3 && node.textContent.trim()) && parseFloat(getComputedStyle(one).fontSize) < 12
    && !one.closest('svg')).map(one => one.outerHTML)"""
SMALL_TARGETS = """() => [...document.querySelectorAll('button, select, input, nav a, .tiles a')]
    .filter(one => one.checkVisibility()).map(one => [one.outerHTML, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""
STOP = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    return one === document.body ? null : {
        name: one.ariaLabel || one.textContent.trim() || one.labels?.[0]?.textContent || one.placeholder,
        outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, what: one.outerHTML.slice(0, 99),
    };
}"""


@pytest.fixture(scope="module")
def busy(floor):
    """Two incidents, one of them worked, a ringing call, one that is spoken, one who is owed a callback."""
    floor.opened(priority=1)
    floor.worked = floor.opened(kind="Chest pain", priority=2, needs=(("ENGINE", 2),))
    floor.ask("assign-units", incident=floor.worked, units=["E02"])
    floor.ask("add-note", incident=floor.worked, text="Caller says the door is locked")
    for name, number in (("c1", "225-555-0101"), ("c2", "225-555-0102"), ("c3", "225-555-0103")):
        floor.ask("receive-call", call=name, source="911", callback=number)
    floor.ask("answer-call", call="c2", seat="calls:7")
    floor.ask("abandon-call", call="c3")
    return floor


def pages(sit, floor, look):
    """Every page there is, each in a state with much to see: its name and it."""
    yield "start", sit(floor, "sue", "/", look)
    dispatch = sit(floor, "dan", "/dispatch", look)
    dispatch.locator(key_of(f"incident/{floor.worked}")).click()
    dispatch.locator(key_of("unit/E02")).click()
    dispatch.wait_for_selector(".verdicts.no li")
    dispatch.wait_for_selector(".canvas[data-drawn]")
    yield "dispatch", dispatch
    dispatch.keyboard.press("F1")
    dispatch.wait_for_selector(".help")
    yield "help", dispatch
    calls = sit(floor, "cal", "/calls", look)
    calls.keyboard.press("Alt+i")
    calls.locator("#location-line").fill("ALDER AVE")
    calls.wait_for_selector(".location .chip.warn, .location .chip.good")
    calls.wait_for_selector(".canvas[data-drawn]")
    yield "calls", calls


@pytest.mark.parametrize("look", EVERY_LOOK, ids=lambda look: f"{look[0]}-{look[1][0]}")
def test_every_page_can_be_read_and_pressed_by_everybody(busy, sit, violations, look):
    """No violation of axe; 7 to 1 in lists and cards; as wide as its window; no text under 12, no target under 24.

    In each theme at one size; every theme at every size is slow.
    """
    host = busy.url.partition("//")[2]
    for name, page in pages(sit, busy, look):
        assert (name, violations(page)) == (name, [])
        for part in (".queue", ".card", ".units"):
            if page.locator(part).count():
                assert (name, part, violations(page, within=f"'{part}'", options=ENHANCED)) == (name, part, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert (name, page.evaluate(SMALL_TEXT)) == (name, [])
        assert (name, page.evaluate(SMALL_TARGETS)) == (name, [])
        outside = [url for url in page.asked if not url.startswith(("data:", "blob:")) and f"//{host}/" not in url]
        assert (name, outside, page.complaints) == (name, [], [])


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_door_can_be_used_by_everybody(busy, chromium, violations, scheme):
    """No violation; a wrong password is said in words and nothing else is told."""
    context = chromium.new_context(color_scheme=scheme)
    page = watched(context.new_page())
    page.goto(busy.url + "/dispatch")
    page.get_by_label("Name").fill("dan")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_text("Name or password is not right.").wait_for()
    assert violations(page) == []
    assert page.get_by_label("Password").input_value() == ""
    context.close()


def test_at_laptop_size_the_map_yields_first_and_keeps_a_share(busy, sit):
    """Queue, card and board keep a width that their rows fit; the map still has a sixth of the window."""
    page = sit(busy, "dan", "/dispatch")
    widths = {part: page.locator(part).bounding_box()["width"] for part in (".lists", ".card", ".units", ".map")}
    assert widths[".lists"] > 300
    assert widths[".card"] > 350
    assert widths[".units"] > 300
    assert widths[".map"] > page.viewport_size["width"] / 6


def test_text_may_be_three_quarters_larger(busy, sit):
    """At 175 % nothing runs off the side, and names, statuses and ages can still be read whole."""
    page = sit(busy, "dan", "/dispatch")
    for _ in range(4):
        page.keyboard.press("Alt+z")
    until(page, "document.documentElement.style.fontSize === '175%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    parts = "[...document.querySelectorAll('.row .call, .row .age, .row .id')]"
    cut = f"{parts}.filter(one => one.scrollWidth > one.clientWidth + 1)"
    assert page.evaluate(f"{cut}.map(one => one.textContent)") == []


def test_every_stop_of_the_keyboard_has_a_name_and_shows_itself(busy, sit):
    """Walking the seat by Tab, each stop can be spoken and has a visible outline; a list is one stop."""
    page = sit(busy, "dan", "/dispatch")
    page.locator(key_of(f"incident/{busy.worked}")).click()
    page.wait_for_selector(".verdicts.no li")
    page.evaluate("document.activeElement.blur()")
    stops = []
    for _ in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate(STOP)
        if at is None:
            break
        stops.append(at)
    assert [one for one in stops if not one["name"] or not one["outline"]] == []
    assert 20 < len(stops) < 80
    rows = page.locator(".row.unit, .row.incident").count()
    assert sum('class="row' in one["what"] for one in stops) < rows


def test_every_button_of_an_act_teaches_its_key(busy, sit):
    """The tooltip names the key, and for what the command bar can do, the command."""
    page = sit(busy, "dan", "/dispatch")
    page.locator(key_of(f"incident/{busy.worked}")).click()
    page.locator(key_of("unit/E02")).click()
    page.wait_for_selector(".verdicts.no li")
    taught = page.evaluate(
        "[...document.querySelectorAll('button[aria-keyshortcuts]')].map(one => [one.ariaKeyShortcuts, one.title])"
    )
    assert len(taught) > 20
    assert [pair for pair in taught if f"({pair[0]})" not in pair[1]] == []
    assert [key for key, _ in taught if len(key) == 1] == []
    titles = dict(taught)
    assert f"d #{busy.worked} rec" in titles["F8"]
    assert "e02 en route" in titles["F7"]


def test_who_wants_no_motion_sees_none(busy, chromium):
    """No transition and no animation runs."""
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(busy.url)
    page.wait_for_selector(".door form", timeout=PATIENCE_MS)
    moving = page.evaluate(
        """[...document.querySelectorAll('body *')].filter(one => {
            const style = getComputedStyle(one);
            return style.animationName !== 'none' || style.transitionDuration.split(', ').some(parseFloat);
        }).map(one => one.outerHTML)"""
    )
    assert moving == []
    context.close()


def test_theme_density_and_size_are_kept(busy, sit):
    """What was set is there after a reload: theme, rows, text."""
    page = sit(busy, "dan", "/dispatch")
    for key in ("Alt+t", "Alt+w", "Alt+z"):
        page.keyboard.press(key)
    look = "(({dataset, style}) => [dataset.theme, dataset.density, style.fontSize])(document.documentElement)"
    assert page.evaluate(look) == ["day", "compact", "115%"]
    page.reload()
    page.wait_for_selector(".row.incident")
    assert page.evaluate(look) == ["day", "compact", "115%"]

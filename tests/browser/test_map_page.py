"""The map page of a living city in a real browser: it moves, it tells what it knows, everyone can use it.

The clock of the city is set through the page's own server, so that no test waits for a call to come.
"""

import base64
import json
import os
import signal
import subprocess
import sys

import httpx
import pytest

pytestmark = pytest.mark.browser

COMMAND = [sys.executable, "-c", "from redstick.cli.main import main; main()", "demo"]
PATIENCE_MS = 120_000  # a shared machine draws slowly
DESK, LAPTOP, PHONE = (1920, 1080), (1366, 768), (390, 844)
LOOKS = [("dark", DESK), ("light", DESK), ("dark", LAPTOP), ("light", LAPTOP), ("dark", PHONE), ("light", PHONE)]

# How many pixels of a picture are near each of some colours.
COUNT = """async ([picture, colours]) => {
    const answer = await fetch(`data:image/png;base64,${picture}`);
    const bitmap = await createImageBitmap(await answer.blob());
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    pen.drawImage(bitmap, 0, 0);
    const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
    return colours.map(hex => {
        const [r, g, b] = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
        let near = 0;
        for (let i = 0; i < data.length; i += 4)
            if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 24) near += 1;
        return near;
    });
}"""


class Demo:
    """A running demo, its clock in the test's hand."""

    def __init__(self, folder, port=0):
        environment = {**os.environ, "TMPDIR": str(folder)}
        command = [*COMMAND, "--port", str(port), "--json", "--speed", "30"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.url = json.loads(self._process.stdout.readline())["url"]

    def clock(self, **change):
        """Set the clock."""
        httpx.post(f"{self.url}/api/clock", json=change, timeout=60).raise_for_status()

    def rows(self, kind):
        """The server's rows of a kind, by key."""
        rows = httpx.get(f"{self.url}/api/state", timeout=60).json()["rows"]
        return {key: row for key, row in rows.items() if key.startswith(f"{kind}/")}

    def end(self):
        """As by Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """One living city for all that look on; each test finds it standing still."""
    running = Demo(tmp_path_factory.mktemp("demo"))
    yield running
    running.end()


def open_page(chromium, url, look):
    """The page, loaded and drawn, with what it asked for and what it complained of."""
    scheme, (width, height) = look
    page = chromium.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=width < 500)
    page.set_default_timeout(PATIENCE_MS)
    page.asked, page.complaints = [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("websocket", lambda link: page.asked.append(link.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(url)
    page.wait_for_selector(".row.incident")
    page.wait_for_selector(".map[data-drawn]")
    return page


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: f"{look[0]}-{look[1][0]}")
def looked_at(request, chromium, demo):
    """One page for each look, for tests that only look: whatever they open, they close. The city stands still."""
    demo.clock(paused=True)
    page = open_page(chromium, demo.url, request.param)
    yield page
    page.close()


@pytest.fixture
def opened(request, chromium, demo):
    """A page of its own for a test that acts: by night on a laptop, or as the test asks. The city stands still."""
    demo.clock(paused=True)
    page = open_page(chromium, demo.url, getattr(request, "param", ("dark", LAPTOP)))
    yield page
    page.close()


@pytest.fixture
def painted(chromium):
    """Counts the pixels of the map that are near some tokens of the page's theme."""
    blank = chromium.new_page()

    def painted(page, *tokens):
        style = "getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
        colours = [page.evaluate(f"name => {style}", token) for token in tokens]
        picture = base64.b64encode(page.locator(".map").screenshot()).decode()
        return blank.evaluate(COUNT, [picture, colours])

    yield painted
    blank.close()


def row(page, key):
    """The row of a unit or incident in its list."""
    return page.locator(f'.row[data-key="{key}"]')


def test_nothing_complains_and_nothing_leaves_the_machine(looked_at, demo):
    """Every request goes to the city's own server; the console stays empty."""
    host = demo.url.partition("//")[2]
    assert [url for url in looked_at.asked if not url.startswith(("data:", "blob:")) and f"//{host}/" not in url] == []
    assert looked_at.complaints == []


def test_axe_finds_no_violation(looked_at, violations):
    """WCAG 2.2 A and AA and best practices; with a card open too."""
    assert violations(looked_at) == []
    looked_at.locator(".row.incident").first.click()
    looked_at.wait_for_selector(".card")
    assert violations(looked_at) == []
    looked_at.keyboard.press("Escape")


def test_lists_and_card_are_read_at_the_highest_contrast(looked_at, violations):
    """7 to 1 (AAA) in the queue, the card and the unit board."""
    looked_at.locator(".row.incident").first.click()
    for part in (".card", ".panel"):
        only = '{runOnly: ["color-contrast-enhanced"], rules: {"color-contrast-enhanced": {enabled: true}}}'
        assert violations(looked_at, within=f"'{part}'", options=only) == []
    looked_at.keyboard.press("Escape")


def test_nothing_runs_off_the_side_and_no_text_is_small(looked_at):
    """The page is as wide as its window, and nothing is written below 12 pixels."""
    assert looked_at.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert looked_at.evaluate("document.querySelector('.top').scrollWidth <= innerWidth")
    small = looked_at.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(one => [...one.childNodes].some(
            node => node.nodeType === 3 && node.textContent.trim()) && parseFloat(getComputedStyle(one).fontSize) < 12
            && !one.closest('svg')).map(one => one.outerHTML)"""
    )
    assert small == []


def test_the_map_shows_streets_units_and_incidents(looked_at, painted):
    """Pixels in the colours of arteries, of free units and of priorities."""
    arteries, units, incidents = painted(looked_at, "--map-artery", "--good", "--p3")
    assert arteries > 300
    assert units > 40
    assert incidents > 60


def test_targets_are_large_enough_for_those_who_press_them(looked_at):
    """24 pixels at a desk; rows and controls of a phone 44."""
    least = 44 if looked_at.viewport_size["width"] < 500 else 24
    small = looked_at.evaluate(
        """least => [...document.querySelectorAll('header button, header select, .row')]
            .map(one => [one.outerHTML, one.getBoundingClientRect()])
            .filter(([, box]) => box.width < least || box.height < least).map(([html]) => html)""",
        least,
    )
    assert small == []


@pytest.mark.parametrize("opened", [("dark", LAPTOP), ("dark", PHONE)], indirect=True, ids=["laptop", "phone"])
def test_the_map_yields_first_and_keeps_a_share(opened):
    """Lists keep their width; at least a third of the window is still map."""
    box = opened.locator(".map").bounding_box()
    assert box["width"] * box["height"] > opened.evaluate("innerWidth * innerHeight") / 3


@pytest.mark.parametrize("opened", [("dark", LAPTOP), ("dark", PHONE)], indirect=True, ids=["laptop", "phone"])
def test_text_may_be_three_quarters_larger(opened):
    """At 175 % nothing runs off the side, and units, their status and every age can still be read whole."""
    opened.evaluate("document.documentElement.style.fontSize = '175%'")
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.evaluate("document.querySelector('.top').scrollWidth <= innerWidth")
    parts = "[...document.querySelectorAll('.row .call, .row .age, .unit .first')]"
    cut = f"{parts}.filter(one => one.scrollWidth > one.clientWidth)"
    assert opened.evaluate(f"{cut}.map(one => one.textContent)") == []


def test_units_move_while_time_runs_and_stand_while_it_stands(opened, demo, painted):
    """The map changes by itself; paused, it is the same picture twice."""
    first = painted(opened, "--good", "--accent", "--busy")
    assert painted(opened, "--good", "--accent", "--busy") == first
    still = opened.locator(".map").screenshot()
    demo.clock(paused=False)
    opened.wait_for_function("clock => document.querySelector('.clock').textContent !== clock",
                             arg=opened.inner_text(".clock"))  # fmt: skip
    demo.clock(step_s=120)
    demo.clock(paused=True)
    opened.wait_for_timeout(500)
    assert opened.locator(".map").screenshot() != still


def test_the_lists_say_what_the_server_knows(opened, demo):
    """Every unit and every open incident once, with its status and its place."""
    incidents, units = demo.rows("incident"), demo.rows("unit")
    keys = opened.evaluate("[...document.querySelectorAll('.row')].map(row => row.dataset.key)")
    assert sorted(keys) == sorted([*incidents, *units])
    for key, known in incidents.items():
        words = row(opened, key).inner_text()
        assert known["kind"] in words
        assert known["text"] in words


def test_new_incidents_appear_by_themselves_and_nothing_jumps(opened, demo):
    """Rows of lower priority keep their order, new ones come at their foot; priority 1 is pinned on top."""
    order = "() => [...document.querySelectorAll('.row.incident')].map(row => row.dataset.key)"
    before = opened.evaluate(order)
    while True:  # until one has come that is more urgent than one that was there
        demo.clock(step_s=60)
        levels = {key: known["priority"] for key, known in demo.rows("incident").items()}
        stay = [key for key in before if key in levels and levels[key] != 1]
        if any(1 < levels[new] < levels[old] for new in levels.keys() - set(before) for old in stay):
            break
    opened.wait_for_function(f"known => ({order})().sort().join() === known", arg=",".join(sorted(levels)))
    after = opened.evaluate(order)
    pinned = [key for key in after if levels[key] == 1]
    assert after[: len(pinned)] == pinned
    assert after[len(pinned) :][: len(stay)] == stay


def test_a_card_tells_times_and_reasons(opened, demo):
    """What came when, for each unit, and why it was these units; the unit is one press away, and back."""
    key = next(key for key, known in demo.rows("incident").items() if known["units"])
    unit = demo.rows("incident")[key]["units"][0]["unit"]
    row(opened, key).click()
    card = opened.locator(".card")
    assert "alerted" in card.inner_text()
    assert "Why these units" in card.inner_text()
    assert row(opened, key).get_attribute("aria-pressed") == "true"
    card.get_by_role("button", name=unit, exact=True).click()
    assert opened.locator("#card-title").inner_text().startswith(unit)
    assert row(opened, f"unit/{unit}").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("opened", [("dark", LAPTOP), ("dark", PHONE)], indirect=True, ids=["laptop", "phone"])
def test_what_is_chosen_is_shown_where_no_card_covers_it(opened, demo, painted):
    """The ring around the chosen unit is in sight."""
    moving = next(key.partition("/")[2] for key, track in demo.rows("track").items() if track["moving"])
    row(opened, f"unit/{moving}").click()
    opened.wait_for_timeout(600)
    [ring] = painted(opened, "--focus")
    assert ring > 60


def test_the_whole_page_can_be_used_by_keys_alone(opened):
    """The skip link first; a row opens its card with Enter; Escape puts it away and the row has the focus again."""
    focused = "document.activeElement"
    opened.keyboard.press("Tab")
    assert opened.evaluate(f"{focused}.textContent") == "Skip to the open incidents"
    assert opened.evaluate(f"{focused}.getBoundingClientRect().top >= 0")
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")
    chosen = opened.evaluate(f"{focused}.dataset.key")
    assert chosen.startswith("incident/")
    opened.keyboard.press("Enter")
    opened.wait_for_selector(".card")
    opened.locator(".card .close").focus()
    opened.keyboard.press("Escape")
    opened.wait_for_selector(".card", state="detached")
    assert opened.evaluate(f"{focused}.dataset.key") == chosen


def test_every_stop_of_the_keyboard_has_a_name_and_shows_itself(opened):
    """Walking the whole page by Tab, each stop can be spoken and has a visible outline."""
    stops = 0
    while True:
        opened.keyboard.press("Tab")
        at = opened.evaluate(
            """() => {
                const one = document.activeElement, style = getComputedStyle(one);
                return one === document.body ? null : {
                    name: one.ariaLabel || one.textContent.trim() || one.labels?.[0]?.textContent,
                    outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                };
            }"""
        )
        if at is None:
            break
        stops += 1
        assert at["name"]
        assert at["outline"], at
    assert stops > 30


def test_every_act_has_a_key_that_its_tooltip_teaches(opened, demo):
    """Alt+P goes on and pauses, Alt+N steps a minute, Alt+T turns night into day, and the page remembers."""
    assert opened.get_by_role("button", name="Go on").get_attribute("title") == "Go on (Alt+P)"
    clock = opened.inner_text(".clock")
    opened.keyboard.press("Alt+n")
    opened.wait_for_function("clock => document.querySelector('.clock').textContent !== clock", arg=clock)
    opened.keyboard.press("Alt+p")
    opened.get_by_role("button", name="Pause").wait_for()
    opened.keyboard.press("Alt+p")
    opened.get_by_role("button", name="Go on").wait_for()
    opened.keyboard.press("Alt+t")
    assert opened.evaluate("document.documentElement.dataset.theme") == "day"
    opened.reload()
    opened.wait_for_selector(".row.incident")
    assert opened.evaluate("document.documentElement.dataset.theme") == "day"


def test_day_and_night_paint_the_map_anew(opened, painted):
    """Land, streets and symbols follow the theme without a reload."""
    [night] = painted(opened, "--map-land")
    opened.keyboard.press("Alt+t")
    opened.wait_for_selector('.map[data-drawn="day"]')
    [day, unit] = painted(opened, "--map-land", "--good")
    assert min(night, day) > 100_000
    assert unit > 40


def test_who_wants_no_motion_sees_none(chromium, demo):
    """No transition and no animation runs."""
    page = chromium.new_page(reduced_motion="reduce")
    page.goto(demo.url)
    page.wait_for_selector(".row.incident", timeout=PATIENCE_MS)
    moving = page.evaluate(
        """[...document.querySelectorAll('body *')].filter(one => {
            const style = getComputedStyle(one);
            return style.animationName !== 'none' || style.transitionDuration.split(', ').some(parseFloat);
        }).map(one => one.outerHTML)"""
    )
    assert moving == []
    page.close()


def test_a_lost_link_is_said_at_once_and_healed(chromium, tmp_path, violations):
    """The status says so with the age of what is shown, rows stay, acts are off; with the server comes life."""
    running = Demo(tmp_path)
    page = open_page(chromium, running.url, ("dark", LAPTOP))
    assert page.get_by_role("status").inner_text() == "● live"
    running.end()
    page.wait_for_selector(".link.lost")
    assert "link lost: showing" in page.get_by_role("status").inner_text()
    assert page.locator(".row.incident").count() > 0
    assert page.get_by_role("button", name="Pause").is_disabled()
    assert violations(page) == []
    again = Demo(tmp_path, port=int(running.url.rpartition(":")[2]))
    page.wait_for_selector(".link:not(.lost)")
    assert page.get_by_role("status").inner_text() == "● live"
    again.end()
    page.close()


def test_a_city_that_cannot_be_loaded_says_what_to_do(chromium, demo, violations):
    """What happened and what to do, instead of an empty page; the lists go on."""
    page = chromium.new_page()
    page.route("**/api/map/city", lambda route: route.fulfill(status=500, body="{}"))
    page.goto(demo.url)
    page.get_by_text("reload the page to try again").wait_for(timeout=PATIENCE_MS)
    page.wait_for_selector(".row.incident")
    assert violations(page) == []
    page.close()

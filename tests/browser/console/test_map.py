"""The map of a seat: our own tiles, drawn in the colours of the theme, with what lives on top."""

import base64

import pytest

from .conftest import DESK
from .floor import await_look, key_of

pytestmark = pytest.mark.browser

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
WEST, SOUTH = -911950000, 304050000  # a corner in the middle of the town


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


def standing(page):
    """The map's picture, once it is twice the same."""
    seen = [page.locator(".map").screenshot()]

    def looked():
        seen.append(page.locator(".map").screenshot())
        return seen[-1] == seen[-2]

    await_look(page, looked)
    return seen[-1]


def test_streets_incidents_and_units_are_drawn(quiet_floor, sit, painted):
    """Pixels in the colours of streets, of a priority, and of a unit that is on its way."""
    i1 = quiet_floor.opened(priority=1, place={"text": "here", "x": WEST, "y": SOUTH}, needs=())
    quiet_floor.ask("assign-units", incident=i1, units=["E01"])
    quiet_floor.ask("report-status", unit="E01", status="ENR", x=WEST + 20000, y=SOUTH + 20000)
    page = sit(quiet_floor, "dan", "/dispatch", ("dark", DESK))
    page.locator(".canvas[data-drawn]").wait_for()
    page.locator(key_of(f"incident/{i1}")).click()
    await_look(page, lambda: min(painted(page, "--map-street", "--p1", "--accent")) > 60)


def test_a_unit_that_moves_is_drawn_elsewhere(quiet_floor, sit, painted):
    """Two reports of a position are two pictures."""
    i1 = quiet_floor.opened(place={"text": "here", "x": WEST, "y": SOUTH}, needs=())
    quiet_floor.ask("assign-units", incident=i1, units=["E01"])
    quiet_floor.ask("report-status", unit="E01", status="ENR", x=WEST + 9000, y=SOUTH + 9000)
    page = sit(quiet_floor, "dan", "/dispatch", ("dark", DESK))
    page.locator(".canvas[data-drawn]").wait_for()
    page.locator(key_of(f"incident/{i1}")).click()
    await_look(page, lambda: painted(page, "--accent")[0] > 40)
    still = standing(page)
    quiet_floor.ask("report-status", unit="E01", status="ENR", x=WEST - 9000, y=SOUTH + 9000)
    await_look(page, lambda: page.locator(".map").screenshot() != still)


def test_day_and_night_paint_the_map_anew(quiet_floor, sit, painted):
    """Land and streets follow the theme without a reload."""
    page = sit(quiet_floor, "dan", "/dispatch", ("dark", DESK))
    page.locator('.canvas[data-drawn="night"]').wait_for()
    await_look(page, lambda: painted(page, "--map-land")[0] > 50_000)
    page.keyboard.press("Alt+t")
    page.locator('.canvas[data-drawn="day"]').wait_for()
    await_look(page, lambda: painted(page, "--map-land")[0] > 50_000)


def test_the_seat_works_where_no_map_can_be_drawn(quiet_floor, sit, violations):
    """The server cannot say of which city: lists and card are there, and the map's place says why it is empty."""
    i1 = quiet_floor.opened()
    page = sit(quiet_floor, "dan", "/calls")
    page.route("**/api/map/**", lambda route: route.fulfill(status=503, body="{}"))
    page.goto(f"{quiet_floor.url}/dispatch")
    page.locator(key_of(f"incident/{i1}")).click()
    page.locator(".card .head").wait_for()
    assert "as soon as the server has opened one" in page.locator(".map").inner_text()
    assert violations(page) == []

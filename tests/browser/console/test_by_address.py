"""The seats of the demo, opened by their address: nobody has a password there, and an address is a wish to sit."""

import re

import httpx
import pytest
from tests.cli.test_demo import demo

from .conftest import LAPTOP, watched
from .floor import await_look
from .test_registered_seats import registered

pytestmark = [pytest.mark.browser, pytest.mark.sockets]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A demo whose clock stands: what is looked at here does not depend on what befalls."""
    with demo(tmp_path_factory.mktemp("city")) as (_, url):
        assert httpx.post(f"{url}/api/demo/clock", json={"paused": True}, timeout=60).status_code == 200
        yield url


@pytest.fixture
def visit(chromium, city):
    """Opens an address as a visitor with a browser of their own, who leaves in the end."""
    contexts = []

    def visit(path):
        context = chromium.new_context(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
        contexts.append(context)
        page = watched(context.new_page())
        page.goto(city + path)
        return page

    yield visit
    for context in contexts:
        context.request.delete(f"{city}/api/session")
        context.close()


def seated(page, name):
    """The page stands at the seat, and somebody sits there."""
    page.locator("main#seat h1").wait_for(state="attached")
    page.locator(".top time, .field-top time, .overview .value").first.wait_for()
    assert page.evaluate("location.pathname") == f"/{name}"
    return page


def test_every_seat_is_offered_by_the_demo(city):
    """A seat that is on no tile could be opened by nobody."""
    offered = {one["path"] for one in httpx.get(f"{city}/api/demo", timeout=60).json()["seats"]}
    assert offered == {f"/{name}" for name in registered()}


@pytest.mark.parametrize("name", registered())
def test_an_address_leads_to_its_seat_whoever_opens_it(visit, name):
    """Without a session; with it, as the page is loaded again; and from another seat, whose role would not do."""
    page = seated(visit(f"/{name}"), name)
    page.reload()
    seated(page, name)
    other = "phones" if name != "phones" else "field"
    page.goto(page.url.replace(f"/{name}", f"/{other}"))
    seated(page, other)
    page.goto(page.url.replace(f"/{other}", f"/{name}"))
    seated(page, name)
    assert page.complaints == []


def test_who_comes_second_to_a_seat_is_told_and_may_choose_another(visit):
    """The start page, with why; nothing of the other visitor's seat is shown."""
    seated(visit("/calls"), "calls")
    second = visit("/calls")
    second.get_by_role("alert").filter(has_text=re.compile("A visitor sits at that seat")).wait_for()
    assert second.evaluate("location.pathname") == "/"
    assert second.locator(".tiles li").count() > 5


def test_who_leaves_is_not_seated_again(visit):
    """Signing off leads to the start page, and stays there."""
    page = seated(visit("/dispatch"), "dispatch")
    page.keyboard.press("Alt+Shift+X")
    page.locator(".tiles li").first.wait_for()
    page.wait_for_timeout(1500)
    assert page.evaluate("location.pathname") == "/"
    assert page.request.get(page.url.rstrip("/") + "/api/session").status == 401


def test_the_supervisors_map_shows_the_whole_city(visit, city):
    """Before anybody has touched it, at the smallest desk: the city's bounds lie inside what is seen, and fill it.

    So they do when the window has another size.
    """
    page = seated(visit("/supervisor"), "supervisor")
    canvas = page.locator(".map .canvas[data-drawn]")
    canvas.wait_for()
    bounds = page.request.get(f"{city}/api/map/style-sources").json()["sources"]["city"]["bounds"]
    for size in (LAPTOP, (1920, 1080), LAPTOP):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        await_look(page, lambda: shown_whole(bounds, canvas.get_attribute("data-view")))


def shown_whole(bounds, view):
    """Whether bounds lie inside what a map shows, and fill more than half of it one way."""
    west, south, east, north = (float(one) for one in view.split())
    inside = west < bounds[0] < bounds[2] < east and south < bounds[1] < bounds[3] < north
    return inside and max((bounds[2] - bounds[0]) / (east - west), (bounds[3] - bounds[1]) / (north - south)) > 0.5

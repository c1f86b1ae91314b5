"""One floor for every test that leaves it as it was, and pages of it for one who is signed in."""

import pytest
from tests.once import made_once

from .floor import PASSWORD, PATIENCE_MS, Floor, found

DESK, LAPTOP = (1920, 1080), (1366, 768)
# Colours do not depend on the size nor the layout on the theme: two looks meet both themes and both sizes. What might
# show in one pairing alone is looked for by `make test-slow`.
LOOKS = [("dark", DESK), ("light", LAPTOP)]
CROSSED = [("light", DESK), ("dark", LAPTOP)]
EVERY_LOOK = [*LOOKS, *(pytest.param(look, marks=pytest.mark.slow) for look in CROSSED)]
DRAWN_SLOWLY = "GL Driver Message (OpenGL, Performance"  # what software rendering says of itself on a busy machine
EXPECTED = ("/api/session", "/api/demo")  # who asks whether they are signed in may be told no; a real city is no demo


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """A town with its people, made once."""
    return made_once(tmp_path_factory, "founded", found)


@pytest.fixture(scope="module")
def floor(founded, tmp_path_factory):
    """A floor that serves a module's tests."""
    running = Floor(founded, tmp_path_factory.mktemp("floor"))
    running.computes()
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture
def own_floor(founded, tmp_path):
    """A floor that a test may kill."""
    running = Floor(founded, tmp_path)
    running.computes()
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture
def quiet_floor(floor):
    """The module's floor with nothing open on it."""
    floor.clear()
    return floor


@pytest.fixture
def sit(chromium):
    """Opens a seat as somebody: their own browser, signed in, its rows there."""
    opened = []

    def sit(floor, name, path, look=("dark", LAPTOP), before=""):
        scheme, (width, height) = look
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        opened.append((floor, context))
        signed = context.request.post(f"{floor.url}/api/session", data={"name": name, "password": PASSWORD})
        assert signed.status == 200
        page = watched(context.new_page())
        if before:
            page.add_init_script(before)
        page.goto(floor.url + path)
        # Who does not stand at the live board has no clock above the Overview: its figures are what comes.
        there = ".top time, .field-top time, .overview .value"
        page.wait_for_selector("main h1" if path == "/" else there)
        return page

    yield sit
    for floor, context in opened:
        # A person has so many sessions at most: those left open would end the floor's own, which is used less often.
        if floor.process.poll() is None:
            context.request.delete(f"{floor.url}/api/session")
        context.close()


def watched(page):
    """The page, with what it asked for and what it complained of."""
    page.set_default_timeout(PATIENCE_MS)
    page.asked, page.complaints = [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("websocket", lambda link: page.asked.append(link.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))

    def said(message):
        if DRAWN_SLOWLY not in message.text and not message.location["url"].endswith(EXPECTED):
            page.complaints.append(message.text)

    page.on("console", said)
    return page

"""A page that is loaded while no server answers: the console with its last truth, until a server answers."""

import signal

import pytest

from redstick.kernel.authority.sessions import SessionLimits

from .floor import PAPER, PASSWORD, key_of, record, until

pytestmark = pytest.mark.browser
KEPT = "caches.has('redstick-truth')"
LOST, LIVE = ".link.lost[role=status]", ".link:not(.lost)[role=status]"
POISON = """async () => {
    const older = () => new Response('<h1>An older console</h1>', { headers: { 'content-type': 'text/html' } });
    for (const name of await caches.keys())
        if (name.startsWith('redstick-console-')) await (await caches.open(name)).put('/', older());
}"""


def settle(page):
    """Wait until this browser has everything that it keeps: the console, its paper, what is true."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, PAPER)
    until(page, KEPT)


@pytest.fixture
def dark(own_floor, sit):
    """A dispatcher's seat with an incident on it, the server killed and the page loaded anew."""
    own_floor.i1 = own_floor.opened()
    own_floor.ask("assign-units", incident=own_floor.i1, units=["E01"])
    page = sit(own_floor, "dan", "/dispatch")
    page.locator(key_of(f"incident/{own_floor.i1}")).wait_for()
    settle(page)
    own_floor.end(signal.SIGKILL)
    page.locator(LOST).wait_for()
    page.reload()
    page.locator(LOST).wait_for()
    return own_floor, page


def test_a_page_loaded_without_a_server_shows_its_last_truth_and_how_old_it_is(dark, violations):
    """The same rows, the time of the last word, its age, and no act: what is kept is never taken for what is."""
    floor, page = dark
    page.locator(key_of(f"incident/{floor.i1}")).click()
    page.locator(".sent").filter(has_text="E01").wait_for()
    assert page.locator(".row.unit").count() == 4
    assert "link down: showing" in page.locator(LOST).inner_text()
    age = page.locator(".link.lost[aria-hidden]").inner_text()
    until(page, "age => document.querySelector('.link.lost[aria-hidden]').innerText !== age", age)
    page.get_by_label("Add to the narrative").fill("door is locked")
    page.keyboard.press("Enter")
    page.get_by_text("nothing was sent").wait_for()
    assert violations(page) == []


def test_without_a_server_a_loaded_page_prints_cards_records_and_heals(dark):
    """Paper is there; what is voiced is kept over the load and entered once a server answers; a second load is live."""
    floor, page = dark
    page.keyboard.press("Alt+Shift+o")
    record(page, What_was_voiced="status", Unit="E01", Status="ENR")
    page.emulate_media(media="print")
    assert floor.i1 in page.locator(".paper").inner_text()
    page.emulate_media(media="screen")
    floor.start()
    page.locator(LIVE).wait_for()
    until(page, "document.querySelector('.console-name .chip') === null")  # signed on again
    assert floor.unit("E01")["status"] == "DSP"
    page.keyboard.press("Alt+Shift+e")
    page.get_by_text("1 settled").wait_for()
    assert floor.unit("E01")["status"] == "ENR"
    page.reload()
    page.locator(LIVE).wait_for()


def test_past_the_time_of_a_session_a_page_loaded_without_a_server_shows_nothing(dark):
    """Whoever pulls the cable meets an empty page: rows and paper are gone; what was voiced stays to be entered."""
    floor, page = dark
    page.keyboard.press("Alt+Shift+o")
    record(page, What_was_voiced="status", Unit="E01", Status="ENR")
    idle_ms = SessionLimits().idle_ms
    page.add_init_script(f"const now = Date.now; Date.now = () => now() + {idle_ms};")
    page.reload()
    page.get_by_text("The server does not answer").wait_for()
    until(page, "localStorage.getItem('redstick-paper') === null")
    until(page, "caches.open('redstick-truth').then(kept => kept.keys()).then(kept => kept.length === 0)")
    assert page.locator(".row").count() == 0
    floor.start()
    page.locator(key_of(f"incident/{floor.i1}")).wait_for()
    page.keyboard.press("Alt+Shift+o")
    page.locator(".recorded li time").first.wait_for()


def test_what_is_kept_is_searched_at_the_bar(dark):
    """`f` finds by number, by place and by unit in what was heard last; any other line says that it is not read."""
    floor, page = dark
    bar = page.get_by_label("Command bar")
    for words, found in ((floor.i1, "Structure Fire"), ("13th clder", "Structure Fire"), ("e01", "E01: alerted")):
        bar.fill(f"f {words}")
        page.locator(".says button").filter(has_text=found).first.wait_for()
    bar.fill("f clder")
    page.locator(".says button").filter(has_text="Structure Fire").click()
    page.locator(".card h2").filter(has_text=floor.i1).wait_for()
    bar.fill("e01 on scene")
    page.get_by_text("no line is read or sent").wait_for()


def test_a_server_that_answers_is_never_passed_over_for_what_is_kept(own_floor, sit):
    """Planted: the kept page is another one. With a server its own page comes; without one the planted one does."""
    page = sit(own_floor, "dan", "/dispatch")
    settle(page)
    page.evaluate(POISON)
    page.reload()
    page.locator(LIVE).wait_for()
    page.evaluate(POISON)
    own_floor.end(signal.SIGKILL)
    page.locator(LOST).wait_for()
    page.reload()
    page.get_by_role("heading", name="An older console").wait_for()


def test_whoever_signs_out_leaves_no_truth_and_no_paper_behind(own_floor, sit):
    """After it a page that is loaded without a server shows nothing of the city, and says why."""
    page = sit(own_floor, "dan", "/dispatch")
    settle(page)
    page.keyboard.press("Alt+Shift+x")
    page.get_by_role("heading", name="Redstick").wait_for()
    until(page, f"{KEPT}.then(kept => !kept)")
    assert page.evaluate("localStorage.getItem('redstick-paper')") is None
    own_floor.end(signal.SIGKILL)
    page.goto(f"{own_floor.url}/dispatch")
    page.get_by_text("The server does not answer").wait_for()
    assert page.locator(".row").count() == 0


def test_who_signs_out_without_a_server_is_signed_out_as_soon_as_one_answers(dark):
    """In every window at once nothing of the city is shown any more, and none waits to be loaded to end the session."""
    floor, page = dark
    other = page.context.new_page()
    other.goto(f"{floor.url}/dispatch")
    other.locator(LOST).wait_for()
    page.keyboard.press("Alt+Shift+x")
    for window in (page, other):
        window.get_by_label("Password").wait_for()
        assert window.locator(".row").count() == 0
    floor.start()
    until(page, "localStorage.getItem('redstick-left') === null")
    assert page.request.get(f"{floor.url}/api/session").status == 401
    assert other.get_by_label("Password").is_visible()


def test_what_somebody_saw_is_not_kept_for_whoever_signs_in_after_them(own_floor, sit):
    """Their session was taken away while their window was shut: the next person's page keeps nothing of theirs."""
    page = sit(own_floor, "dan", "/dispatch")
    settle(page)
    page.goto("about:blank")
    page.request.post(f"{own_floor.url}/api/session", data={"name": "ada", "password": PASSWORD})
    page.goto(f"{own_floor.url}/")
    page.wait_for_selector("main h1")
    until(page, "caches.open('redstick-truth').then(kept => kept.keys()).then(kept => kept.length === 0)")

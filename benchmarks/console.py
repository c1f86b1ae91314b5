"""The console in a browser: event to pixel, key to paint, 2,000 moving units, first paint; and 200 seats.

Headless Chromium that draws in software, on the whole made-up parish with its clock stopped, so that robots use no
core. Moments are taken in the page by its own clock: a mutation of the document, then the task behind the next
animation frame, which runs when that frame has been handed on to be painted.
"""

import json
import math
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import httpx

from benchmarks.acknowledging import percentile
from benchmarks.figure import Figure
from benchmarks.serving import fanout_200_seats, served
from redstick.kernel.ids import make_id

if TYPE_CHECKING:
    from playwright._impl._api_structures import SetCookieParam
    from playwright.sync_api import Browser, Page

    Cookies = list[SetCookieParam]

REDSTICK = str(Path(sys.executable).with_name("redstick"))
# As on a machine without a graphics card: WebGL by SwiftShader, canvases and the page itself in plain software.
FLAGS = ["--no-sandbox", "--enable-unsafe-swiftshader"]
SEAT = "dispatch:1"
WINDOW = {"width": 1920, "height": 1080}
EVENTS, LINES, OPENINGS = 200, 20, 10
UNITS, PARTS, FRAMES_S = 2_000, 4, 12.0  # each unit is told of once a second, in so many frames
PATIENCE_S, SETTLED_S = 120.0, 1.5
E7 = 10_000_000

PAINTED = """const painted = () => new Promise(done => requestAnimationFrame(() => {
    const task = new MessageChannel();
    task.port1.onmessage = () => done(performance.now());
    task.port2.postMessage(0);
}));"""
USEFUL = f"""{PAINTED}
new MutationObserver((_, watch) => {{
    if (document.querySelector('.row.unit') === null || document.querySelector('.card') === null) return;
    watch.disconnect();
    painted().then(at => window.usefulAt = at);
}}).observe(document, {{ childList: true, subtree: true }});"""
NOTED = f"""async ([incident, keys]) => {{
    {PAINTED}
    const shown = text => new Promise(done => {{
        const watch = new MutationObserver(() => {{
            const last = [...document.querySelectorAll('.narrative li')].at(-1);
            if (!last?.textContent.endsWith(text)) return;
            watch.disconnect();
            done();
        }});
        watch.observe(document.body, {{ childList: true, subtree: true, characterData: true }});
    }});
    const late = [];
    for (const [i, key] of keys.entries()) {{
        const text = `event ${{i}}.`;
        const pixel = shown(text).then(painted);
        const began = performance.now();
        const answer = await fetch('/api/dispatch/add-note', {{
            method: 'POST', headers: {{ 'content-type': 'application/json', 'idempotency-key': key }},
            body: JSON.stringify({{ incident, text }}),
        }});
        if (!answer.ok) throw new Error(await answer.text());
        late.push(await pixel - began);
        await new Promise(done => setTimeout(done, 20 + Math.random() * 60)); // not in step with the server's ticks
    }}
    return late;
}}"""
KEYED = f"""() => {{
    {PAINTED}
    window.late = [];
    document.getElementById('bar-line').addEventListener(
        'keydown', key => void painted().then(at => window.late.push(at - key.timeStamp)));
}}"""
# A frame counts if the layer of what lives was drawn in it; dragged, every frame draws the whole map as well.
WATCHED = """async ([seconds, dragged]) => {
    const canvas = document.querySelector('.map canvas'), box = canvas.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    let drew = false, drawn = 0, frames = 0;
    const kind = CanvasRenderingContext2D.prototype, draw = kind.drawImage;
    kind.drawImage = function (...of) { drew = true; return draw.apply(this, of); };
    const mouse = (name, on, dx) => on.dispatchEvent(new MouseEvent(name, {
        bubbles: true, cancelable: true, button: 0, buttons: 1, clientX: x + dx, clientY: y }));
    if (dragged) mouse('mousedown', canvas, 0);
    const began = performance.now();
    await new Promise(done => requestAnimationFrame(function next(now) {
        drawn += drew;
        drew = false;
        frames += 1;
        if (dragged) mouse('mousemove', document, 60 * Math.sin(frames / 12));
        if (now - began < seconds * 1000) requestAnimationFrame(next); else done();
    }));
    if (dragged) mouse('mouseup', document, 0);
    kind.drawImage = draw;
    const took = (performance.now() - began) / 1000;
    return { drawn: drawn / took, frames: frames / took };
}"""


@contextmanager
def city() -> Iterator[tuple[str, "Cookies"]]:
    """The whole parish as soon as something happens in it, its clock stopped: its address, and who has the seat."""
    with tempfile.TemporaryDirectory() as folder:
        command = [REDSTICK, "demo", "--port", "0", "--json", "--data", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
            try:
                url = json.loads(demo.stdout.readline() if demo.stdout else "")["url"]
                yield url, _live(url)
            finally:
                os.kill(demo.pid, signal.SIGTERM)
                demo.wait(60)


def _live(url: str) -> "Cookies":
    """Let the parish live until something is open, then stop its clock; the session of whoever took the seat."""
    with httpx.Client(base_url=url, timeout=60) as visitor:
        visitor.post("/api/demo/seat", json={"seat": SEAT}).raise_for_status()
        end = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < end:
            open_now = visitor.get("/api/views/dispatch.view.incidents").raise_for_status().json()["rows"]
            if open_now and visitor.get("/api/map/style-sources").status_code == httpx.codes.OK:
                visitor.post("/api/demo/clock", json={"paused": True}).raise_for_status()
                return [{"name": name, "value": value, "url": url} for name, value in visitor.cookies.items()]
            time.sleep(0.5)
    raise RuntimeError("nothing happens in the parish")


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Debian's Chromium, headless, drawing in software; raises RuntimeError where it is absent."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (a tool of the tests; other suites need it not)

    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("Chromium is absent (looked for `chromium` on the path)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def seat(browser: "Browser", url: str, cookies: "Cookies") -> Iterator["Page"]:
    """A dispatcher's window with an empty cache, its board shown."""
    context = browser.new_context(viewport=WINDOW, color_scheme="dark")
    context.add_cookies(cookies)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    page.add_init_script(f"sessionStorage.setItem('redstick-seat', '{SEAT}')")
    page.add_init_script(USEFUL)
    page.goto(f"{url}/dispatch")
    page.wait_for_selector(".row.unit")
    yield page
    context.close()


def first_paint(browser: "Browser", url: str, cookies: "Cookies") -> Figure:
    """From the navigation to the painted board of units and card, each time in a window that has seen nothing yet."""
    took: list[float] = []
    for _ in range(OPENINGS):
        with seat(browser, url, cookies) as page:
            at = None
            while at is None:
                at = page.evaluate("window.usefulAt ?? null")
            took.append(at / 1000)
    return Figure(
        "first_paint", median(took), "s, median, cold cache", 1.5, f"s (worst was {max(took):.2f})", len(took)
    )


def event_to_pixel(page: "Page") -> Figure:
    """From asking for a change, as another client would, to the frame with it: HTTP, journal, stream and drawing."""
    incident = page.locator(".row.incident").first.get_attribute("data-key") or ""
    page.locator(".row.incident").first.click()
    page.wait_for_selector(".narrative")
    now = page.request.get(page.url.replace("/dispatch", "/api/demo")).json()["clock"]["now"]  # ids go by its clock
    keys = [make_id("cmd", now, secrets.randbits(64)) for _ in range(EVENTS)]
    late = page.evaluate(NOTED, [incident.partition("/")[2], keys])
    return Figure("event_to_pixel", percentile(late, 0.99), "ms p99", 100, f"ms (median {median(late):.0f})", len(late))


def key_to_paint(page: "Page") -> Figure:
    """From the browser's own time of a key to the frame behind it, while the bar reads the line as it is typed."""
    page.keyboard.press("F10")
    page.evaluate(KEYED)
    for number in range(LINES):
        page.keyboard.type(f"d #{number} m4 e2 x", delay=70)
        page.keyboard.press("Control+a")
        page.keyboard.press("Backspace")
    late = page.evaluate("window.late")
    return Figure("key_to_paint", percentile(late, 0.99), "ms p99", 50, f"ms (median {median(late):.0f})", len(late))


def map_2000_units_fps(browser: "Browser", url: str, cookies: "Cookies") -> Iterator[Figure]:
    """Frames a second in which 2,000 units, each told of once a second, were drawn; then with the map dragged besides.

    Rows come from here instead of from the server, as the server would send them; everything else is the seat itself.
    """
    told: list[Any] = []

    def heard(link: Any) -> None:
        told.append(link)
        link.send(fleet.snapshot())

    context = browser.new_context(viewport=WINDOW, color_scheme="dark")
    context.add_cookies(cookies)
    fleet = Fleet(context.request.get(f"{url}/api/map/style-sources").json()["sources"]["city"]["bounds"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    page.route_web_socket("**/api/seat?**", heard)
    page.goto(f"{url}/dispatch")
    while page.locator(".canvas[data-drawn]").count() == 0:
        page.wait_for_timeout(1000 / PARTS)
        if told:
            told[-1].send(fleet.frame())  # a link that is silent is lost
    for name, dragged in (("map_2000_units_fps", False), ("map_2000_units_dragged_fps", True)):
        asked = json.dumps([FRAMES_S, dragged])
        page.evaluate(f"window.got = null; ({WATCHED})({asked}).then(got => window.got = got); 0")
        got = None
        while got is None:
            told[-1].send(fleet.frame())
            page.wait_for_timeout(1000 / PARTS)
            got = page.evaluate("window.got")
        limit = f"frames/s, at least (the page made {got['frames']:.0f})"
        yield Figure(name, got["drawn"], "frames/s", 40, limit, round(got["drawn"] * FRAMES_S))
    context.close()


class Fleet:
    """2,000 made-up units that drive about the parish, as rows of the seat stream."""

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        self._west, self._south, self._east, self._north = bounds
        self._dice, self._at, self._part = random.Random(11), 1, 0
        self._spots = [(self._dice.random(), self._dice.random(), self._dice.random() * 360) for _ in range(UNITS)]

    def snapshot(self) -> str:
        """Every unit on its way, and where it is."""
        rows: dict[str, Any] = {}
        for number in range(UNITS):
            rows[f"unit/U{number}"] = {
                "unit": f"U{number}", "kind": "ENGINE", "station": "", "status": "ENR", "primary": "NotAvailable",
                "secondaries": [], "since": _now(), "incident": None, "emergency_at": None, "mayday": False,
                "heard_by": "", "x": None, "y": None, "seen_at": None, "quality": "",
            }  # fmt: skip
            rows[f"track/U{number}"] = self._track(number)
        return json.dumps({"at": self._at, "now": _now(), "rows": rows})

    def frame(self) -> str:
        """A fourth of them has moved on."""
        self._part = (self._part + 1) % PARTS
        moved = range(self._part, UNITS, PARTS)
        for number in moved:
            x, y, heading = self._spots[number]
            turn = math.radians(heading)
            moved_to = (x + 0.0003 * math.sin(turn)) % 1, (y + 0.0003 * math.cos(turn)) % 1
            self._spots[number] = (*moved_to, (heading + self._dice.uniform(-20, 20)) % 360)
        self._at += 1
        rows = {f"track/U{number}": self._track(number) for number in moved}
        return json.dumps({"from": self._at - 1, "to": self._at, "now": _now(), "rows": rows, "gone": []})

    def _track(self, number: int) -> dict[str, Any]:
        x, y, heading = self._spots[number]
        east = self._west + x * (self._east - self._west)
        north = self._south + y * (self._north - self._south)
        place = {"x": round(east * E7), "y": round(north * E7), "heading": round(heading)}
        return {**place, "at": _now(), "moving": True, "quality": ""}


def _now() -> int:
    return time.time_ns() // 1_000_000


def measure() -> Iterator[Figure]:
    """first_paint, event_to_pixel, key_to_paint, map_2000_units_fps (and dragged), fanout_200_seats."""
    subprocess.run([REDSTICK, "demo", "--prepare"], check=True, stdout=subprocess.DEVNULL)  # part of the set-up
    with city() as (url, cookies), chromium() as browser:
        yield first_paint(browser, url, cookies)
        with seat(browser, url, cookies) as page:
            page.wait_for_selector(".canvas[data-drawn]")  # a seat at work: what is measured next is no first second
            page.wait_for_timeout(SETTLED_S * 1000)
            yield event_to_pixel(page)
            yield key_to_paint(page)
        yield from map_2000_units_fps(browser, url, cookies)
    with served() as (url, _):
        fanout = fanout_200_seats(url)
        yield replace(fanout, limit=250.0, limit_name="ms, acknowledged to seen by each of 200")

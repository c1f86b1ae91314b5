"""The README's pictures of the running demo, always of the same shift: `make pictures`.

Starts the demo at a fixed seed, lets the city live for some of its minutes, stops its clock and photographs each seat
that the console has. A seat that is not there yet is passed over, and said. Pictures are PNG of
at most 150 kB, with as many colours as that leaves.
"""

import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parents[2] / "docs" / "images"
REDSTICK = str(Path(sys.executable).with_name("redstick"))
FLAGS = ["--no-sandbox", "--enable-unsafe-swiftshader"]
SEED, LIVED_S, SPEED = "7", 900, 20  # of the city's time
DESK, PHONE = (1440, 900), (390, 844)
LARGEST = 150_000  # bytes
PATIENCE_MS = 240_000
TYPED_MS = 8000  # of a call, before its card is photographed
# The name of a picture: the seat's page, its theme, its size. The seat of the demo is the first at that page.
WANTED = {
    "start-night": ("/", "dark", DESK),
    "dispatch-night": ("/dispatch", "dark", DESK),
    "dispatch-day": ("/dispatch", "light", DESK),
    "supervisor-night": ("/supervisor", "dark", DESK),
    "field-night": ("/field", "dark", PHONE),
    "overview-day": ("/overview", "light", DESK),
    "calls-night": ("/calls", "dark", DESK),  # the last one: for it the city's clock runs until somebody calls
}


def main() -> None:
    """Make every picture that can be made."""
    subprocess.run([REDSTICK, "demo", "--prepare"], check=True)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        command = [REDSTICK, "demo", "--port", "0", "--json", "--seed", SEED, "--data", data]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
            try:
                url = json.loads(demo.stdout.readline() if demo.stdout else "")["url"]
                seats = lived(url)
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                for name, (path, scheme, size) in WANTED.items():
                    if path != "/" and path not in seats:
                        print(f"{name}: the demo has no seat at {path}")  # noqa: T201  (a script that says what it did)
                        continue
                    kept = keep(name, photographed(browser, url, seats.get(path, ""), path, scheme, size))
                    print(f"{name}: {kept}")  # noqa: T201  (a script that says what it did)
                browser.close()
            finally:
                demo.terminate()
                demo.wait(60)


def lived(url: str) -> dict[str, str]:
    """Let the city live and stop its clock; the first seat at each page of the demo."""
    with httpx.Client(base_url=url, timeout=60) as visitor:
        seats: dict[str, str] = {}
        told = visitor.get("/api/demo").json()
        for one in told["seats"]:
            seats.setdefault(one["path"], one["seat"])
        visitor.post("/api/demo/seat", json={"seat": seats["/dispatch"]}).raise_for_status()
        visitor.post("/api/demo/clock", json={"speed": SPEED}).raise_for_status()
        end = told["clock"]["now"] + LIVED_S * 1000
        while visitor.get("/api/demo").json()["clock"]["now"] < end:
            time.sleep(0.5)
        visitor.post("/api/demo/clock", json={"paused": True, "speed": 1}).raise_for_status()
        visitor.delete("/api/demo/seat", params={"seat": seats["/dispatch"]})
        return seats


def photographed(
    browser: Browser, url: str, seat: str, path: str, scheme: str, size: tuple[int, int]
) -> Image.Image | None:
    """A page as it is seen; None for one that the console does not have."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    if seat:
        context.request.post(f"{url}/api/demo/seat", data={"seat": seat})
        page.add_init_script(f"sessionStorage.setItem('redstick-seat', '{seat}')")
    page.goto(url + path)
    page.wait_for_selector("main h1")
    there = page.evaluate("location.pathname") == path
    if there:
        settle(page, path)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB") if there else None
    if seat:
        context.request.delete(f"{url}/api/demo/seat", params={"seat": seat})  # else the next one finds it taken
    context.close()
    return picture


def settle(page: Page, path: str) -> None:
    """Bring something to look at into the middle, and wait until it is drawn."""
    if path == "/dispatch":
        page.locator(".row.incident").first.click()
        page.wait_for_selector(".card .head")
        page.wait_for_selector(".verdicts li")
    if path == "/calls":
        answer(page)
    if page.locator(".map").count():
        page.wait_for_selector(".canvas[data-drawn]")
    page.mouse.move(1, 1)
    page.wait_for_timeout(4000)  # tiles and labels come in their own time


def answer(page: Page) -> None:
    """Take the next call before a robot does, and write down what its caller says."""
    pace(page, paused=False)
    page.locator("button[aria-keyshortcuts='F2']:not(:disabled)").wait_for()
    page.keyboard.press("F2")
    page.get_by_text("The caller says").wait_for()
    page.wait_for_timeout(TYPED_MS)
    pace(page, paused=True)
    call = page.locator(".row.call-row.on").get_attribute("data-key") or ""
    said = page.request.get(f"/api/demo/calls/{call.removeprefix('call/')}").json()
    if said["place"]:  # on some calls nobody speaks
        page.keyboard.type(said["place"])
        page.locator("#location-says .chip.good, #location-says .chip.warn").first.wait_for()
        page.get_by_label("Type").fill(said["what"])


def pace(page: Page, *, paused: bool) -> None:
    """Let the city's clock run, or stop it."""
    page.request.post("/api/demo/clock", data={"paused": paused})


def keep(name: str, picture: Image.Image | None) -> str:
    """Write it small enough to keep; what was written."""
    if picture is None:
        return "the console has no such page"
    for colours in (256, 192, 128, 96, 64, 48):
        written = io.BytesIO()
        few = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(written, "PNG", optimize=True)
        if len(written.getvalue()) <= LARGEST:
            break
    path = IMAGES / f"{name}.png"
    path.write_bytes(written.getvalue())
    return f"{path.name}, {len(written.getvalue()) // 1000} kB in {colours} colours"


if __name__ == "__main__":
    main()

"""A real server on a small town, with a floor of people and four units; and how its console is opened."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
from tests import small_town
from tests.commands import redstick

from redstick.adapters.city_folder import open_router
from redstick.geo.city import load_city
from redstick.kernel.ids import make_id

REDSTICK = str(Path(sys.executable).with_name("redstick"))
PASSWORD = "a sentence that nobody else would say"
PEOPLE = {
    "ada": "administrator", "dan": "dispatcher", "dot": "dispatcher", "cal": "call_taker", "cy": "call_taker",
    "sue": "supervisor", "rae": "responder",
}  # fmt: skip
PATIENCE_MS = int(os.environ.get("PATIENCE", "60000"))  # a shared machine draws slowly
PAPER = "(localStorage.getItem('redstick-paper') ?? '').includes('REDSTICK CARD P-0')"
CORNER = "13TH ST & CLDER AVE"


def found(folder):
    """A data folder in which everybody is enrolled, and the town's city folder."""
    data, raw = folder / "data", folder / "raw"
    raw.mkdir()
    for name, role in PEOPLE.items():
        first = name == "ada"
        more = [] if first else ["--as", "ada", "--role", role]
        lines = f"{PASSWORD}\n" if first else f"{PASSWORD}\n{PASSWORD}\n"
        redstick("people", "add", name, "--data", str(data), "--password-stdin", *more, words=lines)
    small_town.write(raw)
    sources = {"--roads": "roads.geojson", "--stations": "stations.csv", "--units": "units.toml"}
    named = [word for flag, name in sources.items() for word in (flag, str(raw / name))]
    redstick("city", "import", *named, "--time-zone", "America/Chicago", "--out", str(folder / "city"))
    open_router(folder / "city", load_city(folder / "city"))  # so that no two servers prepare its roads at once
    return folder


class Floor:
    """`redstick serve` in a process of its own; `ask` speaks to it past any browser."""

    def __init__(self, founded, folder):
        self.data, self.city = shutil.copytree(founded / "data", folder / "data"), founded / "city"
        self.port = self.named = 0
        self.start()
        for unit, (kind, station) in small_town.UNITS.items():
            self.ask("enroll-unit", unit=unit, kind=kind, station=station)
            self.ask("report-status", unit=unit, status="AQ")
        self.ask("define-group", group="all")

    def start(self):
        """Come up, on the same port as before."""
        command = [REDSTICK, "serve", "--data", str(self.data), "--city", str(self.city), "--port", str(self.port)]
        self.process = subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())["url"]
        self.port = int(self.url.rpartition(":")[2])
        self.http = httpx.Client(base_url=self.url, timeout=PATIENCE_MS / 1000)
        token = self.http.post("/api/session", json={"name": "sue", "password": PASSWORD}).json()["token"]
        self.http.cookies.clear()
        self.http.headers["authorization"] = f"Bearer {token}"

    def end(self, how=signal.SIGINT):
        """Go down, in order or not."""
        self.http.close()
        os.kill(self.process.pid, how)
        self.process.wait(PATIENCE_MS / 1000)
        self.process.stdout.close()

    def ask(self, command, **fields):
        """Ask a command of dispatch; it must be taken."""
        key = make_id("cmd", time.time_ns() // 1_000_000, secrets.randbits(64))
        answer = self.http.post(f"/api/dispatch/{command}", json=fields, headers={"idempotency-key": key})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, view):
        """Rows of a view, by key."""
        answer = self.http.get(f"/api/views/dispatch.view.{view}")
        assert answer.status_code == 200, answer.text
        return answer.json()["rows"]

    def unit(self, name):
        """A unit's row."""
        return self.rows("units")[f"unit/{name}"]

    def incident(self, name):
        """An incident's row; None once it is closed."""
        return self.rows("incidents").get(f"incident/{name}")

    def place(self, text=CORNER):
        """A place of the town with its zones, as commands take it."""
        answer = self.http.post("/api/dispatch/geocode", json={"text": text}).json()
        chosen = answer if answer["place"].get("x") is not None else answer["candidates"][0]
        return {"place": chosen["place"], "zones": chosen.get("zones", {})}

    def opened(self, kind="Structure Fire", priority=2, needs=(("ENGINE", 1),), **more):
        """An incident that waits for units, under a name that was never used: that is also its number."""
        self.named += 1
        name = f"i{self.named}"
        self.ask("open-incident", incident=name, number=name, kind=kind, priority=priority, **(more or self.place()))
        if needs:
            wanted = [{"id": what.lower(), "kinds": [what], "count": count} for what, count in needs]
            self.ask("set-needs", incident=name, requirements=wanted)
        return name

    def computes(self):
        """Wait until the city can be asked."""
        while not self.http.get("/api/dispatch/city").json()["whole"]:
            time.sleep(0.1)

    def clear(self):
        """As it was: no open incident, no call, every unit in quarters."""
        for row in self.rows("incidents").values():
            for part in row["units"]:
                if part["ended_at"] is None:
                    self.ask("release-unit", incident=row["incident"], unit=part["unit"])
            self.ask("close-incident", incident=row["incident"], disposition="done")
        for row in self.rows("calls").values():
            self.ask("end-call", call=row["call"])
        for row in self.rows("units").values():
            if row["emergency_at"] is not None:
                self.ask("clear-emergency", unit=row["unit"], by="sue", reason="all is well")
            if row["status"] != "AQ":
                self.ask("report-status", unit=row["unit"], status="AQ")


def until(page, expression, *arguments):
    """Wait until an expression holds in a page, which itself may evaluate no text and so cannot wait by one."""
    ends = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(expression, *arguments):
        assert time.monotonic() < ends, f"never came to hold: {expression}"
        page.wait_for_timeout(50)


def await_look(page, look):
    """What a look at the page, or past it, gives, once that is something true."""
    ends = time.monotonic() + PATIENCE_MS / 1000
    while not (found := look()):
        assert time.monotonic() < ends, "it never came to hold"
        page.wait_for_timeout(100)
    return found


def key_of(row):
    """A selector of a row by its key."""
    return f'.row[data-key="{row}"]'


def record(page, **fields):
    """Fill in the form and record it."""
    form = page.get_by_role("form", name="Record what was voiced")
    for label, value in fields.items():
        field = form.get_by_label(label.replace("_", " "), exact=True)
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    before = page.locator(".recorded li time").count()
    page.keyboard.press("Alt+Shift+v")
    page.locator(".recorded li time").nth(before).wait_for()

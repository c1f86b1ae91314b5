"""A real server on a folder of its own, with people enrolled; stopped by its process id."""

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
import pytest
from tests.commands import redstick
from tests.once import made_once

from redstick.kernel.ids import make_id

REDSTICK = str(Path(sys.executable).with_name("redstick"))
PASSWORD = "a sentence that nobody else would say"
PATIENCE_S = 120  # a shared machine is slow; who never answers is given up at last
PEOPLE = {
    "ada": ["administrator"],
    "dan": ["dispatcher"],
    "sue": ["supervisor"],
    "ray": ["responder"],
    "olive": ["auditor"],
}


def enrol(folder):
    """Everyone, each with the same password."""
    redstick("people", "add", "ada", "--data", str(folder), "--password-stdin", words=f"{PASSWORD}\n")
    for name, roles in PEOPLE.items():
        if name != "ada":
            wanted = [part for role in roles for part in ("--role", role)]
            lines = f"{PASSWORD}\n{PASSWORD}\n"
            redstick(
                "people", "add", name, "--data", str(folder), "--as", "ada", *wanted, "--password-stdin", words=lines
            )


class Server:
    """`redstick serve` in a process of its own."""

    def __init__(self, folder, *more):
        self.folder, self.opened, self.more = folder, [], more
        self.start()

    def start(self):
        """Come up on a free port."""
        self.process = subprocess.Popen(
            [REDSTICK, "serve", "--data", str(self.folder), "--port", "0", "--json", *self.more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.communicate()[1])
        self.told = json.loads(line)
        self.url = self.told["url"]

    def end(self, how=signal.SIGINT):
        """Go down, in order or not; gives what was said on standard error."""
        for client in self.opened:
            client.close()
        os.kill(self.process.pid, how)
        _, said = self.process.communicate(timeout=PATIENCE_S)
        return said


class Person:
    """Someone who is signed in, or not."""

    def __init__(self, server, name=None):
        self.http = httpx.Client(base_url=server.url, timeout=PATIENCE_S)
        server.opened.append(self.http)
        self.headers = {}
        if name is not None:
            answer = self.http.post("/api/session", json={"name": name, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            self.http.cookies.clear()
            self.headers = {"authorization": f"Bearer {answer.json()['token']}"}

    def ask(self, command, key=None, **fields):
        """Ask a command of dispatch."""
        headers = {**self.headers, "idempotency-key": key or new_key()}
        return self.http.post(f"/api/dispatch/{command}", json=fields, headers=headers)

    def see(self, view, **query):
        """Rows of a view."""
        return self.http.get(f"/api/views/{view}", params=query, headers=self.headers)


def new_key():
    """A fresh id."""
    return make_id("cmd", time.time_ns() // 1_000_000, secrets.randbits(64))


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory):
    """A data folder in which everyone is."""
    return made_once(tmp_path_factory, "enrolled", enrol)


@pytest.fixture
def own_server(enrolled, tmp_path):
    """A server that a test may kill."""
    yield from served(enrolled, tmp_path)


@pytest.fixture(scope="module")
def server(enrolled, tmp_path_factory):
    """One server for every test that leaves it as it was."""
    yield from served(enrolled, tmp_path_factory.mktemp("served"))


def served(enrolled, folder):
    """A server on a copy of the folder in which everyone is enrolled."""
    running = Server(shutil.copytree(enrolled, folder / "data"))
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture
def exchange(enrolled, tmp_path):
    """A server that hears calls."""
    running = Server(shutil.copytree(enrolled, tmp_path / "data"), "--voice", "127.0.0.1:0")
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture
def ada(exchange):
    """Who runs the phones."""
    from tests.server.api.test_phones import Caller

    return Caller(exchange, "ada")


@pytest.fixture
def keys(ada):
    """Three extensions with a phone each, whose id is the number; the credentials of all by number."""
    from tests.server.api.line import ELIN, NUMBERS, desk
    from tests.server.api.test_phones import SITE

    ada.do("keep-site", site={**SITE, "elins": [ELIN]})
    for number in NUMBERS:
        ada.do("assign-number", number=number, what=desk(number))
    return {number: ada.do("add-phone", id=number, number=number) for number in NUMBERS}

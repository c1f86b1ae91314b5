"""`redstick demo` as a person meets it: a process, a page, a living city, a clean end."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest
from websockets.sync.client import connect

pytestmark = pytest.mark.sockets

COMMAND = [sys.executable, "-c", "from redstick.cli.main import main; main()", "demo"]


@contextmanager
def demo(folder, *options):
    """A running demo on a free port, its temporary files below `folder`: the process and its address."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    command = [*COMMAND, "--port", "0", "--json", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield process, json.loads(line)["url"]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def refused(*options):
    """What a demo that does not start says: exit code and standard error."""
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One demo for every test that only looks on."""
    with demo(tmp_path_factory.mktemp("running")) as (_, url):
        yield url


def read(url, path):
    """The JSON at a path."""
    return httpx.get(url + path, timeout=60).json()


def stream(url):
    """A seat on the demo's stream."""
    return connect(url.replace("http", "ws") + "/stream", open_timeout=60)


def test_it_serves_a_city_with_work_under_way(running):
    """The page, the map, units and open incidents."""
    assert "<title>Redstick</title>" in httpx.get(running, timeout=60).text
    assert read(running, "/api/map/city")["name"] == "Tallow River Parish"
    rows = read(running, "/api/state")["rows"]
    assert sum(key.startswith("unit/") for key in rows) == 30
    assert any(key.startswith("incident/") for key in rows)


def test_the_city_moves(running):
    """A seat sees a unit at one place and then at another one, in frames that follow each other."""
    with stream(running) as seat:
        snapshot = json.loads(seat.recv(timeout=60))
        at, seen = snapshot["at"], {}
        while True:
            frame = json.loads(seat.recv(timeout=60))
            assert frame["from"] == at
            at = frame["to"]
            for key, row in frame["rows"].items():
                if key.startswith("track/"):
                    seen.setdefault(key, set()).add((row["x"], row["y"]))
            if any(len(places) > 2 for places in seen.values()):
                return


def test_a_seat_that_breaks_off_disturbs_no_other(running):
    """Ten links are cut without a word, one takes nothing at all; the one that stays misses no frame."""
    port = int(running.rpartition(":")[2])
    handshake = (
        f"GET /stream HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    with stream(running) as seat, socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(handshake.encode())
        at = json.loads(seat.recv(timeout=60))["at"]
        for _ in range(10):
            cut = socket.create_connection(("127.0.0.1", port))
            cut.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, no farewell
            cut.sendall(handshake.encode())
            cut.recv(100)
            cut.close()
            frame = json.loads(seat.recv(timeout=60))
            assert frame["from"] == at
            at = frame["to"]


def test_a_port_in_use_is_one_clear_line_and_a_misuse():
    """Said before anything is made."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused("--port", str(port))
    assert code == 2
    assert said.count("\n") == 1
    assert f"port {port} cannot be used" in said
    assert "choose another" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--speed", "5"), "1, 2, 4, 8"),
        (("--seed", "-1"), "--seed"),
        (("--port", "70000"), "--port"),
        (("--sped", "4"), "--sped"),
    ],
)
def test_misuse_is_said_and_nothing_is_begun(options, said):
    """Exit code 2, and the option is named."""
    code, words = refused(*options)
    assert code == 2
    assert said in words


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    """A demo begins a new journal: it goes to no folder that is in use."""
    (tmp_path / "precious").write_text("kept")
    code, said = refused("--port", "0", "--data", str(tmp_path))
    assert (code, said.count("\n")) == (2, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_it_ends_cleanly_whoever_ends_it(tmp_path, how):
    """While a seat looks on: exit code 0, not a word of complaint, no temporary file left."""
    with demo(tmp_path) as (process, url), stream(url) as seat:
        seat.recv(timeout=60)
        assert list(tmp_path.iterdir())
        process.send_signal(how)
        complaint = process.communicate(timeout=60)[1]
        assert (process.returncode, complaint) == (0, "")
        assert list(tmp_path.iterdir()) == []


def test_what_it_lived_through_can_be_kept_and_proven(tmp_path):
    """`--data` keeps the city and a journal that the verifier accepts."""
    kept = tmp_path / "kept"
    with demo(tmp_path, "--data", str(kept), "--speed", "60", "--seed", "3") as (process, _):
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert {path.name for path in kept.iterdir()} == {"city", "journal"}
    verify = [*COMMAND[:-1], "verify", str(kept), "--json"]
    done = subprocess.run(verify, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["positions"] > 100

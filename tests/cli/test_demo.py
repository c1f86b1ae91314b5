"""`redstick demo` as a person meets it: a process, a page, seats, a clock, a clean end."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

pytestmark = pytest.mark.sockets

COMMAND = [sys.executable, "-c", "from redstick.cli.main import main; main()", "demo"]
VIEWS = "view=dispatch.view.units&view=dispatch.view.incidents"


@contextmanager
def demo(folder, *options):
    """A running demo of the small parish on a free port, temporary files below `folder`: the process, its address."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    command = [*COMMAND, "--size", "small", "--port", "0", "--json", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield process, json.loads(line)["url"]
    finally:
        process.send_signal(signal.SIGINT)  # its helpers go with it
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def refused(*options):
    """What a demo that does not start says: exit code and standard error."""
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One demo for every test that leaves it fit for the next."""
    with demo(tmp_path_factory.mktemp("running")) as (_, url):
        yield url


@pytest.fixture
def visitor(running):
    """A browser of its own, that has taken no seat yet."""
    with httpx.Client(base_url=running, timeout=60) as client:
        yield client


def stream(client, views=VIEWS):
    """A seat's stream with the browser's cookie."""
    url = str(client.base_url).replace("http", "ws")
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return connect(f"{url}/api/seat?{views}", open_timeout=60, additional_headers={"cookie": cookie})


def test_the_start_page_and_every_seat_of_the_console_are_one_page(visitor):
    """A link to a seat leads to the page itself; a file that is not there, and a part of the interface, do not."""
    page = visitor.get("/").text
    assert "<title>Redstick</title>" in page
    for path in ("/calls", "/dispatch", "/supervisor", "/time/2026"):
        assert visitor.get(path).text == page
    for path in ("/nothing.js", "/api/nothing", "/assets/../../secret.txt", "/%00.txt"):
        assert visitor.get(path).status_code == 404


def test_it_says_what_it_offers(visitor):
    """Its scenarios, its seats with a first act each, its clock at real speed."""
    told = visitor.get("/api/demo").json()
    assert (told["city"], told["scenario"]) == ("Tallow River Parish", "ordinary")
    assert [one["id"] for one in told["scenarios"] if one["running"]] == ["ordinary"]
    assert {"ordinary", "storm", "football", "festival", "pile_up", "ghosts"} == {
        one["id"] for one in told["scenarios"]
    }
    assert {"/calls", "/dispatch", "/supervisor", "/field", "/overview", "/time", "/phones", "/admin"} == {
        seat["path"] for seat in told["seats"]
    }
    assert all(seat["sentence"] and seat["first_act"] for seat in told["seats"])
    assert (told["clock"]["speed"], told["clock"]["paused"]) == (1, False)


def test_a_visitor_comes_into_work_under_way_and_the_city_moves(visitor):
    """Without a password: units and incidents are there, and frames follow each other without a gap."""
    assert visitor.get("/api/views/dispatch.view.units").status_code == 401
    assert visitor.post("/api/demo/seat", json={"seat": "dispatch:1"}).status_code == 200
    assert visitor.post("/api/demo/clock", json={"speed": 60}).json()["speed"] == 60
    with stream(visitor) as seat:
        snapshot = json.loads(seat.recv(timeout=60))
        assert sum(key.startswith("unit/") for key in snapshot["rows"]) == 30
        at, moved = snapshot["at"], set()
        while len(moved) < 3:
            frame = json.loads(seat.recv(timeout=60))
            assert frame["from"] == at
            at = frame["to"]
            moved |= {key for key in frame["rows"] if key.startswith("unit/")}
    assert visitor.post("/api/demo/clock", json={"speed": 1}).status_code == 200


def test_a_seat_is_held_by_one_visitor_and_given_back(visitor, running):
    """Another is refused; given back, its robot holds it, and the visitor is still signed in."""

    def holder():
        return next(one for one in visitor.get("/api/demo").json()["seats"] if one["seat"] == "calls:1")

    assert holder()["by_robot"]
    taken = visitor.post("/api/demo/seat", json={"seat": "calls:1"}).json()
    assert taken["roles"] == ["call_taker"]
    assert holder()["held_by"] == taken["person"]
    other = httpx.post(f"{running}/api/demo/seat", json={"seat": "calls:1"}, timeout=60)
    assert (other.status_code, other.json()["code"]) == (409, "seat_taken")
    assert visitor.delete("/api/demo/seat", params={"seat": "calls:1"}).status_code == 200
    assert holder()["by_robot"]
    assert visitor.get("/api/session").json()["person"] == taken["person"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"speed": 0}, 409, "speed_not_offered"), ({"speed": "fast"}, 400, "invalid"), ({"sped": 2}, 400, "invalid"),
        ({"step_s": 99999}, 409, "step_not_offered"), ({"jump_to": 5}, 409, "time_passed"), ([], 400, "invalid"),
        ({"speed": 1.5}, 400, "invalid"),
    ],
)  # fmt: skip
def test_a_bad_wish_for_the_clock_is_told_what_is_wrong(visitor, body, status, code):
    """As a problem with a stable code; nothing has been set."""
    before = visitor.get("/api/demo").json()["clock"]
    answer = visitor.post("/api/demo/clock", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    after = visitor.get("/api/demo").json()["clock"]
    assert (after["speed"], after["paused"], after["jump"]) == (before["speed"], before["paused"], None)


def test_only_its_own_pages_take_seats_and_set_the_clock(visitor):
    """A page of another site is refused, and so is another name of this machine."""
    elsewhere = {"origin": "http://elsewhere.test"}
    for path, body in (("/api/demo/seat", {"seat": "calls:2"}), ("/api/demo/clock", {"speed": 2})):
        answer = visitor.post(path, json=body, headers=elsewhere)
        assert (answer.status_code, answer.json()["code"]) == (403, "from_another_site")
    assert visitor.get("/api/demo", headers={"host": "elsewhere.test"}).status_code == 421


def test_pause_step_and_jump(visitor):
    """The clock stands, goes forward by a step, and by a jump to a time, and stands again."""
    paused = visitor.post("/api/demo/clock", json={"paused": True}).json()
    assert visitor.get("/api/demo").json()["clock"]["now"] == paused["now"]
    for wish, end in (({"step_s": 30}, 30_000), ({"jump_to": paused["now"] + 90_000}, 90_000)):
        assert visitor.post("/api/demo/clock", json=wish).json()["jump"]["end"] == paused["now"] + end
        while (clock := visitor.get("/api/demo").json()["clock"])["jump"] is not None:
            assert clock["now"] <= clock["jump"]["end"]
        assert clock["now"] == paused["now"] + end
    assert not visitor.post("/api/demo/clock", json={"paused": False}).json()["paused"]


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
        (("--speed", "0"), "--speed"),
        (("--speed", "241"), "--speed"),
        (("--seed", "-1"), "--seed"),
        (("--port", "70000"), "--port"),
        (("--sped", "4"), "--sped"),
        (("--size", "huge"), "--size"),
        (("--port", "0", "--scenario", "flood"), "pile_up"),
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
    with demo(tmp_path) as (process, url), httpx.Client(base_url=url, timeout=60) as client:
        client.post("/api/demo/seat", json={"seat": "dispatch:1"})
        with stream(client) as seat:
            seat.recv(timeout=60)
            assert list(tmp_path.iterdir())
            process.send_signal(how)
            with suppress(ConnectionClosed):
                while True:
                    seat.recv(timeout=60)
        complaint = process.communicate(timeout=60)[1]
        assert (process.returncode, complaint) == (0, "")
        assert list(tmp_path.iterdir()) == []


def test_what_it_lived_through_can_be_kept_and_proven(tmp_path):
    """`--data` keeps a journal that the verifier accepts."""
    kept = tmp_path / "kept"
    with demo(tmp_path, "--data", str(kept), "--speed", "60", "--seed", "3", "--scenario", "pile-up") as (process, url):
        assert httpx.get(f"{url}/api/demo", timeout=60).json()["scenario"] == "pile_up"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    verify = [*COMMAND[:-1], "verify", str(kept), "--json"]
    done = subprocess.run(verify, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["positions"] > 100

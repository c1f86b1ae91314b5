"""The application over HTTP, spoken to as ASGI without a socket: each test states one fact."""

import asyncio

import httpx
import msgspec
import pytest

from redstick.server.app import HEADERS, Unbuilt, create_app, host_of
from redstick.server.board import Board
from redstick.server.ports import Pace

PAGE = "<!doctype html><title>the console</title>"
MAP = b'{"type":"FeatureCollection","features":[' + b",".join([b'{"type":"Feature"}'] * 200) + b"]}"


class OneMap:
    """A city with one document."""

    def document(self, name):
        """The roads, and nothing else."""
        return (MAP, '"abc"') if name == "roads" else None


class Clock:
    """A clock that remembers what was wished, and refuses a speed of 3."""

    def __init__(self):
        self.wished = []

    def pace(self):
        """Four times as fast as life."""
        return Pace(4, paused=False, now=1000)

    def change(self, wanted):
        """Take what is offered."""
        if wanted.speed == 3:
            raise ValueError("speed is one of 1, 2, 4, not 3")
        self.wished.append(wanted)
        return Pace(wanted.speed or 4, paused=bool(wanted.paused), now=1000)


class Site:
    """The application with its parts in reach; `get` and `post` are answered as a browser would be."""

    def __init__(self, static, **options):
        (static / "index.html").write_text(PAGE)
        self.board, self.clock = Board(), Clock()
        self.board.publish(5, {"unit/A": {"n": 1}})
        self.application = create_app(OneMap(), self.board, self.clock, static=static, **options)

    def ask(self, method, path, host="localhost:8080", **options):
        """One request, one answer."""

        async def asked():
            transport = httpx.ASGITransport(self.application, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
                headers = {"host": host, **options.pop("headers", {})}
                return await client.request(method, path, headers=headers, **options)

        return asyncio.run(asked())

    def get(self, path, **options):
        """GET."""
        return self.ask("GET", path, **options)

    def set_clock(self, body, **options):
        """POST to the clock."""
        return self.ask("POST", "/api/clock", content=body, **options)


@pytest.fixture
def site(tmp_path):
    """A site for one test."""
    return Site(tmp_path)


def problem(answer):
    """The status and the sentence of an RFC 9457 answer."""
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code
    return answer.status_code, said["detail"]


def test_without_a_console_it_says_how_to_build_one(tmp_path):
    """And does not begin to serve half a site."""
    with pytest.raises(Unbuilt, match="make setup"):
        create_app(OneMap(), Board(), Clock(), static=tmp_path)


def test_the_console_is_served(site):
    """At the root, as a page."""
    answer = site.get("/")
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"].startswith("text/html")


def test_a_document_is_sent_once(site):
    """With its ETag; asked for again with it, it has not changed."""
    first = site.get("/api/map/roads")
    assert (first.status_code, first.content, first.headers["etag"]) == (200, MAP, '"abc"')
    for known in ('"abc"', 'W/"abc"', '"old", "abc"'):
        again = site.get("/api/map/roads", headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
    assert site.get("/api/map/roads", headers={"if-none-match": '"old"'}).status_code == 200


def test_a_document_is_sent_compressed(site):
    """To who can take it."""
    answer = site.get("/api/map/roads", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(MAP) / 10
    assert answer.content == MAP


def test_the_state_is_the_snapshot_that_a_seat_would_get(site):
    """Position, time and rows."""
    assert site.get("/api/state").json() == {"at": 1, "now": 5, "rows": {"unit/A": {"n": 1}}}


def test_the_clock_is_read_and_set(site):
    """What was granted is the answer."""
    assert site.get("/api/clock").json() == {"speed": 4, "paused": False, "now": 1000}
    assert site.set_clock('{"speed": 2}').json()["speed"] == 2
    assert site.set_clock('{"paused": true}', headers={"origin": "http://localhost:8080"}).json()["paused"]
    assert len(site.clock.wished) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "truncated"), ("speed", "malformed"), ("[]", "object"), ("[" * 100_000, "object"), ("\x00", "malformed"),
        ('{"sped": 2}', "sped"), ('{"speed": "2"}', "speed"), ('{"speed": 2.5}', "speed"),
        ('{"speed": 1e400}', "speed"), ('{"speed": 3}', "1, 2, 4, not 3"), (b"\xff\xfe", "malformed"),
    ],
)  # fmt: skip
def test_a_bad_wish_for_the_clock_is_told_what_is_wrong(site, body, said):
    """400 with a sentence that names the part; nothing has been set."""
    status, detail = problem(site.set_clock(body))
    assert status == 400
    assert said in detail
    assert site.clock.wished == []


def test_only_our_own_pages_set_the_clock(site):
    """A page of another site is refused."""
    status, detail = problem(site.set_clock('{"speed": 2}', headers={"origin": "http://elsewhere.test"}))
    assert (status, site.clock.wished) == (403, [])
    assert "own pages" in detail


@pytest.mark.parametrize("path", ["/api/map/moon", "/api/nothing", "/api/", "/nothing", "/a/b/c", "/nothing.html"])
def test_what_is_not_there_is_said_to_be_not_there(site, path):
    """404, in words that name what was asked for."""
    status, detail = problem(site.get(path))
    assert status == 404
    assert detail == f"there is nothing at {path}"


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/assets/..%2f..%2fsecret", "//etc/passwd", "/%00"]
)
def test_nothing_beside_the_console_is_served(tmp_path, path):
    """No way leads out of its folder."""
    static = tmp_path / "static"
    static.mkdir()
    (tmp_path / "secret").write_text("the word")
    answer = Site(static).get(path)
    assert problem(answer)[0] == 404
    assert "the word" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/api/clock"), ("DELETE", "/api/state"), ("POST", "/api/map/roads")]
)
def test_a_method_that_is_not_offered_is_refused(site, method, path):
    """405, and the answer names those that are."""
    answer = site.ask(method, path)
    status, detail = problem(answer)
    assert status == 405
    assert method not in answer.headers["allow"]
    assert detail == f"{method} is not offered here, only {answer.headers['allow']}"


@pytest.mark.parametrize("path", ["/", "/api/state", "/api/map/roads", "/nothing", "/api/map/moon"])
def test_every_answer_is_guarded(site, path):
    """The security headers stand on pages, data and refusals alike."""
    answer = site.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_an_inside_failure_keeps_its_inside_to_itself(site):
    """500 in one sentence, without a word of the exception."""
    site.clock.pace = lambda: 1 / 0
    status, detail = problem(site.get("/api/clock"))
    assert status == 500
    assert "division" not in detail


@pytest.mark.parametrize("host", ["localhost:8080", "LOCALHOST", "127.0.0.1:9", "[::1]:8080", "[::1]"])
def test_it_answers_to_the_names_of_this_machine(site, host):
    """With a port and without one."""
    assert site.get("/api/clock", host=host).status_code == 200


@pytest.mark.parametrize(
    "host", ["elsewhere.test", "elsewhere.test:8080", "localhost.elsewhere.test", "", "::1", "0:80"]
)
def test_it_answers_to_no_other_name(site, host):
    """421: a page of another site may ask through a name that it has pointed here."""
    assert problem(site.get("/api/clock", host=host))[0] == 421


def test_a_city_may_give_its_own_names(tmp_path):
    """Then only those are answered to."""
    site = Site(tmp_path, hosts=["dispatch.city.test"])
    assert site.get("/api/clock", host="dispatch.city.test:443").status_code == 200
    assert site.get("/api/clock").status_code == 421


def test_a_request_without_a_host_names_none():
    """HTTP/1.0 does so."""
    assert host_of({"headers": []}) == ""


@pytest.mark.parametrize(
    ("path", "host", "reason"),
    [("/elsewhere", b"localhost", "no such stream"), ("/stream", b"elsewhere.test", "not the name of this server")],
)
def test_a_websocket_that_leads_nowhere_is_closed(site, path, host, reason):
    """Before it is accepted."""
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    scope = {"type": "websocket", "path": path, "headers": [(b"host", host)]}
    asyncio.run(site.application(scope, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008, "reason": reason}]


def test_a_stream_leads_to_the_board(site):
    """Its first message is the snapshot."""
    sent, left = [], asyncio.Event()
    messages = iter([{"type": "websocket.connect"}])

    async def receive():
        for message in messages:
            return message
        await left.wait()
        return {"type": "websocket.disconnect", "code": 1001}

    async def send(message):
        sent.append(message)
        if message["type"] == "websocket.send":
            left.set()

    scope = {"type": "websocket", "path": "/stream", "headers": [(b"host", b"localhost")]}
    asyncio.run(site.application(scope, receive, send))
    assert [message["type"] for message in sent[:2]] == ["websocket.accept", "websocket.send"]
    assert msgspec.json.decode(sent[1]["text"]) == {"at": 1, "now": 5, "rows": {"unit/A": {"n": 1}}}

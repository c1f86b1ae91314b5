"""Locations by reference: asked at the servers that a city trusts, each better one offered beside what is known."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.comms.switchboard import City

from redstick.adapters.held import HeldClient
from redstick.kernel.errors import Unavailable
from redstick.published.comms import Fix
from redstick.server.references import MOST_AT_ONCE, References

CIRCLE = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"'
    ' xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:gml="http://www.opengis.net/gml"'
    ' xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:a@example.com"><dm:device id="d"><gp:geopriv>'
    '<gp:location-info><gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>30.45 -91.18</gml:pos>'
    '<gs:radius uom="urn:ogc:def:uom:EPSG::9001">{radius}</gs:radius></gs:Circle></gp:location-info><gp:usage-rules/>'
    "<gp:method>{method}</gp:method></gp:geopriv></dm:device></presence>"
)
HELD = '<locationResponse xmlns="urn:ietf:params:xml:ns:geopriv:held">{}</locationResponse>'
ERROR = '<error xmlns="urn:ietf:params:xml:ns:geopriv:held" code="locationUnknown"/>'
COARSE, SHARP = CIRCLE.format(radius=850, method="Cell"), CIRCLE.format(radius=12, method="GPS")


@pytest.fixture
def lis():
    """A location server on loopback, which gives the next of its answers to each question."""
    answers, asked = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            status, body = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *given):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/location/1?token=x", answers, asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.sockets
def test_a_reference_is_asked_by_held_and_gives_a_circle_with_its_method(lis):
    """One POST to the very path, for any kind of location, as fast as dispatch needs it."""
    uri, answers, asked = lis
    answers.append((200, HELD.format(COARSE)))
    [fix] = asyncio.run(HeldClient(["127.0.0.1"]).ask(uri))
    assert (fix.radius_m, fix.method, fix.uri, fix.x) == (850, "Cell", uri, -911_800_000)
    [(path, question)] = asked
    assert path == "/location/1?token=x"
    assert b"emergencyDispatch" in question


@pytest.mark.sockets
def test_questions_hold_no_thread_of_anybody_else_and_nobody_elses_holds_them(lis):
    """Every other thread of the server is busy until the answers are there, and they come."""
    uri, answers, _ = lis
    answers.append((200, HELD.format(SHARP)))

    async def live():
        loop, answered = asyncio.get_running_loop(), threading.Event()
        loop.set_default_executor(ThreadPoolExecutor(1))
        busy = loop.run_in_executor(None, answered.wait, 60)
        asked = asyncio.gather(*(HeldClient(["127.0.0.1"]).ask(uri) for _ in range(3)))
        try:
            return [fix.radius_m for [fix] in await asyncio.wait_for(asked, 30)]
        finally:
            answered.set()
            await busy

    assert asyncio.run(live()) == [12, 12, 12]


@pytest.mark.sockets
@pytest.mark.parametrize(
    "answer", [(302, HELD.format(SHARP)), (404, ""), (200, ERROR), (200, "<no"), (200, "x" * ((1 << 20) + 1))],
    ids=["a redirect", "not found", "unknown", "no XML", "too long"],
)  # fmt: skip
def test_what_is_no_location_is_unavailable(lis, answer):
    """A redirect is not followed, whatever its body holds."""
    uri, answers, _ = lis
    answers.append(answer)
    with pytest.raises(Unavailable):
        asyncio.run(HeldClient(["127.0.0.1"]).ask(uri))


@pytest.mark.parametrize(
    "uri",
    [
        "https://other.example/1", "http://lis.example/1", "sip:a@lis.example", "https://lis.example@other.example/1",
        "https://user:word@lis.example/1", "https://lis.example:port/1", "file:///etc/passwd", "https://[", "",
    ],
)  # fmt: skip
def test_no_caller_makes_this_machine_ask_anywhere(uri):
    """Only servers of the list, over TLS; asking all the same opens no connection."""
    client = HeldClient(["lis.example"])
    assert client.takes("https://lis.example:8443/1")
    assert not client.takes(uri)
    with pytest.raises(Unavailable):
        asyncio.run(client.ask(uri))


class Server:
    """Gives its answers one after the other; an exception is one that does not answer."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0

    def takes(self, uri):
        """References over TLS."""
        return uri.startswith("https:")

    async def ask(self, uri):
        """The next."""
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def lived(server, fixes, again_s=(0, 0, 0), hang_up=False):
    """A 911 call that brings these fixes, until nothing more is asked; gives the city behind it."""
    city, facts = City(), []
    city.driver.listen(facts.extend)

    async def ask(command):
        city.ask(command)
        if hang_up:
            city.hang_up("one")

    async def live():
        references = References([server], ask, lambda: city.driver.executor.committed, again_s)
        references.start()
        city.ring("one", number="2255550100", fixes=fixes)
        for _ in range(30):
            references.note([facts.pop(0) for _ in list(facts)])
            await asyncio.sleep(0)
        await references.close()

    asyncio.run(live())
    return city


REFERENCE, HERE = Fix(uri="https://lis.example/1"), Fix(x=1, y=2, radius_m=850, method="Cell")
BETTER = Fix(x=1, y=2, radius_m=12, method="GPS", uri="https://lis.example/1")


def test_each_better_fix_stands_beside_what_is_known_and_over_nothing():
    """Asked again while the call lasts; a server that does not answer is asked the next time; the same says nothing."""
    server = Server((HERE,), Unavailable("busy"), (BETTER,), (BETTER,))
    city = lived(server, (REFERENCE, Fix(text="12 Oak St")))
    assert server.asked == 4
    assert city.state.legs["one"].fixes == [REFERENCE, Fix(text="12 Oak St"), HERE, BETTER]
    call = city.floor.calls["call-one"]
    assert call.place.text == "12 Oak St"
    assert [one.place.uncertainty_m for one in call.supplemental] == [850, 12]


def test_nothing_is_asked_for_a_call_that_is_over_or_a_reference_that_nobody_takes():
    """And a fix by value is no reference."""
    server = Server((HERE,))
    lived(server, (REFERENCE,), hang_up=True)
    assert server.asked == 1
    lived(server, (Fix(uri="sip:a@lis.example"), BETTER))
    assert server.asked == 1


def test_a_leg_that_is_gone_is_not_written_to():
    """Its answer comes too late."""
    server, city = Server((HERE,)), City()

    async def ask(command):
        raise AssertionError(command)

    async def live():
        references = References([server], ask, lambda: city.driver.executor.committed, ())
        city.ring("one", fixes=(REFERENCE,))
        references._begin("one", (REFERENCE,))
        city.hang_up("one")
        for _ in range(5):
            await asyncio.sleep(0)
        await references.close()

    asyncio.run(live())
    assert server.asked == 1


def begun(server, city, again_s):
    """References of a city, asked as its house."""

    async def ask(command):
        city.ask(command)

    return References([server], ask, lambda: city.driver.executor.committed, again_s)


class SlowServer(Server):
    """Answers nobody until it is let go; counts who asks at the same moment."""

    def __init__(self, *answers):
        super().__init__(*answers)
        self.uris, self.now, self.most, self.go = set(), 0, 0, asyncio.Event()

    async def ask(self, uri):
        """The next, when it may."""
        self.uris.add(uri)
        self.now += 1
        self.most = max(self.most, self.now)
        await self.go.wait()
        self.now -= 1
        return await super().ask(uri)


def test_the_location_of_every_caller_of_a_bad_night_is_asked():
    """More callers than questions at once: each has its turn and none is left out, though all stay on the line."""
    callers = MOST_AT_ONCE + 8

    async def live():
        city, facts, server = City(), [], SlowServer((HERE,))
        city.driver.listen(facts.extend)
        references = begun(server, city, (3600,))
        for one in range(callers):
            city.ring(f"leg{one}", fixes=(Fix(uri=f"https://lis.example/{one}"),))
        references.note(list(facts))
        await turned()
        assert len(server.uris) == MOST_AT_ONCE
        server.go.set()
        await turned()
        assert (server.asked, server.most, len(server.uris)) == (callers, MOST_AT_ONCE, callers)
        assert all(HERE in leg.fixes for leg in city.state.legs.values())
        await references.close()

    asyncio.run(live())


def test_nobody_is_followed_past_the_end_of_the_leg():
    """What waited to ask again ends with it, and keeps nothing."""

    async def live():
        city, facts, server = City(), [], Server((HERE,))
        city.driver.listen(facts.extend)
        references = begun(server, city, (3600,))
        for leg in ("one", "two"):
            city.ring(leg, fixes=(Fix(uri=f"https://lis.example/{leg}"),))
        references.note(list(facts))
        await turned()
        facts.clear()
        city.hang_up("one")
        references.note(list(facts))
        await turned()
        assert set(references._asking) == {("two", "https://lis.example/two")}
        await references.close()

    asyncio.run(live())


async def turned():
    """Whatever can go on has gone on."""
    for _ in range(300):
        await asyncio.sleep(0)

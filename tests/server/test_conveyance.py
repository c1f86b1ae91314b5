"""The conveyance service as its peers meet it: a live city, a real server with mutual TLS, real clients on loopback."""

import asyncio
import hashlib
import json
import secrets
import signal
import ssl
import subprocess
import sys
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
import websockets
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.adapters.voice.caller import PATIENCE_S
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from redstick.bootstrap import SHIPPED_POLICIES, new_id, open_live, wall_clock
from redstick.cli.policy import compiled
from redstick.dispatch.exchange.feed import EidoFeed
from redstick.dispatch.exchange.profile import Agency, Profile
from redstick.dispatch.place import Place
from redstick.dispatch.rules.calls import ReceiveCall
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.kernel.authority.adoption import Bootstrap
from redstick.kernel.authority.people import EnrollPerson, SuspendPerson
from redstick.kernel.values import Request
from redstick.protocols.conveyance.messages import SUBPROTOCOL
from redstick.protocols.eido.codec import MEDIA_TYPE, check
from redstick.server.conveyance import RETRIEVAL, SUBSCRIPTIONS, create_conveyance
from redstick.server.peers import mutual_tls

pytestmark = pytest.mark.sockets

PEOPLE = {"dan": "dispatcher", "sue": "supervisor", "ray": "responder", "olive": "auditor"}
PROFILE = Profile("cad.parish.example", Agency("ecc.parish.example", ("psap",), ("CallReceiving",)))


class Authorities:
    """A certificate authority of a test, and what it has signed."""

    def __init__(self, folder, name="pca"):
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._signed(name, self.key, authority=True)
        self.path = self._kept(name, self.certificate, None)

    def issue(self, name):
        """Paths of a certificate and its key, and the certificate's SHA-256."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(name, key, authority=False)
        path = self._kept(f"{self.name}-{name}", certificate, key)
        return path, hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()

    def _signed(self, name, key, *, authority):
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        issuer = subject if authority else self.certificate.subject
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(),
                                          now - timedelta(hours=1), now + timedelta(days=1))  # fmt: skip
        alternatives = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        ours, its = self.key.public_key(), key.public_key()
        usage = x509.KeyUsage(True, False, False, False, False, authority, authority, False, False)
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        builder = builder.add_extension(usage, critical=True).add_extension(alternatives, critical=False)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(its), critical=False)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ours), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def _kept(self, name, certificate, key):
        path = self.folder / f"{name}.pem"
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        if key is not None:
            plain = serialization.NoEncryption()
            form = serialization.PrivateFormat.PKCS8
            path.with_suffix(".key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
        return path


class City:
    """A live city in a thread of its own, served to peers."""

    def __init__(self, folder, authorities):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.authorities = authorities
        self.server_path, _ = authorities.issue("localhost")
        self.certificates = {name: authorities.issue(name) for name in (*PEOPLE, "stranger")}
        peers = {print_: name for name, (_, print_) in self.certificates.items() if name in PEOPLE}
        self.operations = open_live(folder)
        self.run(self.operations.start())
        feed = EidoFeed(self.operations.states, PROFILE)
        self.operations.driver.listen(feed.note)
        app = create_conveyance(
            self.operations, feed, peers=peers, hosts=["localhost"], new_id=lambda: secrets.token_urlsafe(16)
        )
        key = self.server_path.with_suffix(".key")
        self.server = uvicorn.Server(mutual_tls(app, self.server_path, key, authorities.path))
        self.server.config.port, self.server.config.host = 0, "localhost"
        self.serving = asyncio.run_coroutine_threadsafe(self.server.serve(), self.loop)
        while not self.server.started:
            self.serving.exception(0.01) if self.serving.done() else threading.Event().wait(0.01)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]

    def enrol(self):
        """An administrator with the shipped policies, and everyone else by that."""
        found = compiled(SHIPPED_POLICIES)
        self.ask(Bootstrap("ada", ["administrator"], found.policy, found.words.services), actor="ada")
        for name, role in PEOPLE.items():
            self.ask(EnrollPerson(name, [role]), actor="ada")

    def run(self, work):
        """What a coroutine gives."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_S)

    def ask(self, command, actor="sue"):
        """Ask a command of the live city."""
        outcome = self.run(self._asked(Request(new_id(wall_clock()), command, actor)))
        assert outcome.accepted, outcome.rejection

    async def _asked(self, request):
        return await self.operations.driver.ask(request)

    def context(self, name, authorities=None):
        """The TLS of a client who shows a certificate."""
        context = ssl.create_default_context(cafile=str(self.authorities.path))
        if name is not None:
            path = self.certificates[name][0] if authorities is None else authorities.issue(name)[0]
            context.load_cert_chain(path, path.with_suffix(".key"))
        return context

    def subscriber(self, name):
        """A WebSocket of somebody."""
        return Subscriber(self, name)

    def http(self, name):
        """An HTTPS client of somebody."""
        return httpx.Client(base_url=f"https://localhost:{self.port}", verify=self.context(name), timeout=PATIENCE_S)

    def close(self):
        """Go down in order."""
        self.server.should_exit = True
        self.serving.result(PATIENCE_S)
        self.run(self.operations.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


class Subscriber:
    """Someone who subscribes, and answers every notification unless it is told not to.

    It lives on the city's loop: of two threads that speak and hear over one TLS connection, as a client without a loop
    has them, what one says may be lost.
    """

    def __init__(self, city, name):
        self.run, self.connecting = city.run, self._connected(city, name)

    @asynccontextmanager
    async def _connected(self, city, name):
        url = f"wss://localhost:{city.port}{SUBSCRIPTIONS}"
        secure, waits = city.context(name), {"open_timeout": PATIENCE_S, "max_size": 1 << 24}
        async with connect(url, ssl=secure, subprotocols=[SUBPROTOCOL], **waits) as socket:
            yield socket

    def __enter__(self):
        self.socket = self.run(self.connecting.__aenter__())
        return self

    def __exit__(self, *what):
        self.run(self.connecting.__aexit__(*what))

    def say(self, name, **fields):
        """Send a message."""
        self.run(self.socket.send(json.dumps({name: fields})))

    def hear(self, *, answer=True):
        """The next message, by its name."""
        [(name, inner)] = json.loads(self.run(self.socket.recv())).items()
        if name == "event" and answer:
            self.say("eventResponse", transactionId=inner["transactionId"], statusCode=200, statusText="OK")
        return name, inner

    def close_code(self):
        """With which code the server closes, whatever it says before."""
        while True:
            try:
                self.hear()
            except ConnectionClosed as closed:
                return closed.rcvd.code

    def subscribe(self, **fields):
        """Subscribe; gives the response and the EIDOs of the first notification."""
        self.say("subscribe", requestId="r1", requestType="eido", requestSubType="new", **fields)
        name, response = self.hear()
        assert name == "subscribeResponse"
        return response, self.told()

    def told(self):
        """EIDOs of the next notification."""
        name, event = self.hear()
        assert name == "event"
        return event.get("notification", [])


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """One city for every test of this file; a test opens incidents of its own."""
    folder = tmp_path_factory.mktemp("city")
    city = City(folder / "data", Authorities(folder))
    city.enrol()
    yield city
    city.close()


def opened(city, name, kind="FSTRU"):
    """Open an incident for a call of its own; gives its tracking id."""
    place = Place("100 Main St", -911_234_567, 304_123_456, uncertainty_m=40)
    city.ask(ReceiveCall(f"call_{name}", "voice", "+1 225 555 0100", place))
    city.ask(OpenIncident(f"inc_{name}", kind=kind, place=place, call=f"call_{name}"))
    return f"urn:emergency:uid:incidentid:inc{name}:{PROFILE.element}"


def close(city, name):
    """Close an incident."""
    city.ask(CloseIncident(f"inc_{name}", "Handled"))


def test_a_subscriber_is_told_at_once_and_at_every_change(city):
    """The snapshot first, then each change; every EIDO passes the strict check."""
    with city.subscriber("dan") as peer:
        response, _ = peer.subscribe()
        assert response["statusCode"] == 200
        urn = opened(city, "0000000001")
        found = []
        while not any(eido["$id"] == urn and eido.get("callComponent") for eido in found):
            found += peer.told()
        close(city, "0000000001")
        while found[-1]["$id"] != urn or found[-1]["incidentComponent"]["incidentStatusCommonRegistryText"] != [
            "Closed"
        ]:
            found += peer.told()
        assert peer.socket.subprotocol == SUBPROTOCOL
    assert all(check(json.dumps(eido).encode()) == [] for eido in found)


def test_what_is_told_depends_on_who_is_told(city):
    """The floor is told the caller, crews are told everything but the caller."""
    urn = opened(city, "0000000002")
    told = {}
    for name in ("dan", "ray"):
        with city.subscriber(name) as peer:
            _, eidos = peer.subscribe(qualFilter=f"$id = '{urn}'")
            [told[name]] = eidos
    assert b"2255550100" in json.dumps(told["dan"]).encode()
    assert b"2255550100" not in json.dumps(told["ray"]).encode()
    assert told["ray"]["locationComponent"][0]["locationTypeDescriptionRegistryText"] == "CurrentIncident"
    assert all(check(json.dumps(eido).encode()) == [] for eido in told.values())
    close(city, "0000000002")


def test_a_filter_narrows_and_a_bad_one_is_refused(city):
    """Only what fulfils it comes, at once and later."""
    opened(city, "0000000003", "LARCENY")
    with city.subscriber("dan") as peer:
        kind = "incidentComponent.incidentTypeCommonRegistryText"
        _, first = peer.subscribe(qualFilter=f"{kind} = 'LARCENY'")
        assert {eido["incidentComponent"]["incidentTypeCommonRegistryText"] for eido in first} == {"LARCENY"}
        peer.say("subscribe", requestId="r2", qualFilter="everything please")
        assert peer.hear()[1]["statusCode"] == 400
    close(city, "0000000003")


def test_a_closed_incident_is_told_to_who_asks_for_it_alone(city):
    """Within five minutes of its closing: once, and then the subscription ends, and the socket with it."""
    urn = opened(city, "0000000004")
    close(city, "0000000004")
    with city.subscriber("dan") as peer:
        peer.say("subscribe", requestId="r", requestSubType="single", incidentId=urn)
        assert peer.hear()[1]["statusCode"] == 200
        assert [eido["$id"] for eido in peer.told()] == [urn]
        assert peer.hear()[0] == "terminate"
        assert peer.close_code() == 1000


def test_who_shows_no_certificate_of_the_authorities_gets_no_connection(city, tmp_path):
    """None, or one that another authority has signed: the handshake fails."""
    foreign = Authorities(tmp_path, "other")
    for context in (city.context(None), city.context("dan", foreign)):
        with pytest.raises((httpx.HTTPError, ssl.SSLError)), httpx.Client(verify=context) as client:
            client.get(f"https://localhost:{city.port}{RETRIEVAL}/x")


def test_a_certificate_alone_permits_nothing(city):
    """It must stand for somebody who is enrolled, and whom authority lets read."""
    with city.http("stranger") as client:
        assert client.get(f"{RETRIEVAL}/x").status_code == 401
    with city.http("olive") as client:
        refused = client.get(f"{RETRIEVAL}/x")
        assert refused.status_code == 403
        assert refused.json()["code"] == "not_permitted"
    for name in ("stranger", "olive"):
        with pytest.raises(websockets.exceptions.InvalidStatus) as caught, city.subscriber(name):
            pass
        assert caught.value.response.status_code == 403


def test_an_eido_is_retrieved_by_the_reference_that_was_minted_for_it(city):
    """With its own media type, as it is at that moment; for another holder, and for unknown names, there is none."""
    urn = opened(city, "0000000005")
    with city.http("dan") as floor, city.http("ray") as crew:
        minted = floor.post(RETRIEVAL, json={"incidentId": urn, "holder": "ray"})
        assert minted.status_code == 201
        uri = minted.json()["uri"]
        found = crew.get(uri)
        assert found.headers["content-type"] == MEDIA_TYPE
        assert check(found.content) == []
        assert found.json()["$id"] == urn
        assert floor.get(uri).status_code == 404
        assert crew.get(f"{RETRIEVAL}/guessed").status_code == 404
        assert floor.post(RETRIEVAL, json={"incidentId": "urn:none"}).status_code == 404
        assert floor.post(RETRIEVAL, content=b"{").status_code == 400
        assert floor.get("/").status_code == 404
    close(city, "0000000005")


def test_who_is_suspended_is_told_no_more(city):
    """Authority is asked again when people change: the subscription and the socket end."""
    with city.subscriber("dan") as peer:
        peer.subscribe()
        city.ask(SuspendPerson("dan", "left the agency"), actor="ada")
        assert peer.close_code() == 4403


def test_a_city_is_served_with_its_conveyance_beside_it(tmp_path):
    """`redstick serve --conveyance`: peers meet TLS and authority on a port of their own, and both go down together."""
    authorities = Authorities(tmp_path)
    ours, _ = authorities.issue("localhost")
    theirs, _ = authorities.issue("peer")
    settings = tmp_path / "conveyance.toml"
    settings.write_text(
        f'element = "cad.parish.example"\nport = 0\ncertificate = "{ours.name}"\nkey = "{ours.stem}.key"\n'
        'authorities = "pca.pem"\nhosts = ["localhost"]\n'
        '[agency]\nid = "ecc.parish.example"\ntypes = ["psap"]\nroles = ["CallReceiving"]\n'
    )
    redstick = str(Path(sys.executable).with_name("redstick"))
    serving = subprocess.Popen(
        [redstick, "serve", "--data", str(tmp_path / "data"), "--port", "0", "--conveyance", str(settings), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    told = json.loads(serving.stdout.readline() or serving.communicate()[1])
    port = told["conveyance"].rpartition(":")[2].partition("/")[0]
    context = ssl.create_default_context(cafile=str(authorities.path))
    context.load_cert_chain(theirs, theirs.with_suffix(".key"))
    with httpx.Client(verify=context, timeout=PATIENCE_S) as client:
        assert client.get(f"https://localhost:{port}{RETRIEVAL}/x").status_code == 401
    serving.send_signal(signal.SIGINT)
    _, said = serving.communicate(timeout=PATIENCE_S)
    assert (serving.returncode, said) == (0, "")

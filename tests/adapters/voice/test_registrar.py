"""The registrar, without sockets: who proves who he is, is reached; who does not soon is not even heard."""

import itertools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redstick.adapters.voice.attempts import OWN
from redstick.adapters.voice.edges import Origin
from redstick.adapters.voice.registrar import Registrar
from redstick.comms.signalling import Registered, RegistrationRefused, Unregistered
from redstick.kernel.errors import Unavailable
from redstick.protocols.sip import calling
from redstick.protocols.sip.agent import Agent, Identity
from redstick.protocols.sip.checking import Abilities
from redstick.protocols.sip.digest import secret_of
from redstick.protocols.sip.events import Asked, Told, Transmit
from redstick.protocols.sip.headers import Address
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.reading import read_message
from redstick.protocols.sip.uris import read_uri

REALM, PASSWORD = "city.example", "correct horse"
METHODS = ("INVITE", "ACK", "CANCEL", "BYE", "REGISTER")


class Users:
    """Two of them; what is kept is no password."""

    realm = REALM

    def __init__(self):
        self.kept, self.broken = {"ann", "ben"}, False

    def secret(self, user, algorithm):
        """H(A1)."""
        if self.broken:
            raise Unavailable("the disk is gone")
        known = user in self.kept and algorithm in {"SHA-256", "MD5"}
        return secret_of(user, REALM, PASSWORD, algorithm) if known else None


class Wire:
    """Where messages go in this test: nowhere. `gone` are sources whose connection is; `edge` a proxy of ours."""

    edge = None

    def __init__(self, agent):
        self.agent, self.gone = agent, set()

    def origin(self, request, source):
        """Where it came from."""
        return Origin(source, self.agent.identity.transport)

    def reaches(self, source):
        """Whether it is there."""
        return source not in self.gone


def agent(host, prefix):
    """One with tokens of its own."""
    count = itertools.count()
    one = Identity(transport="TLS", host=host, port=5061, contact=f"sip:{prefix}@{host}:5061;transport=tls")
    return Agent(one, lambda: f"{prefix}{next(count)}", Abilities(methods=METHODS))


class Desk:
    """A registrar and whoever asks it, at a time of the test's own."""

    def __init__(self):
        self.server, self.phone, self.now, self.told = agent("192.0.2.1", "s"), agent("192.0.2.9", "p"), 0, []
        self.wire = Wire(self.server)
        count = itertools.count()
        self.users = Users()
        self.registrar = Registrar(self.users, "192.0.2.1", lambda: f"nonce{next(count)}", self.told.append)

    def exchange(self, source):
        """Until neither has anything to say; the phone's answers."""
        answers = []
        while True:
            asks, said = self.phone.take(), self.server.take()
            if not asks and not said:
                return answers
            for one in asks:
                if isinstance(one, Transmit):
                    self.server.receive(one.data, source, self.now)
                elif isinstance(one, Told):
                    answers.append(one)
            for one in said:
                if isinstance(one, Transmit):
                    self.phone.receive(one.data, source, self.now)
                elif isinstance(one, Asked):
                    self.registrar.hear(self.wire, one, self.now)

    def ask(self, user="ann", source="192.0.2.9:40000", expires=600):
        """REGISTER without credentials; the answer."""
        me = Address(read_uri(f"sip:{user}@{REALM}"))
        extra = ("Expires", str(expires))
        request = calling.outside(self.phone, "REGISTER", f"sip:{REALM}", me, extra, to=f"<sip:{user}@{REALM}>")
        self.phone.send(request, self.now)
        [asked] = self.exchange(source)
        return asked

    def register(self, user="ann", password=PASSWORD, source="192.0.2.9:40000", expires=600, as_user=None, strong=True):
        """REGISTER, and again with credentials where they are asked for; the last answer."""
        asked = self.ask(user, source, expires)
        if asked.response.code != 401:
            return asked.response
        if not strong:
            asked = Told(key=asked.key, request=asked.request, response=only(asked.response, "MD5"))
        calling.try_again(self.phone, asked, as_user or user, password, self.now)
        [answer] = self.exchange(source)
        return answer.response


def only(response, algorithm):
    """The answer with the challenges of one algorithm alone, as an older phone reads it."""
    kept = tuple(
        one for one in response.headers if one[0] != "WWW-Authenticate" or f"algorithm={algorithm}" in one[1]
    )  # fmt: skip
    return type(response)(code=response.code, reason=response.reason, headers=kept)


@pytest.mark.parametrize("strong", [True, False])
def test_whoever_knows_the_password_is_reached_on_the_way_he_came(strong):
    """With SHA-256, or MD5 from a phone that knows no better; the answer lists the contact and its time."""
    desk = Desk()
    answer = desk.register(strong=strong)
    contact = "sip:p@192.0.2.9:5061;transport=tls"
    assert (answer.code, answer.first("Contact")) == (200, f"<{contact}>;expires=600")
    assert desk.registrar.reach("ann", 0) == ((contact, desk.wire, "192.0.2.9:40000", "TLS", ()),)
    assert desk.told == [Registered("ann", contact, "192.0.2.9:40000", 600)]
    desk.wire.gone.add("192.0.2.9:40000")
    assert desk.registrar.reach("ann", 0) == ()


def test_both_digests_are_asked_for_the_stronger_first():
    """RFC 8760: a phone takes the first that it knows."""
    said = Desk().ask().response.all("WWW-Authenticate")
    assert [("SHA-256" in one, "MD5" in one) for one in said] == [(True, False), (False, True)]


def test_a_phone_that_two_digests_baffle_is_asked_in_one():
    """It came without an answer twice within two minutes; whoever has answered once is asked in both again."""
    desk = Desk()
    assert len(desk.ask().response.all("WWW-Authenticate")) == 2
    desk.now = 20_000
    [asked] = desk.ask().response.all("WWW-Authenticate")
    assert "algorithm=MD5" in asked
    assert len(desk.ask(source="192.0.2.77:40000").response.all("WWW-Authenticate")) == 2
    assert desk.register().code == 200
    assert len(desk.ask().response.all("WWW-Authenticate")) == 2


def test_a_phone_that_registered_in_md5_is_asked_so_when_it_calls():
    """In both again once it has registered in the stronger one; and from elsewhere."""
    desk = Desk()
    invite = Request(method="INVITE", uri="sip:ben@city.example")

    def asked(source="192.0.2.9:40000"):
        desk.now += 1_000_000
        return len(desk.registrar.refusal(invite, "ann", source, desk.now)[2])

    desk.register(strong=False)
    assert (asked(), asked("192.0.2.77:40000")) == (1, 2)
    desk.register()
    assert asked() == 2


def test_a_wrong_password_is_refused_and_told_then_no_password_is_heard_for_a_while():
    """Five wrong ones; then even the right one is refused, until the minute is over; each refusal but these is told."""
    desk = Desk()
    for _ in range(OWN.tries):
        assert desk.register(password="wrong").code == 403
    refused = [RegistrationRefused("ann", "192.0.2.9:40000", limited=n == OWN.tries) for n in range(1, OWN.tries + 1)]
    assert desk.told == refused
    answer = desk.register()
    assert (answer.code, answer.reason, answer.first("Retry-After")) == (403, "Too Many Wrong Passwords", "60")
    assert desk.told == refused
    assert desk.register(source="192.0.2.77:40000").code == 200  # he himself, at his own desk
    desk.now = OWN.rest_ms
    assert desk.register().code == 200


def test_nobody_registers_for_somebody_else_nor_for_somebody_unknown():
    """Ben's password does not open ann's name; a stranger is refused like a wrong password, and takes as long."""
    desk = Desk()
    assert desk.register("ann", as_user="ben").code == 403
    assert desk.register("eve").code == 403
    assert [type(one) for one in desk.told] == [RegistrationRefused] * 2
    assert desk.registrar.reach("ann", 0) == desk.registrar.reach("eve", 0) == ()


def test_a_registration_ends_when_it_is_asked_to_or_runs_out():
    """Told each time, with why; a renewal is told too."""
    desk = Desk()
    desk.register(expires=120)
    desk.now = 60_000
    desk.register(expires=120)
    desk.registrar.tick(120_000)
    assert [type(one) for one in desk.told] == [Registered, Registered]
    desk.registrar.tick(180_000)
    assert desk.told[2] == Unregistered("ann", "sip:p@192.0.2.9:5061;transport=tls", "expired")
    assert desk.registrar.reach("ann", 180_000) == ()
    desk.now = 200_000
    desk.register()
    desk.register(expires=0)
    assert desk.told[-1] == Unregistered("ann", "sip:p@192.0.2.9:5061;transport=tls", "asked")


def test_too_brief_a_registration_is_told_the_least():
    """423 with Min-Expires."""
    answer = Desk().register(expires=5)
    assert (answer.code, answer.first("Min-Expires")) == (423, "60")


def test_an_answer_that_was_overheard_opens_nothing():
    """The same credentials again are stale: a new nonce is asked for."""
    desk = Desk()
    calling.try_again(desk.phone, desk.ask(), "ann", PASSWORD, 0)
    [good] = desk.exchange("192.0.2.9:40000")
    assert good.response.code == 200
    bare = tuple(one for one in good.request.headers if one[0] != "Via")
    desk.phone.send(msgspec.structs.replace(good.request, headers=bare), 0)
    [again] = desk.exchange("198.51.100.1:40000")
    assert again.response.code == 401
    assert "stale=true" in again.response.first("WWW-Authenticate")


def test_a_user_who_is_withdrawn_is_reached_no_more():
    """His phone's registration ends within a few turns, whatever time it had left."""
    desk = Desk()
    desk.register("ann")
    desk.registrar.tick(1_000)
    assert desk.registrar.reach("ann", 1_000)
    desk.users.kept.remove("ann")
    desk.registrar.tick(2_000)
    assert desk.registrar.reach("ann", 2_000) == ()
    assert desk.told[-1] == Unregistered("ann", "sip:p@192.0.2.9:5061;transport=tls", "withdrawn")


def test_while_users_cannot_be_looked_up_a_phone_is_told_so_and_nobody_is_dropped():
    """503, no wrong try is counted, and who is registered stays so."""
    desk = Desk()
    desk.register("ann")
    desk.users.broken = True
    assert desk.register("ben").code == 503
    desk.registrar.tick(1_000)
    assert desk.registrar.reach("ann", 1_000)
    assert [type(one) for one in desk.told] == [Registered]


WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200)


@given(
    authorization=st.one_of(WORDS, WORDS.map(lambda text: f'Digest realm="{REALM}", {text}')),
    contact=WORDS,
    session=WORDS,
    source=st.sampled_from(["192.0.2.9:1", "198.51.100.1:65535"]),
)
@settings(deadline=None)
def test_nothing_that_a_phone_says_raises_or_registers_without_proof(authorization, contact, session, source):
    """Whatever stands in its headers is answered with a refusal, and nobody is reached."""
    desk = Desk()
    lines = [
        "REGISTER sip:city.example SIP/2.0", "Via: SIP/2.0/TLS 192.0.2.9;branch=z9hG4bK1", "Max-Forwards: 70",
        f"From: <sip:ann@{REALM}>;tag=a", f"To: <sip:ann@{REALM}>", "Call-ID: 1", "CSeq: 1 REGISTER",
        f"Contact: {contact}", f"Authorization: {authorization}", f"Session-Expires: {session}", "", "",
    ]  # fmt: skip
    desk.server.receive("\r\n".join(lines).encode(), source, 0)
    for one in desk.server.take():
        if isinstance(one, Asked):
            desk.registrar.hear(desk.wire, one, 0)
    codes = [read_message(one.data).code for one in desk.server.take() if isinstance(one, Transmit)]
    assert all(code >= 400 for code in codes)
    assert desk.registrar.reach("ann", 0) == ()

"""The registrar: phones say where they are reached, and prove who they are (RFC 3261 sections 10 and 22, RFC 8760).

Users and their H(A1) come from a port, so the domain keeps them; no password is known here. A phone is reached on the
way that its REGISTER came on, so that one behind a translator of addresses, or on TLS, is reached at all (RFC 5626).
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from redstick.adapters.voice.attempts import Attempts
from redstick.adapters.voice.edges import path_of
from redstick.adapters.voice.wires import Wire
from redstick.comms.signalling import PhoneUsers, Registered, RegistrationRefused, Unregistered
from redstick.kernel.errors import Unavailable
from redstick.protocols.faults import Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.digest import Judge, Verdict, read_credentials
from redstick.protocols.sip.events import Asked
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.registrations import (
    LEAST_EXPIRES_S,
    Binding,
    OutOfOrder,
    TooBrief,
    address_of_record,
    contacts_of,
    registered,
)  # fmt: skip
from redstick.protocols.sip.uris import Uri

ALGORITHMS = ("SHA-256", "MD5")  # the stronger one is said first (RFC 8760 section 2.4)
BAFFLED_MS, MOST_BAFFLED = 120_000, 10_000
MOST_LOOKED_AT = 20  # users at each turn: a question may be one to a disk
Answer = tuple[int, str, tuple[tuple[str, str], ...]]
Fact = Registered | Unregistered | RegistrationRefused
FORBIDDEN = "Forbidden"


class Flow(NamedTuple):
    """The way on which a device registered; `path` are the proxies on it that we believe, which is an edge of ours."""

    wire: Wire
    source: str
    transport: str = ""
    path: tuple[str, ...] = ()


class Reach(NamedTuple):
    """One device of a user: its contact, and the way on which it registered."""

    contact: str
    wire: Wire
    source: str
    transport: str = ""
    path: tuple[str, ...] = ()


class Registrar:
    """Bindings of all users. `report` is told what became of each; `fresh` gives nonces that nobody can guess.

    `host` is the address that it is heard at: phones may call the realm by it.
    """

    def __init__(self, users: PhoneUsers, host: str, fresh: Callable[[], str], report: Callable[[Fact], None]) -> None:
        self._users, self._hosts = users, {users.realm.lower(), host}
        self._fresh, self._report = fresh, report
        self._judge = Judge(users.realm)
        self._attempts = Attempts()
        self._unanswered: OrderedDict[tuple[str, str], int] = OrderedDict()  # challenges by user and host: when
        self._answers: OrderedDict[tuple[str, str], str] = OrderedDict()  # the digest that a user at a host answers in
        self._bindings: dict[str, tuple[Binding, ...]] = {}
        self._ways: dict[tuple[str, str], Flow] = {}
        self._turn: list[str] = []  # users who are still to be looked at, whether they are there

    def hear(self, wire: Wire, asked: Asked, now: int) -> None:
        """Answer a REGISTER."""
        code, reason, told = self._heard(wire, asked, now)
        wire.agent.respond(asked.key, code, reason, now, *told)

    def _heard(self, wire: Wire, asked: Asked, now: int) -> Answer:
        request = asked.request
        try:
            address = headers.read_address(f"<{address_of_record(request)}>", "To").uri
        except Malformed:
            return 400, "Bad To", ()
        user = address.user or ""
        if not user or not self.ours(address.host):
            return 404, "Not Found", ()
        refused = self.refusal(request, user, asked.source, now)
        if refused is not None:
            return refused
        kept = self._bindings.get(user, ())
        try:
            after = registered(kept, request, now)
        except Malformed as malformed:
            return 400, f"Bad {malformed.faults[0].place.partition(' ')[0]}", ()
        except TooBrief:
            return 423, "Interval Too Brief", (("Min-Expires", str(LEAST_EXPIRES_S)),)
        except OutOfOrder:
            return 500, "Out Of Order", ()
        path = () if wire.edge is None else path_of(request)
        flow = Flow(wire, asked.source, wire.origin(request, asked.source).transport, path)
        self._keep(user, kept, after, flow, now)
        return 200, "OK", contacts_of(after, now)

    def ours(self, host: str) -> bool:
        """Whether a host is this registrar: its realm, or the address that it is heard at."""
        return host.lower() in self._hosts

    def refusal(self, request: Request, user: str, source: str, now: int) -> Answer | None:
        """Why a request of `user` is not served: a challenge, a wrong password, too many of them. None: it is he."""
        try:
            return self._refusal(request, user, source, now)
        except Unavailable:
            return 503, "Service Unavailable", (("Retry-After", "30"),)

    def _refusal(self, request: Request, user: str, source: str, now: int) -> Answer | None:
        host = source.rpartition(":")[0]
        said = [text for text in request.all("Authorization") if f'realm="{self._users.realm}"' in text]
        if not said:
            return self._challenged(request, user, host, now)
        self._unanswered.pop((user, host), None)
        rests_ms = self._attempts.rests_ms(user, host, now, known=self._known(user, host, now))
        if rests_ms:
            return 403, "Too Many Wrong Passwords", (("Retry-After", str(-(-rests_ms // 1_000))),)
        try:
            given = read_credentials(said[0])
        except Malformed:
            return 400, "Bad Authorization", ()
        secret = self._users.secret(user, given.algorithm.upper()) if given.username == user else None
        match self._judge.judge(given, secret, request.method, now, request.body):
            case Verdict.GOOD:
                self._attempts.right(user, host)
                self._answers.pop((user, host), None)
                self._answers[user, host] = given.algorithm.upper()
                if len(self._answers) > MOST_BAFFLED:
                    self._answers.popitem(last=False)
                return None
            case Verdict.STALE | Verdict.REPLAYED:
                return self._challenged(request, user, host, now, stale=True)
            case Verdict.FOREIGN:
                return self._challenged(request, user, host, now)
        limited = self._attempts.wrong(user, host, now)
        self._report(RegistrationRefused(user, source, limited=limited))
        return 403, FORBIDDEN, ()

    def _challenged(self, request: Request, user: str, host: str, now: int, *, stale: bool = False) -> Answer:
        """In every digest that is kept for the user; for nobody they are two, so that he is not told from somebody.

        Some phones give up where one that they do not know is asked for beside one that they do. Who comes again
        without an answer is taken for one, and is asked in MD5 alone. Whoever registered so is asked so for each call,
        which nobody places twice.
        """
        before = self._unanswered.pop((user, host), None)
        self._unanswered[user, host] = now
        if len(self._unanswered) > MOST_BAFFLED:
            self._unanswered.popitem(last=False)
        kept = tuple(one for one in ALGORITHMS if self._users.secret(user, one)) or ALGORITHMS
        baffled = before is not None and now - before < BAFFLED_MS
        calls = request.method != "REGISTER" and self._answers.get((user, host)) == "MD5"
        if "MD5" in kept and (baffled or calls):
            kept = ("MD5",)
        asked = (self._judge.challenge(self._fresh(), now, stale=stale, algorithm=one) for one in kept)
        return 401, "Unauthorized", tuple(("WWW-Authenticate", str(one)) for one in asked)

    def _known(self, user: str, host: str, now: int) -> bool:
        return any(one.source.rpartition(":")[0] == host for one in self.reach(user, now))

    def _keep(self, user: str, kept: tuple[Binding, ...], after: tuple[Binding, ...], way: Flow, now: int) -> None:
        before, held = {str(one.contact): one for one in kept}, {str(one.contact): one for one in after}
        for contact in before.keys() - held.keys():
            self._ways.pop((user, contact), None)
            self._report(Unregistered(user, contact, "asked"))
        for contact, one in held.items():
            if before.get(contact) != one:
                self._ways[user, contact] = way
                self._report(Registered(user, contact, way.source, max(1, (one.ends_at - now) // 1_000)))
        if after:
            self._bindings[user] = after
        else:
            self._bindings.pop(user, None)

    def tick(self, now: int) -> None:
        """Forget what has run out, and, some at each turn, whoever is no user any more."""
        for user, kept in list(self._bindings.items()):
            held = tuple(one for one in kept if one.ends_at > now)
            if len(held) < len(kept):
                self._drop(user, kept, held, "expired")
        self._turn = self._turn or list(self._bindings)
        looked_at, self._turn = self._turn[:MOST_LOOKED_AT], self._turn[MOST_LOOKED_AT:]
        for user in looked_at:
            if user in self._bindings and not self._is_kept(user, otherwise=True):
                self._drop(user, self._bindings[user], (), "withdrawn")

    def _is_kept(self, user: str, *, otherwise: bool) -> bool:
        """Whether there is such a user; `otherwise` where that cannot be known now."""
        try:
            return any(self._users.secret(user, one) for one in ALGORITHMS)
        except Unavailable:
            return otherwise

    def _drop(self, user: str, kept: tuple[Binding, ...], held: tuple[Binding, ...], why: str) -> None:
        for one in sorted(set(map(_named, kept)) - set(map(_named, held))):
            self._ways.pop((user, one), None)
            self._report(Unregistered(user, one, why))
        if held:
            self._bindings[user] = held
        else:
            del self._bindings[user]

    def reach(self, user: str, now: int) -> tuple[Reach, ...]:
        """Where a user can be reached now, the preferred device first; a connection that is gone reaches nobody."""
        found = []
        for one in self._bindings.get(user, ()):
            flow = self._ways[user, str(one.contact)]
            if one.ends_at > now and flow.wire.reaches(flow.source):
                found.append(Reach(str(one.contact), *flow))
        return tuple(found)

    def find(self, uri: Uri, now: int) -> Reach | None:
        """How a URI is reached that is a contact, or the address of a user (then its preferred device)."""
        named = str(uri)
        for user, contact in self._ways:
            if contact == named:
                return next((one for one in self.reach(user, now) if one.contact == named), None)
        if uri.port is not None or not uri.user or not self.ours(uri.host):
            return None
        return next(iter(self.reach(uri.user, now)), None)

    def caller(self, request: Request) -> str:
        """As which of our users a request says to come, "" for somebody else; nothing of it is proven."""
        try:
            sender = headers.address(request, "From")
        except Malformed:
            return ""
        if sender is None or not sender.uri.is_sip or not self.ours(sender.uri.host):
            return ""
        user = sender.uri.user or ""
        return user if self._is_kept(user, otherwise=False) else ""

    def known_at(self, user: str, source: str, now: int) -> bool:
        """Whether `user` is registered from exactly this source."""
        return any(one.source == source for one in self.reach(user, now))


def _named(one: Binding) -> str:
    return str(one.contact)

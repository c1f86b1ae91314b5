"""Digest authentication (RFC 3261 section 22, RFC 7616, RFC 8760): challenges, answers, and who judges them.

The judge keeps no clock: the time and fresh nonces are handed in. How often somebody may try is not decided here.
"""

import hashlib
import hmac
from collections import OrderedDict
from enum import StrEnum

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip.grammar import TOKEN, is_quoted, quoted, split_outside, unquoted

HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
NONCE_LIVES_MS = 300_000
MOST_NONCES = 20_000
_PLAIN = {"algorithm", "nc", "qop", "stale"}  # in credentials these stand without quotes (RFC 7616 section 3.4)


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """What WWW-Authenticate asks."""

    realm: str
    nonce: str
    algorithm: str = "MD5"
    qop: tuple[str, ...] = ()
    opaque: str | None = None
    stale: bool = False

    def __str__(self) -> str:
        """The value as it stands on the wire."""
        opaque = "" if self.opaque is None else f", opaque={quoted(self.opaque)}"
        qop = f', qop="{",".join(self.qop)}"' if self.qop else ""
        stale = ", stale=true" if self.stale else ""
        head = f"Digest realm={quoted(self.realm)}, nonce={quoted(self.nonce)}"
        return f"{head}, algorithm={self.algorithm}{qop}{opaque}{stale}"


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What Authorization answers. `count` is the nonce count, None where no qop was asked (RFC 2617)."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    algorithm: str = "MD5"
    qop: str | None = None
    cnonce: str | None = None
    count: int | None = None
    opaque: str | None = None

    def __str__(self) -> str:
        """The value as it stands on the wire."""
        said: dict[str, str | None] = {
            "username": self.username, "realm": self.realm, "nonce": self.nonce, "uri": self.uri,
            "response": self.response, "algorithm": self.algorithm, "cnonce": self.cnonce, "opaque": self.opaque,
            "qop": self.qop, "nc": None if self.count is None else f"{self.count:08x}",
        }  # fmt: skip
        parts = (f"{k}={v if k in _PLAIN else quoted(v)}" for k, v in said.items() if v is not None)
        return "Digest " + ", ".join(parts)


def _read(text: str, place: str) -> dict[str, str]:
    scheme, _, rest = text.strip().partition(" ")
    if scheme.lower() != "digest":
        raise Malformed(Fault(place, f"the scheme Digest, not {scheme[:40]!r}"))
    found: dict[str, str] = {}
    for part in split_outside(rest, ","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not TOKEN.fullmatch(name) or not (is_quoted(value) or TOKEN.fullmatch(value)):
            raise Malformed(Fault(place, f"a name and a value, not {part[:40]!r}"))
        if name.lower() in found:
            raise Malformed(Fault(f"{place} ({name})", "one value"))
        found[name.lower()] = unquoted(value)
    return found


def _needed(found: dict[str, str], place: str, *names: str) -> None:
    missing = tuple(Fault(f"{place} ({name})", "a value; it is mandatory") for name in names if name not in found)
    if missing:
        raise Malformed(*missing)


def read_challenge(text: str) -> Challenge:
    """The value of WWW-Authenticate or Proxy-Authenticate. Raises Malformed."""
    place = "WWW-Authenticate"
    found = _read(text, place)
    _needed(found, place, "realm", "nonce")
    return Challenge(
        realm=found["realm"],
        nonce=found["nonce"],
        algorithm=found.get("algorithm", "MD5"),
        qop=tuple(one.strip() for one in found["qop"].split(",")) if "qop" in found else (),
        opaque=found.get("opaque"),
        stale=found.get("stale", "").lower() == "true",
    )


def read_credentials(text: str) -> Credentials:
    """The value of Authorization or Proxy-Authorization. Raises Malformed."""
    place = "Authorization"
    found = _read(text, place)
    _needed(found, place, "username", "realm", "nonce", "uri", "response")
    count = None
    if "qop" in found:
        _needed(found, place, "cnonce", "nc")
        try:
            count = int(found["nc"], 16)
        except ValueError as error:
            raise Malformed(Fault(f"{place} (nc)", "eight hexadecimal digits")) from error
    return Credentials(
        username=found["username"], realm=found["realm"], nonce=found["nonce"], uri=found["uri"],
        response=found["response"].lower(), algorithm=found.get("algorithm", "MD5"), qop=found.get("qop"),
        cnonce=found.get("cnonce"), count=count, opaque=found.get("opaque"),
    )  # fmt: skip


def secret_of(username: str, realm: str, password: str, algorithm: str) -> str:
    """H(A1), which a registrar may keep in place of the password."""
    return _hash(algorithm, f"{username}:{realm}:{password}")


def _hash(algorithm: str, text: str) -> str:
    return hashlib.new(HASHES[algorithm.upper()], text.encode(), usedforsecurity=False).hexdigest()


def expected_response(credentials: Credentials, secret: str, method: str, body: bytes = b"") -> str:
    """The response that whoever knows the secret gives. Raises KeyError for an algorithm that we do not know."""
    after = f"{method}:{credentials.uri}"
    if credentials.qop == "auth-int":
        name = HASHES[credentials.algorithm.upper()]
        after += f":{hashlib.new(name, body, usedforsecurity=False).hexdigest()}"
    middle = credentials.nonce
    if credentials.qop is not None:
        middle += f":{credentials.count or 0:08x}:{credentials.cnonce}:{credentials.qop}"
    return _hash(credentials.algorithm, f"{secret}:{middle}:{_hash(credentials.algorithm, after)}")


def answer_challenge(
    challenge: Challenge,
    username: str,
    secret: str,
    *,
    method: str,
    uri: str,
    cnonce: str,
    count: int = 1,
    body: bytes = b"",
) -> Credentials:
    """Our answer to a challenge. `secret` is H(A1) in the challenge's algorithm. Raises KeyError for one unknown."""
    qop = next((one for one in ("auth", "auth-int") if one in challenge.qop), None)
    blank = Credentials(
        username=username, realm=challenge.realm, nonce=challenge.nonce, uri=uri, response="",
        algorithm=challenge.algorithm, qop=qop, cnonce=cnonce if qop else None, count=count if qop else None,
        opaque=challenge.opaque,
    )  # fmt: skip
    return msgspec.structs.replace(blank, response=expected_response(blank, secret, method, body))


class Verdict(StrEnum):
    """What the judge says. A stale nonce is no wrong password: the other side tries again by itself."""

    GOOD = "good"
    STALE = "stale"
    REPLAYED = "replayed"
    WRONG = "wrong"
    FOREIGN = "foreign"


class Judge:
    """Gives out nonces and judges what comes back with them; a nonce count is taken once."""

    def __init__(self, realm: str, *, algorithm: str = "SHA-256") -> None:
        self.realm, self.algorithm = realm, algorithm
        self._nonces: OrderedDict[str, tuple[int, int]] = OrderedDict()  # nonce -> (until, highest count)

    def challenge(self, nonce: str, now: int, *, stale: bool = False, algorithm: str | None = None) -> Challenge:
        """A challenge with a nonce that nobody can guess; the caller made it."""
        self._nonces[nonce] = (now + NONCE_LIVES_MS, 0)
        while len(self._nonces) > MOST_NONCES:
            self._nonces.popitem(last=False)
        return Challenge(
            realm=self.realm, nonce=nonce, algorithm=algorithm or self.algorithm, qop=("auth",), stale=stale
        )  # fmt: skip

    def judge(self, credentials: Credentials, secret: str | None, method: str, now: int, body: bytes = b"") -> Verdict:
        """Whether credentials hold. `secret` is H(A1) of their user, None for nobody: that takes as long, and fails."""
        known = self._nonces.get(credentials.nonce)
        if credentials.realm != self.realm or credentials.algorithm.upper() not in HASHES or credentials.qop != "auth":
            return Verdict.FOREIGN
        right = expected_response(credentials, secret or "nobody", method, body)
        if not hmac.compare_digest(right.encode(), credentials.response.encode()) or secret is None:
            return Verdict.WRONG
        if known is None or known[0] < now:
            return Verdict.STALE
        if (credentials.count or 0) <= known[1]:
            return Verdict.REPLAYED
        self._nonces[credentials.nonce] = (known[0], credentials.count or 0)
        return Verdict.GOOD

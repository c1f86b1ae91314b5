"""Voice that nobody on the way can hear: SRTP (RFC 3711) with keys told in SDP (SDES, RFC 4568).

Keys in SDP are as secret as the signalling that carries them: we offer them over TLS alone, and take them wherever they
come, since a call with its voice in cipher is no worse than one without.
"""

import base64
import binascii
import secrets

import msgspec
from pylibsrtp import Error, Policy, Session

from redstick.protocols.sdp.session import Media

SECURE_RTP = ("RTP/SAVP", "RTP/SAVPF")
MASTER_BYTES = 30  # a key of 16 and a salt of 14
SUITES = {
    "AES_CM_128_HMAC_SHA1_80": Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "AES_CM_128_HMAC_SHA1_32": Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
}


class Crypto(msgspec.Struct, frozen=True):
    """One line `a=crypto`: its tag, a suite, and the master key and salt of whoever wrote it."""

    tag: str
    suite: str
    master: bytes

    def __str__(self) -> str:
        """The value as it stands in SDP."""
        return f"{self.tag} {self.suite} inline:{base64.b64encode(self.master).decode()}"


def cryptos_of(media: Media) -> list[Crypto]:
    """The lines of a stream that we can use, in its order; others, and those with session parameters, are left out."""
    found = []
    for value in media.all("crypto"):
        tag, suite, key, *more = [*value.split(), "", "", ""][:4]
        method, _, inline = key.partition(":")
        try:
            master = base64.b64decode(inline.partition("|")[0], validate=True)
        except (binascii.Error, ValueError):
            continue
        plain = not any(more) and inline.count("|") < 2  # a lifetime may stand there; an MKI we do not send
        if tag.isdecimal() and suite in SUITES and method == "inline" and len(master) == MASTER_BYTES and plain:
            found.append(Crypto(tag, suite, master))
    return found


def fresh(tag: str, suite: str) -> Crypto:
    """A key of our own."""
    return Crypto(tag, suite, secrets.token_bytes(MASTER_BYTES))


def offers() -> list[Crypto]:
    """What we offer: every suite with a key of its own, the one with the longer tag first."""
    return [fresh(str(number), suite) for number, suite in enumerate(SUITES, start=1)]


class Shield:
    """The two ciphers of a stream: what we send is under our key, what comes is under theirs."""

    def __init__(self, ours: Crypto, theirs: Crypto) -> None:
        self.ours, self.theirs = ours, theirs
        self._out = Session(_policy(ours, Policy.SSRC_ANY_OUTBOUND))
        self._in = Session(_policy(theirs, Policy.SSRC_ANY_INBOUND))

    def sealed(self, packet: bytes) -> bytes:
        """A packet of RTP as it goes out."""
        return self._out.protect(packet)

    def opened(self, data: bytes) -> bytes | None:
        """The packet of RTP within; None for what is not under their key, was changed on the way, or came before."""
        try:
            return self._in.unprotect(data)
        except (Error, TypeError, ValueError):
            return None


def _policy(crypto: Crypto, kind: int) -> Policy:
    return Policy(key=crypto.master, ssrc_type=kind, srtp_profile=SUITES[crypto.suite])

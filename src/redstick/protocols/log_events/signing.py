"""Log events as JWS in the flattened JSON serialization (RFC 7515 section 7.2.2), signed with Ed448 or openly not.

A signature is checked against the certificate that comes with it, and that one against the chain up to an anchor that
the caller trusts. Certificates by reference are not fetched here: then nothing is known, and that is said.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from redstick.protocols.emergency_ids import is_domain_name
from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.json_tree import read_json

MOST_BYTES = 4 << 20
MOST_CERTIFICATES = 8
MEMBERS = {"protected", "payload", "signature"}


class Standing(StrEnum):
    """What is known of who said it."""

    SIGNED = "signed"  # by a certificate whose chain holds
    UNSIGNED = "unsigned"  # openly, with the algorithm `none` and an empty signature
    UNKNOWN = "unknown"  # by a certificate that must be fetched first


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """A log event as it came: its value (not yet checked), the header of its signature, and its standing."""

    event: Any
    header: dict[str, Any]
    standing: Standing
    signer: str = ""  # the subject of the certificate


def read_logged(data: bytes, anchors: Sequence[x509.Certificate] = (), now: int | None = None) -> Logged:
    """The log event that a JWS holds. Raises Malformed where its form, its signature or its chain do not hold.

    With `anchors` a chain must end in one of them; with `now` (ms) each certificate must be valid then.
    """
    value = read_json(data, MOST_BYTES)
    if not isinstance(value, dict) or set(value) != MEMBERS or not all(isinstance(one, str) for one in value.values()):
        raise Malformed(Fault("$", "the texts protected, payload and signature, and nothing else"))
    header = _object(_decoded(value["protected"], "$.protected"), "$.protected")
    event = _object(_decoded(value["payload"], "$.payload"), "$.payload")
    algorithm = header.get("alg")
    if algorithm == "none":
        if value["signature"]:
            raise Malformed(Fault("$.signature", "nothing, for the algorithm is none"))
        return Logged(event=event, header=header, standing=Standing.UNSIGNED)
    if algorithm != "EdDSA" or not value["signature"]:
        raise Malformed(Fault("$.protected.alg", "EdDSA with a signature, or none without"))
    if "x5u" in header and "x5c" not in header:
        _refuse_reference(header["x5u"])
        return Logged(event=event, header=header, standing=Standing.UNKNOWN)
    chain = _chain(header.get("x5c"))
    _refuse_signature(value, chain[0])
    _refuse_chain(chain, anchors, now)
    signer = chain[0].subject.rfc4514_string()
    return Logged(event=event, header=header, standing=Standing.SIGNED, signer=signer)


def _decoded(text: str, place: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(Fault(place, "base64url")) from error


def _object(data: bytes, place: str) -> dict[str, Any]:
    try:
        value = read_json(data, MOST_BYTES)
    except Malformed as malformed:
        raise Malformed(*(Fault(f"{place}: {one.place}", one.expected) for one in malformed.faults)) from malformed
    if not isinstance(value, dict):
        raise Malformed(Fault(place, "an object"))
    return value


def _refuse_reference(said: Any) -> None:
    parts = urlsplit(said) if isinstance(said, str) else None
    try:
        good = parts is not None and parts.scheme in {"http", "https"} and is_domain_name(parts.hostname or "")
    except ValueError:
        good = False
    if not good:
        raise Malformed(Fault("$.protected.x5u", "an address of a certificate, with a domain name"))


def _chain(said: Any) -> list[x509.Certificate]:
    place = "$.protected.x5c"
    if not isinstance(said, list) or not 0 < len(said) <= MOST_CERTIFICATES:
        raise Malformed(Fault(place, f"1 to {MOST_CERTIFICATES} certificates"))
    chain = []
    for number, text in enumerate(said):
        try:
            chain.append(x509.load_der_x509_certificate(base64.b64decode(text, validate=True)))
        except (binascii.Error, ValueError, TypeError) as error:
            raise Malformed(Fault(f"{place}[{number}]", "a certificate (DER, base64)")) from error
    return chain


def _refuse_signature(value: dict[str, str], certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    if not isinstance(key, Ed448PublicKey):
        raise Malformed(Fault("$.protected.x5c[0]", "a key on Curve448 (Ed448)"))
    try:  # over the texts as they came: a header that is encoded anew would be another one (RFC 7515 section 5.2)
        key.verify(_decoded(value["signature"], "$.signature"), f"{value['protected']}.{value['payload']}".encode())
    except InvalidSignature as error:
        raise Malformed(Fault("$.signature", "the signature of the certificate's key")) from error


def _refuse_chain(chain: list[x509.Certificate], anchors: Sequence[x509.Certificate], now: int | None) -> None:
    for number, (one, issuer) in enumerate(pairwise(chain)):
        if not _issued(one, issuer):
            raise Malformed(Fault(f"$.protected.x5c[{number}]", "a certificate that the next one issued"))
    last = chain[-1]
    if anchors and not any(last == anchor or _issued(last, anchor) for anchor in anchors):
        raise Malformed(Fault(f"$.protected.x5c[{len(chain) - 1}]", "a certificate of an authority that is trusted"))
    if now is not None:
        at = datetime.fromtimestamp(now / 1_000, tz=UTC)
        for number, one in enumerate(chain):
            if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
                raise Malformed(Fault(f"$.protected.x5c[{number}]", "a certificate that was valid at the time"))


def _issued(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def write_logged(
    event: dict[str, Any], key: Ed448PrivateKey | None = None, chain: Sequence[x509.Certificate] = ()
) -> bytes:
    """The JWS of a log event: signed where a key is given, with its certificates; openly unsigned otherwise."""
    header: dict[str, Any] = {"alg": "none" if key is None else "EdDSA"}
    if key is not None and chain:
        header["x5c"] = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in chain]
    protected, payload = _encoded(header), _encoded(event)
    signature = b"" if key is None else key.sign(f"{protected}.{payload}".encode())
    written = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    return json.dumps({"protected": protected, "payload": payload, "signature": written}).encode()


def _encoded(value: dict[str, Any]) -> str:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

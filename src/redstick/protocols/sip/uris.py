"""URIs of SIP: sip and sips taken apart, tel and urn understood, others kept whole (RFC 3261 section 19.1)."""

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import unquote

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip.grammar import Parameters

MOST_CHARACTERS = 8_192
SERVICE = "urn:service:"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*")
_USER = re.compile(r"(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/#]|%[0-9A-Fa-f]{2})+")
_PASSWORD = re.compile(r"(?:[A-Za-z0-9\-_.!~*'()&=+$,]|%[0-9A-Fa-f]{2})*")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9\-_.]*[A-Za-z0-9_.])?")
_PARAMETER = re.compile(r"(?:[A-Za-z0-9\-_.!~*'()\[\]/:&+$]|%[0-9A-Fa-f]{2})+")
_HEADERS = re.compile(r"(?:[A-Za-z0-9\-_.!~*'()\[\]/?:+$&=]|%[0-9A-Fa-f]{2})+")
_OPAQUE = re.compile(r"[^\s<>\"\x00-\x1f\x7f]+")
_TEL = re.compile(r"\+?[0-9A-Fa-f*#\-.()]+")
_SEPARATORS = re.compile(r"[\-.()]")


class Uri(msgspec.Struct, frozen=True, kw_only=True):
    """A URI as written. sip and sips fill user, host and the rest; every other scheme has `opaque` after its colon.

    Escapes stay as they are, so that what is written is what was read.
    """

    scheme: str
    user: str | None = None
    password: str | None = None
    host: str = ""
    port: int | None = None
    parameters: Parameters = ()
    headers: str = ""
    opaque: str = ""

    def __str__(self) -> str:
        """The URI as it stands on the wire."""
        if self.scheme.lower() not in {"sip", "sips"}:
            return f"{self.scheme}:{self.opaque}"
        who = "" if self.user is None else self.user + ("" if self.password is None else f":{self.password}") + "@"
        port = "" if self.port is None else f":{self.port}"
        rest = "".join(f";{name}" if value is None else f";{name}={value}" for name, value in self.parameters)
        return f"{self.scheme}:{who}{self.host}{port}{rest}" + (f"?{self.headers}" if self.headers else "")

    @property
    def is_sip(self) -> bool:
        """Whether the scheme is sip or sips."""
        return self.scheme.lower() in {"sip", "sips"}

    @property
    def service(self) -> str | None:
        """The service of `urn:service:…`, as `sos` or `sos.fire` or `test.sos`; None for another URI (RFC 5031)."""
        text = f"{self.scheme}:{self.opaque}".lower()
        return text.removeprefix(SERVICE) if text.startswith(SERVICE) else None

    @property
    def number(self) -> str | None:
        """The telephone number of a tel URI, or of a sip URI whose user is one; without visual separators."""
        said = self.opaque.partition(";")[0] if self.scheme.lower() == "tel" else unquote(self.user or "")
        said = said.partition(";")[0]
        return _SEPARATORS.sub("", said) if _TEL.fullmatch(said) else None


def read_uri(text: str, place: str = "URI") -> Uri:
    """The URI that a text is. Raises Malformed."""
    if len(text) > MOST_CHARACTERS:
        raise Malformed(Fault(place, f"at most {MOST_CHARACTERS} characters"))
    scheme, colon, rest = text.partition(":")
    if not colon or not _SCHEME.fullmatch(scheme) or not rest:
        raise Malformed(Fault(place, f"a URI with its scheme, not {text[:60]!r}"))
    if scheme.lower() in {"sip", "sips"}:
        return _read_sip(scheme, rest, place)
    if not _OPAQUE.fullmatch(rest):
        raise Malformed(Fault(place, "no space, control sign, quote or angle bracket"))
    if scheme.lower() == "tel" and not _TEL.fullmatch(rest.partition(";")[0]):
        raise Malformed(Fault(place, "a telephone number"))
    return Uri(scheme=scheme, opaque=rest)


def _read_sip(scheme: str, rest: str, place: str) -> Uri:
    who, at, where = rest.rpartition("@")
    user, colon, password = who.partition(":")
    if at and not _USER.fullmatch(user):
        raise Malformed(Fault(f"{place} (user)", "unreserved signs or escapes"))
    if not _PASSWORD.fullmatch(password):
        raise Malformed(Fault(f"{place} (password)", "unreserved signs or escapes"))
    where, question, headers = where.partition("?")
    if question and not _HEADERS.fullmatch(headers):
        raise Malformed(Fault(f"{place} (headers)", "unreserved signs or escapes"))
    hostport, *parts = where.split(";")
    host, port = read_host(hostport, place)
    return Uri(
        scheme=scheme,
        user=user if at else None,
        password=password if colon else None,
        host=host,
        port=port,
        parameters=tuple(_read_parameter(part, place) for part in parts),
        headers=headers,
    )


def _read_parameter(part: str, place: str) -> tuple[str, str | None]:
    name, equals, value = part.partition("=")
    if not _PARAMETER.fullmatch(name) or (equals and not _PARAMETER.fullmatch(value)):
        raise Malformed(Fault(f"{place} (parameters)", f"a name, perhaps with a value, not {part[:40]!r}"))
    return name, value if equals else None


def read_host(text: str, place: str) -> tuple[str, int | None]:
    """Host and port of `host[:port]`; an IPv6 address keeps its brackets. Raises Malformed."""
    host, colon, port = text, "", ""
    if text.startswith("["):
        inner, bracket, after = text[1:].partition("]")
        if not bracket or not _is_ipv6(inner) or (after and not after.startswith(":")):
            raise Malformed(Fault(f"{place} (host)", "an IPv6 address in brackets"))
        host, colon, port = f"[{inner}]", after[:1], after[1:]
    else:
        host, colon, port = (piece.strip() for piece in text.partition(":"))
        if not _HOST.fullmatch(host):
            raise Malformed(Fault(f"{place} (host)", f"a host name or an address, not {text[:60]!r}"))
    if not colon:
        return host, None
    if not re.fullmatch(r"[0-9]{1,5}", port.strip()) or int(port) > 65_535:
        raise Malformed(Fault(f"{place} (port)", "a port up to 65535"))
    return host, int(port)


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True

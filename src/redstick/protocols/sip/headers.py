"""The headers of SIP that mean something to us, as values (RFC 3261 section 20). Each reader raises Malformed."""

import re
from collections.abc import Iterator

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip import grammar
from redstick.protocols.sip.grammar import Parameters, split_outside
from redstick.protocols.sip.messages import Message
from redstick.protocols.sip.uris import Uri, read_host, read_uri

MAGIC = "z9hG4bK"
MOST_CSEQ = 2**31 - 1
MOST_SECONDS = 2**32 - 1
MOST_VALUES = 200
_VIA = re.compile(r"([A-Za-z]+)\s*/\s*([0-9.]+)\s*/\s*([A-Za-z0-9\-.!%*_+`'~]+)\s+(.*)", re.DOTALL)
_DISPLAY = re.compile(r"[^\"<>\x00-\x1f]*")


class Via(msgspec.Struct, frozen=True):
    """One hop of a request; the topmost is whom a response goes to."""

    transport: str
    host: str
    port: int | None = None
    parameters: Parameters = ()

    def __str__(self) -> str:
        """The value as it stands on the wire."""
        port = "" if self.port is None else f":{self.port}"
        return f"SIP/2.0/{self.transport} {self.host}{port}{grammar.write_parameters(self.parameters)}"

    @property
    def branch(self) -> str | None:
        """The branch, None when there is none that tells transactions apart (RFC 4475 section 3.2.1)."""
        said = grammar.parameter(self.parameters, "branch")
        return said if said and said.startswith(MAGIC) and len(said) > len(MAGIC) else None


class Address(msgspec.Struct, frozen=True):
    """A display name, a URI, and parameters: To, From, Contact, Route and their like."""

    uri: Uri
    display: str = ""
    parameters: Parameters = ()

    def __str__(self) -> str:
        """The value as it stands on the wire."""
        display = f"{grammar.quoted(self.display)} " if self.display else ""
        return f"{display}<{self.uri}>{grammar.write_parameters(self.parameters)}"

    @property
    def tag(self) -> str | None:
        """The tag, None when there is none."""
        return grammar.parameter(self.parameters, "tag")


class CSeq(msgspec.Struct, frozen=True):
    """The number of a request within its call, and its method."""

    number: int
    method: str

    def __str__(self) -> str:
        """The value as it stands on the wire."""
        return f"{self.number} {self.method}"


class Kind(msgspec.Struct, frozen=True):
    """A media type, in lower case, with its parameters."""

    name: str
    parameters: Parameters = ()

    def __str__(self) -> str:
        """The value as it stands on the wire."""
        return self.name + grammar.write_parameters(self.parameters)


def values(message: Message, name: str) -> list[str]:
    """Every value under a name, those that share a line taken apart. Raises Malformed beyond the limit."""
    found = [part for line in message.all(name) for part in split_outside(line, ",") if part]
    if len(found) > MOST_VALUES:
        raise Malformed(Fault(name, f"at most {MOST_VALUES} values"))
    return found


def read_via(text: str) -> Via:
    """One value of Via."""
    matched = _VIA.fullmatch(text)
    if not matched or matched[1].upper() != "SIP" or matched[2] != "2.0":
        raise Malformed(Fault("Via", f"SIP/2.0/transport and who sent it, not {text[:60]!r}"))
    sent_by, semicolon, rest = matched[4].partition(";")
    host, port = read_host(sent_by.strip(), "Via")
    return Via(matched[3].upper(), host, port, grammar.read_parameters(semicolon + rest, "Via"))


def vias(message: Message) -> list[Via]:
    """Every Via, topmost first."""
    return [read_via(value) for value in values(message, "Via")]


def top_via(message: Message) -> Via:
    """The topmost Via alone."""
    for value in split_outside(message.first("Via") or "", ","):
        if value:
            return read_via(value)
    raise Malformed(Fault("Via", "one Via at least"))


def read_address(text: str, place: str) -> Address:
    """One address, with or without angle brackets. A display name that should be quoted is taken as if it were."""
    text = text.strip()
    rest, display = text, ""
    if text.startswith('"'):
        end = _end_of_quoted(text)
        if end == 0:
            raise Malformed(Fault(f"{place} (display name)", "a closing quote"))
        display, rest = grammar.unquoted(text[:end]), text[end:].lstrip()
    before, bracket, after = rest.partition("<")
    if not bracket:
        if display:
            raise Malformed(Fault(place, "a URI in angle brackets behind the display name"))
        uri, semicolon, parameters = text.partition(";")
        if "?" in uri:  # section 20.10: else it is not known whose headers they are
            raise Malformed(Fault(place, "angle brackets around a URI that has a question mark"))
        return Address(read_uri(uri.strip(), place), "", grammar.read_parameters(semicolon + parameters, place))
    if not _DISPLAY.fullmatch(before) or (display and before.strip()):
        raise Malformed(Fault(f"{place} (display name)", "words or a quoted text"))
    uri, bracket, parameters = after.partition(">")
    if not bracket:
        raise Malformed(Fault(place, "a closing angle bracket"))
    return Address(
        read_uri(uri.strip(), place), display or before.strip(), grammar.read_parameters(parameters.strip(), place)
    )  # fmt: skip


def _end_of_quoted(text: str) -> int:
    matched = re.match(r'"(?:[^"\\]|\\.)*"', text, re.DOTALL)
    return matched.end() if matched else 0


def address(message: Message, name: str) -> Address | None:
    """The address under a name that stands once, None when it is absent."""
    text = message.first(name)
    return None if text is None else read_address(text, name)


def addresses(message: Message, name: str) -> list[Address]:
    """Every address under a name that may stand many times."""
    return [read_address(value, name) for value in values(message, name)]


def cseq(message: Message) -> CSeq:
    """The CSeq."""
    number, _, method = (message.first("CSeq") or "").strip().partition(" ")
    if not grammar.TOKEN.fullmatch(method.strip()):
        raise Malformed(Fault("CSeq", "a number and a method"))
    return CSeq(grammar.whole_number(number, "CSeq", MOST_CSEQ), method.strip())


def read_kind(text: str, place: str = "Content-Type") -> Kind:
    """A media type."""
    name, semicolon, rest = text.partition(";")
    major, slash, minor = (part.strip() for part in name.partition("/"))
    if not slash or not grammar.TOKEN.fullmatch(major) or not grammar.TOKEN.fullmatch(minor):
        raise Malformed(Fault(place, f"a media type, not {text[:60]!r}"))
    return Kind(f"{major}/{minor}".lower(), grammar.read_parameters(semicolon + rest, place))


def kind(message: Message) -> Kind | None:
    """What the body is, None when nothing says it."""
    text = message.first("Content-Type")
    return None if text is None else read_kind(text)


def number(message: Message, name: str, most: int = MOST_SECONDS) -> int | None:
    """A header that holds a number, None when it is absent; words in brackets behind it are left out."""
    text = message.first(name)
    if text is None:
        return None
    return grammar.whole_number(text.partition(";")[0].partition("(")[0].strip(), name, most)


def options(message: Message, name: str) -> list[str]:
    """Option tags or methods: the tokens of a list, as written."""
    return list(_tokens(values(message, name), name))


def _tokens(parts: list[str], name: str) -> Iterator[str]:
    for part in parts:
        if not grammar.TOKEN.fullmatch(part):
            raise Malformed(Fault(name, f"tokens, not {part[:40]!r}"))
        yield part

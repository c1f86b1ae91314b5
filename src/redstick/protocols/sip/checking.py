"""Whether a request may be served, as an endpoint decides it before anything else (RFC 3261 section 8.2).

Broken syntax is 400, an unknown version 505, and so on; the order is the RFC's. Where RFC 4475 leaves a choice we take
what keeps a call alive, and refuse where a guess could be a wrong one.
"""

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.grammar import whole_number
from redstick.protocols.sip.messages import Request, Response
from redstick.protocols.sip.reading import declared_length
from redstick.protocols.sip.uris import read_uri

ONCE = ("From", "To", "Call-ID", "CSeq", "Content-Type")  # a second Max-Forwards harms no endpoint
SDP = "application/sdp"


class Refusal(msgspec.Struct, frozen=True):
    """A request is answered with `code`; `headers` go along. `fault` is what we found, for the log."""

    code: int
    reason: str
    fault: Fault
    headers: tuple[tuple[str, str], ...] = ()


class Abilities(msgspec.Struct, frozen=True, kw_only=True):
    """What an endpoint takes: methods, option tags, kinds of bodies, and schemes of the Request-URI."""

    methods: tuple[str, ...] = (
        "INVITE",
        "ACK",
        "CANCEL",
        "BYE",
        "OPTIONS",
        "UPDATE",
        "REFER",
        "NOTIFY",
        "MESSAGE",
        "INFO",
    )
    extensions: tuple[str, ...] = ("replaces",)
    kinds: tuple[str, ...] = (SDP, "multipart/mixed")
    schemes: tuple[str, ...] = ("sip", "sips", "tel", "urn")


def refusal(request: Request, abilities: Abilities) -> Refusal | None:
    """Why a request is not served, None when it is."""
    if request.version != "SIP/2.0":
        return Refusal(505, "Version Not Supported", Fault("start line", "SIP/2.0"))
    try:
        _refuse_broken(request)
    except Malformed as malformed:
        return Refusal(400, f"Bad {malformed.faults[0].place.partition(' ')[0]}", malformed.faults[0])
    if request.method not in abilities.methods:
        known = (*Abilities().methods, "REGISTER", "SUBSCRIBE", "PUBLISH", "PRACK")
        allow = (("Allow", ", ".join(abilities.methods)),)
        if request.method in known:
            return Refusal(405, "Method Not Allowed", Fault("method", "one that we serve"), allow)
        return Refusal(501, "Not Implemented", Fault("method", "one that we know"), allow)
    return _refuse_foreign(request, abilities)


def _refuse_broken(request: Request) -> None:
    """Everything that an endpoint must be able to read in any request (section 8.1.1)."""
    for name in ONCE:
        if len(request.all(name)) > 1:
            raise Malformed(Fault(name, "one value"))
    if not headers.vias(request):
        raise Malformed(Fault("Via", "one Via at least"))
    for name in ("From", "To"):
        if headers.address(request, name) is None:
            raise Malformed(Fault(name, "an address; it is mandatory"))
    if not (request.first("Call-ID") or ""):
        raise Malformed(Fault("Call-ID", "a value; it is mandatory"))
    if headers.cseq(request).method != request.method:
        raise Malformed(Fault("CSeq", f"the method of the request, {request.method}"))
    headers.number(request, "Max-Forwards", 255)  # absent in RFC 2543, which is still spoken (RFC 4475 section 3.4.1)
    _refuse_length(request)
    if request.first("Contact") != "*":
        headers.addresses(request, "Contact")
    for name in ("Route", "Record-Route"):
        headers.addresses(request, name)
    headers.kind(request)
    _refuse_request_uri(request)
    if request.method == "REGISTER" and not headers.read_address(request.first("To") or "", "To").uri.is_sip:
        raise Malformed(Fault("To", "a sip or sips URI of whoever registers"))  # section 10.3, RFC 4475 section 3.3.4


def _refuse_length(request: Request) -> None:
    said = request.all("Content-Length")
    for text in said:
        whole_number(text, "Content-Length", 2**31)
    if len(set(said)) > 1:
        raise Malformed(Fault("Content-Length", "one length, not several"))
    if said and (declared_length(request.headers) or 0) > len(request.body):
        raise Malformed(Fault("Content-Length", f"no more than the {len(request.body)} bytes that came"))


def _refuse_request_uri(request: Request) -> None:
    uri = read_uri(request.uri, "Request-URI")
    if uri.headers:
        raise Malformed(Fault("Request-URI", "no headers within it"))  # section 19.1.1
    if any(sign.isspace() for sign in request.uri):
        raise Malformed(Fault("Request-URI", "no space within it"))


def _refuse_foreign(request: Request, abilities: Abilities) -> Refusal | None:
    """What is well formed but not for us: scheme, extensions, kind of body, kind of answer."""
    scheme = request.uri.partition(":")[0].lower()
    if scheme not in abilities.schemes:
        return Refusal(416, "Unsupported URI Scheme", Fault("Request-URI", f"one of {', '.join(abilities.schemes)}"))
    if request.method in {"ACK", "CANCEL"}:
        return None
    missing = [tag for tag in headers.options(request, "Require") if tag not in abilities.extensions]
    if missing:
        told = (("Unsupported", ", ".join(missing)),)
        return Refusal(420, "Bad Extension", Fault("Require", "extensions that we know"), told)
    kind = headers.kind(request)
    accept = (("Accept", ", ".join(abilities.kinds)),)
    if request.method in {"INVITE", "UPDATE"}:
        if kind is not None and request.body and kind.name not in abilities.kinds and not _may_be_ignored(request):
            return Refusal(415, "Unsupported Media Type", Fault("Content-Type", "a body that we read"), accept)
        said = request.first("Accept")
        if said is not None and not _accepts_sdp(said):
            return Refusal(406, "Not Acceptable", Fault("Accept", SDP), accept)
    return None


def _may_be_ignored(request: Request) -> bool:
    return "handling=optional" in (request.first("Content-Disposition") or "").replace(" ", "").lower()


def _accepts_sdp(text: str) -> bool:
    wanted = {SDP, "application/*", "*/*", "multipart/mixed"}
    return any(part.partition(";")[0].strip().lower() in wanted for part in text.split(","))


def discarded(response: Response) -> Fault | None:
    """Why a response must not be used, None when it may. There is nobody to tell: it is dropped (section 18.1.2)."""
    try:
        hops = headers.vias(response)
        headers.cseq(response)
        for name in ("From", "To"):
            if headers.address(response, name) is None:
                return Fault(name, "an address; it is mandatory")
    except Malformed as malformed:
        return malformed.faults[0]
    if len(hops) != 1:
        return Fault("Via", "one hop: a user agent puts one on each request and gets that one back")
    if not response.first("Call-ID"):
        return Fault("Call-ID", "a value; it is mandatory")
    if (declared_length(response.headers) or 0) > len(response.body):
        return Fault("Content-Length", f"no more than the {len(response.body)} bytes that came")
    return None

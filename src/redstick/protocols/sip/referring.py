"""Transfers: Refer-To (RFC 3515), Replaces (RFC 3891), and the sipfrag that tells how a transfer goes."""

import re
from urllib.parse import quote, unquote

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.grammar import parameter, read_parameters
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.uris import Uri

SIPFRAG = "message/sipfrag;version=2.0"
_STATUS = re.compile(rb"\s*SIP/2\.0 ([1-6][0-9]{2})([^\r\n]*)")


class Replaces(msgspec.Struct, frozen=True):
    """The dialog that a new INVITE takes the place of, named as its receiver sees it."""

    call_id: str
    to_tag: str
    from_tag: str
    early_only: bool = False

    def __str__(self) -> str:
        """The value as it stands on the wire."""
        flag = ";early-only" if self.early_only else ""
        return f"{self.call_id};to-tag={self.to_tag};from-tag={self.from_tag}{flag}"


class ReferTo(msgspec.Struct, frozen=True):
    """Whom to call, by which method, and whose place to take there."""

    uri: Uri
    method: str = "INVITE"
    replaces: Replaces | None = None

    def __str__(self) -> str:
        """The value as it stands on the wire."""
        if self.replaces is None:
            return f"<{self.uri}>"
        headers = f"Replaces={quote(str(self.replaces), safe='')}"
        return f"<{msgspec.structs.replace(self.uri, headers=headers)}>"


def read_replaces(text: str) -> Replaces:
    """The value of Replaces. Raises Malformed."""
    call_id, semicolon, rest = text.partition(";")
    found = read_parameters(semicolon + rest, "Replaces")
    to_tag, from_tag = parameter(found, "to-tag"), parameter(found, "from-tag")
    if not call_id.strip() or not to_tag or not from_tag:
        raise Malformed(Fault("Replaces", "a Call-ID with to-tag and from-tag"))
    return Replaces(call_id.strip(), to_tag, from_tag, parameter(found, "early-only") is not None)


def replaces_of(request: Request) -> Replaces | None:
    """What an INVITE replaces, None when nothing. Raises Malformed; two of them are one too many (section 3)."""
    said = request.all("Replaces")
    if len(said) > 1:
        raise Malformed(Fault("Replaces", "one value"))
    return read_replaces(said[0]) if said else None


def refer_to_of(request: Request) -> ReferTo:
    """The target of a REFER: exactly one (RFC 3515 section 2.4.1). Raises Malformed."""
    said = request.all("Refer-To")
    if len(said) != 1:
        raise Malformed(Fault("Refer-To", "one value"))
    uri = headers.read_address(said[0], "Refer-To").uri
    method = parameter(uri.parameters, "method") or "INVITE"
    replaces = None
    for pair in uri.headers.split("&") if uri.headers else ():
        name, _, value = pair.partition("=")
        if unquote(name).lower() == "replaces":
            replaces = read_replaces(unquote(value))
    bare = msgspec.structs.replace(
        uri, headers="", parameters=tuple(pair for pair in uri.parameters if pair[0].lower() != "method")
    )  # fmt: skip
    return ReferTo(bare, method.upper(), replaces)


def read_sipfrag(body: bytes) -> tuple[int, str]:
    """Code and reason of a NOTIFY's sipfrag. Raises Malformed."""
    found = _STATUS.match(body)
    if not found:
        raise Malformed(Fault("body", "a status line (message/sipfrag)"))
    return int(found[1]), found[2].decode(errors="replace").strip()


def write_sipfrag(code: int, reason: str) -> bytes:
    """The body of a NOTIFY that tells how a transfer goes."""
    return f"SIP/2.0 {code} {reason}\r\n".encode()

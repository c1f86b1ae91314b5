"""Names that NG9-1-1 gives: calls and incidents as URNs (NENA-STA-010 section 2.1.6), elements as domain names."""

import re

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.grammar import parameter, split_outside
from redstick.protocols.sip.messages import Message

KINDS = ("callid", "incidentid", "logid")
_URN = re.compile(r"urn:emergency:uid:(callid|incidentid|logid):([A-Za-z0-9]{10,36}):([^:\s<>;]+)", re.IGNORECASE)
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?")
PURPOSES = {"callid": ("emergency-callid", "callid", "nena-callid", "nena-call-id"),
            "incidentid": ("emergency-incidentid", "incidentid", "nena-incidentid", "nena-incident-id")}  # fmt: skip


class EmergencyId(msgspec.Struct, frozen=True):
    """One identifier: its kind, the string that is unique, and who gave it."""

    kind: str
    unique: str
    domain: str

    def __str__(self) -> str:
        """The URN."""
        return f"urn:emergency:uid:{self.kind}:{self.unique}:{self.domain}"


def is_domain_name(text: str) -> bool:
    """Whether a text is a fully qualified domain name: two labels at least, none empty, no dot at the end."""
    labels = text.split(".")
    return len(text) <= 253 and len(labels) >= 2 and all(_LABEL.fullmatch(label) for label in labels)


def read_emergency_id(text: str, place: str = "id", kind: str = "") -> EmergencyId:
    """The identifier that a URN is, of one kind if it is asked for. Raises Malformed.

    10 to 32 characters are unique (STA-010.3); log ids in use have up to 36, which we read.
    """
    matched = _URN.fullmatch(text)
    if not matched or (kind and matched[1].lower() != kind):
        raise Malformed(Fault(place, f"urn:emergency:uid:{kind or 'callid'}:(10 to 32 letters or digits):(domain)"))
    if matched[1].lower() != "logid" and len(matched[2]) > 32:
        raise Malformed(Fault(place, f"at most 32 letters or digits, not {len(matched[2])}"))
    if not is_domain_name(matched[3]):
        raise Malformed(Fault(place, "a domain name behind the last colon"))
    return EmergencyId(matched[1].lower(), matched[2], matched[3])


class Named(msgspec.Struct, frozen=True):
    """The identifiers of a message; None where it has none. What could not be read is kept as it came."""

    call: EmergencyId | None = None
    incident: EmergencyId | None = None
    unread: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def emergency_ids_of(message: Message) -> Named:
    """The identifiers in Call-Info, by purpose or by what the URN says. Never raises: no call is lost by it.

    Purposes are told apart without regard to case, in the long form and in those that are met in the field.
    """
    found: dict[str, EmergencyId] = {}
    unread: list[str] = []
    faults: list[Fault] = []
    for text in (part for line in message.all("Call-Info") for part in split_outside(line, ",") if part):
        uri = text.partition("<")[2].partition(">")[0] if "<" in text else text.partition(";")[0]
        kind = _kind(text, uri.strip())
        if not kind:
            continue
        try:
            one = read_emergency_id(uri.strip(), "Call-Info", kind)
        except Malformed as malformed:
            unread.append(text)
            faults.extend(malformed.faults)
            continue
        found.setdefault(kind, one)
    return Named(found.get("callid"), found.get("incidentid"), tuple(unread), tuple(faults))


def _kind(text: str, uri: str) -> str:
    for kind in PURPOSES:
        if uri.lower().startswith(f"urn:emergency:uid:{kind}:"):
            return kind
    try:
        purpose = parameter(headers.read_address(text, "Call-Info").parameters, "purpose") or ""
    except Malformed:
        return ""
    return next((kind for kind, purposes in PURPOSES.items() if purpose.lower() in purposes), "")


def call_info_of(one: EmergencyId) -> tuple[str, str]:
    """The Call-Info header that carries an identifier, in the long form."""
    purpose = "emergency-CallId" if one.kind == "callid" else "emergency-IncidentId"
    return ("Call-Info", f"<{one}>;purpose={purpose}")

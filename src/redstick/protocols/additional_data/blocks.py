"""Blocks of additional data (RFC 7852): who provides the call, what service and device it is, whose it is, remarks.

Call-Info names them by purpose; a block by value is read, one by reference is told, for somebody else to fetch. What
cannot be read is kept as it came, with what is wrong: it never costs the call.
"""

from xml.etree.ElementTree import Element

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.sip import headers
from redstick.protocols.sip.bodies import Parts
from redstick.protocols.sip.grammar import parameter, split_outside
from redstick.protocols.sip.messages import Message
from redstick.protocols.xml_tree import read_xml

PURPOSE = "emergencycalldata."
SPACE = "urn:ietf:params:xml:ns:EmergencyCallData:"
VCARD = "urn:ietf:params:xml:ns:vcard-4.0"
KINDS = ("ProviderInfo", "ServiceInfo", "DeviceInfo", "SubscriberInfo", "Comment")
OTHER_KINDS = ("Control", "VEDS", "eCall.MSD", "cap")  # named, and left to whoever reads them
MOST_BYTES, MOST_BLOCKS, MOST_TEXT = 256 << 10, 32, 2_000


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A person or a firm, from a vCard (RFC 6351): what a call taker would ask for."""

    name: str = ""
    numbers: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One block. `values` are its plain elements in order (`ServiceType`, `DeviceMfgr`, …); contacts stand apart."""

    kind: str
    values: tuple[tuple[str, str], ...] = ()
    contacts: tuple[Contact, ...] = ()

    def get(self, name: str) -> str:
        """The first value of a name, empty when there is none."""
        return next((value for known, value in self.values if known == name), "")


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What a call brought, or where it is: `raw` and `block` of a value; neither for a reference."""

    kind: str
    uri: str
    raw: bytes = b""
    block: Block | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def by_reference(self) -> bool:
        """Whether it is to be fetched from `uri`."""
        return not self.uri.lower().startswith("cid:")


def read_block(data: bytes) -> Block:
    """The block that `data` holds. Raises Malformed."""
    root = read_xml(data, MOST_BYTES)
    space, _, name = root.tag.removeprefix("{").rpartition("}")
    kind = name.removeprefix("EmergencyCallData.")
    if kind not in KINDS or space != f"{SPACE}{kind}":
        raise Malformed(Fault("/", f"EmergencyCallData with one of {', '.join(KINDS)}, in its namespace"))
    values: list[tuple[str, str]] = [(known, text) for known, text in root.attrib.items() if not known.startswith("{")]
    contacts: list[Contact] = []
    for child in root:
        cards = [one for one in child.iter() if one.tag == f"{{{VCARD}}}vcard"]
        contacts += [_contact(card) for card in cards]
        text = " ".join((child.text or "").split())
        if len(text) > MOST_TEXT:
            raise Malformed(Fault(f"/{name}/{child.tag.rpartition('}')[2]}", f"at most {MOST_TEXT} characters"))
        if text and not len(child):
            values.append((child.tag.rpartition("}")[2], text))
    if not values and not contacts:
        raise Malformed(Fault(f"/{name}", "one value at least"))
    return Block(kind=kind, values=tuple(values), contacts=tuple(contacts))


def _contact(card: Element) -> Contact:
    address = ("street", "locality", "region", "code", "country")
    parts = ([_text(one, name) for name in address] for one in card.findall(_v("adr")))
    return Contact(
        name=next((_text(one, "text") for one in card.findall(_v("fn"))), ""),
        numbers=tuple(_text(one, "uri") or _text(one, "text") for one in card.findall(_v("tel"))),
        mails=tuple(_text(one, "text") for one in card.findall(_v("email"))),
        addresses=tuple(", ".join(filter(None, one)) for one in parts),
        languages=tuple(_text(one, "language-tag") for one in card.findall(_v("lang"))),
    )


def _text(element: Element, name: str) -> str:
    return " ".join((element.findtext(_v(name)) or "").split())


def _v(name: str) -> str:
    return f"{{{VCARD}}}{name}"


def additional_data_of(message: Message, parts: Parts) -> tuple[Brought, ...]:
    """Everything that Call-Info names as additional data, in order. Never raises."""
    found: list[Brought] = []
    for text in (part for line in message.all("Call-Info") for part in split_outside(line, ",") if part):
        try:
            one = headers.read_address(text, "Call-Info")
        except Malformed:
            continue  # other values are others' to read
        purpose = (parameter(one.parameters, "purpose") or "").lower()
        if purpose.startswith(PURPOSE) and len(found) < MOST_BLOCKS:
            found.append(_brought(_kind(purpose.removeprefix(PURPOSE)), str(one.uri), parts))
    return tuple(found)


def _kind(said: str) -> str:
    return next((kind for kind in (*KINDS, *OTHER_KINDS) if kind.lower() == said), said)


def _brought(kind: str, uri: str, parts: Parts) -> Brought:
    if not uri.lower().startswith("cid:"):
        return Brought(kind=kind, uri=uri)
    part = parts.by_id(uri)
    if part is None:
        return Brought(kind=kind, uri=uri, faults=(Fault("Call-Info", f"a part with the Content-ID {uri[4:60]}"),))
    if kind not in KINDS:
        return Brought(kind=kind, uri=uri, raw=part.body)
    try:
        block = read_block(part.body.strip())
    except Malformed as malformed:
        return Brought(kind=kind, uri=uri, raw=part.body, faults=malformed.faults)
    return Brought(kind=kind, uri=uri, raw=part.body, block=block)

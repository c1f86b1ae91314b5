"""How SIP hands a location over (RFC 6442): the Geolocation header, by value through `cid:` and by reference.

Never raises: a location that cannot be read costs that location, never the call.
"""

from enum import StrEnum

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.geopriv.presence import MEDIA_TYPE, Presence, read_presence
from redstick.protocols.sip import headers
from redstick.protocols.sip.bodies import Part, Parts
from redstick.protocols.sip.grammar import split_outside
from redstick.protocols.sip.messages import Message

MOST_VALUES = 20


class Way(StrEnum):
    """How a location comes: in this very message, from a server by HELD or HTTP, or by subscribing to presence."""

    VALUE = "value"
    HELD = "held"
    PRESENCE = "presence"
    UNKNOWN = "unknown"


class Conveyed(msgspec.Struct, frozen=True, kw_only=True):
    """One location of a message. `raw` are the bytes of a value, `presence` their reading, if there is one."""

    uri: str
    way: Way
    raw: bytes = b""
    presence: Presence | None = None
    faults: tuple[Fault, ...] = ()


class Geolocation(msgspec.Struct, frozen=True, kw_only=True):
    """All that a message says about where somebody is. `routing`: whether to route by it, None where unsaid."""

    locations: tuple[Conveyed, ...] = ()
    routing: bool | None = None
    faults: tuple[Fault, ...] = ()


def geolocation_of(message: Message, parts: Parts) -> Geolocation:
    """The locations that the Geolocation headers name, in order, then those that came without being named."""
    found: list[Conveyed] = []
    faults: list[Fault] = []
    for text in (part for line in message.all("Geolocation") for part in split_outside(line, ",") if part):
        if len(found) >= MOST_VALUES:
            faults.append(Fault("Geolocation", f"at most {MOST_VALUES} values"))
            break
        try:
            uri = str(headers.read_address(text, "Geolocation").uri)
        except Malformed as malformed:
            faults.extend(malformed.faults)
            continue
        found.append(_conveyed(uri, parts))
    named = {one.raw for one in found if one.way is Way.VALUE}
    loose = [part for part in parts.of(MEDIA_TYPE) if part.body not in named]
    found += [_by_value(f"cid:{part.id}" if part.id else "", part) for part in loose[:MOST_VALUES]]
    said = (message.first("Geolocation-Routing") or "").strip().lower()
    routing = {"yes": True, "no": False}.get(said)
    if said and routing is None:
        faults.append(Fault("Geolocation-Routing", "yes or no"))
    return Geolocation(locations=tuple(found), routing=routing, faults=tuple(faults))


def _conveyed(uri: str, parts: Parts) -> Conveyed:
    scheme = uri.partition(":")[0].lower()
    if scheme == "cid":
        part = parts.by_id(uri)
        if part is None:
            return Conveyed(
                uri=uri, way=Way.VALUE, faults=(Fault("Geolocation", f"a part with the Content-ID {uri[4:60]}"),)
            )
        return _by_value(uri, part)
    if scheme in {"http", "https", "held", "helds"}:
        return Conveyed(uri=uri, way=Way.HELD)
    if scheme in {"sip", "sips", "pres"}:
        return Conveyed(uri=uri, way=Way.PRESENCE)
    return Conveyed(uri=uri, way=Way.UNKNOWN, faults=(Fault("Geolocation", "cid, https, sip, sips or pres"),))


def _by_value(uri: str, part: Part) -> Conveyed:
    try:
        presence = read_presence(part.body)
    except Malformed as malformed:
        return Conveyed(uri=uri, way=Way.VALUE, raw=part.body, faults=malformed.faults)
    return Conveyed(uri=uri, way=Way.VALUE, raw=part.body, presence=presence, faults=presence.faults)

"""An INVITE as comms takes it: on which line, who calls, with which ids, from where. Never raises.

What cannot be read costs itself and a flag, never the call.
"""

from contextlib import suppress

import msgspec

from redstick.protocols.emergency_ids import emergency_ids_of
from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.geopriv.civic import Civic
from redstick.protocols.geopriv.conveyance import Conveyed, Geolocation, Way, geolocation_of
from redstick.protocols.geopriv.presence import Location, Presence
from redstick.protocols.geopriv.shapes import Point, around
from redstick.protocols.sdp.languages import languages_of
from redstick.protocols.sdp.session import read_sdp
from redstick.protocols.sip import headers
from redstick.protocols.sip.bodies import Parts, parts_of
from redstick.protocols.sip.messages import Request
from redstick.protocols.sip.uris import Uri, read_uri
from redstick.published.comms import Arrival, Fix, LineKind

EMERGENCY_USERS = frozenset({"911", "112", "9911", "sos"})  # 9911: whoever is used to dial 9 first
MOST_TEXT, MOST_FIXES, MOST_FLAGS = 200, 16, 16
ANONYMOUS = "anonymous"
_STREET = ("HNP", "HNO", "HNS", "PRM", "PRD", "STP", "RD", "STS", "POD", "POM")
_WITHIN = (("BLD", ""), ("FLR", "floor "), ("UNIT", "unit "), ("ROOM", "room "), ("LOC", ""))


def arrival_of(request: Request, data: bytes, source: str, transport: str) -> Arrival:
    """What an INVITE says; `data` are its bytes as they came."""
    parts = parts_of(request)
    named, located = emergency_ids_of(request), geolocation_of(request, parts)
    number, name = caller_of(request)
    claimed, _ = caller_of(request, ("From",))
    return Arrival(
        line=line_of(request.uri),
        target=request.uri[:MOST_TEXT],
        number=number,
        name=name,
        call_urn=str(named.call or ""),
        incident_urn=str(named.incident or ""),
        fixes=fixes_of(located),
        claimed=None if claimed == number else claimed,
        flags=_flags(parts, located, [*named.faults, *request.faults]),
        source=source,
        transport=transport,
        dialog=(request.first("Call-ID") or "")[:MOST_TEXT],
        message=data.decode("latin-1"),
        languages=_languages(parts),
    )


def _languages(parts: Parts) -> tuple[str, ...]:
    """In which languages the caller can be served; none where nothing is said, or the description cannot be read."""
    for part in parts.of("application/sdp"):
        with suppress(Malformed):  # whoever answers the call refuses it with its reason
            return languages_of(read_sdp(part.body))
    return ()


def line_of(target: str) -> LineKind:
    """On which line a call to `target` comes: by service (RFC 5031), else by the digits that were dialled."""
    try:
        uri = read_uri(target)
    except Malformed:
        return LineKind.ADMIN
    service = uri.service or ""
    if service == "test.sos" or service.startswith("test.sos."):
        return LineKind.TEST
    dialled = (uri.number or uri.user or "").lower()
    if service == "sos" or service.startswith("sos.") or dialled in EMERGENCY_USERS:
        return LineKind.EMERGENCY
    return LineKind.ADMIN


def caller_of(request: Request, where: tuple[str, ...] = ("P-Asserted-Identity", "From")) -> tuple[str, str]:
    """Number and name: of whom the network asserts, else of whom the caller says to be; "" where withheld."""
    for header in where:
        try:
            found = headers.addresses(request, header)
        except Malformed:
            continue
        for one in found:
            number = _number(one.uri)
            if number:
                return number[:MOST_TEXT], one.display[:MOST_TEXT]
    return "", ""


def _number(uri: Uri) -> str:
    if uri.number:
        return uri.number
    return "" if not uri.user or uri.user.lower() == ANONYMOUS else uri.user


def fixes_of(located: Geolocation) -> tuple[Fix, ...]:
    """Each location by value as a circle around its shape or an address; each reference by its URI, without a place."""
    found = [fix for one in located.locations for fix in _fixes(one)]
    return tuple(found[:MOST_FIXES])


def _fixes(one: Conveyed) -> list[Fix]:
    if one.way is not Way.VALUE:
        return [Fix(uri=one.uri[:MOST_TEXT])]
    return [] if one.presence is None else list(fixes_in(one.presence, one.uri))


def fixes_in(presence: Presence, uri: str) -> tuple[Fix, ...]:
    """Every location of a presence document that came from `uri`."""
    return tuple(_fix(location, uri) for location in presence.locations)


def _fix(location: Location, uri: str) -> Fix:
    text, municipality = ("", "") if location.civic is None else address_of(location.civic)
    said = Fix(text=text, municipality=municipality, method=location.method[:MOST_TEXT], uri=uri[:MOST_TEXT])
    shape = location.shape
    if shape is None:
        return said
    circle = around(shape)
    radius = None if isinstance(shape, Point) else max(1, -(-circle.radius_mm // 1000))
    return msgspec.structs.replace(
        said, x=circle.at.x, y=circle.at.y, radius_m=radius, shape=type(shape).__name__.lower()
    )  # fmt: skip


def address_of(civic: Civic) -> tuple[str, str]:
    """A civic address in one line, and its municipality."""
    street = " ".join(value for name in _STREET if (value := civic.get(name)))
    landmark = civic.get("NAM") or civic.get("LMK")
    within = (f"{word}{value}" for name, word in _WITHIN if (value := civic.get(name)))
    city = civic.get("A3")
    line = ", ".join(part for part in (street, *within, landmark, city) if part)
    return line[:500], city[:MOST_TEXT]


def _flags(parts: Parts, located: Geolocation, faults: list[Fault]) -> tuple[str, ...]:
    """What was wrong, each in one word with its place; what was cut off too."""
    every = [*parts.faults, *located.faults, *(fault for one in located.locations for fault in one.faults), *faults]
    return tuple(str(fault)[:MOST_TEXT] for fault in every[:MOST_FLAGS])

"""A PIDF-LO document (RFC 4119, RFC 5491): every location in it, whose it is, how it was found and how sure it is.

A location that cannot be read costs that location: it is named in `faults`, the others are there. A document without
any is refused. The bytes are the caller's to keep: they are evidence, this is a reading of them.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.geopriv.civic import CIVIC, EXTENDED, Civic, read_civic, write_civic
from redstick.protocols.geopriv.shapes import Shape, read_shape, write_shape
from redstick.protocols.pidf_lo import CONFIDENCE, GEOPRIV, MODEL, PIDF
from redstick.protocols.times import read_time, write_time
from redstick.protocols.xml_tree import read_xml

MOST_BYTES = 1 << 20
MOST_LOCATIONS = 32
MEDIA_TYPE = "application/pidf+xml"
POLICY = f"{GEOPRIV}:basicPolicy"
DYNAMIC = f"{GEOPRIV}:dynamic"
USUAL_CONFIDENCE_MILLI = 95_000  # where a shape says none (RFC 7459 section 4)
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")

for _prefix, _uri in (("ca", CIVIC), ("cae", EXTENDED), ("dyn", DYNAMIC)):
    register_namespace(_prefix, _uri)


class Confidence(msgspec.Struct, frozen=True):
    """How likely somebody is within the shape: thousandths of a percent, None where it is said to be unknown."""

    percent_milli: int | None
    distribution: str = "unknown"


class Movement(msgspec.Struct, frozen=True):
    """How something moves (RFC 5962): mm/s and thousandths of a degree from north, None where it is not said."""

    speed_mm_s: int | None = None
    heading_mdeg: int | None = None


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """One location: a shape, an address, or both of one place. `holder` is `device`, `person` or `tuple`.

    `at` is when it held (ms); `provided_by` the XML of who gave it (RFC 4119, RFC 7852), as it came.
    """

    shape: Shape | None = None
    civic: Civic | None = None
    confidence: Confidence | None = None
    movement: Movement | None = None
    method: str = ""
    at: int | None = None
    expires_at: int | None = None
    retransmission: bool = False
    holder: str = "device"
    id: str = ""
    provided_by: str = ""

    @property
    def sure_milli(self) -> int | None:
        """The confidence that holds: what is said, 95 % where nothing is, None where it is unknown."""
        return USUAL_CONFIDENCE_MILLI if self.confidence is None else self.confidence.percent_milli


class Presence(msgspec.Struct, frozen=True):
    """A document. The first location is the one to be used (RFC 5491 section 3.4, rule 8)."""

    entity: str
    locations: tuple[Location, ...]
    faults: tuple[Fault, ...] = ()


def read_presence(data: bytes) -> Presence:
    """The document that `data` holds. Raises Malformed."""
    root = read_xml(data, MOST_BYTES)
    if root.tag != f"{{{PIDF}}}presence":
        raise Malformed(Fault("/", f"a presence document of {PIDF}"))
    found: list[Location] = []
    faults: list[Fault] = []
    for number, holder in enumerate(root, start=1):
        kind = holder.tag.rpartition("}")[2]
        if kind not in {"tuple", "device", "person"} or holder.tag.partition("}")[0] not in {f"{{{PIDF}", f"{{{MODEL}"}:
            continue
        for geopriv in holder.iter(f"{{{GEOPRIV}}}geopriv"):
            _read_geopriv(geopriv, holder, kind, f"/presence/{kind}[{number}]/geopriv", found, faults)
    if len(found) > MOST_LOCATIONS:
        raise Malformed(Fault("/presence", f"at most {MOST_LOCATIONS} locations"))
    if not found:
        raise Malformed(*(faults or [Fault("/presence", "one location at least")]))
    return Presence(root.get("entity", ""), tuple(found), tuple(faults))


def _read_geopriv(
    geopriv: Element, holder: Element, kind: str, place: str, found: list[Location], faults: list[Fault]
) -> None:
    info = geopriv.find(f"{{{GEOPRIV}}}location-info")
    place = f"{place}/location-info"
    if info is None:
        faults.append(Fault(place, "a location-info"))
        return
    said: dict[str, Any] = {}
    for element in info:
        try:
            _read_part(element, place, said)
        except Malformed as malformed:
            faults.extend(malformed.faults)
    if "shape" not in said and "civic" not in said:
        if not len(info):
            faults.append(Fault(place, "a shape or an address"))
        return
    provided = geopriv.find(f"{{{GEOPRIV}}}provided-by")
    found.append(
        Location(
            **said,
            method=_text(geopriv, "method"),
            at=_time(holder),
            expires_at=_rule_time(geopriv),
            retransmission=_rule(geopriv, "retransmission-allowed").lower() in {"true", "yes", "1"},
            holder=kind,
            id=holder.get("id", ""),
            provided_by="" if provided is None else str(tostring(provided, encoding="unicode")).strip(),
        )
    )


def _read_part(element: Element, place: str, said: dict[str, Any]) -> None:
    name = element.tag.rpartition("}")[2]
    if element.tag == f"{{{CIVIC}}}civicAddress":
        said.setdefault("civic", read_civic(element, place))
    elif element.tag == f"{{{CONFIDENCE}}}confidence":
        said["confidence"] = _confidence(element, place)
    elif element.tag == f"{{{DYNAMIC}}}Dynamic":
        said["movement"] = _movement(element, place)
    else:
        shape = read_shape(element, place)
        if shape is None:
            raise Malformed(Fault(f"{place}/{name}", "a shape of RFC 5491 or a civic address"))
        said.setdefault("shape", shape)


def _confidence(element: Element, place: str) -> Confidence:
    text = (element.text or "").strip()
    distribution = element.get("pdf", "unknown")
    if text == "unknown":
        return Confidence(None, distribution)
    if not _PERCENT.fullmatch(text) or not 0 <= float(text) <= 100:
        raise Malformed(Fault(f"{place}/confidence", "a percentage up to 100, or unknown"))
    return Confidence(round(float(text) * 1_000), distribution)


def _movement(element: Element, place: str) -> Movement:
    values: list[int | None] = []
    for name, most in (("speed", 100_000), ("heading", 360)):
        text = (element.findtext(f"{{{DYNAMIC}}}{name}") or "").strip()
        number = re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,9})?", text.split()[0]) if text else None
        if text and (number is None or float(number[0]) > most):
            raise Malformed(Fault(f"{place}/Dynamic/{name}", f"a number up to {most}"))
        values.append(None if number is None else round(float(number[0]) * 1_000))
    return Movement(*values)


def _text(geopriv: Element, name: str) -> str:
    return " ".join((geopriv.findtext(f"{{{GEOPRIV}}}{name}") or "").split())


def _time(holder: Element) -> int | None:
    for space in (PIDF, MODEL):
        text = holder.findtext(f"{{{space}}}timestamp")
        if text:
            return read_time(text.strip())
    return None


def _rule(geopriv: Element, name: str) -> str:
    rules = geopriv.find(f"{{{GEOPRIV}}}usage-rules")
    for space in (POLICY, GEOPRIV):
        text = None if rules is None else rules.findtext(f"{{{space}}}{name}")
        if text:
            return text.strip()
    return ""


def _rule_time(geopriv: Element) -> int | None:
    text = _rule(geopriv, "retention-expiry")
    return read_time(text) if text else None


def write_presence(presence: Presence) -> bytes:
    """The bytes of a document; `provided_by` and `faults` are not written."""
    root = Element(f"{{{PIDF}}}presence", {"entity": presence.entity})
    for location in presence.locations:
        space = PIDF if location.holder == "tuple" else MODEL
        holder = SubElement(root, f"{{{space}}}{location.holder}", {"id": location.id})
        inner = SubElement(holder, f"{{{PIDF}}}status") if location.holder == "tuple" else holder
        _write_geopriv(SubElement(inner, f"{{{GEOPRIV}}}geopriv"), location)
        if location.at is not None:
            SubElement(holder, f"{{{space}}}timestamp").text = write_time(location.at)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _write_geopriv(geopriv: Element, location: Location) -> None:
    info = SubElement(geopriv, f"{{{GEOPRIV}}}location-info")
    if location.shape is not None:
        write_shape(info, location.shape)
    if location.civic is not None:
        write_civic(info, location.civic)
    if location.confidence is not None:
        said = location.confidence.percent_milli
        element = SubElement(info, f"{{{CONFIDENCE}}}confidence", {"pdf": location.confidence.distribution})
        element.text = "unknown" if said is None else f"{said / 1_000:.3f}"
    if location.movement is not None:
        moving = SubElement(info, f"{{{DYNAMIC}}}Dynamic")
        pairs = (("speed", location.movement.speed_mm_s), ("heading", location.movement.heading_mdeg))
        for name, value in pairs:
            if value is not None:
                SubElement(moving, f"{{{DYNAMIC}}}{name}").text = f"{value / 1_000:.3f}"
    rules = SubElement(geopriv, f"{{{GEOPRIV}}}usage-rules")
    SubElement(rules, f"{{{POLICY}}}retransmission-allowed").text = str(location.retransmission).lower()
    if location.expires_at is not None:
        SubElement(rules, f"{{{POLICY}}}retention-expiry").text = write_time(location.expires_at)
    if location.method:
        SubElement(geopriv, f"{{{GEOPRIV}}}method").text = location.method

"""Geodetic PIDF-LO as EIDO carries it: a point or a circle, read strictly (RFC 4119, RFC 5491, RFC 7459).

What is unsure is written as a circle, never as a pin. Of foreign locations the first point or circle is understood; a
civic address or another shape is left as it came.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.xml_tree import read_xml

PIDF = "urn:ietf:params:xml:ns:pidf"
GEOPRIV = "urn:ietf:params:xml:ns:pidf:geopriv10"
MODEL = "urn:ietf:params:xml:ns:pidf:data-model"
GML = "http://www.opengis.net/gml"
SHAPES = "http://www.opengis.net/pidflo/1.0"
CONFIDENCE = "urn:ietf:params:xml:ns:geopriv:conf"
WGS_84 = "urn:ogc:def:crs:EPSG::4326"
METRES = "urn:ogc:def:uom:EPSG::9001"

MOST_BYTES = 1 << 20
MOST_RADIUS_M = 20_037_508  # half around the earth
DEGREE = 10_000_000
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,12})?")

for _prefix, _uri in (("", PIDF), ("gp", GEOPRIV), ("dm", MODEL), ("gml", GML), ("gs", SHAPES), ("con", CONFIDENCE)):
    register_namespace(_prefix, _uri)


class Shape(msgspec.Struct, frozen=True):
    """A point (radius 0) or a circle: longitude and latitude in 1e-7 degrees (WGS 84), radius in metres."""

    x: int
    y: int
    radius_m: int = 0


def write_pidf_lo(shape: Shape, entity: str, method: str = "") -> str:
    """The XML of a shape. `entity` is whose place it is, as a URI; `method` how it was found (RFC 4119 section 2.2.6).

    How sure a circle is stands as `unknown`: dispatch keeps a radius and does not know at which confidence.
    """
    presence = Element(f"{{{PIDF}}}presence", {"entity": entity})
    device = SubElement(presence, f"{{{MODEL}}}device", {"id": "place"})
    geopriv = SubElement(device, f"{{{GEOPRIV}}}geopriv")
    info = SubElement(geopriv, f"{{{GEOPRIV}}}location-info")
    kind = f"{{{SHAPES}}}Circle" if shape.radius_m else f"{{{GML}}}Point"
    drawn = SubElement(info, kind, {"srsName": WGS_84})
    SubElement(drawn, f"{{{GML}}}pos").text = f"{_degrees(shape.y)} {_degrees(shape.x)}"
    if shape.radius_m:
        SubElement(drawn, f"{{{SHAPES}}}radius", {"uom": METRES}).text = str(shape.radius_m)
        SubElement(info, f"{{{CONFIDENCE}}}confidence").text = "unknown"
    SubElement(geopriv, f"{{{GEOPRIV}}}usage-rules")
    if method:
        SubElement(geopriv, f"{{{GEOPRIV}}}method").text = method
    return str(tostring(presence, encoding="unicode"))


def read_pidf_lo(text: str) -> Shape | None:
    """The first point or circle; None when there is a location of another kind. Raises Malformed."""
    root = read_xml(text.encode(), MOST_BYTES)
    if root.tag != f"{{{PIDF}}}presence":
        raise Malformed(Fault("/", "a presence document (PIDF-LO)"))
    info = root.find(f".//{{{GEOPRIV}}}location-info")
    if info is None:
        raise Malformed(Fault("/presence", "a location-info"))
    for element in info:
        if element.tag in {f"{{{GML}}}Point", f"{{{SHAPES}}}Circle"}:
            return _shape(element)
    return None


def _shape(element: Element) -> Shape:
    name = element.tag.rpartition("}")[2]
    if element.get("srsName", WGS_84) != WGS_84:
        raise Malformed(Fault(f"/presence/…/{name}/@srsName", WGS_84))
    place = f"/presence/…/{name}/pos"
    parts = (element.findtext(f"{{{GML}}}pos") or "").split()
    if len(parts) != 2:
        raise Malformed(Fault(place, "latitude and longitude"))
    y, x = (_number(part, place) for part in parts)
    if abs(y) > 90 or abs(x) > 180:
        raise Malformed(Fault(place, "a latitude within 90 and a longitude within 180 degrees"))
    radius = 0
    if element.tag.startswith(f"{{{SHAPES}}}"):
        said = _number((element.findtext(f"{{{SHAPES}}}radius") or "").strip(), f"/presence/…/{name}/radius")
        if not 0 < said <= MOST_RADIUS_M:
            raise Malformed(Fault(f"/presence/…/{name}/radius", f"more than 0 and at most {MOST_RADIUS_M} metres"))
        radius = max(1, round(said))
    return Shape(round(x * DEGREE), round(y * DEGREE), radius)


def _number(text: str, place: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise Malformed(Fault(place, "a number"))
    return float(text)


def _degrees(value: Any) -> str:
    return f"{value / DEGREE:.7f}"

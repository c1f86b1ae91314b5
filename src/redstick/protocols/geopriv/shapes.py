"""The shapes of RFC 5491 section 5 (GML PIDF-LO): read from XML, written as XML, and drawn as one circle around them.

Latitude comes first on the wire (EPSG:4326 and 4979). Raises Malformed with the path of the element.
"""

import math
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.pidf_lo import DEGREE, GML, METRES, SHAPES

FLAT, SOLID = "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4979"
DEGREES = "urn:ogc:def:uom:EPSG::9102"
MOST_LENGTH_M, MOST_POINTS = 20_037_508, 1_000
MM_IN_DEGREE = 111_319_490.8  # of latitude, on a sphere of the equator's radius
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
_REFERENCE = re.compile(r"urn:ogc:def::?crs:EPSG:[0-9.]{0,8}:(4326|4979)")  # RFC 5222 writes two colons


class Position(msgspec.Struct, frozen=True):
    """A position: longitude and latitude in 1e-7 degrees, height above the ellipsoid in mm or none."""

    x: int
    y: int
    z_mm: int | None = None


class Point(msgspec.Struct, frozen=True, tag=True):
    """A point, whose uncertainty is not said."""

    at: Position


class Circle(msgspec.Struct, frozen=True, tag=True):
    """A circle."""

    at: Position
    radius_mm: int


class Ellipse(msgspec.Struct, frozen=True, tag=True):
    """An ellipse; `orientation_mdeg` is that of its longer half from north, clockwise."""

    at: Position
    major_mm: int
    minor_mm: int
    orientation_mdeg: int


class ArcBand(msgspec.Struct, frozen=True, tag=True):
    """The band between two radii, from a bearing on, clockwise: what timing at one cell sector gives."""

    at: Position
    inner_mm: int
    outer_mm: int
    start_mdeg: int
    opening_mdeg: int


class Polygon(msgspec.Struct, frozen=True, tag=True):
    """A polygon; the first position is not repeated at the end."""

    ring: tuple[Position, ...]


class Sphere(msgspec.Struct, frozen=True, tag=True):
    """A circle in space."""

    at: Position
    radius_mm: int


class Ellipsoid(msgspec.Struct, frozen=True, tag=True):
    """An ellipse in space."""

    at: Position
    major_mm: int
    minor_mm: int
    vertical_mm: int
    orientation_mdeg: int


class Prism(msgspec.Struct, frozen=True, tag=True):
    """A polygon with a height above it: a floor of a building."""

    ring: tuple[Position, ...]
    height_mm: int


Shape = Point | Circle | Ellipse | ArcBand | Polygon | Sphere | Ellipsoid | Prism


def read_shape(element: Element, place: str) -> Shape | None:
    """The shape that an element is, None for another element. Raises Malformed."""
    read = READERS.get(element.tag)
    if read is None:
        return None
    place = f"{place}/{element.tag.rpartition('}')[2]}"
    said = element.get("srsName")
    if said is None and element.tag != _gs("Prism"):
        said = FLAT  # left out more often than not; RFC 5491 section 5 says it must be there
    if said is not None and not _REFERENCE.fullmatch(said):
        raise Malformed(Fault(f"{place}/@srsName", f"{FLAT} or {SOLID}"))
    return read(element, place)


def _gml(name: str) -> str:
    return f"{{{GML}}}{name}"


def _gs(name: str) -> str:
    return f"{{{SHAPES}}}{name}"


def _point(element: Element, place: str) -> Point:
    return Point(_pos(element, place))


def _circle(element: Element, place: str) -> Circle:
    return Circle(_pos(element, place), _length(element, "radius", place))


def _ellipse(element: Element, place: str) -> Ellipse:
    major, minor = _length(element, "semiMajorAxis", place), _length(element, "semiMinorAxis", place)
    return Ellipse(_pos(element, place), major, minor, _angle(element, "orientation", place))


def _arc_band(element: Element, place: str) -> ArcBand:
    inner, outer = _length(element, "innerRadius", place, least=0), _length(element, "outerRadius", place)
    if inner > outer:
        raise Malformed(Fault(f"{place}/innerRadius", "no more than the outer radius"))
    start, opening = _angle(element, "startAngle", place), _angle(element, "openingAngle", place)
    return ArcBand(_pos(element, place), inner, outer, start, opening)


def _polygon(element: Element, place: str) -> Polygon:
    return Polygon(_ring(element, place))


def _sphere(element: Element, place: str) -> Sphere:
    return Sphere(_pos(element, place, solid=True), _length(element, "radius", place))


def _ellipsoid(element: Element, place: str) -> Ellipsoid:
    major, minor = _length(element, "semiMajorAxis", place), _length(element, "semiMinorAxis", place)
    vertical, turned = _length(element, "verticalAxis", place), _angle(element, "orientation", place)
    return Ellipsoid(_pos(element, place, solid=True), major, minor, vertical, turned)


def _prism(element: Element, place: str) -> Prism:
    base = element.find(f"{_gs('base')}/{_gml('Polygon')}")
    if base is None:
        raise Malformed(Fault(f"{place}/base/Polygon", "the polygon that it stands on"))
    return Prism(_ring(base, f"{place}/base/Polygon", solid=True), _length(element, "height", place))


READERS: dict[str, Callable[[Element, str], Shape]] = {
    _gml("Point"): _point, _gs("Circle"): _circle, _gs("Ellipse"): _ellipse, _gs("ArcBand"): _arc_band,
    _gml("Polygon"): _polygon, _gs("Sphere"): _sphere, _gs("Ellipsoid"): _ellipsoid, _gs("Prism"): _prism,
}  # fmt: skip


def _number(text: str, place: str) -> float:
    if not _NUMBER.fullmatch(text.strip()):
        raise Malformed(Fault(place, f"a number, not {text.strip()[:40]!r}"))
    return float(text)


def _pos(element: Element, place: str, *, solid: bool = False) -> Position:
    text = element.findtext(_gml("pos"))
    if text is None:
        raise Malformed(Fault(f"{place}/pos", "a position"))
    return _position(text.split(), f"{place}/pos", solid=solid)


def _position(parts: list[str], place: str, *, solid: bool) -> Position:
    if len(parts) not in ((3,) if solid else (2, 3)):
        raise Malformed(Fault(place, "latitude, longitude and height" if solid else "latitude and longitude"))
    y, x, *z = (_number(part, place) for part in parts)
    if abs(y) > 90 or abs(x) > 180 or any(abs(height) > 100_000 for height in z):
        raise Malformed(Fault(place, "a latitude within 90 and a longitude within 180 degrees, a height within 100 km"))
    return Position(round(x * DEGREE), round(y * DEGREE), round(z[0] * 1_000) if z else None)


def _length(element: Element, name: str, place: str, *, least: int = 1) -> int:
    found = element.find(_gs(name))
    place = f"{place}/{name}"
    if found is None:
        raise Malformed(Fault(place, "a length"))
    if found.get("uom", METRES) != METRES:
        raise Malformed(Fault(f"{place}/@uom", METRES))
    metres = _number(found.text or "", place)
    if not 0 <= metres <= MOST_LENGTH_M or round(metres * 1_000) < least:
        raise Malformed(Fault(place, f"{'more than 0' if least else '0'} to {MOST_LENGTH_M} metres"))
    return round(metres * 1_000)


def _angle(element: Element, name: str, place: str) -> int:
    found = element.find(_gs(name))
    place = f"{place}/{name}"
    if found is None:
        raise Malformed(Fault(place, "an angle"))
    if found.get("uom", DEGREES) != DEGREES:
        raise Malformed(Fault(f"{place}/@uom", DEGREES))
    degrees = _number(found.text or "", place)
    if not -360 <= degrees <= 360:
        raise Malformed(Fault(place, "an angle within a full turn"))
    return round(degrees * 1_000)


def _ring(polygon: Element, place: str, *, solid: bool = False) -> tuple[Position, ...]:
    ring = polygon.find(f"{_gml('exterior')}/{_gml('LinearRing')}")
    place = f"{place}/exterior/LinearRing"
    if ring is None:
        raise Malformed(Fault(place, "a ring"))
    listed = ring.findtext(_gml("posList"))
    if listed is None:
        groups = [(element.text or "").split() for element in ring.findall(_gml("pos"))]
    else:
        numbers, size = listed.split(), 3 if solid or polygon.get("srsName", "").endswith("4979") else 2
        if len(numbers) % size:
            raise Malformed(Fault(f"{place}/posList", f"groups of {size} numbers"))
        groups = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    if not 4 <= len(groups) <= MOST_POINTS:
        raise Malformed(Fault(place, f"4 to {MOST_POINTS} positions, the last as the first"))
    positions = [_position(group, place, solid=solid) for group in groups]
    if positions[0] != positions[-1]:
        raise Malformed(Fault(place, "a last position that is the first"))
    return tuple(positions[:-1])


def write_shape(parent: Element, shape: Shape) -> None:
    """Put the element of a shape below another."""
    kind = type(shape).__name__
    flat = isinstance(shape, Circle | Ellipse | ArcBand) or (isinstance(shape, Point) and shape.at.z_mm is None)
    if isinstance(shape, Polygon):
        flat = shape.ring[0].z_mm is None
    space = _gml if isinstance(shape, Point | Polygon) else _gs
    drawn = SubElement(parent, space(kind), {"srsName": FLAT if flat else SOLID})
    if isinstance(shape, Polygon):
        _write_ring(drawn, shape.ring)
    elif isinstance(shape, Prism):
        _write_ring(SubElement(SubElement(drawn, _gs("base")), _gml("Polygon"), {"srsName": SOLID}), shape.ring)
        _write_length(drawn, "height", shape.height_mm)
    else:
        SubElement(drawn, _gml("pos")).text = _written(shape.at)
        for name, value in _measures(shape):
            if name in {"orientation", "startAngle", "openingAngle"}:
                SubElement(drawn, _gs(name), {"uom": DEGREES}).text = _thousandths(value)
            else:
                _write_length(drawn, name, value)


def _measures(shape: Point | Circle | Ellipse | ArcBand | Sphere | Ellipsoid) -> list[tuple[str, int]]:
    if isinstance(shape, Circle | Sphere):
        return [("radius", shape.radius_mm)]
    if isinstance(shape, ArcBand):
        lengths = [("innerRadius", shape.inner_mm), ("outerRadius", shape.outer_mm)]
        return [*lengths, ("startAngle", shape.start_mdeg), ("openingAngle", shape.opening_mdeg)]
    if isinstance(shape, Point):
        return []
    vertical = [("verticalAxis", shape.vertical_mm)] if isinstance(shape, Ellipsoid) else []
    axes = [("semiMajorAxis", shape.major_mm), ("semiMinorAxis", shape.minor_mm), *vertical]
    return [*axes, ("orientation", shape.orientation_mdeg)]


def _write_ring(polygon: Element, ring: tuple[Position, ...]) -> None:
    inner = SubElement(SubElement(polygon, _gml("exterior")), _gml("LinearRing"))
    SubElement(inner, _gml("posList")).text = " ".join(_written(one) for one in (*ring, ring[0]))


def _write_length(parent: Element, name: str, millimetres: int) -> None:
    SubElement(parent, _gs(name), {"uom": METRES}).text = _thousandths(millimetres)


def _thousandths(value: int) -> str:
    return f"{value / 1_000:.3f}"


def _written(at: Position) -> str:
    flat = f"{at.y / DEGREE:.7f} {at.x / DEGREE:.7f}"
    return flat if at.z_mm is None else f"{flat} {_thousandths(at.z_mm)}"


def around(shape: Shape) -> Circle:
    """One circle that holds the whole shape, on the ground (RFC 7459 section 5.1); never smaller than the shape.

    A point gives radius 0: its uncertainty is not said, which is not the same as none.
    """
    if isinstance(shape, Point):
        return Circle(shape.at, 0)
    if isinstance(shape, Circle | Sphere):
        return Circle(shape.at, shape.radius_mm)
    if isinstance(shape, Ellipse | Ellipsoid):
        return Circle(shape.at, max(shape.major_mm, shape.minor_mm))
    edge = shape.ring if isinstance(shape, Polygon | Prism) else _edge(shape)
    at = Position(
        round((min(one.x for one in edge) + max(one.x for one in edge)) / 2),
        round((min(one.y for one in edge) + max(one.y for one in edge)) / 2),
    )
    reach = math.ceil(max(_distance_mm(at, one) for one in edge))
    if isinstance(shape, ArcBand) and reach >= shape.outer_mm:
        return Circle(shape.at, shape.outer_mm)
    return Circle(at, reach)


def _edge(band: ArcBand) -> list[Position]:
    """Positions along a band, each outer one pushed out so far that the arc between two stays within."""
    steps = 36
    step = band.opening_mdeg / steps
    outer = band.outer_mm / max(0.5, math.cos(math.radians(abs(step) / 2_000)))
    bearings = [math.radians((band.start_mdeg + index * step) / 1_000) for index in range(steps + 1)]
    return [_moved(band.at, radius, bearing) for bearing in bearings for radius in (band.inner_mm, outer)]


def _moved(at: Position, length_mm: float, bearing: float) -> Position:
    shrunk = max(0.01, math.cos(math.radians(at.y / DEGREE)))
    x = at.x + DEGREE * length_mm * math.sin(bearing) / (MM_IN_DEGREE * shrunk)
    return Position(round(x), round(at.y + DEGREE * length_mm * math.cos(bearing) / MM_IN_DEGREE))


def _distance_mm(one: Position, other: Position) -> float:
    shrunk = math.cos(math.radians(min(abs(one.y), abs(other.y)) / DEGREE))  # the wider of two parallels
    return MM_IN_DEGREE / DEGREE * math.hypot((one.x - other.x) * shrunk, one.y - other.y)

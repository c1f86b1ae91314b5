"""PIDF-LO: every shape of RFC 5491 and every civic element, as it was written; refused with its place."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.faults import Malformed
from redstick.protocols.geopriv import shapes
from redstick.protocols.geopriv.civic import CIVIC, EXTENDED, EXTENDED_NAMES, NAMES, Civic, Field
from redstick.protocols.geopriv.conveyance import Way, geolocation_of
from redstick.protocols.geopriv.presence import (
    Confidence,
    Location,
    Movement,
    Presence,
    read_presence,
    write_presence,
)
from redstick.protocols.geopriv.shapes import Circle, Point, Position, around
from redstick.protocols.sip.bodies import Part, Parts, parts_of, write_parts
from redstick.protocols.sip.headers import Kind
from redstick.protocols.sip.messages import Request

DEGREE = 10_000_000
X, Y, Z = st.integers(-180 * DEGREE, 180 * DEGREE), st.integers(-90 * DEGREE, 90 * DEGREE), st.integers(-(10**6), 10**7)
FLAT = st.builds(Position, X, Y)
SOLID = st.builds(Position, X, Y, Z)
LENGTH, ANGLE = st.integers(1, 20_000_000_000), st.integers(-360_000, 360_000)
RING = st.lists(FLAT, min_size=3, max_size=8).map(tuple)
SOLID_RING = st.lists(SOLID, min_size=3, max_size=8).map(tuple)
SHAPES = st.one_of(
    st.builds(Point, FLAT | SOLID), st.builds(Circle, FLAT, LENGTH),
    st.builds(shapes.Ellipse, FLAT, LENGTH, LENGTH, ANGLE),
    st.builds(
        lambda at, a, b, s, o: shapes.ArcBand(at, min(a, b), max(a, b), s, o), FLAT, LENGTH, LENGTH, ANGLE, ANGLE
    ),
    st.builds(shapes.Polygon, RING), st.builds(shapes.Sphere, SOLID, LENGTH),
    st.builds(shapes.Ellipsoid, SOLID, LENGTH, LENGTH, LENGTH, ANGLE), st.builds(shapes.Prism, SOLID_RING, LENGTH),
)  # fmt: skip
WORD = st.text("abc é1'", max_size=8).map(lambda text: " ".join(text.split())).filter(bool)
CIVICS = st.lists(st.sampled_from(NAMES[1:]), min_size=1, unique=True).flatmap(
    lambda names: st.tuples(*(st.builds(Field, st.just(name), WORD) for name in names))
).flatmap(
    lambda fields: st.builds(
        lambda more, language: Civic((*fields, *more), language),
        st.lists(st.builds(Field, st.sampled_from(EXTENDED_NAMES), WORD, st.sampled_from([EXTENDED, "urn:x"]))),
        st.sampled_from(["", "en"]),
    )
)  # fmt: skip
TIME = st.none() | st.integers(0, 4_000_000_000_000)
LOCATIONS = st.builds(
    Location, shape=SHAPES, civic=st.none() | CIVICS,
    movement=st.none() | st.builds(Movement, st.integers(0, 10**6), ANGLE.map(abs)),
    confidence=st.none()
    | st.builds(Confidence, st.none() | st.integers(0, 100_000), st.sampled_from(["unknown", "normal"])),
    method=st.sampled_from(["", "A-GPS"]), at=TIME, expires_at=TIME, retransmission=st.booleans(),
    holder=st.sampled_from(["device", "person", "tuple"]), id=st.sampled_from(["a", "b1"]),
)  # fmt: skip
FIXED = write_presence(Presence("pres:a@b", (Location(shape=Circle(Position(-911_000_000, 304_000_000), 50_000)),)))


@given(st.lists(LOCATIONS, min_size=1, max_size=3).map(tuple))
def test_a_document_comes_back_as_it_was_written(locations):
    """Every shape, address, confidence, movement, rule and time, to the last digit that we keep."""
    presence = Presence("pres:caller@example.com", locations)
    assert read_presence(write_presence(presence)) == presence


@given(st.binary(max_size=200) | st.integers(0, len(FIXED)).map(lambda cut: FIXED[:cut]))
def test_any_bytes_are_a_document_or_a_refusal_that_names_its_place(data):
    """Cut anywhere, too."""
    try:
        told = read_presence(data)
    except Malformed as malformed:
        told = malformed.faults[0].place
    assert told


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DevicePointLocation", "Point"), ("RFC5491TupleCircleLocation", "Circle"),
        ("RFC5491TupleEllipseLocation", "Ellipse"), ("RFC5491TupleArcBandLocation", "ArcBand"),
        ("RFC5491TuplePolygonLocation", "Polygon"), ("RFC5491TuplePolygonCompactLocation", "Polygon"),
        ("RFC5491TupleSphereLocation", "Sphere"), ("RFC5491TupleEllipsoidLocation", "Ellipsoid"),
        ("RFC5491TuplePrismLocation", "Prism"),
    ],
)  # fmt: skip
def test_the_published_shapes_are_read(third_party, name, kind):
    """Each by its kind, without a fault, and as it was after it is written again."""
    presence = read_presence((third_party("ng911/examples/PidfFiles") / f"{name}.xml").read_bytes())
    [location] = presence.locations
    assert type(location.shape).__name__ == kind
    assert presence.faults == ()
    assert read_presence(write_presence(presence)).locations[0].shape == location.shape


def test_the_two_forms_of_a_polygon_are_the_same(third_party):
    """A list of positions or one after the other."""
    folder = third_party("ng911/examples/PidfFiles")
    found = [
        read_presence((folder / f"RFC5491TuplePolygon{form}Location.xml").read_bytes()) for form in ("", "Compact")
    ]  # fmt: skip
    assert found[0].locations[0].shape == found[1].locations[0].shape


def test_every_published_document_is_read(third_party):
    """22 files; two hold no location of these kinds: a movement alone, and GML of 2003 in degrees and minutes."""
    refused = {}
    files = sorted(third_party("ng911/examples/PidfFiles").glob("*.xml"))
    for path in files:
        try:
            presence = read_presence(path.read_bytes())
        except Malformed as malformed:
            refused[path.name] = malformed.faults[0].place
        else:
            assert presence.faults == (), path.name
    assert len(files) == 22
    old = "/presence/tuple[1]/geopriv/location-info/location"
    assert refused == {"DeviceDynamicOnly1.xml": "/presence", "RFC5491TuplePointLocation.xml": old}


def test_what_a_document_says_beside_the_place_is_there(third_party):
    """Confidence with its distribution, method, time, expiry; device and person apart, in order."""
    folder = third_party("ng911/examples/PidfFiles")
    sure = read_presence((folder / "DeviceCircleWithConfidence.xml").read_bytes()).locations[0]
    assert (sure.confidence, sure.sure_milli, sure.method) == (Confidence(95_000, "normal"), 95_000, "802.11")
    assert sure.shape == Circle(Position(-882_619_140, 417_605_370), 50_000)
    both = read_presence((folder / "DeviceAndPerson.xml").read_bytes()).locations
    assert [one.holder for one in both] == ["device", "person"]
    assert (both[0].civic.get("HNO"), both[0].civic.get("RD"), both[1].shape.radius_mm) == ("311", "Stonebrook", 50_000)
    moving = read_presence((folder / "DeviceCircleDynamic1.xml").read_bytes()).locations[0]
    assert moving.movement.speed_mm_s == 12_000


def test_extended_civic_elements_are_kept_with_their_namespace(third_party):
    """RFC 6848: a milepost, a pole number, and an element of a canal authority."""
    folder = third_party("ng911/examples/PidfFiles")
    road = read_presence((folder / "RFC6848Figure7Example.xml").read_bytes()).locations[0].civic
    assert (road.get("MP"), road.get("PN")) == ("248", "22-109-689")
    assert road.language == "en-US"
    canal = read_presence((folder / "RFC6848CivicExtendedExample1.xml").read_bytes()).locations[0].civic
    assert Field("bridge", "21451338", "http://devon.canals.example.com/civic") in canal.fields


CIRCLE = FIXED.decode()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("30.4000000 -91.1000000", "30.4"), "Circle/pos"), (("30.4000000 ", "91.0 "), "Circle/pos"),
        (("30.4000000 ", "north "), "Circle/pos"), ((">50.000<", ">-50<"), "Circle/radius"),
        ((">50.000<", ">0<"), "Circle/radius"), (("EPSG::9001", "EPSG::9002"), "Circle/radius/@uom"),
        (("EPSG::4326", "EPSG::27700"), "Circle/@srsName"), (("gs:Circle", "gs:Blob"), "location-info/Blob"),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_read_is_refused_by_its_place(change, place):
    """One number instead of two, out of range, no number, no length, other units, another system, another shape."""
    with pytest.raises(Malformed) as caught:
        read_presence(CIRCLE.replace(*change).encode())
    assert caught.value.faults[0].place.startswith("/presence/device[1]/geopriv/location-info")
    assert caught.value.faults[0].place.endswith(place)


def test_a_broken_location_costs_that_location_only():
    """The others stand, and the fault is named."""
    two = Presence("pres:a@b", (Location(shape=Circle(Position(1, 1), 7_000)), Location(shape=Point(Position(2, 2)))))
    read = read_presence(write_presence(two).replace(b">7.000<", b">seven<"))
    assert [one.shape for one in read.locations] == [Point(Position(2, 2))]
    assert read.faults[0].place == "/presence/device[1]/geopriv/location-info/Circle/radius"


def test_an_entity_or_a_document_type_is_refused():
    """Nothing is expanded, nothing is fetched."""
    for bomb in (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'):
        with pytest.raises(Malformed):
            read_presence(bomb)


def farthest_mm(circle, positions):
    """The greatest distance from the middle of a circle, on a sphere."""

    def radians(at):
        return math.radians(at.x / DEGREE), math.radians(at.y / DEGREE)

    x, y = radians(circle.at)
    found = []
    for at in positions:
        a, b = radians(at)
        part = math.sin((b - y) / 2) ** 2 + math.cos(y) * math.cos(b) * math.sin((a - x) / 2) ** 2
        found.append(2 * 6_378_137_000 * math.asin(math.sqrt(part)))
    return max(found)


@given(st.lists(st.tuples(st.integers(-90_000, 90_000), st.integers(-90_000, 90_000)), min_size=3, max_size=8))
def test_the_circle_around_a_polygon_holds_all_of_it(offsets):
    """Within a metre of rounding, at the latitude of a parish."""
    ring = tuple(Position(-911_000_000 + x, 304_000_000 + y) for x, y in offsets)
    circle = around(shapes.Polygon(ring))
    assert farthest_mm(circle, ring) <= circle.radius_mm + 1_000


@given(st.integers(0, 360), st.integers(1, 360), st.integers(0, 1_000_000), st.integers(1_000_001, 5_000_000))
def test_the_circle_around_an_arc_band_holds_all_of_it(start, opening, inner, outer):
    """And it is never wider than the whole disc."""
    band = shapes.ArcBand(Position(-911_000_000, 304_000_000), inner, outer, start * 1_000, opening * 1_000)
    circle = around(band)
    edge = [
        shapes._moved(band.at, radius, math.radians(start + opening * index / 90))
        for index in range(91) for radius in (inner, outer)
    ]  # fmt: skip
    assert farthest_mm(circle, edge) <= circle.radius_mm * 1.001 + 1_000
    assert circle.radius_mm <= outer


def call(parts, *geolocation):
    """An INVITE with parts and Geolocation headers, and its parts as they are read."""
    kind, body = write_parts(parts, "edge")
    headers = (("Content-Type", kind), *(("Geolocation", value) for value in geolocation))
    request = Request(method="INVITE", uri="urn:service:sos", headers=headers, body=body)
    return request, parts_of(request)


def part(body, ident="loc@caller"):
    """A part with a location."""
    return Part(Kind("application/pidf+xml"), body, (("Content-ID", f"<{ident}>"),))


def test_a_location_by_value_is_found_by_its_content_id_with_its_bytes():
    """The bytes are kept as they came."""
    request, parts = call((part(FIXED),), "<cid:loc@caller>;inserted-by=x")
    [found] = geolocation_of(request, parts).locations
    assert (found.way, found.raw) == (Way.VALUE, FIXED)
    assert found.presence.locations[0].shape.radius_mm == 50_000


def test_a_location_by_reference_is_told_apart_by_how_it_is_fetched():
    """HELD or HTTP, presence, and what nobody knows; several values in one line."""
    request, parts = call((), "<https://lis.example/1>, <sips:2@lis.example>", "<gopher:3>")
    assert [(one.uri, one.way) for one in geolocation_of(request, parts).locations] == [
        ("https://lis.example/1", Way.HELD), ("sips:2@lis.example", Way.PRESENCE), ("gopher:3", Way.UNKNOWN),
    ]  # fmt: skip


def test_what_is_wrong_with_a_location_is_told_and_its_bytes_are_kept():
    """A garbled document, a part that is not there, a header that is none: none of them costs the call."""
    request, parts = call((part(b"<presence"),), "<cid:loc@caller>", "<cid:gone>", "nonsense")
    found = geolocation_of(request, parts)
    assert [(one.raw, bool(one.faults)) for one in found.locations] == [(b"<presence", True), (b"", True)]
    assert found.faults[0].place == "Geolocation"


def test_a_location_that_no_header_names_is_used_nevertheless():
    """It came with an emergency call: somebody meant it."""
    request, parts = call((part(FIXED),))
    assert geolocation_of(request, parts).locations[0].presence is not None
    assert geolocation_of(Request(method="A", uri="b"), Parts()).locations == ()


@given(st.lists(st.text(max_size=20), max_size=4), st.binary(max_size=60))
def test_whatever_the_header_and_the_part_say_nothing_is_raised(values, body):
    """Any text, any bytes."""
    headers = tuple(("Geolocation", value) for value in values)
    geolocation_of(Request(method="INVITE", uri="urn:service:sos", headers=headers), Parts((part(body),)))


def test_the_namespace_of_civic_elements_is_the_published_one():
    """RFC 5139 section 4."""
    assert CIVIC == "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"

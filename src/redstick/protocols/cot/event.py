"""A CoT event as a value, and its XML both ways."""

import re
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.times import read_time, write_time
from redstick.protocols.xml_tree import read_xml

MOST_BYTES = 65_507  # what a UDP datagram can carry over IPv4
UNKNOWN_M = 9_999_999.0  # an error, or a height, that nobody can bound
DEGREE = 10_000_000
TYPE = re.compile(r"\w+(-\w+)*(;[^;]*)?")
HOW = re.compile(r"\w(-\w+)*")
NAMES = ("version", "uid", "type", "how", "time", "start", "stale")
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?")
_REFUSED = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold


class Point(msgspec.Struct, frozen=True):
    """Longitude and latitude in 1e-7 degrees (WGS 84); errors and height in metres, None where nobody knows."""

    x: int
    y: int
    circular_error_m: int | None = None
    linear_error_m: int | None = None
    height_m: int | None = None


class CotEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What, where, from when until when. Times are milliseconds since the epoch; `stale` is when to stop believing it.

    `kind` is the CoT type, `how` how the position is known (`h-e` a person, `m-g` a machine with GPS). `callsign` and
    `remarks` go into the detail.
    """

    uid: str
    kind: str
    how: str
    time: int
    start: int
    stale: int
    point: Point
    callsign: str = ""
    remarks: str = ""


def write_event(event: CotEvent) -> bytes:
    """The XML. Characters that XML cannot hold are left out of the words."""
    root = Element(
        "event",
        {
            "version": "2.0", "uid": event.uid, "type": event.kind, "how": event.how,
            "time": _zulu(event.time), "start": _zulu(event.start), "stale": _zulu(event.stale),
        },
    )  # fmt: skip
    point = event.point
    SubElement(
        root,
        "point",
        {
            "lat": f"{point.y / DEGREE:.7f}", "lon": f"{point.x / DEGREE:.7f}", "hae": _metres(point.height_m),
            "ce": _metres(point.circular_error_m), "le": _metres(point.linear_error_m),
        },
    )  # fmt: skip
    detail = SubElement(root, "detail")
    if event.callsign:
        SubElement(detail, "contact", {"callsign": _REFUSED.sub("", event.callsign)})
    if event.remarks:
        SubElement(detail, "remarks").text = _REFUSED.sub("", event.remarks)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def read_event(data: bytes) -> CotEvent:
    """The event that `data` holds. Raises Malformed with every fault that is found."""
    root = read_xml(data, MOST_BYTES)
    faults = faults_of(root)
    if faults:
        raise Malformed(*faults)
    [point] = root.findall("point")
    contact = root.find("detail/contact")
    times = [read_time(root.attrib[name]) for name in ("time", "start", "stale")]
    x, y = (round(float(point.attrib[name]) * DEGREE) for name in ("lon", "lat"))
    errors = (_known(point.attrib[name]) for name in ("ce", "le", "hae"))
    return CotEvent(
        uid=root.attrib["uid"],
        kind=root.attrib["type"],
        how=root.attrib["how"],
        time=times[0] or 0,
        start=times[1] or 0,
        stale=times[2] or 0,
        point=Point(x, y, *errors),
        callsign="" if contact is None else contact.get("callsign", ""),
        remarks=root.findtext("detail/remarks") or "",
    )


def check(data: bytes) -> list[Fault]:
    """What is wrong with an event; empty when nothing is."""
    try:
        return faults_of(read_xml(data, MOST_BYTES))
    except Malformed as malformed:
        return list(malformed.faults)


def faults_of(root: Element) -> list[Fault]:
    """The rules of the base event: twelve attributes that must be there, one point, one detail at most."""
    if root.tag != "event":
        return [Fault("/", "an event")]
    faults = [Fault(f"/event/@{name}", "a value; it is mandatory") for name in NAMES if not root.get(name)]
    version = root.get("version", "2")
    if not _NUMBER.fullmatch(version) or float(version) < 2:
        faults.append(Fault("/event/@version", "2.0 or later"))
    for name, form in (("type", TYPE), ("how", HOW)):
        if root.get(name) and not form.fullmatch(root.attrib[name]):
            faults.append(Fault(f"/event/@{name}", "atoms joined by hyphens"))
    times = {name: read_time(root.attrib[name]) for name in ("time", "start", "stale") if root.get(name)}
    faults += [Fault(f"/event/@{name}", "a time with its offset") for name, time in times.items() if time is None]
    if (times.get("start") or 0) > (times.get("stale") or times.get("start") or 0):
        faults.append(Fault("/event/@stale", "not before start"))
    faults += [
        Fault(f"/event/{child.tag}", "point or detail") for child in root if child.tag not in {"point", "detail"}
    ]
    points = root.findall("point")
    if len(points) != 1 or len(root.findall("detail")) > 1:
        return [*faults, Fault("/event", "exactly one point, and at most one detail")]
    return [*faults, *_faults_of_point(points[0])]


def _faults_of_point(point: Element) -> list[Fault]:
    bounds = {"lat": 90.0, "lon": 180.0, "hae": UNKNOWN_M, "ce": UNKNOWN_M, "le": UNKNOWN_M}
    faults = []
    for name, most in bounds.items():
        said = point.get(name, "")
        if not _NUMBER.fullmatch(said) or abs(float(said)) > most or (name in {"ce", "le"} and float(said) < 0):
            least = "0" if name in {"ce", "le"} else f"-{most:g}"
            faults.append(Fault(f"/event/point/@{name}", f"a number from {least} to {most:.0f}"))
    return faults


def _metres(value: int | None) -> str:
    return f"{UNKNOWN_M if value is None else value:.1f}"


def _known(text: str) -> int | None:
    value = float(text)
    return None if value >= UNKNOWN_M else round(value)


def _zulu(time: int) -> str:
    return write_time(time).replace("+00:00", "Z")

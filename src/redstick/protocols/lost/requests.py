"""Questions to a LoST server: findService, with or without validation, and listServicesByLocation.

Names of validated elements are written with their namespaces, whatever prefixes a message uses. Raises Malformed.
"""

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.geopriv.civic import CIVIC, Civic, read_civic, write_civic
from redstick.protocols.geopriv.shapes import Shape, read_shape, write_shape
from redstick.protocols.times import read_time, write_time
from redstick.protocols.xml_tree import read_xml

LOST = "urn:ietf:params:xml:ns:lost1"
SIMILAR = "urn:ietf:params:xml:ns:lost-rli1"
MEDIA_TYPE = "application/lost+xml"
MOST_BYTES = 1 << 20
KINDS = ("findService", "listServicesByLocation", "listServices")

register_namespace("lost", LOST)
register_namespace("rli", SIMILAR)


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question about one place: a civic address or a shape. `kind` is one of `KINDS`.

    `boundary` asks for the area within which the answer holds, as `value` or `reference`; `more` for the whole address
    where it is known (`complete`), or for such that resemble it (`similar`); `as_of` (ms) for what will hold then.
    """

    service: str = ""
    civic: Civic | None = None
    shape: Shape | None = None
    kind: str = "findService"
    id: str = "l1"
    validate: bool = False
    recursive: bool = False
    boundary: str = ""
    more: str = ""
    as_of: int | None = None


def lost(name: str) -> str:
    """A name in the namespace of LoST."""
    return f"{{{LOST}}}{name}"


def write_question(question: Question) -> bytes:
    """The bytes of a question."""
    said = {
        "recursive": "true" if question.recursive else "", "validateLocation": "true" if question.validate else "",
        "serviceBoundary": question.boundary, f"{{{SIMILAR}}}returnAdditionalLocation": question.more,
    }  # fmt: skip
    root = Element(lost(question.kind), {name: value for name, value in said.items() if value})
    if question.as_of is not None:
        SubElement(root, lost("asOf")).text = write_time(question.as_of)
    if question.civic is None and question.shape is None:
        _write_service(root, question)
        return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
    profile = "civic" if question.civic is not None else "geodetic-2d"
    location = SubElement(root, lost("location"), {"id": question.id, "profile": profile})
    if question.civic is not None:
        write_civic(location, question.civic)
    elif question.shape is not None:
        write_shape(location, question.shape)
    _write_service(root, question)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _write_service(root: Element, question: Question) -> None:
    if question.service:
        SubElement(root, lost("service")).text = question.service


def read_question(data: bytes) -> Question:
    """The question that `data` holds; of several locations the first that we read, as the RFC has it (section 12)."""
    root = read_xml(data, MOST_BYTES)
    kind = root.tag.rpartition("}")[2]
    if root.tag != lost(kind) or kind not in KINDS:
        raise Malformed(Fault("/", f"{' or '.join(KINDS)} of {LOST}"))
    civic, shape, ident = (None, None, "l1") if kind == "listServices" else _place(root, f"/{kind}")
    service = " ".join((root.findtext(lost("service")) or "").split())
    if kind == "findService" and not service:
        raise Malformed(Fault(f"/{kind}/service", "a service URN"))
    said = next((one.text or "" for one in root if one.tag.rpartition("}")[2] == "asOf"), None)
    as_of = None if said is None else read_time(said.strip())
    if said is not None and as_of is None:
        raise Malformed(Fault(f"/{kind}/asOf", "a time with its offset (RFC 3339)"))
    return Question(
        as_of=as_of, service=service, civic=civic, shape=shape, kind=kind, id=ident,
        validate=_is_true(root, "validateLocation"),
        recursive=_is_true(root, "recursive"), boundary=root.get("serviceBoundary", ""),
        more=root.get(f"{{{SIMILAR}}}returnAdditionalLocation", ""),
    )  # fmt: skip


def _place(root: Element, place: str) -> tuple[Civic | None, Shape | None, str]:
    for location in root.findall(lost("location")):
        civic = location.find(f"{{{CIVIC}}}civicAddress")
        if civic is not None:
            return read_civic(civic, f"{place}/location"), None, location.get("id", "")
        for element in location:
            shape = read_shape(element, f"{place}/location")
            if shape is not None:
                return None, shape, location.get("id", "")
    raise Malformed(Fault(f"{place}/location", "a civic address or a shape"))


def _is_true(root: Element, name: str) -> bool:
    return root.get(name, "false").strip().lower() in {"true", "1"}

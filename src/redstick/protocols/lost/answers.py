"""What a LoST server answers: mappings, a validation, services, a redirect, or an error. Raises Malformed."""

from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec
from defusedxml.ElementTree import iterparse

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.geopriv.civic import CIVIC, Civic, read_civic
from redstick.protocols.geopriv.shapes import Shape, read_shape
from redstick.protocols.lost.requests import MOST_BYTES, SIMILAR, lost
from redstick.protocols.times import read_time, write_time
from redstick.protocols.xml_tree import read_xml

NEVER_KEEP, KEEP_FOR_EVER = "NO-CACHE", "NO-EXPIRATION"
ERRORS = (
    "badRequest", "forbidden", "internalError", "locationProfileUnrecognized", "locationInvalid",
    "SRSInvalid", "loop", "notFound", "serverError", "serverTimeout", "serviceNotImplemented",
)  # fmt: skip


class Name(msgspec.Struct, frozen=True, order=True):
    """The name of an element of an address, with its namespace."""

    name: str
    namespace: str = CIVIC


class Validation(msgspec.Struct, frozen=True, kw_only=True):
    """What the server makes of the elements of an address (section 8.4.2). What it does not name it did not look at."""

    valid: tuple[Name, ...] = ()
    invalid: tuple[Name, ...] = ()
    unchecked: tuple[Name, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing was found wrong, and something was found right."""
        return bool(self.valid) and not self.invalid


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call. `expires_at` is ms, None where it must not be kept or for ever (`keeping` says which).

    A boundary that cannot be read costs the boundary, not whom to call: it is named in `faults`.
    """

    service: str
    uris: tuple[str, ...]
    source: str = ""
    source_id: str = ""
    updated_at: int | None = None
    expires_at: int | None = None
    keeping: str = ""
    name: str = ""
    number: str = ""
    boundary: tuple[Shape, ...] = ()
    boundary_reference: str = ""
    faults: tuple[Fault, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer. `complete` is the whole address as the server knows it; `services` those of listServices."""

    mappings: tuple[Mapping, ...] = ()
    validation: Validation | None = None
    complete: Civic | None = None
    services: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    path: tuple[str, ...] = ()


class Redirect(msgspec.Struct, frozen=True):
    """Another server is to be asked."""

    target: str
    message: str = ""


class Refused(msgspec.Struct, frozen=True):
    """The server has no answer; `kind` is one of `ERRORS`."""

    kind: str
    message: str = ""


def read_answer(data: bytes) -> Answer | Redirect | Refused:
    """The answer that `data` holds."""
    root = read_xml(data, MOST_BYTES)
    kind = root.tag.rpartition("}")[2]
    if root.tag != lost(kind):
        raise Malformed(Fault("/", "an answer of LoST"))
    if kind == "redirect":
        return Redirect(root.get("target", ""), root.get("message", ""))
    if kind == "errors":
        found = [child for child in root if child.tag.rpartition("}")[2] in ERRORS]
        if not found:
            raise Malformed(Fault("/errors", f"one of {', '.join(ERRORS)}"))
        return Refused(found[0].tag.rpartition("}")[2], found[0].get("message", ""))
    if kind not in {"findServiceResponse", "listServicesByLocationResponse", "listServicesResponse"}:
        raise Malformed(Fault("/", "findServiceResponse, listServices(ByLocation)Response, redirect or errors"))
    prefixes = _prefixes(data)
    validation = root.find(lost("locationValidation"))
    complete = root.find(f".//{{{SIMILAR}}}completeLocation/{{{CIVIC}}}civicAddress")
    warnings = root.find(lost("warnings"))
    return Answer(
        mappings=tuple(_mapping(one, f"/{kind}/mapping") for one in root.findall(lost("mapping"))),
        validation=None if validation is None else _validation(validation, prefixes),
        complete=None if complete is None else read_civic(complete, f"/{kind}/completeLocation"),
        services=tuple((root.findtext(lost("serviceList")) or "").split()),
        warnings=tuple(one.tag.rpartition("}")[2] for one in (warnings if warnings is not None else ())),
        path=tuple(one.get("source", "") for one in root.findall(f"{lost('path')}/{lost('via')}")),
    )


def _mapping(element: Element, place: str) -> Mapping:
    said = element.get("expires", "")
    keeping = said if said in {NEVER_KEEP, KEEP_FOR_EVER} else ""
    expires = None if keeping else read_time(said)
    if not keeping and expires is None:
        raise Malformed(Fault(f"{place}/@expires", f"a time, {NEVER_KEEP} or {KEEP_FOR_EVER}"))
    service = " ".join((element.findtext(lost("service")) or "").split())
    if not service:
        raise Malformed(Fault(f"{place}/service", "a service URN"))
    shapes, faults = _boundary(element.find(lost("serviceBoundary")), place)
    reference = element.find(lost("serviceBoundaryReference"))
    return Mapping(
        service=service, uris=tuple((one.text or "").strip() for one in element.findall(lost("uri"))),
        source=element.get("source", ""), source_id=element.get("sourceId", ""),
        updated_at=read_time(element.get("lastUpdated", "")), expires_at=expires, keeping=keeping,
        name=(element.findtext(lost("displayName")) or "").strip(),
        faults=tuple(faults), number=(element.findtext(lost("serviceNumber")) or "").strip(), boundary=tuple(shapes),
        boundary_reference="" if reference is None else reference.get("key", ""),
    )  # fmt: skip


def _boundary(element: Element | None, place: str) -> tuple[list[Shape], list[Fault]]:
    shapes: list[Shape] = []
    faults: list[Fault] = []
    for one in element if element is not None else ():
        try:
            shape = read_shape(one, f"{place}/serviceBoundary")
        except Malformed as malformed:
            faults.extend(malformed.faults)
        else:
            shapes += [] if shape is None else [shape]
    return shapes, faults


def _validation(element: Element, prefixes: dict[str, str]) -> Validation:
    return Validation(
        valid=_names(element, "valid", prefixes), invalid=_names(element, "invalid", prefixes),
        unchecked=_names(element, "unchecked", prefixes),
    )  # fmt: skip


def _names(element: Element, kind: str, prefixes: dict[str, str]) -> tuple[Name, ...]:
    place = f"/findServiceResponse/locationValidation/{kind}"
    found = []
    for text in (element.findtext(lost(kind)) or "").split():
        prefix, colon, name = text.rpartition(":")
        if colon and prefix not in prefixes:
            raise Malformed(Fault(place, f"a prefix that is declared, not {prefix[:40]!r}"))
        found.append(Name(name, prefixes[prefix] if colon else prefixes.get("", "")))
    return tuple(found)


def _prefixes(data: bytes) -> dict[str, str]:
    """The prefixes that a document declares, the last of each; the lists of names need them (QNames in content)."""
    return {prefix or "": uri for _, (prefix, uri) in iterparse(BytesIO(data), events=("start-ns",))}


def write_answer(answer: Answer) -> bytes:
    """The bytes of an answer to findService: for servers that tests play, and for those of a neighbour."""
    root = Element(lost("findServiceResponse"))
    for mapping in answer.mappings:
        said = {"source": mapping.source, "sourceId": mapping.source_id, "expires": mapping.keeping}
        if mapping.updated_at is not None:
            said["lastUpdated"] = write_time(mapping.updated_at)
        if mapping.expires_at is not None:
            said["expires"] = write_time(mapping.expires_at)
        written = SubElement(root, lost("mapping"), said)
        for name, text in (("displayName", mapping.name), ("service", mapping.service)):
            if text:
                SubElement(written, lost(name)).text = text
        for uri in mapping.uris:
            SubElement(written, lost("uri")).text = uri
        if mapping.number:
            SubElement(written, lost("serviceNumber")).text = mapping.number
    if answer.validation is not None:
        _write_validation(SubElement(root, lost("locationValidation")), answer.validation)
    path = SubElement(root, lost("path"))
    for source in answer.path:
        SubElement(path, lost("via"), {"source": source})
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _write_validation(element: Element, validation: Validation) -> None:
    names = (*validation.valid, *validation.invalid, *validation.unchecked)
    prefixes = {space: f"n{number}" for number, space in enumerate(sorted({one.namespace for one in names}))}
    for space, prefix in prefixes.items():
        element.set(f"xmlns:{prefix}", space)
    for kind in ("valid", "invalid", "unchecked"):
        said = " ".join(f"{prefixes[one.namespace]}:{one.name}" for one in getattr(validation, kind))
        if said:
            SubElement(element, lost(kind)).text = said

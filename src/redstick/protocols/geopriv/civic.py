"""Civic addresses (RFC 4119, RFC 5139, extended by RFC 6848): elements as they came, ours known by name.

An element of another namespace is kept with it: it may be what a neighbour's address needs.
"""

from xml.etree.ElementTree import Element, SubElement

import msgspec

from redstick.protocols.faults import Fault, Malformed

CIVIC = "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"
EXTENDED = f"{CIVIC}:ext"
NENA = "urn:nena:xml:ns:civicAddr"  # STA-004's own elements, as its published schemas name them
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
NAMES = (
    "country", "A1", "A2", "A3", "A4", "A5", "A6", "PRM", "PRD", "RD", "STS", "POD", "POM", "RDSEC", "RDBR", "RDSUBBR",
    "HNO", "HNS", "LMK", "LOC", "FLR", "NAM", "PC", "BLD", "UNIT", "ROOM", "SEAT", "PLC", "PCN", "POBOX", "ADDCODE",
)  # fmt: skip
EXTENDED_NAMES = ("PN", "MP", "STP", "HNP", "STPS", "LMKP")
MOST_ELEMENTS, MOST_TEXT = 80, 500


class Field(msgspec.Struct, frozen=True):
    """One element: its name, what it says, and its namespace where it is not that of RFC 5139."""

    name: str
    value: str
    namespace: str = CIVIC


class Civic(msgspec.Struct, frozen=True):
    """A civic address; the elements in their order. `language` is its xml:lang, empty when it is not said."""

    fields: tuple[Field, ...]
    language: str = ""

    def get(self, name: str) -> str:
        """The first element of a name, of whatever namespace; empty when there is none."""
        return next((field.value for field in self.fields if field.name == name), "")


def read_civic(element: Element, place: str) -> Civic:
    """The address that an element is. Raises Malformed. Elements that are empty say nothing and are left out."""
    place = f"{place}/civicAddress"
    if len(element) > MOST_ELEMENTS:
        raise Malformed(Fault(place, f"at most {MOST_ELEMENTS} elements"))
    fields: list[Field] = []
    for child in element:
        namespace, _, name = child.tag.rpartition("}")
        namespace = namespace.removeprefix("{")
        if len(child):
            raise Malformed(Fault(f"{place}/{name}", "text, no further elements"))
        value = " ".join((child.text or "").split())
        if len(value) > MOST_TEXT:
            raise Malformed(Fault(f"{place}/{name}", f"at most {MOST_TEXT} characters"))
        if namespace == CIVIC and name in NAMES and any(field.name == name for field in fields):
            raise Malformed(Fault(f"{place}/{name}", "one of it"))
        if value:
            fields.append(Field(name, value, namespace))
    country = next((field.value for field in fields if field.name == "country"), "US")
    if len(country) != 2 or not country.isalpha():
        raise Malformed(Fault(f"{place}/country", "two letters (ISO 3166-1)"))
    if not fields:
        raise Malformed(Fault(place, "one element at least"))
    return Civic(tuple(fields), element.get(LANGUAGE, ""))


def write_civic(parent: Element, civic: Civic) -> None:
    """Put the element of an address below another."""
    written = SubElement(parent, f"{{{CIVIC}}}civicAddress", {LANGUAGE: civic.language} if civic.language else {})
    for field in civic.fields:
        tag = f"{{{field.namespace}}}{field.name}" if field.namespace else field.name
        SubElement(written, tag).text = field.value

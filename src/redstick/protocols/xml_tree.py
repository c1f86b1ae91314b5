"""XML from strangers: bounded in size and depth, no DTD, no entities: nothing expands and nothing is fetched."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from redstick.protocols.faults import Fault, Malformed

MOST_DEPTH = 60


def read_xml(data: bytes, most_bytes: int) -> Element:
    """The root element. Raises Malformed, with line and column where they are known."""
    if len(data) > most_bytes:
        raise Malformed(Fault("/", f"at most {most_bytes} bytes, not {len(data)}"))
    try:
        root: Element = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Malformed(Fault("/", "no document type and no entities")) from error
    except ParseError as error:
        line, column = error.position
        raise Malformed(Fault(f"/ (line {line}, column {column})", f"well-formed XML ({error.msg})")) from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise Malformed(Fault("/", f"an encoding that can be read ({error})")) from error
    _refuse_depth(root)
    return root


def _refuse_depth(root: Element) -> None:
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise Malformed(Fault(f"/…/{element.tag}", f"at most {MOST_DEPTH} levels"))
        waiting.extend((child, depth + 1) for child in element)

"""HELD (RFC 5985, identity by RFC 6155): asking a location server where a device is, and what it answers.

What travels over HTTP is for an adapter. Raises Malformed with the path of the element.
"""

import re
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.geopriv.presence import Presence, read_presence
from redstick.protocols.pidf_lo import PIDF
from redstick.protocols.times import read_time
from redstick.protocols.xml_tree import read_xml

HELD = "urn:ietf:params:xml:ns:geopriv:held"
IDENTITY = f"{HELD}:id"
MEDIA_TYPE = "application/held+xml"
MOST_BYTES = 1 << 20
KINDS = ("any", "civic", "geodetic", "locationURI")
SOON = ("emergencyRouting", "emergencyDispatch")
MOST_WAIT_MS = 60_000
_TIME = re.compile(r"[0-9]{1,6}")

register_namespace("held", HELD)
register_namespace("heldid", IDENTITY)


class LocationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A question. `wait` is milliseconds, one of `SOON`, or nothing; `device` are its names (`ip`, `tel`, `uri`…)."""

    kinds: tuple[str, ...] = ()
    exact: bool = False
    wait: str = ""
    device: tuple[tuple[str, str], ...] = ()


class LocationResponse(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: a location, references to it that hold until `expires_at` (ms), or both."""

    presence: Presence | None = None
    uris: tuple[str, ...] = ()
    expires_at: int | None = None


class LocationError(msgspec.Struct, frozen=True):
    """The server has no answer; `code` is one of RFC 5985 section 6.3, `timeout` and `locationUnknown` among them."""

    code: str
    message: str = ""


def write_request(request: LocationRequest) -> bytes:
    """The bytes of a question."""
    root = Element(_held("locationRequest"), {"responseTime": request.wait} if request.wait else {})
    if request.kinds:
        kinds = SubElement(root, _held("locationType"), {"exact": "true"} if request.exact else {})
        kinds.text = " ".join(request.kinds)
    if request.device:
        device = SubElement(root, f"{{{IDENTITY}}}device")
        for name, value in request.device:
            SubElement(device, f"{{{IDENTITY}}}{name}").text = value
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def read_request(data: bytes) -> LocationRequest:
    """The question that `data` holds."""
    root = read_xml(data, MOST_BYTES)
    if root.tag != _held("locationRequest"):
        raise Malformed(Fault("/", f"a locationRequest of {HELD}"))
    wait = root.get("responseTime", "")
    if wait and wait not in SOON and not _TIME.fullmatch(wait):
        raise Malformed(Fault("/locationRequest/@responseTime", f"milliseconds, or {' or '.join(SOON)}"))
    kinds = root.find(_held("locationType"))
    said = tuple((kinds.text or "").split()) if kinds is not None else ()
    if any(kind not in KINDS for kind in said):
        raise Malformed(Fault("/locationRequest/locationType", f"some of {', '.join(KINDS)}"))
    device = root.find(f"{{{IDENTITY}}}device")
    names = tuple((child.tag.rpartition("}")[2], (child.text or "").strip()) for child in device or ())
    exact = kinds is not None and kinds.get("exact", "false") in {"true", "1"}
    return LocationRequest(kinds=said, exact=exact, wait=wait, device=names)


def read_response(data: bytes) -> LocationResponse | LocationError:
    """The answer that `data` holds; a bare PIDF-LO, as some servers give it to a GET, is one too."""
    root = read_xml(data.strip(), MOST_BYTES)
    if root.tag == f"{{{PIDF}}}presence":
        return LocationResponse(presence=read_presence(data.strip()))
    if root.tag == _held("error"):
        return LocationError(root.get("code", ""), (root.findtext(_held("message")) or "").strip())
    if root.tag != _held("locationResponse"):
        raise Malformed(Fault("/", f"a locationResponse or an error of {HELD}"))
    held = root.find(f"{{{PIDF}}}presence")
    presence = None if held is None else read_presence(bytes(tostring(held, encoding="utf-8")))
    given = root.find(_held("locationUriSet"))
    uris = tuple((one.text or "").strip() for one in (given.findall(_held("locationURI")) if given is not None else ()))
    if presence is None and not uris:
        raise Malformed(Fault("/locationResponse", "a location or a reference to it"))
    expires = None if given is None else read_time(given.get("expires", ""))
    return LocationResponse(presence=presence, uris=uris, expires_at=expires)


def _held(name: str) -> str:
    return f"{{{HELD}}}{name}"

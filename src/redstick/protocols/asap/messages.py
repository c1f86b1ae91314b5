"""Alarm messages as values, and their XML (our profile) both ways."""

from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec

from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.times import read_time, write_time
from redstick.protocols.xml_tree import read_xml

NAMESPACE = "urn:redstick:alarm-profile:1"
MOST_BYTES = 256 << 10
MOST_TEXT = 2_000
DEGREE = 10_000_000


class Reason(StrEnum):
    """Why an alarm is refused."""

    BAD_ADDRESS = "bad_address"
    BAD_TYPE = "bad_type"
    TOO_OLD = "too_old"
    OTHER = "other"


class Side(StrEnum):
    """Who speaks in an update."""

    STATION = "station"
    CENTER = "center"


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A new alarm. `id` is the station's own number for it; times are milliseconds since the epoch.

    `address` is the premises' address as it was verified beforehand; `callback` the station's operator.
    """

    station: str
    id: str
    kind: str
    sent_at: int
    happened_at: int
    address: str
    municipality: str = ""
    state: str = ""
    premises: str = ""
    zone: str = ""
    callback: str = ""
    text: str = ""


class Accept(msgspec.Struct, frozen=True, kw_only=True):
    """The alarm is an incident here, under this number."""

    station: str
    id: str
    incident: str


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """The alarm is refused: the station must call by voice."""

    station: str
    id: str
    reason: Reason
    text: str = ""


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """More about an alarm, from either side; `update` tells updates of one alarm apart."""

    station: str
    id: str
    update: str
    side: Side
    sent_at: int
    text: str


Message = Alarm | Accept | Reject | Update
KINDS: dict[str, type[Message]] = {"alarm": Alarm, "accept": Accept, "reject": Reject, "update": Update}
NAMES = {kind: name for name, kind in KINDS.items()}
TIMES = {"sent_at", "happened_at"}
WORDS: dict[str, type[StrEnum]] = {"reason": Reason, "side": Side}
MAY_BE_EMPTY = {"municipality", "state", "premises", "zone", "callback", "text"}


def write_message(message: Message) -> bytes:
    """The XML of a message."""
    root = Element("alarmMessage", {"xmlns": NAMESPACE})
    inner = SubElement(root, NAMES[type(message)])
    for field in msgspec.structs.fields(message):
        value = getattr(message, field.name)
        if value not in ("", None):
            text = write_time(value) if field.name in TIMES else str(value)
            SubElement(inner, _element(field.name)).text = text
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def read_message(data: bytes) -> Message:
    """The message that `data` holds. Raises Malformed with every fault."""
    root = read_xml(data, MOST_BYTES)
    if root.tag != f"{{{NAMESPACE}}}alarmMessage" or len(root) != 1:
        raise Malformed(Fault("/", f"an alarmMessage of {NAMESPACE} that holds one message"))
    name = root[0].tag.rpartition("}")[2]
    if name not in KINDS:
        raise Malformed(Fault(f"/alarmMessage/{name}", f"one of {', '.join(KINDS)}"))
    kind = KINDS[name]
    fields = {_element(field.name): field for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for element in root[0]:
        field_name = element.tag.rpartition("}")[2]
        place = f"/alarmMessage/{name}/{field_name}"
        field = fields.get(field_name)
        if field is None or field.name in values or len(element):
            faults.append(Fault(place, "a text of this message, once"))
            continue
        value = _read(field.name, (element.text or "").strip())
        if isinstance(value, Fault):
            faults.append(Fault(place, value.expected))
        values[field.name] = value
    missing = [field for field in fields.values() if field.required and field.name not in values]
    faults += [Fault(f"/alarmMessage/{name}/{_element(field.name)}", "a value; it is mandatory") for field in missing]
    if faults:
        raise Malformed(*faults)
    return kind(**values)


def _read(name: str, text: str) -> str | int | Fault:
    if len(text) > MOST_TEXT:
        return Fault("", f"at most {MOST_TEXT} characters")
    if name in TIMES:
        time = read_time(text)
        return Fault("", "a time with its offset") if time is None else time
    if name in WORDS:
        known = list(WORDS[name])
        return WORDS[name](text) if text in known else Fault("", f"one of {', '.join(known)}")
    return text if text or name in MAY_BE_EMPTY else Fault("", "something; it is empty")


def _element(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)

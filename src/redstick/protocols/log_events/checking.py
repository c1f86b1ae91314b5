"""What is wrong with a log event: every fault with its path, from the envelope to the words of its kind."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from redstick.protocols.emergency_ids import is_domain_name, read_emergency_id
from redstick.protocols.faults import Fault, Malformed
from redstick.protocols.log_events.kinds import ENVELOPE, LISTS, NEEDS, NUMBERS, SPELLINGS, WORDS
from redstick.protocols.times import read_time

MOST_OFFSET_H = 14
MOST_TEXT = 1 << 20
_AGENT = re.compile(r"[A-Za-z0-9_+\-]+(?:\.[A-Za-z0-9_+\-]+)*")
_OFFSET = re.compile(r"[+-]([0-9]{2}):([0-9]{2})$")
IDS = {"callId": "callid", "incidentId": "incidentid"}


def faults_of(event: Any) -> list[Fault]:
    """What is wrong with the value of a log event; empty when nothing is."""
    return list(_faults(event))


def _faults(event: Any) -> Iterator[Fault]:
    if not isinstance(event, dict):
        yield Fault("$", "an object")
        return
    said = event.get("logEventType")
    kind = SPELLINGS.get(said, said) if isinstance(said, str) else None
    if kind not in NEEDS:
        yield Fault("$.logEventType", f"one of the {len(NEEDS)} kinds of log event")
    for name in (*ENVELOPE, *NEEDS.get(kind or "", ())):
        if name not in event:
            yield Fault(f"$.{name}", "a value; it is mandatory")
    for name, value in event.items():
        yield from _of_field(str(name), value)


def _of_field(name: str, value: Any) -> Iterator[Fault]:
    place = f"$.{name[:80]}"
    if name in LISTS:
        if not isinstance(value, list) or not value:
            yield Fault(place, "a list of one at least")
        elif name == "mediaLabel" and not all(isinstance(one, str) for one in value):
            yield Fault(place, "a list of texts")
    elif name in NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Fault(place, "a whole number")
    elif name in {"extension", "localUse"}:
        if not isinstance(value, dict | str):  # the interface says object, its test suite a text
            yield Fault(place, "an object or a text")
    elif not isinstance(value, str):
        yield Fault(place, "a text")
    elif len(value) > MOST_TEXT:
        yield Fault(place, f"at most {MOST_TEXT} characters")
    else:
        yield from _of_text(name, value, place)


def _of_text(name: str, value: str, place: str) -> Iterator[Fault]:
    if name == "timestamp" and not _is_time(value):
        yield Fault(place, "a time with its offset (RFC 3339)")
    elif name in {"elementId", "agencyId"} and not is_domain_name(value):
        yield Fault(place, "a domain name")
    elif name == "agencyAgentId" and not _is_agent(value):
        yield Fault(place, "an agent's name, an @ sign, and the domain name of the agency")
    elif name in IDS:
        try:
            read_emergency_id(value, place, IDS[name])
        except Malformed as malformed:
            yield from malformed.faults
    elif name in WORDS and value not in WORDS[name]:
        yield Fault(place, f"one of {', '.join(WORDS[name])}")
    elif name == "callIdSip" and (not value or any(sign.isspace() for sign in value)):
        yield Fault(place, "a SIP Call-ID")
    elif name == "ipAddressPort" and not _is_address(value):
        yield Fault(place, "an address with a port, or a domain name")
    elif name == "mediaQualityStats":
        yield from _of_quality(value, place)


def _is_time(value: str) -> bool:
    offset = _OFFSET.search(value)
    hours = int(offset[1]) if offset else 0
    least = MOST_OFFSET_H if offset and value[-6] == "+" else 12  # +14:00 and -12:00 are the ends of the world
    return read_time(value) is not None and hours <= least and (offset is None or int(offset[2]) < 60)


def _is_agent(value: str) -> bool:
    name, _, domain = value.partition("@")
    return bool(_AGENT.fullmatch(name)) and is_domain_name(domain)


def _is_address(value: str) -> bool:
    host, colon, port = value.rpartition(":")
    if not colon or value.endswith("]"):
        host, port = value, "0"
    if not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65_535:
        return False
    host = host.removeprefix("[").removesuffix("]")
    try:
        ip_address(host)
    except ValueError:
        return is_domain_name(host) and not re.fullmatch(r"[0-9.]+", host)
    return True


def _of_quality(value: str, place: str) -> Iterator[Fault]:
    """A report of RFC 6035, as the test suite writes it: sections, and numbers in each."""
    lines = value.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "VQSessionReport:CallTerm":
        yield Fault(place, "VQSessionReport:CallTerm in the first line")
    described = {line.partition("=")[0]: line.partition("=")[2] for line in lines if line.startswith("SessionDesc:")}
    for wanted in ("PT", "Codec", "SampleRate"):
        if not described.get(f"SessionDesc:{wanted}", "").strip():
            yield Fault(f"{place} (SessionDesc)", wanted)
    for section in ("LocalMetrics", "RemoteMetrics"):
        found = _section(lines, section)
        for wanted in ("Jitter", "PacketLoss", "Delay", "MOSLQ"):
            if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", found.get(wanted, "").strip()):
                yield Fault(f"{place} ({section})", f"{wanted} as a number")
    dialog = next((line.partition(":")[2] for line in lines if line.startswith("DialogID:")), "")
    if not re.fullmatch(r"[^\s;]+;to-tag=[^\s;]+;from-tag=[^\s;]+", dialog.strip()):
        yield Fault(f"{place} (DialogID)", "a Call-ID with to-tag and from-tag")


def _section(lines: list[str], name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    within = False
    for line in lines:
        key, _, value = line.partition(":")
        if key in {"LocalMetrics", "RemoteMetrics", "DialogID", "SessionDesc", "VQSessionReport"}:
            within = key == name
        elif within:
            found.setdefault(key, value)
    return found

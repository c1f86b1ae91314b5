"""Who can be reached, for phones that ask (RFC 3856): presence as it is seen in the directory, as PIDF with RPID.

Open is who would be rung now, speaking or away all the same (RFC 3863); what keeps somebody, RFC 4480 has words for.
"""

from collections.abc import Mapping
from typing import Any

from redstick.phones.lookups import presence_of
from redstick.phones.rules.calls import CallAnswered, CallBegun, CallEnded, CallHandedOn, CallParked, CallPickedUp
from redstick.phones.rules.people import NumberAssigned, NumberReleased
from redstick.phones.rules.places import DeviceAdded, DeviceRemoved, DeviceReported
from redstick.phones.rules.settings import PresenceSet
from redstick.server.phoning.watching import Package

ACTIVITIES = {"busy": "on-the-phone", "away": "away", "dnd": "busy"}
CLOSED = {"unreachable", "dnd"}


def state_of(states: Mapping[str, Any], number: str) -> str:
    """`available`, `away`, `dnd`, `busy` or `unreachable`; what is none of ours is not reachable."""
    return str(presence_of(states["phones"], number))


def document(number: str, said: str, version: int, realm: str) -> bytes:
    """Everything that is told of a number; `number` may be what a stranger asked for. PIDF counts no versions."""
    del version
    name = number if number.isalnum() else ""
    doing = ACTIVITIES.get(said, "")
    person = f'<d:person id="p"><r:activities><r:{doing}/></r:activities></d:person>' if doing else ""
    spaces = "".join(
        f' xmlns{prefix}="urn:ietf:params:xml:ns:pidf{space}"'
        for prefix, space in (("", ""), (":d", ":data-model"), (":r", ":rpid"))
    )
    basic = "closed" if said in CLOSED else "open"
    inside = f'<tuple id="t"><status><basic>{basic}</basic></status></tuple>{person}'
    return f'<?xml version="1.0"?>\r\n<presence{spaces} entity="sip:{name}@{realm}">{inside}</presence>\r\n'.encode()


PRESENCE = Package(
    "presence",
    (
        CallBegun, CallAnswered, CallEnded, CallHandedOn, CallParked, CallPickedUp,
        PresenceSet, DeviceReported, DeviceAdded, DeviceRemoved, NumberAssigned, NumberReleased,
    ),
    state_of,
    document,
)  # fmt: skip

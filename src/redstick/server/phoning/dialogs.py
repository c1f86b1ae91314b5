"""Who speaks, for phones that show it by a lamp (RFC 4235): that an extension rings or speaks, and never with whom."""

from collections.abc import Mapping
from typing import Any

from redstick.comms.rules.legs import LegAnswered, LegState
from redstick.comms.rules.placing import LegPlaced
from redstick.phones.lookups import calls_of, extension_of
from redstick.phones.rules.calls import CallAnswered, CallBegun, CallEnded, CallHandedOn, CallParked, CallPickedUp
from redstick.published.comms import LegEnded, Reason
from redstick.server.phoning.watching import Package

SPEAKS, RINGS, IDLE = "confirmed", "early", ""


def state_of(states: Mapping[str, Any], number: str) -> str:
    """Whether an extension speaks, rings, or neither; what is none of ours does neither."""
    phones, legs = states["phones"], states["comms"].legs
    if extension_of(phones, number) is None:
        return IDLE
    if calls_of(phones, number):
        return SPEAKS
    for leg in legs.values():
        placed = leg.placing
        if placed is not None and placed.reason is Reason.PHONE:
            device = phones.devices.get(placed.target.removeprefix("sip:").partition("@")[0])
            if device is not None and device.number == number:
                return RINGS if leg.state is LegState.PLACED else SPEAKS
    return IDLE


def document(number: str, said: str, version: int, realm: str) -> bytes:
    """Everything that is told of a number; `number` may be what a stranger asked for."""
    name = number if number.isalnum() else ""
    inside = f'<dialog id="{name}"><state>{said}</state></dialog>' if said else ""
    head = f'<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="{version}" state="full"'
    return f'<?xml version="1.0"?>\r\n{head} entity="sip:{name}@{realm}">{inside}</dialog-info>\r\n'.encode()


DIALOGS = Package(
    "dialog",
    (CallBegun, CallAnswered, CallEnded, CallHandedOn, CallParked, CallPickedUp, LegPlaced, LegAnswered, LegEnded),
    state_of,
    document,
)

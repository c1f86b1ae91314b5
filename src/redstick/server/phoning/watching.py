"""Who speaks, for phones that show it by a lamp (RFC 4235): that an extension rings or speaks, and never with whom."""

from collections.abc import Callable, Mapping
from typing import Any

from redstick.comms.ports import MediaPort
from redstick.comms.rules.legs import LegAnswered, LegState
from redstick.comms.rules.placing import LegPlaced
from redstick.kernel.fold import Fact
from redstick.phones.lookups import calls_of, extension_of
from redstick.phones.rules.calls import CallAnswered, CallBegun, CallEnded, CallHandedOn, CallParked, CallPickedUp
from redstick.published.comms import LegEnded, Reason

DIALOG = "dialog"
CHANGES = (
    CallBegun, CallAnswered, CallEnded, CallHandedOn, CallParked, CallPickedUp, LegPlaced, LegAnswered, LegEnded,
)  # fmt: skip
SPEAKS, RINGS, IDLE = "confirmed", "early", ""


class Watching:
    """Tells an engine of the extensions that somebody watches, as they change. `realm` is that of the phones."""

    def __init__(self, engine: MediaPort, states: Callable[[], Mapping[str, Any]], realm: str) -> None:
        self._engine, self._states, self._realm = engine, states, realm
        self._told: dict[str, str] = {}  # by number, what was told last
        self._version = 0

    def watch(self, number: str) -> None:
        """Somebody wants to know of a number, from now on."""
        self._told[number] = said = state_of(self._states(), number)
        self._tell(number, said)

    def note(self, facts: list[Fact]) -> None:
        """What was committed: numbers that are watched no more are told to nobody, and forgotten."""
        if not self._told or not any(isinstance(fact.event, CHANGES) for fact in facts):
            return
        for number, before in list(self._told.items()):
            now = state_of(self._states(), number)
            if now != before:
                self._told[number] = now
                if not self._tell(number, now):
                    del self._told[number]

    def _tell(self, number: str, said: str) -> bool:
        self._version += 1
        return self._engine.inform(DIALOG, number, document(number, said, self._version, self._realm))


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

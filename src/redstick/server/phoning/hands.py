"""What calls of the phones are worked with: an engine, the journal, names for new things; and who is in a call."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from redstick.comms.ports import Digit, MediaPort, RecordingFailed, Sound
from redstick.comms.rules.legs import LegAnswered
from redstick.comms.rules.placing import LegProgressed
from redstick.comms.signalling import TransferAsked
from redstick.kernel.values import Command, Instant, Outcome
from redstick.phones.lookups import user_name
from redstick.phones.state import Phones
from redstick.published.comms import LegEnded
from redstick.server.phoning.carrying import Carried
from redstick.server.phoning.helping import Helping
from redstick.server.phoning.pins import BoxPins
from redstick.server.phoning.serving import Studio

REASONS = {
    400: "Bad Request", 403: "Forbidden", 404: "Not Found", 480: "Temporarily Unavailable", 482: "Loop Detected",
    481: "Call/Transaction Does Not Exist",
    484: "Address Incomplete", 486: "Busy Here", 503: "Service Unavailable", 603: "Decline",
}  # fmt: skip

Told = LegAnswered | LegProgressed | LegEnded | TransferAsked | Digit | RecordingFailed  # what a call hears of its legs


class Party(msgspec.Struct, frozen=True):
    """One end of a call: its leg, its number, and the phone or the trunk that it is on."""

    leg: str
    number: str
    device: str = ""
    trunk: str = ""
    group: str = ""


@dataclass(frozen=True)
class Hands:
    """`ask` asks as the house and gives the durable outcome, `name` makes a new id with a prefix.

    `realm` is the domain of our phones' addresses; `waiting` is what somebody hears whose phone does not ring itself.
    `studio` is what the house itself says, `pins` open boxes, `now` is the city's time. `carried` holds what goes with
    legs that are about to be placed; `to_floor` gives a call for help that is out, and that nobody has, to the floor.
    """

    engine: MediaPort
    ask: Callable[[Command], Awaitable[Outcome]]
    states: Callable[[], Mapping[str, Any]]
    name: Callable[[str], str]
    realm: str
    waiting: Sound
    studio: Studio
    now: Callable[[], Instant]
    helping: Helping
    to_floor: Callable[[str], Awaitable[None]]
    pins: BoxPins
    carried: dict[str, Carried] = field(default_factory=dict)

    @property
    def phones(self) -> Phones:
        """The committed state."""
        state: Phones = self.states()["phones"]
        return state

    def shown(self, number: str) -> str:
        """How a caller is shown to a phone, as an address of SIP with the name of an extension."""
        if not number.strip("+").isdecimal():
            return "<sip:anonymous@anonymous.invalid>"
        name = "".join(sign for sign in user_name(self.phones, number) if sign.isprintable() and sign not in '"\\')
        return f'"{name}" <sip:{number}@{self.realm}>' if name else f"<sip:{number}@{self.realm}>"


def reason_of(code: int) -> str:
    """The words of a code of SIP."""
    return REASONS.get(code, "Not Reachable")

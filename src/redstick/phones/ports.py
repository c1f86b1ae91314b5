"""What the phones need from the world: an engine that does what a route says, and a path by which people are told.

A route is a list of steps, and a step names what an engine is to do; nothing here speaks SIP. Whoever joins the two
walks the steps in order until somebody answers, and tells what became of it by `begin_call`, `answer_call`, `end_call`.

| step | what the engine does |
|---|---|
| `emergency` | offers the leg to the city's own 911 queue (target `center`) or gives it to the trunks in order |
| `ring` | rings these devices at once, for so many seconds |
| `trunk` | calls `number` by the first of these trunks that takes it |
| `voicemail` | plays the greeting of the box, records, hashes what is stored, and asks `leave_voicemail` |
| `box` | opens the box to whoever calls from its own phone (`open_box`), plays its messages, and asks `hear_at_phone` |
| `attendant` | says the menu, collects a key, and asks for the route of what the key calls |
| `page` | opens the loudspeakers of these devices to the caller alone |
| `room` | lets the leg into the conference of that name |
| `park` | holds the leg in the orbit, `pick_up` joins it with whoever dialled |
| `refuse` | says why, and ends |
"""

from enum import StrEnum
from typing import Protocol

import msgspec

from redstick.phones.state import Notice


class StepKind(StrEnum):
    """What an engine is to do."""

    EMERGENCY = "emergency"
    RING = "ring"
    TRUNK = "trunk"
    VOICEMAIL = "voicemail"
    BOX = "box"
    ATTENDANT = "attendant"
    PAGE = "page"
    ROOM = "room"
    PARK = "park"
    PICK_UP = "pick_up"
    REFUSE = "refuse"


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to do: with which targets, for how long (0: until somebody ends it), and why.

    `group` is the hunt group through which it is done, whose turn it counts for; `sound` the SHA-256 of what is said.
    """

    kind: StepKind
    targets: tuple[str, ...] = ()
    seconds: int = 0
    number: str = ""
    why: str = ""
    group: str = ""
    sound: str = ""


class Sounds(Protocol):
    """Keeps what boxes and menus say and what callers leave there: WAV by its SHA-256, 16 bits at 8,000 a second."""

    def keep(self, wav: bytes) -> str:
        """Its SHA-256, once it is durable. Raises Unavailable, and ValueError for what is no such sound."""

    def read(self, sha256: str) -> bytes | None:
        """What was kept, None where it is not here. Raises Unavailable, and Corruption where it is not what it was."""

    def drop(self, sha256: str) -> None:
        """Nobody needs it any more."""

    def octets(self, sha256: str) -> bytes | None:
        """The same to be heard: G.711 mu-law."""

    def begin(self, leg: str, note: bytes) -> None:
        """A leg is recorded from now on; the note is given back by `begun` until `forget`. Raises Unavailable."""

    def begun(self) -> list[tuple[str, bytes]]:
        """Legs that were begun and not forgotten, as those of a server that was killed, with their notes."""

    def finish(self, leg: str) -> tuple[str, int] | None:
        """What a leg said, kept: SHA-256 and milliseconds; None where it said nothing. Raises Unavailable."""

    def forget(self, leg: str) -> None:
        """What was recorded of it is elsewhere by now, or is not wanted."""


class Told(msgspec.Struct, frozen=True):
    """What a path says of a notice: whether it was handed over, and how or why not."""

    delivered: bool
    how: str


class NoticePath(Protocol):
    """By which people are told of a 911 call in their house, or of voicemail; never what a message says."""

    async def hand_over(self, notice: Notice) -> Told:
        """Give a notice to its provider, under its id: twice is as once. Raises Unavailable."""

"""What comms needs from the world: an engine that signals and carries voice.

The core never speaks SIP or SDP. Every leg bears an id of ours; an engine gives out events and takes commands. Queues,
routing and menus are decided in comms, never by an engine. What one cannot do its `capabilities` leave out.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import msgspec

from redstick.comms.signalling import SignallingEvent
from redstick.published.comms import Arrival, Fix

OPERATIONS = (
    "ring", "accept", "reject", "originate", "transfer", "attach", "join", "leave", "hold", "resume", "mute", "kick",
    "play", "stop", "echo", "say", "digits", "send_key", "inform", "record", "salvage", "hang_up", "stats", "snapshot",
)  # fmt: skip


def seat_leg(seat: str) -> str:
    """The id of a seat's standing leg: it has one, as long as its browser is here."""
    return f"seat:{seat}"


class Role(StrEnum):
    """What a leg is in a room, in which everybody hears those who speak."""

    SPEAKER = "speaker"
    LISTENER = "listener"  # hears, is not heard
    COACH = "coach"  # hears, and is heard by the seats in the room alone
    MONITOR = "monitor"  # hears, is never heard; named apart so that each listening is a fact of its own


class Sound(msgspec.Struct, frozen=True, eq=False):
    """16-bit samples at 8,000 a second, that a leg may hear again and again."""

    samples: tuple[int, ...]


class Speech(msgspec.Struct, frozen=True, eq=False):
    """What a leg hears once: G.711 mu-law, 8,000 octets a second."""

    octets: bytes


class BodyPart(msgspec.Struct, frozen=True):
    """What goes with a call that we place, beside its voice: its media type, the id by which a header names it."""

    kind: str
    id: str
    data: bytes


class Offer(msgspec.Struct, frozen=True):
    """A leg rings, with ids of NG9-1-1 only where they came.

    `user` is who of ours calls, by his password, or on a 911 line by the place that his phone registered from; "" for
    nobody of ours. `replaces` is the leg whose place it takes once it is answered (RFC 3891).
    """

    leg: str
    arrival: Arrival
    user: str = ""
    replaces: str = ""


class Moved(msgspec.Struct, frozen=True):
    """Another location came within a call."""

    leg: str
    fixes: tuple[Fix, ...]


class Progress(msgspec.Struct, frozen=True):
    """How a leg that we placed goes: 100 to 199 of SIP, told as they come."""

    leg: str
    code: int


class Answered(msgspec.Struct, frozen=True):
    """A leg that we placed was answered, or a seat's standing leg is connected; its codec."""

    leg: str
    codec: str


class Digit(msgspec.Struct, frozen=True):
    """A key was pressed, told once: 0-9, *, #, A-D. `source` is rfc4733, info or inband.

    `ms` is for how long, 0 where that was not said.
    """

    leg: str
    digit: str
    source: str
    ms: int = 0


class Text(msgspec.Struct, frozen=True):
    """Text came on a leg. `kind` is t140, msrp or message."""

    leg: str
    text: str
    kind: str


class TextSettled(msgspec.Struct, frozen=True):
    """What became of a text of ours, by the number that `say` was given: whether it is there, and else why not.

    Told once; of real-time text never, since nobody acknowledges it.
    """

    leg: str
    number: int
    delivered: bool
    why: str = ""


class Segment(msgspec.Struct, frozen=True):
    """A piece of a recording is closed: written, synced, hashed, then told.

    `sha256` is of exactly the `bytes` that stand at `path`; `chain` that of the chain before it with `sha256`. `cut`
    where whoever wrote it was killed: it ends with the last packet that was whole.
    """

    leg: str
    index: int
    path: str
    bytes: int
    sha256: str
    chain: str
    cut: bool = False


class RecordingFailed(msgspec.Struct, frozen=True):
    """What a leg says is not being kept any more."""

    leg: str
    why: str


class Over(msgspec.Struct, frozen=True):
    """A leg is over, told once: `who` is them, us or nobody."""

    leg: str
    who: str
    cause: str
    packets_in: int = 0
    packets_out: int = 0


class Stats(msgspec.Struct, frozen=True):
    """Voice of one leg. `energy` is the root mean square of what was heard, 0 to 1; `jitter_ms` as in RFC 3550.

    `refused` packets came from elsewhere than the leg said, or were none of its codec. `energy_out` is of what it was
    told.
    """

    codec: str = ""
    packets_in: int = 0
    packets_out: int = 0
    lost: int = 0
    refused: int = 0
    energy: float = 0.0
    jitter_ms: float = 0.0
    energy_out: float = 0.0


class EngineHealth(msgspec.Struct, frozen=True):
    """Whether an engine carries voice: told when it has begun, when a part of it fails, when none does any more."""

    engine: str
    up: bool
    why: str = ""


Writing = Text | TextSettled
EngineEvent = (
    Offer | Moved | Progress | Answered | Digit | Writing | Segment | RecordingFailed | Over | EngineHealth
    | SignallingEvent
)  # fmt: skip


class MediaPort(Protocol):
    """An engine. A command on a leg that is over, or that cannot take it now, gives False and does nothing.

    To ask a second time for what is so already is True and changes nothing.
    """

    @property
    def where(self) -> tuple[str, ...]:
        """The URIs at which calls are taken."""

    def listen(self, hear: Callable[[EngineEvent], None]) -> None:
        """Call `hear` with everything that happens, in order; before `open`."""

    async def open(self) -> None:
        """Begin to take calls."""

    async def close(self) -> None:
        """End every leg in order, and stop."""

    def ring(self, leg: str) -> bool:
        """Tell the caller that it rings here."""

    async def accept(self, leg: str) -> str | None:
        """Answer: the codec of its voice, "" where that comes with the acknowledgement, None where it cannot be."""

    def reject(self, leg: str, code: int, reason: str) -> bool:
        """Refuse a leg that rings, by a code of SIP."""

    async def originate(
        self,
        leg: str,
        target: str,
        caller: str,
        headers: tuple[tuple[str, str], ...] = (),
        key: str = "",
        parts: tuple[BodyPart, ...] = (),
        *,
        text: bool = False,
    ) -> bool:
        """Place a call from `caller` to `target`, both URIs; the same `key` never places a second one.

        `parts` go with its description of voice, as where the caller is. With `text` real-time text is offered too.
        """

    async def attach(self, leg: str, offer_sdp: str) -> str | None:
        """A browser is there with its voice, a seat's or one of a softphone's lines: the answer to its offer (WebRTC).

        None where it cannot be. Whatever stood before under this id is over, and its room has the new one.
        """

    def transfer(self, leg: str, target: str, attended_leg: str = "") -> bool:
        """Ask the far end to call `target` itself, or to take our place in `attended_leg`.

        How that goes is told as `Transferred`: done, the leg is over; failed, it is as it was.
        """

    def progress_transfer(self, leg: str, code: int, reason: str) -> bool:
        """Tell the far end how the transfer goes that it asked for (`TransferAsked`): from 200 on that is its end."""

    def join(self, room: str, leg: str, role: Role = Role.SPEAKER) -> bool:
        """Put it into a room, out of the one in which it was; the first who joins makes the room."""

    def leave(self, leg: str, room: str = "") -> bool:
        """Out of its room: it hears what plays for it, or silence. The last who leaves ends the room.

        With a `room` only out of that one: a leg that is in another by now stays there.
        """

    def hold(self, leg: str, sound: Sound | None) -> bool:
        """It keeps its room, hears only this, and is heard by nobody."""

    def resume(self, leg: str) -> bool:
        """Undo that."""

    def mute(self, leg: str, *, muted: bool) -> bool:
        """Whether what it says goes nowhere."""

    def send_key(self, leg: str, key: str, ms: int = 0) -> bool:
        """Press a key of a telephone towards its far end, for so long (0: as usual), in the place of voice.

        Keys follow one another in order, each once: as events (RFC 4733) where the leg knows those, else as the tones
        that it would hear. Nobody else hears anything. False on hold, for what is no key, and while too many wait.
        """

    def kick(self, leg: str) -> bool:
        """Out of its room for good: a call is ended too, a standing leg stays."""

    def play(self, leg: str, sound: Sound | Speech | None) -> bool:
        """Let it hear a sound again and again, or speech once, while it is in no room; silence for None."""

    def stop(self, leg: str) -> bool:
        """Nothing plays any more."""

    def echo(self, leg: str) -> bool:
        """Let it hear itself (the loopback of a test call)."""

    def say(self, leg: str, text: str, number: int = 0) -> bool:
        """Send it text, by whatever it has for that: MSRP, real-time text or MESSAGE; False where it has nothing.

        What becomes of it is told under its `number` (`TextSettled`).
        """

    def inform(self, package: str, resource: str, body: bytes) -> bool:
        """Tell phones that subscribed how a resource is; of waiting messages every phone that registered for it."""

    def record(self, leg: str, known: int | None = None) -> bool:
        """Keep what it says from now on, as it is received, in segments; held and muted too.

        `known` says how many segments of this leg the journal has: those on disk behind them, as a killed server left
        them, are told again before a new one.
        """

    def salvage(self, leg: str, known: int) -> bool:
        """Tell of a leg that is not recorded any more what is on disk behind the `known` first segments of it.

        What a killed server left open is closed before, and told as cut. Whether there is anything to tell of.
        """

    def stop_recording(self, leg: str) -> bool:
        """Close its last segment."""

    def hang_up(self, leg: str, cause: str) -> bool:
        """End it."""

    def stats(self, leg: str) -> Stats | None:
        """Its voice so far; None for no such leg."""

    def snapshot(self) -> tuple[str, ...]:
        """Every leg that is alive here."""

    def capabilities(self) -> frozenset[str]:
        """Which of `OPERATIONS` this engine can do."""

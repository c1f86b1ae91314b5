"""What comms needs from the world: an engine that signals and carries voice.

The core never speaks SIP or SDP. Every leg bears an id of ours; an engine gives out `Offer`, `Moved` and `Over` and
takes commands. Only what an engine here really does stands in the port; what it cannot do, `capabilities` leaves out.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from redstick.published.comms import Arrival, Fix

OPERATIONS = ("ring", "accept", "reject", "play", "echo", "bridge", "split", "mute", "hang_up", "stats", "snapshot")


class Sound(msgspec.Struct, frozen=True, eq=False):
    """16-bit samples at 8,000 a second, that a leg may hear again and again."""

    samples: tuple[int, ...]


class Offer(msgspec.Struct, frozen=True):
    """A leg rings, with ids of NG9-1-1 only where they came."""

    leg: str
    arrival: Arrival


class Moved(msgspec.Struct, frozen=True):
    """Another location came within a call."""

    leg: str
    fixes: tuple[Fix, ...]


class Over(msgspec.Struct, frozen=True):
    """A leg is over, told once: `who` is them, us or nobody."""

    leg: str
    who: str
    cause: str
    packets_in: int = 0
    packets_out: int = 0


class Stats(msgspec.Struct, frozen=True):
    """Voice of one leg. `energy` is the root mean square of what was heard, 0 to 1; `jitter_ms` as in RFC 3550.

    `refused` packets came from elsewhere than the leg said, or were none of its codec.
    """

    codec: str = ""
    packets_in: int = 0
    packets_out: int = 0
    lost: int = 0
    refused: int = 0
    energy: float = 0.0
    jitter_ms: float = 0.0


EngineEvent = Offer | Moved | Over


class MediaPort(Protocol):
    """An engine. A command on a leg that is over, or that cannot take it now, gives False and does nothing."""

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

    def play(self, leg: str, sound: Sound | None) -> bool:
        """Let it hear this, again and again, until something else is asked; silence for None."""

    def echo(self, leg: str) -> bool:
        """Let it hear itself (the loopback of a test call)."""

    def bridge(self, leg: str, other: str) -> bool:
        """Let two legs hear each other."""

    def split(self, leg: str) -> bool:
        """Undo that; both hear silence."""

    def mute(self, leg: str, *, muted: bool) -> bool:
        """Whether what it says goes nowhere."""

    def hang_up(self, leg: str, cause: str) -> bool:
        """End it."""

    def stats(self, leg: str) -> Stats | None:
        """Its voice so far; None for no such leg."""

    def snapshot(self) -> tuple[str, ...]:
        """Every leg that is alive here."""

    def capabilities(self) -> frozenset[str]:
        """Which of `OPERATIONS` this engine can do."""

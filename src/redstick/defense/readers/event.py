"""One event, and the account of what a reader received."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from redstick.defense.sigma.logsources import Source


class Event(Struct, gc=False):
    """An event of a file: its source, its fields (text, number, boolean, null, or a list of those), its place.

    `number` counts from 1 within the file, over everything received; `raw` is the event's own JSON text where it has
    one.
    """

    source: Source
    fields: dict[str, Any]
    number: int
    raw: bytes | None = None


@dataclass
class Tally:
    """What a file gave: received = decoded + spared + lost, always.

    `spared` events were not decoded because no rule could fire on them; `lost` are listed by reason in `losses`;
    `repairs` counts events that were taken with a correction (broken UTF-8, a name given twice).
    """

    received: int = 0
    decoded: int = 0
    spared: int = 0
    losses: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> int:
        """Events received and not decoded."""
        return sum(self.losses.values())

    def lose(self, reason: str, count: int = 1) -> None:
        """Count an event that cannot be used."""
        self.received += count
        self.losses[reason] += count

    def add(self, other: "Tally") -> None:
        """Take over another file's figures."""
        self.received += other.received
        self.decoded += other.decoded
        self.spared += other.spared
        self.losses.update(other.losses)
        self.repairs.update(other.repairs)

    def as_json(self) -> dict[str, Any]:
        """Plain values, reasons in alphabetical order."""
        return {
            "received": self.received,
            "decoded": self.decoded,
            "spared": self.spared,
            "lost": self.lost,
            "losses": dict(sorted(self.losses.items())),
            "repairs": dict(sorted(self.repairs.items())),
        }

"""Marks on an incident's timeline: benchmarks of its work, which block nothing, and the card that it came from."""

import msgspec

from redstick.kernel.values import Instant


class Mark(msgspec.Struct, frozen=True):
    """A benchmark that was reached: when, and who said so. `taken_back` says why it was not reached after all."""

    benchmark: str
    at: Instant
    by: str
    taken_back: str = ""


class PaperOrigin(msgspec.Struct, frozen=True):
    """An incident that was worked on paper: the card's number, who entered it and when. Its times are the true ones."""

    card: str
    clerk: str
    entered_at: Instant

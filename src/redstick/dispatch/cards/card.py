"""A paper card as plain values, and the number that is printed on it."""

import msgspec

from redstick.kernel.values import Instant

PREFIX, DIGITS = "P-", 6
MOST_DIGITS = 18  # more were never printed; a number that long is a slip of the pen


class UnitLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a card says of one unit; a time that was not written is None."""

    unit: str
    dispatched: Instant | None = None
    en_route: Instant | None = None
    on_scene: Instant | None = None
    available: Instant | None = None

    def times(self) -> list[Instant]:
        """The times that were written, in the order in which things happen."""
        every = (self.dispatched, self.en_route, self.on_scene, self.available)
        return [time for time in every if time is not None]


class PaperCard(msgspec.Struct, frozen=True, omit_defaults=True):
    """One incident on paper. `number` is the printed one, "" where the card has none; times are the true ones."""

    number: str
    opened_at: Instant
    place: str
    kind: str = ""
    priority: int = 3
    received_at: Instant | None = None
    answered_at: Instant | None = None
    callback: str = ""
    units: list[UnitLine] = []
    notes: list[str] = []
    closed_at: Instant | None = None
    disposition: str = ""


class Conflict(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a card cannot simply be entered: a code, and the unit and the other card or incident that it is about."""

    code: str
    unit: str = ""
    other: str = ""


def number_of(count: int) -> str:
    """The printed number of the card with this count; counts know no limit."""
    return f"{PREFIX}{count:0{DIGITS}d}"


def count_of(number: str) -> int | None:
    """The count of a printed number, as people may write it (`p-17`, `P 000017`); None when it is none."""
    digits = number.strip().upper().removeprefix("P").lstrip("- ")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS else None

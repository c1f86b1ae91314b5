"""The PIN of a box: which digits may be one, and after how many wrong ones a box is closed to other phones.

The digits stand nowhere. Their hash is in a book beside the journal, under an id that the journal names: a hash whose
id it does not name opens nothing.
"""

from collections.abc import Iterable
from typing import Protocol

from redstick.kernel.values import Instant, Rejection
from redstick.phones.numbering import PIN
from redstick.phones.state import BoxPin

TRIES, CLOSED_MS = 5, 15 * 60_000  # each fifth wrong one closes the box for a quarter of an hour
MOST_WRONG = 20  # and so many without a right one between them until it is set anew
IN_A_ROW = ("0123456789" * 2, "9876543210" * 2)


class PinBook(Protocol):
    """Keeps the hashes of PINs, by number and id. Calls block, and raise Unavailable."""

    def keep_pin(self, number: str, pin: str, hashed: str) -> None:
        """Keep a hash beside those that are there, durable."""

    def pin(self, number: str, pin: str) -> str:
        """That of an id, "" where there is none."""

    def forget_pins(self, number: str, but: str = "") -> None:
        """Keep none of a number but that of one id."""


def pin_refusal(pin: str, number: str, direct: Iterable[str] = ()) -> Rejection | None:
    """Why digits may not be the PIN of a box with a number, which is reached from outside by `direct` ones.

    Rejections: `pin_malformed`, and `pin_refused` with because: `is_the_number`, `one_digit`, `in_a_row`, `repeated`.
    """
    if not PIN.fullmatch(pin):
        return Rejection("pin_malformed", {"expected": PIN.pattern})
    because = _too_easy(pin, number, direct)
    return Rejection("pin_refused", {"because": because}) if because else None


def is_closed(pin: BoxPin, now: Instant) -> bool:
    """Whether no PIN opens the box now, the right one neither."""
    if pin.wrong >= MOST_WRONG:
        return True
    return pin.wrong > 0 and pin.wrong % TRIES == 0 and now < pin.wrong_at + CLOSED_MS


def _too_easy(pin: str, number: str, direct: Iterable[str]) -> str:
    if number in pin or number[::-1] in pin or any(outside.endswith(pin) for outside in direct):
        return "is_the_number"
    if len(set(pin)) == 1:
        return "one_digit"
    if any(pin in row for row in IN_A_ROW):
        return "in_a_row"
    lengths = range(2, len(pin) // 2 + 1)
    return "repeated" if any(pin == pin[:n] * (len(pin) // n) for n in lengths) else ""

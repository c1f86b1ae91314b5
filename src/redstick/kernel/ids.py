"""Ids: typed by a prefix, sortable by the time of their making, never reused.

An id is `<prefix>_<10 characters of milliseconds><16 characters of entropy>` in Crockford's base 32, as in a ULID: ids
sort by time, and the time can be read back, which is how an executor knows a command older than its window.
"""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
TIME_CHARACTERS, ENTROPY_CHARACTERS = 10, 16
ENTROPY_BITS = 5 * ENTROPY_CHARACTERS
PAIRS = [high + low for high in ALPHABET for low in ALPHABET]  # two digits at a time: an id is made of each request
_KNOWN = frozenset(ALPHABET)
_AS_COUNTED = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")  # the digits that `int` reads in base 32


def make_id(prefix: str, made_at: int, entropy: int) -> str:
    """Make an id at `made_at` (ms since the epoch, UTC); `entropy` is any integer of at most 80 bits, injected."""
    return f"{prefix}_{base32(made_at, TIME_CHARACTERS)}{base32(entropy, ENTROPY_CHARACTERS)}"


def made_at(identifier: str) -> int | None:
    """Read back the time of making (ms since the epoch, UTC); None when the text is not one of our ids."""
    _, separator, digits = identifier.rpartition("_")
    if not separator or len(digits) != TIME_CHARACTERS + ENTROPY_CHARACTERS:
        return None
    if not _KNOWN.issuperset(digits):
        return None
    return int(digits[:TIME_CHARACTERS].translate(_AS_COUNTED), 32)


def base32(number: int, characters: int) -> str:
    """`number` as exactly `characters` digits; raises ValueError when it does not fit."""
    if number < 0 or number >> (5 * characters):
        raise ValueError(f"{number} does not fit {characters} base-32 digits")
    pairs = [PAIRS[(number >> shift) & 1023] for shift in range(10 * ((characters - 1) // 2), -1, -10)]
    return "".join(pairs)[-characters:]

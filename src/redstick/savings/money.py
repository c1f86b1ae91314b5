"""Money as whole cents: read from what bills print, written as people read it. No float ever holds an amount."""

import re

Cents = int
MOST_CENTS = 10**13  # no telephone bill of a city is larger; what is, is a slip
MINUS = "\N{MINUS SIGN}"

_PLAIN = re.compile(r"(?P<whole>\d+)(?:(?P<mark>[.,])(?P<part>\d+))?")
_GROUPED = re.compile(
    r"(?P<whole>\d{1,3}(?:(?P<group>[,.' \u00a0])\d{3})(?:(?P=group)\d{3})*)(?:(?P<mark>[.,])(?P<part>\d+))?"
)
_CREDIT = re.compile(r"\s*(?:CR|CREDIT)$", re.IGNORECASE)
_DOLLAR = re.compile(r"^(?:US\s?\$|USD|\$)|(?:USD|\$)$", re.IGNORECASE)


def cents_of(text: str) -> Cents:
    """`$1,234.56`, `(12.34)`, `12.34CR`, `12.34-`, `1.234,56`, `USD 7`: in cents; an empty cell and `-` are 0.

    Raises ValueError that says what was expected: for another currency, for parts of a cent, for what has two readings.
    """
    said = text.strip().replace(MINUS, "-")
    if said in {"", "-", "\u2013", "\u2014"}:
        return 0
    less = False
    if said.startswith("(") and said.endswith(")"):
        less, said = True, said[1:-1].strip()
    if _CREDIT.search(said):
        less, said = True, _CREDIT.sub("", said)
    said = _DOLLAR.sub("", said.strip()).strip()
    for sign in ("-", "+"):
        if said.startswith(sign) or said.endswith(sign):
            less, said = less or sign == "-", said.strip(sign).strip()
    said = _DOLLAR.sub("", said).strip()
    amount = _unsigned(said, text)
    if amount > MOST_CENTS:
        raise ValueError(f"expected an amount below {dollars(MOST_CENTS)}; found {text.strip()!r}")
    return -amount if less else amount


def _unsigned(said: str, text: str) -> Cents:
    found = _GROUPED.fullmatch(said)
    if found is not None and found["group"] == "." and found["mark"] is None and said.count(".") == 1:
        raise ValueError(f"expected an amount with one reading; {text.strip()!r} may be thousands or parts of a cent")
    if found is None or found["mark"] == found["group"]:
        found = _PLAIN.fullmatch(said)
    if found is None:
        raise ValueError(f"expected an amount in dollars as 1,234.56; found {text.strip()!r}")
    whole = int(re.sub(r"\D", "", found["whole"]))
    part = (found["part"] or "").ljust(2, "0")
    if part[2:].strip("0"):
        raise ValueError(f"expected whole cents; found {text.strip()!r}")
    return whole * 100 + int(part[:2])


def dollars(cents: Cents) -> str:
    """`$1,234.56`, a minus sign before the dollar sign."""
    whole, part = divmod(abs(cents), 100)
    return f"{MINUS if cents < 0 else ''}${whole:,}.{part:02d}"


def round_dollars(cents: Cents) -> str:
    """To the nearest dollar, half up: for headlines, where cents only blur."""
    whole = (abs(cents) + 50) // 100
    return f"{MINUS if cents < 0 and whole else ''}${whole:,}"

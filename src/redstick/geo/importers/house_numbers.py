"""House numbers as people write them: `12`, `12A`, `267 1/2`, `12;14`, `12-16`, `1318-B`."""

import re

_ONE = re.compile(r"^(\d{1,9})\s*-?\s*([A-Za-z]{0,2}|\d/\d)$")
_RANGE = re.compile(r"^(\d{1,9})\s*[-–]\s*(\d{1,9})$")
_WIDEST = 40  # a hyphen over more numbers than this joins a grid number (Queens' 45-23), not a range


def house_numbers(text: str) -> list[tuple[int, str]]:
    """Every number that a text stands for, with what follows it; empty where it cannot be read.

    A range `12-16` stands for its two ends and what lies between on the same side: 12, 14, 16.
    """
    found: list[tuple[int, str]] = []
    for part in re.split(r"[;,]", text):
        one, many = _ONE.match(part.strip()), _RANGE.match(part.strip())
        if one:
            found.append((int(one[1]), one[2].upper()))
        elif many:
            first, last = int(many[1]), int(many[2])
            if not first < last <= first + _WIDEST:
                return []
            step = 2 if (last - first) % 2 == 0 else 1
            found += [(number, "") for number in range(first, last + 1, step)]
        else:
            return []
    return found

"""From a dispatcher's text to what it asks for: a number on a street, a block, a corner, a route's mile, a place.

The grammar knows no city. Where a text can be read in several ways it gives them all, the likeliest first; which of
them exists is the index's question.
"""

import re
from dataclasses import dataclass, field, replace

from redstick.geo.geocoder.vocabulary import (
    BLOCK_WORDS,
    BOUND,
    NUMBER_WORDS,
    RAMP_ENDS,
    ROUTE_SYSTEMS,
    STATES,
    SUFFIXES,
    UNITS,
    UNITS_ALONE,
)
from redstick.geo.geocoder.words import clean

MAX_TEXT = 256  # characters after cleaning; no address is longer, and bounded input is bounded time

_LABEL = re.compile(r"([A-Z][A-Z ]{2,30}):\s*(.*)")
_ZIP = re.compile(r"(.*?)[ ,]+(\d{5})(?:-\d{4})?")
_NUMBER = re.compile(r"(\d{1,6})(?:\s*-\s*([A-Z0-9]{1,6}))?([A-Z]{0,2})(?:\s+(\d/\d)(?=\s|$))?(?=\s|$)")
_FRACTION = re.compile(r"(?<=\d )(\d)/(\d)(?=\s|$)")
_SPLIT = re.compile(r"\s*[/@&]\s*|\s+(?:AND|AT)\s+")
_ROUTE = re.compile(
    r"(?P<system>I|IH|INTERSTATE|US(?: HWY| ROUTE)?|STATE (?:HWY|ROUTE|RTE)|SR|SH|HWY|HIGHWAY|RTE|RT|ROUTE)?[ -]*"
    r"(?P<number>\d{1,4}[A-Z]?) *(?P<bound>NB|SB|EB|WB|(?:NORTH|SOUTH|EAST|WEST)(?:BOUND)?|[NSEW])?"
    r"[ ,@]*(?:AT )?(?P<what>MM|MILE ?MARKER|MILE ?POST|MILE|MP|EXIT|EX)[ #]*(?P<measure>\d{1,4}(?:\.\d{1,3})?)"
    r" ?(?P<letter>[A-Z]?)(?: (?P<late>NB|SB|EB|WB))?"
)
_RAMP = re.compile(r"(?:I|IH|US|HWY)?[ -]*(\d{1,3}) ?(NB|SB|EB|WB)\b(.*)")


@dataclass(frozen=True, slots=True)
class Number:
    """A house number as typed: the whole number, what follows it (`1/2`, `B`), and the far end of `3735-3739`."""

    value: int
    suffix: str = ""
    last: int = 0

    def __str__(self) -> str:
        """The number as it is written."""
        head = f"{self.value}-{self.last}" if self.last else str(self.value)
        return f"{head} {self.suffix}" if "/" in self.suffix else head + self.suffix


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text asks for. `area` and `postcode` are those at its end; `label` is what stood before a colon."""

    area: str = field(default="", kw_only=True)
    postcode: str = field(default="", kw_only=True)
    label: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class AddressReading(Reading):
    """A number on a street; `cross` is a cross street given beside it."""

    number: Number
    street: str
    unit: str = ""
    cross: str = ""


@dataclass(frozen=True, slots=True)
class BlockReading(Reading):
    """The hundred block of a street that starts at `low`; `twice` where the text says block of block."""

    low: int
    street: str
    unit: str = ""
    twice: bool = False


@dataclass(frozen=True, slots=True)
class CornerReading(Reading):
    """Two streets or more that are said to meet."""

    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RampReading(Reading):
    """Text of a motorway ramp: route number, direction of travel, on or off, and the words and streets beside it."""

    routes: tuple[tuple[str, str], ...]
    ramp: str
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RouteReading(Reading):
    """A measure or an exit along a route, with the direction of travel where it was given."""

    system: str
    number: str
    direction: str
    exit: bool
    measure: float
    letter: str = ""


@dataclass(frozen=True, slots=True)
class NameReading(Reading):
    """A name without a number: a place, or a whole street."""

    name: str


def read(text: str) -> list[Reading]:
    """Every way in which a text can be read, the likeliest first; empty where it holds nothing to look up."""
    body = clean(text)[:MAX_TEXT]
    if not re.search(r"[A-Z0-9]", body):
        return []
    label = ""
    if match := _LABEL.fullmatch(body):
        label, body = match[1].strip(), match[2].strip()
    body, area, postcode = _take_area(body.replace(":", " "))
    readings = [replace(reading, area=area, postcode=postcode, label=label) for reading in _read_body(body)]
    if label and not readings:
        return [NameReading(name="", label=label)]
    return readings


def _take_area(body: str) -> tuple[str, str, str]:
    """The text without the municipality after its last comma, the state and the postcode."""
    postcode = area = ""
    if (match := _ZIP.fullmatch(body)) and re.search(r"[A-Z]{2}", match[1]):
        body, postcode = match[1].strip(" ,"), match[2]
    words = body.rsplit(None, 1)
    if len(words) == 2 and words[1] in STATES and (postcode or (words[0].endswith(",") and "," in words[0][:-1])):
        body = words[0].strip(" ,")
    head, comma, tail = body.rpartition(",")
    if comma and not _unit_like(tail.split()):
        body, area = head, tail.strip()
        if area in STATES and "," in body:
            body, _, area = body.rpartition(",")
    return " ".join(body.replace(",", " ").split()), area.strip(), postcode


def _unit_like(words: list[str]) -> bool:
    return bool(words) and (words[0].strip("#") in UNITS or words[0].startswith("#"))


def _read_body(body: str) -> list[Reading]:
    if not body:
        return []
    if match := _ROUTE.fullmatch(body):
        return [_route(match)]
    parts = [part for part in _SPLIT.split(_FRACTION.sub(r"\1⁄\2", body)) if part.strip(" -+#,")]
    parts = [part.replace("⁄", "/") for part in parts]
    if len(parts) > 1:
        return _corners(body, parts)
    if ramp := _ramp([body]):
        return [ramp, NameReading(name=body)]
    if not parts:
        return []
    numbered = _numbered(parts[0])
    return [*numbered, NameReading(name=parts[0])]


def _route(match: re.Match[str]) -> RouteReading:
    system = (match["system"] or "").split()
    bound = match["bound"] or match["late"] or ""
    return RouteReading(
        system=ROUTE_SYSTEMS.get("".join(system[:1]), "SR" if system[:1] == ["STATE"] else ""),
        number=match["number"],
        direction=BOUND.get(bound, ""),
        exit=match["what"] in {"EXIT", "EX"},
        measure=float(match["measure"]),
        letter=match["letter"],
    )


def _corners(body: str, parts: list[str]) -> list[Reading]:
    """A corner, a ramp, an address with its cross street, or a fraction that was no separator."""
    readings: list[Reading] = []
    if ramp := _ramp(parts):
        readings.append(ramp)
    first = _numbered(parts[0])
    if first and isinstance(first[0], AddressReading) and not readings:
        readings.append(replace(first[0], cross=parts[1]))
    if first and isinstance(first[0], BlockReading):
        readings.append(first[0])
    readings.append(CornerReading(streets=tuple(_without_unit(part.split())[0] or part for part in parts[:4])))
    if " AND " in f" {body} " or "&" in body or " AT " in body:
        readings.append(NameReading(name=body))
    return readings


def _numbered(text: str) -> list[Reading]:
    """The readings of a text that starts with a house number or a block."""
    words = text.split()
    if len(words) > 1 and words[0] in NUMBER_WORDS:
        text = f"{NUMBER_WORDS[words[0]]} {' '.join(words[1:])}"
    elif len(words) > 1 and words[0] in BLOCK_WORDS:
        text = f"{words[1]} BLOCK {' '.join(words[2:])}" if words[1].isdigit() else text
    match = _NUMBER.match(text)
    if match is None:
        return []
    rest = text[match.end() :].split()
    block = match[2] in BLOCK_WORDS
    if rest and rest[0] in BLOCK_WORDS:
        block, rest = True, rest[2 if rest[1:2] == ["OF"] else 1 :]
    twice = block and bool(rest) and rest[0] in BLOCK_WORDS
    street, unit = _without_unit(rest[1:] if twice else rest)
    if not street:
        return []
    value, tail = int(match[1]), match[2] or ""
    if block:
        return [BlockReading(low=value // 100 * 100, street=street, unit=unit, twice=twice)]
    readings = [_address(value, tail, match[3], match[4] or "", street, unit)]
    joined = f"{match[1]}{tail}"
    if tail.isdigit() and not readings[0].number.last and len(tail) == 2 and len(joined) <= 6:
        # `41-20` is one house number in some places and a unit in others: both are looked up.
        readings.append(AddressReading(number=Number(int(joined), match[3]), street=street, unit=unit))
    return list(readings)


def _address(value: int, tail: str, letter: str, fraction: str, street: str, unit: str) -> AddressReading:
    """`3735-3739` is a span, `2001-100` a unit, `1318-B` and `267 1/2` numbers with something behind."""
    suffix, last = fraction or letter, 0
    if tail.isdigit():
        far = int(tail)
        if value < far <= value + 98 and far % 2 == value % 2 and len(tail) == len(str(value)):
            last = far
        else:
            unit = unit or tail + letter
            suffix = fraction
    elif tail:
        suffix = tail + letter if len(tail) <= 2 else suffix
        unit = unit or (tail if len(tail) > 2 else "")
    return AddressReading(number=Number(value, suffix, last), street=street, unit=unit)


def _without_unit(words: list[str]) -> tuple[str, str]:
    """A street and the unit behind it; a unit's word needs an identifier, or to be one that may stand alone."""
    for i, word in enumerate(words):
        if i and (word.startswith("#") or (word in UNITS and i + 1 < len(words) and _identifier(words[i + 1 :]))):
            kind = UNITS.get(word.strip("#"), "") if word.strip("#") in UNITS else ""
            rest = words[i + 1 :] if kind or word == "#" else [word.lstrip("#"), *words[i + 1 :]]
            return " ".join(words[:i]), " ".join([kind, *rest] if kind else rest).strip("# ")
        if "#" in word and i:
            head, _, tail = word.partition("#")
            return " ".join([*words[:i], head]), " ".join([tail, *words[i + 1 :]])
    if len(words) > 1 and UNITS.get(words[-1], "") in UNITS_ALONE:
        return " ".join(words[:-1]), UNITS[words[-1]]
    return " ".join(words), ""


def _identifier(words: list[str]) -> bool:
    """Whether what follows a unit's word is its identifier: one short word, with a digit or of one or two letters."""
    first = words[0].strip("#")
    return len(words) == 1 and (any(c.isdigit() for c in first) or len(first) <= 2) and first not in SUFFIXES


def _ramp(parts: list[str]) -> RampReading | None:
    """A ramp: a part that starts with a route and a direction, or ends with ON, OFF, RAMP after a number."""
    routes: list[tuple[str, str]] = []
    streets: list[str] = []
    kind, seen = "", False
    for part in parts:
        words = part.split()
        match = _RAMP.match(part)
        ends = words[-1] in RAMP_ENDS
        if not (match or (ends and len(words) > 2)):
            streets.append(part)
            continue
        seen = True
        kind = kind or RAMP_ENDS.get(words[-1], "")
        rest = words[:-1] if ends else words
        routes += [(m[1], BOUND[m[2]]) for m in re.finditer(r"\b(\d{1,3}) ?(NB|SB|EB|WB)\b", part)]
        if not match and words[0].isdigit():
            routes.append((words[0], ""))
        named = re.sub(r"\b\d{1,3} ?(NB|SB|EB|WB)\b|\b(TO|Z)\b", " ", " ".join(rest)).split()
        streets.append(" ".join(named[1:] if not match and words[0].isdigit() else named))
    if not seen:
        return None
    return RampReading(routes=tuple(dict.fromkeys(routes)), ramp=kind, streets=tuple(s for s in streets if s))

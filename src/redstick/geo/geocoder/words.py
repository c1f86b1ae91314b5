"""Words made alike: a street's name in four parts, whoever spelled it.

Roads and queries pass through the same functions, so a spelling needs to be known only once. Nothing here looks at a
city; nothing here guesses.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from redstick.geo.geocoder.vocabulary import (
    BLOCK_WORDS,
    CUT_DIRECTIONALS,
    DIRECTIONALS,
    ORDINAL_TENS,
    ORDINAL_WORDS,
    ROUTE_SYSTEMS,
    SEVERAL_MEANINGS,
    SUFFIXES,
    TENS,
)

_DROPPED = re.compile(r"['’`´.]")
_SPACED = re.compile(r"[^A-Z0-9/&@#,:+\-]+")
_ORDINAL = re.compile(r"0*(\d+)(ST|ND|RD|TH)")
_ROUTE = re.compile(r"(I|IH|US|SR|SH|CR|FM|HWY|RTE|RT)0*(\d+[A-Z]?)")
_ROUTE_NUMBER = re.compile(r"0*(\d+[A-Z]?)")
_NO_ORDINAL = frozenset({"HWY", "RTE", "FWY", "RAMP", ""})


def clean(text: str) -> str:
    """Upper-case ASCII with single spaces; of signs only `/ & @ # , : + -` remain, and `.` within a number."""
    folded = unicodedata.normalize("NFKD", text.replace("\u2044", "/"))
    ascii_only = "".join(c if c < "\x7f" else _plain(c) for c in folded).upper()
    kept = re.sub(r"(?<=\d)\.(?=\d)", "\x00", ascii_only.replace("\x00", " "))
    kept = re.sub(r"(?<=[ ,+\-])\.(?=\d)", "0\x00", kept)
    kept = _SPACED.sub(lambda gap: "".join(c if c == "\x00" else " " for c in gap[0]), _DROPPED.sub("", kept))
    return " ".join(kept.replace("\x00", ".").split())


def _plain(sign: str) -> str:
    """What a sign outside ASCII becomes: nothing for an accent or an apostrophe, a space for all else."""
    return "" if unicodedata.combining(sign) or sign in "’‘´ʼ" else ("-" if sign in "–—‐" else " ")


@dataclass(frozen=True)
class StreetName:
    """A street's name: directional before, base, suffix, directional after; each empty where there is none.

    `base` is one or more words; `suffix` is the USPS abbreviation, or a dispatch suffix with several meanings.
    """

    pre: str
    base: str
    suffix: str
    post: str

    @cached_property
    def key(self) -> str:
        """The base without its spaces and without JR: `BAY SHORE` and `BAYSHORE` have one key."""
        words = [word for word in self.base.split() if word != "JR"]
        return "".join(words or self.base.split())

    def __str__(self) -> str:
        """The name as it is written."""
        return " ".join(part for part in (self.pre, self.base, self.suffix, self.post) if part)


def suffix_meanings(suffix: str) -> tuple[str, ...]:
    """Every suffix that a typed one may stand for."""
    return SEVERAL_MEANINGS.get(suffix, (suffix,))


def read_street(text: str) -> StreetName:
    """The four parts of a street's name. Idempotent: `read_street(str(read_street(x)))` is `read_street(x)`."""
    tokens = _with_numbers(re.sub(r"[^A-Z0-9 ]", " ", clean(text)).split())
    while len(tokens) > 1 and (tokens[0] == "THE" or tokens[0] in BLOCK_WORDS):
        tokens = tokens[1:]
    if not tokens:
        return StreetName("", "", "", "")
    tokens, post = _take_post(tokens)
    tokens, suffix = _take_suffix(tokens)
    pre = ""
    if len(tokens) > 1 and tokens[0] in DIRECTIONALS:
        pre, tokens = DIRECTIONALS[tokens[0]], tokens[1:]
    lettered = len(tokens) == 2 and SUFFIXES.get(tokens[0]) == "AVE"
    if not post and suffix and len(tokens) > 1 and not lettered and tokens[-1] in {**CUT_DIRECTIONALS, **DIRECTIONALS}:
        # `HILL SOU ST` and `HILL ST S` are one street: the directional was set before the suffix.
        post, tokens = _direction(tokens[-1]), tokens[:-1]
    return StreetName(pre, _base(tokens, suffix), suffix, post)


def _direction(word: str) -> str:
    return DIRECTIONALS.get(word) or CUT_DIRECTIONALS[word]


def _take_post(tokens: list[str]) -> tuple[list[str], str]:
    """A directional at the end, cut off or not; `AVENUE E` and `N E` keep theirs, for it is the name."""
    last = tokens[-1]
    if last not in DIRECTIONALS and last not in CUT_DIRECTIONALS:
        return tokens, ""
    body = tokens[:-1]
    named = len(body) > 1 or (len(body) == 1 and body[0] not in SUFFIXES and body[0] not in DIRECTIONALS)
    if not named or (len(body) == 2 and body[0] in DIRECTIONALS and body[1] in SUFFIXES):
        return tokens, ""
    if body[-1] in ROUTE_SYSTEMS and last in DIRECTIONALS and len(last) == 1:
        return tokens, ""  # `RTE E` is a lettered route
    return body, _direction(last)


def _take_suffix(tokens: list[str]) -> tuple[list[str], str]:
    if len(tokens) > 1 and tokens[-1] in SUFFIXES:
        return tokens[:-1], SUFFIXES[tokens[-1]]
    return tokens, ""


def _base(tokens: list[str], suffix: str) -> str:
    """The words of the name itself, abbreviations at its head spelled out, a bare number made an ordinal."""
    words = list(tokens)
    if len(words) > 1 and SUFFIXES.get(words[0]) == "AVE":
        words[0] = "AVENUE"
    words = ["SAINT" if word == "ST" and (len(words) > 1) else word for word in words]
    if len(words) > 1:
        words[0] = {"MT": "MOUNT", "FT": "FORT", "STE": "SAINTE"}.get(words[0], words[0])
    if len(words) == 1 and words[0].isdigit() and suffix not in _NO_ORDINAL:
        words = [ordinal(int(words[0]))]
    return " ".join(words)


def ordinal(number: int) -> str:
    """`1ST`, `2ND`, `11TH`."""
    ending = "TH" if number % 100 in {11, 12, 13} else {1: "ST", 2: "ND", 3: "RD"}.get(number % 10, "TH")
    return f"{number}{ending}"


def _with_numbers(tokens: list[str]) -> list[str]:
    """Ordinals without zeros and in figures, route numbers apart from their system's word."""
    out: list[str] = []
    for token in tokens:
        if match := _ORDINAL.fullmatch(token[:12]):
            out.append(ordinal(int(match[1])))
        elif token in ORDINAL_WORDS and out and out[-1] in TENS:
            out[-1] = ordinal(TENS[out[-1]] + ORDINAL_WORDS[token])
        elif token in ORDINAL_WORDS or token in ORDINAL_TENS:
            out.append(ordinal(ORDINAL_WORDS.get(token) or ORDINAL_TENS[token]))
        elif (glued := _glued_tens(token)) is not None:
            out.append(ordinal(glued))
        elif match := _ROUTE.fullmatch(token):
            out += [ROUTE_SYSTEMS[match[1]], match[2]]
        elif token in ROUTE_SYSTEMS and token not in {"CR", "HY"} and not out:
            out.append(ROUTE_SYSTEMS[token])
        elif out and out[-1] in ROUTE_SYSTEMS.values() and (match := _ROUTE_NUMBER.fullmatch(token)):
            out.append(match[1])
        else:
            out.append(token)
    return out


def _glued_tens(token: str) -> int | None:
    """`TWENTYFIRST` is 21."""
    for word, tens in TENS.items():
        rest = token.removeprefix(word)
        if rest != token and ORDINAL_WORDS.get(rest, 99) < 10:
            return tens + ORDINAL_WORDS[rest]
    return None


def squashed(text: str) -> str:
    """A place's name as a key: its words, ordinals in figures, without spaces and without a leading THE."""
    tokens = _with_numbers(re.sub(r"[^A-Z0-9 ]", " ", clean(text).replace("&", " AND ")).split())
    return "".join(tokens[1:] if len(tokens) > 1 and tokens[0] == "THE" else tokens)

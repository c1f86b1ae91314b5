"""One scan of a raw JSON line that says: none of these literals can stand in any value of this event.

It needs hyperscan; without it nothing is known of a line, and it is decoded. A line is only judged where its bytes
leave no doubt: no `u` escape, no character that folds to ASCII (such as the Kelvin sign), no nested object, `Channel`
and `EventID` named once each. Then a value holds a literal only if the line holds it as JSON escapes it, case aside.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from redstick.defense.sigma import prefilter
from redstick.defense.sigma.witness import EDGE

MIN_PIECE = 3  # bytes, quotes included
MAX_PIECE = 32  # the end of a path tells more than its beginning

_FOLDING_TO_ASCII = [
    chr(code).encode()
    for code in (*range(0x80, 0x2200), *range(0xFB00, 0xFB07))
    if any(folded < "\x80" for folded in chr(code).casefold())
]
_FOLDING = b"|".join(b"".join(b"\\x%02x" % byte for byte in character) for character in _FOLDING_TO_ASCII)
# Objects as values, objects or lists in a list: literals, because anything with a repetition makes the scan twice as
# long. Two spaces before a brace or a colon stand for any number; a tab or a line end inside the line, which in JSON
# can only be space between values, is looked for beforehand.
_NESTED = ('":{', '": {', '" :', "  :", "[{", "[ {", ",{", ", {", "[[", "[ [", ",[", ", [", "  {", "  [")
_DOUBT = (rb"\\u[0-9a-fA-F]{4}", _FOLDING, *(re.escape(text).encode() for text in _NESTED))
_NUMBER_DOUBT = rb'(?:":|[\[,]) *-?[0-9]+[.eE]'  # 1.0 and 1e3 are the numbers 1 and 1000
_TWICE = (rb'"Channel":.*"Channel":', rb'"EventID":.*"EventID":')
_ENDS = (b"}\n", b"}\r\n", b"}")
_BARE = re.compile(r"[0-9+\-.e]+")  # text that JSON may write without quotes


def pattern_of(literal: str) -> bytes | None:
    """The hyperscan pattern of a folded literal as it stands in JSON; None where no part of it is sure to stand there.

    An edge is a quote. The longest piece without a slash (which may be escaped or not) and without letters beyond ASCII
    (which may stand in either case) represents the whole; text that may be a bare number or boolean has wider edges.
    """
    plain = literal.strip(EDGE)
    if is_bare(plain):
        head = rb'[":,\[\s]' if literal.startswith(EDGE) else b""
        tail = rb'[",\}\]\s]' if literal.endswith(EDGE) else b""
        return head + plain.encode().replace(b".", rb"\.").replace(b"+", rb"\+") + tail
    piece = max(_pieces(literal, plain), key=len, default=b"")[-MAX_PIECE:]
    return b"".join(b"\\x%02x" % byte for byte in piece) if len(piece) >= MIN_PIECE else None


def is_bare(text: str) -> bool:
    """Whether JSON may write this text without quotes, or as the beginning or end of something without quotes."""
    return bool(_BARE.fullmatch(text)) or text in "true" or text in "false"


def _pieces(literal: str, plain: str) -> Iterator[bytes]:
    parts = re.split(r"[/\x80-\U0010ffff]", plain)
    for i, part in enumerate(parts):
        head = b'"' if i == 0 and literal.startswith(EDGE) else b""
        tail = b'"' if i == len(parts) - 1 and literal.endswith(EDGE) else b""
        yield head + msgspec.json.encode(part)[1:-1] + tail


class LineScan:
    """Literals and reasons to doubt in one database: the first match of any ends the scan."""

    def __init__(self, literals: Sequence[str], stored: bytes = b"") -> None:
        hyperscan = prefilter.hyperscan
        if stored:
            self._database = hyperscan.loadb(stored, hyperscan.HS_MODE_BLOCK)
            self._database.scratch = hyperscan.Scratch(self._database)
        else:
            self._database = _compiled(literals)
        self._scan: Any = self._database.scan

    def is_clean(self, raw: bytes) -> bool:
        """Whether surely none of the literals stands in a value; False says nothing.

        The caller has found `"Channel":` and `"EventID":` in the line; that neither stands there twice is seen here.
        """
        if b"\t" in raw or not raw.startswith(b"{") or not raw.endswith(_ENDS) or 0 <= raw.find(b"\r") < len(raw) - 2:
            return False
        try:
            self._scan(raw, match_event_handler=_end)
        except prefilter.hyperscan.ScanTerminated:
            return False
        return True

    def stored(self) -> bytes:
        """Hyperscan's own serialisation."""
        return bytes(prefilter.hyperscan.dumpb(self._database))


def _end(_pattern: int, _start: int, _stop: int, _flags: int, _context: None) -> bool:
    return True


def _compiled(literals: Sequence[str]) -> Any:
    hyperscan = prefilter.hyperscan
    once = hyperscan.HS_FLAG_SINGLEMATCH
    numeric = any(_BARE.fullmatch(text.strip(EDGE)) for text in literals)
    doubts = [*_DOUBT, _NUMBER_DOUBT] if numeric else [*_DOUBT]
    patterns = sorted({pattern for pattern in map(pattern_of, literals) if pattern is not None})
    everything = [*_TWICE, *doubts, *patterns]
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=everything,
        ids=list(range(len(everything))),
        elements=len(everything),
        flags=[once | hyperscan.HS_FLAG_DOTALL] * len(_TWICE)
        + [once] * len(doubts)
        + [once | hyperscan.HS_FLAG_CASELESS] * len(patterns),
    )
    return database


class KeywordScan:
    """Which keywords may stand in a raw JSON line."""

    def __init__(self, literals: Sequence[str]) -> None:
        """`literals` are folded, without edges."""
        hyperscan = prefilter.hyperscan
        once = hyperscan.HS_FLAG_SINGLEMATCH
        patterns = [pattern_of(text) for text in literals]
        self._usable = all(patterns)
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        known = [pattern for pattern in patterns if pattern is not None]
        self._database.compile(
            expressions=[*known, *_DOUBT],
            ids=[*range(len(known)), *[len(literals)] * len(_DOUBT)],
            elements=len(known) + len(_DOUBT),
            flags=[once | hyperscan.HS_FLAG_CASELESS] * len(known) + [once] * len(_DOUBT),
        )
        self._doubt = len(literals)

    def found(self, raw: bytes) -> list[int] | None:
        """Indexes of literals that may stand in the line, at least all that do; None where that cannot be said."""
        if not self._usable or b"\t" in raw or 0 <= raw.find(b"\r") < len(raw) - 2:
            return None
        hits: list[int] = []
        self._database.scan(raw, match_event_handler=_collect, context=hits)
        return None if self._doubt in hits else hits


def _collect(pattern: int, _start: int, _end: int, _flags: int, hits: list[int]) -> None:
    hits.append(pattern)

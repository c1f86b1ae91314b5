"""Many literals in one pass over an event's text: which of them stand in it.

Hyperscan where its wheel exists; otherwise `Grams`, pure Python. Both find exactly the literals that are there, so the
engine's verdicts do not depend on which of them runs.
"""

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

# The package has no wheel for some processors, and its types leave most of it out: it is used as any module.
hyperscan: Final[Any] = importlib.import_module("hyperscan") if importlib.util.find_spec("hyperscan") else None

GRAM = 4  # characters; the literals of the corpus are rarely shorter


class Prefilter(Protocol):
    """Finds literals in text."""

    def found(self, text: str) -> list[int]:
        """Indexes of the literals that stand in the folded text, in no particular order, each at most once."""
        ...

    def stored(self) -> bytes:
        """The database for an image; empty where building is as fast as loading."""
        ...


def available() -> str:
    """Name and version of the scanner that `build` will use: a database of one is of no use to the other."""
    return f"hyperscan-{hyperscan.__version__}" if hyperscan is not None else f"grams-{GRAM}"


def build(literals: Sequence[str], stored: bytes = b"", *, pure: bool = False) -> Prefilter:
    """A prefilter over folded literals; `stored` is its database from an image; `pure` asks for the fallback."""
    if pure or hyperscan is None:
        return Grams(literals)
    return Hyperscan(literals, stored)


class Hyperscan:
    """A hyperscan block database over UTF-8; literals are hexadecimal escapes, so that nothing in them is a pattern."""

    def __init__(self, literals: Sequence[str], stored: bytes = b"") -> None:
        if stored:
            self._database = hyperscan.loadb(stored, hyperscan.HS_MODE_BLOCK)
            self._database.scratch = hyperscan.Scratch(self._database)
        else:
            self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
            self._database.compile(
                expressions=list(map(_escaped, literals)),
                ids=list(range(len(literals))),
                elements=len(literals),
                flags=hyperscan.HS_FLAG_SINGLEMATCH,
            )
        self._scan: Callable[..., Any] = self._database.scan

    def found(self, text: str) -> list[int]:
        """Literals in the text; one scan."""
        hits: list[int] = []
        self._scan(text.encode(), match_event_handler=_collect, context=hits)
        return hits

    def stored(self) -> bytes:
        """Hyperscan's own serialisation; it is valid for this version and kind of processor only."""
        return bytes(hyperscan.dumpb(self._database))


def _escaped(text: str) -> bytes:
    return "".join(f"\\x{byte:02x}" for byte in text.encode()).encode()


def _collect(literal: int, _start: int, _end: int, _flags: int, hits: list[int]) -> None:
    hits.append(literal)


class Grams:
    """The fallback: the text's runs of four characters name the literals worth looking for."""

    def __init__(self, literals: Sequence[str]) -> None:
        self._literals = tuple(literals)
        self._short = [i for i, text in enumerate(literals) if len(text) < GRAM]
        self._by_gram: dict[tuple[str, ...], list[int]] = {}
        counts: dict[tuple[str, ...], int] = {}
        for text in literals:
            for gram in _grams(text):
                counts[gram] = counts.get(gram, 0) + 1
        for i, text in enumerate(literals):
            if len(text) >= GRAM:
                # The gram that fewest literals share wakes fewest of them.
                rarest = min(sorted(_grams(text)), key=counts.__getitem__)
                self._by_gram.setdefault(rarest, []).append(i)

    def found(self, text: str) -> list[int]:
        """Literals in the text; time grows with the text, hardly with the number of literals."""
        hits = [i for i in self._short if self._literals[i] in text]
        for gram in self._by_gram.keys() & _grams(text):
            hits.extend(i for i in self._by_gram[gram] if self._literals[i] in text)
        return hits

    def stored(self) -> bytes:
        """Nothing: it is built in milliseconds."""
        return b""


def _grams(text: str) -> set[tuple[str, ...]]:
    return set(zip(text, text[1:], text[2:], text[3:], strict=False))

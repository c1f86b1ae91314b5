"""Prefilter databases by the digest of their literals, so that an image can carry them."""

import hashlib
from collections.abc import Mapping, Sequence

from redstick.defense.sigma import prefilter
from redstick.defense.sigma.linescan import KeywordScan, LineScan
from redstick.defense.sigma.prefilter import Prefilter


class Databases:
    """Databases: live, stored in an image, or built when they are first asked for."""

    def __init__(self, stored: Mapping[str, bytes], *, pure: bool = False) -> None:
        self._stored = dict(stored)
        self._live: dict[str, Prefilter] = {}
        self._lines: dict[str, LineScan] = {}
        self._keywords: dict[str, KeywordScan] = {}
        self._pure = pure
        self.built = 0  # databases that were not in the image

    def get(self, literals: Sequence[str]) -> Prefilter:
        """The database that scans folded text."""
        digest = _digest(literals)
        if digest not in self._live:
            stored = self._stored.get(digest, b"")
            self.built += not stored
            self._live[digest] = prefilter.build(literals, stored, pure=self._pure)
        return self._live[digest]

    def keywords(self, literals: Sequence[str]) -> KeywordScan | None:
        """The database that finds keywords in JSON lines; small, and not kept in the image. None without hyperscan."""
        if self._pure or prefilter.hyperscan is None:
            return None
        digest = _digest(literals)
        if digest not in self._keywords:
            self._keywords[digest] = KeywordScan(literals)
        return self._keywords[digest]

    def lines(self, literals: Sequence[str]) -> LineScan | None:
        """The database that judges whole JSON lines; None without hyperscan."""
        if self._pure or prefilter.hyperscan is None:
            return None
        digest = "lines-" + _digest(literals)
        if digest not in self._lines:
            stored = self._stored.get(digest, b"")
            self.built += not stored
            self._lines[digest] = LineScan(literals, stored)
        return self._lines[digest]

    def stored(self) -> dict[str, bytes]:
        """Every live database in its stored form, by digest."""
        live: dict[str, Prefilter | LineScan] = {**self._live, **self._lines}
        return {digest: self._stored.get(digest) or live[digest].stored() for digest in sorted(live)}


def _digest(literals: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(literals).encode()).hexdigest()

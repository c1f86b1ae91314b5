"""Prefilter databases by the digest of their literals, so that an image can carry them."""

import hashlib
from collections.abc import Mapping, Sequence

from redstick.defense.sigma import prefilter
from redstick.defense.sigma.prefilter import Prefilter, RawPrefilter


class Databases:
    """Databases: live, stored in an image, or built when they are first asked for."""

    def __init__(self, stored: Mapping[str, bytes], *, pure: bool = False) -> None:
        self._stored = dict(stored)
        self._live: dict[str, Prefilter] = {}
        self._raw: dict[str, RawPrefilter] = {}
        self._pure = pure
        self.built = 0  # databases that were not in the image

    def get(self, literals: Sequence[str]) -> Prefilter:
        """The database that scans folded text."""
        digest = hashlib.sha256("\x1f".join(literals).encode()).hexdigest()
        if digest not in self._live:
            stored = self._stored.get(digest, b"")
            self.built += not stored
            self._live[digest] = prefilter.build(literals, stored, pure=self._pure)
        return self._live[digest]

    def raw(self, literals: Sequence[str]) -> RawPrefilter:
        """The database that scans JSON text as it came; small, and not kept in the image."""
        digest = hashlib.sha256("\x1f".join(literals).encode()).hexdigest()
        if digest not in self._raw:
            self._raw[digest] = prefilter.build_raw(literals, pure=self._pure)
        return self._raw[digest]

    def stored(self) -> dict[str, bytes]:
        """Every database in its stored form, by digest; also those of the image that were not needed yet."""
        live = {digest: database.stored() for digest, database in self._live.items()}
        return dict(sorted((self._stored | live).items()))

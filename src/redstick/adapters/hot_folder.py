"""A folder into which another system drops its exports: the newest complete file is the source's present word."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Drop:
    """One file as it stood: a change of size or time makes it another drop."""

    path: Path
    size: int
    changed_ns: int


class HotFolder:
    """Looks at a folder, or at one file that is written again and again. Nothing in it is ever changed or removed.

    A file is taken when two looks in a row find it with the same size and time: one that is still being written is left
    for the next look.
    """

    def __init__(self, place: Path, suffixes: Collection[str] = (".csv", ".gz", ".json", ".jsonl", ".xlsx")) -> None:
        self._place, self._suffixes = place, frozenset(suffixes)
        self._seen: dict[Path, Drop] = {}
        self._taken: dict[Path, Drop] = {}  # the last of each path: a file that is written for years takes one entry

    def look(self, *, settled: bool = False) -> list[Path]:
        """Files that are new since the last look, oldest first; `settled` takes them at the first sight.

        Raises OSError when the folder cannot be read.
        """
        ready: list[Drop] = []
        for drop in self._drops():
            if drop != self._taken.get(drop.path) and (settled or self._seen.get(drop.path) == drop):
                self._taken[drop.path] = drop
                ready.append(drop)
            self._seen[drop.path] = drop
        return [drop.path for drop in sorted(ready, key=lambda drop: (drop.changed_ns, drop.path.name))]

    def _drops(self) -> list[Drop]:
        paths = [self._place] if self._place.is_file() else sorted(self._place.iterdir())
        found = []
        for path in paths:
            if path.name.startswith(".") or path.suffix.lower() not in self._suffixes or not path.is_file():
                continue
            stat = path.stat()
            found.append(Drop(path, stat.st_size, stat.st_mtime_ns))
        return found

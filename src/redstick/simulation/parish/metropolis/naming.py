"""Names of streets: composed from words of ours, each once in a municipality, some in several on purpose."""

from collections.abc import Iterator

from numpy.random import Generator

from redstick.simulation.parish.names import STEMS, ordinal

SECOND = ("Bend", "Hollow", "Ridge", "Grove", "Creek", "Lake", "Meadow", "Hill", "Point", "Shadow", "Branch", "Garden",
          "Landing", "Forest", "Spring", "Bluff", "Field", "Pond", "Knoll", "Crossing", "Estate", "Valley", "Arbor",
          "Sound", "Harbor", "Glade", "Prairie", "Bayou", "Orchard", "Fork", "Heights", "Woods")  # fmt: skip
ENDINGS = {
    "row": ("Drive", "Lane", "Way", "Trace", "Drive"), "stub": ("Court", "Cove", "Place"),
    "spine": ("Drive", "Boulevard", "Drive"), "collector": ("Drive", "Avenue", "Boulevard", "Road"),
    "block": ("Street", "Avenue", "Street"), "rural": ("Road", "Lane", "Road"), "service": ("Drive", "Road"),
}  # fmt: skip
# Every municipality has these, as every town of a real parish does: the name and the number alone do not tell which.
COMMON = ("Main Street", "Church Street", "Oak Street", "Depot Street", "School Street", "Levee Street", "Mill Street",
          "Cypress Street", "Court Street", "Railroad Avenue", "Magnolia Street", "Elm Street")  # fmt: skip


class Names:
    """Gives names in an order of the seed; a name is never given twice in one municipality."""

    def __init__(self, rng: Generator) -> None:
        self._singles = _shuffled(rng, [stem for stem in STEMS if " " not in stem])
        self._doubles = _shuffled(rng, [f"{stem} {second}" for stem in STEMS if " " not in stem for second in SECOND])
        self._next: dict[str, int] = {}
        self._given: set[str] = set()
        self._bases: set[str] = set()
        self._common: dict[str, int] = {}

    def reserve(self, names: Iterator[str]) -> None:
        """Names of through roads are given to nothing else."""
        self._bases |= {name.rpartition(" ")[0] for name in names}

    def common(self, district: str) -> str:
        """The next name that every municipality has, or an ordinal one when they are used up."""
        place = self._common.get(district, 0)
        self._common[district] = place + 1
        if place < len(COMMON):
            return COMMON[place]
        return f"{ordinal(place - len(COMMON) + 1)} Avenue"

    def new(self, kind: str) -> str:
        """A name that no other street of the parish has by its stem; `kind` as in `ENDINGS`."""
        while True:
            pool = self._singles if kind in {"block", "collector", "rural"} and self._left("single") else self._doubles
            base = pool[self._take("single" if pool is self._singles else "double") % len(pool)]
            turn = self._next.get("double", 0) // len(self._doubles) if pool is self._doubles else 0
            if base not in self._bases:
                endings = ENDINGS[kind]
                name = f"{base} {endings[(len(base) + turn) % len(endings)]}"
                if name not in self._given:
                    self._given.add(name)
                    return name

    def _left(self, pool: str) -> bool:
        return self._next.get(pool, 0) < len(self._singles)

    def _take(self, pool: str) -> int:
        self._next[pool] = self._next.get(pool, 0) + 1
        return self._next[pool] - 1


def _shuffled(rng: Generator, words: list[str]) -> list[str]:
    return [words[i] for i in rng.permutation(len(words)).tolist()]

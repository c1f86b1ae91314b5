"""What the finders find, before it is judged: a place with the streets, municipalities and doubts it came with."""

from dataclasses import dataclass, replace

from redstick.geo.geocoder.mileposts import distance_m
from redstick.geo.geocoder.result import DOUBTS, Method, Quality, Reason

# What each doubt adds to a hit's cost: the lower the total, the higher it stands in the list.
_COSTS: dict[Reason, float] = {
    Reason.NUMBER_OUTSIDE: 11.5, Reason.NUMBER_PARITY: 5.0, Reason.AREA_DIFFERS: 6.0, Reason.AREA_UNVERIFIED: 2.0,
    Reason.AREA_UNKNOWN: 2.0, Reason.STREETS_SHARE_NO_NODE: 5.0, Reason.STREETS_DO_NOT_MEET: 14.0,
    Reason.CROSS_STREET_DIFFERS: 8.0, Reason.STREET_UNKNOWN: 20.0, Reason.NUMBER_MISSING: 9.0,
    Reason.READ_BY_STATISTICS: 5.0, Reason.RAMP_TEXT: 3.0, Reason.NO_RANGES: 2.5, Reason.BLOCK_TWICE: 1.0,
}  # fmt: skip


# A hit with no other doubt than these fits the text as well as an exact one does: the text left something open.
LEFT_OUT = frozenset(
    {
        Reason.SUFFIX_MISSING,
        Reason.DIRECTIONAL_MISSING,
        Reason.DIRECTIONAL_TWIN,
        Reason.BLOCK_IN_PIECES,
        Reason.BLOCK_CUT_SHORT,
    }
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was found. `areas` and `postcodes` are index numbers; a corner or a block may have several."""

    x: int
    y: int
    label: str
    method: Method
    quality: Quality
    reasons: tuple[Reason, ...] = ()
    cost: float = 0.0
    street: int = -1
    number: str = ""
    unit: str = ""
    areas: tuple[int, ...] = ()
    postcodes: tuple[int, ...] = ()
    side: str = ""
    extent_m: float = 0.0
    source: str = ""
    area_text: str = ""

    @property
    def at(self) -> tuple[int, int]:
        """Its position."""
        return self.x, self.y

    @property
    def doubts(self) -> frozenset[Reason]:
        """The reasons for which a person must look."""
        return frozenset(self.reasons) & DOUBTS

    def doubted(self, *reasons: Reason) -> "Hit":
        """The same hit with further reasons, each of which costs what it costs."""
        new = tuple(dict.fromkeys(reason for reason in reasons if reason not in self.reasons))
        return replace(
            self, reasons=(*self.reasons, *new), cost=self.cost + sum(_COSTS.get(reason, 0.0) for reason in new)
        )


def known(*ids: int) -> tuple[int, ...]:
    """Index numbers in order, each once, without the unknown."""
    return tuple(sorted({i for i in ids if i >= 0}))


SAME_STREET_M, OTHER_STREET_M = 60.0, 15.0


def same_place(a: Hit, b: Hit) -> bool:
    """Whether two hits are one place: near each other, and not in two municipalities unless it is a corner."""
    corner = Quality.CORNER in {a.quality, b.quality}
    apart = a.areas and b.areas and not set(a.areas) & set(b.areas)
    if apart and not corner:
        return False
    limit_m = SAME_STREET_M if corner or a.street == b.street else OTHER_STREET_M
    return distance_m(a.at, b.at) <= limit_m

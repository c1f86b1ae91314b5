"""Sides of streets with their house numbers, as the checks look at them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redstick.geo.linter.names import street_of
from redstick.geo.roads import I32, Roads

GAP_NUMBERS = 100  # adjoining blocks may skip this many numbers, a whole hundred block, before it looks like a gap


@dataclass(frozen=True)
class Side:
    """One side of a segment with a range; `first` and `last` in the direction of the segment."""

    segment: int
    side: str
    first: int
    last: int
    street: str
    community: str

    @property
    def low(self) -> int:
        """The lowest number."""
        return min(self.first, self.last)

    @property
    def high(self) -> int:
        """The highest number."""
        return max(self.first, self.last)

    @property
    def parities(self) -> tuple[int, ...]:
        """Which parities the side holds: (0,) even, (1,) odd, both where its ends differ."""
        return (0, 1) if (self.first + self.last) % 2 else (self.first % 2,)


def sides_of(roads: Roads) -> list[Side]:
    """Every side with a whole range on a named street. The community is the municipality, else the postcode."""
    names = [str(street_of(name)) for name in roads.names]
    found: list[Side] = []
    columns = (
        ("left", roads.left_from, roads.left_to, roads.left_area, roads.left_postcode),
        ("right", roads.right_from, roads.right_to, roads.right_area, roads.right_postcode),
    )
    for side, first, last, area, postcode in columns:
        whole = ((first > 0) | (last > 0)) & ~lacks_an_end(first, last)
        for segment in np.flatnonzero(whole & (roads.name >= 0)).tolist():
            community = roads.areas[area[segment]] if area[segment] >= 0 else ""
            if not community and postcode[segment] >= 0:
                community = roads.postcodes[postcode[segment]]
            street = names[roads.name[segment]]
            found.append(Side(segment, side, int(first[segment]), int(last[segment]), street, community))
    return sorted(found, key=lambda side: (side.segment, side.side))


def lacks_an_end(first: I32, last: I32) -> NDArray[np.bool_]:
    """Where one end is zero and that is no house number: 0 to 98 is the zero block, 0 to 101 or 0 to 1498 is not."""
    other = np.maximum(first, last)
    lacks: NDArray[np.bool_] = ((first > 0) != (last > 0)) & ((other % 2 == 1) | (other >= GAP_NUMBERS))
    return lacks

"""Callers: when they call, from where, about what."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from redstick.dispatch.place import Place
from redstick.geo.city import City
from redstick.kernel.values import Instant
from redstick.simulation.natures import HOUR_SHARE, NATURES, SAID, Nature


@dataclass(frozen=True, slots=True)
class Contact:
    """One call as it will be told."""

    nature: Nature
    place: Place
    said: str
    callback: str


class Callers:
    """A non-homogeneous Poisson process over the hours of the local day, by thinning (Lewis and Shedler 1979)."""

    def __init__(self, city: City, rng: Generator, busiest_per_hour: float) -> None:
        self._city, self._rng, self._busiest_per_hour = city, rng, busiest_per_hour
        self._zone = ZoneInfo(city.time_zone)
        shares = np.array([nature.share for nature in NATURES])
        self._shares = shares / shares.sum()
        roads = city.roads
        junctions: dict[int, dict[str, None]] = {}
        for segment in np.flatnonzero((roads.name >= 0) & (roads.level == 0)).tolist():
            for node in (int(roads.tail[segment]), int(roads.head[segment])):
                junctions.setdefault(node, {})[roads.names[int(roads.name[segment])]] = None
        self._corners = [(node, tuple(names)[:2]) for node, names in sorted(junctions.items()) if len(names) > 1]

    def next_moment(self, now: Instant) -> Instant:
        """When the next call comes."""
        moment = float(now)
        while True:
            moment += self._rng.exponential(3_600_000 / self._busiest_per_hour)
            hour = datetime.fromtimestamp(moment / 1000, UTC).astimezone(self._zone).hour
            if self._rng.uniform() < HOUR_SHARE[hour]:
                return round(moment)

    def contact(self) -> Contact:
        """Who calls, about what, from where."""
        nature = NATURES[int(self._rng.choice(len(NATURES), p=self._shares))]
        place = self._corner() if self._wants_corner(nature) else self._address()
        said = SAID[nature.kind]
        words = said[int(self._rng.integers(len(said)))]
        return Contact(nature, place, words, f"555-01{int(self._rng.integers(100)):02d}")

    def _wants_corner(self, nature: Nature) -> bool:
        chance = 0.85 if nature.group == "traffic" else 0.06
        return bool(self._rng.uniform() < chance)

    def _address(self) -> Place:
        addresses = self._city.addresses
        i = int(self._rng.integers(len(addresses)))
        text = f"{addresses.number[i]} {addresses.streets[addresses.street[i]]}"
        confirmed = bool(self._rng.uniform() < 0.8)
        return Place(
            text, int(addresses.x[i]), int(addresses.y[i]), quality="rooftop", source="caller",
            in_geofile=True, caller_confirmed=confirmed,
        )  # fmt: skip

    def _corner(self) -> Place:
        node, names = self._corners[int(self._rng.integers(len(self._corners)))]
        roads = self._city.roads
        return Place(
            " / ".join(names), int(roads.node_x[node]), int(roads.node_y[node]), quality="corner", source="caller",
            in_geofile=True,
        )  # fmt: skip

"""Places where things happen, by what the parish knows: who lives and works where, where people go out, interstates."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import shapely

from redstick.dispatch.place import Place
from redstick.geo.city import City, Zone
from redstick.geo.city import Place as Common
from redstick.geo.roads import ROAD_CLASSES
from redstick.geo.zones import zone_shape
from redstick.simulation.city.dice import Dice
from redstick.simulation.city.scenarios import Where

NIGHT_SPOTS = ("arena", "hotel", "landing", "mall", "shops", "stadium")
AROUND_M = 600  # of a stadium, that its crowd fills
E7_PER_M = 90
FEW_ADDRESSES = 3  # a block with fewer has its people on its roads


class Grounds:
    """Draws places. Addresses of a block are looked up when one is drawn there for the first time."""

    def __init__(self, city: City) -> None:
        self._city = city
        addresses = city.addresses
        self._east = np.argsort(addresses.x, kind="stable")
        self._x, self._y = addresses.x[self._east], addresses.y[self._east]
        self._blocks = [zone for zone in city.zones if zone.layer == "census_block"]
        self._residents = list(accumulate(int(zone.attributes["population"]) for zone in self._blocks))
        self._by_day = list(accumulate(int(zone.attributes["daytime_population"]) for zone in self._blocks))
        self._in_block: dict[int, list[int]] = {}
        self._spots = [place for place in city.places if place.kind in NIGHT_SPOTS] or list(city.places)
        self._stadium = next((place for place in city.places if place.kind == "stadium"), self._spots[0])
        self._corners = _corners(city)
        self._fast = _fast_segments(city)

    def draw(self, where: Where, dice: Dice) -> Place:
        """A place of a kind, as one who knows it would say it."""
        if where is Where.HOMES:
            return self._address(dice, self._residents)
        if where is Where.WORK:
            return self._address(dice, self._by_day)
        if where is Where.SPOTS:
            return self._common(dice.pick(self._spots))
        if where is Where.STADIUM:
            return self._near(self._stadium, dice) if dice.happens(60) else self._common(self._stadium)
        if where in (Where.INTERSTATES, Where.ONE_PLACE):
            return self._on_interstate(dice)
        return self._corner(dice)

    def another_number(self, place: Place, dice: Dice) -> Place:
        """The address of a place misread: another door of the same street; the same where there is none."""
        addresses = self._city.addresses
        if place.x is None or place.quality != "rooftop":
            return self._corner(dice)
        _, _, street = place.text.partition(" ")
        known = [i for i in self._box(place.x, place.y or 0, 900) if addresses.streets[addresses.street[i]] == street]
        return self._door(dice.pick(known)) if known else place

    def beside(self, place: Place, dice: Dice, within_m: int) -> Place:
        """Where somebody stands who sees it: a position with no words, as a telephone tells it."""
        if place.x is None or place.y is None:
            return Place(source="device")
        reach = within_m * E7_PER_M
        x, y = (centre + dice.between(-reach, reach) for centre in (place.x, place.y))
        return Place("", x, y, quality="device", source="device", uncertainty_m=max(30, within_m))

    def _address(self, dice: Dice, reached: Sequence[int]) -> Place:
        if not self._blocks:
            return self._door(dice.below(len(self._x)))
        for _ in range(8):
            block = dice.weighted(reached)
            known = self._in_block.get(block)
            if known is None:
                known = self._in_block[block] = self._doors_of(self._blocks[block])
            if len(known) >= FEW_ADDRESSES:
                return self._door(dice.pick(known))
        return self._corner(dice)

    def _doors_of(self, block: Zone) -> list[int]:
        shape = zone_shape(block.polygons)
        west, south, east, north = shape.bounds
        first, behind = np.searchsorted(self._x, [west, east + 1])
        near = np.flatnonzero((self._y[first:behind] >= south) & (self._y[first:behind] <= north)) + first
        inside = near[shapely.contains_xy(shape, self._x[near], self._y[near])]
        return [int(i) for i in self._east[inside]]

    def _box(self, x: int, y: int, reach_m: int) -> list[int]:
        reach = reach_m * E7_PER_M
        first, behind = np.searchsorted(self._x, [x - reach, x + reach])
        near = np.flatnonzero(np.abs(self._y[first:behind].astype(np.int64) - y) <= reach) + first
        return [int(i) for i in self._east[near]]

    def _near(self, place: Common, dice: Dice) -> Place:
        known = self._box(place.x, place.y, AROUND_M)
        return self._door(dice.pick(known)) if known else self._common(place)

    def _door(self, i: int) -> Place:
        addresses = self._city.addresses
        text = f"{addresses.number[i]} {addresses.streets[addresses.street[i]]}"
        area = int(addresses.area[i])
        return Place(
            text, int(addresses.x[i]), int(addresses.y[i]), addresses.areas[area] if area >= 0 else "",
            quality="rooftop", source="caller", in_geofile=True,
        )  # fmt: skip

    def _common(self, place: Common) -> Place:
        text = f"{place.name}, {place.address}" if place.address else place.name
        return Place(text, place.x, place.y, place.area, quality="rooftop", source="caller", in_geofile=True)

    def _corner(self, dice: Dice) -> Place:
        node, names = self._corners[dice.below(len(self._corners))]
        roads = self._city.roads
        x, y = int(roads.node_x[node]), int(roads.node_y[node])
        return Place(" / ".join(names), x, y, quality="corner", source="caller", in_geofile=True)

    def _on_interstate(self, dice: Dice) -> Place:
        if not self._fast:
            return self._corner(dice)
        segment, roads = dice.pick(self._fast), self._city.roads
        first, behind = int(roads.start[segment]), int(roads.start[segment + 1])
        x, y = (int(z) for z in roads.xy[dice.between(first, behind - 1)])
        name = roads.names[int(roads.name[segment])]
        posts = [(abs(post.x - x) + abs(post.y - y), post.measure_milli) for post in self._city.mileposts
                 if name.startswith(post.route)]  # fmt: skip
        mile = f", mile {min(posts)[1] / 1000:.1f}" if posts else ""
        return Place(f"{name}{mile}", x, y, quality="milepost", source="caller", in_geofile=True)


def _corners(city: City) -> list[tuple[int, tuple[str, ...]]]:
    """Junctions on the ground where two names meet."""
    roads = city.roads
    meeting: dict[int, dict[str, None]] = {}
    for segment in np.flatnonzero((roads.name >= 0) & (roads.level == 0)).tolist():
        for node in (int(roads.tail[segment]), int(roads.head[segment])):
            meeting.setdefault(node, {})[roads.names[int(roads.name[segment])]] = None
    return [(node, tuple(names)[:2]) for node, names in sorted(meeting.items()) if len(names) > 1]


def _fast_segments(city: City) -> list[int]:
    roads = city.roads
    motorway = ROAD_CLASSES.index("motorway")
    return [int(i) for i in np.flatnonzero((roads.road_class == motorway) & (roads.name >= 0))]

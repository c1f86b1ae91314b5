"""In which zones of a city a place lies, with their sizes, as a plan wants to know."""

from __future__ import annotations

from redstick.dispatch.plans.resolving import Within
from redstick.geo.city import City
from redstick.geo.zones import ZoneIndex, zone_shape
from redstick.kernel.values import Instant


class PlaceZones:
    """The zones of one version of a city; immutable."""

    def __init__(self, city: City) -> None:
        self._index = ZoneIndex.of(city)
        metres = self._index.metres
        self._size_m2 = {
            (zone.layer, zone.id): round(metres.shape(zone_shape(zone.polygons)).area) for zone in city.zones
        }

    def at(self, x: int, y: int, at: Instant) -> tuple[Within, ...]:
        """Every zone that holds at a time and that a point (1e-7 degrees) lies in or touches; none for a gap."""
        return tuple(
            Within(layer, zone.id, self._size_m2[layer, zone.id])
            for layer, answer in self._index.at_every_layer(x, y, at).items()
            if answer.zone is not None and not answer.distance_m
            for zone in (answer.zone, *answer.others)
        )

    def names(self) -> dict[str, tuple[str, ...]]:
        """The ids of zones by layer."""
        found: dict[str, list[str]] = {}
        for layer, zone in sorted(self._size_m2):
            found.setdefault(layer, []).append(zone)
        return {layer: tuple(dict.fromkeys(zones)) for layer, zones in found.items()}

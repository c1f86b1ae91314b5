"""Which zone a place lies in: the beat, the fire district, the municipality, the ESN, at the time that counts.

Rules: a point on a border belongs to every zone that it touches, one of which wins (lower rank, then smaller area, then
id), and the answer says so. A point in a gap gets the nearest zone with its distance and a flag, never nothing. A zone
that does not hold at the time of the incident is not looked at. Borders are compared in whole units of 1e-7 degrees
(about a centimetre); distances and shares are measured in a transverse Mercator projection around the zones, whose
scale error is under 1e-4 within 90 km of its middle.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from redstick.geo.city import City, Ring, Zone
from redstick.geo.roads import E7

BORDER_UNITS = 1.0  # 1e-7 degrees: coordinates are rounded to whole units, so a border is this wide


class ZoneNote(StrEnum):
    """What a data keeper should know about an answer."""

    SEVERAL = "several_zones"  # on a border or an overlap: one was chosen by rule
    GAP = "gap"  # in no zone: the nearest is given
    NONE_EFFECTIVE = "none_effective"  # no zone of the layer holds at that time


@dataclass(frozen=True)
class ZoneAnswer:
    """Where a point lies in one layer. `zone` is None only where no zone holds at that time.

    `others` are the further zones that the point touches, in order of precedence. `distance_m` is 0 inside.
    """

    layer: str
    zone: Zone | None
    others: tuple[Zone, ...] = ()
    distance_m: float = 0.0
    note: ZoneNote | None = None


@dataclass(frozen=True)
class ZoneShare:
    """How much of an uncertain position lies in a zone, 0 to 1; overlapping zones each count their own part."""

    zone: Zone
    share: float


def zone_shape(polygons: Sequence[Sequence[Ring]]) -> Any:
    """A shapely MultiPolygon in whole units of 1e-7 degrees."""
    return shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in polygons])


class LocalMetres:
    """A transverse Mercator projection around a middle, for points in 1e-7 degrees."""

    def __init__(self, x: int, y: int) -> None:
        definition = f"+proj=tmerc +lat_0={y / E7:.7f} +lon_0={x / E7:.7f} +k=1 +ellps=WGS84 +units=m"
        self._transformer = Transformer.from_crs("EPSG:4326", definition, always_xy=True)

    @classmethod
    def around(cls, points: NDArray[Any]) -> "LocalMetres":
        """The projection whose middle is that of the points' extent."""
        low, high = points.min(axis=0), points.max(axis=0)
        return cls(int((int(low[0]) + int(high[0])) // 2), int((int(low[1]) + int(high[1])) // 2))

    def project(self, points: NDArray[Any]) -> NDArray[np.float64]:
        """Metres east and north of the middle, (k, 2), of positions (k, 2) in 1e-7 degrees."""
        x, y = self._transformer.transform(points[:, 0] / E7, points[:, 1] / E7)
        return np.column_stack([x, y])

    def shape(self, shape: Any) -> Any:
        """A shapely geometry in 1e-7 degrees as one in metres."""
        return shapely.transform(shape, self.project)


def holds_at(zone: Zone, at_ms: int, local: ZoneInfo) -> bool:
    """Whether a zone holds at a time: its dates include the first moment and exclude the last, its shift likewise."""
    if zone.effective_from_ms is not None and at_ms < zone.effective_from_ms:
        return False
    if zone.effective_until_ms is not None and at_ms >= zone.effective_until_ms:
        return False
    if zone.shift is None:
        return True
    clock = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(local)
    minute = clock.hour * 60 + clock.minute
    first, last = zone.shift
    return first <= minute < last if first < last else minute >= first or minute < last


class _Layer:
    """One layer's zones with their prepared shapes, in both coordinate systems."""

    def __init__(self, zones: Sequence[Zone], metres: LocalMetres) -> None:
        self.zones = sorted(zones, key=lambda zone: zone.id)
        self.shapes = np.array([zone_shape(zone.polygons) for zone in self.zones], object)
        self.metric_shapes = np.array([metres.shape(shape) for shape in self.shapes], object)
        areas_m2 = np.round(shapely.area(self.metric_shapes), 1)
        order = sorted(range(len(self.zones)), key=lambda i: (self.zones[i].rank, areas_m2[i], self.zones[i].id, i))
        self.precedence = np.argsort(np.array(order, np.int64))
        shapely.prepare(self.shapes)
        shapely.prepare(self.metric_shapes)
        self.tree = shapely.STRtree(self.shapes)
        self.metric_tree = shapely.STRtree(self.metric_shapes)
        self.timeless = all(
            zone.effective_from_ms is None and zone.effective_until_ms is None and zone.shift is None
            for zone in self.zones
        )


class ZoneIndex:
    """All layers of one version of a city's zones; immutable, safe to share between threads."""

    def __init__(self, zones: Iterable[Zone], time_zone: str) -> None:
        self.local = ZoneInfo(time_zone)
        by_layer: dict[str, list[Zone]] = {}
        for zone in zones:
            by_layer.setdefault(zone.layer, []).append(zone)
        rings = [ring for same in by_layer.values() for zone in same for rings in zone.polygons for ring in rings]
        points = np.concatenate(rings) if rings else np.zeros((1, 2), np.int32)
        self.metres = LocalMetres.around(points)
        self._layers = {name: _Layer(by_layer[name], self.metres) for name in sorted(by_layer)}

    @classmethod
    def of(cls, city: City) -> "ZoneIndex":
        """The zones of a city, in its time zone."""
        return cls(city.zones, city.time_zone)

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers, in alphabetical order."""
        return tuple(self._layers)

    def at(self, x: int, y: int, at_ms: int, layer: str) -> ZoneAnswer:
        """The zone of `layer` at a point (1e-7 degrees) at a time. Raises KeyError for an unknown layer."""
        held = self._layers[layer]
        point = shapely.Point(x, y)
        near = held.tree.query(shapely.box(x - BORDER_UNITS, y - BORDER_UNITS, x + BORDER_UNITS, y + BORDER_UNITS))
        touched = near[shapely.dwithin(held.shapes[near], point, BORDER_UNITS)]  # these are prepared: a tree's are not
        touched = self._effective(held, touched, at_ms)
        if len(touched):
            ordered = [held.zones[i] for i in sorted(touched, key=lambda i: held.precedence[i])]
            note = ZoneNote.SEVERAL if len(ordered) > 1 else None
            return ZoneAnswer(layer, ordered[0], tuple(ordered[1:]), 0.0, note)
        return self._nearest(held, x, y, at_ms, layer)

    def at_every_layer(self, x: int, y: int, at_ms: int) -> dict[str, ZoneAnswer]:
        """The answer of every layer, by its name."""
        return {layer: self.at(x, y, at_ms, layer) for layer in self._layers}

    def shares_of_circle(self, x: int, y: int, radius_m: float, at_ms: int, layer: str) -> tuple[ZoneShare, ...]:
        """Shares of a position that is uncertain by `radius_m`; the largest first, ties by precedence.

        A zone that is only touched has a share of 0. Raises ValueError for a radius that is not positive.
        """
        if not radius_m > 0:
            raise ValueError(f"radius_m is {radius_m}; a certain position has a zone, not shares")
        middle = self.metres.project(np.array([[x, y]]))[0]
        return self._shares(shapely.Point(middle).buffer(radius_m, quad_segs=32), at_ms, layer)

    def shares_of_polygon(self, rings: Sequence[Ring], at_ms: int, layer: str) -> tuple[ZoneShare, ...]:
        """Shares of a position known as a polygon (outer ring, holes) in 1e-7 degrees."""
        return self._shares(self.metres.shape(shapely.Polygon(rings[0], rings[1:])), at_ms, layer)

    def _shares(self, metric_shape: Any, at_ms: int, layer: str) -> tuple[ZoneShare, ...]:
        held = self._layers[layer]
        found = self._effective(held, held.metric_tree.query(metric_shape, "intersects"), at_ms)
        parts = shapely.area(shapely.intersection(held.metric_shapes[found], metric_shape)) / metric_shape.area
        shares = [(round(float(part), 6), int(i)) for part, i in zip(parts, found, strict=True)]
        shares.sort(key=lambda pair: (-pair[0], held.precedence[pair[1]]))
        return tuple(ZoneShare(held.zones[i], share) for share, i in shares)

    def _effective(self, held: _Layer, found: NDArray[np.int64], at_ms: int) -> NDArray[np.int64]:
        if held.timeless:
            return found
        kept = [i for i in found.tolist() if holds_at(held.zones[i], at_ms, self.local)]
        return np.array(kept, np.int64)

    def _nearest(self, held: _Layer, x: int, y: int, at_ms: int, layer: str) -> ZoneAnswer:
        """The answer for a point in a gap. Equal distances (to the decimetre) are decided by precedence."""
        point = shapely.Point(self.metres.project(np.array([[x, y]]))[0])
        if held.timeless:
            _, nearest_m = held.metric_tree.query_nearest(point, return_distance=True, all_matches=False)
            candidates = held.metric_tree.query(point.buffer(float(nearest_m[0]) + 1.0))
        else:
            candidates = self._effective(held, np.arange(len(held.zones)), at_ms)
        if not len(candidates):
            return ZoneAnswer(layer, None, note=ZoneNote.NONE_EFFECTIVE)
        distances_m = np.round(shapely.distance(held.metric_shapes[candidates], point), 1)
        best = min(range(len(candidates)), key=lambda k: (distances_m[k], held.precedence[candidates[k]]))
        return ZoneAnswer(layer, held.zones[candidates[best]], (), float(distances_m[best]), ZoneNote.GAP)


class CurrentZones:
    """The version in force: readers take `index` once per question, a new version replaces it whole."""

    def __init__(self, index: ZoneIndex) -> None:
        self.index = index

    def swap(self, index: ZoneIndex) -> ZoneIndex:
        """Put a new version in force and return the one before."""
        before, self.index = self.index, index
        return before

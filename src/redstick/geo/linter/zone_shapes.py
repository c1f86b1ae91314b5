"""Zones of one layer against each other: self-crossings, overlaps, gaps, slivers, streets that none covers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from redstick.geo.city import City, Zone
from redstick.geo.linter.finding import Finding, Severity
from redstick.geo.roads import E7, Roads
from redstick.geo.zones import LocalMetres, holds_at, zone_shape

SLIVER_WIDTH_M = 5.0  # borders drawn twice lie about this far apart; wider, somebody meant it
JOINT_M = 0.05  # gaps narrower than twice this are of the computing, not of the drawing
SMALLEST_M2 = 1.0  # rounding to 1e-7 degrees moves a border by a centimetre: less than this is not seen
ESN_AGENCIES = (("police", "law"), ("fire",), ("ems", "medical"))


def check_zones(city: City) -> Iterator[Finding]:
    """Every finding about zones. A layer that changes with time is looked at for each set of zones that it ever has."""
    layers: dict[str, list[Zone]] = {}
    for zone in city.zones:
        layers.setdefault(zone.layer, []).append(zone)
    if not layers:
        return
    corners = np.concatenate([ring for zone in city.zones for rings in zone.polygons for ring in rings])
    metres = LocalMetres.around(corners)
    for layer in sorted(layers):
        sound: list[tuple[Zone, Any]] = []
        for zone in layers[layer]:
            shape = zone_shape(zone.polygons)
            if shape.is_valid:
                sound.append((zone, metres.shape(shape)))
            else:
                yield _crossing(zone, shape)
            yield from _agencies(zone)
        told: set[tuple[str, str, str]] = set()
        for together in _together(sound, city.time_zone):
            for finding in _layer(layer, together, metres, city.roads):
                key = (finding.code, finding.place, finding.found)
                if key not in told:
                    told.add(key)
                    yield finding


def _crossing(zone: Zone, shape: Any) -> Finding:
    reason = str(shapely.is_valid_reason(shape)).split("[")[0].strip().lower()
    x, y = zone.polygons[0][0][0].tolist()
    found = f"its border is broken ({reason}) near ({x / E7:.6f}, {y / E7:.6f})"
    advice = "Redraw it: which side is inside cannot be told."
    return Finding("ZONE_SELF_CROSSING", Severity.ERROR, _place(zone), found, advice, (x, y))


def _agencies(zone: Zone) -> Iterator[Finding]:
    """An emergency service zone names who answers: police, fire and EMS, the triple that an ESN stands for."""
    if zone.kind != "esn":
        return
    filled = [name.lower() for name, value in zone.attributes.items() if value]
    missing = [words[0] for words in ESN_AGENCIES if not any(word in name for word in words for name in filled)]
    if missing:
        found = f"no column names its {', '.join(missing)} agency"
        yield Finding("ESN_WITHOUT_AGENCY", Severity.WARNING, _place(zone), found, "Name the agency that answers.")


def _together(zones: Sequence[tuple[Zone, Any]], time_zone: str) -> Iterator[list[tuple[Zone, Any]]]:
    """Each set of zones that holds at some time, once: looked at whenever a date or a shift begins or ends."""
    local = ZoneInfo(time_zone)
    dates = {moment for zone, _ in zones for moment in (zone.effective_from_ms, zone.effective_until_ms)} - {None}
    shifts = {minute for zone, _ in zones for minute in zone.shift or ()}
    seen: set[tuple[int, ...]] = set()
    for date_ms in sorted(moment for moment in dates if moment is not None) or [0]:
        for moment in (date_ms - 1, date_ms, *_shift_starts(date_ms, sorted(shifts), local)):
            holding = tuple(i for i, (zone, _) in enumerate(zones) if holds_at(zone, moment, local))
            if holding and holding not in seen:
                seen.add(holding)
                yield [zones[i] for i in holding]


def _shift_starts(date_ms: int, minutes: Sequence[int], local: ZoneInfo) -> list[int]:
    day = datetime.fromtimestamp(date_ms / 1000, UTC).astimezone(local)
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    starts = [midnight + timedelta(minutes=minute % 1440) for minute in minutes]
    return [round(start.astimezone(UTC).timestamp() * 1000) for start in starts]


def _layer(layer: str, zones: Sequence[tuple[Zone, Any]], metres: LocalMetres, roads: Roads) -> Iterator[Finding]:
    shapes = np.array([shape for _, shape in zones], object)
    left, right = shapely.STRtree(shapes).query(shapes, "intersects")
    for i, j in sorted((i, j) for i, j in zip(left.tolist(), right.tolist(), strict=True) if i < j):
        common = shapely.intersection(shapes[i], shapes[j])
        if common.area > SMALLEST_M2:
            yield _overlap(zones[i][0], zones[j][0], common)
    # Borders that meet in a T are straight on the map and not quite so in the projection: grown, they touch.
    whole = shapely.union_all(shapely.buffer(shapes, JOINT_M, join_style="mitre"))
    for part in whole.geoms if whole.geom_type == "MultiPolygon" else [whole]:
        for ring in part.interiors:
            hole = shapely.Polygon(ring).buffer(JOINT_M, join_style="mitre")
            if hole.area > SMALLEST_M2:
                sliver = _width_m(hole) < SLIVER_WIDTH_M
                code, severity = ("ZONE_GAP_SLIVER", Severity.NOTICE) if sliver else ("ZONE_GAP", Severity.ERROR)
                found = f"{hole.area:,.0f} m² within the layer belong to no zone"
                yield Finding(code, severity, f"layer {layer}", found, "Close the gap between its neighbours.")
    yield from _uncovered(layer, whole, metres, roads)


def _overlap(one: Zone, other: Zone, common: Any) -> Finding:
    found = f"{common.area:,.0f} m² belong to {_place(other)} too"
    if _width_m(common) < SLIVER_WIDTH_M:
        return Finding("ZONE_OVERLAP_SLIVER", Severity.NOTICE, _place(one), found, "Let both share one border.")
    if one.rank != other.rank:
        found = f"{found}; their ranks decide"
        return Finding("ZONE_OVERLAP_RANKED", Severity.NOTICE, _place(one), found, "Confirm that it is meant.")
    advice = "Redraw one of them, or give them ranks: the smaller one wins until then."
    return Finding("ZONE_OVERLAP", Severity.WARNING, _place(one), found, advice)


def _uncovered(layer: str, whole: Any, metres: LocalMetres, roads: Roads) -> Iterator[Finding]:
    """Segments whose middle lies outside every zone: where the layer should cover the whole city."""
    if not roads.segments:
        return
    at = (roads.start[:-1] + roads.start[1:]) // 2 - 1
    middle = (roads.xy[at].astype(np.int64) + roads.xy[at + 1]) // 2
    points = metres.project(middle)
    grown = whole.buffer(SLIVER_WIDTH_M)
    shapely.prepare(grown)
    outside = np.flatnonzero(~shapely.intersects_xy(grown, points[:, 0], points[:, 1]))
    if len(outside):
        x, y = middle[outside[0]].tolist()
        found = f"segments in no zone: {len(outside):,} of {roads.segments:,}"
        advice = "Extend the zones, or confirm that other agencies answer there."
        yield Finding("ZONE_UNCOVERED_STREETS", Severity.WARNING, f"layer {layer}", found, advice, (x, y))


def _width_m(shape: Any) -> float:
    """How wide a long thin shape is: twice its area over its outline; half the side of a square."""
    return float(2 * shape.area / shape.length) if shape.length else 0.0


def _place(zone: Zone) -> str:
    return f"{zone.kind} {zone.id}"

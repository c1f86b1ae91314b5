"""Stations, units and closures against the network that they stand on."""

from collections.abc import Iterator

import numpy as np
import shapely

from redstick.geo.city import City
from redstick.geo.linter.finding import Finding, Severity
from redstick.geo.zones import LocalMetres

OFF_NETWORK_M = 150.0  # farther than a deep plot: the station is misplaced, or its street is missing


def check_sites(city: City) -> Iterator[Finding]:
    """Every finding about stations, units and closures."""
    yield from _stations(city)
    yield from _units(city)
    known = set(city.roads.segment_id)
    for closure in city.closures:
        missing = [segment for segment in closure.segments if segment not in known]
        if missing:
            found = f"it closes segments that do not exist: {', '.join(missing[:5])}"
            yield Finding("CLOSURE_UNKNOWN", Severity.ERROR, f"closure {closure.id}", found, "Correct the segment ids.")


def _stations(city: City) -> Iterator[Finding]:
    if not city.stations or not city.roads.segments:
        return
    roads = city.roads
    metres = LocalMetres.around(np.column_stack([roads.node_x, roads.node_y]))
    owner = np.repeat(np.arange(roads.segments), np.diff(roads.start))
    tree = shapely.STRtree(shapely.linestrings(metres.project(roads.xy), indices=owner))
    at = metres.project(np.array([[station.x, station.y] for station in city.stations]))
    (asked, _), distance_m = tree.query_nearest(shapely.points(at), return_distance=True, all_matches=False)
    for k, apart_m in zip(asked.tolist(), distance_m.tolist(), strict=True):
        station = city.stations[k]
        if apart_m > OFF_NETWORK_M:
            found = f"it lies {apart_m:,.0f} m from the nearest road"
            advice = "Correct its position, or add the street that it stands on."
            yield Finding(
                "STATION_OFF_NETWORK", Severity.ERROR, f"station {station.id}", found, advice, (station.x, station.y)
            )


def _units(city: City) -> Iterator[Finding]:
    stations = {station.id: station for station in city.stations}
    for unit in city.units:
        if not unit.station:
            advice = "Name its station; until it reports a position it cannot be recommended by travel time."
            yield Finding("UNIT_WITHOUT_STATION", Severity.WARNING, f"unit {unit.id}", "it has no station", advice)
        elif unit.station not in stations:
            found = f"its station {unit.station!r} does not exist"
            yield Finding("UNIT_STATION_UNKNOWN", Severity.ERROR, f"unit {unit.id}", found, "Correct the station.")
    if city.units:
        housed = {unit.station for unit in city.units}
        for station in city.stations:
            if station.id not in housed:
                found = "no unit is quartered there"
                at = (station.x, station.y)
                yield Finding("STATION_EMPTY", Severity.NOTICE, f"station {station.id}", found, "Confirm it.", at)

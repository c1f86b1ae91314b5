"""Zones: every layer is made of whole census blocks, by who governs, who lives there, or who is nearest."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely import Polygon

from redstick.geo.city import Ring, Zone
from redstick.simulation.parish.metropolis.census import I64, Census
from redstick.simulation.parish.metropolis.terrain import F64
from redstick.simulation.parish.network import to_degrees_e7

POLICE_DISTRICTS, BEATS_EACH, COUNCIL_DISTRICTS = 6, 8, 12


def even_parts(middle: F64, weight: I64, count: int) -> I64:
    """Blocks in `count` compact groups of nearly equal weight: halved across the longer extent, again and again."""
    label = np.zeros(len(weight), np.int64)
    _halve(middle, weight + 1, np.arange(len(weight)), count, 0, label)
    return label


def _halve(middle: F64, weight: I64, own: I64, count: int, first: int, label: I64) -> None:
    if count == 1:
        label[own] = first
        return
    few = count // 2
    extent = middle[own].max(axis=0) - middle[own].min(axis=0)
    axis = int(extent[1] > extent[0])
    order = own[np.lexsort((own, middle[own, 1 - axis], middle[own, axis]))]
    reached = np.cumsum(weight[order]) * count
    cut = int(np.searchsorted(reached, int(weight[order].sum()) * few))
    _halve(middle, weight, order[: cut + 1], few, first, label)
    _halve(middle, weight, order[cut + 1 :], count - few, first + few, label)


def nearest(middle: F64, seats: F64) -> I64:
    """For each block the seat that is nearest to it; ties to the lower index."""
    away = np.rint(np.hypot(middle[:, None, 0] - seats[None, :, 0], middle[:, None, 1] - seats[None, :, 1]))
    which: I64 = np.argmin(away, axis=1)
    return which


def layer(census: Census, label: I64, names: Sequence[tuple[str, str]], kind: str) -> Iterator[Zone]:
    """A zone for each label that has blocks: `names` are id and name by label."""
    for which, (key, name) in enumerate(names):
        own = np.flatnonzero(label == which).tolist()
        if own:
            whole = shapely.coverage_union_all([census.shapes[i] for i in own])
            attributes = {
                "population": str(int(census.residents[own].sum())),
                "daytime_population": str(int(census.by_day[own].sum())),
            }
            yield Zone(key, name, kind, kind, rings_of(whole), attributes=attributes)


def rings_of(shape: Polygon) -> tuple[tuple[Ring, ...], ...]:
    """A shape in metres as polygons of rings in 1e-7 degrees."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return tuple(
        tuple(to_degrees_e7(shapely.get_coordinates(ring)) for ring in (part.exterior, *part.interiors))
        for part in parts
    )


def police(census: Census) -> tuple[I64, I64]:
    """The police district and the beat of each block, by people by day and night together."""
    weight = census.residents + census.by_day
    district = even_parts(census.middle, weight, POLICE_DISTRICTS)
    beat = np.zeros(len(district), np.int64)
    for which in range(POLICE_DISTRICTS):
        own = np.flatnonzero(district == which)
        beat[own] = BEATS_EACH * which + even_parts(census.middle[own], weight[own], BEATS_EACH)
    return district, beat


def beat_names() -> list[tuple[str, str]]:
    """Beat 3C is the third of district 3."""
    keys = [f"{d + 1}{chr(ord('A') + b)}" for d in range(POLICE_DISTRICTS) for b in range(BEATS_EACH)]
    return [(key, f"Beat {key}") for key in keys]


def zones(census: Census, governing: I64, areas: Sequence[str], fire: F64, medical: F64) -> tuple[Zone, ...]:
    """All layers. `governing` is the index into `areas` by block; `fire` and `medical` are stations, in metres."""
    district, beat = police(census)
    council = even_parts(census.middle, census.residents, COUNCIL_DISTRICTS)
    fire_names = [(f"F{i + 1:02d}", f"Fire District {i + 1}") for i in range(len(fire))]
    medical_names = [(f"M{i + 1:02d}", f"EMS Zone {i + 1}") for i in range(len(medical))]
    blocks = [(f"B{i + 1:04d}", f"Block {i + 1}") for i in range(len(census.shapes))]
    return (
        *layer(census, governing, [(name, name) for name in areas], "municipality"),
        *layer(census, beat, beat_names(), "beat"),
        *layer(census, district, [(f"PD{i + 1}", f"Police District {i + 1}") for i in range(6)], "police_district"),
        *layer(census, nearest(census.middle, fire), fire_names, "fire_district"),
        *layer(census, nearest(census.middle, medical), medical_names, "ems_district"),
        *layer(
            census, council, [(f"C{i + 1:02d}", f"Council District {i + 1}") for i in range(12)], "council_district"
        ),
        *layer(census, np.arange(len(blocks)), blocks, "census_block"),
    )

"""How each part of a city stands in a file: whole numbers as `.npz`, text as `.json`; both ways."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from redstick.geo.city.model import Addresses, City, Closure, Ground, Milepost, Place, Ring, Station, Unit, Zone
from redstick.geo.roads import Roads

Arrays = dict[str, NDArray[Any]]
Polygons = tuple[tuple[Ring, ...], ...]

# Whole-number arrays of Roads that are stored as they are; lengths are stored in millimetres.
_ROAD_ARRAYS = {
    "node_x": np.int32, "node_y": np.int32, "tail": np.int32, "head": np.int32, "name": np.int32,
    "road_class": np.int8, "direction": np.int8, "speed_kmh": np.int32, "level": np.int8,
    "left_from": np.int32, "left_to": np.int32, "right_from": np.int32, "right_to": np.int32,
    "left_area": np.int32, "right_area": np.int32, "left_postcode": np.int32, "right_postcode": np.int32,
    "start": np.int32, "xy": np.int32,
}  # fmt: skip
_ROAD_TEXTS = ("segment_id", "names", "areas", "postcodes", "attribution")
_ADDRESS_ARRAYS = ("x", "y", "number", "street", "area", "postcode")
_ADDRESS_TEXTS = ("number_suffix", "unit", "streets", "areas", "postcodes")


def city_to_files(city: City) -> dict[str, bytes]:
    """Every file of the folder but the manifest, by name."""
    roads, addresses = city.roads, city.addresses
    road_arrays: Arrays = {key: getattr(roads, key).astype(kind) for key, kind in _ROAD_ARRAYS.items()}
    road_arrays["length_mm"] = np.rint(roads.length_m * 1000).astype(np.int64)
    road_arrays["aliases"] = np.array(roads.aliases, np.int32).reshape(-1, 2)
    zone_texts = [
        {key: value for key, value in vars(zone).items() if key not in {"polygons", "attributes"}}
        | {"attributes": dict(zone.attributes)}
        for zone in city.zones
    ]
    return {
        "roads.npz": _npz(road_arrays),
        "roads.json": _json({key: getattr(roads, key) for key in _ROAD_TEXTS}),
        "addresses.npz": _npz({key: getattr(addresses, key).astype(np.int32) for key in _ADDRESS_ARRAYS}),
        "addresses.json": _json({key: getattr(addresses, key) for key in _ADDRESS_TEXTS}),
        "zones.npz": _npz(_shapes([zone.polygons for zone in city.zones])),
        "zones.json": _json(zone_texts),
        "ground.npz": _npz(_shapes([ground.polygons for ground in city.ground])),
        "ground.json": _json([{"kind": ground.kind, "name": ground.name} for ground in city.ground]),
        "places.json": _json([asdict(place) for place in city.places]),
        "mileposts.json": _json([asdict(post) for post in city.mileposts]),
        "stations.json": _json([asdict(station) for station in city.stations]),
        "units.json": _json([asdict(unit) for unit in city.units]),
        "closures.json": _json([asdict(closure) for closure in city.closures]),
    }


def city_from_files(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> City:
    """The city of a checked manifest and its files. Raises KeyError, TypeError or ValueError where they disagree."""
    zones = zip(json.loads(files["zones.json"]), _polygons(_arrays(files["zones.npz"])), strict=True)
    ground = zip(json.loads(files["ground.json"]), _polygons(_arrays(files["ground.npz"])), strict=True)
    return City(
        name=manifest["name"],
        time_zone=manifest["time_zone"],
        roads=_roads(_arrays(files["roads.npz"]), json.loads(files["roads.json"])),
        addresses=_addresses(_arrays(files["addresses.npz"]), json.loads(files["addresses.json"])),
        places=tuple(Place(**_tupled(row, "aliases")) for row in json.loads(files["places.json"])),
        mileposts=tuple(Milepost(**row) for row in json.loads(files["mileposts.json"])),
        zones=tuple(Zone(**_tupled(row, "shift"), polygons=polygons) for row, polygons in zones),
        stations=tuple(Station(**row) for row in json.loads(files["stations.json"])),
        units=tuple(Unit(**_tupled(row, "capabilities")) for row in json.loads(files["units.json"])),
        closures=tuple(Closure(**_tupled(row, "segments")) for row in json.loads(files["closures.json"])),
        ground=tuple(Ground(**row, polygons=polygons) for row, polygons in ground),
        attribution=tuple(manifest["attribution"]),
        digest=manifest["digest"],
    )


def _addresses(arrays: Arrays, texts: dict[str, Any]) -> Addresses:
    fields: dict[str, Any] = {**arrays, **texts}
    addresses = Addresses(**fields)
    for key in ("x", "y", "number_suffix", "unit", "street", "area", "postcode"):
        if len(getattr(addresses, key)) != len(addresses):
            raise ValueError(f"{key} has {len(getattr(addresses, key))} entries for {len(addresses)} addresses")
    return addresses


def _roads(arrays: Arrays, texts: dict[str, Any]) -> Roads:
    length_m = arrays.pop("length_mm").astype(np.float64) / 1000
    aliases = [(segment, name) for segment, name in arrays.pop("aliases").tolist()]
    fields: dict[str, Any] = {**arrays, **texts, "length_m": length_m, "aliases": aliases}
    roads = Roads(**fields)
    parallel = ("head", "segment_id", "name", "length_m", "left_from", "right_to", "road_class", "direction")
    for key in parallel:
        if len(getattr(roads, key)) != roads.segments:
            raise ValueError(f"{key} has {len(getattr(roads, key))} entries for {roads.segments} segments")
    return roads


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def _npz(arrays: Arrays) -> bytes:
    """Uncompressed: compressed bytes depend on the version of zlib, and these must not."""
    buffer = io.BytesIO()
    np.savez(buffer, **{key: arrays[key] for key in sorted(arrays)})  # type: ignore[arg-type]  # its stub wants one kind
    return buffer.getvalue()


def _arrays(content: bytes) -> Arrays:
    with np.load(io.BytesIO(content), allow_pickle=False) as store:
        return {key: store[key] for key in store.files}


def _shapes(shapes: Sequence[Polygons]) -> Arrays:
    """Nested rings as flat arrays: `shape` offsets into polygons, `polygon` into rings, `ring` into points."""
    polygons = [polygon for shape in shapes for polygon in shape]
    rings = [ring for polygon in polygons for ring in polygon]
    return {
        "shape": _offsets(shapes),
        "polygon": _offsets(polygons),
        "ring": _offsets(rings),
        "xy": np.concatenate([np.zeros((0, 2), np.int32), *rings]).astype(np.int32),
    }


def _offsets(items: Sequence[Any]) -> NDArray[np.int32]:
    return np.cumsum([0, *(len(item) for item in items)]).astype(np.int32)


def _polygons(arrays: Arrays) -> list[Polygons]:
    rings = [arrays["xy"][a:b] for a, b in pairwise(arrays["ring"].tolist())]
    polygons = [tuple(rings[a:b]) for a, b in pairwise(arrays["polygon"].tolist())]
    return [tuple(polygons[a:b]) for a, b in pairwise(arrays["shape"].tolist())]


def _tupled(row: dict[str, Any], key: str) -> dict[str, Any]:
    """JSON knows no tuples: turn the list under `key` back into one."""
    return {**row, key: tuple(row[key])} if row[key] is not None else row

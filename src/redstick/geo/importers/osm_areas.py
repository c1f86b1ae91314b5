"""Areas of an OpenStreetMap extract: municipalities by their administrative boundary, water and parks for the map."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import osmium
import shapely
from osmium.filter import KeyFilter

from redstick.geo.city import Ground, Zone
from redstick.geo.importers.fault import InputFault, Intake
from redstick.geo.importers.osm_tags import Tags
from redstick.geo.importers.polygons import rings_of, zone_order

# A municipality is the boundary of the deepest of these levels that the extract holds; 7 and 8 are the usual ones.
_LEVELS = ("8", "7", "6")
_SMALLEST_DEGREES2 = 2e-8  # about 200 m2: smaller ponds and lawns cannot be seen on a city's map


def import_osm_areas(path: Path) -> tuple[tuple[Zone, ...], tuple[Ground, ...], tuple[Intake, ...]]:
    """Municipality zones and ground of an extract. Areas whose lines are not all in the extract are skipped."""
    intakes = (Intake("zones (municipality)", str(path)), Intake("ground", str(path)))
    by_level: dict[str, list[Zone]] = {level: [] for level in _LEVELS}
    ground: list[Ground] = []
    make = osmium.geom.WKBFactory()
    wanted = KeyFilter("boundary", "natural", "leisure", "waterway", "landuse")
    try:
        found: Iterable[Any] = osmium.FileProcessor(str(path)).with_areas(wanted).with_filter(wanted)
        for entity in found:
            tags = {tag.k: tag.v for tag in entity.tags}
            kind = _kind(tags)
            if not entity.is_area() or not kind:
                continue
            shape = _shape(make, entity)
            if shape is None:
                intakes[kind != "municipality"].skip("a boundary that is not whole in the extract")
            elif kind == "municipality":
                by_level[tags["admin_level"]].append(_municipality(entity, tags, shape))
            elif shape.area >= _SMALLEST_DEGREES2:
                ground.append(Ground(kind, tags.get("name", ""), rings_of(shape)))
    except RuntimeError as error:
        raise InputFault(path, "", f"it is torn or no extract ({str(error)[:120]})", "a whole .osm.pbf file") from error
    zones = next((by_level[level] for level in _LEVELS if len(by_level[level]) > 0), [])
    intakes[0].taken, intakes[1].taken = len(zones), len(ground)
    return tuple(sorted(zones, key=zone_order)), tuple(ground), intakes


def _kind(tags: Tags) -> str:
    if tags.get("boundary") == "administrative" and tags.get("admin_level") in _LEVELS and tags.get("name"):
        return "municipality"
    if tags.get("natural") == "water" or tags.get("waterway") == "riverbank" or tags.get("landuse") == "reservoir":
        return "water"
    return "park" if tags.get("leisure") in {"park", "nature_reserve", "golf_course"} else ""


def _shape(make: Any, area: Any) -> Any:
    """The area in degrees; None where its rings do not close."""
    try:
        shape = shapely.from_wkb(bytes.fromhex(make.create_multipolygon(area)))
    except (RuntimeError, shapely.errors.ShapelyError):
        return None
    return shape if shape.is_valid and not shape.is_empty else None


def _municipality(area: Any, tags: Tags, shape: Any) -> Zone:
    id_ = f"{'w' if area.from_way() else 'r'}{area.orig_id()}"
    return Zone(id_, tags["name"], "municipality", "municipality", rings_of(shape))

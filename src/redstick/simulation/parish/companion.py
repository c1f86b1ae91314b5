"""What stands beside a generated city: `parish.json`, with the cameras, crews and railways that a city has no file for.

The city's own manifest does not name it, so any reader of cities passes over it.
"""

import hashlib
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from redstick.simulation.parish.generate import Parish

FILE_NAME = "parish.json"


def companion_bytes(parish: Parish) -> bytes:
    """The file's bytes, which depend on nothing but the parish; it names the city that it belongs to by digest."""
    content: dict[str, Any] = {
        "city": parish.city.digest,
        "hospitals": [place.id for place in parish.city.places if place.kind == "hospital"],
        "cameras": [asdict(camera) for camera in parish.cameras],
        "crews": [asdict(crew) for crew in parish.crews],
        "railways": parish.railways,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def save_companion(folder: Path, parish: Parish) -> str:
    """Write the file into a city folder; returns its SHA-256."""
    content = companion_bytes(parish)
    (folder / FILE_NAME).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def counts(parish: Parish) -> dict[str, Any]:
    """How many of what a plain city does not tell: people, by day too, hospitals, cameras, the zones of each layer."""
    zones = parish.city.zones
    blocks = [zone for zone in zones if zone.layer == "census_block"]
    return {
        "population": sum(int(zone.attributes["population"]) for zone in blocks),
        "daytime_population": sum(int(zone.attributes["daytime_population"]) for zone in blocks),
        "hospitals": sum(place.kind == "hospital" for place in parish.city.places),
        "cameras": len(parish.cameras),
        "crews": len(parish.crews),
        "municipalities": len(parish.city.roads.areas),
        "ground": len(parish.city.ground),
        "zones_by_layer": dict(sorted(Counter(zone.layer for zone in zones).items())),
    }

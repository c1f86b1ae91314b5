"""What stands beside a generated city: `parish.json`, with the cameras, crews and railways that a city has no file for.

And `response_plan.toml`, the plan that a parish begins with. The city's own manifest names neither, so any reader of
cities passes over them.
"""

import hashlib
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from redstick.geo.city import load_city
from redstick.simulation.parish.generate import Parish
from redstick.simulation.parish.response_plan import response_plan

FILE_NAME, PLAN_FILE = "parish.json", "response_plan.toml"


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
    """Write the files into a city folder; returns the SHA-256 of the first."""
    content = companion_bytes(parish)
    (folder / FILE_NAME).write_bytes(content)
    (folder / PLAN_FILE).write_text(response_plan(parish.city), encoding="utf-8")
    return hashlib.sha256(content).hexdigest()


def load_parish(folder: Path) -> Parish:
    """The parish that was saved into a folder by `save_city` and `save_companion`.

    Raises DamagedCity where the city is not whole, OSError without the companion, ValueError where that is of another
    city or not in its form.
    """
    from redstick.simulation.parish.metropolis import Camera, Crew  # noqa: PLC0415 (with them comes all that draws)

    city = load_city(folder)
    content = json.loads((folder / FILE_NAME).read_bytes())
    if not isinstance(content, dict) or content.get("city") != city.digest:
        raise ValueError(f"{folder / FILE_NAME} belongs to another city than the one beside it")
    try:
        hospitals = {place.id: place for place in city.places if place.kind == "hospital"}
        return Parish(
            city,
            hospitals[content["hospitals"][0]],
            tuple(Camera(**camera) for camera in content["cameras"]),
            tuple(Crew(crew["unit"], tuple(crew["seats"]), tuple(crew["platoons"])) for crew in content["crews"]),
            tuple(tuple((x, y) for x, y in line) for line in content["railways"]),
        )
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"{folder / FILE_NAME} is not in the form of a parish: {error!r}") from error


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

"""What OpenStreetMap's tags mean for driving to an emergency. Pure rules on a mapping of tags.

Stated choices, where the map's own words leave one:
- A road with `access=private` is taken: crews drive there. One with `access=no` (or `vehicle`, `motor_vehicle` =no, the
  most specific word wins) is not, unless `emergency` is yes, designated or official.
- Footways, pedestrian streets, cycleways and paths are taken only with `emergency` or `motor_vehicle` yes; tracks only
  where paved or compacted (`tracktype` grade1, grade2) or where motor vehicles are expressly allowed.
- Bus roads are taken; roads under construction, proposed or abandoned are not; squares (`area=yes`) are not.
- A bollard or block cuts a road; a gate, lift gate or toll booth does not, as crews open them.
- One-way is implied by motorways and roundabouts only. A lane that changes direction by the hour counts as two-way.
"""

import re
from collections.abc import Mapping

from redstick.geo.roads import BACKWARD_ONLY, BOTH_WAYS, FORWARD_ONLY, ROAD_CLASSES

Tags = Mapping[str, str]

_CLASS_OF = {
    "motorway": "motorway", "trunk": "trunk", "primary": "primary", "secondary": "secondary", "tertiary": "tertiary",
    "unclassified": "residential", "residential": "residential", "living_street": "residential",
    "service": "service", "busway": "service", "road": "unknown",
    "motorway_link": "ramp", "trunk_link": "ramp", "primary_link": "ramp", "secondary_link": "ramp",
    "tertiary_link": "ramp",
}  # fmt: skip
_ON_REQUEST = {"pedestrian", "footway", "cycleway", "path", "bridleway", "track", "emergency_bay"}
_YES = {"yes", "designated", "official", "permissive", "destination", "delivery", "customers", "private"}
_BLOCKS = {"bollard", "block", "jersey_barrier", "log", "debris", "cycle_barrier", "stile", "kissing_gate", "turnstile",
           "concrete", "planter", "boulder", "wall", "fence"}  # fmt: skip
_SPEED = re.compile(r"^(\d{1,3})(?:\.\d+)?\s*(mph|km/h|kmh|kph)?$")
_ALIASES = ("alt_name", "official_name", "loc_name", "short_name", "old_name", "name:en", "name_1", "name_2", "ref")


def road_class(tags: Tags) -> tuple[int, str]:
    """The index of the road class, or -1 and why the way is not driven."""
    highway = tags.get("highway", "")
    if tags.get("area") == "yes":
        return -1, "a square (area=yes), not a road"
    emergency = tags.get("emergency") in {"yes", "designated", "official"}
    if highway in _ON_REQUEST:
        firm = highway == "track" and tags.get("tracktype") in {"grade1", "grade2"}
        if not (emergency or tags.get("motor_vehicle") in _YES or (firm and _allowed(tags))):
            return -1, f"highway={highway} is not driven"
        return ROAD_CLASSES.index("service"), ""
    if not _CLASS_OF.get(highway):
        return -1, f"highway={highway} is not driven"
    if not (emergency or _allowed(tags)):
        return -1, "closed to vehicles (access=no)"
    return ROAD_CLASSES.index(_CLASS_OF[highway]), ""


def _allowed(tags: Tags) -> bool:
    """Whether motor vehicles may enter; the most specific word wins."""
    for key in ("motor_vehicle", "vehicle", "access"):
        if key in tags:
            return tags[key] != "no"
    return True


def direction(tags: Tags) -> int:
    """BOTH_WAYS, FORWARD_ONLY or BACKWARD_ONLY."""
    word = tags.get("oneway", "")
    if word in {"yes", "true", "1"}:
        return FORWARD_ONLY
    if word in {"-1", "reverse"}:
        return BACKWARD_ONLY
    if not word and (tags.get("junction") in {"roundabout", "circular"} or tags.get("highway") == "motorway"):
        return FORWARD_ONLY
    return BOTH_WAYS


def speed_kmh(tags: Tags) -> int:
    """The posted speed; 0 where none is given as a number."""
    for key in ("maxspeed", "maxspeed:forward", "maxspeed:backward"):
        match = _SPEED.match(tags.get(key, "").split(";")[0].strip().lower())
        if match:
            value = int(match[1])
            return round(value * 1.609344) if match[2] == "mph" else value
    return 0


def level(tags: Tags) -> int:
    """The grade level: `layer`, else 1 for a bridge and -1 for a tunnel."""
    layer = tags.get("layer", "").strip()
    if layer.removeprefix("-").isdigit() and len(layer) <= 3:
        return max(-10, min(10, int(layer)))
    if tags.get("bridge", "no") != "no":
        return 1
    return -1 if tags.get("tunnel", "no") not in {"no", "building_passage"} else 0


def aliases(tags: Tags) -> tuple[str, ...]:
    """Further names, route numbers among them; lists are split at their semicolons."""
    name = tags.get("name", "")
    found = [part.strip() for key in _ALIASES for part in tags.get(key, "").split(";")]
    return tuple(alias for alias in dict.fromkeys(found) if alias and alias != name)


def routes(tags: Tags) -> list[str]:
    """The route numbers of a road, as `I 10` or `US 61`."""
    return [route for part in tags.get("ref", "").split(";") if (route := part.strip())]


def is_ramp(road_class_index: int) -> bool:
    """Whether a road is a ramp: the routes that stand on it are those that it leads to."""
    return ROAD_CLASSES[road_class_index] == "ramp"


def postcodes(tags: Tags) -> tuple[str, str]:
    """Left and right postcode, where an import of US Census lines left them on the way."""
    left, right = (tags.get(f"tiger:zip_{side}", "").split(":")[0].split(";")[0].strip() for side in ("left", "right"))
    return left, right


def blocks(tags: Tags) -> bool:
    """Whether a node on a road is a barrier that no vehicle passes."""
    if tags.get("barrier") not in _BLOCKS or tags.get("emergency") in {"yes", "designated", "official"}:
        return False
    return not any(tags.get(key) in _YES for key in ("motor_vehicle", "vehicle", "access"))


_PLACE_KEYS = ("amenity", "healthcare", "emergency", "leisure", "tourism", "shop", "office", "aeroway", "historic",
               "public_transport", "railway", "man_made", "sport", "place")  # fmt: skip
_STREET_FURNITURE = {"bench", "waste_basket", "parking_space", "platform", "stop_position", "tree", "fire_hydrant"}


def place_kind(tags: Tags) -> str:
    """What kind of common place a named thing is (hospital, school, station); empty where it is none."""
    if not tags.get("name") or "highway" in tags:
        return ""
    for key in _PLACE_KEYS:
        kind = tags.get(key, "")
        if kind and kind not in {"yes", "no"} and kind not in _STREET_FURNITURE:
            return kind
    return ""

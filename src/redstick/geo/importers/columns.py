"""Which column of an agency's centreline file means what: a small TOML file, and a guess at one.

attribution = "City of Example"
speed_unit = "mph"                      # or "km/h"
[columns]
id = "SEG_ID"
name = ["PREDIR", "STNAME", "SUFFIX"]   # joined with spaces, in this order
left_from = "L_F_ADD"                   # and left_to, right_from, right_to
class = "FCLASS"                        # values are translated by [classes]
[classes]
"1" = "motorway"                        # any of redstick.geo.roads.ROAD_CLASSES, or "skip"
[oneway]
forward = ["FT"]                        # along the line; also backward, both
[skip]
STATUS = ["PROPOSED"]                   # features with these values are left out
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from redstick.geo.importers.fault import InputFault
from redstick.geo.roads import ROAD_CLASSES


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"road_class": "class"}):
    """Names of columns in the source; empty where it has none. `name` and `aliases` may join or list several."""

    id: str = ""
    name: list[str] = []
    aliases: list[str] = []
    left_from: str = ""
    left_to: str = ""
    right_from: str = ""
    right_to: str = ""
    road_class: str = ""
    oneway: str = ""
    speed: str = ""
    level: str = ""
    area: str = ""
    left_area: str = ""
    right_area: str = ""
    postcode: str = ""
    left_postcode: str = ""
    right_postcode: str = ""
    from_node: str = ""
    to_node: str = ""


class Oneway(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the one-way column says: along the line, against it, or both."""

    forward: list[str] = []
    backward: list[str] = []
    both: list[str] = []


class RoadColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole column map."""

    columns: Columns = Columns()
    classes: dict[str, str] = {}
    oneway: Oneway = Oneway()
    skip: dict[str, list[str]] = {}
    attribution: str = ""
    speed_unit: Literal["mph", "km/h"] = "mph"


def load_columns(path: Path) -> RoadColumns:
    """Read a column map; raises InputFault naming the line or the key that cannot be right."""
    path = Path(path)
    if not path.is_file():
        raise InputFault(path, "", "there is no such file", "a column map in TOML")
    try:
        columns = msgspec.convert(tomllib.loads(path.read_text("utf-8")), RoadColumns)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InputFault(path, "", str(error), "a column map as docs/guide-city.md shows it") from error
    for code, road_class in columns.classes.items():
        if road_class not in {*ROAD_CLASSES, "skip"}:
            raise InputFault(path, f"classes.{code}", f"{road_class!r}", f"one of {', '.join(ROAD_CLASSES)}, skip")
    return columns


# What agencies call the columns, most certain first. TIGER/Line, NENA-STA-006.3 and common local names.
_KNOWN: dict[str, tuple[str, ...]] = {
    "id": (
        "rcl_nguid", "nguid", "rclnguid", "tlid", "linearid", "cnn", "segmentid", "segment_id", "seg_id", "segid",
        "roadsegid", "centerline_id", "centerlineid", "street_id", "globalid", "objectid", "fid", "id",
    ),
    "name": ("fullname", "full_name", "streetname", "street_name", "fullstreetname", "st_fullname", "strname",
             "rd_name", "roadname", "road_name", "name", "street", "label"),
    "aliases": ("alias", "alias1", "alias2", "altname", "alt_name", "alt_name1", "alt_name2", "lst_name", "rte_num",
                "route", "hwy_num"),
    "left_from": ("lfromadd", "lfromhn", "fromaddr_l", "lf_from", "lf_fadd", "l_f_add", "leftfrom", "left_from",
                  "fromleft", "from_left", "l_from", "lfrom", "l_add_from", "leftaddr1", "lf_addr", "l_low"),
    "left_to": ("ltoadd", "ltohn", "toaddr_l", "lf_to", "lf_toadd", "l_t_add", "leftto", "left_to", "toleft",
                "to_left", "l_to", "lto", "l_add_to", "leftaddr2", "lt_addr", "l_high"),
    "right_from": ("rfromadd", "rfromhn", "fromaddr_r", "rt_from", "rt_fadd", "r_f_add", "rightfrom", "right_from",
                   "fromright", "from_right", "r_from", "rfrom", "r_add_from", "rgtaddr1", "rf_addr", "r_low"),
    "right_to": ("rtoadd", "rtohn", "toaddr_r", "rt_to", "rt_toadd", "r_t_add", "rightto", "right_to", "toright",
                 "to_right", "r_to", "rto", "r_add_to", "rgtaddr2", "rt_addr", "r_high"),
    "class": ("mtfcc", "road_mtfcc", "roadclass", "road_class", "class", "classcode", "class_code", "fclass",
              "funcclass", "func_class", "functional_class", "highway", "st_class", "streetclass"),
    "oneway": ("oneway", "one_way", "onewaydir", "oneway_dir", "dir_travel", "traveldir", "travel_dir"),
    "speed": ("speedlimit", "speed_limit", "spd_limit", "speed", "mph", "speed_mph", "posted_spd", "maxspeed"),
    "level": ("level", "layer_level", "grade_level", "zlev", "z_level"),
    "area": ("municipality", "muni", "city", "community", "town"),
    "left_area": ("incmuni_l", "postcomm_l", "city_l", "l_city", "lcity", "muni_l", "l_muni", "left_city",
                  "municipality_left", "leftcity", "community_l"),
    "right_area": ("incmuni_r", "postcomm_r", "city_r", "r_city", "rcity", "muni_r", "r_muni", "right_city",
                   "municipality_right", "rightcity", "community_r"),
    "postcode": ("zip", "zipcode", "zip_code", "postcode", "postalcode"),
    "left_postcode": ("zipl", "zip_l", "l_zip", "lzip", "postcode_l", "zip_left", "leftzip", "zipcode_l"),
    "right_postcode": ("zipr", "zip_r", "r_zip", "rzip", "postcode_r", "zip_right", "rightzip", "zipcode_r"),
    "from_node": ("tnidf", "from_node", "fnode", "f_node", "fromnode", "fnode_", "f_node_cnn", "node_from"),
    "to_node": ("tnidt", "to_node", "tnode", "t_node", "tonode", "tnode_", "t_node_cnn", "node_to"),
}  # fmt: skip
_NAME_PARTS = (
    ("st_premod", "premod"), ("st_predir", "predir", "pre_dir", "prefix", "pre_direct", "dir_pre", "stpredir"),
    ("st_pretyp", "pretype", "pre_type"), ("st_presep",),
    ("st_name", "stname", "basename", "base_name", "street", "name"),
    ("st_postyp", "st_type", "sttype", "type", "suftype", "suffix", "street_typ", "streettype", "posttype"),
    ("st_posdir", "postdir", "post_dir", "sufdir", "suf_dir", "dir_suf", "stpostdir"), ("st_posmod", "postmod"),
)  # fmt: skip
# MTFCC codes of the US Census Bureau: what may be driven, and what may not.
_CLASS_WORDS: dict[str, str] = {
    "s1100": "motorway", "s1200": "primary", "s1400": "residential", "s1500": "service", "s1630": "ramp",
    "s1640": "service", "s1730": "service", "s1740": "service", "s1750": "service", "s1780": "service",
    "s1710": "skip", "s1720": "skip", "s1820": "skip", "s1830": "skip",
    "interstate": "motorway", "freeway": "motorway", "motorway": "motorway", "expressway": "trunk", "trunk": "trunk",
    "us highway": "trunk", "state highway": "primary", "highway": "primary", "primary": "primary",
    "principal arterial": "primary", "major arterial": "primary", "arterial": "primary",
    "minor arterial": "secondary", "secondary": "secondary", "major collector": "tertiary", "collector": "tertiary",
    "minor collector": "tertiary", "tertiary": "tertiary", "local": "residential", "residential": "residential",
    "neighborhood": "residential", "minor": "residential", "street": "residential", "ramp": "ramp",
    "service": "service", "service drive": "service", "alley": "service", "private": "service", "driveway": "service",
    "parking lot": "service", "vehicular trail": "service", "walkway": "skip", "trail": "skip", "stairway": "skip",
    "bike path": "skip", "pedestrian": "skip", "railroad": "skip",
}  # fmt: skip
_FORWARD = {"ft", "f", "1", "fromto", "from-to", "with", "forward", "y", "yes", "true", "t->f"} - {"t->f"}
_BACKWARD = {"tf", "-1", "tofrom", "to-from", "against", "backward", "reverse", "r"}
_BOTH = {"", "b", "0", "n", "no", "both", "false", "2", "two way", "two-way"}


def guess_columns(columns: Mapping[str, Sequence[Any]]) -> tuple[RoadColumns, list[str]]:
    """A column map guessed from a file's columns, and what it is unsure of, in plain words."""
    by_lower = {name.lower(): name for name in columns}
    found = {key: next((by_lower[word] for word in words if word in by_lower), "") for key, words in _KNOWN.items()}
    parts = [next((by_lower[word] for word in words if word in by_lower), "") for words in _NAME_PARTS]
    named: list[str] = [found["name"]] if found["name"] else []
    if parts[5] and _classes_rather_than_suffixes(columns[parts[5]]):
        parts[5] = ""
    if parts[4] and any(parts[:4] + parts[5:]) and found["name"].lower() not in {"fullname", "full_name", "streetname"}:
        named = [part for part in parts if part]
    unsure = _unsure(columns, found, named)
    classes, class_doubt = _guess_classes(columns.get(found["class"], ()))
    oneway, oneway_doubt = _guess_oneway(columns.get(found["oneway"], ()))
    own: dict[str, Any] = {**found, "name": named, "aliases": [found["aliases"]] if found["aliases"] else []}
    own["road_class"] = own.pop("class")
    guess = RoadColumns(columns=Columns(**own), classes=classes, oneway=oneway)
    return guess, unsure + class_doubt + oneway_doubt


def _classes_rather_than_suffixes(values: Sequence[Any]) -> bool:
    """Whether a column called type holds kinds of roads (Local, Ramp) instead of ends of names (St, Ave)."""
    kinds = _CLASS_WORDS.keys() - {"street", "alley", "highway", "trail", "freeway", "expressway"}
    return any(_text(value).lower() in kinds for value in values)


def _unsure(columns: Mapping[str, Sequence[Any]], found: Mapping[str, str], named: Sequence[str]) -> list[str]:
    doubts = []
    if not named:
        doubts.append(f"no column looks like a street name (columns: {', '.join(columns)})")
    ranges = [found[key] for key in ("left_from", "left_to", "right_from", "right_to")]
    if any(ranges) and not all(ranges):
        doubts.append("only some of the four range columns were recognised")
    if not any(ranges):
        doubts.append("no column looks like a house-number range; addresses cannot be placed along the streets")
    if not found["oneway"]:
        doubts.append("no one-way column: every street is taken as two-way")
    if found["speed"]:
        doubts.append(f"speeds in {found['speed']} are taken as miles per hour")
    return doubts


def _guess_classes(values: Sequence[Any]) -> tuple[dict[str, str], list[str]]:
    seen = sorted({_text(value) for value in values} - {""})
    known = {value: _CLASS_WORDS[value.lower()] for value in seen if value.lower() in _CLASS_WORDS}
    # TIGER's edges also hold rivers, rails and borders; they are in the same column and are no roads.
    known |= {value: "skip" for value in seen if len(value) == 5 and value[0] in "HRPLKCG" and value[1:].isdigit()}
    left = [value for value in seen if value not in known]
    return known, [f"road class codes without a known meaning: {', '.join(left[:12])}"] if left else []


def _guess_oneway(values: Sequence[Any]) -> tuple[Oneway, list[str]]:
    seen = sorted({_text(value) for value in values})
    forward = [value for value in seen if value.lower() in _FORWARD]
    backward = [value for value in seen if value.lower() in _BACKWARD]
    both = [value for value in seen if value.lower() in _BOTH]
    left = [value for value in seen if value not in {*forward, *backward, *both}]
    doubts = [f"one-way codes without a known meaning, taken as two-way: {', '.join(left[:12])}"] if left else []
    if any(value.lower() in {"y", "yes", "true"} for value in forward):
        doubts.append("one-way says only yes: taken as driven in the direction of the line")
    return Oneway(forward=forward, backward=backward, both=both), doubts


def _text(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124  (NaN is how GDAL says null)
        return ""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip()


def draft_toml(guess: RoadColumns, unsure: Sequence[str]) -> str:
    """A column map as TOML for a person to correct, its doubts first as comments."""
    quoted = msgspec.json.encode
    lines = ["# Column map, guessed. Correct what is wrong; an empty name means that the file has no such column."]
    lines += [f"# UNSURE: {doubt}" for doubt in unsure]
    lines += [
        f"attribution = {quoted(guess.attribution).decode()}",
        f'speed_unit = "{guess.speed_unit}"',
        "",
        "[columns]",
    ]
    lines += [f"{key} = {quoted(value).decode()}" for key, value in msgspec.to_builtins(guess.columns).items()]
    for heading, table in (
        ("classes", guess.classes),
        ("oneway", msgspec.to_builtins(guess.oneway)),
        ("skip", guess.skip),
    ):
        lines += ["", f"[{heading}]"]
        lines += [f"{quoted(key).decode()} = {quoted(value).decode()}" for key, value in table.items()]
    return "\n".join(lines) + "\n"

"""Types for the console, made from the very structs that the interface speaks: `redstick types` writes them.

A command is an interface of its fields; an answer, a problem, a snapshot and a frame are themselves. What has a default
may be left out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from redstick.dispatch.computing.answers import (
    Drive,
    Exchanges,
    PlacesFound,
    PlannedResponse,
    Recommendation,
    RoadsFound,
)
from redstick.dispatch.lookback.answers import Differences, Finds, Load, Screen, Story, Today
from redstick.dispatch.lookback.compared import Compared
from redstick.dispatch.lookback.needed import Staffing
from redstick.kernel.house import House
from redstick.kernel.values import Command
from redstick.phones.credentials import PhoneCredentials
from redstick.phones.reads.mine import Mine
from redstick.phones.routing.trace import Route
from redstick.server.api.admin import PeopleKnown, PlanKnown, PolicyKnown, WordsKnown
from redstick.server.api.bar import BarEnter, BarHelp, BarLine, BarUndo
from redstick.server.api.city import PointsOnRoads, Similar, TextToFind
from redstick.server.api.commands import Told, path_of
from redstick.server.api.map import StyleSources
from redstick.server.api.phones import PlanLooked
from redstick.server.api.problems import Problem
from redstick.server.api.sessions import Credentials, Holder
from redstick.server.api.softphone import SoftphoneAnswer, SoftphoneHere
from redstick.server.bar import BarOutcome, BarReading
from redstick.server.city_desk import CityStanding
from redstick.server.phoning.windows import SoftphoneTold
from redstick.server.ports import Frame, Snapshot

HEAD = "// Made by `redstick types` from the structs of the interface. Do not edit: change those, and make it again.\n"
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
COMPUTED = (TextToFind, PlacesFound, PlannedResponse, Recommendation, Exchanges, Similar, CityStanding)
BAR = (BarLine, BarReading, BarEnter, BarOutcome, BarUndo, BarHelp)
ROADS = (PointsOnRoads, RoadsFound, Drive, StyleSources)
ADMIN = (PeopleKnown, PolicyKnown, PlanKnown, WordsKnown)
LOOKING_BACK = (Load, Today, Screen, Differences, Story, Finds, Compared, Staffing)
PHONES = (Route, Mine, PlanLooked, PhoneCredentials, SoftphoneHere, SoftphoneAnswer, SoftphoneTold)
REFERENCE = "#/$defs/"


def typescript(house: House) -> str:
    """The whole file: every command that may be asked, by its path, and everything that is answered."""
    commands = sorted((cls for cls in house.deciders if cls not in house.kernel_only), key=path_of)
    types = [
        *commands,
        Told,
        Problem,
        Credentials,
        Holder,
        Snapshot,
        Frame,
        *COMPUTED,
        *ROADS,
        *LOOKING_BACK,
        *ADMIN,
        *BAR,
        *PHONES,
    ]
    _, components = msgspec.json.schema_components(types, ref_template=REFERENCE + "{name}")
    parts = [HEAD, *(_declared(name, components[name]) for name in sorted(components)), _paths(commands)]
    return "\n".join(parts)


def _declared(name: str, schema: Mapping[str, Any]) -> str:
    about = f"/** {schema['description'].splitlines()[0]} */\n" if schema.get("description") else ""
    if "properties" not in schema:
        return f"{about}export type {_name(name)} = {_type(schema)};\n"
    needed = set(schema.get("required", ()))
    fields = [f"  {field}{'' if field in needed else '?'}: {_type(of)};" for field, of in schema["properties"].items()]
    return "\n".join([f"{about}export interface {_name(name)} {{", *fields, "}", ""])


def _name(name: str) -> str:
    """Two structs of one name are told apart by their modules: `…reasons.Verdict` is `ReasonsVerdict`."""
    *_, module, last = ("", *name.split("."))
    return f"{module.capitalize()}{last}"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _name(str(schema["$ref"]).removeprefix(REFERENCE))
    if "enum" in schema:
        return " | ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    kind = schema.get("type")
    if "prefixItems" in schema:
        return f"[{', '.join(_type(one) for one in schema['prefixItems'])}]"
    if kind == "array":
        items = _type(schema.get("items", {}))
        return f"({items})[]" if "|" in items else f"{items}[]"
    if kind == "object":
        values = schema.get("additionalProperties", {})
        return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"
    return PLAIN.get(str(kind), "unknown")


def _paths(commands: Iterable[type[Command]]) -> str:
    lines = [f'  "{path_of(cls)}": {cls.__name__};' for cls in commands]
    return "\n".join(["/** What each path takes. */", "export interface Commands {", *lines, "}", ""])

"""A what-if in a small TOML: other stations, other units, another rule, another response; and the fleet it leads to.

```toml
title = "A second truck in the west"
rule = "closest"                      # or "station_order"

[[stations]]                          # new, or moved when the id is known
id = "52"
latitude = 37.75
longitude = -122.49

[[units]]                             # new, or moved when the id is known
id = "T52"
kind = "TRUCK"
station = "52"

[remove]
stations = ["20"]                     # its units go with it unless they are placed elsewhere above
units = ["E14"]

[[responses]]                         # what is sent instead of what was recorded
call_types = ["Medical Incident"]
send = { ENGINE = 1, MEDIC = 1 }

[station_order]                       # by station area; areas without an entry go by distance of the stations
"14" = ["14", "23", "18"]
```
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redstick.dispatch.history.model import History
from redstick.dispatch.plans.resolving import Answer
from redstick.dispatch.ports import Point

RULES = ("closest", "station_order")
KEYS = {"title", "rule", "stations", "units", "remove", "responses", "station_order"}
E7 = 10_000_000


class PlanError(Exception):
    """A what-if that cannot be meant: names the file, the entry and what was expected."""

    def __init__(self, source: str, entry: str, expected: str) -> None:
        super().__init__(f"{source}: {entry}: {expected}")


@dataclass(frozen=True)
class FleetUnit:
    """A unit with a home; of staffing and crew the past says nothing."""

    id: str
    kind: str
    station: str
    capabilities: tuple[str, ...] = ()
    agency: str = ""


@dataclass(frozen=True)
class Fleet:
    """Stations by id with their places, and the units that are quartered there, in the order of their ids."""

    stations: dict[str, Point]
    units: dict[str, FleetUnit]

    def home(self, unit: str) -> Point:
        """Where a unit is quartered."""
        return self.stations[self.units[unit].station]


@dataclass(frozen=True)
class Response:
    """What is sent to some types of call: how many units of each kind."""

    call_types: frozenset[str]
    send: dict[str, int]


@dataclass(frozen=True)
class Plan:
    """A what-if as read; `Plan()` changes nothing but the rule by which the recorded units are chosen again.

    `answers` is a response plan: what it sends to the call of a row of the history, at an alarm level.
    """

    title: str = "As planned today"
    rule: str = "closest"
    stations: dict[str, Point] = field(default_factory=dict)
    units: tuple[FleetUnit, ...] = ()
    removed_stations: tuple[str, ...] = ()
    removed_units: tuple[str, ...] = ()
    responses: tuple[Response, ...] = ()
    station_order: dict[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = "the plan of today"
    answers: Callable[[History, int, int], Answer] | None = None


def load_plan(path: Path) -> Plan:
    """Read a what-if; raises PlanError for what cannot be meant, naming the entry."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError(str(path), "the file", f"expected TOML text: {error}") from error
    unknown = sorted(set(raw) - KEYS)
    if unknown:
        raise PlanError(str(path), unknown[0], f"not a key of a what-if; expected one of {', '.join(sorted(KEYS))}")
    rule = raw.get("rule", "closest")
    if rule not in RULES:
        raise PlanError(str(path), "rule", f"expected {' or '.join(RULES)}, not {rule!r}")
    remove = _entry(path, "remove", raw.get("remove", {}), dict)
    return Plan(
        title=str(raw.get("title", path.stem)),
        rule=rule,
        stations=dict(_station(path, i, entry) for i, entry in enumerate(_tables(path, raw, "stations"), 1)),
        units=tuple(_unit(path, i, entry) for i, entry in enumerate(_tables(path, raw, "units"), 1)),
        removed_stations=tuple(map(str, remove.get("stations", ()))),
        removed_units=tuple(map(str, remove.get("units", ()))),
        responses=tuple(_response(path, i, entry) for i, entry in enumerate(_tables(path, raw, "responses"), 1)),
        station_order={
            area: tuple(map(str, _entry(path, f"station_order.{area}", order, list)))
            for area, order in _entry(path, "station_order", raw.get("station_order", {}), dict).items()
        },
        source=str(path),
    )


def fleet_under(fleet: Fleet, plan: Plan) -> Fleet:
    """The fleet that a plan leads to; raises PlanError when it names what does not exist, or leaves a unit homeless."""
    for name in plan.removed_stations:
        if name not in fleet.stations:
            raise PlanError(plan.source, "remove.stations", f"there is no station {name!r}")
    for name in plan.removed_units:
        if name not in fleet.units:
            raise PlanError(plan.source, "remove.units", f"there is no unit {name!r} with a known station")
    stations = {k: v for k, v in fleet.stations.items() if k not in plan.removed_stations} | plan.stations
    placed = {unit.id: unit for unit in plan.units}
    for unit in plan.units:
        if unit.station not in stations:
            raise PlanError(plan.source, f"units {unit.id!r}", f"there is no station {unit.station!r}")
    kept = {k: v for k, v in fleet.units.items() if v.station in stations and k not in plan.removed_units}
    units = kept | placed
    for area, order in plan.station_order.items():
        missing = [name for name in order if name not in stations]
        if missing:
            raise PlanError(plan.source, f"station_order.{area}", f"there is no station {missing[0]!r}")
    for response in plan.responses:
        homeless = [kind for kind in response.send if kind not in {unit.kind for unit in units.values()}]
        if homeless:
            raise PlanError(plan.source, "responses.send", f"no unit of the fleet is of kind {homeless[0]!r}")
    return Fleet(dict(sorted(stations.items())), dict(sorted(units.items())))


def in_words(today: Fleet, plan: Plan) -> tuple[str, ...]:
    """What a what-if does differently, a sentence each, with the units that go or move."""
    under = fleet_under(today, plan)
    said = []
    for name in plan.removed_stations:
        gone = [unit.id for unit in today.units.values() if unit.station == name and unit.id not in under.units]
        said.append(f"Station {name} is closed" + (f"; {', '.join(gone)} with it." if gone else "."))
    if plan.removed_units:
        said.append(f"Out of service: {', '.join(plan.removed_units)}.")
    said += [f"Station {name} is {'moved' if name in today.stations else 'new'}." for name in plan.stations]
    for unit in plan.units:
        moved = f"{unit.id} moves to" if unit.id in today.units else f"{unit.id} ({unit.kind.lower()}) is added at"
        said.append(f"{moved} station {unit.station}.")
    for response in plan.responses:
        sent = ", ".join(f"{n} {kind.lower()}" for kind, n in response.send.items())
        said.append(f"To {', '.join(sorted(response.call_types))} go {sent}.")
    if plan.rule == "station_order":
        said.append("Units are chosen by the order of stations.")
    return tuple(said)


def _tables(path: Path, raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = _entry(path, name, raw.get(name, []), list)
    return [_entry(path, f"{name} {i}", entry, dict) for i, entry in enumerate(found, 1)]


def _entry(path: Path, name: str, value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise PlanError(str(path), name, f"expected a {'table' if kind is dict else 'list'}")
    return value


def _station(path: Path, number: int, entry: dict[str, Any]) -> tuple[str, Point]:
    try:
        x, y = float(entry["longitude"]), float(entry["latitude"])
        name = str(entry["id"])
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(str(path), f"stations {number}", "expected id, latitude and longitude in degrees") from error
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise PlanError(str(path), f"stations {number}", "expected latitude -90 to 90 and longitude -180 to 180")
    return name, (round(x * E7), round(y * E7))


def _unit(path: Path, number: int, entry: dict[str, Any]) -> FleetUnit:
    try:
        return FleetUnit(str(entry["id"]), str(entry["kind"]), str(entry["station"]))
    except KeyError as error:
        raise PlanError(str(path), f"units {number}", "expected id, kind and station") from error


def _response(path: Path, number: int, entry: dict[str, Any]) -> Response:
    types, send = entry.get("call_types"), entry.get("send")
    expected = "expected call_types, and send with 1 to 50 units of a kind"
    if not isinstance(types, list) or not isinstance(send, dict) or not types or not send:
        raise PlanError(str(path), f"responses {number}", expected)
    if any(not isinstance(n, int) or isinstance(n, bool) or not 0 < n <= 50 for n in send.values()):
        raise PlanError(str(path), f"responses {number}", expected)
    return Response(frozenset(map(str, types)), {str(kind): n for kind, n in sorted(send.items())})

"""Where units are quartered: as the city folder lists them, or by a rule on their names.

Many agencies name a unit after its station. The rule says so in a small TOML, one entry a kind of unit:

```toml
[[homes]]
kind = "ENGINE"             # as the history spells the kind
unit = 'E(?P<station>[0-9]+)'  # the whole name of the unit; `station` is the station's id
```

A unit that no entry fits has no home: its work is replayed as recorded and never decided anew.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from redstick.dispatch.history.model import History
from redstick.dispatch.ports import Point
from redstick.dispatch.replay.plan import Fleet, FleetUnit


class HomesError(Exception):
    """A homes file that cannot be meant: names the file, the entry and what was expected."""


@dataclass(frozen=True)
class HomeRule:
    """Units of a kind whose whole name fits a pattern are quartered at the station that the pattern finds in it."""

    kind: str
    pattern: re.Pattern[str]


def load_homes(path: Path) -> tuple[HomeRule, ...]:
    """Read the rules; raises HomesError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HomesError(f"{path}: expected TOML text: {error}") from error
    entries = raw.get("homes")
    if set(raw) != {"homes"} or not isinstance(entries, list) or not entries:
        raise HomesError(f"{path}: expected [[homes]] entries and nothing else")
    rules = []
    for number, entry in enumerate(entries, 1):
        try:
            pattern = re.compile(str(entry["unit"]))
            rule = HomeRule(str(entry["kind"]), pattern)
        except (KeyError, TypeError, re.error) as error:
            raise HomesError(f"{path}: homes {number}: expected kind, and unit as a regular expression") from error
        if "station" not in pattern.groupindex:
            raise HomesError(f"{path}: homes {number}: the pattern needs a group (?P<station>…)")
        rules.append(rule)
    return tuple(rules)


def fleet_of(
    history: History, stations: Mapping[str, Point], listed: Iterable[FleetUnit], rules: Iterable[HomeRule]
) -> Fleet:
    """The units with a home: those listed, and those of the history that a rule gives a known station."""
    units = {unit.id: unit for unit in listed if unit.station in stations}
    kinds: dict[str, str] = {}
    for row in range(len(history)):
        kinds.setdefault(history.unit.text(row), history.categories["unit_kind"].text(row))
    for name, kind in kinds.items():
        for rule in rules:
            found = rule.pattern.fullmatch(name) if rule.kind == kind else None
            if found and name not in units and found["station"] in stations:
                units[name] = FleetUnit(name, kind, found["station"])
    # The history's word for the kind counts: needs are matched by it.
    units = {name: replace(unit, kind=kinds.get(name) or unit.kind) for name, unit in units.items()}
    return Fleet(dict(sorted(stations.items())), dict(sorted(units.items())))

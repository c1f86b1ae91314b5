"""A plan as TOML text: dated, versioned, and one line a fact, so that two versions can be compared line by line.

```toml
redstick_plan = 1
version = "2026-03"
title = "Response plan of the parish"
dated = 2026-03-01
time_zone = "America/Chicago"
layers = ["box", "battalion"]            # zones that rules may speak of, the finest first
special = ["event_area"]                 # zones that count before all others
flags = ["storm"]                        # weather and special events that are declared by name

[types]                                  # incident type = its group
"Structure Fire" = "Fire"

[[last_resort]]                          # when no rule fits; one unit of any kind without this
id = "engine"
kinds = ["ENGINE"]

[[rules]]
id = "fire in the old town at night"
types = ["Structure Fire"]               # or groups = [...]; neither is every type
layer = "box"                            # or address = "1 MAIN ST"; neither is everywhere
zone = "0101"
days = ["fri", "sat"]                    # on which the hours begin
hours = "19:00-07:00"                    # may run over midnight
alarm = 1                                # a further alarm adds what its rule sends
talkgroup = "FIRE 2"
notify = ["Battalion chief"]
cautions = ["Narrow alleys: no aerial behind Oak Street"]
stations = ["01", "07"]

[[rules.send]]
id = "engine"
kinds = ["ENGINE"]
count = 2
order = "station_order"

[[rules.send]]
id = "aerial"
capabilities = ["aerial"]
ceiling_s = 900
substitutes = [{ kinds = ["ENGINE"], capabilities = ["long ladder"], penalty_s = 120 }]
```
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from redstick.dispatch.plans.faults import Fault
from redstick.dispatch.plans.model import ResponsePlan
from redstick.dispatch.plans.shaping import HEAD, Read, plan_of, tables_of

_RULE = re.compile(r"\s*\[\[\s*rules\s*\]\]\s*(#.*)?")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def read_toml(text: str) -> Read:
    """A plan out of TOML; what is no TOML at all is one fault and an empty plan."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Read(ResponsePlan("", "UTC"), [Fault("the file", f"expected TOML text: {error}")])
    headers = [number for number, line in enumerate(text.splitlines(), 1) if _RULE.fullmatch(line)]
    rules = raw.get("rules")
    fits = isinstance(rules, list) and len(rules) == len(headers)
    return plan_of(raw, headers if fits else ())


def to_toml(plan: ResponsePlan) -> str:
    """The one way in which a plan is written; reading it gives the same plan."""
    tables = tables_of(plan)
    lines = [_line("redstick_plan", tables["redstick_plan"])]
    lines += [_line(key, tables[key]) for key in HEAD if key in tables]
    if "types" in tables:
        lines += ["", "[types]", *(_line(name, group) for name, group in tables["types"].items())]
    for entry in tables.get("last_resort", ()):
        lines += ["", "[[last_resort]]", *_lines(entry)]
    for rule in tables["rules"]:
        sent = rule.pop("send")
        lines += ["", "[[rules]]", *_lines(rule)]
        if not sent:
            lines.append("send = []")
        for entry in sent:
            lines += ["", "[[rules.send]]", *_lines(entry)]
    return "\n".join(lines) + "\n"


def _lines(entry: Mapping[str, Any]) -> Iterator[str]:
    for key, value in entry.items():
        yield _line(key, value)


def _line(key: str, value: Any) -> str:
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(_line(key, item) for key, item in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)

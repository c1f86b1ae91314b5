"""Plain tables, as TOML and CSV both give them, into a plan; and a plan into such tables again.

Each entry is judged by itself: a bad one is told with its place and what was expected, the others are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from redstick.dispatch.plans.faults import Fault
from redstick.dispatch.plans.model import DAYS, PlanRule, ResponsePlan, span_of
from redstick.dispatch.plans.requirement import Mode, Order, Requirement, Substitute

FORMAT = 1
HEAD = ("version", "title", "dated", "time_zone", "layers", "special", "flags")
KEYS = ("redstick_plan", *HEAD, "types", "rules", "last_resort")

ID = re.compile(r"[^\W_][\w .,()/-]{0,63}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LIMITS = {"count": (1, 50), "ceiling_s": (1, 86_400), "min_staffing": (1, 50), "penalty_s": (0, 86_400)}
RULE_LIMITS = {"alarm": (1, 20), "rank": (-999, 999)}

S = TypeVar("S", bound=msgspec.Struct)


@dataclass
class Read:
    """What a text came to: every entry that can be meant, a fault for every other, and the line of each rule."""

    plan: ResponsePlan
    faults: list[Fault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


class _Refused(Exception):  # noqa: N818  (no error of the program: one entry of a text is left out)
    """One entry cannot be meant."""


def plan_of(raw: Mapping[str, Any], lines: Sequence[int] = ()) -> Read:
    """Tables into a plan; `lines[i]` is where rule `i` stands, empty where nobody knows."""
    found = Read(ResponsePlan("", "UTC"))
    if raw.get("redstick_plan") != FORMAT:
        found.faults.append(Fault("redstick_plan", f"expected redstick_plan = {FORMAT}, which says what the text is"))
    found.faults += [
        Fault(key, f"not a key of a plan; expected one of {', '.join(KEYS)}") for key in raw if key not in KEYS
    ]
    found.plan = _headed(raw, found.faults)
    types = _types(raw.get("types", {}), found.faults)
    rules: list[PlanRule] = []
    for number, entry in enumerate(_listed(raw, "rules", found.faults), 1):
        line = lines[number - 1] if number <= len(lines) else 0
        name = f"rules {number}"
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            name = f"rules {number} ({entry['id'][:64]})"
        try:
            rule = _rule(entry, found.plan)
        except _Refused as refused:
            found.faults.append(Fault(name, str(refused), line))
            continue
        if rule.id in found.lines:
            found.faults.append(
                Fault(name, "id: this id stands twice; expected each rule under an id of its own", line)
            )
            continue
        found.lines[rule.id] = line
        rules.append(rule)
    last = _last_resort(_listed(raw, "last_resort", found.faults), found.faults)
    found.plan = msgspec.structs.replace(found.plan, types=types, rules=tuple(rules), last_resort=last)
    return found


def tables_of(plan: ResponsePlan) -> dict[str, Any]:
    """A plan as the tables that `plan_of` reads; what is as by default is left out."""
    head = {key: _plain(getattr(plan, key)) for key in HEAD if getattr(plan, key)}
    found: dict[str, Any] = {"redstick_plan": FORMAT, **head}
    if plan.types:
        found["types"] = dict(plan.types)
    if plan.last_resort:
        found["last_resort"] = [_sent(requirement, Mode.EMERGENT) for requirement in plan.last_resort]
    found["rules"] = [_ruled(rule) for rule in plan.rules]
    return found


def _ruled(rule: PlanRule) -> dict[str, Any]:
    table: dict[str, Any] = msgspec.to_builtins(rule)
    return table | {"send": [_sent(requirement, rule.mode) for requirement in rule.send]}


def _sent(requirement: Requirement, mode: Mode) -> dict[str, Any]:
    """A requirement; its mode stands there only where it differs from the rule's."""
    table: dict[str, Any] = msgspec.to_builtins(requirement)
    table.pop("mode", None)
    return table if requirement.mode is mode else table | {"mode": requirement.mode.value}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _headed(raw: Mapping[str, Any], faults: list[Fault]) -> ResponsePlan:
    """What stands above the rules; a bad value is told and left as by default."""
    kept: dict[str, Any] = {"version": "", "time_zone": "UTC"}
    for key in HEAD:
        value = raw.get(key)
        if isinstance(value, date):
            value = value.isoformat()
        if value is None and key not in kept:
            continue
        try:
            kept[key] = _head_value(key, value)
        except _Refused as refused:
            faults.append(Fault(key, str(refused)))
    return ResponsePlan(**kept)


def _head_value(key: str, value: Any) -> Any:
    if key in {"layers", "special", "flags"}:
        return _texts(value)
    if not isinstance(value, str) or not value:
        raise _Refused("expected a text")
    _clean(value)
    if key == "version" and not ID.fullmatch(value):
        raise _Refused(f"expected letters, digits, spaces and .,()_/- (64 at most), not {value!r}")
    if key == "time_zone":
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise _Refused(f"expected an IANA time zone such as America/Chicago, not {value!r}") from error
    if key == "dated":
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise _Refused(f"expected a date as 2026-03-01, not {value!r}") from error
    return value


def _types(value: Any, faults: list[Fault]) -> dict[str, str]:
    if not isinstance(value, dict):
        faults.append(Fault("types", "expected a table of type = group"))
        return {}
    kept: dict[str, str] = {}
    for name, group in value.items():
        if isinstance(group, str) and name and name == name.strip() and not CONTROL.search(name + group):
            kept[name] = group.strip()
        else:
            faults.append(Fault(f"types {name!r}", "expected the name of its group, as text on one line"))
    return kept


def _listed(raw: Mapping[str, Any], key: str, faults: list[Fault]) -> list[Any]:
    value = raw.get(key, [])
    if isinstance(value, list):
        return value
    faults.append(Fault(key, f"expected entries under [[{key}]]"))
    return []


def _last_resort(entries: list[Any], faults: list[Fault]) -> tuple[Requirement, ...]:
    try:
        return _requirements(entries, Mode.EMERGENT)
    except _Refused as refused:
        faults.append(Fault("last_resort", str(refused)))
        return ()


def _rule(entry: Any, plan: ResponsePlan) -> PlanRule:
    if not isinstance(entry, dict):
        raise _Refused("expected a table")
    if not isinstance(entry.get("send"), list):
        raise _Refused("send: expected the requirements under [[rules.send]]; `send = []` where nothing is sent")
    rule = _struct(PlanRule, {key: value for key, value in entry.items() if key != "send"})
    rule = msgspec.structs.replace(rule, send=_requirements(entry["send"], rule.mode))
    for told in _rule_faults(rule, plan):
        raise _Refused(told)
    return rule


def _rule_faults(rule: PlanRule, plan: ResponsePlan) -> Iterator[str]:
    """Every reason why a rule of the right shape cannot be meant."""
    if not ID.fullmatch(rule.id):
        yield f"id: expected letters, digits, spaces and .,()_/- (64 at most), not {rule.id!r}"
    yield from _beyond(rule, RULE_LIMITS)
    if rule.types and rule.groups:
        yield "groups: expected types or groups, not both: write two rules"
    if bool(rule.layer) != bool(rule.zone):
        yield "zone: expected layer and zone together"
    if rule.address and rule.layer:
        yield "address: expected an address or a zone, not both: write two rules"
    if rule.layer and rule.layer not in (*plan.layers, *plan.special):
        yield f"layer: {rule.layer!r} stands neither in layers nor in special at the top of the plan"
    if rule.flag and rule.flag not in plan.flags:
        yield f"flag: {rule.flag!r} does not stand in flags at the top of the plan"
    wrong = [day for day in rule.days if day not in DAYS]
    if wrong or len(set(rule.days)) != len(rule.days):
        yield f"days: expected some of {', '.join(DAYS)}, each once, not {', '.join(rule.days)}"
    if rule.hours:
        try:
            span_of(rule.hours)
        except ValueError as error:
            yield f"hours: {error}"
    waiting = [one.id for one in rule.send if one.order is Order.STATION_ORDER]
    if waiting and not rule.stations:
        yield f"stations: send {waiting[0]!r} goes by station order; expected the rule's stations in that order"
    if len(set(rule.stations)) != len(rule.stations):
        yield "stations: expected each station once"


def _requirements(entries: list[Any], mode: Mode) -> tuple[Requirement, ...]:
    found: dict[str, Requirement] = {}
    for number, entry in enumerate(entries, 1):
        try:
            requirement = _requirement(entry, mode)
        except _Refused as refused:
            raise _Refused(f"send {number}: {refused}") from refused
        if requirement.id in found:
            raise _Refused(f"send {number}: id: {requirement.id!r} stands twice; expected each once in a rule")
        found[requirement.id] = requirement
    return tuple(found.values())


def _requirement(entry: Any, mode: Mode) -> Requirement:
    if not isinstance(entry, dict):
        raise _Refused("expected a table")
    given = {"mode": mode.value, **entry}
    substitutes = given.pop("substitutes", [])
    if not isinstance(substitutes, list):
        raise _Refused("substitutes: expected a list of tables")
    requirement = _struct(Requirement, given)
    if not ID.fullmatch(requirement.id):
        raise _Refused(f"id: expected letters, digits, spaces and .,()_/- (64 at most), not {requirement.id!r}")
    for told in _beyond(requirement, LIMITS):
        raise _Refused(told)
    return msgspec.structs.replace(requirement, substitutes=tuple(_substitute(one) for one in substitutes))


def _substitute(entry: Any) -> Substitute:
    found = _struct(Substitute, entry)
    for told in _beyond(found, LIMITS):
        raise _Refused(f"substitutes: {told}")
    if not found.kinds and not found.capabilities:
        raise _Refused("substitutes: expected kinds or capabilities: anything at all is no substitute")
    return found


def _beyond(value: msgspec.Struct, limits: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    for key, (low, high) in limits.items():
        number = getattr(value, key, None)
        if number is not None and not low <= number <= high:
            yield f"{key}: expected {low} to {high}, not {number}"


def _struct(kind: type[S], entry: Any) -> S:
    """A table as a struct; unknown keys, wrong types and texts of several lines are refused by name."""
    if not isinstance(entry, dict):
        raise _Refused("expected a table")
    unknown = [key for key in entry if key not in kind.__struct_fields__]
    if unknown:
        raise _Refused(f"{unknown[0]}: not a key here; expected one of {', '.join(kind.__struct_fields__)}")
    try:
        found = msgspec.convert(entry, kind)
    except msgspec.ValidationError as error:
        raise _Refused(_place_first(str(error))) from error
    for key in kind.__struct_fields__:
        value = getattr(found, key)
        try:
            if isinstance(value, str):
                _clean(value)
            elif isinstance(value, tuple) and all(isinstance(text, str) for text in value):
                _texts(list(value))
        except _Refused as refused:
            raise _Refused(f"{key}: {refused}") from refused
    return found


def _place_first(said: str) -> str:
    """`Expected int, got str - at $.count` as `count: expected int, got str`."""
    what, _, where = said.replace("`", "").partition(" - at $.")
    what = what[:1].lower() + what[1:]
    return f"{where}: {what}" if where else what


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
        raise _Refused("expected a list of texts")
    for text in value:
        _clean(text)
    if len(set(value)) != len(value):
        raise _Refused("expected each text once")
    return tuple(value)


def _clean(text: str) -> None:
    if CONTROL.search(text) or text != text.strip():
        raise _Refused(f"expected one line without spaces around it, not {text[:60]!r}")

"""What changed between two versions, rule by rule: what a person reads before a change is trusted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from redstick.dispatch.plans.model import ResponsePlan
from redstick.dispatch.plans.shaping import HEAD, tables_of


class Change(msgspec.Struct, frozen=True):
    """One change. `sign` is + for new, - for gone, ~ for another value; `before` and `after` are plain values."""

    sign: str
    place: str
    before: Any = None
    after: Any = None

    def told(self) -> str:
        """One line: `~ rule 'fire', send 'engine', count: 2 → 3`."""
        values = f": {_short(self.before)} → {_short(self.after)}" if self.sign == "~" else ""
        return f"{self.sign} {self.place}{values}"


def differences(before: ResponsePlan, after: ResponsePlan) -> list[Change]:
    """Every change, the head first, then by rule in the order of the newer text, then the rules that are gone."""
    old, new = tables_of(before), tables_of(after)
    found = list(_values("", {key: old.get(key) for key in HEAD}, {key: new.get(key) for key in HEAD}))
    found += _values("type ", old.get("types", {}), new.get("types", {}))
    found += _entries("last resort ", old.get("last_resort", []), new.get("last_resort", []))
    found += _entries("rule ", old["rules"], new["rules"])
    return found


def _entries(name: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[Change]:
    """Entries by their ids; those that stand in both are compared field by field, what they send entry by entry."""
    old, new = ({entry["id"]: entry for entry in entries} for entries in (before, after))
    for one, entry in new.items():
        place = f"{name}{one!r}"
        if one not in old:
            yield Change("+", place, None, entry)
            continue
        was, now = dict(old[one]), dict(entry)
        yield from _entries(f"{place}, send ", was.pop("send", []), now.pop("send", []))
        yield from _values(f"{place}, ", was, now)
    for one, entry in old.items():
        if one not in new:
            yield Change("-", f"{name}{one!r}", entry, None)
    kept = [one for one in new if one in old]
    if kept != [one for one in old if one in new]:
        yield Change("~", f"{name}order", [one for one in old if one in new], kept)


def _values(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield Change("~", f"{name}{key}", before.get(key), after.get(key))


def _short(value: Any) -> str:
    if value is None:
        return "as by default"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

"""Any seat as it was: rows of a view at a position, and what differs between two."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from redstick.dispatch.lookback.answers import Difference, Rows
from redstick.dispatch.rules.coverage import owners
from redstick.dispatch.rules.needs import needs_of
from redstick.dispatch.state import Dispatch


class View(Protocol):
    """Keyed rows of committed state."""

    name: str

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> dict[str, Any] | None:
        """A row as an audience may see it."""

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Keys of every row."""


def rows_of(views: Sequence[View], states: Mapping[str, Any], audience: str) -> Rows:
    """Every row of the views."""
    rows: Rows = {}
    for view in views:
        found = ((key, view.row(states, key, audience)) for key in view.keys(states))
        rows |= {key: msgspec.to_builtins(row) for key, row in found if row is not None}
    return rows


def differences(before: Rows, after: Rows) -> list[Difference]:
    """New, gone and changed rows, by key."""
    found = []
    for key in sorted({*before, *after}):
        was, now = before.get(key), after.get(key)
        if was is None and now is not None:
            found.append(Difference(key, "new", row=now))
        elif now is None and was is not None:
            found.append(Difference(key, "gone", row=was))
        elif was is not None and now is not None and was != now:
            names = [name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name)]
            found.append(Difference(key, "changed", {name: (was.get(name), now.get(name)) for name in names}, now))
    return found


def concerning(rows: Rows, state: Dispatch, groups: Sequence[str]) -> Rows:
    """The rows that seats of these groups work with: their incidents and needs, their agencies' units, every call."""
    if not groups:
        return rows
    wanted = set(groups)
    agencies = {agency for name in groups if name in state.groups for agency in state.groups[name].agencies}
    return {key: row for key, row in rows.items() if _concerns(key, row, state, wanted, agencies)}


def _concerns(key: str, row: dict[str, Any], state: Dispatch, wanted: set[str], agencies: set[str]) -> bool:
    kind, _, name = key.partition("/")
    if kind == "unit":
        unit = state.units.get(name)
        return not agencies or unit is None or not unit.agency or unit.agency in agencies
    if kind == "pending":
        return not wanted.isdisjoint(row.get("groups", ()))
    incident = state.incidents.get(name) if kind == "incident" else None
    if incident is None or not incident.needs:
        return True
    every = (owner for need in needs_of(incident) for owner in owners(state.groups, incident, need.requirement))
    return not wanted.isdisjoint(every)

"""What seats see of warnings: one row a warning that is open, and one an owner with its alarm budget.

The floor and oversight see both, and crews and the public neither. A row says in words what is the matter, so that
nothing depends on a colour or on a sound.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from redstick.dispatch.reads.seats import FLOOR, OVERSIGHT
from redstick.dispatch.reads.views import Row
from redstick.dispatch.rules.warnings import APPLIERS, OpenWarning, What, alarm_budget
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact

AUDIENCES = (FLOOR, OVERSIGHT)
SAYS: dict[What, str] = {
    What.ACKNOWLEDGE: "has not acknowledged its alert",
    What.TURNOUT: "has not left",
    What.TRAVEL: "should have arrived",
    What.WELFARE: "has been on scene for long: is everyone well?",
    What.ROLL_CALL: "is not accounted for",
    What.STATUS_CHECK: "does not answer its status check",
    What.EMERGENCY: "has an emergency that nobody has heard",
    What.SHIFT: "should be off duty",
    What.SILENCE: "is improbably quiet",
}


class WarningsView:
    """One row an open warning, `warning/…`, and one an owner that has ever been warned, `budget/…`."""

    name = "dispatch.view.warnings"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The warning that a fact is of, and every budget with it."""
        if type(fact.event) in APPLIERS:
            yield fact.event.subjects()[0]  # a warning is the first subject of each of its kinds
            yield from _budgets(states["dispatch"])

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A warning or a budget; None once it has ended."""
        state: Dispatch = states["dispatch"]
        if audience not in AUDIENCES:
            return None
        kind, _, owner = key.partition("/")
        if kind == "budget":
            return _budget_row(state, owner) if owner in state.warned_at else None
        known = state.warnings.get(key)
        return None if known is None else _row(known)

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every open warning and every budget."""
        return [*states["dispatch"].warnings, *_budgets(states["dispatch"])]


WARNING_VIEWS = (WarningsView(),)


def _budgets(state: Dispatch) -> list[str]:
    return [f"budget/{owner}" for owner in state.warned_at]


def _row(known: OpenWarning) -> Row:
    row: Row = msgspec.to_builtins(known)
    return {**row, "text": f"{known.unit or known.about} {SAYS[known.what]}", "sound": not known.quiet}


def _budget_row(state: Dispatch, owner: str) -> Row:
    """As of the last warning: a budget is spent by warnings, and has room again when an hour has passed."""
    latest = state.warned_at[owner][-1]
    budget = alarm_budget(state, owner, latest)
    return {"owner": owner, **msgspec.to_builtins(budget), "spent": budget.spent, "at": latest}

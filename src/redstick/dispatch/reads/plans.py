"""What seats see of the response plan: one row a version that is not retired, and which one counts.

The floor and oversight see it; a version that was activated unseen says so until somebody has approved its replay.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from redstick.dispatch.reads.seats import FLOOR, OVERSIGHT
from redstick.dispatch.reads.views import Row
from redstick.dispatch.rules.plans import APPLIERS, PlanVersion, activated_unseen, active_plan
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact

AUDIENCES = (FLOOR, OVERSIGHT)


class PlansView:
    """One row a version, `plan/…`."""

    name = "dispatch.view.plans"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The versions that a fact names: an activation those after and before."""
        del states
        return [f"plan/{name}" for name in fact.event.subjects()] if type(fact.event) in APPLIERS else []

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A version; None once it is retired."""
        state: Dispatch = states["dispatch"]
        version = state.plans.get(key.removeprefix("plan/"))
        if audience not in AUDIENCES or version is None or version.retired_at is not None:
            return None
        return _row(state, version)

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every version."""
        return [f"plan/{name}" for name in states["dispatch"].plans]


PLAN_VIEWS = (PlansView(),)


def _row(state: Dispatch, version: PlanVersion) -> Row:
    active = active_plan(state)
    counts = active is not None and active.id == version.id
    latest = state.plan_activations[-1] if counts else None
    checked = version.check
    return {
        "plan": version.id,
        "title": version.title,
        "digest": version.digest,
        "drafted_at": version.drafted_at,
        "drafted_by": version.drafted_by,
        "errors": version.errors + (checked.errors if checked else 0),
        "checked": checked is not None,
        "replays": [
            {"result": one.result, "incidents": one.incidents, "figures": dict(one.figures), "approved": one.approved,
             "reviewed_by": one.reviewed_by, "words": one.words}
            for one in version.replays.values()
        ],
        "counts": counts,
        "since": latest.at if latest else None,
        "by": latest.by if latest else "",
        "reason": latest.reason if latest else "",
        "activated_unseen": counts and activated_unseen(state),
    }  # fmt: skip

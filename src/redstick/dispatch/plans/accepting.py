"""When a text is a plan that can be used: no fault in it, and no two rules between which nothing decides."""

from __future__ import annotations

from redstick.dispatch.plans.faults import Fault, PlanTextError
from redstick.dispatch.plans.linter.ties import ties
from redstick.dispatch.plans.model import ResponsePlan
from redstick.dispatch.plans.shaping import Read


def accepted(found: Read, source: str) -> ResponsePlan:
    """The plan of a text without a fault and without a tie; raises PlanTextError with all of them."""
    faults = [*found.faults, *(Fault(one.place, one.found, one.line) for one in ties(found.plan, found.lines))]
    if faults:
        raise PlanTextError(source, faults)
    return found.plan

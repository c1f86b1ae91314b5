"""Costs of what comes instead: licences, trunks, devices, and what is paid once."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.savings.money import MOST_CENTS, Cents
from redstick.savings.months import Month, is_month
from redstick.savings.rules.lines import MOST_TEXT

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders
    from redstick.savings.state import Savings


class CostKind(StrEnum):
    """What a cost is for."""

    LICENCE = "licence"
    TRUNK = "trunk"
    DEVICE = "device"
    SERVICE = "service"
    ONCE = "once"


class Cost(msgspec.Struct, frozen=True):
    """Money that the new system asks: each month from `starts` on, until `ends` where that is said; once then."""

    id: str
    name: str
    kind: CostKind
    monthly_cents: Cents
    once_cents: Cents
    starts: Month
    ends: Month = ""


@event("savings.cost_set", subjects=("cost",))
class CostSet(Event, frozen=True):
    """A cost is known, or known anew."""

    cost: str
    name: str
    kind: CostKind
    starts: Month
    monthly_cents: Cents = 0
    once_cents: Cents = 0
    ends: Month = ""


@event("savings.cost_dropped", subjects=("cost",))
class CostDropped(Event, frozen=True):
    """A cost does not arise."""

    cost: str


@command("savings.set_cost")
class SetCost(Command, frozen=True):
    """Say what something of the new system costs; again to change it."""

    cost: str
    name: str
    kind: CostKind
    starts: Month
    monthly_cents: Cents = 0
    once_cents: Cents = 0
    ends: Month = ""


@command("savings.drop_cost")
class DropCost(Command, frozen=True):
    """Say that a cost does not arise."""

    cost: str


def decide_set_cost(state: Savings, asked: SetCost, now: Instant) -> Decision:
    """Rejections: `cost_unnamed`, `month_unreadable`, `amount_unreadable`, `text_too_long`."""
    del now
    if not asked.cost.strip() or not asked.name.strip():
        return Rejection("cost_unnamed")
    if len(asked.cost) > MOST_TEXT or len(asked.name) > MOST_TEXT:
        return Rejection("text_too_long", {"at_most": MOST_TEXT})
    if not is_month(asked.starts) or (asked.ends and (not is_month(asked.ends) or asked.ends < asked.starts)):
        return Rejection("month_unreadable", {"starts": asked.starts[:MOST_TEXT], "ends": asked.ends[:MOST_TEXT]})
    if not 0 <= asked.monthly_cents <= MOST_CENTS or not 0 <= asked.once_cents <= MOST_CENTS:
        return Rejection("amount_unreadable", {"cost": asked.cost})
    fields = {name: getattr(asked, name) for name in SetCost.__struct_fields__ if name != "cost"}
    return [] if state.costs.get(asked.cost) == Cost(asked.cost, **fields) else [CostSet(asked.cost, **fields)]


def apply_cost_set(state: Savings, happened: CostSet, at: Instant) -> None:
    """It counts as it was last said."""
    del at
    fields = {name: getattr(happened, name) for name in CostSet.__struct_fields__ if name != "cost"}
    state.costs[happened.cost] = Cost(happened.cost, **fields)


def decide_drop_cost(state: Savings, asked: DropCost, now: Instant) -> Decision:
    """Rejections: `cost_unknown`."""
    del now
    if asked.cost not in state.costs:
        return Rejection("cost_unknown", {"cost": asked.cost[:MOST_TEXT]})
    return [CostDropped(asked.cost)]


def apply_cost_dropped(state: Savings, happened: CostDropped, at: Instant) -> None:
    """It is not there."""
    del at
    del state.costs[happened.cost]


DECIDERS: Deciders = {SetCost: decide_set_cost, DropCost: decide_drop_cost}
APPLIERS: Appliers = {CostSet: apply_cost_set, CostDropped: apply_cost_dropped}

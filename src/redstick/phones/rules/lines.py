"""Trunks, opening hours, and the dial plan: proposed with what its linter says, then adopted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.phones.hours import Hours, fault_in
from redstick.phones.numbering import Attendant
from redstick.phones.plan.linter import refusals
from redstick.phones.plan.rules import DialPlan
from redstick.phones.state import Phones, Standing, Trunk

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders

MOST_CALLS = 10_000  # at once on a trunk
MOST_PROPOSED = 20
ADDRESS = re.compile(r"(\d{1,3}\.){3}\d{1,3}(:\d{1,5})?(;transport=(udp|tcp|tls))?")


@event("phones.trunk_kept", subjects=("subjects_named",))
class TrunkKept(Event, frozen=True):
    """A trunk is so from now on."""

    trunk: Trunk

    @property
    def subjects_named(self) -> list[str]:
        """The trunk."""
        return [self.trunk.id]


@event("phones.trunk_removed", subjects=("trunk",))
class TrunkRemoved(Event, frozen=True):
    """It is not used any more."""

    trunk: str


@event("phones.trunk_reported", subjects=("trunk",))
class TrunkReported(Event, frozen=True):
    """It works from now on, or does not."""

    trunk: str
    up: bool
    why: str = ""


@event("phones.hours_kept", subjects=("hours",))
class HoursKept(Event, frozen=True):
    """When something is open."""

    hours: str
    what: Hours


@event("phones.hours_removed", subjects=("hours",))
class HoursRemoved(Event, frozen=True):
    """They are not used any more."""

    hours: str


@event("phones.plan_proposed", subjects=("version",))
class PlanProposed(Event, frozen=True):
    """A dial plan that somebody may adopt; the linter found no error in it."""

    version: str
    plan: DialPlan
    why: str = ""


@event("phones.plan_adopted", subjects=("version",))
class PlanAdopted(Event, frozen=True):
    """It counts from the next call on."""

    version: str
    plan: DialPlan


@command("phones.keep_trunk")
class KeepTrunk(Command, frozen=True):
    """Say what a trunk is."""

    trunk: Trunk


@command("phones.remove_trunk")
class RemoveTrunk(Command, frozen=True):
    """Use it no more; the plan in force may not name it."""

    trunk: str


@command("phones.report_trunk")
class ReportTrunk(Command, frozen=True):
    """Say whether a trunk works."""

    trunk: str
    up: bool
    why: str = ""


@command("phones.keep_hours")
class KeepHours(Command, frozen=True):
    """Say when something is open."""

    hours: str
    what: Hours


@command("phones.remove_hours")
class RemoveHours(Command, frozen=True):
    """Forget hours that no attendant goes by."""

    hours: str


@command("phones.propose_plan")
class ProposePlan(Command, frozen=True):
    """Give a dial plan to be reviewed; one with an error is not kept."""

    plan: DialPlan
    why: str = ""


@command("phones.adopt_plan")
class AdoptPlan(Command, frozen=True):
    """Route by a proposed plan; the linter looks at it once more, as things are now."""

    version: str


def decide_keep_trunk(state: Phones, asked: KeepTrunk, now: Instant) -> Decision:
    """Rejections: `trunk_unnamed`, `capacity_invalid`, `address_malformed`."""
    del now
    trunk = asked.trunk
    if not trunk.id.strip() or not trunk.carrier.strip():
        return Rejection("trunk_unnamed")
    if not 1 <= trunk.capacity <= MOST_CALLS:
        return Rejection("capacity_invalid", {"at_most": MOST_CALLS})
    if trunk.address and not ADDRESS.fullmatch(trunk.address):
        return Rejection("address_malformed", {"expected": ADDRESS.pattern})
    return [] if state.trunks.get(trunk.id) == trunk else [TrunkKept(trunk)]


def apply_trunk_kept(state: Phones, happened: TrunkKept, at: Instant) -> None:
    """It works until somebody says otherwise."""
    state.trunks[happened.trunk.id] = happened.trunk
    state.standing.setdefault(happened.trunk.id, Standing(up=True, since=at))


def decide_remove_trunk(state: Phones, asked: RemoveTrunk, now: Instant) -> Decision:
    """Rejections: `trunk_unknown`, `trunk_needed` (by the plan that counts), `in_a_call`."""
    del now
    if asked.trunk not in state.trunks:
        return Rejection("trunk_unknown", {"trunk": asked.trunk})
    plan = state.plan
    rules = [rule.name for rule in plan.rules if asked.trunk in rule.trunks]
    if rules or asked.trunk in plan.emergency:
        return Rejection("trunk_needed", {"rules": rules, "emergency": asked.trunk in plan.emergency})
    if any(call.trunk == asked.trunk for call in state.calls.values()):
        return Rejection("in_a_call", {"trunk": asked.trunk})
    return [TrunkRemoved(asked.trunk)]


def apply_trunk_removed(state: Phones, happened: TrunkRemoved, at: Instant) -> None:
    """It is not there."""
    del at
    del state.trunks[happened.trunk], state.standing[happened.trunk]


def decide_report_trunk(state: Phones, asked: ReportTrunk, now: Instant) -> Decision:
    """Rejections: `trunk_unknown`."""
    del now
    standing = state.standing.get(asked.trunk)
    if standing is None:
        return Rejection("trunk_unknown", {"trunk": asked.trunk})
    return (
        []
        if (standing.up, standing.why) == (asked.up, asked.why)
        else [TrunkReported(asked.trunk, asked.up, asked.why)]
    )


def apply_trunk_reported(state: Phones, happened: TrunkReported, at: Instant) -> None:
    """Calls are routed around it, or by it again."""
    state.standing[happened.trunk] = Standing(happened.up, at, happened.why)


def decide_keep_hours(state: Phones, asked: KeepHours, now: Instant) -> Decision:
    """Rejections: `hours_unnamed`, `hours_faulty` (with what is wrong)."""
    del now
    if not asked.hours.strip() or not asked.what.name.strip():
        return Rejection("hours_unnamed")
    fault = fault_in(asked.what)
    if fault:
        return Rejection("hours_faulty", {"fault": fault})
    return [] if state.hours.get(asked.hours) == asked.what else [HoursKept(asked.hours, asked.what)]


def apply_hours_kept(state: Phones, happened: HoursKept, at: Instant) -> None:
    """Attendants go by them."""
    del at
    state.hours[happened.hours] = happened.what


def decide_remove_hours(state: Phones, asked: RemoveHours, now: Instant) -> Decision:
    """Rejections: `hours_unknown`, `hours_needed`."""
    del now
    if asked.hours not in state.hours:
        return Rejection("hours_unknown", {"hours": asked.hours})
    needing = [at for at, what in state.numbers.items() if isinstance(what, Attendant) and what.hours == asked.hours]
    return Rejection("hours_needed", {"by": needing}) if needing else [HoursRemoved(asked.hours)]


def apply_hours_removed(state: Phones, happened: HoursRemoved, at: Instant) -> None:
    """They are not there."""
    del at
    del state.hours[happened.hours]


def decide_propose_plan(state: Phones, asked: ProposePlan, now: Instant) -> Decision:
    """Rejections: `plan_faulty` (with the linter's errors), `too_many_proposed`."""
    del now
    refused = _faulty(state, asked.plan)
    if refused is not None:
        return refused
    if len(state.proposed) >= MOST_PROPOSED:
        return Rejection("too_many_proposed", {"at_most": MOST_PROPOSED})
    return [PlanProposed(str(state.proposals + 1), asked.plan, asked.why)]


def apply_plan_proposed(state: Phones, happened: PlanProposed, at: Instant) -> None:
    """It can be adopted."""
    del at
    state.proposals += 1
    state.proposed[happened.version] = happened.plan


def decide_adopt_plan(state: Phones, asked: AdoptPlan, now: Instant) -> Decision:
    """Rejections: `plan_unknown`, `plan_faulty`."""
    del now
    plan = state.proposed.get(asked.version)
    if plan is None:
        return Rejection("plan_unknown", {"version": asked.version})
    return _faulty(state, plan) or [PlanAdopted(asked.version, plan)]


def apply_plan_adopted(state: Phones, happened: PlanAdopted, at: Instant) -> None:
    """It counts; the proposals before it and itself are done with."""
    del at
    state.plan, state.version = happened.plan, int(happened.version)
    state.proposed = {version: plan for version, plan in state.proposed.items() if int(version) > state.version}


def _faulty(state: Phones, plan: DialPlan) -> Rejection | None:
    found = refusals(plan, tuple(state.trunks))
    return Rejection("plan_faulty", {"findings": msgspec.to_builtins(found)}) if found else None


DECIDERS: Deciders = {
    KeepTrunk: decide_keep_trunk,
    RemoveTrunk: decide_remove_trunk,
    ReportTrunk: decide_report_trunk,
    KeepHours: decide_keep_hours,
    RemoveHours: decide_remove_hours,
    ProposePlan: decide_propose_plan,
    AdoptPlan: decide_adopt_plan,
}
APPLIERS: Appliers = {
    TrunkKept: apply_trunk_kept,
    TrunkRemoved: apply_trunk_removed,
    TrunkReported: apply_trunk_reported,
    HoursKept: apply_hours_kept,
    HoursRemoved: apply_hours_removed,
    PlanProposed: apply_plan_proposed,
    PlanAdopted: apply_plan_adopted,
}

"""Cut-overs: the checklist of a line, step by step; what must be confirmed before; what stands in the way.

That a bill shows the line gone is the last step, and nobody's to tick: a bill does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.savings.kinds import Step, demands_of, steps_of
from redstick.savings.months import Day, is_day
from redstick.savings.rules.lines import MOST_TEXT, Taken

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders
    from redstick.savings.rules.lines import Line
    from redstick.savings.state import Savings

# From these on the old line no longer does its work: whatever lives depend on has been shown before.
_MOVES = frozenset({Step.PORTED, Step.DISCONNECTED})


@event("savings.step_taken", subjects=("line",))
class StepTaken(Event, frozen=True):
    """A step of a line's cut-over was taken on a day, or waived for a reason."""

    line: str
    step: Step
    on: Day
    note: str = ""
    waived: bool = False


@event("savings.step_undone", subjects=("line",))
class StepUndone(Event, frozen=True):
    """A step is open again, and why."""

    line: str
    step: Step
    reason: str


@event("savings.demand_confirmed", subjects=("line",))
class DemandConfirmed(Event, frozen=True):
    """What a line of its kind must show was shown; `evidence` says where that stands."""

    line: str
    demand: str
    evidence: str


@event("savings.line_blocked", subjects=("line",))
class LineBlocked(Event, frozen=True):
    """Something stands in the way of a line's cut-over; "" when it no longer does."""

    line: str
    reason: str


@command("savings.take_step")
class TakeStep(Command, frozen=True):
    """Tick a step of a line's cut-over; with `waived`, say in `note` why it is not needed."""

    line: str
    step: Step
    on: Day
    note: str = ""
    waived: bool = False


@command("savings.undo_step")
class UndoStep(Command, frozen=True):
    """Open a step again."""

    line: str
    step: Step
    reason: str


@command("savings.confirm_demand")
class ConfirmDemand(Command, frozen=True):
    """Confirm one of the facts that a line of its kind must show before it moves."""

    line: str
    demand: str
    evidence: str


@command("savings.block_line")
class BlockLine(Command, frozen=True):
    """Say what stands in the way of a line; "" when nothing does any more."""

    line: str
    reason: str


def decide_take_step(state: Savings, asked: TakeStep, now: Instant) -> Decision:
    """Rejections: `line_unknown`, `line_unplanned` (in no wave), `step_not_needed`, `date_unreadable`, `text_too_long`.

    `line_blocked`, `demands_open` and `steps_open` say what comes first; `reason_needed` asks why a step is waived, and
    `step_not_waived` says that the old line's end never is.
    """
    del now
    line = state.lines.get(asked.line)
    if line is None:
        return Rejection("line_unknown", {"line": asked.line[:MOST_TEXT]})
    if not is_day(asked.on):
        return Rejection("date_unreadable", {"said": asked.on[:MOST_TEXT]})
    if len(asked.note) > MOST_TEXT:
        return Rejection("text_too_long", {"at_most": MOST_TEXT})
    taken = Taken(asked.on, asked.note, asked.waived)
    if line.steps.get(asked.step) == taken:
        return []
    refused = _too_early(line, asked) or _not_waived(asked)
    return refused or [StepTaken(line.id, asked.step, asked.on, asked.note, asked.waived)]


def _too_early(line: Line, asked: TakeStep) -> Rejection | None:
    steps = steps_of(line.kind(), line.way)
    if not line.wave:
        return Rejection("line_unplanned", {"line": line.id})
    if asked.step not in steps:
        return Rejection("step_not_needed", {"line": line.id, "steps": list(steps)})
    if line.blocked:
        return Rejection("line_blocked", {"line": line.id, "reason": line.blocked})
    if asked.step in _MOVES and (lacking := open_demands(line)):
        return Rejection("demands_open", {"line": line.id, "demands": lacking})
    if asked.step is Step.DISCONNECTED and (before := [one for one in steps[:-1] if one not in line.steps]):
        return Rejection("steps_open", {"line": line.id, "steps": before})
    return None


def _not_waived(asked: TakeStep) -> Rejection | None:
    if asked.waived and asked.step is Step.DISCONNECTED:
        return Rejection("step_not_waived", {"step": asked.step})
    return Rejection("reason_needed") if asked.waived and not asked.note.strip() else None


def open_demands(line: Line) -> list[str]:
    """What is not confirmed yet of what a line of this kind must show."""
    return [demand.code for demand in demands_of(line.kind()) if demand.code not in line.demands]


def apply_step_taken(state: Savings, happened: StepTaken, at: Instant) -> None:
    """It is ticked."""
    del at
    state.lines[happened.line].steps[happened.step] = Taken(happened.on, happened.note, happened.waived)


def decide_undo_step(state: Savings, asked: UndoStep, now: Instant) -> Decision:
    """Rejections: `line_unknown`, `reason_needed`, `text_too_long`, `line_disconnected` (undo that first)."""
    del now
    line = state.lines.get(asked.line)
    if line is None:
        return Rejection("line_unknown", {"line": asked.line[:MOST_TEXT]})
    if not asked.reason.strip():
        return Rejection("reason_needed")
    if len(asked.reason) > MOST_TEXT:
        return Rejection("text_too_long", {"at_most": MOST_TEXT})
    if asked.step not in line.steps:
        return []
    if asked.step is not Step.DISCONNECTED and line.disconnected():
        return Rejection("line_disconnected", {"line": line.id})
    return [StepUndone(line.id, asked.step, asked.reason)]


def apply_step_undone(state: Savings, happened: StepUndone, at: Instant) -> None:
    """It is open."""
    del at
    del state.lines[happened.line].steps[happened.step]


def decide_confirm_demand(state: Savings, asked: ConfirmDemand, now: Instant) -> Decision:
    """Rejections: `line_unknown`, `demand_unknown` (of its kind), `evidence_needed`, `text_too_long`."""
    del now
    line = state.lines.get(asked.line)
    if line is None:
        return Rejection("line_unknown", {"line": asked.line[:MOST_TEXT]})
    codes = [demand.code for demand in demands_of(line.kind())]
    if asked.demand not in codes:
        return Rejection("demand_unknown", {"line": line.id, "demands": codes})
    if not asked.evidence.strip():
        return Rejection("evidence_needed")
    if len(asked.evidence) > MOST_TEXT:
        return Rejection("text_too_long", {"at_most": MOST_TEXT})
    if line.demands.get(asked.demand) == asked.evidence:
        return []
    return [DemandConfirmed(line.id, asked.demand, asked.evidence)]


def apply_demand_confirmed(state: Savings, happened: DemandConfirmed, at: Instant) -> None:
    """It is confirmed."""
    del at
    state.lines[happened.line].demands[happened.demand] = happened.evidence


def decide_block_line(state: Savings, asked: BlockLine, now: Instant) -> Decision:
    """Rejections: `line_unknown`, `text_too_long`, `line_disconnected`."""
    del now
    line = state.lines.get(asked.line)
    if line is None:
        return Rejection("line_unknown", {"line": asked.line[:MOST_TEXT]})
    reason = asked.reason.strip()
    if len(reason) > MOST_TEXT:
        return Rejection("text_too_long", {"at_most": MOST_TEXT})
    if reason and line.disconnected():
        return Rejection("line_disconnected", {"line": line.id})
    return [] if line.blocked == reason else [LineBlocked(line.id, reason)]


def apply_line_blocked(state: Savings, happened: LineBlocked, at: Instant) -> None:
    """It stands in the way, or no longer."""
    del at
    state.lines[happened.line].blocked = happened.reason


DECIDERS: Deciders = {
    TakeStep: decide_take_step,
    UndoStep: decide_undo_step,
    ConfirmDemand: decide_confirm_demand,
    BlockLine: decide_block_line,
}
APPLIERS: Appliers = {
    StepTaken: apply_step_taken,
    StepUndone: apply_step_undone,
    DemandConfirmed: apply_demand_confirmed,
    LineBlocked: apply_line_blocked,
}

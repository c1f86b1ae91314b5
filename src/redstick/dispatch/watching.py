"""Whenever it may have changed who sees what is pending, coverage is checked: alarms rise and fall by themselves."""

from collections.abc import Iterable

from redstick.dispatch.rules.assignments import AssignmentEnded, TimeCorrected, UnitAssigned
from redstick.dispatch.rules.coverage import CheckCoverage, alarms_due
from redstick.dispatch.rules.groups import GroupDefined, GroupsCombined, GroupSplit
from redstick.dispatch.rules.incidents import IncidentClosed, IncidentMoved, IncidentOpened, IncidentReopened
from redstick.dispatch.rules.links import AssignmentMoved, IncidentReplaced, IncidentSplit
from redstick.dispatch.rules.needs import NeedReinstated, NeedsAdded, NeedsSet, NeedWaived
from redstick.dispatch.rules.retirement import Recalled
from redstick.dispatch.rules.seats import SeatSignedOn
from redstick.dispatch.state import Dispatch
from redstick.kernel.envelope import Envelope
from redstick.kernel.reactions import Reaction
from redstick.kernel.values import Command, Event
from redstick.published.dispatch import SeatRelieved, SeatSignedOff

CHANGES: tuple[type[Event], ...] = (
    IncidentOpened, IncidentMoved, IncidentClosed, IncidentReopened, Recalled,
    NeedsSet, NeedsAdded, NeedWaived, NeedReinstated,
    UnitAssigned, AssignmentEnded, AssignmentMoved, TimeCorrected, IncidentReplaced, IncidentSplit,
    GroupDefined, GroupsCombined, GroupSplit,
    SeatSignedOn, SeatSignedOff, SeatRelieved,
)  # fmt: skip


def when_watch_changed_then_check(state: Dispatch, happened: Event, envelope: Envelope) -> Iterable[Command]:
    """Nothing is asked, and no line written, where every alarm stands that should."""
    del happened, envelope
    return [CheckCoverage()] if alarms_due(state) else []


REACTIONS = [
    Reaction(f"coverage_behind_{kind.event_kind.removeprefix('dispatch.')}", kind, when_watch_changed_then_check)
    for kind in CHANGES
]

"""What has waited too long: a warning, then an alarm, then the supervisors, each told once.

`pending` is a need that nobody has been sent for and that is not put off on purpose; `hold` a hold whose review is due;
`stacked` an incident that has been queued on a unit for long. Timers ask; what is no more so is not told. Who asks
after what is pending is told how it waits: a hold or a stack whose own time passed while nothing was lacking counts.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.coverage import owners, supervisors
from redstick.dispatch.rules.needs import HOLD, PENDING, STACKED, waiting
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

STACKED_MS = 20 * 60_000  # so long an incident may be queued on a unit before it is told of


class Level(IntEnum):
    """How loud."""

    WARNING = 1
    ALARM = 2
    ESCALATED = 3  # nobody acknowledged the alarm: the supervisors are told


class Overdue(msgspec.Struct):
    """A wait that was told of: how loud, since when, to which groups, and who has acknowledged it."""

    level: int
    at: Instant
    groups: list[str]
    acknowledged_by: str = ""
    acknowledged_at: Instant | None = None


@event("dispatch.wait_overdue", subjects=("incident",))
class WaitOverdue(Event, frozen=True):
    """An incident has waited too long, `about` what; `groups` own the alarm. `needs` are those that it concerns."""

    incident: str
    about: str
    level: int
    priority: int
    needs: list[str] = []
    groups: list[str] = []


@event("dispatch.overdue_acknowledged", subjects=("incident",))
class OverdueAcknowledged(Event, frozen=True):
    """A named person has seen it, as loud as it was told; it waits all the same."""

    incident: str
    about: str
    by: str
    level: int = Level.WARNING


@command("dispatch.mark_overdue")
class MarkOverdue(Command, frozen=True):
    """Tell that an incident has waited too long, if it is so. Timers ask this."""

    incident: str
    about: str
    level: int


@command("dispatch.acknowledge_overdue")
class AcknowledgeOverdue(Command, frozen=True):
    """Say by name that it is seen."""

    incident: str
    about: str
    by: str


def decide_mark_overdue(state: Dispatch, asked: MarkOverdue, now: Instant) -> Decision:
    """Nothing where it waits no more, where this was told already, or where someone has acknowledged the alarm.

    A hold is not overdue before the time at which it is to be looked at again.
    """
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return []
    abouts = [asked.about]
    if asked.about == PENDING and asked.level == Level.WARNING:
        abouts += [STACKED] if _stacked_for_long(incident, now) else []
        abouts += [HOLD]
    told = [_overdue(state, incident, about, asked.level, now) for about in abouts]
    return [one for one in told if one is not None]


def _overdue(state: Dispatch, incident: Incident, about: str, level: int, now: Instant) -> WaitOverdue | None:
    early = about == HOLD and incident.held is not None and incident.held.review_at > now
    late = [] if early else waiting(incident, about)
    told = incident.overdue.get(about)
    if not late or level != (1 if told is None else told.level + 1):
        return None
    if level == Level.ESCALATED and told is not None and told.acknowledged_by:
        return None
    if level == Level.ESCALATED:
        groups = supervisors(state.groups)
    else:
        every = (owner for need in late for owner in owners(state.groups, incident, need.requirement))
        groups = list(dict.fromkeys(every))
    names = [need.requirement.id for need in late]
    return WaitOverdue(incident.id, about, level, incident.priority, names, groups)


def _stacked_for_long(incident: Incident, now: Instant) -> bool:
    """Whether the stack's own clock, which begins anew with each unit, is over."""
    return bool(incident.stacked) and not any(one.at <= now < one.at + STACKED_MS for one in incident.stacked)


def apply_wait_overdue(state: Dispatch, happened: WaitOverdue, at: Instant) -> None:
    """Louder than before, and not acknowledged at this level."""
    told = Overdue(happened.level, at, list(happened.groups))
    state.incidents[happened.incident].overdue[happened.about] = told


def decide_acknowledge_overdue(state: Dispatch, asked: AcknowledgeOverdue, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `not_overdue`, `name_needed`. The first who acknowledges it counts."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    told = incident.overdue.get(asked.about)
    if told is None:
        return Rejection("not_overdue", {"incident": asked.incident, "about": asked.about})
    if not asked.by.strip():
        return Rejection("name_needed")
    return [] if told.acknowledged_by else [OverdueAcknowledged(asked.incident, asked.about, asked.by, told.level)]


def apply_overdue_acknowledged(state: Dispatch, happened: OverdueAcknowledged, at: Instant) -> None:
    """Seen."""
    told = state.incidents[happened.incident].overdue[happened.about]
    told.acknowledged_by, told.acknowledged_at = happened.by, at


DECIDERS: Deciders = {
    MarkOverdue: decide_mark_overdue,
    AcknowledgeOverdue: decide_acknowledge_overdue,
}
APPLIERS: Appliers = {
    WaitOverdue: apply_wait_overdue,
    OverdueAcknowledged: apply_overdue_acknowledged,
}
KERNEL_ONLY: frozenset[type[Command]] = frozenset({MarkOverdue})

"""Coverage: no pending need is unseen by a signed-on seat, and where one is, an alarm stands.

A need belongs to every group that takes its agency and its incident's area; to the supervisors where no group does; to
all groups where there are no supervisors either. It is seen when one of those groups has a seat, its own or that of the
group it is combined into. A city that has defined no groups has one floor that sees everything. The alarm is a state of
the group: raised when its last seat is gone or a need of it is unseen, acknowledged by name, and cleared by nothing but
coverage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.needs import pending
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from redstick.dispatch.plans.requirement import Requirement
    from redstick.dispatch.rules.groups import Group
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.rules.seats import Seat
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

NO_SEAT, UNSEEN = "no_seat", "unseen_needs"


class CoverageAlarm(msgspec.Struct):
    """A group that nobody watches: why it was raised and when, who has acknowledged it, when supervisors were told."""

    at: Instant
    why: str
    needs: list[str]
    acknowledged_by: str = ""
    acknowledged_at: Instant | None = None
    escalated_at: Instant | None = None


@event("dispatch.coverage_lost", subjects=("group",))
class CoverageLost(Event, frozen=True):
    """Nobody watches a group: its last seat is gone (`no_seat`), or needs of it are pending (`unseen_needs`)."""

    group: str
    why: str
    needs: list[str] = []


@event("dispatch.coverage_acknowledged", subjects=("group",))
class CoverageAcknowledged(Event, frozen=True):
    """A named person knows it; nobody watches all the same."""

    group: str
    by: str


@event("dispatch.coverage_escalated", subjects=("group",))
class CoverageEscalated(Event, frozen=True):
    """Nobody acknowledged it: the supervisors are told."""

    group: str
    to: list[str]


@event("dispatch.coverage_restored", subjects=("group",))
class CoverageRestored(Event, frozen=True):
    """Somebody watches again."""

    group: str


@command("dispatch.check_coverage")
class CheckCoverage(Command, frozen=True):
    """Raise and clear what is due. A reaction asks this whenever it may have changed."""


@command("dispatch.acknowledge_coverage")
class AcknowledgeCoverage(Command, frozen=True):
    """Say by name that it is known."""

    group: str
    by: str


@command("dispatch.escalate_coverage")
class EscalateCoverage(Command, frozen=True):
    """Tell the supervisors, if nobody has acknowledged it. A timer asks this."""

    group: str


def decide_check_coverage(state: Dispatch, asked: CheckCoverage, now: Instant) -> Decision:
    """Nothing where every alarm stands that should, and no other."""
    del asked, now
    return alarms_due(state)


def apply_coverage_lost(state: Dispatch, happened: CoverageLost, at: Instant) -> None:
    """The alarm stands."""
    state.groups[happened.group].alarm = CoverageAlarm(at, happened.why, list(happened.needs))


def decide_acknowledge_coverage(state: Dispatch, asked: AcknowledgeCoverage, now: Instant) -> Decision:
    """Rejections: `group_unknown`, `no_alarm`, `name_needed`. The first who acknowledges it counts."""
    del now
    group = state.groups.get(asked.group)
    if group is None:
        return Rejection("group_unknown", {"group": asked.group})
    if group.alarm is None:
        return Rejection("no_alarm", {"group": asked.group})
    if not asked.by.strip():
        return Rejection("name_needed")
    return [] if group.alarm.acknowledged_by else [CoverageAcknowledged(asked.group, asked.by)]


def apply_coverage_acknowledged(state: Dispatch, happened: CoverageAcknowledged, at: Instant) -> None:
    """Known, and it stands."""
    alarm = state.groups[happened.group].alarm
    if alarm is not None:
        alarm.acknowledged_by, alarm.acknowledged_at = happened.by, at


def decide_escalate_coverage(state: Dispatch, asked: EscalateCoverage, now: Instant) -> Decision:
    """Nothing where it is covered, acknowledged, or told already."""
    del now
    group = state.groups.get(asked.group)
    alarm = None if group is None else group.alarm
    if alarm is None or alarm.acknowledged_by or alarm.escalated_at is not None:
        return []
    return [CoverageEscalated(asked.group, supervisors(state.groups))]


def apply_coverage_escalated(state: Dispatch, happened: CoverageEscalated, at: Instant) -> None:
    """The supervisors know."""
    alarm = state.groups[happened.group].alarm
    if alarm is not None:
        alarm.escalated_at = at


def apply_coverage_restored(state: Dispatch, happened: CoverageRestored, at: Instant) -> None:
    """The alarm is over; it is in the journal."""
    del at
    state.groups[happened.group].alarm = None


# Who owns what, and who sees it


def supervisors(groups: Mapping[str, Group]) -> list[str]:
    """The groups to which everything goes up, by id."""
    return sorted(name for name, group in groups.items() if group.supervises)


def owners(groups: Mapping[str, Group], incident: Incident, requirement: Requirement) -> list[str]:
    """The groups that a need belongs to, by id; none only where no group is defined.

    A need that no agency owes by name is that of its incident's call group. An incident whose area in a layer is not
    known belongs to the groups of every area there.
    """
    return _owners(groups, requirement.agency or incident.group, incident.zones)


def _owners(groups: Mapping[str, Group], agency: str, zones: Mapping[str, str]) -> list[str]:
    taking = sorted(name for name, group in groups.items() if takes(group, agency, zones))
    return taking or supervisors(groups) or sorted(groups)


def takes(group: Group, agency: str, zones: Mapping[str, str]) -> bool:
    """Whether a group is for an agency and an area. One of supervisors that names neither takes only what is left."""
    if group.supervises and not group.agencies and not group.areas:
        return False
    if group.agencies and agency and agency not in group.agencies:
        return False
    if not group.areas:
        return True
    return any(zones.get(area.layer, area.zone) == area.zone for area in group.areas)


def seated(groups: Mapping[str, Group], seats: Iterable[Seat]) -> set[str]:
    """The groups that a seat watches: its own, and those that are combined into them."""
    signed_on = {name for seat in seats for name in seat.groups}
    return {name for name, group in groups.items() if name in signed_on or group.combined_into in signed_on}


def unseen(incidents: Iterable[Incident], groups: Mapping[str, Group], seats: Iterable[Seat]) -> dict[str, list[str]]:
    """Pending needs that no seat sees, `incident/need`, by the first group that owns them."""
    watched = seated(groups, seats)
    found: dict[str, list[str]] = {}
    if len(watched) == len(groups):
        return found
    known: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}  # many incidents share agency and area
    for incident in incidents:
        area = tuple(incident.zones.items())
        for need, _ in pending(incident):
            key = (need.requirement.agency or incident.group, area)
            if key not in known:
                known[key] = _owners(groups, key[0], incident.zones)
            if watched.isdisjoint(known[key]):
                found.setdefault(known[key][0], []).append(f"{incident.id}/{need.requirement.id}")
    return found


def alarms_due(state: Dispatch) -> list[Event]:
    """The alarms to raise, and those to clear, in the order of their groups."""
    watched = seated(state.groups, state.seats.values())
    if all(name in watched or _told_in_full(group) for name, group in state.groups.items()):
        lost: dict[str, list[str]] = {}
    else:
        lost = unseen(state.incidents.values(), state.groups, state.seats.values())
    due: list[Event] = []
    for name, group in sorted(state.groups.items()):
        why = UNSEEN if name in lost else NO_SEAT if group.opened and name not in watched else ""
        if why and (group.alarm is None or (group.alarm.why, why) == (NO_SEAT, UNSEEN)):
            due.append(CoverageLost(name, why, lost.get(name, [])))
        elif not why and group.alarm is not None:
            due.append(CoverageRestored(name))
    return due


def _told_in_full(group: Group) -> bool:
    """Whether nothing but a seat changes a group's alarm: then what is pending need not be looked through."""
    return group.opened and group.alarm is not None and group.alarm.why == UNSEEN


def would_uncover(
    state: Dispatch, groups: Mapping[str, Group], seats: Iterable[Seat], despite: str
) -> Rejection | None:
    """Whether pending needs that are seen now would be unseen with these groups and seats; `despite` says: so be it."""
    if despite.strip():
        return None
    before = unseen(state.incidents.values(), state.groups, state.seats.values())
    after = unseen(state.incidents.values(), groups, seats)
    already = {need for needs in before.values() for need in needs}
    lost = [(group, need) for group, needs in after.items() for need in needs if need not in already]
    if not lost:
        return None
    groups_lost, needs_lost = sorted({group for group, _ in lost}), sorted(need for _, need in lost)
    return Rejection("would_uncover", {"groups": groups_lost, "needs": needs_lost})


DECIDERS: Deciders = {
    CheckCoverage: decide_check_coverage,
    AcknowledgeCoverage: decide_acknowledge_coverage,
    EscalateCoverage: decide_escalate_coverage,
}
APPLIERS: Appliers = {
    CoverageLost: apply_coverage_lost,
    CoverageAcknowledged: apply_coverage_acknowledged,
    CoverageEscalated: apply_coverage_escalated,
    CoverageRestored: apply_coverage_restored,
}
KERNEL_ONLY: frozenset[type[Command]] = frozenset({CheckCoverage, EscalateCoverage})

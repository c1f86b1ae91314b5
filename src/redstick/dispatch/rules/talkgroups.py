"""Talkgroups: a channel of its own for an incident, taken from a pool and given back when the incident closes.

One talkgroup serves one incident at a time: two fires on one channel cost lives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class Talkgroup(msgspec.Struct):
    """One channel of the pool: for which call group (`fire`, "" for any); the incident that it serves, "" for none."""

    id: str
    group: str = ""
    incident: str = ""
    since: Instant = 0


@event("dispatch.talkgroup_listed", subjects=("talkgroup",))
class TalkgroupListed(Event, frozen=True):
    """A talkgroup is in the pool, or serves another call group than before."""

    talkgroup: str
    group: str = ""


@event("dispatch.talkgroup_delisted", subjects=("talkgroup",))
class TalkgroupDelisted(Event, frozen=True):
    """It is in the pool no more."""

    talkgroup: str


@event("dispatch.talkgroup_assigned", subjects=("incident", "talkgroup"))
class TalkgroupAssigned(Event, frozen=True):
    """The incident speaks on it."""

    incident: str
    talkgroup: str


@event("dispatch.talkgroup_released", subjects=("incident", "talkgroup"))
class TalkgroupReleased(Event, frozen=True):
    """The incident speaks on it no more."""

    incident: str
    talkgroup: str


@command("dispatch.list_talkgroup")
class ListTalkgroup(Command, frozen=True):
    """Put a talkgroup into the pool."""

    talkgroup: str
    group: str = ""


@command("dispatch.delist_talkgroup")
class DelistTalkgroup(Command, frozen=True):
    """Take a talkgroup out of the pool."""

    talkgroup: str


@command("dispatch.assign_talkgroup")
class AssignTalkgroup(Command, frozen=True):
    """Give an incident a talkgroup: the one named, or the first free one for its call group.

    An incident that has one changes over to it.
    """

    incident: str
    talkgroup: str = ""


@command("dispatch.release_talkgroup")
class ReleaseTalkgroup(Command, frozen=True):
    """Give it back to the pool."""

    talkgroup: str


def decide_list_talkgroup(state: Dispatch, asked: ListTalkgroup, now: Instant) -> Decision:
    """Rejections: `talkgroup_unnamed`. What is known changes nothing."""
    del now
    if not asked.talkgroup.strip():
        return Rejection("talkgroup_unnamed")
    known = state.talkgroups.get(asked.talkgroup)
    same = known is not None and known.group == asked.group
    return [] if same else [TalkgroupListed(asked.talkgroup, asked.group)]


def apply_talkgroup_listed(state: Dispatch, happened: TalkgroupListed, at: Instant) -> None:
    """In the pool; what it serves it goes on serving."""
    del at
    state.talkgroups.setdefault(happened.talkgroup, Talkgroup(happened.talkgroup)).group = happened.group


def decide_delist_talkgroup(state: Dispatch, asked: DelistTalkgroup, now: Instant) -> Decision:
    """Rejections: `talkgroup_unknown`, `talkgroup_busy` (names the incident)."""
    del now
    known = state.talkgroups.get(asked.talkgroup)
    if known is None:
        return Rejection("talkgroup_unknown", {"talkgroup": asked.talkgroup})
    if known.incident:
        return Rejection("talkgroup_busy", {"talkgroup": known.id, "incident": known.incident})
    return [TalkgroupDelisted(asked.talkgroup)]


def apply_talkgroup_delisted(state: Dispatch, happened: TalkgroupDelisted, at: Instant) -> None:
    """Gone from the pool."""
    del at
    del state.talkgroups[happened.talkgroup]


def decide_assign_talkgroup(state: Dispatch, asked: AssignTalkgroup, now: Instant) -> Decision:
    """An incident that asks for any and has one keeps it.

    Rejections: `incident_unknown`, `incident_closed`, `talkgroup_unknown`, `talkgroup_busy` (names the incident),
    `no_talkgroup_free` (says how many there are for it).
    """
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        return Rejection("incident_unknown" if incident is None else "incident_closed", {"incident": asked.incident})
    held = talkgroup_of(state, incident.id)
    chosen = _free_for(state, incident) if not asked.talkgroup else state.talkgroups.get(asked.talkgroup)
    if not asked.talkgroup and held:
        return []
    if chosen is None and asked.talkgroup:
        return Rejection("talkgroup_unknown", {"talkgroup": asked.talkgroup})
    if chosen is None:
        return Rejection("no_talkgroup_free", {"pool": len(_pool(state, incident))})
    if chosen.incident == incident.id:
        return []
    if chosen.incident:
        return Rejection("talkgroup_busy", {"talkgroup": chosen.id, "incident": chosen.incident})
    return [*released_talkgroups(state, incident), TalkgroupAssigned(incident.id, chosen.id)]


def apply_talkgroup_assigned(state: Dispatch, happened: TalkgroupAssigned, at: Instant) -> None:
    """It serves this incident alone."""
    talkgroup = state.talkgroups[happened.talkgroup]
    talkgroup.incident, talkgroup.since = happened.incident, at


def decide_release_talkgroup(state: Dispatch, asked: ReleaseTalkgroup, now: Instant) -> Decision:
    """Rejections: `talkgroup_unknown`. Releasing a free one changes nothing."""
    del now
    known = state.talkgroups.get(asked.talkgroup)
    if known is None:
        return Rejection("talkgroup_unknown", {"talkgroup": asked.talkgroup})
    return [TalkgroupReleased(known.incident, known.id)] if known.incident else []


def apply_talkgroup_released(state: Dispatch, happened: TalkgroupReleased, at: Instant) -> None:
    """Free for the next."""
    talkgroup = state.talkgroups[happened.talkgroup]
    talkgroup.incident, talkgroup.since = "", at


def _pool(state: Dispatch, incident: Incident) -> list[Talkgroup]:
    """The talkgroups for an incident: those of its call group first, then those for any, each by id."""
    fitting = [one for one in state.talkgroups.values() if one.group in ("", incident.group)]
    return sorted(fitting, key=lambda one: (not one.group, one.id))


def _free_for(state: Dispatch, incident: Incident) -> Talkgroup | None:
    return next((one for one in _pool(state, incident) if not one.incident), None)


def talkgroup_of(state: Dispatch, incident: str) -> str:
    """The talkgroup of an incident, "" for none."""
    return next((one.id for one in state.talkgroups.values() if one.incident == incident), "")


def released_talkgroups(state: Dispatch, incident: Incident) -> list[Event]:
    """What ends because the incident closes, or changes over."""
    held = talkgroup_of(state, incident.id)
    return [TalkgroupReleased(incident.id, held)] if held else []


DECIDERS: Deciders = {
    ListTalkgroup: decide_list_talkgroup,
    DelistTalkgroup: decide_delist_talkgroup,
    AssignTalkgroup: decide_assign_talkgroup,
    ReleaseTalkgroup: decide_release_talkgroup,
}
APPLIERS: Appliers = {
    TalkgroupListed: apply_talkgroup_listed,
    TalkgroupDelisted: apply_talkgroup_delisted,
    TalkgroupAssigned: apply_talkgroup_assigned,
    TalkgroupReleased: apply_talkgroup_released,
}

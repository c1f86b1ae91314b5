"""Dispatch groups: who watches what. A group is for agencies, areas, or both (fire, EMS, district 2).

At quiet hours groups are combined: the seats of one watch another as well, until it is split off again. What that would
leave unwatched is refused with what it concerns; `despite` says that it is so all the same, and an alarm stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.coverage import CoverageAlarm, would_uncover
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class Area(msgspec.Struct, frozen=True):
    """One zone of one layer."""

    layer: str
    zone: str


class Group(msgspec.Struct):
    """One dispatch group, as it is now; `opened` once a seat has signed on to it."""

    id: str
    agencies: list[str] = msgspec.field(default_factory=list)
    areas: list[Area] = msgspec.field(default_factory=list)
    supervises: bool = False
    combined_into: str = ""
    opened: bool = False
    alarm: CoverageAlarm | None = None


@event("dispatch.group_defined", subjects=("group",))
class GroupDefined(Event, frozen=True):
    """A group watches these agencies in these areas, all of either where none is named; or others than before."""

    group: str
    agencies: list[str] = []
    areas: list[Area] = []
    supervises: bool = False


@event("dispatch.groups_combined", subjects=("group", "into"))
class GroupsCombined(Event, frozen=True):
    """The seats of `into` watch `group` as well."""

    group: str
    into: str
    by: str
    despite: str = ""


@event("dispatch.group_split", subjects=("group", "out_of"))
class GroupSplit(Event, frozen=True):
    """They do so no more."""

    group: str
    out_of: str
    by: str
    despite: str = ""


@command("dispatch.define_group")
class DefineGroup(Command, frozen=True):
    """Say what a group watches. A group that `supervises` is told of what nobody has acknowledged."""

    group: str
    agencies: list[str] = []
    areas: list[Area] = []
    supervises: bool = False


@command("dispatch.combine_groups")
class CombineGroups(Command, frozen=True):
    """Let the seats of `into` watch `group` as well."""

    group: str
    into: str
    by: str
    despite: str = ""


@command("dispatch.split_group")
class SplitGroup(Command, frozen=True):
    """Let them do so no more."""

    group: str
    by: str
    despite: str = ""


def decide_define_group(state: Dispatch, asked: DefineGroup, now: Instant) -> Decision:
    """Rejections: `group_unnamed`. What is known changes nothing."""
    del now
    if not asked.group.strip():
        return Rejection("group_unnamed")
    known = state.groups.get(asked.group)
    facts = (asked.agencies, asked.areas, asked.supervises)
    if known is not None and facts == (known.agencies, known.areas, known.supervises):
        return []
    return [GroupDefined(asked.group, *facts)]


def apply_group_defined(state: Dispatch, happened: GroupDefined, at: Instant) -> None:
    """Its seats stay."""
    del at
    group = state.groups.setdefault(happened.group, Group(happened.group))
    group.agencies, group.areas, group.supervises = list(happened.agencies), list(happened.areas), happened.supervises


def decide_combine_groups(state: Dispatch, asked: CombineGroups, now: Instant) -> Decision:
    """One step deep, so that who watches what is seen at a glance.

    Rejections: `group_unknown`, `same_group`, `already_combined`, `others_combined` (names them), `name_needed`,
    `would_uncover` (`despite` overrides).
    """
    del now
    group, into = state.groups.get(asked.group), state.groups.get(asked.into)
    if group is None or into is None:
        return Rejection("group_unknown", {"group": asked.group if group is None else asked.into})
    if group is into:
        return Rejection("same_group", {"group": group.id})
    for one in (group, into):
        if one.combined_into:
            return Rejection("already_combined", {"group": one.id, "into": one.combined_into})
    others = sorted(name for name, one in state.groups.items() if one.combined_into == group.id)
    if others:
        return Rejection("others_combined", {"group": group.id, "others": others})
    if not asked.by.strip():
        return Rejection("name_needed")
    return _recombined(state, group, into.id, asked.despite) or [
        GroupsCombined(group.id, into.id, asked.by, asked.despite)
    ]


def apply_groups_combined(state: Dispatch, happened: GroupsCombined, at: Instant) -> None:
    """Watched by others too."""
    del at
    state.groups[happened.group].combined_into = happened.into


def decide_split_group(state: Dispatch, asked: SplitGroup, now: Instant) -> Decision:
    """Rejections: `group_unknown`, `not_combined`, `name_needed`, `would_uncover` (`despite` overrides)."""
    del now
    group = state.groups.get(asked.group)
    if group is None:
        return Rejection("group_unknown", {"group": asked.group})
    if not group.combined_into:
        return Rejection("not_combined", {"group": group.id})
    if not asked.by.strip():
        return Rejection("name_needed")
    return _recombined(state, group, "", asked.despite) or [
        GroupSplit(group.id, group.combined_into, asked.by, asked.despite)
    ]


def _recombined(state: Dispatch, group: Group, into: str, despite: str) -> Rejection | None:
    groups = {**state.groups, group.id: msgspec.structs.replace(group, combined_into=into)}
    return would_uncover(state, groups, state.seats.values(), despite)


def apply_group_split(state: Dispatch, happened: GroupSplit, at: Instant) -> None:
    """By itself again."""
    del at
    state.groups[happened.group].combined_into = ""


DECIDERS: Deciders = {
    DefineGroup: decide_define_group,
    CombineGroups: decide_combine_groups,
    SplitGroup: decide_split_group,
}
APPLIERS: Appliers = {
    GroupDefined: apply_group_defined,
    GroupsCombined: apply_groups_combined,
    GroupSplit: apply_group_split,
}

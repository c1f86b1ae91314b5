"""How incidents stand to one another: what one took over from another, and links between those that stay apart."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redstick.dispatch.rules.incidents import Incident


class Relation(StrEnum):
    """What a linked incident is to this one (EIDO link; NENA-STA-021.1b)."""

    PARENT = "PARENT"
    CHILD = "CHILD"
    RELATED = "RELATED"


INVERSE = {
    Relation.PARENT: Relation.CHILD, Relation.CHILD: Relation.PARENT, Relation.RELATED: Relation.RELATED,
}  # fmt: skip


class Stand(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which need of its incident an assignment stands for, and how: the fields of that name of an assignment."""

    need: str = ""
    fit: str = ""
    lent_by: str = ""
    lent_to: str = ""
    ground: str = ""


class Part(msgspec.Struct, frozen=True):
    """An assignment that went over with a merge: its `sequence` in the incident that has it, and what it was before."""

    unit: str
    sequence: int
    was: int
    stood: Stand = Stand()


class TakenOver(msgspec.Struct, frozen=True):
    """What an incident took over from the one that it replaced: all that a split needs to give it back.

    `closed` when the merge closed the replaced one; `raised_from` is the priority that the merge raised, None when it
    raised none.
    """

    calls: list[str] = []
    parts: list[Part] = []
    closed: bool = True
    raised_from: int | None = None


def goes_on_as(incidents: Mapping[str, Incident], name: str, unit: str) -> str:
    """The incident that has a unit's part in `name` now: that one itself, or the one that goes on for it by merges.

    A device that has not heard of a merge still reports for the incident that it was sent to.
    """
    incident = incidents.get(name)
    while incident is not None and incident.replaced_by and unit not in incident.assignments:
        name = incident.replaced_by
        incident = incidents.get(name)
    return name

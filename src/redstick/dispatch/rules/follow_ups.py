"""Follow-ups: an address that the geofile did not know is dispatched, and then looked into until a person settles it.

One item for each address of an incident. It outlives the incident, carries what a discrepancy report needs, and never
goes away by itself.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.place import Place, plain
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class Resolution(StrEnum):
    """What became of an address that the geofile did not know."""

    GEOFILE_CORRECTED = "geofile_corrected"
    ENTERED_WRONG = "entered_wrong"
    NO_ADDRESS = "no_address"  # a place that has none, and needs none
    LEFT_AS_IS = "left_as_is"


class FollowUp(msgspec.Struct):
    """One address to be looked into. `reported_at` is when its discrepancy report went out, None while it has not."""

    id: str
    incident: str
    place: Place
    raised_at: Instant
    reported_at: Instant | None = None
    report: str = ""


@event("dispatch.follow_up_raised", subjects=("follow_up", "incident"))
class FollowUpRaised(Event, frozen=True):
    """An address is to be looked into."""

    follow_up: str
    incident: str
    place: Place


@event("dispatch.discrepancy_reported", subjects=("follow_up",))
class DiscrepancyReported(Event, frozen=True):
    """A discrepancy report on it went to whoever keeps the geofile; `report` is its id there."""

    follow_up: str
    report: str


@event("dispatch.follow_up_resolved", subjects=("follow_up",))
class FollowUpResolved(Event, frozen=True):
    """A named person settled it."""

    follow_up: str
    resolution: Resolution
    by: str
    note: str = ""


@command("dispatch.raise_follow_up")
class RaiseFollowUp(Command, frozen=True):
    """Have the address of an incident looked into: asked by itself when it is not in the geofile, or by a person."""

    incident: str


@command("dispatch.report_discrepancy")
class ReportDiscrepancy(Command, frozen=True):
    """Say that a discrepancy report was sent, under which id."""

    follow_up: str
    report: str


@command("dispatch.resolve_follow_up")
class ResolveFollowUp(Command, frozen=True):
    """Settle a follow-up, by name."""

    follow_up: str
    resolution: Resolution
    by: str
    note: str = ""


def decide_raise_follow_up(state: Dispatch, asked: RaiseFollowUp, now: Instant) -> Decision:
    """Rejections: `incident_unknown`. An address that is in the geofile or is looked into already changes nothing."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    place, name = incident.place, f"{incident.id}/{len(incident.former_places)}"
    known = name in state.follow_ups or any(_same(one.place, place) for one in state.follow_ups.values())
    unknown_place = bool(place.text.strip()) and not place.in_geofile
    return [FollowUpRaised(name, incident.id, place)] if unknown_place and not known else []


def _same(one: Place, other: Place) -> bool:
    return plain(one.text) == plain(other.text) and plain(one.municipality) == plain(other.municipality)


def apply_follow_up_raised(state: Dispatch, happened: FollowUpRaised, at: Instant) -> None:
    """It waits for a person."""
    state.follow_ups[happened.follow_up] = FollowUp(happened.follow_up, happened.incident, happened.place, at)


def decide_report_discrepancy(state: Dispatch, asked: ReportDiscrepancy, now: Instant) -> Decision:
    """Rejections: `follow_up_unknown`, `report_unnamed`. Saying it twice changes nothing."""
    del now
    known = state.follow_ups.get(asked.follow_up)
    if known is None:
        return Rejection("follow_up_unknown", {"follow_up": asked.follow_up})
    if not asked.report.strip():
        return Rejection("report_unnamed", {"follow_up": asked.follow_up})
    return [] if known.report == asked.report else [DiscrepancyReported(asked.follow_up, asked.report)]


def apply_discrepancy_reported(state: Dispatch, happened: DiscrepancyReported, at: Instant) -> None:
    """Sent; it still waits for a person."""
    known = state.follow_ups[happened.follow_up]
    known.reported_at, known.report = at, happened.report


def decide_resolve_follow_up(state: Dispatch, asked: ResolveFollowUp, now: Instant) -> Decision:
    """Rejections: `follow_up_unknown`, `name_needed`."""
    del now
    if asked.follow_up not in state.follow_ups:
        return Rejection("follow_up_unknown", {"follow_up": asked.follow_up})
    if not asked.by.strip():
        return Rejection("name_needed", {"follow_up": asked.follow_up})
    return [FollowUpResolved(asked.follow_up, asked.resolution, asked.by, asked.note)]


def apply_follow_up_resolved(state: Dispatch, happened: FollowUpResolved, at: Instant) -> None:
    """Settled; who settled it and how is in the journal."""
    del at
    del state.follow_ups[happened.follow_up]


DECIDERS: Deciders = {
    RaiseFollowUp: decide_raise_follow_up,
    ReportDiscrepancy: decide_report_discrepancy,
    ResolveFollowUp: decide_resolve_follow_up,
}
APPLIERS: Appliers = {
    FollowUpRaised: apply_follow_up_raised,
    DiscrepancyReported: apply_discrepancy_reported,
    FollowUpResolved: apply_follow_up_resolved,
}

"""Recommendations: who should go, as it was computed, kept with its incident; and what a dispatcher did instead.

Computed outside, on a snapshot. What comes of it is taken only while the world is still as it assumed: the units that
it names, the incident, the plan. A dispatcher may always send others; then the reason is kept, and what it costs in
seconds by the recommendation's own reckoning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redstick.dispatch.recommendation.kept import Overridden
from redstick.dispatch.recommendation.record import UnreadableRecord, digest_of, kept, read
from redstick.dispatch.recommendation.regret import regret
from redstick.dispatch.rules.needs import pending
from redstick.dispatch.rules.plans import active_plan
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redstick.dispatch.recommendation.kept import Kept
    from redstick.dispatch.recommendation.question import Candidate, Question
    from redstick.dispatch.recommendation.record import Record
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

MAX_RECORD = 4_000_000  # characters; a roster of 5,000 units has about half


@event("dispatch.recommendation_recorded", subjects=("incident", "recommendation"))
class RecommendationRecorded(Event, frozen=True):
    """Who should go. `record` is the whole of it as text (`recommendation.record`), under its digest."""

    incident: str
    recommendation: str
    digest: str
    record: str


@event("dispatch.recommendation_overridden", subjects=("incident", "recommendation", "units"))
class RecommendationOverridden(Event, frozen=True):
    """Others were sent than was recommended, for a reason. The numbers are those of `recommendation.regret`."""

    incident: str
    recommendation: str
    units: list[str]
    reason: str
    regret_s: int
    unranked: list[str] = []
    unfilled: list[str] = []


@command("dispatch.record_recommendation")
class RecordRecommendation(Command, frozen=True):
    """Keep a recommendation that was computed, under an id that `AssignUnits` and an override can name."""

    incident: str
    recommendation: str
    record: str


@command("dispatch.record_override")
class RecordOverride(Command, frozen=True):
    """Say which units were sent instead of the recommended ones, and why."""

    incident: str
    recommendation: str
    units: list[str]
    reason: str


def decide_record_recommendation(state: Dispatch, asked: RecordRecommendation, now: Instant) -> Decision:
    """Taken while the world is still as it was assumed. The same record again changes nothing.

    Rejections: `incident_unknown`, `incident_closed`, `recommendation_unnamed`, `recommendation_known`,
    `record_too_long`, `record_unreadable`, `record_of_another_incident`, `recommendation_ahead` (made later than now),
    `recommendation_outdated` (names under `units` and `incident` what has changed, under `plan` the version that
    counts).
    """
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        code = "incident_unknown" if incident is None else "incident_closed"
        return Rejection(code, {"incident": asked.incident})
    if not asked.recommendation.strip():
        return Rejection("recommendation_unnamed")
    if len(asked.record) > MAX_RECORD:
        return Rejection("record_too_long", {"characters": len(asked.record), "most": MAX_RECORD})
    try:
        record = read(asked.record)
    except UnreadableRecord as error:
        return Rejection("record_unreadable", {"expected": str(error)})
    digest = digest_of(asked.record)
    known = incident.recommendations.get(asked.recommendation)
    if known is not None:
        return [] if known.digest == digest else Rejection("recommendation_known", {"id": asked.recommendation})
    if record.question.incident != asked.incident:
        return Rejection("record_of_another_incident", {"incident": record.question.incident})
    if record.question.now > now:
        return Rejection("recommendation_ahead", {"ahead_ms": record.question.now - now})
    changed = _changes(state, incident, record)
    if changed:
        return Rejection("recommendation_outdated", changed)
    return [RecommendationRecorded(asked.incident, asked.recommendation, digest, asked.record)]


def apply_recommendation_recorded(state: Dispatch, happened: RecommendationRecorded, at: Instant) -> None:
    """The incident remembers whom it named, and at what cost each could have come."""
    found = kept(happened.recommendation, at, happened.digest, happened.record)
    state.incidents[happened.incident].recommendations[found.id] = found


def _changes(state: Dispatch, incident: Incident, record: Record) -> dict[str, Any]:
    """What is no longer as the recommendation assumed, by name; empty when it still holds."""
    question = record.question
    assumed = {unit.id: unit for unit in question.roster}
    units = {
        verdict.unit: changed
        for verdict in record.answer.chosen
        if (changed := _changed_of_unit(state, assumed.get(verdict.unit), verdict.unit))
    }
    active = active_plan(state)
    plan = active.id if active is not None and active.id != question.plan_version else ""
    found = {"units": units, "incident": _changed_of_incident(incident, question), "plan": plan}
    return {name: changed for name, changed in found.items() if changed}


def _changed_of_unit(state: Dispatch, assumed: Candidate | None, name: str) -> list[str]:
    """Of a unit that is to go: gone, or other than it was, its crew included."""
    unit = state.units.get(name)
    if unit is None or assumed is None:
        return ["unknown"]
    facts = {
        "status": (unit.status, assumed.status),
        "added": (tuple(unit.added), assumed.added),
        "incident": (unit.work[0] if unit.work else "", assumed.incident),
        "crew": (unit.crew, assumed.crew),
        "staffing": (unit.staffing, assumed.staffing),
        "capabilities": (tuple(unit.capabilities), assumed.capabilities),
        "kind": (unit.kind, assumed.kind),
    }
    changed = [fact for fact, (now, then) in facts.items() if now != then]
    shared = [other for other in state.units.values() if unit.crew and other.crew == unit.crew and other.id != name]
    return [*changed, *(["crew_committed"] if any(other.work for other in shared) else [])]


def _changed_of_incident(incident: Incident, question: Question) -> list[str]:
    facts: dict[str, tuple[object, object]] = {
        "kind": (incident.kind, question.kind),
        "alarm_level": (incident.alarm_level, question.alarm_level),
        "place": ((incident.place.x, incident.place.y), question.target),
    }
    if incident.needs:
        asked = {need.id: need.count for need in question.requirements}
        facts["needs"] = ({need.requirement.id: lacking for need, lacking in pending(incident)}, asked)
    return [fact for fact, (now, then) in facts.items() if now != then]


def decide_record_override(state: Dispatch, asked: RecordOverride, now: Instant) -> Decision:
    """Always possible, with a reason. Saying the same again changes nothing.

    Rejections: `incident_unknown`, `recommendation_unknown`, `no_units`, `unit_named_twice`, `unit_unknown`,
    `reason_needed`, `as_recommended` (these are the recommended units).
    """
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    found = incident.recommendations.get(asked.recommendation)
    if found is None:
        return Rejection("recommendation_unknown", {"id": asked.recommendation})
    if not asked.units:
        return Rejection("no_units", {"incident": asked.incident})
    if len(set(asked.units)) != len(asked.units):
        return Rejection("unit_named_twice", {"units": asked.units})
    unknown = [name for name in asked.units if name not in state.units]
    if unknown:
        return Rejection("unit_unknown", {"unit": unknown[0]})
    if not asked.reason.strip():
        return Rejection("reason_needed")
    if set(asked.units) == set(found.chosen):
        return Rejection("as_recommended", {"units": asked.units})
    said = found.overridden
    if said is not None and (said.units, said.reason) == (asked.units, asked.reason):
        return []
    cost = regret(found, asked.units)
    return [
        RecommendationOverridden(
            asked.incident, found.id, asked.units, asked.reason, cost.seconds, cost.unranked, cost.unfilled
        )
    ]


def apply_recommendation_overridden(state: Dispatch, happened: RecommendationOverridden, at: Instant) -> None:
    """The recommendation remembers what was done instead."""
    state.incidents[happened.incident].recommendations[happened.recommendation].overridden = Overridden(
        at, list(happened.units), happened.reason, happened.regret_s, list(happened.unranked), list(happened.unfilled)
    )


def overrides(state: Dispatch, at_least_s: int) -> Iterator[tuple[str, Kept]]:
    """Incidents of the live state whose recommendation was overridden at such a cost, with it; the dearest first.

    One that left a requirement unfilled, or sent units that had been refused, is of no known cost and counts as dear.
    """
    found = [
        (incident.id, one)
        for incident in state.incidents.values()
        for one in incident.recommendations.values()
        if one.overridden is not None and _weight(one.overridden) >= at_least_s
    ]
    yield from sorted(found, key=lambda entry: (-_weight(entry[1].overridden), entry[0], entry[1].id))


def _weight(said: Overridden | None) -> float:
    if said is None:
        return 0
    return float("inf") if said.unranked or said.unfilled else said.regret_s


DECIDERS: Deciders = {
    RecordRecommendation: decide_record_recommendation,
    RecordOverride: decide_record_override,
}
APPLIERS: Appliers = {
    RecommendationRecorded: apply_recommendation_recorded,
    RecommendationOverridden: apply_recommendation_overridden,
}

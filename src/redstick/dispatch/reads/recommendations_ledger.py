"""What the ledger keeps of recommendations: whom each named, and what was sent instead, why and at what cost."""

from redstick.dispatch.reads.tables import json_text
from redstick.dispatch.recommendation.record import kept
from redstick.dispatch.rules import recommendations
from redstick.kernel.envelope import Envelope
from redstick.kernel.ledgers import Change, Column, Kind, Known, Project, Put, Revise, Row, Table
from redstick.kernel.values import Event

RECOMMENDATIONS = Table(
    "recommendations",
    "Who was recommended, and, where `overridden_at` is set, who was sent instead; `regret_s` is what that costs.",
    (Column("incident"), Column("recommendation")),
    (
        Column("recorded_at", Kind.INSTANT),
        Column("digest"),
        Column("plan"),
        Column("plan_version"),
        Column("chosen"),
        Column("overridden_at", Kind.INSTANT),
        Column("sent"),
        Column("reason"),
        Column("regret_s", Kind.INTEGER),
        Column("unranked"),
        Column("unfilled"),
    ),
)

RECOMMENDATION_TABLES = (RECOMMENDATIONS,)


def project_recorded(event: recommendations.RecommendationRecorded, envelope: Envelope, known: Known) -> list[Change]:
    """Whom it named; the whole of it is in the journal, under its digest."""
    del known
    found = kept(event.recommendation, envelope.at, event.digest, event.record)
    row: Row = {
        "recorded_at": envelope.at,
        "digest": found.digest,
        "plan": found.plan,
        "plan_version": found.plan_version,
        "chosen": json_text(found.chosen),
    }
    return [Put("recommendations", (event.incident, event.recommendation), row)]


def project_overridden(
    event: recommendations.RecommendationOverridden, envelope: Envelope, known: Known
) -> list[Change]:
    """What was done instead; the last word counts."""
    del known
    row: Row = {
        "overridden_at": envelope.at,
        "sent": json_text(event.units),
        "reason": event.reason,
        "regret_s": event.regret_s,
        "unranked": json_text(event.unranked),
        "unfilled": json_text(event.unfilled),
    }
    return [Revise("recommendations", (event.incident, event.recommendation), row)]


RECOMMENDATION_PROJECTIONS: dict[type[Event], Project] = {
    recommendations.RecommendationRecorded: project_recorded,
    recommendations.RecommendationOverridden: project_overridden,
}

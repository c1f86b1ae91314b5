"""Reviews: each suspicion of a wrong address is looked at by a named person, and what was found is kept.

The list of suspects is computed from the record (`discovery`); a review stays with its incident, live or retired.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.dispatch.discovery.signals import Review, Signal, Verdict
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


@event("dispatch.suspect_reviewed", subjects=("incident",))
class SuspectReviewed(Event, frozen=True):
    """A named person looked at a suspicion and came to a verdict."""

    incident: str
    signal: Signal
    verdict: Verdict
    by: str
    note: str = ""


@command("dispatch.review_suspect")
class ReviewSuspect(Command, frozen=True):
    """Say what a suspicion came to; saying another verdict later replaces it."""

    incident: str
    signal: Signal
    verdict: Verdict
    by: str
    note: str = ""


def decide_review_suspect(state: Dispatch, asked: ReviewSuspect, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `name_needed`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if not asked.by.strip():
        return Rejection("name_needed", {"incident": asked.incident})
    known = incident.reviews.get(asked.signal)
    if known is not None and (known.verdict, known.by, known.note) == (asked.verdict, asked.by, asked.note):
        return []
    return [SuspectReviewed(asked.incident, asked.signal, asked.verdict, asked.by, asked.note)]


def apply_suspect_reviewed(state: Dispatch, happened: SuspectReviewed, at: Instant) -> None:
    """The verdict stands beside the incident; nothing of what was done changes."""
    incident = state.incidents[happened.incident]
    incident.reviews[happened.signal] = Review(happened.verdict, happened.by, at, happened.note)


DECIDERS: Deciders = {ReviewSuspect: decide_review_suspect}
APPLIERS: Appliers = {SuspectReviewed: apply_suspect_reviewed}

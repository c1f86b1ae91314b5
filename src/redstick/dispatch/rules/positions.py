"""Position quality: what is known against a unit's positions. The positions themselves are a track, not the journal.

A detector watches the tracks (`dispatch/avl`) and reports when its verdict on a unit changes; only that is an event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.dispatch.avl.quality import Quality
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


@event("dispatch.quality_noted", subjects=("unit",))
class QualityNoted(Event, frozen=True):
    """From `since` on a unit's positions are of another quality; `other` is the unit that it exchanged tracks with."""

    unit: str
    quality: Quality
    since: Instant
    other: str = ""


@command("dispatch.note_quality")
class NoteQuality(Command, frozen=True):
    """Say that the quality of a unit's positions has changed."""

    unit: str
    quality: Quality
    since: Instant
    other: str = ""


def decide_note_quality(state: Dispatch, asked: NoteQuality, now: Instant) -> Decision:
    """The same quality again changes nothing. Rejections: `unit_unknown`, `time_ahead`."""
    unit = state.units.get(asked.unit)
    if unit is None:
        return Rejection("unit_unknown", {"unit": asked.unit})
    if asked.since > now:
        return Rejection("time_ahead", {"ahead_ms": asked.since - now})
    if (unit.quality or Quality.FRESH) == asked.quality:
        return []
    return [QualityNoted(unit.id, asked.quality, asked.since, asked.other)]


def apply_quality_noted(state: Dispatch, happened: QualityNoted, at: Instant) -> None:
    """Shown beside its position."""
    del at
    state.units[happened.unit].quality = happened.quality


DECIDERS: Deciders = {NoteQuality: decide_note_quality}
APPLIERS: Appliers = {QualityNoted: apply_quality_noted}

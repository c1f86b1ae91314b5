"""Cautions: what is known about a place, a person or a vehicle, and concerns whoever goes there.

Hydrants, pre-plans and premise history are of the same shape. A caution never disappears by itself: past its review
date it is *review overdue* until a person renews or removes it by name. A sensitive one is shown only to who asks for
it, and that is written down.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.place import Place
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

BUFFERS_M = range(5_001)  # beyond, everything is nearby
MAX_TEXT = 4_000  # characters


class Shape(StrEnum):
    """What sort of knowledge it is."""

    CAUTION = "caution"
    HYDRANT = "hydrant"
    PRE_PLAN = "pre_plan"
    HISTORY = "history"


class About(StrEnum):
    """What its key is the key of."""

    PLACE = "place"
    PERSON = "person"
    VEHICLE = "vehicle"


class Caution(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known, from whom, and until when somebody must look at it again.

    About a place: `place` is the validated one, `suite` the unit within it ("" for the whole of it), and whatever
    happens within `buffer_m` of it is told as *nearby*. About a person or a vehicle: `key` is a name with a date of
    birth, a licence or a plate. `hazard` is the agency's own word. `effective_at` and `review_at` bound what was known.
    """

    id: str
    shape: Shape
    about: About
    hazard: str
    text: str
    source: str
    author: str
    effective_at: Instant
    review_at: Instant
    place: Place = Place()
    suite: str = ""
    buffer_m: int = 0
    key: str = ""
    sensitive: bool = False


class Kept(msgspec.Struct):
    """A caution that stands. `overdue` says that its review date has passed."""

    caution: Caution
    overdue: bool = False


@event("dispatch.caution_entered", subjects=("caution_id",))
class CautionEntered(Event, frozen=True):
    """It is known from now on."""

    caution_id: str
    caution: Caution


@event("dispatch.caution_overdue", subjects=("caution",))
class CautionOverdue(Event, frozen=True):
    """Nobody has looked at it in time; it stands all the same."""

    caution: str


@event("dispatch.caution_renewed", subjects=("caution",))
class CautionRenewed(Event, frozen=True):
    """A named person says that it still holds."""

    caution: str
    by: str
    review_at: Instant
    was: Instant


@event("dispatch.caution_removed", subjects=("caution",))
class CautionRemoved(Event, frozen=True):
    """A named person says that it does not hold, and why."""

    caution: str
    by: str
    reason: str


@event("dispatch.caution_viewed", subjects=("caution", "incident"))
class CautionViewed(Event, frozen=True):
    """A named person was shown a sensitive caution; `incident` is what for, or `why` says it."""

    caution: str
    by: str
    incident: str = ""
    why: str = ""


@command("dispatch.enter_caution")
class EnterCaution(Command, frozen=True):
    """Write down what is known."""

    caution: Caution


@command("dispatch.renew_caution")
class RenewCaution(Command, frozen=True):
    """Say by name that it still holds, and when to look again."""

    caution: str
    by: str
    review_at: Instant


@command("dispatch.remove_caution")
class RemoveCaution(Command, frozen=True):
    """Say by name that it does not hold."""

    caution: str
    by: str
    reason: str


@command("dispatch.view_caution")
class ViewCaution(Command, frozen=True):
    """Ask to be shown a sensitive caution, for an incident or another reason."""

    caution: str
    by: str
    incident: str = ""
    why: str = ""


@command("dispatch.mark_caution_overdue")
class MarkCautionOverdue(Command, frozen=True):
    """Its review date has come. Asked by a timer."""

    caution: str


def decide_enter_caution(state: Dispatch, asked: EnterCaution, now: Instant) -> Decision:
    """A review date is mandatory: ahead of us, and behind the effective date.

    Rejections: `caution_known`, `source_and_author_needed`, `text_needed`, `text_too_long`, `review_date_needed`,
    `place_needed`, `key_needed`, `buffer_out_of_range`.
    """
    told = asked.caution
    if not told.id.strip() or told.id in state.cautions:
        return Rejection("caution_known", {"caution": told.id})
    if not told.source.strip() or not told.author.strip():
        return Rejection("source_and_author_needed", {"caution": told.id})
    if not told.text.strip() or not told.hazard.strip():
        return Rejection("text_needed", {"caution": told.id})
    if len(told.text) > MAX_TEXT:
        return Rejection("text_too_long", {"most": MAX_TEXT})
    if told.review_at <= max(now, told.effective_at):
        return Rejection("review_date_needed", {"said": told.review_at})
    if told.about is About.PLACE and not (told.place.text.strip() or told.place.located):
        return Rejection("place_needed", {"caution": told.id})
    if told.about is not About.PLACE and not told.key.strip():
        return Rejection("key_needed", {"caution": told.id})
    if told.buffer_m not in BUFFERS_M:
        return Rejection("buffer_out_of_range", {"said": told.buffer_m, "most": BUFFERS_M[-1]})
    return [CautionEntered(told.id, told)]


def apply_caution_entered(state: Dispatch, happened: CautionEntered, at: Instant) -> None:
    """It stands."""
    del at
    state.cautions[happened.caution_id] = Kept(happened.caution)


def decide_mark_caution_overdue(state: Dispatch, asked: MarkCautionOverdue, now: Instant) -> Decision:
    """Nothing where it was removed or renewed meanwhile."""
    kept = state.cautions.get(asked.caution)
    if kept is None or kept.overdue or kept.caution.review_at > now:
        return []
    return [CautionOverdue(asked.caution)]


def apply_caution_overdue(state: Dispatch, happened: CautionOverdue, at: Instant) -> None:
    """It stands, and says so."""
    del at
    state.cautions[happened.caution].overdue = True


def decide_renew_caution(state: Dispatch, asked: RenewCaution, now: Instant) -> Decision:
    """Rejections: `caution_unknown`, `name_needed`, `review_date_needed`."""
    kept = state.cautions.get(asked.caution)
    if kept is None:
        return Rejection("caution_unknown", {"caution": asked.caution})
    if not asked.by.strip():
        return Rejection("name_needed", {"caution": asked.caution})
    if asked.review_at <= max(now, kept.caution.effective_at):
        return Rejection("review_date_needed", {"said": asked.review_at})
    return [CautionRenewed(asked.caution, asked.by, asked.review_at, kept.caution.review_at)]


def apply_caution_renewed(state: Dispatch, happened: CautionRenewed, at: Instant) -> None:
    """Somebody has looked at it."""
    del at
    kept = state.cautions[happened.caution]
    kept.caution = msgspec.structs.replace(kept.caution, review_at=happened.review_at)
    kept.overdue = False


def decide_remove_caution(state: Dispatch, asked: RemoveCaution, now: Instant) -> Decision:
    """Rejections: `caution_unknown`, `name_and_reason_needed`."""
    del now
    if asked.caution not in state.cautions:
        return Rejection("caution_unknown", {"caution": asked.caution})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"caution": asked.caution})
    return [CautionRemoved(asked.caution, asked.by, asked.reason)]


def apply_caution_removed(state: Dispatch, happened: CautionRemoved, at: Instant) -> None:
    """The journal has it."""
    del at
    del state.cautions[happened.caution]


def decide_view_caution(state: Dispatch, asked: ViewCaution, now: Instant) -> Decision:
    """Each look is an event of its own.

    Rejections: `caution_unknown`, `not_sensitive`, `name_needed`, `reason_needed` (an incident is one).
    """
    del now
    kept = state.cautions.get(asked.caution)
    if kept is None:
        return Rejection("caution_unknown", {"caution": asked.caution})
    if not kept.caution.sensitive:
        return Rejection("not_sensitive", {"caution": asked.caution})
    if not asked.by.strip():
        return Rejection("name_needed", {"caution": asked.caution})
    if asked.incident not in state.incidents and not asked.why.strip():
        return Rejection("reason_needed", {"caution": asked.caution})
    return [CautionViewed(asked.caution, asked.by, asked.incident, asked.why)]


def apply_caution_viewed(state: Dispatch, happened: CautionViewed, at: Instant) -> None:
    """Nothing changes; that it was looked at is in the journal."""
    del state, happened, at


DECIDERS: Deciders = {
    EnterCaution: decide_enter_caution,
    RenewCaution: decide_renew_caution,
    RemoveCaution: decide_remove_caution,
    ViewCaution: decide_view_caution,
    MarkCautionOverdue: decide_mark_caution_overdue,
}
APPLIERS: Appliers = {
    CautionEntered: apply_caution_entered,
    CautionOverdue: apply_caution_overdue,
    CautionRenewed: apply_caution_renewed,
    CautionRemoved: apply_caution_removed,
    CautionViewed: apply_caution_viewed,
}
KERNEL_ONLY = (MarkCautionOverdue,)

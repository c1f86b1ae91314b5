"""Move-ups: an idle unit is asked to cover an area that lies open, by a dispatcher who has seen what it is worth.

What is worth moving is computed outside (`dispatch/coverage`) on a snapshot; the suggestion carries what it promises,
and what it costs to do nothing. It is decided again here whether the unit is still there to move. A unit that was not
moved is not suggested again for a while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

QUIET_AFTER_DECLINE_MS = 30 * 60_000


class MoveUp(msgspec.Struct):
    """A suggestion for one unit, and what became of it.

    `late_milli` and `late_if_moved_milli` are late calls expected an hour, in thousandths, as units stand and after it.
    """

    unit: str
    post: str
    suggested_at: Instant
    late_milli: int
    late_if_moved_milli: int
    travel_s: int
    ordered_by: str = ""
    declined_at: Instant | None = None


@event("dispatch.moveup_suggested", subjects=("unit",))
class MoveUpSuggested(Event, frozen=True):
    """Moving this unit to that post would leave fewer calls late; `snapshot` names what it was computed on."""

    unit: str
    post: str
    late_milli: int
    late_if_moved_milli: int
    travel_s: int
    snapshot: str = ""


@event("dispatch.moveup_ordered", subjects=("unit",))
class MoveUpOrdered(Event, frozen=True):
    """A named person sends it there; the unit says itself when it goes. `reason` where nothing was suggested."""

    unit: str
    post: str
    by: str
    reason: str = ""


@event("dispatch.moveup_declined", subjects=("unit",))
class MoveUpDeclined(Event, frozen=True):
    """A named person leaves it where it is, and says why."""

    unit: str
    post: str
    by: str
    reason: str


@command("dispatch.suggest_moveup")
class SuggestMoveUp(Command, frozen=True):
    """What the coverage computation found."""

    unit: str
    post: str
    late_milli: int
    late_if_moved_milli: int
    travel_s: int
    snapshot: str = ""


@command("dispatch.order_moveup")
class OrderMoveUp(Command, frozen=True):
    """Send an idle unit to a post; `reason` is needed where it was not suggested."""

    unit: str
    post: str
    by: str
    reason: str = ""


@command("dispatch.decline_moveup")
class DeclineMoveUp(Command, frozen=True):
    """Leave it where it is."""

    unit: str
    by: str
    reason: str


def decide_suggest_moveup(state: Dispatch, asked: SuggestMoveUp, now: Instant) -> Decision:
    """The same suggestion again changes nothing.

    Rejections: `unit_unknown`, `unit_not_idle` (it changed since the snapshot), `nothing_gained`, `declined_lately`.
    """
    refused = _not_idle(state, asked.unit)
    if refused is not None:
        return refused
    if asked.late_if_moved_milli >= asked.late_milli:
        return Rejection("nothing_gained", {"late_milli": asked.late_milli})
    known = state.moveups.get(asked.unit)
    if known is not None and known.declined_at is not None and now < known.declined_at + QUIET_AFTER_DECLINE_MS:
        return Rejection("declined_lately", {"unit": asked.unit, "declined_at": known.declined_at})
    if known is not None and known.declined_at is None and known.post == asked.post:
        return []
    return [
        MoveUpSuggested(
            asked.unit, asked.post, asked.late_milli, asked.late_if_moved_milli, asked.travel_s, asked.snapshot
        )
    ]


def apply_moveup_suggested(state: Dispatch, happened: MoveUpSuggested, at: Instant) -> None:
    """The latest for each unit."""
    state.moveups[happened.unit] = MoveUp(
        happened.unit, happened.post, at, happened.late_milli, happened.late_if_moved_milli, happened.travel_s
    )


def decide_order_moveup(state: Dispatch, asked: OrderMoveUp, now: Instant) -> Decision:
    """Rejections: `unit_unknown`, `unit_not_idle`, `post_needed`, `name_needed`, `reason_needed`."""
    del now
    refused = _not_idle(state, asked.unit)
    if refused is not None:
        return refused
    if not asked.post.strip():
        return Rejection("post_needed", {"unit": asked.unit})
    if not asked.by.strip():
        return Rejection("name_needed", {"unit": asked.unit})
    known = state.moveups.get(asked.unit)
    suggested = known is not None and known.declined_at is None and known.post == asked.post
    if not suggested and not asked.reason.strip():
        return Rejection("reason_needed", {"unit": asked.unit, "post": asked.post})
    if suggested and known is not None and known.ordered_by:
        return []
    return [MoveUpOrdered(asked.unit, asked.post, asked.by, asked.reason)]


def apply_moveup_ordered(state: Dispatch, happened: MoveUpOrdered, at: Instant) -> None:
    """It is told; until it says so it has not moved."""
    known = state.moveups.get(happened.unit)
    if known is None or known.post != happened.post:
        known = state.moveups[happened.unit] = MoveUp(happened.unit, happened.post, at, 0, 0, 0)
    known.ordered_by, known.declined_at = happened.by, None


def decide_decline_moveup(state: Dispatch, asked: DeclineMoveUp, now: Instant) -> Decision:
    """Rejections: `no_suggestion`, `name_and_reason_needed`."""
    del now
    known = state.moveups.get(asked.unit)
    if known is None or known.declined_at is not None:
        return Rejection("no_suggestion", {"unit": asked.unit})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"unit": asked.unit})
    return [MoveUpDeclined(asked.unit, known.post, asked.by, asked.reason)]


def apply_moveup_declined(state: Dispatch, happened: MoveUpDeclined, at: Instant) -> None:
    """Remembered, so that it is not asked again at once."""
    state.moveups[happened.unit].declined_at = at


def _not_idle(state: Dispatch, name: str) -> Rejection | None:
    unit = state.units.get(name)
    if unit is None:
        return Rejection("unit_unknown", {"unit": name})
    if not unit.available:
        return Rejection("unit_not_idle", {"unit": name, "status": unit.status, "incidents": list(unit.work)})
    return None


DECIDERS: Deciders = {
    SuggestMoveUp: decide_suggest_moveup,
    OrderMoveUp: decide_order_moveup,
    DeclineMoveUp: decide_decline_moveup,
}
APPLIERS: Appliers = {
    MoveUpSuggested: apply_moveup_suggested,
    MoveUpOrdered: apply_moveup_ordered,
    MoveUpDeclined: apply_moveup_declined,
}

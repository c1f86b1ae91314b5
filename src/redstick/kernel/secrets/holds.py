"""Legal holds: a case that someone must be able to read outlives its retention, and cannot be expunged meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from redstick.kernel.secrets.state import Hold
from redstick.kernel.timers import Start, Stop
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.kernel.secrets.state import Secrets


@event("secrets.hold_placed", subjects=("case",))
class HoldPlaced(Event, frozen=True):
    """A case is held, until `until` or until the hold is lifted."""

    hold: str
    case: str
    holder: str
    authority: str
    until: Instant | None = None


@event("secrets.hold_lifted", subjects=("case",))
class HoldLifted(Event, frozen=True):
    """The hold stands no more; others on the same case may."""

    hold: str
    case: str


@command("secrets.place_hold")
class PlaceHold(Command, frozen=True):
    """Hold a case: whoever asks names the holder and the authority (a court, a request, a docket number)."""

    hold: str
    case: str
    holder: str
    authority: str
    until: Instant | None = None


@command("secrets.lift_hold")
class LiftHold(Command, frozen=True):
    """Lift a hold."""

    hold: str


def decide_place_hold(state: Secrets, asked: PlaceHold, now: Instant) -> Decision:
    """Rejections: `hold_known`, `hold_incomplete`, `hold_over`, `case_expunged` (nothing is left to hold)."""
    if asked.hold in state.holds:
        return Rejection("hold_known", {"hold": asked.hold})
    if not (asked.hold and asked.case and asked.holder and asked.authority):
        return Rejection("hold_incomplete", {"needed": ["hold", "case", "holder", "authority"]})
    if asked.until is not None and asked.until <= now:
        return Rejection("hold_over", {"until": asked.until})
    if asked.case in state.expunged:
        return Rejection("case_expunged", {"case": asked.case})
    return [HoldPlaced(asked.hold, asked.case, asked.holder, asked.authority, asked.until)]


def apply_hold_placed(state: Secrets, happened: HoldPlaced, at: Instant) -> None:
    """Nothing of the case is destroyed from here on."""
    del at
    state.holds[happened.hold] = Hold(happened.hold, happened.case, happened.holder, happened.authority, happened.until)


def decide_lift_hold(state: Secrets, asked: LiftHold, now: Instant) -> Decision:
    """Rejections: `hold_unknown`."""
    del now
    hold = state.holds.get(asked.hold)
    return Rejection("hold_unknown", {"hold": asked.hold}) if hold is None else [HoldLifted(hold.id, hold.case)]


def apply_hold_lifted(state: Secrets, happened: HoldLifted, at: Instant) -> None:
    """What the schedule would have destroyed meanwhile is due at the next sweep."""
    del at
    del state.holds[happened.hold]


def time_hold(happened: HoldPlaced, recorded_at: Instant) -> Iterable[Start]:
    """A hold with an end is lifted then."""
    del recorded_at
    return [] if happened.until is None else [Start(f"hold {happened.hold}", happened.until, LiftHold(happened.hold))]


def time_no_hold(happened: HoldLifted, recorded_at: Instant) -> Iterable[Stop]:
    """A hold that was lifted needs no end."""
    del recorded_at
    return [Stop(f"hold {happened.hold}")]

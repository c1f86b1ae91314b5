"""Breaking the glass: emergency access for oneself, with a reason, recorded, and over when its time is.

Which role it gives, for how long, and who may take it, is the policy's to say. A timer ends it, so that its end is an
event too; whatever is read while the glass is broken is recorded read by read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from redstick.kernel.authority.people import PersonSuspended
from redstick.kernel.timers import Start, Stop
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.kernel.authority.state import Access

REASON_AT_LEAST, REASON_AT_MOST = 10, 500  # characters: a sentence that can be judged afterwards


@event("access.glass_broken", subjects=("person",))
class GlassBroken(Event, frozen=True):
    """Emergency access until `until` (ms since the epoch), unless ended before."""

    person: str
    reason: str
    until: Instant


@event("access.emergency_ended", subjects=("person",))
class EmergencyEnded(Event, frozen=True):
    """The person acts in their own roles alone again."""

    person: str


@command("access.break_glass")
class BreakGlass(Command, frozen=True):
    """Take emergency access for oneself."""

    person: str
    reason: str


@command("access.end_emergency")
class EndEmergency(Command, frozen=True):
    """End emergency access; its timer asks this too."""

    person: str


def decide_break_glass(state: Access, asked: BreakGlass, now: Instant) -> Decision:
    """Rejections: `no_emergency_access`, `person_unknown`, `reason_missing`, `emergency_runs` (until when)."""
    person = state.people.get(asked.person)
    if state.policy is None or not state.policy.emergency_role:
        return Rejection("no_emergency_access")
    if person is None or person.suspended:
        return Rejection("person_unknown", {"person": asked.person})
    if not REASON_AT_LEAST <= len(asked.reason.strip()) <= REASON_AT_MOST:
        return Rejection("reason_missing", {"at_least": REASON_AT_LEAST, "at_most": REASON_AT_MOST})
    if person.emergency_until is not None:
        return Rejection("emergency_runs", {"until": person.emergency_until})
    return [GlassBroken(asked.person, asked.reason, now + state.policy.emergency_ms)]


def apply_glass_broken(state: Access, happened: GlassBroken, at: Instant) -> None:
    """The emergency role is added."""
    del at
    state.people[happened.person].emergency_until = happened.until
    state.revision += 1


def decide_end_emergency(state: Access, asked: EndEmergency, now: Instant) -> Decision:
    """Rejections: `person_unknown`. What does not run need not end."""
    del now
    person = state.people.get(asked.person)
    if person is None:
        return Rejection("person_unknown", {"person": asked.person})
    return [EmergencyEnded(asked.person)] if person.emergency_until is not None else []


def apply_emergency_ended(state: Access, happened: EmergencyEnded, at: Instant) -> None:
    """Over."""
    del at
    state.people[happened.person].emergency_until = None
    state.revision += 1


def time_emergency(happened: GlassBroken, recorded_at: Instant) -> Iterable[Start | Stop]:
    """Its end is asked when its time is over."""
    del recorded_at
    return [Start(_key(happened.person), happened.until, EndEmergency(happened.person))]


def time_no_emergency(happened: EmergencyEnded | PersonSuspended, recorded_at: Instant) -> Iterable[Start | Stop]:
    """It has ended before its time, or with it."""
    del recorded_at
    return [Stop(_key(happened.person))]


def _key(person: str) -> str:
    return f"access.emergency.{person}"

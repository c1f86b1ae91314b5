"""What somebody must be told: that 911 was dialled in their house, that voicemail waits. An outbox with receipts.

A notice of a 911 call stays until somebody acknowledges it by name; after a minute of silence further people are told.
One of voicemail ends with its delivery, and says nothing of what was said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.timers import Stop
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.phones.state import NoticeKind, Phones

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redstick.kernel.domain import Appliers, Deciders
    from redstick.kernel.timers import TimerRules

ESCALATE_AFTER_MS = 60_000


@event("phones.notice_delivered", subjects=("notice",))
class NoticeDelivered(Event, frozen=True):
    """A path has it, and says how."""

    notice: str
    how: str


@event("phones.notice_escalated", subjects=("notice",))
class NoticeEscalated(Event, frozen=True):
    """Nobody has acknowledged it: these are told too, and it is handed over anew."""

    notice: str
    to: tuple[str, ...]


@event("phones.notice_acknowledged", subjects=("notice",))
class NoticeAcknowledged(Event, frozen=True):
    """Somebody has seen it."""

    notice: str
    by: str


@command("phones.confirm_notice")
class ConfirmNotice(Command, frozen=True):
    """Say that a notice was handed over."""

    notice: str
    how: str


@command("phones.acknowledge_notice")
class AcknowledgeNotice(Command, frozen=True):
    """Say that one has seen it."""

    notice: str
    person: str


@command("phones.escalate_notice")
class EscalateNotice(Command, frozen=True):
    """Tell further people; the timer of a notice asks it."""

    notice: str


def decide_confirm_notice(state: Phones, asked: ConfirmNotice, now: Instant) -> Decision:
    """Twice is as once. Rejections: `notice_unknown` (it may be seen to already)."""
    del now
    notice = state.notices.get(asked.notice)
    if notice is None:
        return Rejection("notice_unknown", {"notice": asked.notice})
    return [] if notice.delivered_at is not None else [NoticeDelivered(asked.notice, asked.how)]


def apply_notice_delivered(state: Phones, happened: NoticeDelivered, at: Instant) -> None:
    """One of a box is done with; one of 911 still wants a person."""
    notice = state.notices[happened.notice]
    if notice.kind is not NoticeKind.EMERGENCY:
        del state.notices[notice.id]
    else:
        state.notices[notice.id] = msgspec.structs.replace(notice, delivered_at=at, how=happened.how)


def decide_acknowledge_notice(state: Phones, asked: AcknowledgeNotice, now: Instant) -> Decision:
    """Rejections: `notice_unknown`, `name_needed`, `not_an_emergency`."""
    del now
    notice = state.notices.get(asked.notice)
    if notice is None:
        return Rejection("notice_unknown", {"notice": asked.notice})
    if not asked.person.strip():
        return Rejection("name_needed")
    if notice.kind is not NoticeKind.EMERGENCY:
        return Rejection("not_an_emergency", {"notice": asked.notice})
    return [NoticeAcknowledged(asked.notice, asked.person)]


def apply_notice_acknowledged(state: Phones, happened: NoticeAcknowledged, at: Instant) -> None:
    """It is done with."""
    del at
    del state.notices[happened.notice]


def time_acknowledged(happened: NoticeAcknowledged, now: Instant) -> Iterable[Stop]:
    """Nothing is escalated any more."""
    del now
    yield Stop(f"notice:{happened.notice}")


def decide_escalate_notice(state: Phones, asked: EscalateNotice, now: Instant) -> Decision:
    """To whoever is named for the site of the call, and to everybody's where the site is unknown; once."""
    del now
    notice = state.notices.get(asked.notice)
    if notice is None or notice.escalated_at is not None:
        return []
    use = [site for site in state.sites.values() if set(notice.to) & set(site.contacts)] or list(state.sites.values())
    further = dict.fromkeys(one for site in use for one in site.escalation if one not in notice.to)
    return [NoticeEscalated(notice.id, tuple(further))]


def apply_notice_escalated(state: Phones, happened: NoticeEscalated, at: Instant) -> None:
    """It is owed anew, to more people."""
    notice = state.notices[happened.notice]
    to = (*notice.to, *happened.to)
    state.notices[notice.id] = msgspec.structs.replace(notice, to=to, escalated_at=at, delivered_at=None)


DECIDERS: Deciders = {
    ConfirmNotice: decide_confirm_notice,
    AcknowledgeNotice: decide_acknowledge_notice,
    EscalateNotice: decide_escalate_notice,
}
APPLIERS: Appliers = {
    NoticeDelivered: apply_notice_delivered,
    NoticeEscalated: apply_notice_escalated,
    NoticeAcknowledged: apply_notice_acknowledged,
}
TIMERS: TimerRules = {NoticeAcknowledged: time_acknowledged}

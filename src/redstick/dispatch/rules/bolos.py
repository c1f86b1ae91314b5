"""BOLO: be on the lookout. A broadcast with an expiry, and for each recipient what proves that they have it.

Units and seats that sign on receive what is live. A cancel goes to everyone who was sent it, with receipts of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.alerting.paths import ORDER, Receipt, Step
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

MAX_TEXT = 4_000  # characters
HEARD = (Step.DELIVERED, Step.READ)


class Told(msgspec.Struct):
    """What one recipient has: receipts of the BOLO, and of its cancel once there is one."""

    receipts: list[Receipt] = msgspec.field(default_factory=list)
    cancel_receipts: list[Receipt] = msgspec.field(default_factory=list)


class Bolo(msgspec.Struct):
    """Who or what is sought. `area` names zones, "" or none for everywhere; `cancelled` says why it is over."""

    id: str
    text: str
    issued_by: str
    issued_at: Instant
    expires_at: Instant
    subject: str = ""
    vehicle: str = ""
    area: list[str] = msgspec.field(default_factory=list)
    told: dict[str, Told] = msgspec.field(default_factory=dict)
    cancelled: str = ""

    @property
    def live(self) -> bool:
        """True until it is cancelled; an expired one is filed by its timer."""
        return not self.cancelled


@event("dispatch.bolo_issued", subjects=("bolo",))
class BoloIssued(Event, frozen=True):
    """Everyone is to look out."""

    bolo: str
    text: str
    by: str
    expires_at: Instant
    subject: str = ""
    vehicle: str = ""
    area: list[str] = []


@event("dispatch.bolo_sent", subjects=("bolo", "recipients"))
class BoloSent(Event, frozen=True):
    """It, or its cancel, went to these units and seats."""

    bolo: str
    recipients: list[str]
    cancel: bool = False


@event("dispatch.bolo_heard", subjects=("bolo", "recipient"))
class BoloHeard(Event, frozen=True):
    """A recipient's terminal has it, or its person has read it."""

    bolo: str
    recipient: str
    step: Step
    evidence: str = ""
    cancel: bool = False


@event("dispatch.bolo_cancelled", subjects=("bolo",))
class BoloCancelled(Event, frozen=True):
    """Nobody is sought any more."""

    bolo: str
    by: str
    reason: str


@event("dispatch.bolo_filed", subjects=("bolo",))
class BoloFiled(Event, frozen=True):
    """It left the live state: expired, or long cancelled."""

    bolo: str
    expired: bool


@command("dispatch.issue_bolo")
class IssueBolo(Command, frozen=True):
    """Have everyone on duty look out: units, and seats that are signed on."""

    bolo: str
    text: str
    by: str
    expires_at: Instant
    subject: str = ""
    vehicle: str = ""
    area: list[str] = []


@command("dispatch.cancel_bolo")
class CancelBolo(Command, frozen=True):
    """Call it off by name."""

    bolo: str
    by: str
    reason: str


@command("dispatch.send_live_bolos")
class SendLiveBolos(Command, frozen=True):
    """Give a unit or seat that signs on what is live."""

    recipient: str


@command("dispatch.report_bolo_heard")
class ReportBoloHeard(Command, frozen=True):
    """Say that a recipient has it."""

    bolo: str
    recipient: str
    step: Step
    evidence: str = ""
    cancel: bool = False


@command("dispatch.expire_bolo")
class ExpireBolo(Command, frozen=True):
    """Its time has come. Asked by a timer."""

    bolo: str


def decide_issue_bolo(state: Dispatch, asked: IssueBolo, now: Instant) -> Decision:
    """To every unit on duty and to every seat that is signed on.

    Rejections: `bolo_known`, `text_needed`, `text_too_long`, `name_needed`, `expiry_needed`.
    """
    if not asked.bolo.strip() or asked.bolo in state.bolos:
        return Rejection("bolo_known", {"bolo": asked.bolo})
    if not asked.text.strip():
        return Rejection("text_needed", {"bolo": asked.bolo})
    if len(asked.text) > MAX_TEXT:
        return Rejection("text_too_long", {"most": MAX_TEXT})
    if not asked.by.strip():
        return Rejection("name_needed", {"bolo": asked.bolo})
    if asked.expires_at <= now:
        return Rejection("expiry_needed", {"said": asked.expires_at})
    issued = BoloIssued(
        asked.bolo, asked.text, asked.by, asked.expires_at, asked.subject, asked.vehicle, list(asked.area)
    )
    on_duty = [name for name in sorted(state.units) if state.units[name].on_duty]
    recipients = [*on_duty, *sorted(state.seats)]
    return [issued, BoloSent(asked.bolo, recipients)] if recipients else [issued]


def apply_bolo_issued(state: Dispatch, happened: BoloIssued, at: Instant) -> None:
    """It is live."""
    state.bolos[happened.bolo] = Bolo(
        happened.bolo,
        happened.text,
        happened.by,
        at,
        happened.expires_at,
        happened.subject,
        happened.vehicle,
        list(happened.area),
    )


def apply_bolo_sent(state: Dispatch, happened: BoloSent, at: Instant) -> None:
    """Handed over; nobody has it for that."""
    bolo = state.bolos[happened.bolo]
    for recipient in happened.recipients:
        told = bolo.told.setdefault(recipient, Told())
        (told.cancel_receipts if happened.cancel else told.receipts).append(Receipt(Step.SENT, at, ""))


def decide_send_live_bolos(state: Dispatch, asked: SendLiveBolos, now: Instant) -> Decision:
    """Those that the recipient was not sent yet. Rejections: `recipient_unnamed`."""
    if not asked.recipient.strip():
        return Rejection("recipient_unnamed")
    return [BoloSent(bolo, [asked.recipient]) for bolo in unsent(state, asked.recipient, now)]


def unsent(state: Dispatch, recipient: str, now: Instant) -> list[str]:
    """Live BOLOs that a recipient was not sent."""
    return [
        bolo.id for bolo in state.bolos.values() if bolo.live and bolo.expires_at > now and recipient not in bolo.told
    ]


def decide_report_bolo_heard(state: Dispatch, asked: ReportBoloHeard, now: Instant) -> Decision:
    """Once for each step. Rejections: `bolo_unknown`, `recipient_unknown`, `step_unknown`."""
    del now
    bolo = state.bolos.get(asked.bolo)
    if bolo is None:
        return Rejection("bolo_unknown", {"bolo": asked.bolo})
    told = bolo.told.get(asked.recipient)
    receipts = [] if told is None else told.cancel_receipts if asked.cancel else told.receipts
    if not receipts:
        return Rejection("recipient_unknown", {"recipient": asked.recipient})
    if asked.step not in HEARD:
        return Rejection("step_unknown", {"said": asked.step, "known": list(HEARD)})
    if any(receipt.step is asked.step for receipt in receipts):
        return []
    return [BoloHeard(asked.bolo, asked.recipient, asked.step, asked.evidence[:500], asked.cancel)]


def apply_bolo_heard(state: Dispatch, happened: BoloHeard, at: Instant) -> None:
    """One more line of evidence."""
    told = state.bolos[happened.bolo].told[happened.recipient]
    receipts = told.cancel_receipts if happened.cancel else told.receipts
    receipts.append(Receipt(happened.step, at, happened.evidence))


def standing(receipts: list[Receipt]) -> Step:
    """How far a recipient's receipts have come, in whatever order they came."""
    return max((receipt.step for receipt in receipts), key=ORDER.index, default=Step.QUEUED)


def decide_cancel_bolo(state: Dispatch, asked: CancelBolo, now: Instant) -> Decision:
    """Whoever was sent it is sent the cancel. Rejections: `bolo_unknown`, `bolo_over`, `name_and_reason_needed`."""
    del now
    bolo = state.bolos.get(asked.bolo)
    if bolo is None:
        return Rejection("bolo_unknown", {"bolo": asked.bolo})
    if not bolo.live:
        return Rejection("bolo_over", {"bolo": bolo.id, "reason": bolo.cancelled})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"bolo": bolo.id})
    cancelled = BoloCancelled(bolo.id, asked.by, asked.reason)
    return [cancelled, BoloSent(bolo.id, list(bolo.told), cancel=True)] if bolo.told else [cancelled]


def apply_bolo_cancelled(state: Dispatch, happened: BoloCancelled, at: Instant) -> None:
    """It is over."""
    del at
    state.bolos[happened.bolo].cancelled = f"{happened.by}: {happened.reason}"


def decide_expire_bolo(state: Dispatch, asked: ExpireBolo, now: Instant) -> Decision:
    """Rejections: `bolo_unknown`."""
    bolo = state.bolos.get(asked.bolo)
    if bolo is None:
        return Rejection("bolo_unknown", {"bolo": asked.bolo})
    if bolo.live and bolo.expires_at > now:
        return []
    return [BoloFiled(bolo.id, bolo.live)]


def apply_bolo_filed(state: Dispatch, happened: BoloFiled, at: Instant) -> None:
    """The journal has it, with who had heard it."""
    del at
    del state.bolos[happened.bolo]


DECIDERS: Deciders = {
    IssueBolo: decide_issue_bolo,
    CancelBolo: decide_cancel_bolo,
    SendLiveBolos: decide_send_live_bolos,
    ReportBoloHeard: decide_report_bolo_heard,
    ExpireBolo: decide_expire_bolo,
}
APPLIERS: Appliers = {
    BoloIssued: apply_bolo_issued,
    BoloSent: apply_bolo_sent,
    BoloHeard: apply_bolo_heard,
    BoloCancelled: apply_bolo_cancelled,
    BoloFiled: apply_bolo_filed,
}
KERNEL_ONLY = (ExpireBolo,)

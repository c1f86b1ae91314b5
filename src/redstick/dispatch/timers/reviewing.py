"""What was known once must be looked at again, and what is sought is sought for a while."""

from collections.abc import Iterable

from redstick.dispatch.rules.bolos import BoloCancelled, BoloFiled, BoloIssued, ExpireBolo
from redstick.dispatch.rules.cautions import CautionEntered, CautionRemoved, CautionRenewed, MarkCautionOverdue
from redstick.kernel.timers import Start, Stop, TimerRules
from redstick.kernel.values import Instant

FILE_BOLO_AFTER_MS = 24 * 3600 * 1000  # so long its receipts, those of the cancel too, stay on the boards


def when_caution_entered_then_review(happened: CautionEntered, now: Instant) -> Iterable[Start | Stop]:
    """At its review date."""
    del now
    return [_review(happened.caution_id, happened.caution.review_at)]


def when_caution_renewed_then_review(happened: CautionRenewed, now: Instant) -> Iterable[Start | Stop]:
    """At the new one."""
    del now
    return [_review(happened.caution, happened.review_at)]


def when_caution_removed_then_rest(happened: CautionRemoved, now: Instant) -> Iterable[Start | Stop]:
    """Nobody needs to look."""
    del now
    return [Stop(_of_caution(happened.caution))]


def when_bolo_issued_then_expire(happened: BoloIssued, now: Instant) -> Iterable[Start | Stop]:
    """At its own time."""
    del now
    return [Start(_of_bolo(happened.bolo), happened.expires_at, ExpireBolo(happened.bolo))]


def when_bolo_cancelled_then_file(happened: BoloCancelled, now: Instant) -> Iterable[Start | Stop]:
    """Later: whoever had it must learn that it is over."""
    return [Start(_of_bolo(happened.bolo), now + FILE_BOLO_AFTER_MS, ExpireBolo(happened.bolo))]


def when_bolo_filed_then_rest(happened: BoloFiled, now: Instant) -> Iterable[Start | Stop]:
    """It is over."""
    del now
    return [Stop(_of_bolo(happened.bolo))]


def _review(caution: str, at: Instant) -> Start:
    return Start(_of_caution(caution), at, MarkCautionOverdue(caution))


def _of_caution(caution: str) -> str:
    return f"dispatch/caution/{caution}"


def _of_bolo(bolo: str) -> str:
    return f"dispatch/bolo/{bolo}"


TIMERS: TimerRules = {
    CautionEntered: when_caution_entered_then_review,
    CautionRenewed: when_caution_renewed_then_review,
    CautionRemoved: when_caution_removed_then_rest,
    BoloIssued: when_bolo_issued_then_expire,
    BoloCancelled: when_bolo_cancelled_then_file,
    BoloFiled: when_bolo_filed_then_rest,
}

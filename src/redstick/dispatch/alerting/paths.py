"""Paths of an alert, and the steps that each goes through, every one with its evidence.

*Sent* says that we handed it over, never that anybody has it. What proves that is set for each path: a station's own
receipt, or only that a person has read or accepted (dispatch reference, section 8).
"""

from enum import StrEnum

import msgspec

from redstick.kernel.values import Instant

WAIT_MS = 30_000  # silence for so long sends the alert down the next path


class PathKind(StrEnum):
    """What carries an alert. Radio is the last: a person voices it."""

    STATION = "station"
    PAGER = "pager"
    MOBILE = "mobile"
    EMAIL = "email"
    WEBHOOK = "webhook"
    RADIO = "radio"


class Step(StrEnum):
    """How far an attempt has come. `FAILED`: the path says that it cannot."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    FAILED = "failed"


# Later ones outweigh earlier ones, in whatever order they come: a delivery disproves a failure, a failure a mere
# handing over, and no late receipt takes back what a later step has shown.
ORDER = (Step.QUEUED, Step.SENT, Step.FAILED, Step.DELIVERED, Step.READ, Step.ACCEPTED, Step.DECLINED)
REPORTED = ORDER[1:]
PROOFS = (Step.DELIVERED, Step.READ, Step.ACCEPTED)  # what may count as alerted; sent never does


class Path(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way to a recipient. `proof` is the step that counts as alerted; `wait_ms` how long silence is borne."""

    kind: PathKind
    address: str
    proof: Step = Step.DELIVERED
    wait_ms: int = WAIT_MS


class Receipt(msgspec.Struct, frozen=True):
    """What was heard of an attempt: the step, when, and the provider's own words for it."""

    step: Step
    at: Instant
    evidence: str


class Attempt(msgspec.Struct):
    """One handing over on one path. `key` is the provider's idempotency key: sending again is harmless."""

    key: str
    path: Path
    queued_at: Instant
    receipts: list[Receipt] = msgspec.field(default_factory=list)

    @property
    def step(self) -> Step:
        """The furthest step that was reported."""
        return max((receipt.step for receipt in self.receipts), key=ORDER.index, default=Step.QUEUED)

    @property
    def proven(self) -> bool:
        """True when a receipt shows what this path needs to count as alerted."""
        return ORDER.index(self.step) >= ORDER.index(self.path.proof)

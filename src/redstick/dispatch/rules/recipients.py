"""Recipients: who is told when a unit is sent, and how each is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.alerting.paths import PROOFS, Path
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

WAITS_MS = range(1_000, 600_001)  # how long silence may be borne


class Recipient(msgspec.Struct, frozen=True):
    """Who is told for a unit: a station, a crew's pagers, one volunteer. `paths` are tried in this order."""

    id: str
    unit: str
    paths: list[Path]


@event("dispatch.recipient_enrolled", subjects=("unit",))
class RecipientEnrolled(Event, frozen=True):
    """How a recipient is reached from now on; with no paths, only by a person."""

    recipient: str
    unit: str
    paths: list[Path]


@event("dispatch.recipient_removed", subjects=("unit",))
class RecipientRemoved(Event, frozen=True):
    """A recipient is told no more."""

    recipient: str
    unit: str


@command("dispatch.enroll_recipient")
class EnrollRecipient(Command, frozen=True):
    """Say how a recipient is reached for a unit."""

    recipient: str
    unit: str
    paths: list[Path]


@command("dispatch.remove_recipient")
class RemoveRecipient(Command, frozen=True):
    """Tell a recipient no more."""

    recipient: str


def decide_enroll_recipient(state: Dispatch, asked: EnrollRecipient, now: Instant) -> Decision:
    """Rejections: `recipient_unnamed`, `unit_unknown`, `path_without_address`, `proof_unknown`, `wait_out_of_range`."""
    del now
    if not asked.recipient.strip():
        return Rejection("recipient_unnamed")
    if asked.unit not in state.units:
        return Rejection("unit_unknown", {"unit": asked.unit})
    for path in asked.paths:
        if not path.address.strip():
            return Rejection("path_without_address", {"path": path.kind})
        if path.proof not in PROOFS:
            return Rejection("proof_unknown", {"said": path.proof, "known": list(PROOFS)})
        if path.wait_ms not in WAITS_MS:
            return Rejection("wait_out_of_range", {"ms": path.wait_ms, "least": WAITS_MS[0], "most": WAITS_MS[-1]})
    known = state.recipients.get(asked.recipient)
    if known == Recipient(asked.recipient, asked.unit, asked.paths):
        return []
    return [RecipientEnrolled(asked.recipient, asked.unit, asked.paths)]


def apply_recipient_enrolled(state: Dispatch, happened: RecipientEnrolled, at: Instant) -> None:
    """From the next alert on."""
    del at
    state.recipients[happened.recipient] = Recipient(happened.recipient, happened.unit, list(happened.paths))


def decide_remove_recipient(state: Dispatch, asked: RemoveRecipient, now: Instant) -> Decision:
    """Rejections: `recipient_unknown`."""
    del now
    known = state.recipients.get(asked.recipient)
    if known is None:
        return Rejection("recipient_unknown", {"recipient": asked.recipient})
    return [RecipientRemoved(known.id, known.unit)]


def apply_recipient_removed(state: Dispatch, happened: RecipientRemoved, at: Instant) -> None:
    """What is being chased already is chased to its end."""
    del at
    del state.recipients[happened.recipient]


DECIDERS: Deciders = {
    EnrollRecipient: decide_enroll_recipient,
    RemoveRecipient: decide_remove_recipient,
}
APPLIERS: Appliers = {
    RecipientEnrolled: apply_recipient_enrolled,
    RecipientRemoved: apply_recipient_removed,
}

"""Tags: what a call taker heard on a leg, in one word: nothing, a nuisance, a test, a pocket.

A tag is a word about one call and blocks nobody. A number on whose calls nothing was heard stands further back while a
storm lasts (`storms`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from redstick.comms.rules.storms import note_silent
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders


class Tag(StrEnum):
    """What was heard."""

    SILENT = "silent"
    ACCIDENTAL = "accidental"
    NUISANCE = "nuisance"
    TEST = "test"


@event("comms.leg_tagged", subjects=("leg", "call"))
class LegTagged(Event, frozen=True):
    """A seat says what a call was."""

    leg: str
    seat: str
    tag: Tag
    call: str = ""


@command("comms.tag_leg")
class TagLeg(Command, frozen=True):
    """Say what a call was, while it is here."""

    leg: str
    seat: str
    tag: Tag


def decide_tag_leg(state: Comms, asked: TagLeg, now: Instant) -> Decision:
    """Rejections: `leg_unknown`, `not_with_you`. The same again changes nothing."""
    del now
    leg, conversation = state.legs.get(asked.leg), state.conversations.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    if conversation is None or asked.seat not in conversation.parties:
        return Rejection("not_with_you", {"leg": leg.id, "seat": asked.seat})
    return [] if leg.tag == asked.tag else [LegTagged(leg.id, asked.seat, asked.tag, leg.call)]


def apply_leg_tagged(state: Comms, happened: LegTagged, at: Instant) -> None:
    """The last word counts."""
    leg = state.legs[happened.leg]
    leg.tag = happened.tag
    if happened.tag is Tag.SILENT and leg.placing is None:
        note_silent(state, leg.arrival.number, at)


DECIDERS: Deciders = {TagLeg: decide_tag_leg}
APPLIERS: Appliers = {LegTagged: apply_leg_tagged}

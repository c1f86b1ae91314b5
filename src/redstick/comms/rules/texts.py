"""Texts: what is written and keyed on a leg, one conversation whatever it came by.

Real-time text comes character by character, messages as a whole; each piece is a fact of its own with its time, so that
the way it was written can be read again. What is live are the last lines.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders

MOST_SIGNS, LINES_LIVE = 4_000, 200
KEYS = frozenset("0123456789*#ABCD")


class Channel(StrEnum):
    """By what text came."""

    T140 = "t140"  # real-time text (RFC 4103)
    MSRP = "msrp"  # RFC 4975
    MESSAGE = "message"  # SIP MESSAGE (RFC 3428)


class Line(msgspec.Struct):
    """What one side wrote in one go; `by` is the seat, "" for the caller."""

    by: str
    channel: Channel
    text: str
    at: Instant


@event("comms.text_written", subjects=("leg", "call"))
class TextWritten(Event, frozen=True):
    """A piece of text, as it came or as a seat sent it (`by`; "" is the caller)."""

    leg: str
    text: str
    channel: Channel
    by: str = ""
    call: str = ""


@event("comms.key_pressed", subjects=("leg", "call"))
class KeyPressed(Event, frozen=True):
    """The far end pressed a key; `source` is how it was heard: rfc4733, info or inband."""

    leg: str
    key: str
    source: str
    call: str = ""


@command("comms.hear_text")
class HearText(Command, frozen=True):
    """Say that text came."""

    leg: str
    text: str
    channel: Channel


@command("comms.write_text")
class WriteText(Command, frozen=True):
    """Write to a caller from a seat."""

    leg: str
    seat: str
    text: str
    channel: Channel


@command("comms.hear_key")
class HearKey(Command, frozen=True):
    """Say that a key was pressed."""

    leg: str
    key: str
    source: str


def decide_hear_text(state: Comms, asked: HearText, now: Instant) -> Decision:
    """What is longer than a message may be is cut, never lost whole. Rejections: `leg_unknown`."""
    del now
    leg = state.legs.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    return [TextWritten(leg.id, asked.text[:MOST_SIGNS], asked.channel, "", leg.call)] if asked.text else []


def decide_write_text(state: Comms, asked: WriteText, now: Instant) -> Decision:
    """Rejections: `leg_unknown`, `not_with_you`, `text_needed`, `text_too_long`."""
    del now
    leg, conversation = state.legs.get(asked.leg), state.conversations.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    if conversation is None or asked.seat not in conversation.parties:
        return Rejection("not_with_you", {"leg": leg.id, "seat": asked.seat})
    if not asked.text:
        return Rejection("text_needed", {"leg": leg.id})
    if len(asked.text) > MOST_SIGNS:
        return Rejection("text_too_long", {"leg": leg.id, "at_most": MOST_SIGNS})
    return [TextWritten(leg.id, asked.text, asked.channel, asked.seat, leg.call)]


def apply_text_written(state: Comms, happened: TextWritten, at: Instant) -> None:
    """Real-time text goes on in its line until it is ended, or the other side writes."""
    lines = state.texts.setdefault(happened.leg, [])
    last = lines[-1] if lines else None
    goes_on = last is not None and last.channel is Channel.T140 and not last.text.endswith(("\n", "\u2028"))
    if last is not None and goes_on and (last.by, last.channel) == (happened.by, happened.channel):
        last.text = (last.text + happened.text)[-MOST_SIGNS:]
    else:
        lines.append(Line(happened.by, happened.channel, happened.text, at))
        del lines[:-LINES_LIVE]


def decide_hear_key(state: Comms, asked: HearKey, now: Instant) -> Decision:
    """Rejections: `leg_unknown`, `no_key`."""
    del now
    leg = state.legs.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    if asked.key not in KEYS:
        return Rejection("no_key", {"key": asked.key[:8]})
    return [KeyPressed(leg.id, asked.key, asked.source, leg.call)]


def apply_key_pressed(state: Comms, happened: KeyPressed, at: Instant) -> None:
    """What it means is for whoever asked for it."""
    del state, happened, at


DECIDERS: Deciders = {HearText: decide_hear_text, WriteText: decide_write_text, HearKey: decide_hear_key}
APPLIERS: Appliers = {TextWritten: apply_text_written, KeyPressed: apply_key_pressed}

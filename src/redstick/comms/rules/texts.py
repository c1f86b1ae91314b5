"""Texts: what is written and keyed on a leg, one conversation whatever it came by.

Real-time text comes character by character, messages as a whole; each piece is a fact of its own with its time, so that
the way it was written can be read again. What is live are the last lines.

What a third party writes stands with the caller for whom they are there: it is one conversation, whoever has the
caller, and goes on when they are handed on.

What a seat writes has a number. Whether it arrived is a fact where that can be known; real-time text nobody
acknowledges.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.comms.rules.losses import digits_of
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.comms.rules.legs import Leg
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders
    from redstick.published.comms import Placing

MOST_SIGNS, LINES_LIVE = 4_000, 200
MOST_WROTE = 1_000  # numbers that are known to write, those who did so last
ERASE = "\b"  # in real-time text: what its writer wrote last is taken back
KEYS = frozenset("0123456789*#ABCD")


class Channel(StrEnum):
    """By what text came."""

    T140 = "t140"  # real-time text (RFC 4103)
    MSRP = "msrp"  # RFC 4975
    MESSAGE = "message"  # SIP MESSAGE (RFC 3428)


class Line(msgspec.Struct):
    """What one side wrote in one go; `by` is the seat or the leg of a third party, "" for the caller.

    `delivered` is None as long as nothing is known of that; `why` says why it was not.
    """

    by: str
    channel: Channel
    text: str
    at: Instant
    number: int = 0
    delivered: bool | None = None
    why: str = ""


@event("comms.text_written", subjects=("leg", "call"))
class TextWritten(Event, frozen=True):
    """A piece of text, as it came or as a seat or a third party sent it (`by`; "" is the caller). They are counted."""

    leg: str
    text: str
    channel: Channel
    by: str = ""
    call: str = ""
    number: int = 0


@event("comms.text_settled", subjects=("leg", "call"))
class TextSettled(Event, frozen=True):
    """What a seat wrote is there, or was not delivered, and why."""

    leg: str
    number: int
    delivered: bool
    why: str = ""
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
    """Write to a caller from a seat, by whatever their line has; None for `channel` is that by which they wrote."""

    leg: str
    seat: str
    text: str
    channel: Channel | None = None


@command("comms.settle_text")
class SettleText(Command, frozen=True):
    """Say what became of what a seat wrote."""

    leg: str
    number: int
    delivered: bool
    why: str = ""


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
    text, to = asked.text[:MOST_SIGNS], _caller_of(state, leg)
    by = leg.id if to.id != leg.id else ""
    return [TextWritten(to.id, text, asked.channel, by, to.call, _next_number(state, to.id))] if text else []


def _caller_of(state: Comms, leg: Leg) -> Leg:
    """For whom a third party is there; everybody else speaks for themselves."""
    for name, talk in state.conversations.items():
        if name != leg.id and leg.id in talk.parties and name in state.legs:
            return state.legs[name]
    return leg


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
    theirs = (line.channel for line in reversed(state.texts.get(leg.id, [])) if not line.by)
    channel = asked.channel or next(theirs, Channel.T140)
    return [TextWritten(leg.id, asked.text, channel, asked.seat, leg.call, _next_number(state, leg.id))]


def _next_number(state: Comms, leg: str) -> int:
    return max((line.number for line in state.texts.get(leg, ())), default=0) + 1


def apply_text_written(state: Comms, happened: TextWritten, at: Instant) -> None:
    """Real-time text that is typed goes on in its line until that is ended, or another side writes; so does erasing.

    What a seat writes it sends as a whole.
    """
    lines, by = state.texts.setdefault(happened.leg, []), happened.by
    if (by and by not in state.legs) or happened.channel is not Channel.T140:
        lines.append(Line(happened.by, happened.channel, happened.text, at, happened.number))
    else:
        for place, run in enumerate(happened.text.split(ERASE)):
            if place:
                _erase(lines, by)
            if run:
                _go_on(lines, run, by, happened.number, at)
    del lines[:-LINES_LIVE]


def _erase(lines: list[Line], by: str) -> None:
    """The last sign that the caller or a third party typed is gone, whoever wrote since."""
    line = next((one for one in reversed(lines) if one.by == by and one.channel is Channel.T140), None)
    if line is not None:
        line.text = line.text[:-1]
        if not line.text:
            lines.remove(line)


def _go_on(lines: list[Line], text: str, by: str, number: int, at: Instant) -> None:
    last = lines[-1] if lines else None
    ended = last is None or last.text.endswith(("\n", "\u2028"))
    if last is None or ended or last.by != by or last.channel is not Channel.T140:
        lines.append(Line(by, Channel.T140, text, at, number))
    else:
        last.text, last.number = (last.text + text)[-MOST_SIGNS:], number


def note_who_wrote(state: Comms, leg: Leg, at: Instant) -> None:
    """For appliers: the call of somebody who wrote is over, and whoever calls them back offers text again."""
    digits = digits_of(leg.arrival.number if leg.placing is None else leg.placing.target)
    if digits and any(not line.by for line in state.texts.get(leg.id, ())):
        state.wrote.pop(digits, None)
        state.wrote[digits] = at
        for oldest in list(state.wrote)[:-MOST_WROTE]:
            del state.wrote[oldest]


def reads_text(state: Comms, placing: Placing) -> bool:
    """Whether text is offered to whom we call: they wrote before, or the caller writes for whom they are called."""
    of = [placing.of, *(name for name, talk in state.conversations.items() if talk.held_by == placing.seat)]
    written = any(not line.by for name in of for line in state.texts.get(name, ()))
    return written or digits_of(placing.target) in state.wrote or digits_of(placing.of) in state.wrote


def decide_settle_text(state: Comms, asked: SettleText, now: Instant) -> Decision:
    """The same again changes nothing. Rejections: `leg_unknown`, `text_unknown` (no seat wrote it, or long ago)."""
    del now
    leg = state.legs.get(asked.leg)
    if leg is None:
        return Rejection("leg_unknown", {"leg": asked.leg})
    line = _written(state, leg.id, asked.number)
    if line is None:
        return Rejection("text_unknown", {"leg": leg.id, "number": asked.number})
    if line.delivered is asked.delivered:
        return []
    return [TextSettled(leg.id, asked.number, asked.delivered, asked.why, leg.call)]


def _written(state: Comms, leg: str, number: int) -> Line | None:
    return next((one for one in state.texts.get(leg, ()) if one.by and one.number == number), None)


def apply_text_settled(state: Comms, happened: TextSettled, at: Instant) -> None:
    """It is seen beside what was written."""
    del at
    line = _written(state, happened.leg, happened.number)
    if line is not None:
        line.delivered, line.why = happened.delivered, happened.why


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


DECIDERS: Deciders = {
    HearText: decide_hear_text,
    WriteText: decide_write_text,
    SettleText: decide_settle_text,
    HearKey: decide_hear_key,
}
APPLIERS: Appliers = {
    TextWritten: apply_text_written,
    TextSettled: apply_text_settled,
    KeyPressed: apply_key_pressed,
}

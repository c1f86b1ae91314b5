"""ALI: what a center hears of its calls that keeps its own phones: a record of text for each, and again when asked.

A record whose number has a call lately is more about that call, any other is a new one; the text is kept as it came.
How a provider writes a record is nowhere assumed (`protocols/ali.py`): where no number is found each is a call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.comms.rules.losses import digits_of
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.protocols.ali import Ali, read_ali
from redstick.protocols.faults import Malformed
from redstick.published.comms import AliReceived, Fix

if TYPE_CHECKING:
    from redstick.comms.state import Comms
    from redstick.kernel.domain import Appliers, Deciders

SAME_CALL_MS = 30 * 60_000  # how long a record of the same number speaks of the same call
CELL, FIXED = "cell", "ali"


class AliCall(msgspec.Struct, frozen=True):
    """A call that came by a record: its number, the line that it came on, when the last record did."""

    call: str
    number: str
    line: str
    at: Instant


@event("comms.rebid_asked", subjects=("call", "seat"))
class RebidAsked(Event, frozen=True):
    """A seat asks the provider of a line for a newer record of a number."""

    call: str
    line: str
    number: str
    seat: str


@command("comms.take_ali")
class TakeAli(Command, frozen=True):
    """Write down a record that came on a line; `call` is the id of the call, if it is a new one.

    `seat` is whose telephone the line is of, "" where it is of several.
    """

    line: str
    call: str
    text: str
    seat: str = ""


@command("comms.ask_rebid")
class AskRebid(Command, frozen=True):
    """Have a newer record of a call asked for."""

    call: str
    seat: str


def decide_take_ali(state: Comms, asked: TakeAli, now: Instant) -> Decision:
    """Rejections: `line_unnamed`, `call_needed`, `no_record` (nothing at all, or more than a record can be)."""
    if not asked.line.strip():
        return Rejection("line_unnamed")
    if not asked.call.strip():
        return Rejection("call_needed", {"line": asked.line})
    try:
        record = read_ali(asked.text.encode())
    except Malformed as error:
        return Rejection("no_record", {"line": asked.line, "why": str(error)})
    number = record.callback or record.number
    known = state.ali.get(digits_of(number))
    again = known is not None and now - known.at < SAME_CALL_MS
    call = known.call if known is not None and again else asked.call
    return [AliReceived(call, asked.line, number, asked.text, fix_of(record), asked.seat, again)]


def fix_of(record: Ali) -> Fix:
    """Where a record says that the call is: of a wireless telephone the street is that of a tower."""
    method = CELL if record.is_wireless else FIXED
    return Fix(record.x, record.y, record.radius_m, text=record.street, method=method)


def apply_ali_received(state: Comms, happened: AliReceived, at: Instant) -> None:
    """What is older than a call can be is forgotten."""
    state.ali = {digits: one for digits, one in state.ali.items() if at - one.at < SAME_CALL_MS}
    digits = digits_of(happened.number)
    if digits:
        state.ali[digits] = AliCall(happened.call, happened.number, happened.line, at)


def decide_ask_rebid(state: Comms, asked: AskRebid, now: Instant) -> Decision:
    """Rejections: `call_unknown` (it came by no record, or long ago), `seat_unnamed`."""
    del now
    known = next((one for one in state.ali.values() if one.call == asked.call), None)
    if known is None:
        return Rejection("call_unknown", {"call": asked.call})
    if not asked.seat.strip():
        return Rejection("seat_unnamed")
    return [RebidAsked(known.call, known.line, known.number, asked.seat)]


def apply_rebid_asked(state: Comms, happened: RebidAsked, at: Instant) -> None:
    """Its answer is a record like any other."""
    del state, happened, at


DECIDERS: Deciders = {TakeAli: decide_take_ali, AskRebid: decide_ask_rebid}
APPLIERS: Appliers = {AliReceived: apply_ali_received, RebidAsked: apply_rebid_asked}

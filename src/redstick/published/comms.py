"""What others may read of comms: a leg was offered, its place became known better, it is over; what we placed.

A callback that we place and a transfer that we begin are things of the floor as well, which follows them.
"""

from enum import StrEnum

import msgspec

from redstick.kernel.values import Event, event


class LineKind(StrEnum):
    """On which kind of line a leg came: they are kept apart from the first packet on."""

    EMERGENCY = "911"
    ADMIN = "admin"
    TEST = "test"  # a test call (NENA-STA-010.3, 4.6.17): never in the live queue
    PHONE = "phone"  # a call of the city's own phones: where it goes they say, and no queue has it


class Fix(msgspec.Struct, frozen=True, omit_defaults=True):
    """One location that came with a leg.

    `x` and `y` are longitude and latitude in 1e-7 degrees (WGS 84) or None; `radius_m` that of a circle around the
    shape that was said, None where the shape was a point: its uncertainty is unsaid, which is not none. `text` is a
    civic address, `method` how it was found (the RFC 4119 registry), `uri` where it came from or can be had.
    """

    x: int | None = None
    y: int | None = None
    radius_m: int | None = None
    shape: str = ""
    text: str = ""
    municipality: str = ""
    method: str = ""
    uri: str = ""


class Arrival(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A leg as it came.

    `target` is who was called, `call_urn` and `incident_urn` are the identifiers of NG9-1-1; `minted` says which of the
    two we gave because none came. `dialog` is the Call-ID. `message` is what arrived, each byte one character (ISO
    8859-1): evidence, with all headers and body parts. `languages` are the tags that were offered (RFC 8373), the best
    first. `claimed` is the number that the caller says to have where the network asserts another (`number`), None where
    it is the same. `device` is the phone of ours that calls, by its password or, on a 911 line, by where it registered
    from; `trunk` the one of ours by which it came.
    """

    line: LineKind
    target: str = ""
    number: str = ""
    name: str = ""
    call_urn: str = ""
    incident_urn: str = ""
    minted: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    flags: tuple[str, ...] = ()
    source: str = ""
    transport: str = ""
    dialog: str = ""
    message: str = ""
    languages: tuple[str, ...] = ()
    claimed: str | None = None
    device: str = ""
    trunk: str = ""


class Reason(StrEnum):
    """Why we place a leg."""

    CALL = "call"
    CALLBACK = "callback"  # of a caller who hung up, or was lost
    CONFERENCE = "conference"  # a third party for a leg that is here
    PHONE = "phone"  # somebody whom a call of the city's phones is for, which is `of`


class Placing(msgspec.Struct, frozen=True, omit_defaults=True):
    """A leg that we place: for which seat ("" for the phones), to whom.

    `of` is the number of a callback as it was owed, a leg, or a call of the phones.
    """

    seat: str
    target: str
    reason: Reason = Reason.CALL
    of: str = ""


class TransferModel(StrEnum):
    """How a caller is handed on. The caller is with somebody at every instant in each."""

    BLIND = "blind"
    ATTENDED = "attended"  # who takes over is spoken with first, on a leg of their own
    SEAT = "seat"  # to another seat here: it takes the call itself


@event("comms.leg_offered", subjects=("leg", "call"))
class LegOffered(Event, frozen=True):
    """A leg is here, written down before it is answered. `call` is the id that dispatch shall give its call, or ""."""

    leg: str
    arrival: Arrival
    call: str = ""


@event("comms.leg_relocated", subjects=("leg", "call"))
class LegRelocated(Event, frozen=True):
    """Another location came for a leg that is here."""

    leg: str
    fixes: tuple[Fix, ...]
    call: str = ""


@event("comms.leg_ended", subjects=("leg", "call"))
class LegEnded(Event, frozen=True):
    """A leg is over: once, ever. `who` ended it: them, us, or nobody (lost); packets are those of voice."""

    leg: str
    who: str
    cause: str
    call: str = ""
    packets_in: int = 0
    packets_out: int = 0


@event("comms.callback_placed", subjects=("leg",))
class CallbackPlaced(Event, frozen=True):
    """A seat calls a number back."""

    leg: str
    number: str
    seat: str


@event("comms.callback_settled", subjects=("leg",))
class CallbackSettled(Event, frozen=True):
    """How that went: reached, busy, no_answer or not_in_service."""

    leg: str
    number: str
    seat: str
    result: str


@event("comms.transfer_begun", subjects=("leg", "call"))
class TransferBegun(Event, frozen=True):
    """A seat hands a caller on, and stays with them until somebody has taken over."""

    leg: str
    seat: str
    to: str
    model: TransferModel
    call: str = ""
    attended: str = ""


@event("comms.transfer_ended", subjects=("leg", "call"))
class TransferEnded(Event, frozen=True):
    """Somebody has taken over, or it failed and the caller is with `seat` as before, who hears why.

    With `waits` they are on hold, since that seat speaks with somebody else by now, whom it goes on speaking with.
    """

    leg: str
    seat: str
    to: str
    done: bool
    why: str = ""
    call: str = ""
    waits: bool = False


@event("comms.leg_held", subjects=("leg", "call"))
class LegHeld(Event, frozen=True):
    """The caller hears music or a tone; who let them wait keeps them.

    `meanwhile` is the leg on which that seat speaks or for which it calls, "" where it said itself that they wait.
    """

    leg: str
    by: str
    call: str = ""
    meanwhile: str = ""


@event("comms.leg_resumed", subjects=("leg", "call"))
class LegResumed(Event, frozen=True):
    """They are spoken with again; `after` is the leg that was called meanwhile and never answered, "" for none."""

    leg: str
    by: str
    call: str = ""
    after: str = ""


@event("comms.caller_left", subjects=("leg", "call"))
class CallerLeft(Event, frozen=True):
    """The last one who spoke with a caller is gone and the caller is not: they stand in line again, for any seat."""

    leg: str
    call: str = ""


@event("comms.ali_received", subjects=("call",))
class AliReceived(Event, frozen=True):
    """A record of a center that keeps its own phones: a call is here, or (`again`) more is known of one that is.

    `seat` is where it was answered, "" where that is not known; `text` is the whole record.
    """

    call: str
    line: str
    number: str
    text: str
    fix: Fix = Fix()
    seat: str = ""
    again: bool = False

"""Questions of a look back, each one value, and the bytes in which they and their answers travel."""

from __future__ import annotations

import msgspec

from redstick.dispatch.exchange.public import Disclosure
from redstick.kernel.values import Instant, Rejection

SAID, REFUSED = b"=", b"!"


class Looking(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, kw_only=True):
    """Any question: asked at `now`, when the journal was durable up to `until`."""

    until: int = 0
    now: Instant = 0


class HowIsIt(Looking, frozen=True):
    """The floor now, and what was measured since."""

    since: Instant


class WhatOfToday(Looking, frozen=True):
    """The city today, as it may be told to everybody; `zone` "" for the city's own."""

    policy: Disclosure = Disclosure()
    zone: str = ""


class WhatOf(Looking, frozen=True):
    """One incident whole; for oversight without caller, place and what was said."""

    incident: str
    overseen: bool = False


class WhereIsIt(Looking, frozen=True):
    """What a text may mean; with `over` also among what is over; for oversight by numbers and kinds alone."""

    text: str
    over: bool = False
    at_most: int = 20
    overseen: bool = False


class HowWasIt(Looking, frozen=True):
    """Rows of views behind a position (`position`), or at a moment (`moment`)."""

    views: tuple[str, ...]
    audience: str
    position: int | None = None
    moment: Instant | None = None


class WhatDiffers(Looking, frozen=True):
    """What differs between two positions, for some groups; without `since`, since the seat was last held."""

    views: tuple[str, ...]
    audience: str
    since: int | None = None
    upto: int | None = None
    seat: str = ""
    groups: tuple[str, ...] = ()


class Paperwork(Looking, frozen=True):
    """A report: `about` is incident, shift or month; `form` pdf or csv. A shift and a month are spans of time."""

    about: str
    form: str
    incident: str = ""
    begun: Instant = 0
    ended: Instant = 0
    zone: str = ""
    callers: bool = False


class WhoIsNeeded(Looking, frozen=True):
    """How many call takers and dispatchers the next hours need."""

    hours: int


class UnderAnother(Looking, frozen=True):
    """A past span lived again under what there is and under something else.

    `without` are units, `closed` stations; `moved` a unit and its station, `more` a kind and its station. `rule` is how
    units are chosen; `plan` the version of a response plan that answers instead of what was sent.
    """

    begun: Instant
    ended: Instant
    without: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    rule: str = "closest"
    plan: str = ""


AnyLooking = (
    HowIsIt | WhatOfToday | WhatOf | WhereIsIt | HowWasIt | WhatDiffers | Paperwork | UnderAnother | WhoIsNeeded
)
_QUESTIONS = msgspec.msgpack.Decoder(AnyLooking)


def packed(question: AnyLooking) -> bytes:
    """A question as it travels."""
    return msgspec.msgpack.encode(question)


def unpacked(content: bytes) -> AnyLooking:
    """The question in these bytes; raises msgspec.MsgspecError."""
    question: AnyLooking = _QUESTIONS.decode(content)
    return question


def told(answer: bytes | Rejection) -> bytes:
    """An answer as it travels: its bytes, or why there is none."""
    if isinstance(answer, Rejection):
        return REFUSED + msgspec.json.encode({"code": answer.code, "data": answer.data})
    return SAID + answer


def heard(content: bytes) -> bytes | Rejection:
    """The answer in these bytes."""
    if content[:1] == SAID:
        return content[1:]
    refused = msgspec.json.decode(content[1:])
    return Rejection(refused["code"], refused["data"])

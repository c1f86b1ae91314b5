"""Questions, each one value of integers and text, and the bytes in which they travel to another process."""

from __future__ import annotations

import msgspec

from redstick.dispatch.plans.resolving import Question as PlanQuestion
from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.exchange import Exchange, Sent
from redstick.dispatch.recommendation.question import Question as SendQuestion


class Asked(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, kw_only=True):
    """Any question. `fallback` says why it is not asked of the city, "" when it is.

    `closed` are the segments that dispatch itself has closed now, by the ids of the road data.
    """

    fallback: str = ""
    closed: tuple[str, ...] = ()


class WhereIs(Asked, frozen=True):
    """What place does a text name? `near` is an independent position of the caller, with its uncertainty."""

    text: str
    near: Point | None = None
    uncertainty_m: int | None = None
    area: str = ""
    source: str = "geofile"
    at: int = 0


class Planned(msgspec.Struct, frozen=True):
    """The version of the plan that counts: its text, and the digest of that."""

    version: str
    digest: str
    text: str


class WhatIsSent(Asked, frozen=True):
    """What does the plan say? Without a plan, what the default by the group of the type sends, of these `kinds`.

    `zones` that a person or an earlier answer gave the incident stand in for those of its position without a city.
    """

    incident: str
    asked: PlanQuestion
    at: Point | None = None
    plan: Planned | None = None
    kinds: tuple[str, ...] = ()
    zones: dict[str, str] = {}


class WhoGoes(Asked, frozen=True):
    """Who should go? Where no needs are recorded (`planned`), what the plan says is what is asked for."""

    asked: SendQuestion
    response: WhatIsSent
    planned: bool = False


class WhatPays(Asked, frozen=True):
    """Which unit on its way should give way to one that is free? `shown` are the suggestions that stand."""

    asked: SendQuestion
    sent: tuple[Sent, ...]
    shown: tuple[Exchange, ...] = ()


class WhatIsWrittenIn(Asked, frozen=True):
    """What does the linter say of the text of a plan? No city is needed for it."""

    text: str


class WhatIsDoubted(Asked, frozen=True):
    """What does the linter find in the text of a plan? Each finding with its place."""

    text: str


class WhichWay(Asked, frozen=True):
    """Which way does a unit drive to an incident? As the roads are open at `now`."""

    unit: str
    incident: str
    begin: Point
    end: Point
    now: int


class WhichRoad(Asked, frozen=True):
    """Which segments of the roads lie at these points? The nearest to each."""

    points: tuple[Point, ...]


AnyQuestion = WhereIs | WhatIsSent | WhoGoes | WhatPays | WhatIsWrittenIn | WhatIsDoubted | WhichWay | WhichRoad
_QUESTIONS = msgspec.msgpack.Decoder(AnyQuestion)


def packed(question: AnyQuestion) -> bytes:
    """A question as it travels."""
    return msgspec.msgpack.encode(question)


def unpacked(content: bytes) -> AnyQuestion:
    """The question in these bytes; raises msgspec.MsgspecError."""
    question: AnyQuestion = _QUESTIONS.decode(content)
    return question

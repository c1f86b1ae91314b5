"""The frozen record: all that a recommendation was made from and all that it said, as one text under one digest.

It proves itself: the answer can be worked out again from what stands in it, without the city and without the roads,
since the drives that were compared are part of it. Integers and text only, so that the same answer has the same bytes
on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.answer import Answer
from redstick.dispatch.recommendation.kept import Kept, Offer
from redstick.dispatch.recommendation.question import Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.whereabouts import whereabouts
from redstick.kernel.values import Instant

VERSION = 1


class Record(msgspec.Struct, frozen=True):
    """Question and answer, in the version of this form."""

    question: Question
    answer: Answer
    version: int = VERSION


_RECORDS = msgspec.json.Decoder(Record)


class UnreadableRecord(Exception):  # noqa: N818  (named for what is the matter)
    """The text is no record of a recommendation; says what was expected."""


def written(question: Question, answer: Answer) -> str:
    """The record as text: JSON with its keys in one order."""
    return msgspec.json.encode(Record(question, answer), order="deterministic").decode()


def digest_of(text: str) -> str:
    """SHA-256 of the text, as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Record:
    """The record in a text; raises UnreadableRecord."""
    try:
        found = _RECORDS.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise UnreadableRecord(f"expected the record of a recommendation: {error}") from error
    if found.version != VERSION:
        raise UnreadableRecord(f"expected version {VERSION} of the form, not {found.version}")
    return found


class _Asked(msgspec.Struct, frozen=True):
    requirements: tuple[Requirement, ...]
    plan: str = ""
    plan_version: str = ""


class _Found(msgspec.Struct, frozen=True):
    offers: list[Offer] = []


class _Excerpt(msgspec.Struct, frozen=True):
    """The little of a record that an incident goes on remembering; read from any version of the form."""

    question: _Asked
    answer: _Found


_EXCERPTS = msgspec.json.Decoder(_Excerpt)


def kept(name: str, at: Instant, digest: str, text: str) -> Kept:
    """What an incident remembers of the record in a text that was accepted."""
    found = _EXCERPTS.decode(text)
    counts = {need.id: need.count for need in found.question.requirements}
    return Kept(name, at, digest, found.question.plan, found.question.plan_version, counts, found.answer.offers)


def holds(record: Record) -> bool:
    """True when its answer is what follows from its question and its drives."""
    question, answer = record.question, record.answer
    return recommend(question, _Remembered(question, answer)) == msgspec.structs.replace(answer, straight=False)


class _Remembered:
    """Fills `RoadTimes` from the drives of an answer: the same places, the same times."""

    def __init__(self, question: Question, answer: Answer) -> None:
        self.version, self.calibrated = answer.roads, answer.calibrated
        places = {unit.id: whereabouts(unit, question).at for unit in question.roster}
        self._times: Mapping[Point | None, tuple[float | None, str]] = {
            places.get(drive.unit): (drive.travel_s, drive.road) for drive in answer.drives
        }

    def seconds_to(self, target: Point, origins: Sequence[Point]) -> list[tuple[float | None, str]]:
        """The times that were compared."""
        del target
        return [self._times.get(origin, (None, "not recorded")) for origin in origins]

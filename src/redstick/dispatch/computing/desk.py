"""The desk: answers questions from a city, or without one plainly and marked so. Runs wherever it holds nobody up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from math import ceil
from typing import Protocol

import msgspec

from redstick.dispatch.avl.ground import distance_m
from redstick.dispatch.computing.answers import (
    Drive,
    Exchanges,
    PlacesFound,
    PlanFindings,
    PlannedResponse,
    PlanSaid,
    Recommendation,
    RoadsFound,
)
from redstick.dispatch.computing.questions import (
    AnyQuestion,
    WhatIsDoubted,
    WhatIsSent,
    WhatIsWrittenIn,
    WhatPays,
    WhereIs,
    WhichRoad,
    WhichWay,
    WhoGoes,
)
from redstick.dispatch.plans.accepting import accepted
from redstick.dispatch.plans.faults import PlanTextError
from redstick.dispatch.plans.linter import lint
from redstick.dispatch.plans.reading import reading_of
from redstick.dispatch.plans.resolving import Answer as Said
from redstick.dispatch.plans.resolving import PlanIndex, Within
from redstick.dispatch.plans.text import read_toml
from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.default_plan import GROUP_WORDS, default_plan, group_of
from redstick.dispatch.recommendation.exchange import arrivals, suggest
from redstick.dispatch.recommendation.question import Policy, Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import digest_of, written
from redstick.dispatch.recommendation.standing import RoadTimes
from redstick.dispatch.recommendation.straight_line import StraightLine
from redstick.kernel.values import Instant

KEPT_PLANS = 4  # read plans that the desk keeps ready


class Ground(Protocol):
    """A city to answer from."""

    @property
    def digest(self) -> str:
        """Which version of which city."""

    def places(self, asked: WhereIs) -> PlacesFound:
        """What a text names."""

    def zones(self, at: Point, when: Instant) -> tuple[Within, ...]:
        """Every zone in which a point lies at a time."""

    def closures(self, when: Instant) -> tuple[str, ...]:
        """The closed roads by name."""

    def roads(self, when: Instant, closed: Collection[str] = ()) -> RoadTimes | None:
        """Times on the roads as they are open then, `closed` segments too; None for a city without roads."""

    def way(self, asked: WhichWay) -> Drive | None:
        """The drive itself; None for a city without roads."""

    def segments(self, asked: WhichRoad) -> RoadsFound:
        """The nearest segments."""


class Desk:
    """Gives each answer as JSON."""

    def __init__(self, ground: Ground | None = None) -> None:
        self._ground = ground
        self._digest = "" if ground is None else ground.digest

    def answer(self, question: AnyQuestion) -> bytes:
        """The answer; raises ValueError for where a text lies, which only a city can tell."""
        if isinstance(question, WhereIs):
            if self._ground is None:
                raise ValueError("a text is looked up in a city, and this desk has none")
            return msgspec.json.encode(self._ground.places(question))
        if isinstance(question, WhatIsSent):
            return msgspec.json.encode(self._sent(question)[0])
        if isinstance(question, WhoGoes):
            return msgspec.json.encode(self._who_goes(question))
        if isinstance(question, WhatPays):
            return msgspec.json.encode(self._what_pays(question))
        if isinstance(question, WhichWay):
            return msgspec.json.encode(self._which_way(question))
        if isinstance(question, WhichRoad):
            found = RoadsFound([]) if self._ground is None else self._ground.segments(question)
            return msgspec.json.encode(found)
        if isinstance(question, WhatIsDoubted):
            return msgspec.json.encode(_doubted(question.text))
        return _read(question)

    def _sent(self, question: WhatIsSent) -> tuple[PlannedResponse, Said]:
        zones, as_recorded = self._zones(question)
        index = _ready(question.plan.text) if question.plan is not None else PlanIndex(default_plan(question.kinds))
        group = question.asked.group if question.plan is not None else _default_group(question)
        said = index.answer(msgspec.structs.replace(question.asked, zones=zones, group=group))
        response = PlannedResponse(
            incident=question.incident,
            requirements=list(said.requirements),
            plan=said.version,
            rule=", ".join(chosen.rule for chosen in said.chosen),
            said=PlanSaid(
                index.plan.title, said.version, said.way, list(said.chosen), list(said.unanswered), as_recorded
            ),
            zones=_by_layer(zones),
            talkgroup=said.talkgroup,
            notify=list(said.notify),
            cautions=list(said.cautions),
            city=self._digest,
            fallback=question.fallback,
        )
        return response, said

    def _zones(self, question: WhatIsSent) -> tuple[tuple[Within, ...], bool]:
        """Those of the position; those that were recorded where the city cannot be asked."""
        if self._ground is not None and question.at is not None:
            return self._ground.zones(question.at, question.asked.at), False
        return tuple(Within(layer, zone) for layer, zone in question.zones.items()), bool(question.zones)

    def _who_goes(self, question: WhoGoes) -> Recommendation:
        response, said = self._sent(question.response)
        asked = self._on_the_ground(question.asked, said.stations)
        if question.planned:
            asked = msgspec.structs.replace(
                asked, requirements=said.requirements, plan=response.rule, plan_version=said.version
            )
        answer = recommend(asked, self._roads(asked.now, question.closed))
        text = written(asked, answer)
        return Recommendation(
            incident=asked.incident,
            now=asked.now,
            roster=len(asked.roster),
            chosen=list(answer.chosen),
            refused=list(answer.refused),
            unfilled=list(answer.unfilled),
            requirements=list(asked.requirements),
            said=response.said,
            roads=answer.roads,
            calibrated=answer.calibrated,
            straight=answer.straight,
            digest=digest_of(text),
            record=text,
            city=self._digest,
            fallback=question.fallback,
        )

    def _what_pays(self, question: WhatPays) -> Exchanges:
        asked, roads = self._on_the_ground(question.asked, {}), self._roads(question.asked.now, question.closed)
        ways = roads if roads is not None else StraightLine(asked.policy)
        on_the_way = arrivals(question.sent, asked.target, ways)
        found = suggest(on_the_way, recommend(asked, roads).offers, question.shown)
        return Exchanges(asked.incident, found, ways.version, roads is None, self._digest, question.fallback)

    def _on_the_ground(self, asked: Question, stations: Mapping[str, tuple[str, ...]]) -> Question:
        """The question with what the city and the plan know beside the state."""
        closures = asked.closures if self._ground is None else (*asked.closures, *self._ground.closures(asked.now))
        return msgspec.structs.replace(asked, closures=closures, station_orders=dict(stations))

    def _which_way(self, question: WhichWay) -> Drive:
        """By road; as the crow flies, and marked so, without roads."""
        found = None if self._ground is None else self._ground.way(question)
        if found is not None:
            return found
        guess = StraightLine(Policy())
        [(seconds, _)] = guess.seconds_to(question.end, [question.begin])
        return Drive(
            question.unit, question.incident, [question.begin, question.end],
            None if seconds is None else ceil(seconds), ceil(distance_m(*question.begin, *question.end)),
            roads=guess.version, straight=True, city=self._digest, fallback=question.fallback,
        )  # fmt: skip

    def _roads(self, when: Instant, closed: Collection[str]) -> RoadTimes | None:
        return None if self._ground is None else self._ground.roads(when, closed)


def _by_layer(zones: tuple[Within, ...]) -> dict[str, str]:
    """The first zone of each layer."""
    return {within.layer: within.zone for within in reversed(zones)}


def _default_group(question: WhatIsSent) -> str:
    """A group that the default plan knows: by the words of the type, else by those of its group."""
    kind, group = question.asked.kind, question.asked.group
    return group_of(kind) or (group if group in GROUP_WORDS else group_of(group))


@lru_cache(maxsize=KEPT_PLANS)
def _ready(text: str) -> PlanIndex:
    return PlanIndex(accepted(read_toml(text), "the plan that counts"))


def _doubted(text: str) -> PlanFindings:
    found = read_toml(text)
    try:
        plan = accepted(found, "the text")
    except PlanTextError as error:
        return PlanFindings(faults=list(error.faults))
    return PlanFindings(findings=list(lint(plan, found.lines)))


def _read(question: WhatIsWrittenIn) -> bytes:
    return msgspec.json.encode(reading_of(question.text))

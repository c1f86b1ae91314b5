"""Which rule answers an incident, and why it and no other.

The order is the reference's (section 4): exact address, special zone, smallest zone, larger zones, everywhere; among
rules of one place the type goes before its group and the group before any type, a declared flag before none, hours
before always, then the explicit rank. The answer depends on nothing but the plan and the question: not on the order of
rules in a file, not on a clock. There is always an answer; the last resort says that it is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from redstick.dispatch.plans.model import PlanRule, ResponsePlan, address_key, minute_of_week
from redstick.dispatch.plans.requirement import Mode, Order, Requirement
from redstick.kernel.values import Instant

ANY_UNIT = Requirement(id="any unit")  # the last resort of a plan that names none, and of no plan at all


class Way(StrEnum):
    """How an answer was found."""

    RULE = "rule"
    GROUP_DEFAULT = "group_default"  # no rule knows the type: that of its group, which holds everywhere
    LAST_RESORT = "last_resort"  # no rule at all: a person must look


class Within(msgspec.Struct, frozen=True):
    """A zone in which a place lies; `size_m2` None where nobody has measured it."""

    layer: str
    zone: str
    size_m2: int | None = None


class Question(msgspec.Struct, frozen=True):
    """What is asked: an incident as it is known. `at` is when it began, `alarm` the highest level that was raised.

    `group` counts for types that the plan's own table does not list.
    """

    kind: str
    at: Instant
    group: str = ""
    alarm: int = 1
    flags: tuple[str, ...] = ()
    address: str = ""
    zones: tuple[Within, ...] = ()


class Beaten(msgspec.Struct, frozen=True):
    """A rule that fits too, and the first thing by which it stands behind."""

    rule: str
    why: str


class Chosen(msgspec.Struct, frozen=True):
    """The rule that answers one alarm level, in words, and those that it won over, the next best first."""

    alarm: int
    rule: str
    why: str
    beaten: tuple[Beaten, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """What is sent. A requirement that a further alarm adds carries its level in its id: `engine@2`.

    `version` is "" when there is no plan. `stations` has the order for each requirement that goes by one.
    `unanswered` are alarm levels, up to the asked one, for which no rule fits: nothing is added by them.
    """

    version: str
    way: Way
    requirements: tuple[Requirement, ...]
    chosen: tuple[Chosen, ...] = ()
    unanswered: tuple[int, ...] = ()
    stations: dict[str, tuple[str, ...]] = {}
    mode: Mode = Mode.EMERGENT
    talkgroup: str = ""
    notify: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


class Precedence(NamedTuple):
    """By what one rule goes before another, the weightiest first; the least wins."""

    place: int  # 0 exact address, 1 special zone, 2 zone, 3 everywhere
    zone: tuple[bool, int, int, str, str]  # unmeasured, size, place of its layer, layer, zone
    kind: int  # 0 type, 1 group, 2 any
    flag: int  # 0 declared, 1 none
    time: int  # 0 hours or days, 1 always
    rank: int
    id: str


class _Ready(NamedTuple):
    rule: PlanRule
    minutes: int


NOWHERE = (False, 0, 0, "", "")


class PlanIndex:
    """A plan made ready to answer; immutable."""

    def __init__(self, plan: ResponsePlan) -> None:
        self.plan = plan
        self._local = ZoneInfo(plan.time_zone)
        self._layer = {name: number for number, name in enumerate((*plan.special, *plan.layers))}
        self._ready: dict[tuple[tuple[int, str, str], int, int, str], list[_Ready]] = {}
        for rule in plan.rules:
            ready, names = _Ready(rule, rule.minutes), rule.types or rule.groups or ("",)
            kind = 0 if rule.types else 1 if rule.groups else 2
            for name in dict.fromkeys(names):
                self._ready.setdefault((place_key(rule), rule.alarm, kind, name), []).append(ready)

    def answer(self, question: Question) -> Answer:
        """What is sent to an incident, with the rule of every alarm level and why it won."""
        minute = minute_of_week(datetime.fromtimestamp(question.at / 1000, UTC).astimezone(self._local))
        group = self.plan.types.get(question.kind) or question.group
        won: list[tuple[Chosen, PlanRule, Precedence]] = []
        unanswered: list[int] = []
        for alarm in range(1, question.alarm + 1):
            fitting = sorted(self._fitting(question, alarm, minute, group), key=lambda pair: pair[0])
            if not fitting:
                unanswered.append(alarm)
                continue
            first, rule = fitting[0]
            beaten = tuple(Beaten(other.id, _behind(first, behind)) for behind, other in fitting[1:])
            won.append((Chosen(alarm, rule.id, _why(rule, first), beaten), rule, first))
        return _answered(self.plan, won, tuple(unanswered))

    def _fitting(
        self, question: Question, alarm: int, minute: int, group: str
    ) -> Iterator[tuple[Precedence, PlanRule]]:
        for place, zone, key in self._places(question):
            for kind, name in enumerate((question.kind, group, "")):
                for rule, minutes in self._ready.get((key, alarm, kind, name), ()):
                    if minutes >> minute & 1 and (not rule.flag or rule.flag in question.flags):
                        yield Precedence(place, zone, kind, not rule.flag, not rule.timed, rule.rank, rule.id), rule

    def _places(
        self, question: Question
    ) -> Iterator[tuple[int, tuple[bool, int, int, str, str], tuple[int, str, str]]]:
        """Where the incident is: class of place, order within it, key of the rules that speak of it."""
        if question.address:
            yield 0, NOWHERE, (0, address_key(question.address), "")
        for within in dict.fromkeys(question.zones):
            order = self._layer.get(within.layer)
            if order is not None:
                place = 1 if within.layer in self.plan.special else 2
                size = within.size_m2
                yield place, (size is None, size or 0, order, within.layer, within.zone), (1, within.layer, within.zone)
        yield 3, NOWHERE, (2, "", "")


def place_key(rule: PlanRule) -> tuple[int, str, str]:
    """Of which place a rule speaks: rules with the same key compete."""
    if rule.address:
        return 0, address_key(rule.address), ""
    return (1, rule.layer, rule.zone) if rule.layer else (2, "", "")


def kind_of_fit(rule: PlanRule, kind: str, group: str) -> int | None:
    """0 when a rule names the type, 1 its group, 2 when it speaks of any; None when it speaks of others."""
    if rule.types:
        return 0 if kind in rule.types else None
    if rule.groups:
        return 1 if group in rule.groups else None
    return 2


def without_a_plan() -> Answer:
    """What is sent where no version is active: one unit, and a person must look."""
    return Answer("", Way.LAST_RESORT, (ANY_UNIT,), unanswered=(1,))


def _answered(
    plan: ResponsePlan, won: list[tuple[Chosen, PlanRule, Precedence]], unanswered: tuple[int, ...]
) -> Answer:
    """The winners of all levels together; the first level decides how the answer was found."""
    requirements: list[Requirement] = []
    stations: dict[str, tuple[str, ...]] = {}
    way = Way.RULE
    if 1 in unanswered:
        way = Way.LAST_RESORT
        requirements += plan.last_resort or (ANY_UNIT,)
    elif (won[0][2].place, won[0][2].kind) == (3, 1):
        way = Way.GROUP_DEFAULT
    for chosen, rule, _ in won:
        for one in rule.send:
            name = one.id if chosen.alarm == 1 else f"{one.id}@{chosen.alarm}"
            requirements.append(msgspec.structs.replace(one, id=name))
            if one.order is Order.STATION_ORDER:
                stations[name] = rule.stations
    rules = [rule for _, rule, _ in won]
    return Answer(
        version=plan.version,
        way=way,
        requirements=tuple(requirements),
        chosen=tuple(chosen for chosen, _, _ in won),
        unanswered=unanswered,
        stations=stations,
        mode=rules[0].mode if rules else Mode.EMERGENT,
        talkgroup=next((rule.talkgroup for rule in reversed(rules) if rule.talkgroup), ""),
        notify=tuple(dict.fromkeys(text for rule in rules for text in rule.notify)),
        cautions=tuple(dict.fromkeys(text for rule in rules for text in rule.cautions)),
    )


def _why(rule: PlanRule, order: Precedence) -> str:
    """What the winning rule says of the incident: `for the type, in battalion B01, at these hours`."""
    places = (
        f"at {rule.address}",
        f"in special {rule.layer} {rule.zone}",
        f"in {rule.layer} {rule.zone}",
        "everywhere",
    )
    kinds = ("for the type", "for its group", "for any type")
    said = [kinds[order.kind], places[order.place]]
    said += [f"while {rule.flag} is declared"] if rule.flag else []
    said += [f"at {' '.join((*rule.days, rule.hours)).strip()}"] if rule.timed else []
    return ", ".join(said)


def _behind(first: Precedence, other: Precedence) -> str:
    """The first thing by which a rule stands behind the winner."""
    if first.place != other.place:
        places = ("an exact address", "a special zone", "a zone", "everywhere")
        return f"speaks of {places[other.place]}, the other of {places[first.place]}"
    if first.zone != other.zone:
        (_, size, _, layer, zone), (_, won, _, _, _) = other.zone, first.zone
        known = bool(size and won)
        return f"{layer} {zone} is {'larger' if known and size > won else 'of a coarser layer, or later in order'}"
    if first.kind != other.kind:
        return "speaks of the group, the other of the type" if other.kind == 1 else "speaks of any type"
    if first.flag != other.flag:
        return "holds without the declared flag too"
    if first.time != other.time:
        return "holds at any time, the other at these hours"
    if first.rank != other.rank:
        return f"has rank {other.rank}, the other {first.rank}"
    return "has the same rank and a later id; a plan with such a tie is not accepted"

"""A past span of a live city lived again: with other units, other posts, another rule, another response plan."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from redstick.dispatch.history.model import MISSING_E7, MISSING_MS, History
from redstick.dispatch.lookback.answers import Spread
from redstick.dispatch.lookback.compared import (
    DAYS,
    FITTED,
    INCIDENTS,
    PREDICTED,
    CallDiffers,
    Changed,
    Compared,
    Lives,
)
from redstick.dispatch.lookback.kept import Kept
from redstick.dispatch.lookback.questions import UnderAnother
from redstick.dispatch.lookback.spread import part_pairs, processing_pairs, response_pairs, spread, stamp
from redstick.dispatch.plans.accepting import accepted
from redstick.dispatch.plans.past import PastAnswers
from redstick.dispatch.plans.places import PlaceZones
from redstick.dispatch.plans.resolving import PlanIndex
from redstick.dispatch.plans.text import read_toml
from redstick.dispatch.ports import Point, TravelTimes
from redstick.dispatch.reads.ledger import as_history, history_of
from redstick.dispatch.recommendation.standing import RoadTimes
from redstick.dispatch.replay.by_road import DRIVES_MIN, ByMultiple, RoadTravel, fit_lines
from redstick.dispatch.replay.comparison import Change, compare
from redstick.dispatch.replay.plan import RULES, Fleet, FleetUnit, Plan, PlanError, fleet_under, in_words
from redstick.dispatch.replay.requests import incident_id
from redstick.dispatch.replay.what_if import Lived, WhatIf
from redstick.dispatch.rules.calls import Call
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.units import Unit
from redstick.dispatch.state import Dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.values import Rejection

DAY_MS = 86_400_000
LONGEST_MS = 7 * DAY_MS
INCIDENTS_MOST = 2_000  # what one process lives twice within its patience
DRIVES_MOST = 1_000  # more tell a line no better
ENOUGH_DAYS = 7  # from so many on days are drawn anew, of fewer their incidents
SHOWN = 60
SEED = 7


@dataclass(frozen=True)
class Ground:
    """Where a span is lived again: where stations stand, how long roads take, the zones, and a city without a past."""

    stations: Mapping[str, Point]
    roads: RoadTimes
    zones: PlaceZones | None
    anew: Callable[[], SynchronousDriver]


class _Life(NamedTuple):
    """A span lived: the state that it came to, as columns too, and how much was decided."""

    state: Dispatch
    history: History
    lived: Lived


def under_another(
    state: Dispatch, kept: Kept, position: int, asked: UnderAnother, ground: Ground, zone: str
) -> Compared | Rejection:
    """Both lives of a span, and what lies between them.

    Rejections: `span_unreadable`, `nothing_there`, `too_much_to_live`, `plan_unknown`, `what_if_unreadable`.
    """
    if not 0 < asked.ended - asked.begun <= LONGEST_MS:
        return Rejection("span_unreadable", {"from": asked.begun, "to": asked.ended, "at_most_ms": LONGEST_MS})
    found = list(kept.between(asked.begun, asked.ended))
    over = [one for one in found if one.closed_at is not None]
    if not over:
        return Rejection("nothing_there", {"from": asked.begun, "to": asked.ended})
    if len(over) > INCIDENTS_MOST:
        return Rejection("too_much_to_live", {"incidents": len(over), "at_most": INCIDENTS_MOST})
    history = history_of(over, kept.calls, state.units, "the record", zone)
    today = fleet_of(state.units.values(), ground.stations)
    try:
        plan = _plan(state, today, asked, ground)
        if isinstance(plan, Rejection):
            return plan
        tried = [*in_words(today, plan), *([f"Response plan {asked.plan} answers."] if asked.plan else [])]
        travel, drives = travel_of(history, today, ground.roads)
        lives = [_live(history, today, one, travel, ground, zone) for one in (Plan(), plan)]
    except PlanError as error:
        return Rejection("what_if_unreadable", {"why": str(error)})
    return _compared(kept, position, asked, over, len(found) - len(over), tried, drives, lives)


def fleet_of(units: Iterable[Unit], stations: Mapping[str, Point]) -> Fleet:
    """The units of now that are quartered at a station whose place is known."""
    homes = [
        FleetUnit(one.id, one.kind, one.station, tuple(one.capabilities), one.agency)
        for one in units
        if one.station in stations
    ]
    return Fleet(dict(sorted(stations.items())), {one.id: one for one in sorted(homes, key=lambda unit: unit.id)})


def travel_of(history: History, fleet: Fleet, roads: RoadTimes) -> tuple[TravelTimes, int]:
    """Times fitted to the span's own drives from home, and of how many; the road's own times where they are too few."""
    network_s, duration_s = [], []
    for row in range(len(history)):
        home = fleet.units.get(history.unit.text(row))
        out, there = (int(history.stamps[name][row]) for name in ("en_route", "on_scene"))
        x, y = int(history.longitude_e7[row]), int(history.latitude_e7[row])
        if home is None or MISSING_MS in (out, there) or there <= out or x == MISSING_E7:
            continue
        [(seconds, _)] = roads.seconds_to((x, y), [fleet.stations[home.station]])
        if seconds is not None:
            network_s.append(seconds)
            duration_s.append((there - out) / 1000)
        if len(network_s) == DRIVES_MOST:
            break
    if len(network_s) < DRIVES_MIN:
        return ByMultiple(roads), len(network_s)
    return RoadTravel(roads, fit_lines(np.array(network_s), np.array(duration_s))), len(network_s)


def _plan(state: Dispatch, today: Fleet, asked: UnderAnother, ground: Ground) -> Plan | Rejection:
    """What is tried; raises PlanError for what cannot be meant."""
    if asked.rule not in RULES:
        raise PlanError("the question", "rule", f"expected {' or '.join(RULES)}, not {asked.rule[:80]!r}")
    version = state.plans.get(asked.plan) if asked.plan else None
    if asked.plan and version is None:
        return Rejection("plan_unknown", {"plan": asked.plan[:80]})
    answers = None
    if version is not None:
        index = PlanIndex(accepted(read_toml(version.text), version.id))
        answers = PastAnswers(index, ground.zones)
    plan = Plan(
        title="What if",
        rule=asked.rule,
        units=(*_moved(today, asked.moved), *_further(today, asked.more)),
        removed_stations=asked.closed,
        removed_units=asked.without,
        source="the question",
        answers=answers,
    )
    fleet_under(today, plan)
    return plan


def _moved(today: Fleet, moved: Sequence[tuple[str, str]]) -> list[FleetUnit]:
    """Units at another post."""
    for name, _ in moved:
        if name not in today.units:
            raise PlanError("the question", "moved", f"there is no unit {name[:80]!r} with a known station")
    of = today.units
    return [FleetUnit(name, of[name].kind, post, of[name].capabilities, of[name].agency) for name, post in moved]


def _further(today: Fleet, more: Sequence[tuple[str, str]]) -> list[FleetUnit]:
    """Units more, each like the first of its kind; they are called `+1`, `+2` and so on."""
    like = {unit.kind: unit for unit in reversed(today.units.values())}
    for kind, _ in more:
        if kind not in like:
            raise PlanError("the question", "more", f"no unit of the fleet is of kind {kind[:80]!r}")
    return [
        FleetUnit(f"+{number}", kind, post, like[kind].capabilities, like[kind].agency)
        for number, (kind, post) in enumerate(more, 1)
    ]


def _live(history: History, today: Fleet, plan: Plan, travel: TravelTimes, ground: Ground, zone: str) -> _Life:
    driver = ground.anew()
    lived = WhatIf(driver, history, today, plan, travel).run()
    state: Dispatch = driver.executor.committed["dispatch"]
    return _Life(state, as_history(state, plan.title, zone), lived)


def _compared(
    kept: Kept, position: int, asked: UnderAnother, over: list[Incident], left_out: int, tried: list[str],
    drives: int, lives: list[_Life],
) -> Compared:  # fmt: skip
    today, other = lives
    by_incident = asked.ended - asked.begun < ENOUGH_DAYS * DAY_MS
    changes = compare(today.history, other.history, (), SEED, by_incident=by_incident)
    differing = [pair for one in over if (pair := _differs(one, today.state, other.state)) is not None]
    gains = [
        (pair.other_s or 0) - (pair.today_s or 0) for pair in differing if None not in (pair.today_s, pair.other_s)
    ]
    return Compared(
        position=position,
        begun=asked.begun,
        ended=asked.ended,
        incidents=len(over),
        left_out=left_out,
        tried=tried,
        timed_by=FITTED if drives >= DRIVES_MIN else PREDICTED,
        drives=drives,
        drawn_over=INCIDENTS if by_incident else DAYS,
        recorded=_spreads([(one, kept.calls_of(one)) for one in over]),
        today=_spreads(_beside(today.state)),
        other=_spreads(_beside(other.state)),
        today_lived=_lives(today.lived),
        other_lived=_lives(other.lived),
        changes=[_changed(one) for one in changes],
        differing=sorted(differing, key=_by_difference)[:SHOWN],
        n_quicker=sum(gain < 0 for gain in gains),
        n_slower=sum(gain > 0 for gain in gains),
        n_other_units=sum(pair.today_units != pair.other_units for pair in differing),
    )


def _beside(state: Dispatch) -> list[tuple[Incident, list[Call]]]:
    return [(one, [state.calls[name] for name in one.calls]) for one in state.incidents.values()]


def _spreads(beside: list[tuple[Incident, list[Call]]]) -> list[Spread]:
    """What a plan can change: how long until somebody was sent, drove, was there."""
    incidents = [one for one, _ in beside]
    return [
        spread("response", response_pairs(beside)),
        spread("travel", part_pairs(incidents, "en_route", "on_scene")),
        spread("processing", processing_pairs(beside)),
    ]


def _lives(lived: Lived) -> Lives:
    return Lives(lived.decided_anew, lived.as_recorded, lived.waited, lived.never_met)


def _changed(change: Change) -> Changed:
    of = change.difference
    return Changed(
        of.interval.name, of.interval.title, of.percent, of.a_s, of.b_s, of.difference_s, of.low_s, of.high_s,
        change.n[0], change.n[1], of.n_blocks, change.real,
    )  # fmt: skip


def _differs(one: Incident, today: Dispatch, other: Dispatch) -> CallDiffers | None:
    """An incident under both; None where nothing of it is otherwise."""
    name = incident_id(one.id)
    a, b = today.incidents.get(name), other.incidents.get(name)
    if a is None or b is None:
        return None
    told = [(_sent(each), _until_there_s(each, one.opened_at)) for each in (a, b)]
    if told[0] == told[1]:
        return None
    return CallDiffers(
        one.id, one.number, one.kind, one.priority, one.opened_at, told[0][0], told[1][0], told[0][1], told[1][1]
    )


def _sent(one: Incident) -> list[str]:
    return sorted({part.unit for part in (*one.earlier, *one.assignments.values())})


def _until_there_s(one: Incident, opened_at: int) -> float | None:
    there = stamp(one, "on_scene")
    return None if there is None else (there - opened_at) / 1000


def _by_difference(pair: CallDiffers) -> tuple[bool, float, int, str]:
    """Where nobody came in one of the two first, then by how much it differs, then in the order of time."""
    if pair.today_s is None or pair.other_s is None:
        return (pair.today_s is None) == (pair.other_s is None), 0.0, pair.opened_at, pair.incident
    return True, -abs(pair.other_s - pair.today_s), pair.opened_at, pair.incident

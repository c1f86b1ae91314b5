"""London, October and November 1992: bad positions, wrong allocations, a flood of exceptions, no restart, no back-up.

Three of ten devices lie or are late, statuses are lost, calls come three times as often for six hours. Then the process
is killed and comes up again, and an ordinary half day follows. For a while dispatchers work without any recommendation.
"""

import json
import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from redstick.dispatch.avl.noting import Noted
from redstick.dispatch.avl.quality import Fix
from redstick.dispatch.place import Extent, Place
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.recommendation.answer import Answer
from redstick.dispatch.recommendation.asking import question_of, seen_by_device
from redstick.dispatch.recommendation.question import Policy, Question
from redstick.dispatch.recommendation.record import written
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.calls import CallEnded
from redstick.dispatch.rules.extents import AdoptExtent
from redstick.dispatch.rules.incidents import IncidentClosed
from redstick.dispatch.rules.needs import SetNeeds
from redstick.dispatch.rules.positions import NoteQuality
from redstick.dispatch.rules.recommendations import RecordRecommendation
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.rules.warnings import RaiseWarning, WarningRaised, holds, warning_id
from redstick.dispatch.state import Dispatch
from redstick.kernel.domain import Decide, Domain
from redstick.kernel.timers import Start, Stop, TimerRule
from redstick.kernel.values import Command, Decision, Event, Instant, Outcome, Rejection
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Case, Mutant, Problem, Result, judged
from redstick.simulation.museum.centre import HOUR, MINUTE, SECOND, Centre, dice
from redstick.simulation.museum.oakland import WithoutTimers, WithoutWindow
from redstick.simulation.museum.ordinary import Ordinary
from redstick.simulation.museum.planting import answering, in_domain, without_timer
from redstick.simulation.museum.record import Line, of, unsound

UNITS, LYING, LOST_STATUS = 13, 0.3, 0.25
STORM_H, SOAK_H, EVERY_S, TIMES = 6, 6, 390, 3
INTERVAL_MS, FRESH_S, STALE_S, MARGIN_S = 30 * SECOND, 60, 300, 120  # of the dispatch reference, section 5
WEST, SOUTH, SIZE, M = -912_000_000, 304_000_000, 1_200_000, 90  # M: 1e-7 degrees in a metre
NOTED_WITHIN_MS = 15 * MINUTE
LIES = ("silent", "late", "skewed", "null_island")  # what is the matter with a device, from some moment on, for good
ENGINE = Requirement("engine", ("ENGINE",))
PAPERLESS_MIN = 40  # how long dispatchers are without recommendations


class London(Ordinary):
    """A centre with positions: who goes is recommended, until the recommender is away."""

    def __init__(self, build: Build, seed: int) -> None:
        self.build, self._chance = build, dice(seed, "lascad")
        super().__init__(Centre(build, seed), dice(seed, "ordinary"), UNITS, EVERY_S / TIMES)
        chance, centre = self._chance, self.centre
        centre.all_of([AdoptExtent(Extent((WEST, SOUTH, WEST + SIZE, SOUTH + SIZE)), "J. Doe")])
        self.stations = {f"S{n}": (WEST + chance.randrange(SIZE), SOUTH + chance.randrange(SIZE)) for n in range(6)}
        self.at: dict[str, tuple[int, int]] = {}
        for number, unit in enumerate(self.units):
            station = f"S{number % 6}"
            centre.all_of([EnrollUnit(unit, "ENGINE", "fire", station), ReportStatus(unit, "AR")])
            self.at[unit] = self.stations[station]
        lying = chance.sample(self.units, round(LYING * UNITS))
        self.lies = {unit: LIES[number % len(LIES)] for number, unit in enumerate(lying)}
        self.lie_since = centre.now + 30 * MINUTE
        self.tracks: dict[str, list[Fix]] = {unit: [] for unit in self.units}
        self.heard: dict[str, list[tuple[Instant, Instant]]] = {unit: [] for unit in self.units}
        self.bound: dict[str, tuple[int, int]] = {}
        away = chance.uniform(1.5, 4) * HOUR
        self.away = (centre.now + int(away), centre.now + int(away) + PAPERLESS_MIN * MINUTE)
        self.by_hand: list[tuple[Instant, Outcome | None]] = []
        self.calm = False
        for act in (self._report, self._note):
            centre.after(30, act)

    def place(self) -> Place:
        """Somewhere in town, with a position."""
        x, y = WEST + self._chance.randrange(SIZE), SOUTH + self._chance.randrange(SIZE)
        return msgspec.structs.replace(super().place(), x=x, y=y, quality="rooftop")

    # Devices

    def _report(self) -> None:
        """Every unit moves, and its device says where it is, or something else."""
        now = self.centre.now
        self.centre.after(INTERVAL_MS / SECOND, self._report)
        for unit in self.units:
            x, y = self._moved(unit)
            true = Fix(x + self._chance.randrange(-300, 300), y + self._chance.randrange(-300, 300), now, now)
            lies = unit in self.lies and now >= self.lie_since and not self.calm
            fix = self._lie(unit, true) if lies else true
            if fix is not None:
                newest = max(self.truly(unit, now), min(fix.at, fix.received_at))
                self.heard[unit].append((fix.received_at, newest))
                self.tracks[unit] = [*self.tracks[unit][-40:], fix]

    def _moved(self, unit: str) -> tuple[int, int]:
        (x, y), (to_x, to_y) = self.at[unit], self.bound.get(unit, self.at[unit])
        far = math.hypot(to_x - x, to_y - y)
        step = min(1.0, 12 * M * INTERVAL_MS / SECOND / far) if far else 0.0
        self.at[unit] = (round(x + (to_x - x) * step), round(y + (to_y - y) * step))
        return self.at[unit]

    def _lie(self, unit: str, fix: Fix) -> Fix | None:
        match self.lies[unit]:
            case "silent":
                return None
            case "late":  # what comes in is a quarter of an hour old
                old = next((one for one in reversed(self.tracks[unit]) if one.at <= fix.at - 15 * MINUTE), None)
                return None if old is None else Fix(old.x, old.y, fix.at - 15 * MINUTE, fix.received_at)
            case "skewed":
                return Fix(fix.x, fix.y, fix.at - 2 * HOUR, fix.received_at)
            case _:
                return Fix(0, 0, fix.at, fix.received_at)

    def _note(self) -> None:
        """The detector watches the tracks, and the journal learns of what is not to be believed."""
        self.centre.after(60, self._note)
        if not self.centre.up:
            return
        state, now = self.centre.state, self.centre.now
        statuses = {unit.id: unit.status for unit in state.units.values()}
        known = {unit.id: str(unit.quality) for unit in state.units.values()}
        for noted in self.build.news(self.tracks, statuses, known, now, INTERVAL_MS, state.extent):
            self.centre.ask(NoteQuality(noted.unit, noted.quality, now, noted.other), "avl")

    def truly(self, unit: str, at: Instant) -> Instant:
        """When the newest that was known of a unit at a moment was true: by its device, or by its word."""
        known = bisect_right(self.heard[unit], (at, 2**63)) - 1
        return self.heard[unit][known][1] if known >= 0 else 0

    # Dispatchers

    def _send(self, name: str) -> None:
        """The recommended unit, or one by hand while nothing is recommended."""
        centre = self.centre
        incident = centre.state.incidents.get(f"i{name}") if centre.up else None
        if not self.free or incident is None:
            centre.after(30, self._send, name)
            return
        manual = self.away[0] <= centre.now < self.away[1]
        unit = self._chance.choice(self.free) if manual else self._recommended(name)
        if unit is None or unit not in self.free:
            centre.after(30, self._send, name)
            return
        self.free.remove(unit)
        outcome = centre.ask(AssignUnits(incident.id, [unit], despite="by hand" if self._busy(unit) else ""))
        if manual:
            self.by_hand.append((centre.now, outcome))
        if outcome is None or not outcome.accepted:
            self.free.append(unit)
            centre.after(60, self._send, name)
            return
        x, y = incident.place.x or 0, incident.place.y or 0
        arrives_s = 60 + math.hypot(x - self.at[unit][0], y - self.at[unit][1]) / M / 12
        centre.after(55, self.bound.update, {unit: (x, y)})
        centre.after(50, self._says, name, unit, "ENR")
        centre.after(arrives_s, self._says, name, unit, "ONS")
        centre.after(arrives_s + self._chance.uniform(200, 700), self._clear, name, unit)

    def _busy(self, unit: str) -> bool:
        known = self.centre.state.units[unit]
        return bool(known.work)

    def _recommended(self, name: str) -> str | None:
        """As the seat asks it: the state, with the units where their devices last said that they are."""
        state, now = self.centre.state, self.centre.now
        incident = state.incidents[f"i{name}"]
        if not incident.needs:
            self.centre.ask(SetNeeds(incident.id, [ENGINE]))
        question = question_of(state, incident, now, self.stations, self.build.policy)
        fixes = {unit: track[-1] if track else None for unit, track in self.tracks.items()}
        question = msgspec.structs.replace(
            question, roster=tuple(seen_by_device(unit, fixes[unit.id]) for unit in question.roster)
        )
        answer = self.build.recommend(question)
        record = RecordRecommendation(incident.id, f"r{name}/{now}", written(question, answer))
        self.centre.ask(record, "seat")
        return answer.chosen[0].unit if answer.chosen else None

    def _says(self, name: str, unit: str, status: str) -> None:
        """A quarter of the statuses is lost, and told by radio much later, at its true time."""
        lost = not self.calm and self._chance.random() < LOST_STATUS
        if lost:
            self.centre.after(self._chance.uniform(300, 1_500), self._late, name, unit, status, self.centre.now)
        else:
            super()._says(name, unit, status)

    def _late(self, name: str, unit: str, status: str, at: Instant) -> None:
        self.centre.ask(ReportStatus(unit, status, f"i{name}"), "radio", at)

    def _clear(self, name: str, unit: str) -> None:
        super()._clear(name, unit)
        self.centre.ask(ReportStatus(unit, "AR"), unit)
        self.bound.pop(unit, None)


def run(seed: int, build: Build) -> Result:
    """The storm, the kill, the soak; see `CASE`."""
    london = London(build, seed)
    centre, sizes = london.centre, list[int]()
    for hour in range(STORM_H):
        centre.live(HOUR)
        sizes.append(_size(centre))
        if hour == STORM_H - 2:
            centre.keep_snapshot()
            kept = len(centre.stored())
    fold = centre.fold()
    centre.kill()
    came_up = centre.restart()
    problems = [] if came_up and _folds_alike(fold, centre.fold()) else [_unlike(came_up)]
    if centre.refolded[-1] > len(centre.stored()) - kept:
        problems.append(Problem("restart_is_short", f"{centre.refolded[-1]} lines were folded"))
    problems += centre.told_otherwise("no_event_lost")
    london.calm, london.every_s = True, EVERY_S
    for _ in range(SOAK_H):
        centre.live(HOUR)
        sizes.append(_size(centre))
    stored, lines = centre.stored(), centre.lines()
    warned = of(lines, "warning_raised")
    facts: dict[str, int | str] = {
        "calls": len(of(lines, "call_received")), "recommendations": len(of(lines, "recommendation_recorded")),
        "by_hand": len(london.by_hand), "warnings": len(warned), "lines": len(stored),
        "lines_folded_at_restart": centre.refolded[-1], "head": stored[-1][:64].decode(),
    }  # fmt: skip
    problems += [*unsound(stored), *centre.untrue("no_event_lost"), *_confidence(london, lines), *_noted(london, lines)]
    problems += [*_collapsed(lines), *_by_hand(london)]
    if max(sizes[-2:]) > 1.3 * sizes[0]:
        problems.append(Problem("memory_flat", f"the live state by hours: {sizes}"))
    return judged(problems, facts)


def _size(centre: Centre) -> int:
    return len(msgspec.json.encode(centre.state))


def _folds_alike(before: bytes, after: bytes) -> bool:
    """The dispatch state is what it was; the kernel's own has a new epoch."""
    one, other = (json.loads(fold.partition(b"\n")[2])["fold"]["states"]["dispatch"] for fold in (before, after))
    return bool(one == other)


def _unlike(came_up: bool) -> Problem:
    return Problem("no_event_lost", "what came up is not what was killed" if came_up else "it did not come up")


def _confidence(london: London, lines: list[Line]) -> Iterator[Problem]:
    """Each recommendation names every unit once, says how its position is known, and prefers what is known."""
    doubts: dict[str, str] = {}
    for line in of(lines, "quality_noted", "recommendation_recorded"):
        if line.kind == "quality_noted":
            doubts[line.payload["unit"]] = line.payload["quality"]
            continue
        record = json.loads(line.payload["record"])
        answer = record["answer"]
        said = [*answer["chosen"], *answer["refused"]]
        if sorted(one["unit"] for one in said) != sorted(london.units):
            yield Problem("confidence_shown", f"{len(said)} verdicts on {len(london.units)} units")
        for one in said:
            age_s = (line.recorded_at - london.truly(one["unit"], line.recorded_at)) / SECOND
            doubted = doubts.get(one["unit"], "fresh") not in {"fresh", "ageing", "stale", "none"}
            sure = one.get("position") in {"fresh", "ageing"}
            if sure and (age_s > STALE_S or doubted or (one["position"] == "fresh" and age_s > FRESH_S)):
                words = f"{one['unit']} is {one['position']}, {age_s:.0f} s old, {doubts.get(one['unit'])}"
                yield Problem("confidence_shown", words)
        yield from _preferred(answer, line)


def _preferred(answer: dict[str, Any], line: Line) -> Iterator[Problem]:
    """No unit of which nobody knows where it is goes before one that is known to be there not much later."""
    unsure = [one for one in answer["chosen"] if one.get("position") in {"stale", "assumed"}]
    known = [one for one in answer["refused"] if one.get("position") in {"fresh", "station"} and "arrival_s" in one]
    for one in unsure:
        better = [other for other in known if other["arrival_s"] < one.get("arrival_s", 0) + MARGIN_S]
        if better:
            words = f"at {line.recorded_at}: {one['unit']} ({one['position']}) before {better[0]['unit']}"
            yield Problem("known_before_unknown", words)


def _noted(london: London, lines: list[Line]) -> Iterator[Problem]:
    """A device that lies or is silent is known to, within minutes."""
    noted = of(lines, "quality_noted")
    for unit, lie in london.lies.items():
        by = london.lie_since + NOTED_WITHIN_MS + (15 * MINUTE if lie == "late" else 0)
        if not [line for line in noted if line.payload["unit"] == unit and london.lie_since <= line.recorded_at <= by]:
            yield Problem("lies_are_noted", f"the device of {unit} is {lie}, and nothing is noted by {by}")


def _collapsed(lines: list[Line]) -> Iterator[Problem]:
    """One line for one cause: it is raised once, and once more when it becomes an alarm, while it stands."""
    standing: dict[tuple[str, ...], list[str]] = {}
    for line in of(lines, "warning_raised", "warning_ended"):
        what = line.payload
        cause = tuple(what.get(name, "") for name in ("what", "incident", "unit", "about"))
        if line.kind == "warning_ended":
            standing.pop(cause, None)
            continue
        levels = standing.setdefault(cause, [])
        if what["level"] in levels:
            yield Problem("one_line_per_cause", f"{cause} is raised again as {what['level']} at {line.recorded_at}")
        levels.append(what["level"])


def _by_hand(london: London) -> Iterator[Problem]:
    """Without recommendations dispatch goes on."""
    refused = [outcome for _, outcome in london.by_hand if outcome is not None and not outcome.accepted]
    if refused:
        yield Problem("manual_mode_usable", f"{len(refused)} of {len(london.by_hand)} refused: {refused[0].rejection}")
    if not london.by_hand:
        yield Problem("manual_mode_usable", "nobody could be sent by hand")


# The causes, put back in


def _trusting(build: Build) -> Build:
    """Every position counts as of now."""

    def recommended(question: Question) -> Answer:
        sure = [msgspec.structs.replace(unit, seen_at=question.now, doubt="") for unit in question.roster]
        return build.recommend(msgspec.structs.replace(question, roster=tuple(sure)))

    return replace(build, recommend=recommended)


def _nothing_noted(*_: object) -> list[Noted]:
    return []


def _flood(domain: Domain) -> Domain:
    """What stands is noticed again every minute, and each notice is an exception of its own."""
    rule, decide = domain.timers[WarningRaised], domain.deciders[RaiseWarning]

    def again(happened: Event, now: Instant) -> Iterator[Start | Stop]:
        yield from rule(happened, now)
        if isinstance(happened, WarningRaised):
            what = (happened.what, happened.level, happened.unit, happened.incident, happened.about)
            yield Start(f"dispatch/flood/{happened.warning}", now + MINUTE, RaiseWarning(*what))

    def every(state: Dispatch, asked: RaiseWarning, now: Instant) -> Decision:
        cause = (asked.unit, asked.incident, asked.about)
        said = decide(state, asked, now)
        if said or not holds(state, asked.what, *cause):
            return said
        return [WarningRaised(warning_id(asked.what, *cause), asked.what, asked.level, "fire", *cause)]

    deciders: dict[type[Command], Decide] = {**domain.deciders, RaiseWarning: every}
    timers: dict[type[Event], TimerRule] = {**domain.timers, WarningRaised: again}
    return replace(domain, deciders=deciders, timers=timers)


def _recommended_only(said: Rejection | list[Event], state: Dispatch, asked: AssignUnits) -> Rejection | list[Event]:
    incident = state.incidents.get(asked.incident)
    blind = incident is not None and not incident.recommendations
    return Rejection("recommendation_needed") if blind else said


CASE = Case(
    "lascad",
    "London Ambulance Service, 26 and 27 October and 4 November 1992",
    "Dispatch slowed down and locked up, the restart failed, and there was no working back-up.",
    f"{UNITS} units, of whose devices {LYING:.0%} fall silent, are a quarter of an hour late, have a wrong clock or "
    f"report from null island; {LOST_STATUS:.0%} of the statuses are lost; calls come {TIMES} times as often for "
    f"{STORM_H} h, {PAPERLESS_MIN} minutes of it without recommendations. Then the process is killed and restarted, "
    f"and {SOAK_H} h of ordinary work follow.",
    {
        "confidence_shown": "each recommendation names every unit once, and how its position is known, truly",
        "known_before_unknown": "nobody knows where a unit is: it goes behind one that is known, if not much later",
        "lies_are_noted": "a device that lies or is silent is known to, within minutes",
        "one_line_per_cause": "a cause is one exception, however often it is noticed",
        "memory_flat": "the live state at the end of the soak is no larger than behind the first hour",
        "no_event_lost": "what comes up is what was killed, and what was told is in the journal once",
        "restart_is_short": "the restart folds no line that the snapshot holds",
        "manual_mode_usable": "without recommendations units are sent by hand",
    },
    run,
    {
        "positions_trusted": Mutant("positions have no age", _trusting),
        "lies_unnoted": Mutant("nobody watches the devices", lambda build: replace(build, news=_nothing_noted)),
        "stale_is_as_good": Mutant(
            "what nobody knows costs nothing", lambda build: replace(build, policy=Policy(stale_margin_s=0))
        ),
        "exception_flood": Mutant("each notice is an exception", in_domain(_flood)),
        "leftovers": Mutant("what is over stays live", without_timer(IncidentClosed, CallEnded)),
        "london_loses_timers": Mutant(
            "a snapshot brings back no timers", lambda build: replace(build, executor=WithoutTimers)
        ),
        "london_decides_again": Mutant(
            "a restart forgets what was decided", lambda build: replace(build, executor=WithoutWindow)
        ),
        "recommended_only": Mutant(
            "nobody is sent without a recommendation", answering(AssignUnits, _recommended_only)
        ),
    },
)

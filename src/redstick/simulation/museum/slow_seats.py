"""Tallahassee, Dakota County, Will County: workstations that were slow or froze.

The same acts of a floor are done in a small centre and in one of ten times its units, incidents, calls and seats. Work
is counted, not time: how many calls of functions an act costs the node, its boards and all its seats together. A few
seats stop reading altogether.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import FrameType
from typing import Any

import msgspec

from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.state import Dispatch
from redstick.kernel.domain import Domain
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Instant
from redstick.server.audiences import Audiences
from redstick.server.board import Board, BoardSeat
from redstick.simulation.museum.build import Build
from redstick.simulation.museum.case import Case, Mutant, Problem, Result, judged
from redstick.simulation.museum.centre import SECOND, Centre, dice
from redstick.simulation.museum.planting import in_domain
from redstick.simulation.museum.record import unsound
from redstick.simulation.museum.screens import Screen, Screens, misshown, over_boards

SMALL, TIMES = 12, 10  # open incidents of the small centre, and how many times as many the large one has
SEATS, ASLEEP, ROUNDS = 3, 2, 9
BUDGET = 5_000  # calls of functions, p99: at some 0.2 us each, a millisecond of one core
GROWS = 4.0  # ten times the load may cost so many times the work, at p99
KEPT_ROWS = 3  # a seat that does not read may keep no more than so many times the rows there are


class Load:
    """A centre with so many incidents open, each with a unit at work, and seats that look on."""

    def __init__(self, build: Build, seed: int, times: int) -> None:
        self.random, self.centre = dice(seed, f"slow_seats/{times}"), Centre(build, seed)
        self.open = SMALL * times
        for number in range(2 * self.open):
            self.centre.all_of([EnrollUnit(f"E{number}", "ENGINE", "fire", "S1"), ReportStatus(f"E{number}", "AR")])
        self.screens = Screens(self.centre, build)
        self.seats = [Screen(f"seat{number}", self.screens) for number in range(SEATS * times)]
        self.asleep = [Screen(f"asleep{number}", self.screens) for number in range(ASLEEP)]
        for number in range(self.open):
            self.centre.all_of(self._opening(f"old{number}", f"E{number}"))
            self.centre.live(20 * SECOND)
        self.counts: dict[str, list[int]] = {}

    def _opening(self, name: str, unit: str) -> list[Command]:
        number = f"225{self.random.randrange(10**7):07d}"
        x, y = -912_000_000 + self.random.randrange(4_000_000), 304_000_000 + self.random.randrange(4_000_000)
        place = Place(f"{self.random.randrange(9_999)} Oak St", x, y, quality="rooftop", in_geofile=True)
        return [
            ReceiveCall(f"c{name}", "911", number, place), AnswerCall(f"c{name}", "calls:1"),
            OpenIncident(f"i{name}", name, "FIRE", priority=3, place=place, call=f"c{name}"),
            AddNote(f"i{name}", "smoke showing"), EndCall(f"c{name}"), AssignUnits(f"i{name}", [unit]),
            ReportStatus(unit, "ENR", f"i{name}"),
        ]  # fmt: skip

    def work(self) -> None:
        """Acts of every kind, each counted with what it costs the boards and every seat that reads."""
        for number in range(ROUNDS):
            name, unit = f"new{number}", f"E{self.open + number}"
            ending = [
                ReportStatus(unit, "ONS", f"i{name}"), ReleaseUnit(f"i{name}", unit), ReportStatus(unit, "AR"),
                CloseIncident(f"i{name}", "01"),
            ]  # fmt: skip
            for command in [*self._opening(name, unit), *ending]:
                self.counts.setdefault(type(command).__name__, []).append(self._counted(command))
            for seat in self.seats:
                seat.look()
            self.centre.live(30 * SECOND)

    def _counted(self, command: Command) -> int:
        counted = 0

        def count(frame: FrameType, event: str, of: object) -> None:
            nonlocal counted
            del frame, of
            counted += event in {"call", "c_call"}

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            self.centre.all_of([command])
        finally:
            sys.setprofile(before)
        return counted

    def every(self) -> list[int]:
        """All counts, sorted."""
        return sorted(count for counts in self.counts.values() for count in counts)


def p99(counts: list[int]) -> int:
    """By nearest rank."""
    return counts[-(-99 * len(counts) // 100) - 1]


def run(seed: int, build: Build) -> Result:
    """The small centre, and the large one; see `CASE`."""
    small, large = Load(build, seed, 1), Load(build, seed, TIMES)
    for load in (small, large):
        load.work()
    stored, lines = large.centre.stored(), large.centre.lines()
    one, ten = p99(small.every()), p99(large.every())
    facts: dict[str, int | str] = {
        "open_incidents": large.open, "seats": len(large.seats), "hundred_calls_p99_small": round(one / 100),
        "hundred_calls_p99_large": round(ten / 100),
        "acts_counted": len(large.every()), "lines": len(stored), "head": stored[-1][:64].decode(),
    }  # fmt: skip
    problems = [*unsound(stored), *large.centre.untrue("nothing_lost"), *misshown(large.seats, lines)]
    problems += [*_slow(small, large), *_unread(large)]
    if ten > BUDGET:
        problems.append(Problem("objective_held", f"p99 is {ten} calls of functions, of {BUDGET}"))
    return judged(problems, facts)


def _slow(small: Load, large: Load) -> Iterator[Problem]:
    """Each kind of act, at ten times the load, costs no more than a few times as much."""
    for kind, counts in large.counts.items():
        before, after = p99(sorted(small.counts[kind])), p99(sorted(counts))
        if after > GROWS * before + 200:
            yield Problem("objective_held", f"{kind}: {before} calls of functions at 1x, {after} at {TIMES}x")


def _unread(large: Load) -> Iterator[Problem]:
    """A seat that does not read keeps each row once, and sees all of it when it wakes."""
    for seat in large.asleep:
        kept = seat.waiting()
        rows = 2 * large.open + 2 * large.open + ROUNDS
        if kept > KEPT_ROWS * rows:
            yield Problem("sleepers_cost_nothing", f"{seat.name} keeps {kept} rows, and {rows} there are")
        seat.look()
    awake, slept = large.seats[0].seen[-1][2], [seat.seen[-1][2] for seat in large.asleep]
    if any(one != awake for one in slept):
        yield Problem("sleepers_cost_nothing", "who wakes sees something else than who was awake")


# The causes, put back in


def _scans(domain: Domain) -> Domain:
    """Every report of a status looks for every unit in all incidents, as a join without an index does."""
    decide = domain.deciders[ReportStatus]

    def changed(state: Dispatch, asked: ReportStatus, now: Instant) -> Any:
        for unit in state.units:
            for incident in state.incidents.values():
                incident.assignments.get(unit)
        return decide(state, asked, now)

    return replace(domain, deciders={**domain.deciders, ReportStatus: changed})


class _AllAnew(Audiences):
    """Each change renders every row again."""

    def note(self, states: Mapping[str, Any], facts: Iterable[Fact]) -> None:
        """All of them are marked."""
        super().note(states, facts)
        self._touched.update(dict.fromkeys(self._view.keys(states)))


class _KeepsAll(BoardSeat):
    """Keeps every version of every row until it is read."""

    kept = 0

    def take(self, rows: Mapping[str, msgspec.Raw], gone: Iterable[str]) -> None:
        """Add, and forget nothing."""
        super().take(rows, gone)
        for key, row in rows.items():
            self.kept += 1
            self._rows[f"{key}#{self.kept}"] = row


class _EncodesForEach(Board):
    """Encodes each row anew for every seat."""

    def publish(self, now: int, changed: Any, gone: Iterable[str] = (), at: int | None = None) -> None:
        """As often as there are seats."""
        for _ in self._seats:
            for row in changed.values():
                _plainly(row)
        super().publish(now, changed, gone, at)


def _plainly(row: Any) -> Any:
    return {key: _plainly(value) for key, value in row.items()} if isinstance(row, dict) else row


class _KeepingBoard(Board):
    """Its seats keep everything."""

    def subscribe(self) -> Any:
        """As before, with another seat."""
        snapshot, seat = super().subscribe()
        self.forget(seat)
        other = _KeepsAll(self)
        self._seats[other] = None
        return snapshot, other


def _on_boards(made: type[Board]) -> Callable[[Build], Build]:
    return lambda build: replace(build, audiences=over_boards(made))


CASE = Case(
    "slow_seats",
    "Tallahassee, Dakota County, Will County",
    "Workstations were slow or froze.",
    f"The same {ROUNDS} incidents are worked from ring to close in a centre of {SMALL} open incidents and {SEATS} "
    f"seats, and in one of {TIMES} times as many; {ASLEEP} seats stop reading. What is counted is work: calls of "
    "functions for each act, in the node, for its boards and for all its seats.",
    {
        "objective_held": f"at {TIMES} times the load an act costs at most {BUDGET} calls of functions at p99, and "
        f"no kind more than {GROWS:.0f} times what it cost before",
        "sleepers_cost_nothing": "a seat that does not read keeps each row once, and sees all of it when it wakes",
        "other_seats_unaffected": "every screen shows what the journal gives, at every look",
        "nothing_lost": "what was told is in the journal once",
    },
    run,
    {
        "status_scans": Mutant("a status looks for every unit in all incidents", in_domain(_scans)),
        "boards_all_anew": Mutant("each change renders every row", lambda build: replace(build, audiences=_AllAnew)),
        "encoded_for_each": Mutant("rows are encoded for each seat", _on_boards(_EncodesForEach)),
        "sleepers_keep_all": Mutant("a seat keeps all that it has not read", _on_boards(_KeepingBoard)),
    },
)

"""How much road time a choice of units costs beyond an optimum: San Francisco's week of 2016-12-31.

Third-party data, beside the checkout; without it there is no figure. Looked at are the first sendings of each call,
those within a minute of the first, of units with a known station; the same free-flow roads count for all. A unit is
free when the record shows it at no other call, and is then taken to be at its station: the record has no positions. So
a unit that was really sent from nearer by looks worse than it was; that is the record's limit, and part of every "sent"
figure.

* Per call: what was sent, beyond the joint optimum over the units that were free then. The recommendation is that
  optimum, which is checked against every sending.
* Per window of half an hour: all its calls served at once by the assignment of least total road time, everything known
  beforehand, each unit once, a unit from when it is free of work from before the window. No dispatcher can do that: it
  bounds what thinking ahead could bring. What was sent, and the recommendation call by call, are set against it.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.figure import Figure
from benchmarks.first_hour import DATA, EXAMPLES, WEEK, redstick
from redstick.cli.cities import fleet_of_city, open_city, open_router
from redstick.cli.histories import open_history
from redstick.dispatch.history import History
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.recommendation.by_road import ByRoad
from redstick.dispatch.recommendation.question import Candidate, Policy, Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.replay.errands import jobs
from redstick.dispatch.replay.plan import Fleet, Plan
from redstick.dispatch.replay.requests import binding_of, moments_of
from redstick.geo.routing import Point

FIRST_MS, WINDOW_MS = 60_000, 1_800_000
UNFILLED_S = 100_000  # beyond any drive: an optimum never leaves a need for the sake of time
NO_TURNOUT = Policy(turnout_s=0)


@dataclass(frozen=True)
class Call:
    """The first sendings of one call: to where, when, who, of which kinds; and each station's seconds to it."""

    at: int
    target: Point
    sent: tuple[str, ...]
    seconds: dict[str, float]


class Week:
    """The calls of the week in their order, the fleet, and when each unit was at work by the record."""

    def __init__(self, calls: list[Call], fleet: Fleet, work: dict[str, list[tuple[int, int]]]) -> None:
        self.calls, self.fleet, self._work = calls, fleet, work

    def kind(self, unit: str) -> str:
        """What it is."""
        return self.fleet.units[unit].kind

    def cost_s(self, unit: str, call: Call) -> int:
        """Whole seconds on the road from its station."""
        return round(call.seconds[self.fleet.units[unit].station])

    def free(self, unit: str, at: int, begun_before: int) -> bool:
        """At no call at a time, looking only at work that began before another one."""
        return not any(begin < begun_before and begin <= at < end for begin, end in self._work.get(unit, ()))

    def recommended(self, call: Call, units: Sequence[str]) -> list[str]:
        """The recommendation for as many units of each kind as were sent, from these."""
        kinds = sorted({self.kind(unit) for unit in call.sent})
        needs = tuple(Requirement(k, (k,), count=sum(self.kind(u) == k for u in call.sent)) for k in kinds)
        roster = tuple(Candidate(u, self.kind(u), station=self.fleet.units[u].station) for u in units)
        places = {name: (i, 0) for i, name in enumerate(call.seconds)}
        question = Question((0, 0), call.at, needs, roster, places, policy=NO_TURNOUT)
        return [verdict.unit for verdict in recommend(question, _Known(list(call.seconds.values()))).chosen]


class _Known:
    """Fills `RoadTimes` from times that are known: the place of a station is its number."""

    version, calibrated = "known", False

    def __init__(self, seconds: Sequence[float]) -> None:
        self._seconds = seconds

    def seconds_to(self, target: Point, origins: Sequence[Point]) -> list[tuple[float | None, str]]:
        """By number."""
        del target
        return [(self._seconds[number], "reached") for number, _ in origins]


def week() -> Week:
    """The history on the city's roads."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "city"
        redstick(
            "city", "import", "--roads", DATA / "roads" / "san_francisco_centerlines.geojson.gz",
            "--columns", EXAMPLES / "roads.toml", "--stations", DATA / "cad" / "san_francisco_stations.csv",
            "--time-zone", "America/Los_Angeles", "--out", folder,
        )  # fmt: skip
        history, _, _ = open_history(WEEK, EXAMPLES / "columns.toml", None)
        city = open_city(folder)
        fleet = fleet_of_city(city, history, EXAMPLES / "homes.toml")
        return Week(_calls(history, fleet, ByRoad(open_router(folder, city))), fleet, _work(history))


def _calls(history: History, fleet: Fleet, roads: ByRoad) -> list[Call]:
    """Those with a place that every station can reach, and with at least one unit that has a station."""
    found, names = [], sorted({unit.station for unit in fleet.units.values()})
    for job in jobs(history, fleet, Plan()):
        if job.target is None or not job.needs:
            continue
        at = min(need.sent_at for need in job.needs)
        sent = tuple(dict.fromkeys(need.recorded_unit for need in job.needs if need.sent_at <= at + FIRST_MS))
        times = roads.seconds_to(job.target, [fleet.stations[name] for name in names])
        seconds = {name: time for name, (time, _) in zip(names, times, strict=True) if time is not None}
        if len(seconds) == len(names):
            found.append(Call(at, job.target, sent, seconds))
    return sorted(found, key=lambda call: (call.at, call.sent))


def _work(history: History) -> dict[str, list[tuple[int, int]]]:
    """From the first to the last thing known of each unit's part in each call."""
    work: dict[str, list[tuple[int, int]]] = {}
    for row in range(len(history)):
        begin = binding_of(history, row)
        if begin is not None:
            end = max(moments_of(history, row).values())
            work.setdefault(history.unit.text(row), []).append((begin, max(end, begin)))
    return work


def per_call(lived: Week) -> Iterator[Figure]:
    """What was sent, beyond the optimum of its own call."""
    regrets, better = [], 0
    for call in lived.calls:
        free = [unit for unit in lived.fleet.units if unit in call.sent or lived.free(unit, call.at, call.at)]
        best = sum(lived.cost_s(unit, call) for unit in lived.recommended(call, free))
        regret = sum(lived.cost_s(unit, call) for unit in call.sent) - best
        if regret < 0:
            raise AssertionError(f"what was sent at {call.at} is better than the optimum by {-regret} s")
        regrets.append(regret)
        better += regret > 0
    print(f"{len(regrets):,} calls; at {better:,} of them another choice was nearer", file=sys.stderr)
    for percent in (50, 90):
        value = float(np.percentile(regrets, percent, method="inverted_cdf"))
        yield Figure(f"regret_sent_call_p{percent}", value, "s a call", 0, "the recommendation's own", len(regrets))


def per_window(lived: Week) -> Iterator[Figure]:
    """What was sent, and what was recommended call by call, beyond the optimum of all calls of each window."""
    windows: dict[int, list[Call]] = {}
    for call in lived.calls:
        windows.setdefault(call.at // WINDOW_MS, []).append(call)
    sent, recommended, needs = [], [], 0
    for number, calls in sorted(windows.items()):
        best = offline_s(lived, calls, number * WINDOW_MS)
        greedy = call_by_call_s(lived, calls, number * WINDOW_MS)
        if best is None or greedy is None:
            continue  # somewhere too few units for a first sending: the record sent one twice
        sent.append(sum(lived.cost_s(unit, call) for call in calls for unit in call.sent) - best)
        recommended.append(greedy - best)
        needs += sum(len(call.sent) for call in calls)
    print(
        f"{len(sent)} of {len(windows)} windows with {needs:,} units sent; beyond the optimum, a unit: sent "
        f"{sum(sent) / needs:.1f} s, recommended {sum(recommended) / needs:.1f} s",
        file=sys.stderr,
    )
    for percent in (50, 90):
        a, b = (float(np.percentile(of, percent, method="inverted_cdf")) for of in (sent, recommended))
        unit, n = "s a window", len(sent)
        yield Figure(f"regret_sent_window_p{percent}", a, unit, b, "the recommendation's", n)
        yield Figure(f"regret_recommended_window_p{percent}", b, unit, a, "what was really sent", n)


def offline_s(lived: Week, calls: Sequence[Call], begin: int) -> int | None:
    """Least total seconds for all sendings of a window, each unit once; None where they cannot all be served."""
    needs = [(call, lived.kind(unit)) for call in calls for unit in call.sent]
    units = list(lived.fleet.units)
    costs = np.full((len(needs), len(units)), UNFILLED_S, np.int64)
    for row, (call, kind) in enumerate(needs):
        for column, unit in enumerate(units):
            if lived.kind(unit) == kind and lived.free(unit, call.at, begin):
                costs[row, column] = lived.cost_s(unit, call)
    rows, columns = linear_sum_assignment(costs)
    total = int(costs[rows, columns].sum())
    return total if total < UNFILLED_S and len(rows) == len(needs) else None


def call_by_call_s(lived: Week, calls: Sequence[Call], begin: int) -> int | None:
    """Total seconds when each call takes what is recommended from the units that are left; None where that fails."""
    left, total = list(lived.fleet.units), 0
    for call in calls:
        chosen = lived.recommended(call, [unit for unit in left if lived.free(unit, call.at, begin)])
        if len(chosen) < len(call.sent):
            return None
        left = [unit for unit in left if unit not in chosen]
        total += sum(lived.cost_s(unit, call) for unit in chosen)
    return total


def measure() -> Iterator[Figure]:
    """Per call, then per window."""
    if WEEK.exists():
        lived = week()
        yield from per_call(lived)
        yield from per_window(lived)

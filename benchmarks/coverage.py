"""What placing and moving units is worth in Edmonton, and what it costs to compute; how well bad positions are found.

Third-party data (JEMSS.jl's model of Edmonton, beside the checkout); without it there are only figures of positions.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from benchmarks.first_hour import DATA
from redstick.adapters.jemss import Model, read_model
from redstick.dispatch.coverage import Area, Idle, best_placement, busy_fraction, placed_greedily, suggest

EDMONTON = DATA / "ems" / "edmonton"
RASTER = Path("data/population density/census 2016/rasters/edmonton_pop_densit_50m.zip")
CALLS_AN_HOUR, COVER_S = 8.0, 8 * 60 - 40.0  # of the model: 192 a day; 8 minutes less 40 seconds of dispatch
# Of the model's distributions, in hours: dispatch, scene, and for three calls of four the hospital; drives are about 6
# and 12 minutes.
HOURS_A_CALL = 40 / 3600 + 6 / 60 + 12 / 60 + 0.75 * (12 / 60 + 30.4 / 60)
ROUNDS = 200


def edmonton() -> Model:
    """The model, read."""
    return read_model(EDMONTON / "models" / "1", EDMONTON / RASTER)


def area_of(model: Model) -> Area:
    """Its demand under the load that its own settings make for the ambulances that it has."""
    busy = busy_fraction(CALLS_AN_HOUR, HOURS_A_CALL, int(model.deployed.sum()))
    return Area.within(CALLS_AN_HOUR * model.weight, model.travel_s, COVER_S, busy)


def measure() -> Iterator[Figure]:
    """Coverage of the deployment as published and as found; what moves save; what they cost to compute."""
    if not EDMONTON.exists():
        return
    model = edmonton()
    area, units = area_of(model), int(model.deployed.sum())
    given = area.covered(area.counts(model.deployed)).share
    best = area.covered(area.counts(best_placement(area, units, model.room))).share
    greedy = area.covered(area.counts(placed_greedily(area, units, model.room))).share
    yield Figure("coverage_given", given, "of calls", best, "the optimum of MEXCLP", units)
    yield Figure("coverage_dmexclp", greedy, "of calls", given, "the published deployment, at least", units)
    for busy in (0.3, 0.6):
        other = Area.within(model.weight, model.travel_s, COVER_S, busy)
        theirs = other.covered(other.counts(model.deployed)).share
        ours = other.covered(other.counts(placed_greedily(other, units, model.room))).share
        name = "the published deployment, at least"
        yield Figure(f"coverage_dmexclp_busy_{busy:.1f}", ours, "of calls", theirs, name, units)
    yield from _moving(model, area)


def _moving(model: Model, area: Area) -> Iterator[Figure]:
    """Units are away at random; those that are left stay at home, or three of them move by suggestion."""
    dice = np.random.default_rng(7)
    homes = np.repeat(np.arange(len(model.stations)), model.deployed)
    between_s = np.full((len(model.stations), len(model.stations)), 600.0)
    stay, moved, lasted = [], [], 0.0
    for _ in range(ROUNDS):
        left = dice.choice(homes, dice.integers(4, 13), replace=False)
        idle = [Idle(f"A{i:02}", area.reach[home], between_s[home], int(home)) for i, home in enumerate(left)]
        began = time.process_time()
        moves = suggest(area, idle)
        lasted += time.process_time() - began
        now = area.covered(np.sum([one.reaches for one in idle], axis=0))
        stay.append(now.late)
        moved.append(moves[-1].after.late if moves else now.late)
    yield Figure("late_calls_if_moved", float(np.mean(moved)), "an hour", float(np.mean(stay)), "not moving", ROUNDS)
    yield Figure("suggesting", lasted / ROUNDS * 1000, "ms CPU", 50.0, "between two ticks of a seat", ROUNDS)

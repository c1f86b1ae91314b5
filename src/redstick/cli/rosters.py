"""Rosters and places for trying things out: a city's units as planned, or as a seed throws them over a shift."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from redstick.dispatch.ports import Point
    from redstick.dispatch.recommendation.question import Candidate
    from redstick.geo.city import City, Unit
    from redstick.kernel.values import Instant

# What the units of a busy shift are doing, in percent: made up, so that every reason is seen.
BUSY_SHIFT = {"AQ": 52, "AR": 18, "CLR": 5, "ENR": 5, "ONS": 10, "HSP": 3, "MEAL": 2, "OOS": 3, "OFF": 2}
AT_WORK = ("ENR", "ONS", "HSP")
AGES_S = (5, 20, 45, 90, 200, 600, 2_000)
ROSTER, PLACE = 0, 1  # streams of one seed


def quiet_roster(city: "City") -> "tuple[Candidate, ...]":
    """Every unit free and in quarters."""
    return tuple(_planned(unit) for unit in city.units)


def seeded_roster(city: "City", seed: int, now: "Instant") -> "tuple[Candidate, ...]":
    """The units in the midst of a shift that the seed makes up: status, position, its age, staffing, crew, workload."""
    dice = _dice(seed, ROSTER)
    return tuple(_drawn(unit, city, dice, now) for unit in city.units)


def random_place(city: "City", seed: int) -> "Point":
    """A place on the roads that the seed chooses; every segment is as likely as the next."""
    roads, dice = city.roads, _dice(seed, PLACE)
    segment = int(dice.integers(roads.segments))
    first, behind = int(roads.start[segment]), int(roads.start[segment + 1])
    x, y = roads.xy[(first + behind) // 2]
    return int(x), int(y)


def _dice(seed: int, stream: int) -> "np.random.Generator":
    from numpy.random import PCG64, Generator, SeedSequence

    return Generator(PCG64(SeedSequence([seed, stream])))


def _planned(unit: "Unit") -> "Candidate":
    from redstick.dispatch.recommendation.question import Candidate

    return Candidate(unit.id, unit.kind, unit.capabilities, unit.agency, unit.station)


def _drawn(unit: "Unit", city: "City", dice: "np.random.Generator", now: "Instant") -> "Candidate":
    """As many draws for every unit, so that one more unit changes nothing for those before it."""
    from msgspec.structs import replace

    from redstick.dispatch.status_table import Status

    said = int(dice.integers(sum(BUSY_SHIFT.values())))
    node, age_s = int(dice.integers(city.roads.nodes)), AGES_S[int(dice.integers(len(AGES_S)))]
    number, workload, staffing, heard, shared = (int(found) for found in dice.integers((1_000, 9, 10, 10, 6)))
    status = next(word for word, below in _ladder() if said < below)
    return replace(
        _planned(unit),
        status=Status(status),
        incident=f"incident {number}" if status in AT_WORK else "",
        at=(int(city.roads.node_x[node]), int(city.roads.node_y[node])) if heard else None,
        seen_at=now - 1000 * age_s,
        staffing=None if staffing == 0 else 2 + staffing % 3,
        workload=workload,
        crew=f"of {unit.station}" if status == "AQ" and unit.station and not shared else "",
    )


def _ladder() -> list[tuple[str, int]]:
    """Each status with the draws up to it."""
    found, total = [], 0
    for word, share in BUSY_SHIFT.items():
        total += share
        found.append((word, total))
    return found

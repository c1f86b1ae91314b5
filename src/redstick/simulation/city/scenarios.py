"""Scenarios: what befalls the city beside its ordinary day. Each is a description and nothing else.

Hours are of the local clock, counted from the midnight before the simulated day begins, so that 26 is two in the
morning of the next day.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Where(StrEnum):
    """Where a happening takes place."""

    HOMES = "homes"  # an address, by who lives there
    WORK = "work"  # an address, by who is there by day
    SPOTS = "spots"  # where people go out
    CORNERS = "corners"
    INTERSTATES = "interstates"
    STADIUM = "stadium"  # and a few blocks around
    ONE_PLACE = "one_place"  # all of a burst at one place on an interstate: one thing, seen by many


@dataclass(frozen=True)
class Burst:
    """So many happenings between two hours, of these kinds by weight, each seen by `seen_by` people (least, most)."""

    begins_h: float
    ends_h: float
    happenings: int
    kinds: dict[str, int]
    where: Where
    seen_by: tuple[int, int] = (1, 2)


@dataclass(frozen=True)
class Ghosts:
    """Calls that nobody makes on purpose: a fault of a network rings, hangs up, and rings again from the same number.

    `repeats_percent` of the `calls` come from numbers that rang before.
    """

    begins_h: float
    ends_h: float
    calls: int
    repeats_percent: int


@dataclass(frozen=True)
class Scenario:
    """`load_percent` is the ordinary day's, by hours (from, to, percent) where it differs; `flags` are declared."""

    name: str
    title: str
    sentence: str
    load_percent: tuple[tuple[float, float, int], ...] = ()
    bursts: tuple[Burst, ...] = ()
    ghosts: tuple[Ghosts, ...] = ()
    flags: tuple[str, ...] = field(default=())


ORDINARY = Scenario("ordinary", "An ordinary day", "A day as most are: quiet before dawn, busy when people drive home.")
STORM = Scenario(
    "storm",
    "Storm",
    "A line of storms crosses the parish in the evening: wires, trees, water on the roads, and alarms everywhere.",
    load_percent=((17, 22, 130),),
    bursts=(
        Burst(17.5, 20.5, 90, {"Wires down": 30, "Tree across the road": 28, "Commercial alarm": 20,
                               "Burglar alarm": 16, "Outside fire": 6}, Where.HOMES, (1, 3)),
        Burst(17.5, 20.0, 26, {"Signals dark": 10, "Crash, no injuries": 10, "Crash with injuries": 6}, Where.CORNERS,
              (1, 4)),
        Burst(18.0, 20.5, 16, {"Car in high water": 10, "Tree on a house": 6}, Where.HOMES, (1, 4)),
    ),
    flags=("storm",),
)  # fmt: skip
FOOTBALL = Scenario(
    "football",
    "Football night",
    "A night game: crowds at the stadium, heat and drink, and the way home all at once.",
    load_percent=((16, 27, 115),),
    bursts=(
        Burst(17.0, 22.0, 34, {"Sick person": 14, "Fall": 9, "Chest pain": 4, "Disturbance": 12}, Where.STADIUM,
              (1, 3)),
        Burst(22.0, 24.0, 22, {"Crash, no injuries": 10, "Crash with injuries": 5, "Traffic hazard": 4}, Where.CORNERS,
              (1, 4)),
        Burst(22.5, 26.0, 26, {"Disturbance": 16, "Noise": 8, "Sick person": 6}, Where.SPOTS, (1, 3)),
    ),
)  # fmt: skip
FESTIVAL = Scenario(
    "festival",
    "Festival",
    "A street festival from noon into the night: small things by the dozen, and streets that nobody gets through.",
    load_percent=((11, 25, 110),),
    bursts=(
        Burst(11.5, 18.0, 30, {"Sick person": 16, "Fall": 10, "Welfare check": 6, "Theft report": 8}, Where.SPOTS),
        Burst(18.0, 25.0, 44, {"Disturbance": 20, "Sick person": 12, "Noise": 8, "Suspicious vehicle": 5}, Where.SPOTS,
              (1, 3)),
    ),
)  # fmt: skip
PILE_UP = Scenario(
    "pile_up",
    "Interstate pile-up",
    "Fog in the morning rush: one crash on the interstate that fifty drivers see, and each of them calls.",
    bursts=(
        Burst(7.2, 7.25, 1, {"Pile-up": 1}, Where.ONE_PLACE, (46, 54)),
        Burst(7.3, 9.0, 9, {"Crash, no injuries": 6, "Crash with injuries": 2}, Where.INTERSTATES, (1, 4)),
    ),
)
GHOSTS = Scenario(
    "ghosts",
    "Ghost calls",
    "A network fault rings 442 times within an hour and hangs up; three in five come from numbers that rang before.",
    ghosts=(Ghosts(18.0, 19.0, 442, 60),),
)
SCENARIOS = {one.name: one for one in (ORDINARY, STORM, FOOTBALL, FESTIVAL, PILE_UP, GHOSTS)}

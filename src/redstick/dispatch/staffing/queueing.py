"""How long callers wait for one of several people, by Erlang's formulas.

Erlang C (M/M/n): calls come by chance at an even rate, each takes an exponential time, whoever waits stays; it needs
more people than work. Erlang A (M/M/n+M, Palm 1957; Mandelbaum and Zeltyn 2007) lets callers give up after an
exponential patience, and so also tells what becomes of a floor with too few. For planning Erlang C is taken: nobody
who calls for help is to be counted on to hang up.
"""

import math
from typing import NamedTuple

from redstick.dispatch.coverage.busy import erlang_b, erlang_c

PEOPLE_MOST = 1_000
UNLIKELY = 1e-12  # states beyond are left out


class Waits(NamedTuple):
    """What callers meet: the share that waits, that gives up, the mean wait of all in seconds; how busy people are."""

    waits: float
    gives_up: float
    mean_s: float
    busy: float


def within(calls_an_hour: float, handling_s: float, people: int, threshold_s: float) -> float:
    """The share of callers answered within a threshold, by Erlang C; 0 where there is more work than people."""
    load = calls_an_hour * handling_s / 3600
    if load == 0:
        return 1.0 if people else 0.0
    if load >= people:
        return 0.0
    return 1 - erlang_c(load, people) * math.exp(-(people - load) * threshold_s / handling_s)


def mean_wait_s(calls_an_hour: float, handling_s: float, people: int) -> float:
    """The mean wait of all callers, by Erlang C; infinity where there is more work than people."""
    load = calls_an_hour * handling_s / 3600
    return erlang_c(load, people) * handling_s / (people - load) if load < people else math.inf


def people_for(calls_an_hour: float, handling_s: float, percent: float, threshold_s: float) -> int:
    """The fewest people who answer `percent` percent within a threshold, by Erlang C; 0 where nobody calls.

    Raises ValueError where more than a thousand would be needed.
    """
    if calls_an_hour * handling_s == 0:
        return 0
    for people in range(math.floor(calls_an_hour * handling_s / 3600) + 1, PEOPLE_MOST + 1):
        if within(calls_an_hour, handling_s, people, threshold_s) * 100 >= percent:
            return people
    raise ValueError(f"{calls_an_hour} calls an hour of {handling_s} s need more than {PEOPLE_MOST} people")


def with_patience(calls_an_hour: float, handling_s: float, people: int, patience_s: float) -> Waits:
    """What callers of a mean patience meet, by Erlang A: a birth and death process, its states summed until unlikely.

    With an infinite patience it is Erlang C, with none at all Erlang B.
    """
    load, theta = calls_an_hour * handling_s / 3600, handling_s / patience_s  # in handling times
    if load == 0:
        return Waits(0.0, 0.0, 0.0, 0.0)
    # Weights of the states from `people` busy on, in units of that of just `people`; below it they are Erlang B's.
    blocked = erlang_b(load, people)
    weight, total, queue, count = 1.0, 1.0, 0.0, 0
    while weight > UNLIKELY * total or load > people + theta * count:
        count += 1
        weight *= load / (people + theta * count)
        total += weight
        queue += count * weight
    whole = 1 / blocked - 1 + total  # the states below `people` weigh 1 / B - 1
    waits, queued = total / whole, queue / whole
    gives_up = theta * queued / load
    return Waits(waits, gives_up, queued / load * handling_s, load * (1 - gives_up) / people if people else 0.0)

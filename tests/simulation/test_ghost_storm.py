"""A storm of calls that say nothing: who needs help is heard in time, and nobody is forgotten."""

from math import exp

import pytest

from redstick.adapters.memory import MemoryJournal
from redstick.simulation.ghost_storm import CALLS, REAL, STANDARD, GhostStorm, call_takers

SEEDS = range(4)


@pytest.fixture(scope="module")
def storms():
    """Each lived once."""
    return [GhostStorm(seed, MemoryJournal()).run() for seed in SEEDS]


def test_nine_in_ten_people_are_spoken_with_in_fifteen_seconds(storms):
    """From their first ring, on whichever call, at the staffing of an ordinary hour."""
    delays = sorted(delay for storm in storms for delay in storm.delays_ms())
    assert len(delays) == REAL * len(SEEDS)
    assert delays[int(0.9 * len(delays))] <= 15_000


def test_no_person_is_unreached_and_nothing_is_left_over(storms):
    """Whoever hung up was called back; nobody stands in line, each number was tried until a person must close it."""
    for storm in storms:
        assert (storm.unreached, storm.left_over) == ([], 0)


def test_the_storm_is_what_it_says(storms):
    """442 calls, six in ten of a number that rang before, one in ten a person, at seats for a tenth of the calls."""
    for storm in storms:
        assert len(storm.people) == REAL
        assert 0.55 <= 1 - len(storm.callers) / CALLS <= 0.65
        assert len(storm.seats) == 7


def test_the_same_seed_is_the_same_storm():
    """Byte for byte of the journal."""
    one, other = MemoryJournal(), MemoryJournal()
    for journal in (one, other):
        GhostStorm(1, journal).run()
    assert one.head() == other.head()


def service_level(load, seats, seconds, talk):
    """Erlang C by way of the recursion of Erlang B: the share that waits no longer than so many seconds."""
    blocked = 1.0
    for one in range(1, seats + 1):
        blocked = load * blocked / (one + load * blocked)
    waits = seats * blocked / (seats - load * (1 - blocked))
    return 1 - waits * exp(-(seats - load) * seconds / talk)


@pytest.mark.parametrize("load", [1, 3.3, 5, 10, 40])
def test_staffing_is_the_least_that_keeps_the_standard(load):
    """Worked out another way: with it every mark is kept, with one seat fewer some mark is not."""
    seats = call_takers(load, 60)
    for fewer in (0, 1):
        kept = [service_level(load, seats - fewer, seconds, 60) >= share for seconds, share in STANDARD]
        assert all(kept) is (fewer == 0)

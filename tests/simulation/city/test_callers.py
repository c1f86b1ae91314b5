"""Who calls, when, about what: each test states one fact. Draws only: nobody answers here."""

from collections import Counter
from math import sqrt
from zoneinfo import ZoneInfo

import pytest
from tests.simulation.city.conftest import FRIDAY

from redstick.simulation.city.arrivals.callers import HOUR_MS, Callers, Habits, share_of
from redstick.simulation.city.arrivals.contacts import Speech
from redstick.simulation.city.arrivals.grounds import Grounds
from redstick.simulation.city.scenarios import SCENARIOS
from redstick.simulation.natures import BY_HOUR, NATURES

DAYS = 28


@pytest.fixture(scope="module")
def grounds(parish):
    """Where things happen in the small parish."""
    return Grounds(parish.city)


@pytest.fixture(scope="module")
def callers(grounds, parish):
    """Callers of a seed and a scenario."""

    def callers(seed=7, scenario="ordinary", habits=None):
        zone = ZoneInfo(parish.city.time_zone)
        return Callers(grounds, zone, seed, SCENARIOS[scenario], FRIDAY, habits or Habits())

    return callers


@pytest.fixture(scope="module")
def month(callers):
    """Four weeks of ordinary days, by hour."""
    return [callers().hour(which) for which in range(24 * DAYS)]


def test_a_day_has_the_calls_that_it_is_said_to_have(month):
    """1,200 on the mean of four weeks, within four standard errors."""
    calls = sum(len(hour) for hour in month) / DAYS
    assert abs(calls - 1_200) < 4 * sqrt(1_200 / DAYS) * 1.3  # called in by several: not quite Poisson


def test_the_hours_of_a_day_are_as_busy_as_people_are(month):
    """Each group's happenings by hour follow its profile, within four standard errors of each hour."""
    found = {group: Counter() for group in BY_HOUR}
    for which, hour in enumerate(month):
        for key, group in {(c.happening.key, c.happening.nature.group) for c in hour if c.happening is not None}:
            found[group][which % 24] += 1
            assert key
    for group, profile in BY_HOUR.items():
        whole = sum(found[group].values())
        for hour, share in enumerate(profile):
            expected = whole * share / sum(profile)
            assert abs(found[group][hour] - expected) < 4.5 * sqrt(expected), (group, hour)


def test_kinds_come_as_often_as_their_share(month):
    """Within a group each nature has its share, within four standard errors."""
    seen = {c.happening.key: c.happening.nature for hour in month for c in hour if c.happening is not None}
    kinds = Counter(nature.kind for nature in seen.values())
    for nature in NATURES:
        group = [other for other in NATURES if other.group == nature.group]
        whole = sum(kinds[other.kind] for other in group)
        expected = whole * share_of(nature) / sum(share_of(other) for other in group)
        assert abs(kinds[nature.kind] - expected) < 4.5 * sqrt(expected), nature.kind


def test_an_hour_is_drawn_the_same_whatever_was_drawn_before(callers):
    """So a city that begins at noon has the afternoon of one that began at midnight."""
    one, other = callers(), callers()
    other.hour(3)
    assert one.hour(15) == other.hour(15)
    assert one.hour(15) != callers(8).hour(15)


def test_calls_of_an_hour_come_in_order(month):
    """By their moments; those who see the same thing later call later."""
    for hour in month:
        assert [contact.at for contact in hour] == sorted(contact.at for contact in hour)


def test_some_err_some_are_silent_some_move_and_some_only_test(month):
    """Each as often as the habits say: within half of it."""
    contacts = [contact for hour in month for contact in hour]
    told = [contact for contact in contacts if contact.speech is Speech.TELLS]
    habits = Habits()

    def percent(found, of):
        return 100 * sum(found) / len(of)

    assert percent((c.told.text != c.happening.place.text for c in told), told) == pytest.approx(
        habits.wrong_address, rel=0.5
    )
    assert percent((c.nature is not c.happening.nature for c in told), told) == pytest.approx(
        habits.wrong_kind, rel=0.5
    )
    assert percent((c.moves_to is not None for c in told), told) == pytest.approx(habits.moving, rel=0.5)
    asked_after = len(told) - len({(c.happening.key, c.callback) for c in told})
    assert 100 * asked_after / len(told) == pytest.approx(habits.asks_after, rel=0.5)
    hasty = percent((c.patience_ms < 6_000 for c in told), told)
    assert hasty == pytest.approx(habits.hasty, rel=0.5)
    silent = [contact.speech is Speech.SILENT for contact in contacts]
    assert percent(silent, contacts) == pytest.approx(habits.silent, rel=0.5)
    assert any(contact.speech is Speech.TEST for contact in contacts)


def test_a_ghost_storm_has_its_442_calls_and_its_repeats(callers):
    """442 within the hour, all silent; 60 % of them of numbers that had rung before."""
    ghosts = callers(scenario="ghosts").bursts()
    assert len(ghosts) == 442
    assert {contact.speech for contact in ghosts} == {Speech.SILENT}
    assert ghosts[-1].at - ghosts[0].at <= HOUR_MS
    repeats = len(ghosts) - len({contact.callback for contact in ghosts})
    assert repeats == pytest.approx(442 * 0.6, abs=2)


def test_a_pile_up_is_one_thing_that_many_see(callers):
    """Some fifty calls about one happening within a quarter of an hour, each of another number."""
    seen = Counter(c.happening.key for c in callers(scenario="pile_up").bursts() if c.nature is not None)
    key, calls = seen.most_common(1)[0]
    assert 46 <= calls <= 60  # one or the other asks again where they are
    about = [c for c in callers(scenario="pile_up").bursts() if c.happening.key == key]
    first = {c.callback: c.at for c in reversed(about)}
    assert max(first.values()) - min(first.values()) < 15 * 60_000
    assert len(first) >= 46


def test_no_number_can_be_anybodys(month):
    """No area code begins with 1."""
    assert all(contact.callback.startswith("1") for hour in month for contact in hour)


@pytest.mark.parametrize("name", sorted(set(SCENARIOS) - {"ordinary"}))
def test_every_scenario_brings_something(callers, name):
    """Within its hours, and with words for all of it."""
    brought = callers(scenario=name).bursts()
    assert brought
    for contact in brought:
        assert contact.speech is not Speech.TELLS or (contact.said and contact.told.text)

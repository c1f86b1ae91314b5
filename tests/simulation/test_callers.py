"""Callers: each test states one fact."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from numpy.random import PCG64, Generator

from redstick.simulation.callers import Callers
from redstick.simulation.natures import HOUR_SHARE, NATURES

DAYS = 60
PER_HOUR = 40.0
CHICAGO = ZoneInfo("America/Chicago")


def callers(parish, seed=1):
    return Callers(parish.city, Generator(PCG64(seed)), PER_HOUR)


@pytest.fixture(scope="module")
def moments(parish):
    """Moments of sixty January days, as the callers choose them."""
    phone = callers(parish)
    now = round(datetime(2026, 1, 1, tzinfo=CHICAGO).timestamp() * 1000)
    until = now + DAYS * 86_400_000
    found = []
    while (now := phone.next_moment(now)) < until:
        found.append(now)
    return found


@pytest.fixture(scope="module")
def contacts(parish):
    """Two thousand contacts."""
    phone = callers(parish)
    return [phone.contact() for _ in range(2000)]


def test_calls_follow_the_hours_of_the_local_day(moments):
    """Each local hour gets its share of the busiest hour's calls, within five standard errors of a Poisson count."""
    hours = [datetime.fromtimestamp(moment / 1000, UTC).astimezone(CHICAGO).hour for moment in moments]
    counts = np.bincount(hours, minlength=24)
    expected = np.array(HOUR_SHARE) * PER_HOUR * DAYS
    assert np.all(np.abs(counts - expected) < 5 * np.sqrt(expected))


def test_time_runs_forward(moments):
    """Every next call comes after the one before."""
    assert np.all(np.diff(moments) >= 0)


def test_natures_come_by_their_shares(contacts):
    """Each within five standard errors of its share."""
    shares = np.array([nature.share for nature in NATURES])
    expected = shares / shares.sum() * len(contacts)
    counts = [sum(contact.nature is nature for contact in contacts) for nature in NATURES]
    assert np.all(np.abs(counts - expected) < 5 * np.sqrt(expected))


def test_every_place_is_in_the_city(parish, contacts):
    """An address of the address file, or a corner of two named streets, each at its own position."""
    known, roads = parish.city.addresses, parish.city.roads
    doors = {
        (f"{number} {known.streets[street]}", x, y)
        for number, street, x, y in zip(
            known.number.tolist(), known.street.tolist(), known.x.tolist(), known.y.tolist(), strict=True
        )
    }
    corners = set(zip(roads.node_x.tolist(), roads.node_y.tolist(), strict=True))
    for contact in contacts:
        place = contact.place
        if place.quality == "corner":
            first, second = place.text.split(" / ")
            assert first != second
            assert {first, second} <= set(roads.names)
            assert (place.x, place.y) in corners
        else:
            assert (place.text, place.x, place.y) in doors


def test_nobody_can_be_called_back(contacts):
    """Call-back numbers are from the range that is kept for made-up ones, 555-0100 to 555-0199."""
    numbers = {contact.callback for contact in contacts}
    assert all(number[:6] == "555-01" and number[6:].isdigit() and len(number) == 8 for number in numbers)


def test_the_same_seed_tells_the_same_story(parish):
    """Moments and contacts follow from the seed alone; another seed tells another one."""
    stories = []
    for seed in (3, 3, 4):
        phone = callers(parish, seed)
        stories.append([(phone.next_moment(0), phone.contact()) for _ in range(20)])
    assert stories[0] == stories[1]
    assert stories[0] != stories[2]

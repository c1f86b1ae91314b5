"""Which verdicts are news: each test states one fact."""

from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.avl.noting import news
from redstick.dispatch.avl.quality import Quality
from redstick.dispatch.status_table import Status
from redstick.simulation.lying_devices import CITY, INTERVAL_MS, NOON, dice_of, healthy, jumped, swapped

REPORTS = 60


def told_over(tracks, statuses):
    """What is noted when the tracks are watched interval by interval."""
    known, told = {}, []
    for number in range(1, REPORTS + 30):
        now = NOON + number * INTERVAL_MS
        seen = {unit: [fix for fix in fixes if fix.received_at <= now][-12:] for unit, fixes in tracks.items()}
        for one in news(seen, statuses, known, now, INTERVAL_MS, CITY):
            known[one.unit] = one.quality
            told.append(one)
    return told


@given(st.integers(0, 2**32))
def test_a_healthy_fleet_is_no_news(seed):
    """An hour's reports of three units put nothing into the journal until they fall silent, and that once for each."""
    tracks = {name: healthy(dice_of(seed), REPORTS) for name in "ABC"}
    told = told_over(tracks, dict.fromkeys("ABC", Status.ENR))
    assert [(one.unit, one.quality) for one in told] == [(name, Quality.STALE) for name in "ABC"]


def test_a_gap_in_the_cover_is_no_news():
    """Half of ten intervals without a report: ageing, to a recommendation, and nothing to the journal."""
    fixes = healthy(dice_of(5), REPORTS)
    told = told_over({"A": [*fixes[:20], *fixes[25:]]}, {"A": Status.ENR})
    assert [one.quality for one in told] == [Quality.STALE]


def test_a_doubt_is_told_when_it_begins_and_when_it_is_over():
    """One leap and back: a jump, and then well again."""
    fixes = healthy(dice_of(6), REPORTS)
    told = told_over({"A": [*jumped(dice_of(7), fixes[:30]), *fixes[30:]]}, {"A": Status.ENR})
    assert [one.quality for one in told] == [Quality.JUMP, Quality.FRESH, Quality.STALE]


def test_an_exchange_names_both():
    """Each with the other; a unit of which nothing was ever reported is not news."""
    dice = dice_of(8)
    tracks = dict(zip("AB", swapped(dice, healthy(dice, REPORTS), healthy(dice, REPORTS)), strict=True))
    told = [one for one in told_over(tracks, dict.fromkeys("ABZ", Status.ENR)) if one.quality is Quality.SWAP]
    assert [(one.unit, one.other) for one in told] == [("A", "B"), ("B", "A")]

"""A recorded shift lived through again: the same calls come, at the same times, saying what came of them then."""

import pytest

from redstick.simulation.city.arrivals.contacts import Speech
from redstick.simulation.demo.base import open_base
from redstick.simulation.demo.opening import Wanted, lived_before
from redstick.simulation.training.recorded import RecordedCalls

MINUTE, HOUR = 60_000, 3_600_000
BEGIN = 1_795_218_000_000


@pytest.fixture(scope="module")
def base():
    """The small parish."""
    return open_base("small", lambda _: None)


def lived(folder, base, until, recorded=None, further=0):
    """The calls of a shift that robots alone have lived until a moment, and for a while further."""
    life = lived_before(folder, base, Wanted(11, "storm", recorded=recorded), until)
    life.advance(until + further)
    return RecordedCalls.of(life.floor.desk.driver.journal.read(0))


def test_the_same_calls_come_again_at_the_same_times(base, tmp_path):
    """Numbers and moments; those that became incidents say their kind, their place and their words."""
    first = lived(tmp_path / "first", base, BEGIN)
    again = lived(tmp_path / "again", base, first.contacts[0].at - MINUTE, first, HOUR)
    moments = [(one.at, one.callback) for one in first.contacts]
    assert len(moments) > 5
    assert set(moments) <= {(one.at, one.callback) for one in again.contacts}
    told, heard = words(first), words(again)
    assert len(told) > 5
    assert sum(heard.get(number) == said for number, said in told.items()) >= len(told) * 3 // 4


def words(calls):
    """What was said, by number."""
    return {one.callback: (one.nature.kind, one.told.text) for one in calls.contacts if one.speech is Speech.TELLS}


def test_a_journal_without_calls_has_none(tmp_path):
    """Nothing to live through."""
    assert RecordedCalls.of([]).contacts == []

"""Positions beside the server: judged in memory, bounded, and only a verdict that is news is asked to be written."""

import asyncio

import pytest
from tests.dispatch.live_desk import SECOND, LiveDesk

from redstick.dispatch.avl.quality import STALE_REPORTS
from redstick.dispatch.rules.positions import NoteQuality
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.server.tracks import INTERVAL_MS, KEPT, Report, Tracks

HERE = (-911_500_000, 304_500_000)


@pytest.fixture
def desk():
    """Two units on duty."""
    desk = LiveDesk()
    for unit in ("E1", "E2"):
        desk.run(EnrollUnit(unit), ReportStatus(unit, "AQ"))
    return desk


@pytest.fixture
def tracks(desk):
    """Tracks beside the desk; what they ask is asked of it, and kept in `asked`."""
    asked = []

    async def ask(command):
        asked.append(command)
        return desk.ask(command)

    tracks = Tracks(lambda: {"dispatch": desk.state}, ask, lambda: desk.now)
    tracks.asked = asked
    return tracks


def take(tracks, desk, *, x=HERE[0], unit="E1", at=None):
    """One report of now."""
    return asyncio.run(tracks.take([Report(unit, x, HERE[1], desk.now if at is None else at)]))


def verdicts(tracks):
    """What was asked to be written."""
    assert all(isinstance(one, NoteQuality) for one in tracks.asked)
    return [(one.unit, str(one.quality)) for one in tracks.asked]


def test_sound_positions_write_nothing(tracks, desk):
    """However many: a track is no event."""
    for step in range(200):
        desk.now += 10 * SECOND
        take(tracks, desk, x=HERE[0] + 100 * step)
    assert verdicts(tracks) == []


def test_a_leap_is_written_once_and_its_end_once(tracks, desk):
    """The same report again, and others of the new place, change the verdict only when it is another."""
    take(tracks, desk)
    desk.now += SECOND
    for _ in range(2):
        take(tracks, desk, x=HERE[0] + 10_000_000)
    assert verdicts(tracks) == [("E1", "jump")]
    for step in range(1, 4):
        desk.now += 10 * SECOND
        take(tracks, desk, x=HERE[0] + 10_000_000 + step)
    assert verdicts(tracks) == [("E1", "jump"), ("E1", "fresh")]


def test_the_same_batch_again_is_taken_once(tracks, desk):
    """A gateway that lost the answer sends it again: a unit that stands on one report is not frozen by that."""
    desk.run(ReportStatus("E1", "ENR"))
    at = desk.now
    for _ in range(20):
        desk.now += 5 * SECOND
        take(tracks, desk, at=at)
    assert len(tracks._tracks["E1"]) == 1
    assert verdicts(tracks) == []


def test_what_is_kept_of_a_unit_is_bounded(tracks, desk):
    """A device that floods costs no more than one that does not."""
    for step in range(10 * KEPT):
        take(tracks, desk, at=desk.now + step)
    assert len(tracks._tracks["E1"]) == KEPT


def test_silence_is_a_verdict_too_but_not_right_behind_a_restart(tracks, desk):
    """A unit that was heard of goes stale without another report; one never heard of is not blamed at once."""
    take(tracks, desk)
    desk.now += STALE_REPORTS * INTERVAL_MS + SECOND
    asyncio.run(tracks.judge())
    assert verdicts(tracks) == [("E1", "stale")]


def test_after_a_restart_a_doubt_that_stands_is_not_taken_back_for_want_of_reports(tracks, desk):
    """The new process has no tracks yet, and says nothing until it has."""
    take(tracks, desk)
    desk.now += SECOND
    take(tracks, desk, x=HERE[0] + 10_000_000)
    again = Tracks(lambda: {"dispatch": desk.state}, lambda command: pytest.fail(f"asked {command}"), lambda: desk.now)
    asyncio.run(again.judge())
    assert desk.state.units["E1"].quality == "jump"


@pytest.mark.parametrize(
    ("report", "place"),
    [
        (Report("X9", 0, 0, 1), "$[0].unit"),
        (Report("E1", 1_800_000_001, 0, 1), "$[0].x"),
        (Report("E1", 0, -900_000_001, 1), "$[0].y"),
        (Report("E1", 0, 0, -1), "$[0].at"),
    ],
)
def test_what_no_device_can_mean_is_refused_with_its_place(tracks, report, place):
    """And kept nowhere."""
    [fault] = asyncio.run(tracks.take([report]))
    assert fault.place == place
    assert tracks._tracks == {}

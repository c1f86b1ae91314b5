"""Positions as seats are told of them: which way, whether it moves, how much it is worth; spread over busy moments."""

import asyncio

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.live_desk import SECOND, LiveDesk

from redstick.dispatch.avl.quality import Fix, Quality
from redstick.dispatch.rules.positions import NoteQuality
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.server.positions import SLICE, Positions, heading_deg
from redstick.server.tracks import INTERVAL_MS, Report, Tracks

HERE = (-911_500_000, 304_500_000)
HUNDRED_M = 9_000  # of latitude, about


class Watched:
    """A desk with one unit, its tracks, and what a floor seat sees."""

    def __init__(self):
        self.desk = LiveDesk()
        self.desk.run(EnrollUnit("E1"), ReportStatus("E1", "AQ"))
        states = lambda: {"dispatch": self.desk.state}  # noqa: E731 (a name for one line)

        async def ask(command):
            return self.desk.ask(command)

        self.tracks = Tracks(states, ask, lambda: self.desk.now)
        self.positions = Positions(("floor", "field", "oversight", "public"), states, self.tracks.track, INTERVAL_MS)
        self.tracks.listen(self.positions.touch)

    def report(self, *, east=0, north=0, unit="E1"):
        """One report of now."""
        return self.tracks.take_in([Report(unit, HERE[0] + east, HERE[1] + north, self.desk.now)])

    def rows(self, audience="floor"):
        """What a seat sees now."""
        self.positions.draw(["E1"], 1, self.desk.now)
        snapshot = self.positions.boards[audience].snapshot()
        return {key: msgspec.json.decode(row) for key, row in snapshot.rows.items()}


@pytest.fixture
def watched():
    return Watched()


def test_a_unit_that_never_reported_has_no_row(watched):
    """Nothing is made up for it."""
    assert watched.rows() == {}


def test_a_report_is_told_as_it_is(watched):
    """Where, when, how good; which way only once it has gone somewhere."""
    watched.report()
    row = watched.rows()["track/E1"]
    assert row == {
        "x": HERE[0], "y": HERE[1], "heading": None, "at": watched.desk.now, "moving": False, "quality": "fresh",
    }  # fmt: skip


def test_who_drives_moves_and_has_a_heading(watched):
    """North is 0; it keeps its heading while it stands."""
    watched.report()
    watched.desk.now += 5 * SECOND
    watched.report(north=HUNDRED_M)
    row = watched.rows()["track/E1"]
    assert (row["heading"], row["moving"]) == (0, True)
    for _ in range(4):
        watched.desk.now += 10 * SECOND
        watched.report(north=HUNDRED_M)
    row = watched.rows()["track/E1"]
    assert (row["heading"], row["moving"]) == (0, False)


@pytest.mark.parametrize(("east", "north", "degrees"), [(1, 0, 90), (0, -1, 180), (-1, 0, 270), (0, 1, 0)])
def test_headings_are_those_of_a_compass(east, north, degrees):
    """Degrees from north, clockwise."""
    after = Fix(HERE[0] + east * HUNDRED_M, HERE[1] + north * HUNDRED_M, 1, 1)
    assert heading_deg(Fix(*HERE, 0, 0), after) == degrees


@given(st.integers(-10_000, 10_000), st.integers(-10_000, 10_000))
def test_a_heading_is_always_on_the_compass(east, north):
    """From 0 to 359, whatever was reported."""
    assert 0 <= heading_deg(Fix(*HERE, 0, 0), Fix(HERE[0] + east, HERE[1] + north, 1, 1)) < 360


def test_what_is_known_against_a_position_stands_beside_it(watched):
    """As it was judged."""
    watched.report()
    watched.desk.run(NoteQuality("E1", Quality.JUMP, watched.desk.now))
    assert watched.rows()["track/E1"]["quality"] == "jump"


def test_what_is_old_is_called_stale_even_before_it_was_judged(watched):
    """A row that is drawn late does not look fresh."""
    watched.report()
    watched.desk.now += 11 * INTERVAL_MS
    assert watched.rows()["track/E1"]["quality"] == "stale"


@pytest.mark.parametrize(("audience", "rows"), [("floor", 1), ("field", 1), ("oversight", 0), ("public", 0)])
def test_only_the_floor_and_crews_see_positions(watched, audience, rows):
    """For everybody else the board is empty."""
    watched.report()
    assert len(watched.rows(audience)) == rows


def test_a_busy_moment_is_spread_and_each_unit_told_once():
    """No more rows in one turn than hold the loop for a moment; a unit that reports often is told its newest."""
    units = [f"U{number}" for number in range(2 * SLICE + 1)]
    drawn, done = [], asyncio.Event()

    def draw(names, *_):
        drawn.append(list(names))
        if sum(map(len, drawn)) == len(units):
            done.set()

    async def story():
        positions = Positions(("floor",), dict, lambda _: (), INTERVAL_MS)
        positions.draw = draw
        positions.touch(units)
        positions.touch(units[:3])
        running = asyncio.create_task(positions.run(lambda: 1, lambda: 1))
        await done.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(story())
    assert [len(turn) for turn in drawn] == [SLICE, SLICE, 1]
    assert [name for turn in drawn for name in turn] == units


def test_two_readers_of_one_span_of_changes_see_the_same_rows():
    """What is encoded once for several seats is told apart by its changes, not by the journal's position."""
    watched = Watched()
    board = watched.positions.boards["floor"]
    early, late = board.subscribe()[1], board.subscribe()[1]
    watched.report()
    watched.rows()
    early.cut()
    watched.desk.now += SECOND
    watched.report(north=HUNDRED_M)
    watched.rows()
    frames = early.cut(), late.cut()
    assert [frame.end for frame in frames] == [1, 1]
    assert early.span != late.span

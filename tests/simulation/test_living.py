"""The living city before its seats: each test states one fact."""

import asyncio

import msgspec
import pytest

from redstick.bootstrap import open_in_memory
from redstick.dispatch.reads import views
from redstick.server.board import Board
from redstick.server.ports import PaceChange
from redstick.simulation.living import LATE_S, SPEEDS, STEP_MAX_S, TRACK_S, LivingCity, warmed_up

MINUTE = 60_000


class City:
    """A living city with its board, and every publication that a seat got."""

    def __init__(self, begin, speed=30):
        driver = open_in_memory()
        self.shift = begin(7, driver=driver)
        self.board = Board()
        self.living = LivingCity(
            warmed_up(self.shift, self.shift.timeline.now + 40 * MINUTE), driver, self.board, speed
        )

    @property
    def rows(self):
        """Every row that a new seat would see, decoded."""
        return {key: msgspec.json.decode(row) for key, row in self.board.snapshot().rows.items()}

    def of(self, kind):
        """The rows of one kind."""
        return {key: row for key, row in self.rows.items() if key.startswith(f"{kind}/")}


@pytest.fixture
def city(begin):
    """Forty minutes into a Friday evening, at thirty city seconds a second."""
    return City(begin)


def test_a_visitor_comes_into_work_under_way(city):
    """Units are out, incidents are open, and every unit has a row and a place."""
    units = city.of("unit")
    assert len(units) == 30
    assert any(row["incident"] for row in units.values())
    assert city.of("incident")
    assert {key.partition("/")[2] for key in city.of("track")} == {key.partition("/")[2] for key in units}


def test_rows_are_always_those_of_the_committed_fold(city):
    """After every tick of an hour, a new seat sees the units and open incidents as the fold has them, and no other."""
    for _ in range(240):
        city.living.tick(0.5)
        shown = {**city.of("unit"), **city.of("incident")}
        fold = views.rows(city.shift.desk.state)
        assert shown.keys() == fold.keys()
    assert {key: (row.get("status"), row.get("priority")) for key, row in shown.items()} == {
        key: (str(row["status"]), row.get("priority")) for key, row in fold.items()
    }


def test_what_ended_leaves_nothing_behind(city):
    """A closed incident goes with its plan; a unit that stands has no drive."""
    for _ in range(240):
        city.living.tick(0.5)
    incidents = {key.partition("/")[2] for key in city.of("incident")}
    assert {key.partition("/")[2] for key in city.of("plan")} <= incidents
    driving = {name for name, crew in city.shift.crews.items() if crew.drive is not None}
    assert {key.partition("/")[2] for key in city.of("drive")} == driving


def test_time_runs_at_its_pace(city):
    """Two seconds at thirty are a minute."""
    before = city.living.pace().now
    for _ in range(20):
        city.living.tick(0.1)
    assert city.living.pace().now - before == pytest.approx(MINUTE, abs=1)


def test_a_paused_city_stands_still(city):
    """No time passes, nothing is told, until it goes on."""
    city.living.change(PaceChange(paused=True))
    before = city.board.snapshot()
    for _ in range(50):
        city.living.tick(0.5)
    after = city.board.snapshot()
    assert (after.now, after.at) == (before.now, before.at)
    city.living.change(PaceChange(paused=False))
    city.living.tick(0.5)
    assert city.board.now > before.now


def test_a_standing_clock_can_be_stepped(city):
    """Exactly so many city seconds, and it stands again."""
    city.living.change(PaceChange(paused=True))
    before = city.living.pace().now
    stepped = city.living.change(PaceChange(step_s=60))
    assert (stepped.now - before, stepped.paused) == (MINUTE, True)
    city.living.tick(1.0)
    assert city.living.pace().now == stepped.now


@pytest.mark.parametrize("speed", SPEEDS)
def test_every_speed_that_is_offered_is_taken(city, speed):
    """And told to the seats with the list of them."""
    assert city.living.change(PaceChange(speed=speed)).speed == speed
    assert city.rows["clock"] == {"speed": speed, "paused": False, "speeds": list(SPEEDS)}


@pytest.mark.parametrize(
    "wanted",
    [
        PaceChange(speed=3), PaceChange(speed=0), PaceChange(speed=-4), PaceChange(step_s=0), PaceChange(step_s=-1),
        PaceChange(step_s=STEP_MAX_S + 1), PaceChange(speed=3, paused=True), PaceChange(paused=True, step_s=0),
    ],
)  # fmt: skip
def test_what_is_not_offered_is_refused_whole(city, wanted):
    """A plain sentence, and nothing has changed, not even the part of the wish that could be granted."""
    before = city.living.pace()
    with pytest.raises(ValueError, match=r"speed is one of|a step is 1 to"):
        city.living.change(wanted)
    assert city.living.pace() == before


def test_positions_are_told_at_their_own_rhythm(city):
    """Of a unit that drives on, at most one position in each quarter of a second of real time, whatever the tick."""
    told = {}
    publish = city.board.publish
    city.board.publish = lambda now, changed, gone: told.setdefault(now, changed.keys()) and publish(now, changed, gone)
    city.living.change(PaceChange(speed=1))
    ticks = 40
    for _ in range(ticks):
        city.living.tick(0.05)
    driving = [name for name, crew in city.shift.crews.items() if crew.drive is not None]
    for name in driving:
        times = sum(f"track/{name}" in keys and f"drive/{name}" not in keys for keys in told.values())
        assert times <= ticks * 0.05 / TRACK_S + 1


def test_after_a_stall_the_city_does_not_leap(city):
    """A loop that was held for ten seconds makes up one second at most."""
    before, tick = city.living.pace().now, city.living.tick

    async def stalled():
        loop, ticked = asyncio.get_running_loop(), asyncio.Event()
        city.living.tick = lambda elapsed_s: (tick(elapsed_s), ticked.set())
        life = asyncio.ensure_future(city.living.run())
        await asyncio.sleep(0)  # it has looked at the clock
        real = loop.time
        loop.time = lambda: real() + 10.0
        await ticked.wait()
        life.cancel()

    asyncio.run(stalled())
    assert city.living.pace().now - before == LATE_S * 30 * 1000

"""Crews: each test states one fact. The desk only writes down what it hears; the roads are real."""

from types import SimpleNamespace

import pytest
from numpy.random import PCG64, Generator

from redstick.geo.city import Unit
from redstick.simulation.crew import Crew, World
from redstick.simulation.natures import NATURES
from redstick.simulation.timeline import Timeline

HOUR = 3_600_000
CARDIAC, NOISE = NATURES[0], NATURES[-1]


class Listening:
    """A desk that writes down every report as (moment, status, incident, leaves, position)."""

    def __init__(self):
        self.heard = []

    def ask(self, now, actor, commands):
        """Believe everything."""
        self.heard += [(now, said.status, said.incident, said.leaves, (said.x, said.y)) for said in commands]


@pytest.fixture
def town(parish, router):
    """A timeline from nought, a listening desk, and a way to put one crew on duty at a street corner."""
    desk, timeline, ended = Listening(), Timeline(0), []
    roads = parish.city.roads
    corner = [(int(x), int(y)) for x, y in zip(roads.node_x, roads.node_y, strict=True)]
    world = World(
        timeline, desk, router, Generator(PCG64(1)), (parish.hospital.x, parish.hospital.y),
        ended.append, lambda: ended.append("freed"),
    )  # fmt: skip

    def crew(kind, *, rounds=()):
        made = Crew(world, Unit("U1", kind, "ST1", (), "Fire"), corner[100], [corner[k] for k in rounds])
        made.on_duty()
        return made

    return SimpleNamespace(desk=desk, timeline=timeline, ended=ended, corner=corner, crew=crew, router=router)


def statuses(town):
    """What was reported, in its order."""
    return [status for _, status, *_ in town.desk.heard]


def test_an_ambulance_goes_through_its_whole_job(town):
    """Signs on, rolls, arrives, reaches the patient, transports, is clear, and stands in quarters again."""
    medic = town.crew("medic")
    certain = SimpleNamespace(priority=1, transport=1.0, scene_min=20)
    medic.sent("inc", certain, town.corner[900], carries=True)
    town.timeline.run_until(5 * HOUR)
    assert statuses(town) == ["LOG", "AQ", "ENR", "ONS", "PTC", "TRN", "HSP", "CLR", "AR", "AQ"]
    assert town.ended == ["inc", "freed"]


def test_an_engine_treats_and_leaves(town):
    """No patient contact of its own, no transport."""
    town.crew("engine").sent("inc", CARDIAC, town.corner[900], carries=False)
    town.timeline.run_until(5 * HOUR)
    assert statuses(town) == ["LOG", "AQ", "ENR", "ONS", "CLR", "AR", "AQ"]


def test_only_the_report_clear_lets_go_of_the_assignment(town):
    """Every report of the job names its incident; leaving is said once, explicitly; after it nothing is named."""
    town.crew("engine").sent("inc", CARDIAC, town.corner[900], carries=False)
    town.timeline.run_until(5 * HOUR)
    said = [(status, incident, leaves) for _, status, incident, leaves, _ in town.desk.heard[2:]]
    assert said == [("ENR", "inc", False), ("ONS", "inc", False), ("CLR", "inc", True), ("AR", "", False),
                    ("AQ", "", False)]  # fmt: skip


def test_reports_carry_the_place_where_they_are_true(town):
    """On scene is said at the street nearest to the address, in quarters at home."""
    medic = town.crew("medic")
    medic.sent("inc", CARDIAC, town.corner[900], carries=False)
    town.timeline.run_until(5 * HOUR)
    places = {status: place for _, status, _, _, place in town.desk.heard}
    for status, wanted in (("ONS", town.corner[900]), ("AQ", town.corner[100])):
        assert places[status] == pytest.approx(wanted, abs=100)


def test_a_crew_that_is_sent_on_its_way_home_forgets_the_way_home(town):
    """From where it is it rolls again; it never reports in quarters in the middle of the new job."""
    engine = town.crew("engine")
    engine.sent("one", CARDIAC, town.corner[900], carries=False)
    while "AR" not in statuses(town) or engine.drive is None:
        town.timeline.run_until(town.timeline.now + 1000)
    town.timeline.run_until(town.timeline.now + 10_000)
    here = engine.fix()
    engine.sent("two", CARDIAC, town.corner[1200], carries=False)
    assert (engine.fix().x, engine.fix().y, engine.fix().moving) == (here.x, here.y, False)
    town.timeline.run_until(town.timeline.now + 5 * HOUR)
    assert statuses(town)[2:] == ["ENR", "ONS", "CLR", "AR", "ENR", "ONS", "CLR", "AR", "AQ"]


def test_a_patrol_is_on_radio_and_walks_its_rounds(town):
    """It never goes to a station, and it moves while nobody needs it."""
    patrol = town.crew("patrol", rounds=(500, 700, 900))
    places = set()
    for minute in range(60):
        town.timeline.run_until(minute * 60_000)
        places.add((patrol.fix().x, patrol.fix().y))
    assert statuses(town) == ["LOG", "AR"]
    assert len(places) > 10


def test_an_urgent_drive_is_quicker(town):
    """The same way takes less time to a cardiac arrest than to noise, on every of ten pairs of drives."""
    urgent, routine = [], []
    for durations, nature in ((urgent, CARDIAC), (routine, NOISE)):
        for target in range(200, 1200, 100):
            engine = town.crew("engine")
            town.desk.heard.clear()
            engine.sent("inc", nature, town.corner[target], carries=False)
            town.timeline.run_until(town.timeline.now + 5 * HOUR)
            times = {status: now for now, status, *_ in town.desk.heard}
            durations.append(times["ONS"] - times["ENR"])
    assert all(quick < slow for quick, slow in zip(urgent, routine, strict=True))

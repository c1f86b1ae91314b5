"""From the state of dispatch to move-ups that are decided again: each test states one fact."""

import math

import numpy as np
import pytest
from tests.dispatch.live_desk import LiveDesk

from redstick.dispatch.avl.quality import Quality
from redstick.dispatch.coverage.asking import Ground, moveups, survey
from redstick.dispatch.coverage.moveups import Margins
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.crews import FormCrew
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.moveups import DeclineMoveUp
from redstick.dispatch.rules.positions import NoteQuality
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

STEP = 100_000  # between posts, about a kilometre: 100 s
POSTS = {"west": (0, 0), "middle": (10 * STEP, 0), "east": (20 * STEP, 0)}


class Straight:
    """Roads that are straight lines: a second for each hundredth of a step."""

    version, calibrated = "straight", True

    def seconds_to(self, target, origins):
        """Except that nothing leads beyond the east post."""
        return [(None, "disconnected") if target[0] > 25 * STEP else (math.dist(target, o) / 1000, "") for o in origins]


GROUND = Ground(
    cells=[*POSTS.values(), (30 * STEP, 0)],
    calls_an_hour=np.array([1.5, 3.0, 0.2, 1.0]),
    posts=POSTS,
    standard_s=300.0,
    kinds=frozenset({"engine"}),
)
MARGINS = Margins(longest_s=1500)


@pytest.fixture
def desk():
    """Engines 1 and 2 in quarters in the west; nobody in the middle."""
    desk = LiveDesk()
    for name in ("E1", "E2"):
        desk.run(EnrollUnit(name, "engine", station="west"), ReportStatus(name, "LOG"), ReportStatus(name, "AQ"))
    return desk


@pytest.fixture(scope="module")
def area():
    return survey(GROUND, Straight(), busy=0.4)


def asked(desk, area):
    """What is worth suggesting now."""
    return moveups(desk.state, GROUND, area, Straight(), f"position {desk.count}", MARGINS)


def test_the_open_middle_is_covered_and_the_rules_take_it(desk, area):
    """Late calls an hour before and after, in thousandths; said again it changes nothing."""
    [move] = asked(desk, area)
    late, after = 0.24 + 3 + 0.2 + 1, 0.6 + 1.2 + 0.2 + 1
    assert (move.unit, move.post, move.travel_s) == ("E1", "middle", 1000)
    assert (move.late_milli, move.late_if_moved_milli) == (round(late * 1000), round(after * 1000))
    desk.run(move)
    assert [(one.unit, one.post) for one in asked(desk, area)] == [("E1", "middle")]


def test_a_declined_move_is_refused_by_the_rules_when_it_is_found_again(desk, area):
    """The computation does not know what a person has said; the rules do."""
    desk.run(*asked(desk, area), DeclineMoveUp("E1", "J. Doe", "crew at drill"))
    [again] = asked(desk, area)
    assert desk.refused(again) == "declined_lately"


def test_who_is_busy_doubted_or_unknown_is_left_alone(desk, area):
    """A unit that was sent, one whose position is doubted, one that was never seen."""
    desk.run(OpenIncident("i"), AssignUnits("i", ["E1"]))
    desk.run(EnrollUnit("E3", "engine"), ReportStatus("E3", "AR"))
    desk.run(ReportStatus("E2", "AR", x=0, y=0), NoteQuality("E2", Quality.JUMP, desk.now))
    assert asked(desk, area) == []


def test_two_apparatus_of_one_crew_cover_once(desk, area):
    """So nothing is left over to move: with them counted as two, one would be sent away."""
    desk.run(FormCrew("west", ["E1", "E2"]))
    moves = asked(desk, area)
    assert [move.late_milli for move in moves] == [round((0.6 + 3 + 0.2 + 1) * 1000)]


def test_what_no_road_leads_to_is_late_wherever_units_stand(area):
    """The cell beyond the east post is reached from nowhere."""
    assert not area.reach[:, 3].any()

"""Who is told before whom: the checker that no emergency is overtaken."""

import pytest

from redstick.kernel.executor import Lane
from redstick.kernel.node import Redirect
from redstick.kernel.values import Outcome, Rejection
from redstick.simulation.world.urgency import Waiting


@pytest.fixture
def waiting():
    """An ordinary request, an emergency behind it, and another ordinary one."""
    made = Waiting()
    made.asked("before", Lane.ORDINARY)
    made.asked("urgent", Lane.EMERGENCY)
    made.asked("behind", Lane.BULK)
    return made


def test_what_came_behind_an_emergency_is_told_behind_it(waiting):
    """Told first, it has overtaken it; what came before it has not."""
    assert waiting.told(Outcome("before", 1)) == ""
    assert waiting.told(Outcome("behind", 2)) == "urgent"


@pytest.mark.parametrize("said", [Outcome("urgent", 1), Redirect("urgent", "b")])
def test_an_emergency_that_was_told_or_sent_away_waits_no_more(waiting, said):
    """Nobody can overtake it then."""
    assert waiting.told(said) == ""
    assert waiting.told(Outcome("behind", 2)) == ""


@pytest.mark.parametrize("said", [Redirect("behind", "b"), Outcome("behind", 1, rejection=Rejection("busy"))])
def test_who_is_sent_away_overtakes_nobody(waiting, said):
    """A full lane and another leader are answered at once."""
    assert waiting.told(said) == ""


def test_a_request_that_came_twice_waits_twice(waiting):
    """The second asking of an emergency is overtaken as the first is."""
    waiting.asked("urgent", Lane.EMERGENCY)
    waiting.asked("last", Lane.ORDINARY)
    assert waiting.told(Outcome("urgent", 1)) == ""
    assert waiting.told(Outcome("behind", 2)) == ""
    assert waiting.told(Outcome("last", 3)) == "urgent"

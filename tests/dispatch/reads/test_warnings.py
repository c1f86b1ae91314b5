"""What seats see of warnings: each test states one fact."""

from types import SimpleNamespace

import pytest
from tests.dispatch.timers.conftest import Shift, crewed

from redstick.dispatch.reads.warnings import SAYS, WarningsView
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.units import ReportStatus
from redstick.dispatch.rules.warnings import WarningEnded, WarningRaised, What
from redstick.dispatch.timers.work import ACKNOWLEDGE_MS


@pytest.fixture
def warned():
    """Engine 2 has not acknowledged its alert."""
    shift = crewed(Shift())
    shift.run(AssignUnits("i", ["E2"]))
    shift.wait(ACKNOWLEDGE_MS)
    return shift


def seen(shift, audience="floor"):
    """Every row that an audience sees, by its key."""
    states, view = {"dispatch": shift.state}, WarningsView()
    rows = {key: view.row(states, key, audience) for key in view.keys(states)}
    return {key: row for key, row in rows.items() if row is not None}


def test_a_warning_is_a_row_in_words(warned):
    """With its owner, its level and whether it sounds; beside it stands the budget that it is of."""
    rows = seen(warned)
    row = rows["warning/acknowledge/i/E2"]
    assert (row["text"], row["level"], row["owner"], row["sound"]) == (
        "E2 has not acknowledged its alert",
        "warn",
        "fire",
        True,
    )
    assert (rows["budget/fire"]["open"], rows["budget/fire"]["last_hour"], rows["budget/fire"]["spent"]) == (
        1,
        1,
        False,
    )


def test_a_warning_that_has_ended_is_no_row(warned):
    """And the fact that ended it names the row that goes."""
    warned.run(ReportStatus("E2", "ACK"))
    assert list(seen(warned)) == ["budget/fire"]
    for event in (*warned.happened(WarningRaised), *warned.happened(WarningEnded)):
        touched = list(WarningsView().touched({"dispatch": warned.state}, SimpleNamespace(event=event)))
        assert touched == ["warning/acknowledge/i/E2", "budget/fire"]


def test_crews_and_the_public_see_none(warned):
    """Who is warned of what is the floor's, and oversight's."""
    assert seen(warned, "field") == seen(warned, "public") == {}
    assert seen(warned, "oversight") == seen(warned)


def test_every_kind_of_warning_has_words():
    """None is shown by a colour alone."""
    assert set(SAYS) == set(What)

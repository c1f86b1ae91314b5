"""The rows of legs: which of them a fact touches."""

from types import SimpleNamespace

import pytest

from redstick.comms.reads.views import LegsView
from redstick.comms.state import Comms
from redstick.kernel.fold import Fact


@pytest.mark.parametrize(
    ("kind", "subjects", "touched"),
    [
        ("comms.leg_ended", ("leg-1", "call-1"), ["leg/leg-1"]),
        ("comms.storm_began", (), []),
        ("dispatch.call_ended", ("call-1",), []),
    ],
)
def test_a_fact_touches_the_row_of_the_leg_that_it_names(kind, subjects, touched):
    """The first subject; a fact about a queue or a storm names no leg, and must not stop the others' rows."""
    fact = Fact(SimpleNamespace(kind=kind, subjects=subjects), None)
    assert list(LegsView().touched({"comms": Comms()}, fact)) == touched

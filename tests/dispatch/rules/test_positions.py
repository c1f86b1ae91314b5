"""Position quality as the journal keeps it: each test states one fact."""

from redstick.dispatch.avl.quality import Quality
from redstick.dispatch.reads.views import unit_row
from redstick.dispatch.rules.positions import NoteQuality
from redstick.dispatch.rules.units import EnrollUnit
from redstick.kernel.system import NothingChanged


def test_only_a_change_of_quality_is_an_event(desk):
    """Positions are a track; what is known against them is shown beside the unit."""
    desk.run(EnrollUnit("E2"))
    assert isinstance(*desk.run(NoteQuality("E2", Quality.FRESH, desk.now)), NothingChanged)
    desk.run(NoteQuality("E2", Quality.SWAP, desk.now, "E3"))
    assert unit_row(desk.state, "E2")["quality"] == "swap"
    assert isinstance(*desk.run(NoteQuality("E2", Quality.SWAP, desk.now)), NothingChanged)
    desk.run(NoteQuality("E2", Quality.FRESH, desk.now))
    assert unit_row(desk.state, "E2")["quality"] == "fresh"
    assert desk.refused(NoteQuality("X", Quality.JUMP, desk.now)) == "unit_unknown"
    assert desk.refused(NoteQuality("E2", Quality.JUMP, desk.now + 1)) == "time_ahead"

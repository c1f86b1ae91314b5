"""What becomes known after a unit was sent: told to it, and chased like its dispatch. Each test states one fact."""

import pytest
from tests.dispatch.live_desk import SECOND, LiveDesk

from redstick.dispatch.alerting.chase import Purpose, Standing
from redstick.dispatch.alerting.paths import Path, PathKind, Step
from redstick.dispatch.place import Place
from redstick.dispatch.rules.alerts import ReportReceipt, ReportVoiced, TakeVoice
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.calls import AttachCall, ReceiveCall
from redstick.dispatch.rules.incidents import ChangePriority, MoveIncident, OpenIncident, RetypeIncident
from redstick.dispatch.rules.links import MergeIncidents
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

STATION = Path(PathKind.STATION, "2", wait_ms=10 * SECOND)
OAK, ELM = Place("12 Oak St", 1, 2), Place("700 Elm St", 9_000, 9_000)


@pytest.fixture
def desk():
    """Engine 2 is on its way to Oak Street and knows it; Engine 3 is only assigned."""
    desk = LiveDesk()
    for unit in ("E2", "E3"):
        desk.run(EnrollUnit(unit, "engine"), ReportStatus(unit, "log"), ReportStatus(unit, "AQ"))
        desk.run(EnrollRecipient(f"station of {unit}", unit, [STATION]))
    desk.run(OpenIncident("i", "26-1", "Structure fire", priority=1, place=OAK))
    desk.run(AssignUnits("i", ["E2"]), AssignUnits("i", ["E3"], alerted=False), ReportStatus("E2", "ENR", "i"))
    return desk


def facts(desk, incident="i"):
    """Alerts of new facts, in order."""
    return [one for one in desk.state.incidents[incident].alerts.values() if one.purpose is Purpose.FACTS]


def test_a_moved_incident_is_told_to_who_was_sent(desk):
    """With the address that holds now; a unit that was not told to come learns it with its dispatch."""
    desk.run(MoveIncident("i", ELM))
    [told] = facts(desk)
    assert (told.unit, told.standing) == ("E2", Standing.TRYING)
    assert told.text.startswith("NEW ADDRESS | E2 | 26-1 | Structure fire | 700 Elm St")


def test_a_moved_address_is_chased_until_a_person_has_voiced_it(desk):
    """Silence sends it to a person by name; that the unit reports a status does not prove that it knows."""
    desk.run(MoveIncident("i", ELM))
    desk.wait(STATION.wait_ms)
    [told] = facts(desk)
    desk.run(ReportStatus("E2", "ONS", "i"))
    assert told.standing is Standing.TO_VOICE
    desk.run(TakeVoice("i", told.id, "dan"), ReportVoiced("i", told.id, "dan", "E2 read it back"))
    assert told.standing is Standing.VOICED


def test_a_receipt_proves_it(desk):
    """As of any alert."""
    desk.run(MoveIncident("i", ELM))
    [told] = facts(desk)
    desk.run(ReportReceipt("i", told.id, told.attempts[0].key, Step.DELIVERED, "printed"))
    assert told.standing is Standing.ALERTED


def test_newer_facts_overtake_older_ones(desk):
    """Nobody is chased for an address that does not hold; the later alert says all of it."""
    desk.run(MoveIncident("i", ELM), RetypeIncident("i", "Brush fire"))
    former, latter = facts(desk)
    assert (former.standing, latter.standing) == (Standing.ENDED, Standing.TRYING)
    assert latter.text.startswith("NEW TYPE, was Structure fire | E2 | 26-1 | Brush fire | 700 Elm St")


def test_a_caller_who_says_another_place_is_told_and_one_who_says_the_same_is_not(desk):
    """New text is news; the tenth caller from Oak Street is none."""
    desk.run(ReceiveCall("c1", "voice", "", Place("12 Oak St")), AttachCall("c1", "i"))
    assert facts(desk) == []
    desk.run(ReceiveCall("c2", "voice", "", Place("12 Oak St, rear cottage")), AttachCall("c2", "i"))
    [told] = facts(desk)
    assert "CALLER AT 12 Oak St, rear cottage" in told.text


def test_what_is_no_news_to_a_crew_is_not_told(desk):
    """That the same place was verified; that the queue ranks it otherwise."""
    desk.run(MoveIncident("i", Place("12 Oak St", 1, 2, in_geofile=True)), ChangePriority("i", 2))
    assert facts(desk) == []


@pytest.mark.parametrize("ending", ["cleared", "cancelled"])
def test_who_is_let_go_is_chased_for_no_facts(desk, ending):
    """A cancel is chased in their stead."""
    desk.run(MoveIncident("i", ELM), ReleaseUnit("i", "E2", ending))
    [told] = facts(desk)
    assert told.standing is Standing.ENDED


def test_who_drives_is_told_when_a_merge_sends_them_elsewhere(desk):
    """They are not dispatched anew, but their address is another now."""
    desk.run(OpenIncident("j", "26-2", "Structure fire", place=ELM), MergeIncidents("j", "i", "one fire"))
    [told] = facts(desk, "j")
    assert "700 Elm St" in told.text


def test_a_lost_node_tells_it_once(desk):
    """What was told is told under the same name again: it is there already."""
    desk.run(MoveIncident("i", ELM))
    desk.restart()
    assert len(facts(desk)) == 1

"""What seats see of telling people."""

import pytest
from tests.dispatch.live_desk import DAY, HOUR, LiveDesk

from redstick.dispatch.alerting.paths import Path, PathKind, Step
from redstick.dispatch.cards.card import PaperCard
from redstick.dispatch.place import Place
from redstick.dispatch.reads.seats import FIELD, FLOOR, OVERSIGHT, PUBLIC
from redstick.dispatch.reads.telling import TELLING_VIEWS, AlertsView, KnownView
from redstick.dispatch.rules.alerts import ReportReceipt
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.bolos import CancelBolo, IssueBolo, ReportBoloHeard
from redstick.dispatch.rules.cards import EnterCard, SettleCard
from redstick.dispatch.rules.cautions import About, Caution, EnterCaution, RemoveCaution, Shape
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus


@pytest.fixture
def desk():
    """A desk whose seat keeps what it was sent: `desk.drawn` follows only the touched rows."""
    desk = LiveDesk()
    desk.drawn = {}

    def follow(facts):
        states = desk.driver.executor.committed
        for view in TELLING_VIEWS:
            for key in {key for fact in facts for key in view.touched(states, fact)}:
                row = view.row(states, key, FLOOR)
                desk.drawn.pop(key, None)
                if row is not None:
                    desk.drawn[key] = row

    desk.driver.listen(follow)
    desk.run(EnrollUnit("E2"), ReportStatus("E2", "AQ"), OpenIncident("i"))
    desk.run(EnrollRecipient("station", "E2", [Path(PathKind.STATION, "2")]))
    return desk


def whole(desk, audience=FLOOR):
    """Every row as a seat would start from it."""
    states = desk.driver.executor.committed
    found = ((key, view.row(states, key, audience)) for view in TELLING_VIEWS for key in view.keys(states))
    return {key: row for key, row in found if row is not None}


def test_a_seat_that_follows_what_is_touched_has_what_a_new_seat_gets(desk):
    """Through alerts, cancels, cautions, a BOLO and a card, at every step."""
    caution = Caution("c", Shape.CAUTION, About.PLACE, "dog", "loose", "crew", "Ana", 0, desk.now + DAY, Place("x"))
    card = PaperCard("", desk.now - HOUR, "12 Oak St")
    steps = [
        AssignUnits("i", ["E2"]),
        ReportReceipt("i", "i/E2/1/dispatch/station", "i/E2/1/dispatch/station/0", Step.DELIVERED, "ack"),
        EnterCaution(caution),
        IssueBolo("b", "grey van", "Ana", desk.now + HOUR),
        ReportBoloHeard("b", "E2", Step.READ),
        ReleaseUnit("i", "E2", "cancelled"),
        EnterCard("e", "ie", card, "Cleo"),
        CloseIncident("i", "01"),
        CancelBolo("b", "Ana", "found"),
        SettleCard("e", "Ana", False, "a copy"),
        RemoveCaution("c", "Ana", "moved"),
    ]
    for step in steps:
        desk.run(step)
        assert desk.drawn == whole(desk)
    for wait in (30_000, 60_000, DAY, DAY):
        desk.wait(wait)
        assert desk.drawn == whole(desk)


def test_sent_is_not_shown_as_alerted(desk):
    """The row says what is proven and how far each path has come."""
    desk.run(AssignUnits("i", ["E2"]))
    desk.run(ReportReceipt("i", "i/E2/1/dispatch/station", "i/E2/1/dispatch/station/0", Step.SENT))
    [alert] = desk.drawn["alerts/i"]["alerts"]
    assert (alert["standing"], alert["attempts"][0]["step"]) == ("trying", "sent")


def test_what_must_be_voiced_stands_there_as_a_task(desk):
    """Until somebody has voiced it, after closing too."""
    desk.run(AssignUnits("i", ["E2"]), ReleaseUnit("i", "E2", "cancelled"), CloseIncident("i", "01"))
    desk.wait(30_000)
    [alert] = desk.drawn["alerts/i"]["alerts"]
    assert (alert["purpose"], alert["to_voice"], alert["taken_by"]) == ("cancel", True, "")


def test_a_sensitive_text_is_in_no_row(desk):
    """Nor is whom it is about."""
    caution = Caution("c", Shape.CAUTION, About.PERSON, "violent", "knife", "crew", "Ana", 0, desk.now + DAY,
                      key="A. Person", sensitive=True)  # fmt: skip
    desk.run(EnterCaution(caution))
    for audience in (FLOOR, FIELD):
        row = KnownView().row(desk.driver.executor.committed, "caution/c", audience)
        assert "knife" not in str(row)
        assert "A. Person" not in str(row)


def test_others_see_less(desk):
    """Oversight sees no text of an alert, crews no evidence of it, the public no alert; only the floor sees paper."""
    desk.run(AssignUnits("i", ["E2"]), EnterCard("e", "ie", PaperCard("", 0, "12 Oak St"), "Cleo"))
    states = desk.driver.executor.committed
    assert "text" not in AlertsView().row(states, "alerts/i", OVERSIGHT)["alerts"][0]
    sent = AlertsView().row(states, "alerts/i", FIELD)["alerts"][0]
    assert ("evidence" in sent, sent["attempts"][0]["key"] != "") == (False, True)
    assert AlertsView().row(states, "alerts/i", PUBLIC) is None
    assert KnownView().row(states, "card/e", FLOOR) is not None
    assert KnownView().row(states, "card/e", FIELD) is None

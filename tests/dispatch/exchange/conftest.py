"""A live desk with a fire that is being worked, and who we are to others."""

import pytest
from tests.dispatch.live_desk import MINUTE, LiveDesk

from redstick.dispatch.exchange.profile import Agency, Profile
from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.calls import AnswerCall, ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus

FIRE = Place("1234 Main St Apt 5", -911_234_567, 304_123_456, "Baton Rouge", "rooftop", "caller")


@pytest.fixture
def profile():
    """The parish to the outside; the fire department is known there."""
    fire = Agency("fire.parish.example", ("fire",), ("CallReceiving",))
    return Profile("cad.parish.example", Agency("ecc.parish.example", ("psap",), ("CallReceiving",)), {"FIRE": fire})


@pytest.fixture
def desk():
    """Two engines on duty, a call, an incident with one engine on its way."""
    desk = LiveDesk()
    for name in ("E1", "E2"):
        desk.run(EnrollUnit(name, "engine", "FIRE", capabilities=["ALS", "foam"]))
        desk.run(ReportStatus(name, "AR", x=-911_000_000, y=304_000_000))
    desk.run(
        ReceiveCall("call_0000000001", "voice", "+1 (225) 555-0100", FIRE), AnswerCall("call_0000000001", "seat 1")
    )
    desk.run(OpenIncident("inc_0000000001", "4101", "Structure fire", "fire", 1, FIRE, call="call_0000000001"))
    desk.run(AddNote("inc_0000000001", "Smoke & <flames>"), AssignUnits("inc_0000000001", ["E1"]))
    desk.now += MINUTE
    desk.run(ReportStatus("E1", "ENR"))
    return desk


@pytest.fixture
def incident(desk):
    """The fire as it is now."""
    return lambda: desk.state.incidents["inc_0000000001"]

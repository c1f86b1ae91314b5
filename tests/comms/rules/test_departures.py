"""A seat that is gone: nobody who spoke with it is in silence, forgotten, or offered to an empty chair."""

import pytest
from tests.comms.switchboard import City

from redstick.comms.rules.conversations import JoinLeg, LegDismissed, PartyKind, TakeLeg
from redstick.comms.rules.legs import AnswerLeg, EndLeg
from redstick.comms.rules.placing import PlaceLeg
from redstick.dispatch.rules.calls import AnswerCall
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.seats import DropSeat, LoseSeat, RelieveSeat, SignOff, SignOn
from redstick.published.comms import LineKind, Placing, Reason

SEAT, NUMBER = "calls:1", "2255550100"


@pytest.fixture
def city():
    """A seat that is an agent too."""
    city = City()
    city.events(DefineGroup("callers", supervises=True))
    city.events(SignOn(SEAT, "per_1", ["callers"]))
    city.sit(SEAT, queues=("911", "admin"))
    return city


def goes(city, how="signs off"):
    """Nobody sits there any more."""
    if how == "vanishes":
        city.events(LoseSeat(SEAT))
        city.wait(3_600_000)
        city.ask(DropSeat(SEAT))
    elif how == "is relieved":
        city.events(RelieveSeat(SEAT, "calls:9", "per_9", 0))
    else:
        city.events(SignOff(SEAT, despite="gone home"))


HOWS = ["signs off", "vanishes", "is relieved"]


@pytest.mark.parametrize("how", HOWS)
def test_callers_of_every_line_stand_in_line_again_and_no_empty_chair_is_offered_them(city, how):
    """Those who waited on hold there too; of a 911 call any seat is the next."""
    city.ring("one")
    city.answer("one", SEAT)
    city.ring("form", LineKind.ADMIN)
    city.events(TakeLeg("form", SEAT))
    goes(city, how)
    assert sorted(city.state.waiting) == ["form", "one"]
    assert (city.state.conversations, city.state.agents) == ({}, {})
    city.events(AnswerCall("call-one", "calls:2"))
    assert list(city.state.conversations["one"].parties) == ["calls:2"]


@pytest.mark.parametrize("how", HOWS)
def test_who_was_called_back_and_is_left_is_in_sight_until_they_are_heard(city, how):
    """Their leg is over, their number is not forgotten though they had been reached."""
    city.events(PlaceLeg("back", Placing(SEAT, "tel:+12255550100", Reason.CALLBACK, NUMBER)))
    city.events(AnswerLeg("back", "PCMU"))
    goes(city, how)
    assert city.state.conversations == {}
    city.events(EndLeg("back", "us", "ended at a seat"))
    assert [(one.number, one.seat) for one in city.state.lost.values()] == [(NUMBER, SEAT)]
    city.ring("again", number="+12255550100")
    city.answer("again", "calls:2")
    assert city.state.lost == {}


def test_what_rings_for_a_seat_that_is_gone_is_hung_up(city):
    """Nobody who answers would hear anybody."""
    city.events(PlaceLeg("out", Placing(SEAT, "tel:+12255550100")))
    goes(city)
    assert [(one.leg, one.by) for one in city.told(LegDismissed)] == [("out", SEAT)]


def test_whoever_has_somebody_else_is_left_with_them(city):
    """A further seat goes on; a third party stays with the caller."""
    city.ring("one")
    city.answer("one", "calls:2")
    city.events(JoinLeg("one", SEAT))
    city.ring("two")
    city.answer("two", SEAT)
    city.events(PlaceLeg("poison", Placing(SEAT, "sip:poison@control.example", Reason.CONFERENCE, "two")))
    city.events(AnswerLeg("poison", "PCMU"))
    goes(city)
    assert list(city.state.conversations["one"].parties) == ["calls:2"]
    assert list(city.state.conversations["two"].parties) == ["poison"]
    assert PartyKind.LEG is city.state.conversations["two"].parties["poison"].kind

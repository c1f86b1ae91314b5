"""Who types and is handed on types on: one conversation, on one card, with whoever has the caller."""

import pytest
from tests.comms.switchboard import City

from redstick.comms.reads.views import LegsView
from redstick.comms.rules.handing_on import BeginTransfer, SettleTransfer
from redstick.comms.rules.legs import AnswerLeg
from redstick.comms.rules.placing import PlaceLeg
from redstick.comms.rules.texts import Channel, HearText, WriteText
from redstick.dispatch.rules.calls import ResumeCall
from redstick.published.comms import Placing, Reason, TransferModel

POISON = "sip:poison@control.example"


@pytest.fixture
def city():
    """A caller who types, whom a seat has."""
    city = City()
    city.ring("one")
    city.answer("one", "calls:1")
    city.events(HearText("one", "my son", Channel.T140))
    return city


def card(city):
    """What stands on the card of the call: by whom, and what."""
    row = LegsView().row({"comms": city.state}, "leg/one", "floor")
    return [(line["by"], line["text"]) for line in row["texts"]]


def joined(city, reason, of):
    """A third party who reads and types, too."""
    city.events(PlaceLeg("poison", Placing("calls:1", POISON, reason, of)))
    city.events(AnswerLeg("poison", "PCMU"))


def typed(city):
    """Both type, letter by letter, and take a letter back."""
    for leg, text in (("poison", "h"), ("poison", "oe"), ("poison", "\b"), ("poison", "w much?"), ("one", "one pill")):
        city.events(HearText(leg, text, Channel.T140))


def test_a_third_party_types_with_the_caller(city):
    """In a conference, each in a line of their own; the seat goes on writing too."""
    joined(city, Reason.CONFERENCE, "one")
    typed(city)
    city.events(WriteText("one", "calls:1", "help comes"))
    city.events(HearText("one", " more", Channel.T140))
    assert card(city) == [
        ("", "my son"),
        (POISON, "how much?"),
        ("", "one pill"),
        ("calls:1", "help comes"),
        ("", " more"),
    ]
    assert "poison" not in city.state.texts


def test_who_is_handed_on_to_a_third_party_types_with_them(city):
    """While they are consulted they type with the seat; from then on with the caller."""
    joined(city, Reason.CALL, "")
    city.events(HearText("poison", "poison control", Channel.T140))
    assert card(city) == [("", "my son")]
    city.events(BeginTransfer("one", "calls:1", "poison", TransferModel.ATTENDED, "poison"))
    city.events(SettleTransfer("one", done=True))
    typed(city)
    assert card(city) == [("", "my son"), (POISON, "how much?"), ("", "one pill")]
    assert city.refused(WriteText("one", "calls:1", "still there?")) == "not_with_you"


def test_who_is_handed_on_to_another_seat_types_with_that_one(city):
    """What was written before stands on its card as well; whoever handed them on writes no more."""
    city.events(BeginTransfer("one", "calls:1", "calls:2", TransferModel.SEAT))
    city.events(ResumeCall("call-one", "calls:2"))
    city.events(WriteText("one", "calls:2", "what did he take?"))
    city.events(HearText("one", "pills", Channel.T140))
    assert card(city) == [("", "my son"), ("calls:2", "what did he take?"), ("", "pills")]
    assert city.refused(WriteText("one", "calls:1", "?")) == "not_with_you"

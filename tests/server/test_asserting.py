"""Who is asserted to call is said to the carriers of our trunks, and believed of them alone (RFC 3325)."""

import pytest

from redstick.phones.state import Phones, Trunk
from redstick.published.comms import Arrival, LineKind
from redstick.server.asserting import believed, callback_told

TRUNKS = {
    "main": Trunk("main", "Carrier", 20, address="192.0.2.10:5070;transport=tcp"),
    "gate": Trunk("gate", "Gateway", 4),
}
PHONES = Phones(trunks=TRUNKS)
KIND = (("Priority", "psap-callback"), ("Resource-Priority", "esnet.0"))


def came(**more):
    """An arrival in which the network asserts another number than the caller says."""
    said = {"line": LineKind.ADMIN, "source": "198.51.100.9:5060", "number": "+12255550142", "name": "Ann"}
    return Arrival(**{**said, "claimed": "+12255550100", **more})


@pytest.mark.parametrize(
    ("more", "number"),
    [
        ({}, "+12255550100"),
        ({"claimed": ""}, ""),
        ({"claimed": None}, "+12255550142"),
        ({"source": "192.0.2.10:40000"}, "+12255550142"),
        ({"source": "192.0.2.100:5070"}, "+12255550100"),
        ({"trunk": "main"}, "+12255550142"),
        ({"device": "2100"}, "+12255550142"),
        ({"line": LineKind.EMERGENCY}, "+12255550142"),
    ],
)
def test_an_assertion_is_believed_of_a_trunk_and_on_a_911_line(more, number):
    """Of anybody else the number is the one that he says to have, without the name that was asserted with another."""
    arrival = believed(PHONES, came(**more))
    assert arrival.number == number
    assert arrival.name == ("Ann" if number == "+12255550142" else "")


@pytest.mark.parametrize("target", ["sip:+12255550142@192.0.2.10:5070", "sip:+12255550142@192.0.2.10;transport=tcp"])
def test_a_trunk_is_told_which_number_calls_back_and_which_seat(target):
    """Two assertions, the number first; without a seat one."""
    told = callback_told(PHONES, target, "sip:+12255550911@psap.example", "calls:1", "psap.example")
    number, agent = ("P-Asserted-Identity", "<sip:+12255550911@psap.example>"), "<sip:calls%3A1@psap.example>"
    assert told == (*KIND, number, ("P-Asserted-Identity", agent))
    assert callback_told(PHONES, target, "sip:+12255550911@psap.example", "", "psap.example") == (*KIND, number)


@pytest.mark.parametrize(
    ("target", "caller"),
    [
        ("sip:+12255550142@198.51.100.9", "sip:1@psap.example"),
        ("tel:+12255550142", "sip:1@psap.example"),
        ("sip:+12255550142@192.0.2.10", "no address <"),
        ("nothing", "sip:1@psap.example"),
    ],
)
def test_nobody_else_is_told(target, caller):
    """Only what kind of call it is: outside of our contracts an assertion is none, and a seat is nobody's business."""
    assert callback_told(PHONES, target, caller, "calls:1", "psap.example") == KIND

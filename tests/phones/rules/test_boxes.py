"""PINs of boxes and what opens one: rules that hold for any digits, tries and phones."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.phones.switchboard import city_hall

from redstick.phones.lookups import sounds_named
from redstick.phones.numbering import Attendant, Extension, Menu
from redstick.phones.pins import CLOSED_MS, MOST_WRONG, TRIES, is_closed, pin_refusal
from redstick.phones.routing.calling_back import dial_back
from redstick.phones.routing.trace import Verdict
from redstick.phones.rules.boxes import (
    AskMyPin,
    OpenBox,
    RefusePin,
    SetGreetingAtPhone,
    SetMyPin,
    SetPinAtPhone,
)
from redstick.phones.rules.calls import BeginPhoneCall, EndPhoneCall
from redstick.phones.rules.messages import DropAtPhone, HearAtPhone, LeaveVoicemail, SetGreeting
from redstick.phones.rules.people import AssignNumber, EnrollUser, ReleaseNumber
from redstick.phones.rules.places import RemoveDevice
from redstick.phones.state import BoxPin, User

DIGITS = st.text("0123456789", min_size=4, max_size=10)
SHA, OTHER = "ab" * 32, "cd" * 32


def because(pin, number="2100", direct=("+12255552100",)):
    """Why digits may be no PIN, "" where they may."""
    refused = pin_refusal(pin, number, direct)
    return "" if refused is None else refused.data.get("because", refused.code)


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("2100", "is_the_number"), ("92100", "is_the_number"), ("0012", "is_the_number"), ("5552100", "is_the_number"),
        ("1111", "one_digit"), ("1234", "in_a_row"), ("7890", "in_a_row"), ("0987654321", "in_a_row"),
        ("4321", "in_a_row"), ("1212", "repeated"), ("482482", "repeated"), ("123", "pin_malformed"),
        ("12345678901", "pin_malformed"), ("48a2", "pin_malformed"), ("4821", ""), ("48213", ""),
    ],
)  # fmt: skip
def test_what_would_be_guessed_is_no_pin_and_why_is_said(pin, why):
    """The number itself, one digit, a row, a repeat; of 4 to 10 digits."""
    assert because(pin) == why


@given(DIGITS)
def test_no_easy_pin_is_taken(pin):
    """Whatever is taken has not the number in it, has two digits or more, and is no row up or down."""
    if because(pin) == "":
        steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
        assert "2100" not in pin
        assert steps not in ({0}, {1}, {9})


@given(st.lists(st.integers(0, 2 * CLOSED_MS), min_size=1, max_size=60))
def test_so_many_wrong_pins_and_no_more_are_tried(waits):
    """In a quarter of an hour five, without a right one twenty in all, however long somebody waits between them."""
    pin, now, tried = BoxPin("p", 0), 0, []
    for wait in waits:
        now += wait
        if not is_closed(pin, now):
            tried.append(now)
            pin = BoxPin("p", 0, wrong=pin.wrong + 1, wrong_at=now)
    assert len(tried) <= MOST_WRONG
    for fifth in tried[TRIES - 1 :: TRIES]:
        assert not [at for at in tried if fifth < at < fifth + CLOSED_MS]


def opened(hall, call, device, number="2100", *, by_pin=False):
    """A call from a phone that opens a box; its event."""
    hall.events(BeginPhoneCall(call, device.partition("-")[0], number, device))
    [event] = hall.events(OpenBox(number, call, by_pin))
    return event


def test_a_box_opens_at_its_own_phone_and_elsewhere_by_its_pin_alone():
    """And where its PIN is always asked, nowhere without."""
    hall = city_hall()
    hall.events(BeginPhoneCall("c1", "2101", "2100", "2101-1"))
    assert hall.refused(OpenBox("2100", "c1")) == "not_its_phone"
    assert hall.refused(OpenBox("2100", "c1", by_pin=True)) == "no_pin"
    assert hall.refused(OpenBox("2100", "none")) == "call_unknown"
    event = opened(hall, "c2", "2100-1")
    assert (event.caller, event.device, event.by_pin) == ("2100", "2100-1", False)
    assert hall.refused(SetMyPin("per_bob", "2100", "p1")) == "not_your_number"
    assert hall.refused(AskMyPin("per_ann", "2100", always=True)) == "no_pin"
    hall.events(SetMyPin("per_ann", "2100", "p1"))
    hall.events(OpenBox("2100", "c1", by_pin=True))
    hall.events(AskMyPin("per_ann", "2100", always=True))
    hall.events(BeginPhoneCall("c3", "2100", "2100", "2100-1"))
    assert hall.refused(OpenBox("2100", "c3")) == "pin_needed"
    hall.events(SetMyPin("per_ann", "2100", "p2"))
    assert hall.refused(OpenBox("2100", "c3")) == "pin_needed"  # a new PIN changes no choice


def test_the_fifth_wrong_pin_closes_a_box_and_whoever_has_it_is_owed_a_letter():
    """What is closed counts no more; time or a new PIN opens it, and after twenty a new PIN alone."""
    hall = city_hall()
    hall.events(SetMyPin("per_ann", "2100", "p1"))
    hall.events(BeginPhoneCall("c1", "+15045550123", "2100"))
    refused = [hall.events(RefusePin("2100", "c1"))[0] for _ in range(TRIES)]
    assert [one.closed for one in refused] == [False] * (TRIES - 1) + [True]
    [notice] = hall.state.notices.values()
    assert (notice.to, "5 wrong PINs for the box of 2100" in notice.text) == (("ann@city.example",), True)
    assert hall.refused(OpenBox("2100", "c1", by_pin=True)) == "pin_closed"
    assert hall.refused(RefusePin("2100", "c1")) == "pin_closed"
    hall.wait(CLOSED_MS)
    hall.events(OpenBox("2100", "c1", by_pin=True))
    assert hall.state.pins["2100"].wrong == 0
    while hall.state.pins["2100"].wrong < MOST_WRONG:
        hall.events(RefusePin("2100", "c1"))
        hall.wait(CLOSED_MS)
    assert hall.refused(OpenBox("2100", "c1", by_pin=True)) == "pin_closed"
    hall.events(SetMyPin("per_ann", "2100", "p2"))
    hall.events(OpenBox("2100", "c1", by_pin=True))


def test_a_call_that_has_opened_a_box_does_what_is_done_in_it_and_nothing_in_another():
    """Heard and dropped by name of the phone, or from outside of the number that called; over, it does nothing."""
    hall = city_hall()
    for name, number in (("m1", "2100"), ("m2", "2101"), ("m3", "2100")):
        hall.events(LeaveVoicemail(name, number, "2102", 4_200, SHA))
    hall.events(SetMyPin("per_ann", "2100", "p1"))
    hall.events(BeginPhoneCall("c1", "+15045550123", "2100"))
    for command in (HearAtPhone("m1", "", "c1"), DropAtPhone("m1", "", "c1")):
        assert hall.refused(command) == "not_its_phone"
    assert hall.refused(SetPinAtPhone("c1", "p2")) == "box_not_open"
    assert hall.refused(SetGreetingAtPhone("c1", SHA)) == "box_not_open"
    hall.events(OpenBox("2100", "c1", by_pin=True))
    [heard] = hall.events(HearAtPhone("m1", "", "c1"))
    [dropped] = hall.events(DropAtPhone("m1", "", "c1"))
    assert (heard.person, dropped.person) == ("caller +15045550123",) * 2
    assert hall.refused(HearAtPhone("m2", "", "c1")) == "not_its_phone"
    [kept] = hall.events(SetPinAtPhone("c1", "p2"))
    assert (kept.number, kept.by) == ("2100", "caller +15045550123")
    [greeting] = hall.events(SetGreetingAtPhone("c1", OTHER))
    [again] = hall.events(SetGreetingAtPhone("c1", SHA))
    assert (greeting.number, greeting.before, again.before) == ("2100", "", OTHER)
    assert hall.refused(SetGreetingAtPhone("c1", "short")) == "hash_malformed"
    hall.events(EndPhoneCall("c1", "BYE"))
    assert hall.refused(HearAtPhone("m3", "", "c1")) == "not_its_phone"


def test_a_pin_goes_with_whoever_had_the_extension():
    """Nobody opens the box of another by a PIN that they once had."""
    hall = city_hall()
    hall.events(SetMyPin("per_ann", "2100", "p1"))
    hall.events(AssignNumber("2100", Extension("Ann A.", "ann", "hall"), ("+12255552100",)))
    assert "2100" in hall.state.pins
    hall.events(AssignNumber("2100", Extension("Bob Best", "bob", "hall"), ("+12255552100",)))
    assert hall.state.pins == {}
    hall.events(SetMyPin("per_bob", "2100", "p2"))
    hall.events(RemoveDevice("2100-1"))
    hall.events(ReleaseNumber("2100"))
    assert hall.state.pins == {}


def test_the_sound_of_a_menu_a_greeting_or_a_message_is_one_that_is_kept():
    """Whatever drops a sound asks this."""
    hall = city_hall()
    hall.events(LeaveVoicemail("m1", "2100", "2101", 4_200, SHA))
    hall.events(SetGreeting("per_ann", "2100", OTHER))
    hall.events(
        AssignNumber("4000", Attendant("Menu", Menu("Hello", sound="1f" * 32), Menu("Closed", sound="2f" * 32)))
    )
    assert sounds_named(hall.state) == {SHA, OTHER, "1f" * 32, "2f" * 32}


HALL = city_hall()
HALL.events(EnrollUser(User("dee", "Dee")))
NUMBERS = st.one_of(
    st.sampled_from(["2100", "2101", "911", "9911", "112", "sos", "", "unknown", "+12255552100", "+19005550123"]),
    st.from_regex(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True),
    st.from_regex(r"\+?[0-9]{0,15}", fullmatch=True),
)


@settings(max_examples=300)
@given(NUMBERS)
def test_what_calls_back_leads_to_whoever_left_the_message_and_never_to_911(number):
    """By the plan; where nothing leads there, nothing is dialled."""
    dialled = dial_back(HALL.state, "2100", number, HALL.now)
    if not dialled:
        return
    made = HALL.route("2100", dialled)
    assert made.verdict is not Verdict.EMERGENCY
    if made.verdict is Verdict.OUTSIDE:
        assert made.steps[0].number == number
    else:
        assert HALL.state.direct.get(number, number) == HALL.state.direct.get(dialled, dialled)


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("2101", "2101"), ("+12255551234", "95551234"), ("+15045550123", "915045550123"), ("+19005550123", ""),
        ("911", ""), ("2100", ""), ("", ""), ("unknown", ""),
    ],
)  # fmt: skip
def test_numbers_of_ours_near_and_far_are_called_back_as_the_plan_dials_them(number, dialled):
    """What the plan denies is not."""
    assert dial_back(HALL.state, "2100", number, HALL.now) == dialled

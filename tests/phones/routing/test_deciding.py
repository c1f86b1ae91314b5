"""Routes: what a call becomes, in steps and words."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.phones.switchboard import NOON, PLAN, city_hall

from redstick.phones.hours import Holiday, Hours, Span, fault_in, open_at
from redstick.phones.numbering import Attendant, HuntGroup, Menu, MenuKey, Orbit, PagingGroup, Room, Strategy
from redstick.phones.ports import StepKind
from redstick.phones.routing.trace import Verdict
from redstick.phones.rules.calls import AnswerPhoneCall, BeginPhoneCall, EndPhoneCall, ParkCall
from redstick.phones.rules.lines import KeepHours, ReportTrunk
from redstick.phones.rules.people import AssignNumber
from redstick.phones.rules.places import ReportDevice
from redstick.phones.rules.settings import SetForwarding, SetPresence
from redstick.phones.state import Forwarding, Presence

WEEK = (*[(Span(8 * 60, 17 * 60),)] * 5, (), ())
OFFICE = Hours("the office", "America/Chicago", WEEK, (Holiday("2026-01-19", "Martin Luther King Jr. Day"),))


def steps(made):
    """Kinds and targets of a route's steps."""
    return [(step.kind, step.targets) for step in made.steps]


def chicago(*when):
    """A local time in ms."""
    return int(dt.datetime(*when, tzinfo=ZoneInfo("America/Chicago")).timestamp() * 1000)


@pytest.mark.parametrize(
    "dialled", ["911", "9911", "9-911", " 9 1 1", "sip:911@city.example", "urn:service:sos", "tel:911"]
)
def test_911_goes_out_in_any_form(hall, dialled):
    """Direct, by habit, as an address or spelled: a call for help, which the center answers without any trunk."""
    made = hall.route("2100", dialled)
    assert (made.verdict, steps(made)) == (Verdict.EMERGENCY, [(StepKind.EMERGENCY, ("center",))])
    assert any("222 Saint Louis St" in words for words in made.words)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_that_anybody_sets_keeps_911_in(data):
    """Whatever is forwarded, wants no call, speaks, is unplugged or down: every form of 911 is a call for help."""
    board = city_hall()
    for _ in range(data.draw(st.integers(0, 6))):
        number = data.draw(st.sampled_from(("2100", "2101", "2102")))
        target = data.draw(st.sampled_from(("2100", "2101", "2102", "92255551")))
        board.ask(
            data.draw(
                st.sampled_from(
                    (
                        SetForwarding(number, Forwarding(always=target)),
                        SetPresence(number, Presence.DO_NOT_DISTURB),
                        ReportDevice(f"{number}-1", reachable=False),
                        ReportTrunk("t1", up=False, why="no answer"),
                        BeginPhoneCall(f"call-{board.count}", number, "2101"),
                    )
                )
            )
        )
    caller, dialled = data.draw(st.sampled_from(("2100", "2101", "2102"))), data.draw(st.sampled_from(("911", "9911")))
    made = board.route(caller, dialled)
    assert made.verdict is Verdict.EMERGENCY
    assert made.steps[0].targets[-1] == "center"


def test_911_by_trunks_tries_those_that_work_first_and_all_of_them(hall):
    """A trunk that is down comes after one that works; the center is the last resort."""
    hall.adopt(replace(PLAN, emergency=("t1", "t2")))
    hall.events(ReportTrunk("t1", up=False, why="no answer to OPTIONS"))
    assert steps(hall.route("2100", "911")) == [(StepKind.EMERGENCY, ("t2", "t1", "center"))]


def test_an_extension_rings_then_takes_a_message(hall):
    """Its phones for its seconds, then its box; by its direct number too, from outside."""
    expected = [(StepKind.RING, ("2101-1",)), (StepKind.VOICEMAIL, ("2101",))]
    assert steps(hall.route("2100", "2101")) == expected
    assert steps(hall.route("+15045550100", "+12255552100"))[0] == (StepKind.RING, ("2100-1",))


def test_who_speaks_wants_no_call_or_is_unplugged_is_not_rung(hall):
    """Each goes to what is set for it, else to the box, and the words say why."""
    hall.events(SetForwarding("2101", Forwarding(busy="2102", unreachable="2100")))
    hall.events(BeginPhoneCall("c1", "2101", "912255550199"))
    busy = hall.route("2100", "2101")
    assert steps(busy)[0] == (StepKind.RING, ("2102-1",))
    assert "speaks: the call goes to 2102" in busy.words[0]
    hall.events(EndPhoneCall("c1"))
    hall.events(ReportDevice("2101-1", reachable=False))
    assert steps(hall.route("2102", "2101"))[0] == (StepKind.RING, ("2100-1",))
    hall.events(SetPresence("2102", Presence.DO_NOT_DISTURB))
    assert steps(hall.route("2100", "2102")) == [(StepKind.VOICEMAIL, ("2102",))]


def test_a_loop_of_overflows_is_cut(hall):
    """Groups that overflow into each other end; what was found on the way is kept."""
    hall.events(AssignNumber("3001", HuntGroup("One", ("2100",))))
    hall.events(AssignNumber("3002", HuntGroup("Two", ("2101",), overflow="3001")))
    hall.events(AssignNumber("3001", HuntGroup("One", ("2100",), overflow="3002")))
    made = hall.route("2102", "3001")
    assert steps(made) == [(StepKind.RING, ("2100-1",)), (StepKind.RING, ("2101-1",))]
    assert "loop" in made.words[-1]


def test_groups_ring_in_the_order_that_they_say(hall):
    """All at once; one by one as listed; who is idle longest first; and whoever is after the last one who answered."""
    members = ("2100", "2101", "2102")
    phones = {number: f"{number}-1" for number in members}
    hall.events(AssignNumber("3000", HuntGroup("Desk", members)))
    assert steps(hall.route("2999", "3000")) == [(StepKind.RING, tuple(phones.values()))]
    hall.events(AssignNumber("3000", HuntGroup("Desk", members, Strategy.IN_ORDER)))
    assert [step.targets for step in hall.route("2999", "3000").steps] == [(phones[one],) for one in members]
    hall.events(BeginPhoneCall("c1", "+15045550100", "3000"))
    hall.events(AnswerPhoneCall("c1", "2100", "3000"))
    hall.events(EndPhoneCall("c1"))
    hall.events(AssignNumber("3000", HuntGroup("Desk", members, Strategy.LONGEST_IDLE)))
    assert [step.number for step in hall.route("2999", "3000").steps] == ["2101", "2102", "2100"]
    hall.events(AssignNumber("3000", HuntGroup("Desk", members, Strategy.ROUND_ROBIN)))
    assert [step.number for step in hall.route("2999", "3000").steps] == ["2101", "2102", "2100"]
    hall.events(SetPresence("2101", Presence.DO_NOT_DISTURB))
    assert [step.number for step in hall.route("2999", "3000").steps] == ["2102", "2100"]


def test_an_attendant_goes_by_hours_holidays_and_the_changed_clock(hall):
    """Open on a Wednesday noon, closed on a holiday, and by local time on both sides of daylight saving."""
    hall.events(KeepHours("office", OFFICE))
    menu = Menu("Press 1 for Ann", (MenuKey("1", "2100"),), "2101")
    hall.events(AssignNumber("4000", Attendant("City hall", menu, Menu("We are closed", otherwise="2102"), "office")))
    day, holiday = (
        hall.route("+15045550100", "4000", NOON),
        hall.route("+15045550100", "4000", chicago(2026, 1, 19, 12)),
    )
    assert [step.number for step in day.steps] == ["4000", "2101", "2101"]
    assert [step.number for step in holiday.steps] == ["4000", "2102", "2102"]
    assert "Martin Luther King Jr. Day" in holiday.words[0]
    for month in (1, 7):  # standard and daylight time
        assert not open_at(OFFICE, chicago(2026, month, 7, 7, 59))[0]
        assert open_at(OFFICE, chicago(2026, month, 7, 8, 0))[0]
        assert not open_at(OFFICE, chicago(2026, month, 7, 17, 0))[0]


def test_hours_that_cannot_be_are_named():
    """A zone that is not there, a week of six days, spans that overlap, a day that is none."""
    assert fault_in(OFFICE) == ""
    assert "zone" in fault_in(Hours("x", "America/Nowhere", WEEK))
    assert "6 days" in fault_in(Hours("x", "UTC", WEEK[:6]))
    assert "Monday" in fault_in(Hours("x", "UTC", ((Span(600, 500),), *WEEK[1:])))
    assert "no day" in fault_in(Hours("x", "UTC", WEEK, (Holiday("2026-02-30", "Never"),)))


def test_calls_leave_by_trunks_that_work_and_have_room(hall):
    """The first rule that fits; a full trunk and one that is down are passed over; none left is said."""
    made = hall.route("2100", "915045550123")
    assert (made.verdict, made.caller_id) == (Verdict.OUTSIDE, "+12255552100")
    assert (made.steps[0].targets, made.steps[0].number) == (("t1", "t2"), "+15045550123")
    hall.events(ReportTrunk("t1", up=False, why="no answer to OPTIONS"))
    assert hall.route("2101", "915045550123").steps[0].targets == ("t2",)
    assert hall.route("2101", "915045550123").caller_id == PLAN.main_number
    for call in ("a", "b"):
        hall.events(BeginPhoneCall(call, "2102", "915045550123"))
        hall.events(AnswerPhoneCall(call, "+15045550123", trunk="t2"))
    assert hall.route("2100", "915045550123").code == "trunks_busy"


def test_what_may_not_be_called_is_refused_in_words(hall):
    """A denied rule, no rule, and whoever calls from outside to go outside again (toll fraud)."""
    assert hall.route("2100", "919005550123").code == "denied"
    assert hall.route("2100", "77777").code == "no_rule"
    assert hall.route("+15045550100", "915045550123").code == "not_ours"


def test_who_calls_an_elin_back_reaches_who_called_911(hall):
    """For an hour, though they forward everything, want no call and have logged out; then no more."""
    hall.events(BeginPhoneCall("c1", "2102", "911", "2102-1"))
    hall.events(EndPhoneCall("c1"))
    hall.events(SetForwarding("2102", Forwarding(always="2100")))
    hall.events(SetPresence("2102", Presence.DO_NOT_DISTURB))
    hall.events(ReportDevice("2102-1", reachable=False))
    back = hall.route("+12255550100", "+12255550190")
    assert (back.verdict, back.steps[0].targets) == (Verdict.CALLBACK, ("2102-1",))
    assert hall.route("+12255550100", "+12255550190", hall.now + 61 * 60_000).code == "not_ours"


def test_paging_rooms_and_orbits(hall):
    """A page spares who speaks; a full room lets nobody in; a parked call is picked up by dialling its orbit."""
    hall.events(AssignNumber("5000", PagingGroup("Everybody", ("2100", "2101", "2102"))))
    hall.events(AssignNumber("6000", Room("Briefing", 1)))
    hall.events(AssignNumber("7000", Orbit("Orbit 1")))
    assert hall.route("2100", "7000").code == "nobody_parked"
    hall.events(BeginPhoneCall("c1", "+15045550100", "2101"))
    hall.events(AnswerPhoneCall("c1", "2101"))
    assert steps(hall.route("2100", "5000")) == [(StepKind.PAGE, ("2100-1", "2102-1"))]
    hall.events(ParkCall("c1", "7000"))
    assert steps(hall.route("2102", "7000")) == [(StepKind.PICK_UP, ("c1",))]
    hall.events(BeginPhoneCall("c2", "2102", "6000"))
    hall.events(AnswerPhoneCall("c2", "6000"))
    assert hall.route("2100", "6000").code == "room_full"

"""What may be set and what may not; 911 told on site; calls and messages from beginning to end."""

import pytest
from msgspec.structs import replace
from tests.phones.switchboard import HALL, PLAN

from redstick.phones.invariants import broken
from redstick.phones.numbering import Extension, HuntGroup, Orbit
from redstick.phones.plan.rules import Action, DialPlan, DialRule
from redstick.phones.ports import StepKind
from redstick.phones.rules.calls import (
    AnswerPhoneCall,
    BeginPhoneCall,
    EmergencyDialled,
    EndPhoneCall,
    HandOnCall,
    ParkCall,
    PickUp,
)
from redstick.phones.rules.lines import AdoptPlan, KeepTrunk, ProposePlan, RemoveTrunk
from redstick.phones.rules.messages import (
    DropAtPhone,
    DropVoicemail,
    HearAtPhone,
    HearVoicemail,
    LeaveVoicemail,
    SendText,
    SetGreeting,
)
from redstick.phones.rules.notices import AcknowledgeNotice, ConfirmNotice, NoticeEscalated
from redstick.phones.rules.people import AssignNumber, EnrollUser, ImportPeople, PersonRow, ReleaseNumber, RemoveUser
from redstick.phones.rules.places import AddDevice, KeepSite, MoveDevice, RefuseRegistration, RemoveDevice, RemoveSite
from redstick.phones.rules.settings import SetForwarding, SetMyForwarding, SetMyPresence
from redstick.phones.state import Device, Forwarding, Presence, Site, Trunk, User

SHA = "ab" * 32


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (AssignNumber("0123", Extension("Zero")), "number_malformed"),
        (AssignNumber("911", Extension("Nine")), "number_near_911"),
        (AssignNumber("9115", Extension("Nine")), "number_near_911"),
        (AssignNumber("91", Extension("Nine")), "number_near_911"),
        (AssignNumber("99", Extension("Nine")), "number_near_911"),
        (AssignNumber("2100", HuntGroup("Desk", ("2101",))), "kind_differs"),
        (AssignNumber("2200", Extension("New", "nobody")), "user_unknown"),
        (AssignNumber("2200", Extension("New", site="nowhere")), "site_unknown"),
        (AssignNumber("2200", Extension("New", ring_s=0)), "ring_invalid"),
        (AssignNumber("3000", HuntGroup("Desk", ("2999",))), "member_unknown"),
        (AssignNumber("2200", Extension("New"), ("+12255552100",)), "direct_taken"),
        (AssignNumber("2200", Extension("New"), ("+12255550190",)), "direct_taken"),
        (AssignNumber("2200", Extension("New"), ("2255550190",)), "direct_malformed"),
        (EnrollUser(User("dee", "Dee", person="per_ann")), "person_taken"),
        (RemoveUser("ann"), "user_has_number"),
        (ReleaseNumber("2100"), "has_devices"),
        (AddDevice(Device("2100-1", "2100")), "device_known"),
        (AddDevice(Device("UPPER", "2100")), "device_malformed"),
        (RemoveSite("hall"), "site_needed"),
        (KeepSite(Site("annex", "1 Main St", elins=("+12255552100",))), "elin_taken"),
        (RemoveTrunk("t1"), "trunk_needed"),
        (ProposePlan(DialPlan((DialRule("out", "9.", Action.OUTSIDE, ("t1",)),))), "plan_faulty"),
        (AdoptPlan("77"), "plan_unknown"),
        (SetForwarding("2100", Forwarding(always="2100")), "forward_loop"),
        (SetForwarding("2100", Forwarding(busy="911")), "forward_to_911"),
        (SetForwarding("2100", Forwarding(busy="919005550123")), "forward_unknown"),
        (SetMyPresence("per_bob", "2100", Presence.AWAY), "not_your_number"),
        (SetMyPresence("", "2102", Presence.AWAY), "not_your_number"),
        (SetGreeting("per_bob", "2100", SHA), "not_your_number"),
        (SendText("x", "per_bob", "2100", "2101", "hello"), "not_your_number"),
        (LeaveVoicemail("m", "2100", "", 1_000, "short"), "hash_malformed"),
        (PickUp("7000", "2100"), "nobody_parked"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(hall, command, code):
    """Each refusal is a value with a stable code, and nothing changes."""
    before = hall.state
    assert hall.refused(command) == code
    assert hall.state == before


def test_a_forwarding_that_leads_back_over_others_is_refused(hall):
    """Whatever the reasons of the forwardings are; by a direct number too."""
    hall.events(SetForwarding("2100", Forwarding(no_answer="2101")))
    hall.events(SetForwarding("2101", Forwarding(busy="2102")))
    assert hall.refused(SetForwarding("2102", Forwarding(always="+12255552100"))) == "forward_loop"
    hall.events(SetMyForwarding("per_bob", "2101", Forwarding()))
    hall.events(SetForwarding("2102", Forwarding(always="+12255552100")))


def test_911_is_told_on_site_with_place_and_callback_and_escalates_in_silence(hall):
    """Whoever is named is owed it at once; after a minute further people; a name ends it, and no timer comes after."""
    [_, dialled] = hall.events(BeginPhoneCall("c1", "2101", "9911", "2101-1"))
    assert isinstance(dialled, EmergencyDialled)
    assert (dialled.site, dialled.callback, dialled.told) == ("hall", "+12255550190", HALL.contacts)
    notice = hall.state.notices["c1"]
    assert "222 Saint Louis St, Baton Rouge, floor 3, room 310" in notice.text
    assert "2101 Bob Best" in notice.text
    hall.events(ConfirmNotice("c1", "mail"))
    hall.wait(61_000)
    assert hall.state.notices["c1"].to == ("desk@city.example", "chief@city.example")
    assert hall.state.notices["c1"].delivered_at is None
    hall.events(AcknowledgeNotice("c1", "per_ann"))
    hall.wait(600_000)
    assert hall.state.notices == {}
    hall.events(BeginPhoneCall("c2", "2102", "911"))
    assert hall.state.elins["+12255550191"].number == "2102"  # the other one still leads to 2101
    hall.events(AcknowledgeNotice("c2", "per_ann"))
    position = hall.driver.executor.durable.position
    hall.wait(600_000)
    assert hall.driver.executor.durable.position == position


def test_911_from_where_nobody_knows_is_told_everywhere(hall):
    """A device without a place keeps nothing back: everybody's contacts are told that the place is unknown."""
    hall.events(AssignNumber("2300", Extension("Lobby")))
    [_, dialled] = hall.events(BeginPhoneCall("c1", "2300", "911"))
    assert (dialled.location, dialled.told, dialled.callback) == ("", HALL.contacts, PLAN.main_number)
    assert "a place nobody knows" in hall.state.notices["c1"].text


def test_a_device_that_moved_calls_from_where_it_stands(hall):
    """The place of the phone counts before the extension's."""
    hall.events(KeepSite(Site("annex", "1 Main St", room="B", contacts=("annex@city.example",))))
    hall.events(MoveDevice("2100-1", "annex"))
    [_, dialled] = hall.events(BeginPhoneCall("c1", "2100", "911", "2100-1"))
    assert (dialled.location, dialled.told) == ("1 Main St, room B", ("annex@city.example",))


def test_who_leaves_a_call_to_another_is_free_and_it_ends_with_the_leg_that_stays(hall):
    """In the place of whoever answered or of whoever called; a call for help is handed on by nobody."""
    hall.events(BeginPhoneCall("c1", "2100", "2101", leg="a"))
    assert hall.refused(HandOnCall("c1", "2101", "2102", "a")) == "call_unanswered"
    hall.events(AnswerPhoneCall("c1", "2101"))
    assert hall.refused(HandOnCall("c1", "2102", "2103", "a")) == "not_in_call"
    hall.events(HandOnCall("c1", "2101", "2102", "a"))
    assert (hall.state.calls["c1"].answered_by, hall.state.calls["c1"].leg) == ("2102", "a")
    hall.events(HandOnCall("c1", "2100", "+15045550123", "b"))
    assert (hall.state.calls["c1"].caller, hall.state.calls["c1"].leg) == ("+15045550123", "b")
    assert {"2100", "2101"} <= hall.state.idle_since.keys()
    hall.events(BeginPhoneCall("c2", "2101", "911"))
    assert hall.refused(HandOnCall("c2", "2101", "2100", "a")) == "emergency_stays"
    assert hall.refused(HandOnCall("c3", "2101", "2100", "a")) == "call_unknown"


def test_a_trunk_is_reached_by_digits_alone(hall):
    """No name is looked up while somebody waits."""
    for address in ("carrier.example", "192.0.2.9:5060;transport=ws", "192.0.2.9:5060 "):
        assert hall.refused(KeepTrunk(Trunk("t3", "Carrier", 2, address=address))) == "address_malformed"
    hall.events(KeepTrunk(Trunk("t3", "Carrier", 2, address="192.0.2.9:5060;transport=tcp")))


def test_what_a_stranger_tells_is_kept_short(hall):
    """A wrong password is written down with whom it was for, as far as that may be a phone's name."""
    [refused] = hall.events(RefuseRegistration("x" * 5_000, "192.0.2.7:5060", limited=True))
    assert (len(refused.device), refused.source, refused.limited) == (60, "192.0.2.7:5060", True)


def test_a_call_is_parked_and_picked_up_and_ends_once(hall):
    """Whoever parked it is free meanwhile; two calls never share an orbit; a 911 call is never parked."""
    hall.events(AssignNumber("7000", Orbit("Orbit 1")))
    hall.events(BeginPhoneCall("c1", "+15045550100", "2100"))
    assert hall.refused(ParkCall("c1", "7000")) == "call_unanswered"
    hall.events(AnswerPhoneCall("c1", "2100"))
    assert hall.refused(AnswerPhoneCall("c1", "2101")) == "call_answered"
    hall.events(ParkCall("c1", "7000"))
    hall.events(BeginPhoneCall("c2", "+15045550101", "2100"))
    hall.events(AnswerPhoneCall("c2", "2100"))
    assert hall.refused(ParkCall("c2", "7000")) == "orbit_taken"
    hall.events(PickUp("7000", "2101"))
    [ended] = hall.events(EndPhoneCall("c1", "BYE"))
    assert (ended.caller, ended.answered_by) == ("+15045550100", "2101")
    assert hall.refused(EndPhoneCall("c1")) == "call_unknown"
    hall.events(BeginPhoneCall("c3", "2102", "911"))
    hall.events(AnswerPhoneCall("c3", "center"))
    assert hall.refused(ParkCall("c3", "7000")) == "emergency_stays"


def test_voicemail_waits_is_mailed_without_its_words_and_is_its_owners_alone(hall):
    """The mail names who called and how long; hearing it ends the waiting; nobody else may hear or drop it."""
    hall.events(LeaveVoicemail("m1", "2100", "+15045550100", 12_300, SHA))
    notice = hall.state.notices["m1"]
    assert (notice.to, notice.text) == (("ann@city.example",), "Voicemail from +15045550100 in the box of 2100, 13 s")
    hall.events(ConfirmNotice("m1", "mail"))
    assert "m1" not in hall.state.notices
    assert hall.refused(HearVoicemail("m1", "per_bob")) == "not_your_number"
    assert hall.refused(DropVoicemail("m1", "per_bob")) == "not_your_number"
    hall.events(HearVoicemail("m1", "per_ann"))
    assert hall.state.voicemails["m1"].heard_at is not None
    hall.events(DropVoicemail("m1", "per_ann"))
    assert hall.state.voicemails == {}


def test_a_message_is_heard_and_dropped_at_a_phone_of_its_box_alone(hall):
    """Each time that it is heard is a fact; the sound that goes with it is named where it is dropped."""
    hall.events(LeaveVoicemail("m1", "2100", "2101", 4_200, "a" * 64))
    for command in (HearAtPhone, DropAtPhone):
        assert hall.refused(command("m1", "2101-1")) == "not_its_phone"
        assert hall.refused(command("m1", "gone")) == "not_its_phone"
        assert hall.refused(command("m2", "2100-1")) == "message_unknown"
    for _ in range(2):
        [heard] = hall.events(HearAtPhone("m1", "2100-1"))
        assert heard.person == "phone 2100-1"
    [dropped] = hall.events(DropAtPhone("m1", "2100-1"))
    assert (dropped.sha256, hall.state.voicemails, hall.state.notices) == ("a" * 64, {}, {})


def test_who_calls_their_own_number_has_their_own_box(hall):
    """Whatever it is set to; without a box it is a call like any other."""
    hall.events(SetForwarding("2100", Forwarding(always="2101")))
    assert [step.kind for step in hall.route("2100", "2100").steps] == [StepKind.BOX]
    hall.events(AssignNumber("2102", Extension("Cee", "cee", voicemail=False)))
    assert StepKind.BOX not in [step.kind for step in hall.route("2102", "2102").steps]


def test_a_released_number_leaves_nothing_behind(hall):
    """Its box, what it was set to and its direct number go with it; it is refused while a group leads to it."""
    hall.events(LeaveVoicemail("m1", "2100", "", 1_000, SHA))
    hall.events(AssignNumber("3000", HuntGroup("Desk", ("2100",))))
    hall.events(RemoveDevice("2100-1"))
    assert hall.refused(ReleaseNumber("2100")) == "number_needed"
    hall.events(ReleaseNumber("3000"))
    hall.events(ReleaseNumber("2100"))
    assert (hall.state.direct, hall.state.voicemails, hall.state.notices) == ({}, {}, {})


def test_an_import_does_everything_or_nothing(hall):
    """A row that cannot be is named, and none before it is done; the same list twice changes nothing."""
    good = PersonRow(User("dee", "Dee Dunn"), "2103", "+12255552103", "hall")
    bad = PersonRow(User("eve", "Eve Ess"), "2104", "+12255552100")
    outcome = hall.ask(ImportPeople((good, bad)))
    assert outcome.rejection.code == "row_refused"
    assert (outcome.rejection.data["row"], outcome.rejection.data["code"]) == (2, "direct_taken")
    assert "2103" not in hall.state.numbers
    assert len(hall.events(ImportPeople((good,)))) == 2
    assert hall.events(ImportPeople((good,))) == []
    assert hall.refused(ImportPeople((good, good))) == "row_refused"


def test_a_planted_breach_is_seen(hall):
    """A plan that takes 9911 for an outside line, a number too near 911, a loose end: each is named."""
    state = hall.state
    assert list(broken(replace(state, plan=DialPlan((DialRule("out", "9.", Action.OUTSIDE, ("t1",)),), "9"))))
    assert list(broken(replace(state, numbers={**state.numbers, "9110": Extension("Near")})))
    assert list(broken(replace(state, direct={"+1225": "2999"})))


def test_a_notice_is_escalated_once(hall):
    """The timer fires once, and its event names whom it adds."""
    hall.events(BeginPhoneCall("c1", "2101", "911"))
    hall.wait(3_600_000)
    escalated = [line for line in hall.driver.journal.read(0) if NoticeEscalated.event_kind.encode() in line]
    assert len(escalated) == 1

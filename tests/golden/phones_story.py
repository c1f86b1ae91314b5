"""A day of the city's phones: every kind of event once."""

from redstick.kernel.values import Command
from redstick.phones.hours import Hours, Span
from redstick.phones.numbering import Extension, HuntGroup, Orbit
from redstick.phones.plan.rules import Action, DialPlan, DialRule
from redstick.phones.rules import boxes, calls, lines, messages, notices, people, places, settings
from redstick.phones.state import Device, Forwarding, Presence, Site, Trunk, User

SHA = "1f" * 32
HALL = Site("hall", "222 Saint Louis St", "Baton Rouge", "3", "310", ("+12255550190",), ("desk@city.example",),
            ("chief@city.example",), validated=True)  # fmt: skip
OFFICE = Hours("the office", "America/Chicago", (*[(Span(480, 1_020),)] * 5, (), ()))
PLAN = DialPlan((DialRule("911", "911", Action.EMERGENCY), DialRule("habit", "9911", Action.EMERGENCY),
                 DialRule("local", "9NXXXXXX", Action.OUTSIDE, ("t1",), 1, "+1225")), "9", "+12255550100")  # fmt: skip


def phones_story() -> list[Command]:
    """People and phones come, calls are made, one of them for help, and some of it goes again."""
    return [
        places.KeepSite(HALL),
        places.KeepSite(Site("annex", "1 Main St")),
        people.EnrollUser(User("ann", "Ann Able", "Clerk", "ann@city.example", "per_ann")),
        people.EnrollUser(User("bob", "Bob Best", person="per_bob")),
        people.EnrollUser(User("cee", "Cee Clark")),
        people.AssignNumber("2100", Extension("Ann Able", "ann", "hall"), ("+12255552100",)),
        people.AssignNumber("2101", Extension("Bob Best", "bob", "hall")),
        people.AssignNumber("3000", HuntGroup("Front desk", ("2100", "2101"))),
        people.AssignNumber("7000", Orbit("Orbit 1")),
        people.AssignNumber("7001", Orbit("Orbit 2")),
        places.AddDevice(Device("2100-1", "2100")),
        places.AddDevice(Device("2101-1", "2101", site="annex")),
        places.ReportDevice("2100-1", reachable=True),
        places.RefuseRegistration("2100-1", "192.0.2.7:5060"),
        places.MoveDevice("2101-1", "hall"),
        settings.SetPresence("2100", Presence.AWAY),
        settings.SetForwarding("2100", Forwarding(busy="2101")),
        lines.KeepTrunk(Trunk("t1", "A carrier", 4)),
        lines.KeepTrunk(Trunk("t2", "Another carrier", 4)),
        lines.ReportTrunk("t1", up=False, why="no answer to OPTIONS"),
        lines.KeepHours("office", OFFICE),
        lines.ProposePlan(PLAN, "the first one"),
        lines.AdoptPlan("1"),
        calls.BeginPhoneCall("pc-1", "+15045550123", "3000"),
        calls.AnswerPhoneCall("pc-1", "2100", "3000"),
        calls.ParkCall("pc-1", "7000"),
        calls.PickUp("7000", "2101"),
        calls.HandOnCall("pc-1", "2101", "+15045550199", "leg-1"),
        calls.EndPhoneCall("pc-1", "BYE"),
        calls.BeginPhoneCall("pc-2", "2100", "9911", "2100-1"),
        notices.ConfirmNotice("pc-2", "mail"),
        calls.EndPhoneCall("pc-2", "BYE"),
        notices.AcknowledgeNotice("pc-2", "per_bob"),
        messages.LeaveVoicemail("vm-1", "2100", "+15045550123", 12_300, SHA),
        messages.HearVoicemail("vm-1", "per_ann"),
        messages.DropVoicemail("vm-1", "per_ann"),
        messages.SetGreeting("per_ann", "2100", SHA),
        boxes.SetMyPin("per_ann", "2100", "pin-1"),
        boxes.AskMyPin("per_ann", "2100", always=True),
        calls.BeginPhoneCall("pc-3", "2101", "2100", "2101-1"),
        boxes.RefusePin("2100", "pc-3"),
        boxes.OpenBox("2100", "pc-3", by_pin=True),
        calls.EndPhoneCall("pc-3", "BYE"),
        messages.SendText("tx-1", "per_bob", "2101", "2100", "Lunch?"),
        people.ReleaseNumber("7001"),
        people.RemoveUser("cee"),
        places.RemoveDevice("2101-1"),
        places.RemoveSite("annex"),
        lines.RemoveHours("office"),
        lines.RemoveTrunk("t2"),
    ]

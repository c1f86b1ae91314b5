"""What is seen of the phones: rows that follow what happens, one's own box, and records as CSV."""

import csv
import io

import pytest
from tests.phones.switchboard import NOON

from redstick.kernel.envelope import opened
from redstick.kernel.fold import Fact
from redstick.kernel.house import House
from redstick.phones import domain
from redstick.phones.numbering import Orbit
from redstick.phones.reads.gaps import gaps
from redstick.phones.reads.mine import numbers_of
from redstick.phones.reads.records import COLUMNS, records_csv
from redstick.phones.reads.views import VIEWS, DirectoryView, SystemView
from redstick.phones.rules.calls import AnswerPhoneCall, BeginPhoneCall, EndPhoneCall, ParkCall, PickUp
from redstick.phones.rules.lines import ReportTrunk
from redstick.phones.rules.messages import LeaveVoicemail, SendText
from redstick.phones.rules.people import AssignNumber, EnrollUser
from redstick.phones.rules.places import KeepSite, MoveDevice, ReportDevice
from redstick.phones.rules.settings import SetForwarding, SetPresence
from redstick.phones.state import Forwarding, Presence, Site, User

SHA = "cd" * 32
DAY = (
    SetPresence("2100", Presence.AWAY),
    BeginPhoneCall("c1", "+15045550100", "2101"),
    AnswerPhoneCall("c1", "2101"),
    ParkCall("c1", "7000"),
    PickUp("7000", "2102"),
    EndPhoneCall("c1", "BYE"),
    BeginPhoneCall("c2", "2100", "915045550123"),
    AnswerPhoneCall("c2", "+15045550123", trunk="t1"),
    ReportTrunk("t2", up=False, why="no answer"),
    ReportDevice("2102-1", reachable=False),
    LeaveVoicemail("m1", "2100", "2101", 1_000, SHA),
    SetForwarding("2101", Forwarding(busy="2100")),
    EnrollUser(User("bob", "Bob Better", "Parks")),
    KeepSite(Site("annex", "1 Main St")),
    MoveDevice("2101-1", "annex"),
    KeepSite(Site("annex", "1 Main St", validated=True)),
    BeginPhoneCall("c3", "2102", "911"),
    EndPhoneCall("c2", "BYE"),
)


def facts(board, after=0):
    """What is in the journal, as facts."""
    events = House([domain]).events
    envelopes = [opened(line) for line in board.driver.journal.read(after)]
    return [Fact(envelope, event) for envelope in envelopes if (event := events.read(envelope)) is not None]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@pytest.mark.parametrize("audience", ["floor", "field", "oversight", "public"])
def test_who_follows_a_view_sees_what_a_new_one_sees(hall, view, audience):
    """After each command the touched rows alone are drawn anew, and together they are every row as it is."""
    hall.events(AssignNumber("7000", Orbit("Orbit 1")))
    states = hall.driver.executor.committed
    held = {key: view.row(states, key, audience) for key in view.keys(states)}
    for command in DAY:
        at = hall.driver.executor.durable.position
        hall.events(command)
        states = hall.driver.executor.committed
        for fact in facts(hall, at):
            held.update({key: view.row(states, key, audience) for key in view.touched(states, fact)})
        fresh = {key: view.row(states, key, audience) for key in view.keys(states)}
        drawn = {key: row for key, row in held.items() if row is not None}
        assert drawn == {key: row for key, row in fresh.items() if row is not None}, command


def test_the_public_and_oversight_see_less(hall):
    """Nothing is drawn for the public; oversight sees no call that goes on."""
    hall.events(BeginPhoneCall("c1", "+15045550100", "2101"))
    states = hall.driver.executor.committed
    assert DirectoryView().row(states, "phone/2100", "public") is None
    assert SystemView().row(states, "phonecall/c1", "floor")["caller"] == "+15045550100"
    assert SystemView().row(states, "phonecall/c1", "oversight") is None


def test_oversight_is_told_that_911_was_dialled_and_not_by_whom(hall):
    """The floor sees who, where and how to call back; oversight that it was, and whether somebody was told."""
    hall.events(BeginPhoneCall("c1", "2102", "911"))
    states = hall.driver.executor.committed
    whole, less = (SystemView().row(states, "notice/c1", audience) for audience in ("floor", "oversight"))
    assert "2102" in whole["text"]
    assert less == {**whole, "text": "911 was dialled"}


def test_oversight_sees_no_voicemail_and_so_not_who_called_whom(hall):
    """Its notice says both numbers; the floor sees it as owed."""
    hall.events(EnrollUser(User("ann", "Ann Able", "Parks", email="ann@parks.example")))
    hall.events(LeaveVoicemail("m1", "2100", "2101", 1_000, SHA))
    states = hall.driver.executor.committed
    assert "2101" in SystemView().row(states, "notice/m1", "floor")["text"]
    assert SystemView().row(states, "notice/m1", "oversight") is None


def test_ones_own_box_is_ones_own(hall):
    """Messages newest first, texts with them; who has no extension sees none."""
    hall.events(LeaveVoicemail("m1", "2100", "2101", 1_000, SHA))
    hall.events(LeaveVoicemail("m2", "2100", "2102", 2_000, SHA))
    hall.events(SendText("x1", "per_bob", "2101", "2100", "Lunch?"))
    [mine] = numbers_of(hall.state, "per_ann", hall.now).numbers
    assert [one.id for one in mine.voicemails] == ["m2", "m1"]
    assert [one.text for one in mine.texts] == ["Lunch?"]
    assert numbers_of(hall.state, "", hall.now).numbers == ()


def test_devices_from_which_911_would_not_be_found_are_counted(hall):
    """Without a site, or with one that nobody has validated."""
    assert gaps(hall.state) == {}
    hall.events(KeepSite(Site("annex", "1 Main St")))
    hall.events(MoveDevice("2101-1", "annex"))
    assert gaps(hall.state) == {"2101-1": "not_validated"}


def test_records_are_lines_of_csv_and_no_cell_is_a_formula(hall):
    """Each call that is over once, with its times; a number of the public network does not become a sum."""
    hall.events(BeginPhoneCall("c1", "+15045550100", "2101"))
    hall.events(AnswerPhoneCall("c1", "2101"))
    hall.events(EndPhoneCall("c1", "=HYPERLINK(1)"))
    rows = list(csv.DictReader(io.StringIO(records_csv(facts(hall), NOON, NOON + 3_600_000))))
    assert [list(row) for row in rows] == [list(COLUMNS)]
    [row] = rows
    assert (row["caller"], row["cause"], row["answered_by"]) == ("'+15045550100", "'=HYPERLINK(1)", "2101")
    assert (row["waited_s"], row["talked_s"]) == ("1.0", "1.0")
    assert list(csv.DictReader(io.StringIO(records_csv(facts(hall), 0, NOON)))) == []

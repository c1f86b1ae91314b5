"""Paper cards: true times, a clerk's name, and no conflict settled by a machine. Each test states one fact."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dispatch.live_desk import HOUR, MINUTE, LiveDesk

from redstick.dispatch.cards.card import PaperCard, UnitLine, count_of, number_of
from redstick.dispatch.cards.entering import requests_of
from redstick.dispatch.invariants import broken
from redstick.dispatch.rules.assignments import AssignUnits, UnitAssigned
from redstick.dispatch.rules.cards import Block, EnterCard, ReserveCards, SettleCard, TagFromPaper, waiting
from redstick.dispatch.rules.incidents import IncidentOpened, OpenIncident
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.dispatch.status_table import Status


@pytest.fixture
def desk():
    """Two engines; ten numbers were reserved for seat 1 before the system was gone for three hours."""
    desk = LiveDesk()
    for unit in ("E1", "E2"):
        desk.run(EnrollUnit(unit), ReportStatus(unit, "AQ"))
    desk.run(ReserveCards("seat 1", 10))
    desk.wait(3 * HOUR)
    return desk


def card(desk, **changes):
    """A card of an incident that E1 worked two hours ago."""
    began = desk.now - 2 * HOUR
    line = UnitLine("E1", began + 2 * MINUTE, began + 3 * MINUTE, began + 8 * MINUTE, began + 50 * MINUTE)
    sound = PaperCard(
        "P-000003",
        began + MINUTE,
        "12 Oak St",
        "rubbish fire",
        received_at=began,
        answered_at=began + 5_000,
        units=[line],
        notes=["bin behind the house"],
        closed_at=began + HOUR,
        disposition="01",
    )
    return msgspec.structs.replace(sound, **changes)


def enter(desk, made, name="e1"):
    """The conflicts with which a card is entered."""
    [entered] = desk.run(EnterCard(name, f"i-{name}", made, "Cleo"))
    return [(conflict.code, conflict.unit, conflict.other) for conflict in entered.conflicts]


def work_in(desk, made, name="e1"):
    """Ask what a card stands for; gives what was refused."""
    outcomes = desk.driver.run(requests_of(name, f"i-{name}", made, "clerk"), desk.now)
    return [outcome.rejection.code for outcome in outcomes if not outcome.accepted]


def test_numbers_are_reserved_once_and_never_used_again(desk):
    """Each seat has its own, whoever asks first; there is no last number."""
    [reserved] = desk.run(ReserveCards("seat 2", 5))
    assert (reserved.first, reserved.last) == (11, 15)
    assert desk.refused(ReserveCards("seat 2", 0)) == "count_out_of_range"
    assert desk.refused(ReserveCards("seat 2", 501)) == "count_out_of_range"
    assert desk.refused(ReserveCards(" ", 5)) == "seat_unnamed"
    assert number_of(10**9) == "P-1000000000"


@given(st.integers(1, 10**12))
def test_a_number_is_read_as_people_write_it(count):
    """With or without its letter, its zeros and its dash."""
    for said in (number_of(count), f"p{count}", f"P {count:06d}", f"{count}"):
        assert count_of(said) == count


def test_a_card_becomes_an_incident_at_its_true_times(desk):
    """Every time is that of the card, not of the entry; clerk and time of entry stand beside."""
    made = card(desk)
    assert enter(desk, made) == []
    assert work_in(desk, made) == []
    incident = desk.state.incidents["i-e1"]
    assert incident.opened_at == made.opened_at
    assert (incident.paper.card, incident.paper.clerk, incident.paper.entered_at) == ("P-000003", "Cleo", desk.now)
    stamps = incident.assignments["E1"].stamps
    [line] = made.units
    assert (stamps["dispatched"], stamps["en_route"], stamps["on_scene"]) == (
        line.dispatched,
        line.en_route,
        line.on_scene,
    )
    assert incident.assignments["E1"].ended_at == line.available
    call = desk.state.calls[incident.calls[0]]
    assert (call.received_at, call.answered_at) == (made.received_at, made.answered_at)
    assert incident.closed_at == made.closed_at


def test_a_card_of_the_past_wakes_nobody_and_moves_no_unit(desk):
    """E1 has said since that it is in quarters, and stays so; no alert goes out for what is over."""
    desk.run(EnrollRecipient("crew", "E1", []), ReportStatus("E1", "AR"), ReportStatus("E1", "AQ"))
    before = desk.state.units["E1"].status
    enter(desk, card(desk))
    work_in(desk, card(desk))
    assert desk.state.incidents["i-e1"].alerts == {}
    assert desk.state.units["E1"].status is before is Status.AQ
    assert desk.state.units["E1"].work == []


def test_entering_twice_is_entering_once(desk):
    """The commands of a card have ids of their own; asked again they change nothing."""
    enter(desk, card(desk))
    work_in(desk, card(desk))
    position = desk.journal.head().position
    assert work_in(desk, card(desk)) == []
    assert desk.journal.head().position == position
    assert len(desk.happened(IncidentOpened)) == 1
    assert len(desk.happened(UnitAssigned)) == 1


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"number": ""}, [("no_number", "", "")]),
        ({"number": "P-000099"}, [("number_not_reserved", "", "")]),
        ({"place": " "}, [("no_place", "", "")]),
        ({"units": [UnitLine("E7", 1)]}, [("unit_unknown", "E7", "")]),
        ({"units": [UnitLine("E2"), UnitLine("E2")]}, [("unit_twice", "E2", "")]),
        ({"units": [UnitLine("E2", 2_000, 1_000)]}, [("times_run_backwards", "E2", "")]),
        ({"closed_at": 1}, [("times_run_backwards", "", "")]),
        ({"closed_at": 10**15}, [("time_ahead", "", "")]),
    ],
)
def test_each_conflict_is_named(desk, changes, found):
    """Number, place, units and times; the card is taken in all the same."""
    assert enter(desk, card(desk, **changes)) == found
    assert "e1" in desk.state.paper.entries


def test_the_same_card_twice_and_a_unit_in_two_places_wait_for_a_person(desk):
    """Each conflict names the other card; neither is merged or dropped."""
    enter(desk, card(desk))
    again = enter(desk, card(desk), "e2")
    assert again == [("number_entered_before", "", "e1"), ("unit_on_two_incidents", "E1", "e1")]
    assert [entry.id for entry in waiting(desk.state)] == ["e2"]
    assert desk.state.paper.entries["e2"].card == card(desk)


def test_a_unit_on_a_card_and_on_a_live_incident_is_a_conflict(desk):
    """While it was there; what it did before and after is none."""
    desk.run(OpenIncident("live"), AssignUnits("live", ["E2"]))
    desk.wait(HOUR)
    now = desk.now
    early = [UnitLine("E2", now - 3 * HOUR, available=now - 2 * HOUR)]
    assert enter(desk, card(desk, units=early)) == []
    late = [UnitLine("E2", now - HOUR + MINUTE, available=now)]
    assert enter(desk, card(desk, number="P-4", units=late), "e2") == [("unit_on_two_incidents", "E2", "live")]


def test_a_card_in_conflict_is_worked_in_only_when_a_named_person_has_settled_it(desk):
    """Until then its incident cannot even be tagged; what is settled as no incident stays none."""
    made = card(desk, number="")
    enter(desk, made)
    desk.run(OpenIncident("i-e1"))
    assert desk.refused(TagFromPaper("i-e1", "e1")) == "card_not_settled"
    assert desk.refused(SettleCard("e1", " ", True, "x")) == "name_and_reason_needed"
    desk.run(SettleCard("e1", "Ana", True, "number torn off"))
    assert desk.refused(SettleCard("e1", "Ana", False, "x")) == "nothing_to_settle"
    desk.run(TagFromPaper("i-e1", "e1"))
    assert desk.state.incidents["i-e1"].paper.clerk == "Cleo"
    enter(desk, card(desk, number="", units=[]), "e2")
    desk.run(OpenIncident("i-e2"), SettleCard("e2", "Ana", False, "a copy of the other"))
    assert desk.refused(TagFromPaper("i-e2", "e2")) == "card_not_kept"


def test_what_cannot_be_meant_is_refused(desk):
    """An entry or incident id twice, no clerk, entries that are not there."""
    enter(desk, card(desk))
    assert desk.refused(EnterCard("e1", "x", card(desk), "Cleo")) == "entry_known"
    assert desk.refused(EnterCard("e2", "i-e1", card(desk), "Cleo")) == "incident_known"
    assert desk.refused(EnterCard("e2", "x", card(desk), " ")) == "name_needed"
    assert desk.refused(SettleCard("e9", "Ana", True, "x")) == "entry_unknown"
    assert desk.refused(TagFromPaper("z", "e1")) == "incident_unknown"
    desk.run(OpenIncident("y"))
    assert desk.refused(TagFromPaper("y", "e1")) == "entry_unknown"


def test_a_number_with_two_owners_is_a_breach(desk):
    """The invariant sees it planted."""
    assert list(broken(desk.state)) == []
    desk.state.paper.blocks.append(Block("seat 2", 10, 12))
    assert list(broken(desk.state)) == [
        "cards 10 to 12 of seat 2 overlap those before",
        "card 11 is next and belongs to a block",
    ]


def test_a_number_of_any_length_is_taken_in(desk):
    """A card whose number is a slip of the pen has no number that was ever printed; nothing fails over it."""
    assert count_of("P-" + "7" * 5_000) is None
    desk.run(EnterCard("e1", "p1", PaperCard("P-" + "7" * 5_000, desk.now - HOUR, "1 MAIN ST"), "J. Doe"))
    assert desk.state.paper.entries["e1"].count is None

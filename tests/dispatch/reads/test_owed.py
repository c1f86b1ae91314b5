"""Rows of what waits for a person: each test states one fact."""

from types import SimpleNamespace

import msgspec
import pytest
from tests.dispatch.rules.conftest import Desk
from tests.dispatch.rules.test_closing import PARISH, RIVER

from redstick.dispatch.exchange.changes import changed_incidents
from redstick.dispatch.place import Place
from redstick.dispatch.reads.owed import CallbacksView, FollowUpsView
from redstick.dispatch.reads.seats import FIELD, FLOOR, OVERSIGHT, PUBLIC, CallsView, IncidentsView
from redstick.dispatch.rules.callbacks import Attempt, AttemptCallback
from redstick.dispatch.rules.calls import AbandonCall, AttachCall, EndCall, ReceiveCall
from redstick.dispatch.rules.extents import AdoptExtent
from redstick.dispatch.rules.follow_ups import RaiseFollowUp, Resolution, ResolveFollowUp
from redstick.dispatch.rules.incidents import ChangePriority, CloseIncident, MoveIncident, OpenIncident
from redstick.dispatch.rules.links import MergeIncidents

MILL = Place("Old Mill", -911_000_000, 304_000_000, caller_confirmed=True, answer="not_found")


@pytest.fixture
def desk():
    """A hang-up that is owed a callback, and an incident at an address that nobody knows."""
    desk = Desk()
    desk.run(ReceiveCall("a", "911", "225-555-0100", MILL))
    desk.run(AbandonCall("a"))
    desk.run(OpenIncident("i", kind="Fall", place=MILL))
    desk.run(RaiseFollowUp("i"))
    return desk


def touched_by(view, events):
    """The keys that each of these events touches."""
    return [list(view.touched({}, SimpleNamespace(event=event))) for event in events]


def test_a_callback_is_in_sight_until_it_is_settled(desk):
    """Its row goes with the event that settles it, and every event of it touches the row."""
    view, states = CallbacksView(), {"dispatch": desk.state}
    assert list(view.keys(states)) == ["callback/2255550100"]
    row = view.row(states, "callback/2255550100", FLOOR)
    assert (row["calls"], row["attempts"], row["exhausted"]) == (["a"], [], False)
    events = desk.run(AttemptCallback("2255550100", "seat 1", Attempt.REACHED))
    assert touched_by(view, events[:1]) == [["callback/2255550100"]]
    assert view.row({"dispatch": desk.state}, "callback/2255550100", FLOOR) is None


def test_an_address_is_in_sight_until_a_name_settles_it(desk):
    """With what the look-up said of it."""
    view, states = FollowUpsView(), {"dispatch": desk.state}
    [key] = view.keys(states)
    row = view.row(states, key, FLOOR)
    assert (key, row["text"], row["answer"]) == ("follow_up/i/0", "Old Mill", "not_found")
    events = desk.run(ResolveFollowUp("i/0", Resolution.NO_ADDRESS, "Ada"))
    assert touched_by(view, events) == [[key]]
    assert list(view.keys({"dispatch": desk.state})) == []


@pytest.mark.parametrize("audience", [FIELD, OVERSIGHT, PUBLIC])
def test_only_the_floor_sees_callers(desk, audience):
    """Nobody else gets a row of either."""
    states = {"dispatch": desk.state}
    for view in (CallbacksView(), FollowUpsView()):
        assert [view.row(states, key, audience) for key in view.keys(states)] == [None]


def test_in_geofile_and_caller_confirmed_are_shown_apart(desk):
    """One does not stand for the other; flags are shown beside; who sees no place sees none of it."""
    view, states = IncidentsView(), {"dispatch": desk.state}
    row = view.row(states, "incident/i", FLOOR)
    assert (row["in_geofile"], row["caller_confirmed"], row["flags"]) == (False, True, [])
    assert {"in_geofile", "caller_confirmed", "flags"}.isdisjoint(view.row(states, "incident/i", PUBLIC))


def test_a_call_that_moves_touches_the_incident_that_it_leaves(desk):
    """Both rows count calls: the one that it spoke of until now would else go on showing it."""
    desk.run(OpenIncident("j", kind="Fall", place=MILL))
    desk.run(AttachCall("a", "i"))
    [moved] = desk.run(AttachCall("a", "j"))
    fact = SimpleNamespace(event=moved, envelope=SimpleNamespace(subjects=moved.subjects()))
    assert {"incident/i", "incident/j"} <= set(IncidentsView().touched({"dispatch": desk.state}, fact))
    assert set(changed_incidents(desk.state, fact)) == {"i", "j"}  # whoever is told outside, too


def called_up(desk, *events):
    """The calls whose rows these events have drawn anew."""
    facts = [SimpleNamespace(event=event, envelope=SimpleNamespace(subjects=event.subjects())) for event in events]
    return {key for fact in facts for key in CallsView().touched({"dispatch": desk.state}, fact)}


def test_what_a_call_may_be_about_is_as_fresh_as_the_incidents(desk):
    """One that is opened beside it, moves there or away, is closed or replaced: the call is drawn anew."""
    far = msgspec.structs.replace(MILL, y=MILL.y + 5_000_000, text="1 FAR RD")
    desk.run(ReceiveCall("b", "911", "225-555-0199", MILL))
    desk.run(ReceiveCall("f", "911", "225-555-0177", far))
    assert called_up(desk, *desk.run(OpenIncident("j", kind="Fall", place=MILL))) == {"call/b"}
    assert called_up(desk, *desk.run(MoveIncident("j", far))) == {"call/b", "call/f"}
    assert called_up(desk, *desk.run(OpenIncident("k", kind="Fall", place=far))) == {"call/f"}
    assert "call/f" in called_up(desk, *desk.run(MergeIncidents("k", "j")))
    assert called_up(desk, *desk.run(CloseIncident("k", "nothing"))) == {"call/f"}


def test_the_rest_of_the_floor_is_not_drawn_anew(desk):
    """What changes nothing of what is suggested, and calls that are over."""
    desk.run(ReceiveCall("b", "911", "225-555-0199", MILL))
    assert called_up(desk, *desk.run(ChangePriority("i", 1))) == set()
    desk.run(EndCall("b"))
    assert called_up(desk, *desk.run(OpenIncident("j", kind="Fall", place=MILL))) == set()


def test_a_call_shows_what_it_may_be_about(desk):
    """The floor sees the likeliest incidents with score and terms; nobody else does."""
    desk.run(ReceiveCall("b", "911", "225-555-0199", MILL))
    view, states = CallsView(), {"dispatch": desk.state}
    [one] = view.row(states, "call/b", FLOOR)["similar"]
    assert (one["incident"], one["score"]) == ("i", sum(term["points"] for term in one["terms"]))
    assert "similar" not in view.row(states, "call/b", OVERSIGHT)


def test_a_call_from_the_sea_is_taken_and_flagged(desk):
    """Whatever its device says: the call is there, and the position is doubted in sight."""
    desk.run(AdoptExtent(PARISH, "Ada"))
    desk.run(ReceiveCall("b", "911", place=RIVER))
    view, states = CallsView(), {"dispatch": desk.state}
    assert view.row(states, "call/b", FLOOR)["flags"] == ["place_in_water"]
    assert "flags" not in view.row(states, "call/b", OVERSIGHT)

"""Seats: robots step aside for people and come back: each test states one fact."""

import pytest
from tests.simulation.city.conftest import HOUR, MINUTE, SMALL

from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.calls import CallState, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.seats import SignOff, SignOn
from redstick.simulation import city
from redstick.simulation.city.robots import devices


def take(lived, seat, groups):
    """A person signs on at a seat; gives how many acts were asked until then."""
    lived.life.floor.ask("console", [SignOn(seat, "pat", groups)])
    return len(lived.desk.asked)


def acts_of(lived, seat, since=0):
    """Who asked what at a seat behind so many acts."""
    return [(now, command) for now, actor, command in lived.desk.asked[since:] if actor == seat]


@pytest.mark.parametrize(
    ("seat", "groups"), [("calls:1", ["calls"]), ("dispatch:1", ["police", "traffic"]), ("dispatch:2", ["ems"])]
)
def test_from_the_moment_a_person_sits_there_the_robot_does_nothing(lived, seat, groups):
    """Not one act of that seat in an hour; before it there were many; the other seats go on."""
    floor = lived(5, hours=1)
    assert len(acts_of(floor, seat)) > 5
    since = take(floor, seat, groups)
    floor.live(1)
    assert acts_of(floor, seat, since) == []
    others = {actor for _, actor, _ in floor.desk.asked[since:] if actor.startswith(("calls", "dispatch"))}
    assert len(others) >= 4


def test_a_call_that_is_open_is_left_to_the_person(lived):
    """Answered by the robot, it is still open minutes after the person took the seat, since nobody has ended it."""
    floor = lived(5, hours=0.5)
    talking = None
    while talking is None:
        floor.life.advance(floor.life.now + 1000)
        calls = floor.state.calls.values()
        talking = next((call for call in calls if call.state is CallState.ANSWERED and call.seat == "calls:1"), None)
    take(floor, "calls:1", ["calls"])
    floor.live(0.2)
    assert floor.state.calls[talking.id].state is CallState.ANSWERED
    assert floor.state.seats["calls:1"].person == "pat"


def test_when_the_seat_is_free_the_robot_comes_back_and_finishes_what_is_open(lived):
    """It signs on by its own name, ends the call that was left, and answers others."""
    floor = lived(5, hours=0.5)
    while not any(call.state is CallState.ANSWERED and call.seat == "calls:1" for call in floor.state.calls.values()):
        floor.life.advance(floor.life.now + 1000)
    since = take(floor, "calls:1", ["calls"])
    floor.live(0.2)
    floor.life.floor.ask("console", [SignOff("calls:1", despite="end of my turn")])
    floor.live(1)
    assert floor.state.seats["calls:1"].person == "robot:calls:1"
    assert any(isinstance(command, EndCall) for _, command in acts_of(floor, "calls:1", since))
    left = [c for c in floor.state.calls.values() if c.state is CallState.ANSWERED and c.seat == "calls:1"]
    assert all(floor.life.now - call.answered_at < 5 * MINUTE for call in left)


def test_what_a_dispatcher_left_is_sent_to_when_the_robot_is_back(lived):
    """Incidents of the group wait while a person does nothing; once the robot is back, each of them has units."""
    floor = lived(5, hours=0.5)
    take(floor, "dispatch:1", ["police", "traffic"])
    floor.live(1)
    groups = ("police", "traffic")
    waiting = [i for i in floor.state.incidents.values() if i.group in groups and not i.assignments and not i.closed_at]
    assert waiting
    floor.life.floor.ask("console", [SignOff("dispatch:1", despite="end of my turn")])
    floor.live(2)
    for incident in waiting:
        known = floor.state.incidents.get(incident.id)
        assert known is None or known.assignments


def test_robots_that_heard_of_nothing_find_it_on_the_board(lived):
    """A call rings and a unit is sent while no news comes through: nobody moves. They look: answered, and driven to."""
    floor = lived(5, hours=0.5)
    floor.deaf = True
    free = next(unit.id for unit in floor.state.units.values() if unit.kind == "engine" and unit.available)
    station = floor.life.parish.city.stations[0]
    place = Place("1 FERRY ST", station.x + 90_000, station.y, in_geofile=True)
    opened = [OpenIncident("missed", "1", "Outside fire", "fire", 3, place), AssignUnits("missed", [free])]
    floor.life.floor.ask("console", [ReceiveCall("missed", "voice", "1235551212"), *opened])
    floor.live(0.1)
    assert floor.state.calls["missed"].state is CallState.PRESENTED
    assert "en_route" not in floor.state.incidents["missed"].assignments[free].stamps
    floor.life.look()
    floor.live(0.4)
    assert floor.state.calls["missed"].answered_at is not None
    assert "on_scene" in floor.state.incidents["missed"].assignments[free].stamps


def test_what_a_person_sends_is_driven_by_a_robot(lived, monkeypatch):
    """A dispatcher of flesh and blood assigns a unit: its crew is alerted, drives and arrives."""
    monkeypatch.setattr(devices, "SILENT_PERCENT", 0)
    floor = lived(5, hours=0.5, ways=city.Ways(SMALL.staffing, SMALL.habits, city.Manners(deaf=0)))
    take(floor, "dispatch:1", ["police", "traffic"])
    sent = None
    while sent is None:
        floor.life.advance(floor.life.now + 10_000)
        for incident in floor.state.incidents.values():
            free = next(
                (unit.id for unit in floor.state.units.values() if unit.kind == "patrol" and unit.available), ""
            )
            if incident.group == "police" and not incident.assignments and free:
                floor.life.floor.ask("dispatch:1", [AssignUnits(incident.id, [free])])
                sent = incident.id, free
                break
    floor.live(0.75)
    part = floor.state.incidents[sent[0]].assignments[sent[1]]
    assert "on_scene" in part.stamps
    assert part.stamps["on_scene"] - part.stamps["dispatched"] < HOUR // 2

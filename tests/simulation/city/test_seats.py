"""Seats: robots step aside for people and come back: each test states one fact."""

import pytest
from tests.simulation.city.conftest import HOUR, MINUTE, SMALL

from redstick.dispatch.place import Place
from redstick.dispatch.rules.assignments import AssignUnits
from redstick.dispatch.rules.calls import CallState, EndCall, ReceiveCall
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.seats import SignOff, SignOn
from redstick.dispatch.rules.units import ReportStatus
from redstick.dispatch.status_table import Status
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


def crew_on_its_way(floor):
    """A unit that has minutes to drive to an incident, and the incident."""
    while True:
        floor.life.advance(floor.life.now + 1000)
        for crew in floor.life.crews.values():
            unit = floor.state.units[crew.unit.id]
            far = crew.drive is not None and crew.drive.arrives_at - floor.life.now > 3 * MINUTE
            if unit.status is Status.ENR and unit.work and far:
                return crew, unit.work[0]


def hold(floor, crew, person):
    """Somebody, or the robot again, is the crew of a unit."""
    floor.life.floor.ask(
        "console", [DefineGroup("crews", ["crews"]), SignOn(f"unit:{crew.unit.id}", person, ["crews"])]
    )


def test_the_robot_of_a_unit_says_nothing_while_a_person_is_its_crew(lived):
    """Not one status in an hour, whatever was planned; every other crew goes on."""
    floor = lived(5, hours=0.5)
    crew, _ = crew_on_its_way(floor)
    hold(floor, crew, "pat")
    since = len(floor.desk.asked)
    floor.live(1)
    acts = [actor for _, actor, _ in floor.desk.asked[since:] if actor.startswith("unit:")]
    assert (acts.count(f"unit:{crew.unit.id}"), len(set(acts)) > 5) == (0, True)


def test_the_vehicle_drives_where_its_person_says_and_stops_there(lived):
    """It stood still when it was taken; en route it drives to the incident and stands there without a word."""
    floor = lived(5, hours=0.5)
    crew, incident = crew_on_its_way(floor)
    hold(floor, crew, "pat")
    floor.live(0.01)
    assert crew.drive is None
    floor.life.floor.ask("console", [ReportStatus(crew.unit.id, "ENR", incident)])
    floor.live(0.01)
    assert crew.drive is not None
    floor.live(1)
    place, here = floor.state.incidents[incident].place, crew.fix()
    assert abs(here.x - place.x) + abs(here.y - place.y) < 40_000
    assert floor.state.units[crew.unit.id].status is Status.ENR


def test_when_its_person_has_left_the_robot_takes_the_unit_up_where_it_is(lived):
    """A unit that was left on the way is free again in two hours, and the incident has its times."""
    floor = lived(5, hours=0.5)
    crew, incident = crew_on_its_way(floor)
    hold(floor, crew, "pat")
    floor.live(0.1)
    hold(floor, crew, f"robot:unit:{crew.unit.id}")
    floor.live(2)
    acts = [command for _, actor, command in floor.desk.asked if actor == f"unit:{crew.unit.id}"]
    said = [command.status for command in acts if isinstance(command, ReportStatus) and command.incident == incident]
    assert "ONS" in said
    assert "CLR" in said

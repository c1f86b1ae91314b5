"""Dispatchers and crews: silent units, refusals, further alarms, work that waits: each test states one fact."""

from collections import Counter

from redstick.dispatch.alerting.chase import Standing
from redstick.dispatch.place import Place
from redstick.dispatch.rules.alerts import AlertSettled, VoiceNeeded
from redstick.dispatch.rules.assignments import AssignmentEnded, UnitAssigned
from redstick.dispatch.rules.incidents import AlarmRaised, OpenIncident
from redstick.dispatch.rules.needs import NeedWaived
from redstick.dispatch.rules.units import EmergencyCleared, EmergencyRaised
from redstick.dispatch.rules.warnings import WarningAcknowledged, WarningRaised, What
from redstick.simulation import city
from redstick.simulation.city.robots import devices

FEW = city.Habits(calls_a_day=300)
STAFF = city.Staffing(call_takers=3)


def test_a_unit_that_never_answers_is_called_off_and_replaced(lived):
    """One crew in three misses its alerts: each is missed after a while, called off, and another unit is sent."""
    ways = city.Ways(STAFF, FEW, city.Manners(deaf=33))
    floor = lived(3, hours=3, ways=ways)
    cancelled = [(e.incident, e.unit) for e in floor.of(AssignmentEnded) if e.ending == "cancelled"]
    assert len(cancelled) > 5
    for incident, unit in cancelled:
        order = [e.unit for e in floor.of(UnitAssigned) if e.incident == incident]
        known = floor.state.incidents.get(incident)
        still = known is not None and known.closed_at is None
        assert still or order.index(unit) < len(order) - 1


def test_every_silence_is_seen_to_by_name(evening):
    """Warnings of turnout, travel and welfare are acknowledged or over within the hour."""
    raised = {e.warning for e in evening.of(WarningRaised) if e.what is not What.ACKNOWLEDGE}
    seen = {e.warning for e in evening.of(WarningAcknowledged)}
    assert raised
    assert len(raised - seen) <= 0.1 * len(raised)


def test_what_devices_cannot_tell_is_told_by_radio(lived, monkeypatch):
    """Half of the devices are silent: a dispatcher voices those alerts, and the crews drive all the same."""
    monkeypatch.setattr(devices, "SILENT_PERCENT", 50)
    floor = lived(3, hours=2, ways=city.Ways(STAFF, FEW))
    assert len(floor.of(VoiceNeeded)) > 3
    settled = {e.alert: e.standing for e in floor.of(AlertSettled)}
    assert Standing.VOICED in settled.values()
    assert all(
        settled.get(e.alert) in (Standing.VOICED, Standing.ALERTED, Standing.ENDED) for e in floor.of(VoiceNeeded)[:-2]
    )


def test_an_emergency_button_is_heard_and_cleared_by_name(lived):
    """Each one is acknowledged within fifteen seconds and cleared with a reason."""
    floor = lived(3, hours=2, ways=city.Ways(STAFF, FEW, city.Manners(emergency=20)))
    raised, cleared = floor.of(EmergencyRaised), floor.of(EmergencyCleared)
    assert len(raised) > 3
    assert len(raised) - len(cleared) <= 1
    assert all(event.by.startswith("robot:") and event.reason for event in cleared)
    assert not [e for e in floor.of(WarningRaised) if e.what is What.EMERGENCY]


def test_a_fire_that_is_more_than_one_alarm_gets_the_next(lived):
    """Entered by hand and without needs: its dispatcher records the plan's, and more when a crew says that it works."""
    floor = lived(4, ways=city.Ways(STAFF, FEW, city.Manners(working_fire=100)))
    station = floor.life.parish.city.stations[0]
    place = Place("1 FERRY ST", station.x + 90_000, station.y, in_geofile=True)
    floor.life.floor.ask("console", [OpenIncident("fire", "1", "Structure fire", "fire", 1, place)])
    floor.live(0.5)
    assert [event.incident for event in floor.of(AlarmRaised)] == ["fire"]
    needs = {need.requirement.id: need for need in floor.state.incidents["fire"].needs}
    assert {"engine", "ladder", "chief", "medic", "engine@2"} <= needs.keys()
    sent = [event.unit for event in floor.of(UnitAssigned) if event.incident == "fire"]
    assert Counter(floor.state.units[unit].kind for unit in sent)["engine"] > needs["engine"].requirement.count


def test_who_is_too_much_after_a_merge_is_called_off(lived):
    """Two alarms for one fire, and units on the way for both: whoever stands for nothing there is released."""
    floor = lived(4, ways=city.Ways(STAFF, FEW))
    station = floor.life.parish.city.stations[0]
    place = Place("1 FERRY ST", station.x + 90_000, station.y, in_geofile=True)
    for name in ("fire", "smoke"):
        floor.life.floor.ask("console", [OpenIncident(name, "1", "Structure fire", "fire", 1, place)])
    floor.live(0.05)
    sent = {name: {e.unit for e in floor.of(UnitAssigned) if e.incident == name} for name in ("fire", "smoke")}
    assert all(sent.values())
    floor.life.dispatchers._join("fire", "smoke")
    floor.live(0.05)
    fire = floor.state.incidents["fire"]
    assert floor.state.incidents["smoke"].replaced_by == "fire"
    spare = [part for part in fire.assignments.values() if part.ended_at is None and not part.need]
    assert all("on_scene" in part.stamps for part in spare)
    released = {e.unit for e in floor.of(AssignmentEnded) if e.incident == "fire" and e.ending == "cancelled"}
    assert released & sent["smoke"]


def test_what_waits_is_sent_as_soon_as_a_unit_is_free(lived):
    """Too few medics for a busy night: incidents wait, yet none beside a free unit of its kind for three minutes."""
    floor = lived(8, ways=city.Ways(STAFF, city.Habits(calls_a_day=900)))
    since = {}
    for _ in range(240):
        floor.life.advance(floor.life.now + 60_000)
        free = {unit.kind for unit in floor.state.units.values() if unit.available}
        waiting = {name for name, kinds in floor.life.dispatchers.short.items() if kinds & free}
        since = {name: since.get(name, 0) + 1 for name in waiting}
        assert max(since.values(), default=0) < 4
    assert floor.of(UnitAssigned)


def test_what_is_given_up_is_given_up_by_name_and_never_for_a_life(lived):
    """Needs are waived only for incidents of lesser urgency, after somebody was there."""
    floor = lived(8, hours=4, ways=city.Ways(STAFF, city.Habits(calls_a_day=900)))
    for event in floor.of(NeedWaived):
        assert event.by.startswith("robot:")
        incident = floor.state.incidents.get(event.incident)
        assert incident is None or incident.priority > 2

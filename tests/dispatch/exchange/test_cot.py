"""Units and incidents on other people's maps."""

from redstick.dispatch.exchange.cot import EMERGENCY, INCIDENT_FRESH_MS, UNIT_FRESH_MS, incident_event, unit_event
from redstick.dispatch.rules.assignments import ReleaseUnit
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, RaiseEmergency
from redstick.protocols.cot.event import Point, check, write_event


def test_a_unit_is_where_it_was_seen_and_for_so_long_believed(desk, profile):
    """Stale two minutes after it was seen, whenever the event is sent."""
    unit = desk.state.units["E1"]
    event = unit_event(unit, desk.now, profile)
    assert check(write_event(event)) == []
    assert event.point == Point(-911_000_000, 304_000_000)
    assert event.stale == unit.seen_at + UNIT_FRESH_MS
    assert (event.uid, event.callsign) == ("unit.E1@cad.parish.example", "E1")


def test_an_emergency_is_an_alert(desk, profile):
    """Under the same uid, so that the very mark on the map changes."""
    before = unit_event(desk.state.units["E1"], desk.now, profile)
    desk.run(RaiseEmergency("E1"))
    after = unit_event(desk.state.units["E1"], desk.now, profile)
    assert after.kind == EMERGENCY
    assert after.uid == before.uid


def test_an_incident_is_there_until_it_is_closed(desk, profile, incident):
    """Its error is that of its place; closed, it is stale at once. Nothing of the caller or the narrative is told."""
    event = incident_event(incident(), desk.now, profile)
    assert check(write_event(event)) == []
    assert (event.point.circular_error_m, event.stale) == (30, desk.now + INCIDENT_FRESH_MS)
    assert b"555" not in write_event(event)
    assert b"Smoke" not in write_event(event)
    desk.run(ReleaseUnit("inc_0000000001", "E1"), CloseIncident("inc_0000000001", "fire out"))
    assert incident_event(incident(), desk.now + 5, profile).stale == desk.now


def test_what_has_no_position_makes_no_event(desk, profile):
    """Nothing is drawn at 0, 0."""
    desk.run(EnrollUnit("E9"), OpenIncident("inc_0000000002"))
    assert unit_event(desk.state.units["E9"], desk.now, profile) is None
    assert incident_event(desk.state.incidents["inc_0000000002"], desk.now, profile) is None

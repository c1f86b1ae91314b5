"""A living city: each test states one fact. The live domain, the real rules, real roads; a small parish."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.simulation.city.conftest import FRIDAY, HOUR, MINUTE

from redstick.dispatch.invariants import broken
from redstick.dispatch.rules.alerts import AlertRaised, AlertSettled
from redstick.dispatch.rules.calls import CallAbandoned, CallAnswered, CallReceived
from redstick.dispatch.rules.incidents import IncidentClosed, IncidentOpened
from redstick.dispatch.rules.needs import pending
from redstick.dispatch.rules.recommendations import RecommendationRecorded
from redstick.dispatch.rules.units import StatusReported
from redstick.dispatch.status_table import Status

# What two seats may ask at once, or what is over by the time it is asked: a robot looks again and goes on.
OVERTAKEN = {"call_over", "call_taken", "callback_unknown", "callback_taken", "not_overdue", "warning_unknown",
             "callback_not_exhausted", "unit_not_available", "recommendation_outdated"}  # fmt: skip


def test_calls_are_answered_and_ended(evening):
    """All but those of the last minutes, each by a seat of the floor."""
    received = {event.call for event in evening.of(CallReceived)}
    assert len(received) > 60
    ringing = [call for call in evening.state.calls.values() if call.answered_at is None and call.ended_at is None]
    assert all(evening.life.now - call.received_at < MINUTE for call in ringing)
    assert {event.seat for event in evening.of(CallAnswered)} == {"calls:1", "calls:2", "calls:3"}


def test_incidents_are_closed(evening):
    """Most of the evening's; what is open is younger than three hours."""
    opened, closed = evening.of(IncidentOpened), evening.of(IncidentClosed)
    assert len(opened) > 50
    assert len(closed) > len(opened) / 2
    for incident in evening.state.incidents.values():
        assert incident.closed_at is not None or evening.life.now - incident.opened_at < 3 * HOUR


def test_every_incident_has_the_needs_that_the_plan_gives_it(evening):
    """By the version that counts and a rule by name; none is without."""
    for incident in evening.state.incidents.values():
        assert incident.needs
        assert {need.plan for need in incident.needs} == {"parish-1"}
        assert all(need.rule for need in incident.needs)


def test_what_is_sent_was_recommended_and_recorded(evening):
    """Each incident that units were sent to has its recommendation in the journal, with those units chosen."""
    recorded = {event.incident for event in evening.of(RecommendationRecorded)}
    for incident in evening.state.incidents.values():
        if incident.assignments:
            assert incident.id in recorded
            named = {unit for kept in incident.recommendations.values() for unit in kept.chosen}
            assert {part.unit for part in incident.assignments.values()} <= named


def test_the_invariants_of_dispatch_hold(evening):
    """Units and incidents agree."""
    assert list(broken(evening.state)) == []


def test_robots_are_refused_only_what_was_overtaken(evening):
    """Any other refusal would be a robot that does not know its trade."""
    assert {code for _, code in evening.desk.refused} <= OVERTAKEN


def test_alerts_have_their_receipts(evening):
    """As many are settled as were raised, but for those of the last minutes."""
    assert 0 <= len(evening.of(AlertRaised)) - len(evening.of(AlertSettled)) < 5


def test_crews_go_through_their_jobs(evening):
    """En route, on scene, with the patient, transporting, at hospital: all are heard, and none is a contradiction."""
    reports = evening.of(StatusReported)
    said = Counter(report.status for report in reports)
    for status in (Status.ENR, Status.ONS, Status.PTC, Status.TRN, Status.HSP, Status.CLR, Status.AR, Status.AQ):
        assert said[status] > 0, status
    assert [report for report in reports if report.surprise == "contradicts"] == []


def test_stamps_run_forward(evening):
    """Assigned, en route, on scene, transporting, at hospital: no unit is there before it has left."""
    for incident in evening.state.incidents.values():
        for part in incident.assignments.values():
            steps = ("assigned", "en_route", "on_scene", "transport", "at_hospital")
            times = [part.stamps[step] for step in steps if step in part.stamps]
            assert times == sorted(times)


def test_nobody_waits_beside_a_free_unit(evening):
    """What an incident still lacks after five minutes is of a kind of which no unit is free."""
    free = {unit.kind for unit in evening.state.units.values() if unit.available}
    for incident in evening.state.incidents.values():
        for need, _ in pending(incident):
            if evening.life.now - need.since > 5 * MINUTE:
                assert not free & set(need.requirement.kinds)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, 90 * MINUTE), max_size=40))
def test_the_same_seed_gives_the_same_journal_however_time_is_cut(lived, cuts):
    """Lived at once or in steps of any sizes: the same head, thus the same bytes."""
    at_once, in_steps = lived(5), lived(5)
    at_once.life.advance(at_once.began_at + 90 * MINUTE)
    for moment in sorted(cuts):
        in_steps.life.advance(in_steps.began_at + moment)
    in_steps.life.advance(in_steps.began_at + 90 * MINUTE)
    assert at_once.head == in_steps.head


def test_another_seed_lives_another_life(lived):
    """And a seed that was lived between leaves no trace in the next."""
    first, other, again = (lived(seed, hours=1) for seed in (5, 6, 5))
    assert first.head == again.head
    assert first.head != other.head


def test_looking_on_changes_nothing(lived):
    """Reading every position and every way at every third second leaves the journal as it would have been."""
    alone, watched = lived(5, hours=2), lived(5)
    for third in range(1, 2_401):
        watched.life.advance(watched.began_at + third * 3_000)
        for crew in watched.life.crews.values():
            crew.fix()
            _ = crew.drive and crew.drive.line
    assert alone.head == watched.head


def test_units_do_not_leap(lived):
    """From one second to the next no unit is further than 60 metres from where it was."""
    watched = lived(5, hours=0.5)
    tracks = {name: [] for name in watched.life.crews}
    for _ in range(600):
        watched.life.advance(watched.life.now + 1000)
        for name, crew in watched.life.crews.items():
            tracks[name].append(crew.fix())
    for name, fixes in tracks.items():
        for before, after in pairwise(fixes):
            hop_m = (((after.x - before.x) * 0.00988) ** 2 + ((after.y - before.y) * 0.01108) ** 2) ** 0.5
            assert hop_m < 60, (name, before, after)
    assert sum(len({(fix.x, fix.y) for fix in fixes}) > 60 for fixes in tracks.values()) > 8


@pytest.mark.parametrize("name", ["storm", "football", "festival", "pile_up"])
def test_a_scenario_is_lived_through(lived, name):
    """Three hours of it: dispatch stays sound, and no call rings for more than five minutes."""
    start = {"pile_up": -9, "festival": 2}.get(name, 1)
    lived_through = lived(7, name, hours=3, start=FRIDAY + start * HOUR)
    assert list(broken(lived_through.state)) == []
    rings = {}
    for at, event in lived_through.timed:
        if isinstance(event, CallReceived):
            rings[event.call] = at
        elif isinstance(event, CallAnswered | CallAbandoned):
            assert at - rings.pop(event.call) < 5 * MINUTE
    assert all(lived_through.life.now - at < MINUTE for at in rings.values())
